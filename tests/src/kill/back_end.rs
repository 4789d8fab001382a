//! A back end with a ledger: it does what it is asked for once for each idempotency key, and notes every request.
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::random::Random;
use super::record::Request;

/// A back end. Dropped, it is gone.
pub struct BackEnd {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    /// What it runs on.
    _tokio: Runtime,
}

struct Shared {
    requests: Vec<Request>,
    dawdle: Random,
}

impl BackEnd {
    /// Starts it on a free port; it takes up to 20 ms to answer, as the seed says.
    ///
    /// # Panics
    /// The machine has no port or no thread left.
    pub fn start(seed: u64) -> BackEnd {
        let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let tokio = tokio.expect("a thread for the back end");
        let shared = Shared { requests: Vec::new(), dawdle: Random::new(seed) };
        let shared = Arc::new(Mutex::new(shared));
        let router = Router::new()
            .route("/book", post(book))
            .route("/pay", post(pay))
            .route("/look/{tag}", get(look))
            .with_state(shared.clone());
        let listener = tokio.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("its address");
        tokio.spawn(async move { axum::serve(listener, router).await });
        BackEnd { address, shared, _tokio: tokio }
    }

    /// Where it is: what `BACKEND_URL` must say.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked for so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        locked(&self.shared).requests.clone()
    }
}

type Ledger = State<Arc<Mutex<Shared>>>;

async fn book(ledger: Ledger, headers: HeaderMap, Json(body): Json<Value>) -> Json<Value> {
    answer(ledger, "book", tag_of(&body), &headers).await
}

async fn pay(ledger: Ledger, headers: HeaderMap, Json(body): Json<Value>) -> Json<Value> {
    answer(ledger, "pay", tag_of(&body), &headers).await
}

async fn look(ledger: Ledger, headers: HeaderMap, Path(tag): Path<String>) -> Json<Value> {
    answer(ledger, "look", tag, &headers).await
}

fn tag_of(body: &Value) -> String {
    body["tag"].as_str().unwrap_or_default().to_owned()
}

async fn answer(State(shared): Ledger, action: &str, tag: String, headers: &HeaderMap) -> Json<Value> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let (before, after) = {
        let mut shared = locked(&shared);
        (shared.dawdle.below(10), shared.dawdle.below(10))
    };
    tokio::time::sleep(Duration::from_millis(before)).await;
    locked(&shared).note(action, tag, key);
    // It is done, and the answer is not there yet: here a kill hurts most.
    tokio::time::sleep(Duration::from_millis(after)).await;
    Json(json!({ "state": "done" }))
}

impl Shared {
    fn note(&mut self, action: &str, tag: String, key: Option<String>) {
        self.requests.push(Request { action: action.to_owned(), tag, key });
    }
}

fn locked(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().expect("no code that panics runs under this lock")
}
