//! `createForumTopic`, `editForumTopic`, `closeForumTopic`, `reopenForumTopic`, `deleteForumTopic`.
use serde_json::json;

use super::super::answer::{Answer, Refusal};
use super::super::parameters::Parameters;
use super::super::state::chat::{Chat, Kind, Topic};
use super::super::state::{BOT, COLOUR, State};

/// Characters of a name.
const NAME: usize = 128;

/// `createForumTopic`.
pub fn create(state: &mut State, parameters: &Parameters) -> Answer {
    let chat = forum(state, parameters, "create a topic")?.id;
    let name = name(parameters)?.ok_or_else(|| Refusal::bad("TOPIC_TITLE_EMPTY"))?;
    let colour = parameters.number("icon_color").unwrap_or(COLOUR);
    state.paced(chat, 1)?;
    let id = state.new_topic(chat, BOT, &name, colour);
    Ok(json!({"message_thread_id": id, "name": name, "icon_color": colour}))
}

/// `editForumTopic`. Without a name only the icon could change, of which nothing is kept.
pub fn edit(state: &mut State, parameters: &Parameters) -> Answer {
    let (chat, topic) = topic(state, parameters)?;
    let Some(name) = name(parameters)? else { return Ok(json!(true)) };
    if topic.name == name {
        return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
    }
    state.paced(chat, 1)?;
    state.rename_topic(chat, BOT, topic.id, &name);
    Ok(json!(true))
}

/// `closeForumTopic`.
pub fn close(state: &mut State, parameters: &Parameters) -> Answer {
    closed(state, parameters, true)
}

/// `reopenForumTopic`.
pub fn reopen(state: &mut State, parameters: &Parameters) -> Answer {
    closed(state, parameters, false)
}

fn closed(state: &mut State, parameters: &Parameters, closed: bool) -> Answer {
    let (chat, topic) = topic(state, parameters)?;
    if topic.closed == closed {
        return Err(Refusal::bad("TOPIC_NOT_MODIFIED"));
    }
    state.paced(chat, 1)?;
    state.close_topic(chat, BOT, topic.id, closed);
    Ok(json!(true))
}

/// `deleteForumTopic`.
pub fn delete(state: &mut State, parameters: &Parameters) -> Answer {
    let (chat, topic) = topic(state, parameters)?;
    let place = state.joined(parameters, "chat_id")?;
    if !state.rights_in(place).delete_messages {
        return Err(Refusal::bad("not enough rights to delete the topic"));
    }
    state.paced(chat, 1)?;
    state.delete_topic(chat, topic.id);
    Ok(json!(true))
}

fn forum<'a>(state: &'a State, parameters: &Parameters, deed: &str) -> Result<&'a Chat, Refusal> {
    let chat = state.joined(parameters, "chat_id")?;
    if chat.kind != Kind::Supergroup || !chat.forum {
        return Err(Refusal::bad("the chat is not a forum"));
    }
    if !state.rights_in(chat).manage_topics {
        return Err(Refusal::bad(&format!("not enough rights to {deed}")));
    }
    Ok(chat)
}

fn topic(state: &State, parameters: &Parameters) -> Result<(i64, Topic), Refusal> {
    let chat = forum(state, parameters, "manage topics")?;
    let id = parameters.number("message_thread_id").unwrap_or(0);
    let topic = chat.topics.get(&id).ok_or_else(|| Refusal::bad("TOPIC_ID_INVALID"))?;
    Ok((chat.id, topic.clone()))
}

/// The name. The server is said to cut a long one; the documentation forbids it, and a bot that relies on the cut loses what
/// stands at the end.
fn name(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let name = parameters.text("name").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    match name {
        Some(name) if name.chars().count() > NAME => Err(Refusal::bad("TOPIC_TITLE_TOO_LONG")),
        name => Ok(name),
    }
}
