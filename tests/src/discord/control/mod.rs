//! The page on which one plays customer and agent by hand, and the JSON behind it. Only the page uses it: tests have handles.
//!
//! | request | answer |
//! |---|---|
//! | `GET /` | the page |
//! | `GET /control/view?since=N` | what there is (`view`), as soon as its `version` isn't N; after 20 s in any case |
//! | `POST /control/deed` | does a `deeds::Deed`, `{"do": "write", "from": 1, "text": "hello"}`; 400 with a reason where it can't be done |
mod deeds;
mod faults;
mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State as Given};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;

use self::deeds::Deed;
use super::shared::Shared;
use crate::fake::page;

/// How long the page waits for news.
const PATIENCE: Duration = Duration::from_secs(20);

/// The page and what is behind it.
pub(super) fn routes(shared: &Arc<Shared>) -> Router {
    page::routes(include_str!("page.html"), include_str!("page.js"))
        .route("/control/view", get(view))
        .route("/control/deed", post(deed))
        .with_state(Arc::clone(shared))
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn view(Given(shared): Given<Arc<Shared>>, Query(Since { since }): Query<Since>) -> Json<Value> {
    let mut changes = shared.watch();
    // Nothing new in that time: the page asks again.
    let _ = timeout(PATIENCE, changes.wait_for(|version| *version != since)).await;
    let version = *changes.borrow();
    let mut view = shared.read(|state| view::of(state, version));
    view["bot"]["ready"] = Value::from(shared.hub.ready());
    view["token"] = Value::String(shared.token.clone());
    Json(view)
}

async fn deed(Given(shared): Given<Arc<Shared>>, Json(deed): Json<Deed>) -> impl IntoResponse {
    let done = match faults::of_socket(&deed) {
        Some(fault) => fault.map(|fault| shared.hub.order(fault)).map(|()| Value::Bool(true)),
        None => shared.change(|state| deeds::done(state, deed)),
    };
    match done {
        Ok(result) => (StatusCode::OK, Json(result)),
        Err(reason) => (StatusCode::BAD_REQUEST, Json(Value::String(reason))),
    }
}
