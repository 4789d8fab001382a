//! A back end that notes what it is asked, and answers as it is told.
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde_json::Value as Json;
use tokio::net::TcpListener;

/// How a request is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// With a status, a header (name, value) if there is one, and a body.
    With(u16, Option<(&'static str, String)>, String),
    /// Never.
    Never,
}

impl Answer {
    pub fn ok() -> Answer {
        Answer::With(200, None, r#"{"ok":true}"#.to_owned())
    }

    pub fn status(status: u16) -> Answer {
        Answer::With(status, None, "{}".to_owned())
    }
}

/// What a request was.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    /// The path and the query as they came.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Json,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

type Shared = Arc<Mutex<(VecDeque<Answer>, Vec<Seen>)>>;

/// A running back end.
pub struct Backend {
    pub url: String,
    shared: Shared,
}

impl Backend {
    /// Answers the first request with the first answer, and so on; the last answer stays.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Backend {
        let shared: Shared = Arc::new(Mutex::new((answers.into_iter().collect(), Vec::new())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Backend { url, shared }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.shared.lock().unwrap().1.clone()
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let next = {
        let mut shared = shared.lock().unwrap();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        shared.1.push(Seen { method, target: uri.to_string(), headers, body });
        if shared.0.len() > 1 { shared.0.pop_front() } else { shared.0.front().cloned() }
    };
    match next {
        Some(Answer::With(status, header, body)) => {
            let response = Response::builder().status(status);
            let response = match header {
                Some((name, value)) => response.header(name, value),
                None => response,
            };
            response.body(Body::from(body)).unwrap()
        }
        Some(Answer::Never) | None => std::future::pending().await,
    }
}

/// A server that writes these bytes to whoever connects, again and again if `is_endless`, and then holds the connection.
pub fn raw(bytes: &'static [u8], is_endless: bool) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = connection.read(&mut request);
        let _ = connection.write_all(bytes);
        while is_endless && connection.write_all(b"4\r\naaaa\r\n").is_ok() {}
        let _ = connection.read(&mut request);
    });
    url
}

/// An address at which nothing listens.
pub fn closed() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
