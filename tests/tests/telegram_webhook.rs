//! The real program behind a webhook: what comes without the secret is nobody's, what comes with it is stored and then confirmed.
#![cfg(unix)]
use std::net::TcpListener;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use bot_tests::telegram::Telegram;
use bot_tests::telegram_bot::TelegramBot;
use reqwest::Method;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_telegram-under-test");
const SECRET: &str = "a-secret_of-no-use-elsewhere";

/// More than a connection holds on its way.
const HUGE: usize = 1_000_000;

/// A program that listens, and where.
fn listening<'a>(telegram: &'a Telegram) -> (TelegramBot<'a>, String) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let url = format!("http://127.0.0.1:{port}/any/path");
    let mut bot = TelegramBot::new(PROGRAM, telegram);
    bot.variables.extend([
        ("TELEGRAM_WEBHOOK_URL", url.clone()),
        ("TELEGRAM_WEBHOOK_LISTEN", format!("127.0.0.1:{port}")),
        ("TELEGRAM_WEBHOOK_SECRET", SECRET.to_owned()),
    ]);
    bot.start();
    bot.wait("the webhook is set", |telegram| {
        telegram.calls().iter().any(|call| call.method == "setWebhook" && call.status == 200)
    });
    (bot, url)
}

/// A request as anybody can make it.
#[derive(Clone)]
struct Request {
    method: Method,
    secret: Option<&'static str>,
    body: Vec<u8>,
}

impl Request {
    fn of(body: impl Into<Vec<u8>>) -> Request {
        Request { method: Method::POST, secret: Some(SECRET), body: body.into() }
    }

    /// The status of the answer. Who is refused while still writing may see the broken connection first, and asks again.
    fn send(self, url: &str) -> u16 {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut asked = tokio.block_on(self.ask(url));
        for _ in 0..20 {
            if asked.is_err() && self.body.len() > HUGE {
                asked = tokio.block_on(self.ask(url));
            }
        }
        asked.expect("an answer")
    }

    async fn ask(&self, url: &str) -> reqwest::Result<u16> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let mut request = client.request(self.method.clone(), url).body(self.body.clone());
        request = request.header("content-type", "application/json");
        if let Some(secret) = self.secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        Ok(request.send().await?.status().as_u16())
    }
}

fn update(id: u32, chat: i64, text: &str) -> Vec<u8> {
    let chat = json!({ "id": chat, "type": "private", "first_name": "Ann" });
    let from = json!({ "id": chat["id"], "is_bot": false, "first_name": "Ann", "language_code": "en" });
    let message =
        json!({ "message_id": id, "date": 1_790_000_000, "chat": chat, "from": from, "text": text });
    json!({ "update_id": id, "message": message }).to_string().into_bytes()
}

