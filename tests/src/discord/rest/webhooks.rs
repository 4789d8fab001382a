//! What the bot says to an interaction after its first answer, and changes of that.
use super::draft::Draft;
use super::{Route, interactions, messages, route, unknown};
use crate::discord::answer::{Answer, Refusal, done, ok};
use crate::discord::request::Asked;
use crate::discord::state::interactions::{Interaction, TOKEN};
use crate::discord::state::message::LOADING;
use crate::discord::state::{BOT, State};

const fn open(method: &'static str, template: &'static str, deed: super::Deed) -> Route {
    Route { open: true, ..route(method, template, (5, 2000), deed) }
}

pub const ROUTES: &[Route] = &[
    open("POST", "/webhooks/{webhook_id}/{webhook_token}", more),
    open("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", get),
    open("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", edit),
    open("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", delete),
    open("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", get),
    open("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", edit),
    open("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", delete),
];

/// The interaction of a token, once it has been acknowledged.
fn interaction(state: &State, asked: &Asked) -> Result<Interaction, Refusal> {
    let token = asked.text_of_path("webhook_token");
    let one = state.interactions.values().find(|one| one.token == token && one.acknowledged.is_some());
    let one = one.filter(|_| asked.id("webhook_id") == Ok(BOT)).ok_or_else(|| unknown(10015))?;
    if one.at + TOKEN < state.clock.now() {
        return Err(Refusal::code(50027));
    }
    Ok(one.clone())
}

/// The message that the path names: in the interaction's channel, and of the interaction.
fn place(state: &State, asked: &Asked) -> Result<(u64, u64), Refusal> {
    let one = interaction(state, asked)?;
    let id = match asked.text_of_path("message_id") {
        "" => one.original.ok_or_else(|| unknown(10008))?,
        _ => asked.id("message_id")?,
    };
    let message = state.message(one.channel, id).ok_or_else(|| unknown(10008))?;
    let of_it = message.interaction.as_ref().is_some_and(|of| of["id"] == one.id.to_string().as_str());
    if of_it || one.original == Some(id) { Ok((one.channel, id)) } else { Err(unknown(10008)) }
}

/// The first that follows "is thinking" takes its place.
fn more(state: &mut State, asked: &Asked) -> Answer {
    let one = interaction(state, asked)?;
    let draft = Draft::of(asked, true)?;
    if draft.is_empty() {
        return Err(Refusal::code(50006));
    }
    let waiting = one.original.and_then(|id| state.message(one.channel, id));
    if let Some(waiting) = waiting.filter(|message| message.flags & LOADING != 0) {
        let id = waiting.id;
        return changed(state, (one.channel, id), draft, asked);
    }
    let id = interactions::say(state, &one, draft);
    ok(state.message_json(&state.channels[&one.channel].messages[&id]))
}

fn get(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = place(state, asked)?;
    ok(state.message_json(&state.channels[&channel].messages[&id]))
}

fn edit(state: &mut State, asked: &Asked) -> Answer {
    let place = place(state, asked)?;
    let draft = Draft::of(asked, true)?;
    changed(state, place, draft, asked)
}

fn changed(state: &mut State, (channel, id): (u64, u64), draft: Draft, asked: &Asked) -> Answer {
    messages::change(state, (channel, id), draft, asked)?;
    ok(state.message_json(&state.channels[&channel].messages[&id]))
}

fn delete(state: &mut State, asked: &Asked) -> Answer {
    let (channel, id) = place(state, asked)?;
    state.delete(channel, id);
    done()
}
