//! The API as a bot asks it, without a client library.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_tests::discord::{Call, Discord};
use bot_tests::specs::discord::{Exchange, Spec};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// A bot that asks one thing after another, and notes what it would be told.
pub struct Api {
    runtime: Runtime,
    client: Client,
    base: String,
    token: String,
    told: Arc<Mutex<Vec<(&'static str, Value)>>>,
    /// Answers and events that aren't as Discord describes them, where its description is at hand.
    odd: Arc<Mutex<Vec<String>>>,
}

impl Drop for Api {
    fn drop(&mut self) {
        let odd = self.odd.lock().unwrap();
        assert!(
            odd.is_empty() || std::thread::panicking(),
            "not as Discord describes it:\n{}",
            odd.join("\n")
        );
    }
}

/// Only answers: what is asked here is often wrong on purpose.
fn watch(discord: &Discord, spec: Arc<Spec>, odd: &Arc<Mutex<Vec<String>>>) {
    let (notes, of_answers) = (Arc::clone(odd), Arc::clone(&spec));
    discord.on_exchange(move |call| {
        let Call { method, path, query, body, status, answer, .. } = call;
        let exchange = Exchange { method, path, query, body, status: *status, answer };
        let found = if *status == 0 { Vec::new() } else { of_answers.answer(&exchange) };
        notes.lock().unwrap().extend(found.iter().map(|found| format!("{found:?} in {answer}")));
    });
    let notes = Arc::clone(odd);
    discord.on_event(move |event| {
        let payload = json!({"op": 0, "s": 1, "t": event.name, "d": event.data});
        let found = spec.received(&payload);
        notes.lock().unwrap().extend(found.iter().map(|found| format!("{found:?} in {payload}")));
    });
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(String, String)>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Api {
    pub fn new(discord: &Discord) -> Api {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&told);
        discord.on_event(move |event| notes.lock().unwrap().push((event.name, event.data.clone())));
        let odd = Arc::new(Mutex::new(Vec::new()));
        if let Some(spec) = Spec::here().map(Arc::new) {
            watch(discord, spec, &odd);
        }
        Api { runtime, client, base: discord.url(), token: discord.token().to_owned(), told, odd }
    }

    /// The answer, or that there was none. A body of null is none.
    pub fn asks(&self, method: &str, path: &str, body: Value) -> Result<Answer, reqwest::Error> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = request.header("authorization", format!("Bot {}", self.token));
        let request = if body.is_null() { request } else { request.json(&body) };
        self.runtime.block_on(answered(request))
    }

    /// The body of what goes well.
    pub fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.asks(method, path, body).unwrap();
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        answer.body
    }

    /// The status and the code of what doesn't; of 50035 also the first field that is wrong, and how.
    pub fn refused(&self, method: &str, path: &str, body: Value) -> (u16, u64, String) {
        let answer = self.asks(method, path, body).unwrap();
        assert!(answer.status >= 400, "{method} {path}: {answer:?}");
        let wrong = first_error("", &answer.body["errors"]).unwrap_or_default();
        (answer.status, answer.body["code"].as_u64().unwrap_or_default(), wrong)
    }

    /// A form with files in place of JSON.
    pub fn sends(&self, path: &str, payload: &Value, files: &[(&str, &str)]) -> Answer {
        let (mark, mut body) = ("stand-in-boundary", String::new());
        let mut part = |head: String, content: &str| {
            body += &format!("--{mark}\r\ncontent-disposition: form-data; {head}\r\n\r\n{content}\r\n");
        };
        part("name=\"payload_json\"".to_owned(), &payload.to_string());
        for (index, (name, content)) in files.iter().enumerate() {
            part(format!("name=\"files[{index}]\"; filename=\"{name}\""), content);
        }
        body += &format!("--{mark}--\r\n");
        let request = self.client.post(format!("{}{path}", self.base)).body(body);
        let request = request
            .header("authorization", format!("Bot {}", self.token))
            .header("content-type", format!("multipart/form-data; boundary={mark}"));
        self.runtime.block_on(answered(request)).unwrap()
    }

    /// Any address, without the token.
    pub fn fetches(&self, url: &str) -> (u16, String) {
        self.runtime.block_on(async {
            let answer = self.client.get(url).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }

    /// The names of events since it was last asked.
    pub fn told(&self) -> Vec<&'static str> {
        self.told.lock().unwrap().drain(..).map(|(name, _)| name).collect()
    }

    /// The newest event of that name.
    pub fn last(&self, name: &str) -> Value {
        let told = self.told.lock().unwrap();
        told.iter().rev().find(|(known, _)| *known == name).map(|(_, data)| data.clone()).unwrap_or_default()
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or(if text.is_empty() { Value::Null } else { json!(text) });
    Ok(Answer { status, body, headers })
}

fn first_error(path: &str, errors: &Value) -> Option<String> {
    if let Some(code) = errors["_errors"][0]["code"].as_str() {
        return Some(format!("{path} {code}"));
    }
    errors.as_object()?.iter().find_map(|(name, below)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        first_error(&path, below)
    })
}
