//! What the page shows, as JSON.
use serde_json::{Value, json};

use super::super::call::Call;
use super::super::shown::Shown;
use super::super::state::chat::{Chat, GENERAL, Role};
use super::super::state::{BOT, State};

/// Requests that the page lists.
const CALLS: usize = 40;

/// What there is.
pub fn of(state: &State, version: u64) -> Value {
    let people = state.users.values().filter(|user| !user.bot && user.id < super::super::group::OWNER);
    let agent = |id: i64| state.chats.values().any(|chat| chat.id < 0 && chat.members.contains_key(&id));
    let customers: Vec<Value> =
        people.filter(|user| !agent(user.id)).map(|user| customer(state, user.id)).collect();
    let groups = state.chats.values().filter(|chat| chat.id < 0 && chat.migrated_to.is_none());
    json!({
        "version": version,
        "bot": {"polls": state.polls(), "pending": state.pending(), "pace": state.pace.on,
            "webhook": state.webhook.as_ref().map(|webhook| webhook.url.clone())},
        "customers": customers,
        "groups": groups.map(|chat| group(state, chat)).collect::<Vec<Value>>(),
        "faults": state.faults.ordered().iter().map(|fault| format!("{fault:?}")).collect::<Vec<String>>(),
        "calls": calls(state),
        "answers": answers(state),
    })
}

fn customer(state: &State, id: i64) -> Value {
    let user = &state.users[&id];
    let blocked = state.chat(id).is_some_and(|chat| state.bot_in(chat) == Role::Kicked);
    json!({"id": id, "name": user.name, "language": user.language, "blocked": blocked,
        "typing": typing(state, id), "messages": messages(state.shown(id))})
}

/// The bot's last deed in the chat was to show that it types.
fn typing(state: &State, chat: i64) -> bool {
    let in_chat = state.calls().iter().rev().find(|call| call.chat() == Some(chat));
    in_chat.is_some_and(|call| call.method == "sendChatAction")
}

fn group(state: &State, chat: &Chat) -> Value {
    let person = |id: &i64| state.user(*id).filter(|user| !user.bot && user.id < super::super::group::OWNER);
    let agents = chat.members.iter().filter_map(|(id, member)| {
        Some(json!({"id": id, "name": person(id)?.name, "anonymous": member.anonymous}))
    });
    let general = json!({"id": GENERAL, "name": "General", "closed": false,
        "messages": messages(state.shown_in(chat.id, GENERAL))});
    let topics = chat.topics.values().map(|topic| {
        json!({"id": topic.id, "name": topic.name, "closed": topic.closed, "messages": messages(state.shown_in(chat.id, topic.id))})
    });
    let rights = match chat.members.get(&BOT).map(|bot| bot.role) {
        Some(Role::Administrator(_) | Role::Owner) => "all",
        Some(Role::Member) => "none",
        _ => "out",
    };
    json!({"id": chat.id, "title": chat.title, "bot": rights, "agents": agents.collect::<Vec<Value>>(),
        "topics": std::iter::once(general).chain(topics).collect::<Vec<Value>>()})
}

fn messages(shown: Vec<Shown>) -> Vec<Value> {
    shown.into_iter().map(message).collect()
}

fn message(shown: Shown) -> Value {
    let buttons = shown.buttons.iter().map(
        |button| json!({"label": button.label, "data": button.data, "url": button.url, "row": button.row}),
    );
    json!({"id": shown.id, "from": shown.from, "from_id": shown.from_id, "bot": shown.by_bot, "text": shown.text,
        "entities": shown.entities, "buttons": buttons.collect::<Vec<Value>>(), "reply_to": shown.reply_to,
        "copied": shown.copied_from.is_some(), "forwarded": shown.forwarded, "edited": shown.edited,
        "media": shown.media, "reaction": shown.reaction, "service": shown.service})
}

/// The last requests, the newest first; without the polls, which say nothing.
fn calls(state: &State) -> Vec<Value> {
    let told = state.calls().iter().rev().filter(|call| call.method != "getUpdates" || call.status != 200);
    let call = |call: &Call| {
        json!({"number": call.number, "method": call.method, "status": call.status, "parameters": call.parameters,
            "refusal": call.refusal(), "fault": call.fault})
    };
    told.take(CALLS).map(call).collect()
}

/// What the bot answered to presses, to be shown for a moment.
fn answers(state: &State) -> Vec<Value> {
    let answered = state.presses.iter().rev().take(5);
    let texts = answered.filter_map(|(id, press)| Some((id, press.answer.as_ref()?.text.clone()?)));
    texts.map(|(id, text)| json!({"id": id, "text": text})).collect()
}
