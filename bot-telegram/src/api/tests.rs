use serde_json::json;
use teloxide_core::payloads::GetMe;

use super::*;

fn error(status: u16, answer: Json) -> SendError {
    read(status, answer).unwrap_err().into()
}

fn refused(code: u16, what: &str) -> SendError {
    error(code, json!({ "ok": false, "error_code": code, "description": what }))
}

#[test]
fn what_answers_mean_for_a_delivery() {
    assert_eq!(read(200, json!({ "ok": true, "result": [1] })), Ok(json!([1])));
    for (code, what, reason) in [
        (403, "Forbidden: bot was blocked by the user", "the customer has blocked the bot"),
        (403, "Forbidden: user is deactivated", "the customer's account is gone"),
        (400, "Bad Request: chat not found", "Telegram does not know this chat any more"),
        (403, "Forbidden: bot was kicked from the group chat", "the bot was removed from that group"),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            "the bot may not write in that chat",
        ),
        (400, "Bad Request: odd", "Telegram refuses it: Bad Request: odd"),
    ] {
        assert_eq!(refused(code, what), SendError::Final(reason.to_owned()));
    }
    for code in [401, 404] {
        assert!(matches!(refused(code, "Unauthorized"), SendError::Retry(_)));
    }
    for code in [500, 502, 504] {
        assert!(matches!(refused(code, "Internal Server Error"), SendError::Doubt(_)));
        assert!(matches!(error(code, Json::Null), SendError::Doubt(_)));
    }
    // A proxy's page in place of an answer.
    assert!(matches!(error(200, Json::Null), SendError::Doubt(_)));
    assert!(matches!(error(413, Json::Null), SendError::Final(_)));
}

#[test]
fn a_peer_is_left_alone_as_long_as_telegram_wants() {
    let wait = |seconds| SendError::Wait { pause: Duration::from_secs(seconds), all: false };
    let asked = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7",
        "parameters": { "retry_after": 7 } });
    assert_eq!(error(429, asked), wait(7));
    assert_eq!(error(429, Json::Null), wait(1));
}

#[test]
fn the_new_id_of_a_group_is_read() {
    let moved = json!({ "ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": { "migrate_to_chat_id": -1001 } });
    assert_eq!(read(400, moved).unwrap_err().moved, Some(-1001));
}

#[tokio::test]
async fn no_connection_may_be_tried_again_and_shows_no_token() {
    // Nothing listens on the port that was just let go.
    let at = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let api = Api::new("123:s3cret", Some(&format!("http://{at}/"))).unwrap();
    let failure = api.call(&GetMe::new()).await.unwrap_err();
    assert!(matches!(failure.error, SendError::Retry(_)), "{failure:?}");
    assert!(!format!("{failure:?}").contains("s3cret"));
}

#[test]
fn a_server_that_is_none_is_named_without_the_token() {
    for server in ["nowhere", "ftp://x", "mailto:x@y"] {
        let error = Api::new("123:s3cret", Some(server)).err().unwrap().to_string();
        assert!(error.starts_with("TELEGRAM_API_URL"), "{error}");
        assert!(!error.contains("s3cret"));
    }
}
