use serde_json::json;

use super::*;

fn refused(status: u16, code: u64) -> Failure {
    read(status, None, json!({ "code": code, "message": "odd" })).unwrap_err()
}

#[test]
fn what_answers_mean_for_a_delivery() {
    assert_eq!(read(200, None, json!([1])), Ok(json!([1])));
    assert_eq!(read(204, None, Json::Null), Ok(Json::Null));
    for (status, code, reason) in [
        (403, 50007, "the customer takes no direct messages from the bot"),
        (403, 50278, "the customer is on no server with the bot any more"),
        (404, 10003, "that channel was deleted"),
        (403, 50013, "the bot may not write in that channel"),
        (400, 50035, "Discord refuses it: odd"),
        (404, 0, "Discord refuses it: odd"),
    ] {
        assert_eq!(refused(status, code).error, SendError::Final(reason.to_owned()));
    }
    assert!(matches!(refused(401, 0).error, SendError::Retry(_)));
    for status in [500, 502, 504] {
        assert!(matches!(refused(status, 0).error, SendError::Doubt(_)));
        assert!(matches!(read(status, None, Json::Null).unwrap_err().error, SendError::Doubt(_)));
    }
    // A proxy's page in place of an answer.
    assert!(matches!(read(302, None, Json::Null).unwrap_err().error, SendError::Doubt(_)));
    assert!(matches!(read(413, None, Json::Null).unwrap_err().error, SendError::Final(_)));
}

#[test]
fn discord_is_left_alone_as_long_as_it_wants() {
    let asked = |answer: Json, header| match read(429, header, answer).unwrap_err().error {
        SendError::Wait { pause, all } => (pause.as_secs_f64(), all),
        other => panic!("{other:?}"),
    };
    let second = Duration::from_secs(1);
    assert_eq!(asked(json!({ "retry_after": 0.5, "global": false }), None), (0.5, false));
    assert_eq!(asked(json!({ "retry_after": 0.5, "global": true }), Some(second)), (1.0, true));
    assert_eq!(asked(Json::Null, Some(second * 7)), (7.0, false));
    assert_eq!(asked(Json::Null, None), (1.0, false));
}

#[test]
fn what_was_wrong_with_a_request_can_be_read() {
    let errors =
        json!({ "message_reference": { "_errors": [{ "code": "MESSAGE_REFERENCE_UNKNOWN_MESSAGE" }] } });
    let answer = json!({ "code": 50035, "message": "Invalid Form Body", "errors": errors });
    let failure = read(400, None, answer).unwrap_err();
    assert!(failure.what.contains("MESSAGE_REFERENCE_UNKNOWN_MESSAGE") && failure.is(&[50035]));
}

#[tokio::test]
async fn no_connection_may_be_tried_again_and_shows_no_token() {
    // Nothing listens on the port that was just let go.
    let at = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let api = Api::new("s3cret", Some(&format!("http://{at}/api/v10"))).unwrap();
    let failure = api.get("users/@me").await.unwrap_err();
    assert!(matches!(failure.error, SendError::Retry(_)), "{failure:?}");
    assert!(!format!("{failure:?}").contains("s3cret"));
}

#[tokio::test]
async fn addresses_are_put_together() {
    for (server, path, want) in [
        ("http://h/api/v10", "channels/1/messages?limit=1", "http://h/api/v10/channels/1/messages?limit=1"),
        ("http://h/api/v10/", "channels/1", "http://h/api/v10/channels/1"),
        ("http://h", "a/👍/@me", "http://h/a/%F0%9F%91%8D/@me"),
    ] {
        assert_eq!(Api::new("t", Some(server)).unwrap().url(path).as_str(), want);
    }
}

#[tokio::test]
async fn a_server_or_a_token_that_is_none_is_named() {
    for server in ["nowhere", "ftp://x", "mailto:x@y"] {
        let error = Api::new("s3cret", Some(server)).err().unwrap().to_string();
        assert!(error.starts_with("DISCORD_API_URL"), "{error}");
        assert!(!error.contains("s3cret"));
    }
    let error = Api::new("s3c\nret", None).err().unwrap().to_string();
    assert!(error.starts_with("DISCORD_TOKEN") && !error.contains("ret"), "{error}");
}
