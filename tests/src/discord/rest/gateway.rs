//! Where the gateway is.
use std::sync::Arc;

use serde_json::json;

use super::{Route, route};
use crate::discord::answer::{Answer, ok};
use crate::discord::request::Asked;
use crate::discord::shared::Shared;
use crate::discord::state::State;

pub const ROUTES: &[Route] = &[
    Route { open: true, ..route("GET", "/gateway", (100, 1000), get) },
    route("GET", "/gateway/bot", (2, 5000), get),
];

fn get(state: &mut State, _: &Asked) -> Answer {
    ok(json!({"url": url(state)}))
}

fn url(state: &State) -> String {
    format!("ws://{}/gateway", state.host)
}

/// With the IDENTIFYs that are left.
pub fn bot(shared: &Arc<Shared>) -> Answer {
    let limit = shared.hub.session_start_limit();
    ok(json!({"url": shared.read(url), "shards": 1, "session_start_limit": limit}))
}