#[test]
fn what_anybody_may_send() {
    let telegram = Telegram::start().without_pace();
    let ann = telegram.customer(1, "Ann", "en");
    let (mut bot, url) = listening(&telegram);
    // The chat is there, so that the bot may write into it.
    bot.writes(&ann);
    bot.assert_each_once();
    let forged = Request::of(update(900, 1, "echo t900."));
    let huge = update(901, 1, &"x".repeat(3_000_000));
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let cases: Vec<(&str, Request, u16)> = vec![
        ("without the secret", Request { secret: None, ..forged.clone() }, 401),
        ("with a wrong one", Request { secret: Some("another-secret"), ..forged.clone() }, 401),
        ("with an empty one", Request { secret: Some(""), ..forged.clone() }, 401),
        ("with the beginning of it", Request { secret: Some("a-secret"), ..forged.clone() }, 401),
        (
            "with more than it",
            Request { secret: Some("a-secret_of-no-use-elsewhere2"), ..forged.clone() },
            401,
        ),
        ("too large", Request::of(huge.clone()), 413),
        ("too large, without the secret", Request { secret: None, ..Request::of(huge) }, 401),
        ("not JSON", Request::of("<xml/>"), 400),
        ("not Unicode", Request::of(vec![0xff, 0xfe]), 400),
        ("nothing", Request::of(""), 400),
        ("brackets", Request::of(deep), 400),
        ("no update", Request::of("{}"), 400),
        ("an id that is none", Request::of(r#"{"update_id":"1"}"#), 400),
        ("fetched", Request { method: Method::GET, body: vec![], ..forged.clone() }, 405),
        ("an update of a kind that nobody knows", Request::of(r#"{"update_id":902,"quantum":{}}"#), 200),
        ("an update", Request::of(update(903, 1, "echo t903.")), 200),
        ("the same once more", Request::of(update(903, 1, "echo t903.")), 200),
    ];
    for (name, request, status) in cases {
        assert_eq!(request.send(&url), status, "{name}");
    }
    bot.expect(1, "Heard t903.".to_owned());
    bot.writes(&ann);
    bot.assert_each_once();
    let logged = bot.logged();
    for secret in [SECRET, telegram.token(), "echo t903"] {
        assert!(!logged.contains(secret), "{secret} stands in the log\n{logged}");
    }
}

/// Telegram may send again what it believes lost, while the first is still on its way.
#[test]
fn two_senders_at_once() {
    let telegram = Telegram::start().without_pace();
    let customers = [telegram.customer(1, "Ann", "en"), telegram.customer(2, "Ben", "en")];
    let (mut bot, url) = listening(&telegram);
    customers.iter().for_each(|customer| drop(bot.writes(customer)));
    bot.assert_each_once();
    for id in 1_000..1_020 {
        let body = update(id, i64::from(id % 2) + 1, &format!("echo t{id}."));
        let both: Vec<u16> = thread::scope(|scope| {
            let senders = [(); 2].map(|()| scope.spawn(|| Request::of(body.clone()).send(&url)));
            senders.map(|sender| sender.join().unwrap()).into()
        });
        assert_eq!(both, [200, 200]);
        bot.expect(i64::from(id % 2) + 1, format!("Heard t{id}."));
    }
    bot.assert_each_once();
}

/// A sender that stops in the middle holds nobody up.
#[test]
fn a_sender_that_stops_in_the_middle() {
    use std::io::Write;
    let telegram = Telegram::start().without_pace();
    let ann = telegram.customer(1, "Ann", "en");
    let (mut bot, url) = listening(&telegram);
    let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let half = format!(
        "POST /any/path HTTP/1.1\r\nhost: {address}\r\nx-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: 500\r\n\r\n{{"
    );
    let stalled: Vec<_> = (0..50)
        .map(|_| {
            let mut connection = std::net::TcpStream::connect(&address).unwrap();
            connection.write_all(half.as_bytes()).unwrap();
            connection
        })
        .collect();
    bot.writes(&ann);
    bot.assert_each_once();
    drop(stalled);
}

#[test]
fn without_a_secret_it_does_not_start() {
    let telegram = Telegram::start();
    for (secret, words) in [("", "TELEGRAM_WEBHOOK_SECRET"), ("no good!", "A-Z a-z 0-9 _ -")] {
        let mut bot = TelegramBot::new(PROGRAM, &telegram);
        bot.variables.push(("TELEGRAM_WEBHOOK_URL", "https://bot.example/telegram".to_owned()));
        bot.variables.push(("TELEGRAM_WEBHOOK_SECRET", secret.to_owned()));
        bot.start();
        let status = end_of(&mut bot);
        assert_eq!(status.code(), Some(2), "{}", bot.logged());
        assert!(bot.logged().contains(words), "{}", bot.logged());
    }
    let asked: Vec<Value> = telegram.calls().iter().map(|call| json!(call.method)).collect();
    assert!(!asked.contains(&json!("setWebhook")), "{asked:?}");
}

#[test]
fn where_telegram_does_not_deliver_it_does_not_stay() {
    let telegram = Telegram::start();
    telegram.group(-1_001_000_000_001, "Staff");
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    bot.variables.extend([
        ("TELEGRAM_STAFF", "-1001000000001".to_owned()),
        ("TELEGRAM_WEBHOOK_URL", "ftp://bot.example/telegram".to_owned()),
        ("TELEGRAM_WEBHOOK_LISTEN", "127.0.0.1:0".to_owned()),
        ("TELEGRAM_WEBHOOK_SECRET", SECRET.to_owned()),
    ]);
    bot.start();
    let status = end_of(&mut bot);
    assert_eq!(status.code(), Some(2), "{}", bot.logged());
    assert!(bot.logged().contains("TELEGRAM_WEBHOOK_URL"), "{}", bot.logged());
}

fn end_of(bot: &mut TelegramBot) -> ExitStatus {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(status) = bot.processes[0].ended() {
            return status;
        }
        assert!(Instant::now() < end, "it runs\n{}", bot.logged());
        thread::sleep(Duration::from_millis(10));
    }
}
