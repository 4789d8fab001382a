//! How the bot answers interactions at first.
use serde_json::{Value, json};

use super::draft::Draft;
use super::{Route, modal, route, unknown};
use crate::discord::answer::{Answer, Refusal, done, ok};
use crate::discord::request::Asked;
use crate::discord::state::State;
use crate::discord::state::interactions::{COMPONENT, Interaction, MODAL, PATIENCE};
use crate::discord::state::message::{COMMAND, EPHEMERAL, LOADING, Message, REPLY};

pub const ROUTES: &[Route] = &[Route {
    open: true,
    ..route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", (100, 1000), callback)
}];

/// Types of answers.
const SAY: u64 = 4;
const SAY_LATER: u64 = 5;
const CHANGE_LATER: u64 = 6;
const CHANGE: u64 = 7;
const FORM: u64 = 9;

fn callback(state: &mut State, asked: &Asked) -> Answer {
    let id = asked.id("interaction_id")?;
    let now = state.clock.now();
    let known =
        state.interactions.get(&id).filter(|one| one.token == asked.text_of_path("interaction_token"));
    let interaction = known.cloned().ok_or_else(|| unknown(10062))?;
    if interaction.acknowledged.is_some() {
        return Err(Refusal::code(40060));
    }
    let after = now - interaction.at;
    if after > PATIENCE {
        return Err(unknown(10062));
    }
    let kind = asked.field("type").as_u64().unwrap_or_default();
    let (original, modal) = answered(state, &interaction, kind, asked)?;
    if let Some(one) = state.interactions.get_mut(&id) {
        (one.acknowledged, one.original, one.modal) = (Some((kind, after)), original, modal);
    }
    if asked.flag("with_response") { ok(response(state, &interaction, kind, original)) } else { done() }
}

/// Does it; the message that answers, and the form that is shown.
fn answered(
    state: &mut State,
    one: &Interaction,
    kind: u64,
    asked: &Asked,
) -> Result<(Option<u64>, Option<Value>), Refusal> {
    let data = asked.field("data");
    match kind {
        SAY => {
            let draft = draft(asked)?;
            if draft.is_empty() {
                return Err(Refusal::code(50006));
            }
            Ok((Some(say(state, one, draft)), None))
        }
        SAY_LATER => {
            let mut draft = draft(asked)?;
            draft.flags |= LOADING;
            Ok((Some(say(state, one, draft)), None))
        }
        CHANGE_LATER if one.message.is_some() => Ok((one.message, None)),
        CHANGE if one.message.is_some() => {
            let (draft, id) = (draft(asked)?, one.message.unwrap_or_default());
            let named = Asked { body: data.clone(), ..asked.clone() };
            super::messages::change(state, (one.channel, id), draft, &named)?;
            Ok((one.message, None))
        }
        FORM if one.kind != MODAL => Ok((None, Some(modal::checked(data)?))),
        _ => {
            let text = "Value must be one of the types that answer this interaction.";
            Err(Refusal::field("type", "BASE_TYPE_CHOICES", text))
        }
    }
}

fn draft(asked: &Asked) -> Result<Draft, Refusal> {
    Draft::of_body(asked.field("data"), &asked.files, true)
}

/// A message in answer to an interaction. It needs no permission to write in the channel.
pub fn say(state: &mut State, one: &Interaction, draft: Draft) -> u64 {
    let mut message = draft.message(state, one.channel);
    let from_message = one.kind == COMPONENT || one.kind == MODAL && one.message.is_some();
    message.kind = if from_message { REPLY } else { COMMAND };
    message.reference = one.message.filter(|_| from_message).map(|id| (one.channel, id));
    message.interaction = Some(state.metadata(one));
    message.only_for = Some(one.user).filter(|_| draft.flags & EPHEMERAL != 0);
    message.pinged = state.pinged((message.author, one.channel), &draft.content, &draft.allowed, None);
    state.say(message)
}

fn response(state: &State, one: &Interaction, kind: u64, original: Option<u64>) -> Value {
    let message = original.and_then(|id| state.message(one.channel, id));
    let of = |message: &Message, what: u64| message.flags & what != 0;
    let mut interaction = json!({"id": one.id.to_string(), "type": one.kind});
    if let Some(message) = message {
        interaction["response_message_id"] = json!(message.id.to_string());
        interaction["response_message_loading"] = json!(of(message, LOADING));
        interaction["response_message_ephemeral"] = json!(of(message, EPHEMERAL));
    }
    let mut answer = json!({"interaction": interaction});
    if let Some(message) = message.filter(|_| [SAY, CHANGE].contains(&kind)) {
        answer["resource"] = json!({"type": kind, "message": state.message_json(message)});
    }
    answer
}
