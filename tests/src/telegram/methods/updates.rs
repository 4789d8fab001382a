//! `getUpdates`: a long poll, one at a time.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::shared::Shared;
use super::super::state::State;

/// As long as the server waits at most. [S]
const MOST: i64 = 50;

/// `getUpdates`.
pub async fn get(shared: &Arc<Shared>, parameters: &Parameters) -> Answer {
    let limit = parameters.number("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100) as usize;
    let wait = Duration::from_secs(parameters.number("timeout").unwrap_or(0).clamp(0, MOST) as u64);
    let until = Instant::now() + wait;
    let mut changes = shared.watch();
    let own = shared.change(|state| begin(state, parameters))?;
    loop {
        changes.mark_unchanged();
        let (found, soon) = shared.quietly(|state| (look(state, own, limit), until_tick(state)));
        match found? {
            batch if batch.is_empty() && Instant::now() < until => {}
            batch => return Ok(json!(batch)),
        }
        let wake = soon.map_or(until, |soon| (Instant::now() + soon).min(until));
        // Nothing changed in time: the loop sees that it is over.
        let _ = timeout_at(wake, changes.changed()).await;
    }
}

/// Ends an older poll, and confirms.
fn begin(state: &mut State, parameters: &Parameters) -> Result<u64, Refusal> {
    if state.webhook.is_some() {
        return Err(Refusal::new(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to \
            delete the webhook first",
        ));
    }
    if let Some(allowed) = allowed(parameters)? {
        state.updates.allowed = allowed;
    }
    state.poller += 1;
    state.updates.confirm(parameters.number("offset").unwrap_or(0));
    Ok(state.poller)
}

/// The kinds that the bot wants, where it says so. Unknown ones mean nothing.
pub fn allowed(parameters: &Parameters) -> Result<Option<Vec<String>>, Refusal> {
    let allowed = parameters.list("allowed_updates")?;
    Ok(allowed.map(|kinds| kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
}

fn look(state: &mut State, own: u64, limit: usize) -> Result<Vec<Value>, Refusal> {
    if state.webhook.is_some() {
        return Err(Refusal::new(409, "Conflict: terminated by setWebhook request"));
    }
    if state.poller != own {
        return Err(other_poller());
    }
    state.updates.tick(state.clock.now());
    Ok(state.updates.batch(limit))
}

fn until_tick(state: &State) -> Option<Duration> {
    state.updates.next_tick().map(|at| at.saturating_sub(state.clock.now()) + Duration::from_millis(1))
}

/// There is a second poller.
pub fn other_poller() -> Refusal {
    Refusal::new(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
}
