//! The addresses of files: signed, and of no use after a day.
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::shared::Shared;
use super::state::State;
use super::state::file::signature;

#[derive(Deserialize)]
struct Signed {
    /// When it expires, in seconds since 1970, in hexadecimal digits.
    #[serde(default)]
    ex: String,
    #[serde(default)]
    hm: String,
}

/// `GET /attachments/{channel}/{id}/{name}`.
pub fn routes(shared: &Arc<Shared>) -> Router {
    Router::new().route("/attachments/{channel}/{id}/{name}", get(file)).with_state(Arc::clone(shared))
}

async fn file(
    Given(shared): Given<Arc<Shared>>,
    Path((channel, id, name)): Path<(u64, u64, String)>,
    Query(signed): Query<Signed>,
) -> Response {
    let found = shared.read(|state| bytes(state, channel, id, &name, &signed));
    match found {
        Some((sort, bytes)) => ([(header::CONTENT_TYPE, sort)], bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "This content is no longer available.").into_response(),
    }
}

fn bytes(state: &State, channel: u64, id: u64, name: &str, signed: &Signed) -> Option<(String, Vec<u8>)> {
    let expires = i64::from_str_radix(&signed.ex, 16).ok()?;
    let valid = signed.hm == signature(id, expires) && state.clock.date() < expires;
    let of_channel = state.channels.get(&channel)?;
    let file =
        of_channel.messages.values().flat_map(|message| &message.attachments).find(|(of, _)| *of == id);
    let (_, file) = file.filter(|(_, file)| valid && file.name == name)?;
    Some((file.content_type.clone(), file.bytes.clone()))
}
