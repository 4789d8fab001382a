//! The Bot API as a bot asks it, without a client library.
use std::time::Duration;

use bot_tests::telegram::Telegram;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// A bot that asks one thing after another.
pub struct Api {
    runtime: Runtime,
    client: Client,
    base: String,
}

impl Api {
    pub fn new(telegram: &Telegram) -> Api {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        Api { runtime, client, base: format!("{}/bot{}", telegram.url(), telegram.token()) }
    }

    /// The status and the body of the answer, or that there was none.
    pub fn asks(&self, method: &str, parameters: Value) -> Result<(u16, Value), reqwest::Error> {
        self.runtime.block_on(async {
            let response =
                self.client.post(format!("{}/{method}", self.base)).json(&parameters).send().await?;
            let (status, body) = (response.status().as_u16(), response.text().await?);
            Ok((status, serde_json::from_str(&body).unwrap_or(Value::String(body))))
        })
    }

    /// The result of what goes well.
    pub fn ok(&self, method: &str, parameters: Value) -> Value {
        let (status, mut body) = self.asks(method, parameters).unwrap();
        assert_eq!((status, &body["ok"]), (200, &json!(true)), "{method}: {body}");
        body["result"].take()
    }

    /// The refusal of what doesn't.
    pub fn refused(&self, method: &str, parameters: Value) -> Value {
        let (status, body) = self.asks(method, parameters).unwrap();
        assert_eq!((&body["ok"], &body["error_code"]), (&json!(false), &json!(status)), "{method}: {body}");
        body
    }

    /// Updates, without waiting.
    pub fn updates(&self, offset: i64) -> Vec<Value> {
        self.ok("getUpdates", json!({"offset": offset})).as_array().unwrap().clone()
    }

    /// A form in place of JSON; or, without one, a query.
    pub fn form(&self, method: &str, form: Option<&[(&str, &str)]>) -> Value {
        let url = format!("{}/{method}", self.base);
        let request = form.map_or_else(|| self.client.get(&url), |form| self.client.post(&url).form(form));
        self.runtime.block_on(async { request.send().await.unwrap().json().await.unwrap() })
    }
}

/// The ids of updates.
pub fn ids(updates: &[Value]) -> Vec<i64> {
    updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}
