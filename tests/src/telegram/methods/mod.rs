//! The methods of the Bot API.
mod callback;
mod chats;
mod commands;
mod copy;
mod delete;
mod edit;
pub mod files;
mod keyboard;
mod me;
mod reactions;
mod send;
mod text;
mod topics;
pub mod updates;
mod webhooks;

use std::sync::Arc;

use super::answer::{Answer, Refusal};
use super::parameters::Parameters;
use super::shared::Shared;
use super::state::State;

type Method = fn(&mut State, &Parameters) -> Answer;

/// All but `getUpdates`, which takes its time.
const METHODS: &[(&str, Method)] = &[
    ("answerCallbackQuery", callback::answer),
    ("close", me::fine),
    ("closeForumTopic", topics::close),
    ("copyMessage", copy::copy),
    ("copyMessages", copy::copy_all),
    ("createForumTopic", topics::create),
    ("deleteForumTopic", topics::delete),
    ("deleteMessage", delete::delete),
    ("deleteMessages", delete::delete_all),
    ("deleteMyCommands", commands::delete),
    ("deleteWebhook", webhooks::delete),
    ("editForumTopic", topics::edit),
    ("editMessageCaption", edit::caption),
    ("editMessageReplyMarkup", edit::markup),
    ("editMessageText", edit::text),
    ("forwardMessage", copy::forward),
    ("getChat", chats::get),
    ("getChatAdministrators", chats::administrators),
    ("getChatMember", chats::member),
    ("getChatMemberCount", chats::count),
    ("getFile", files::get),
    ("getForumTopicIconStickers", me::nothing),
    ("getMe", me::me),
    ("getMyCommands", commands::get),
    ("getWebhookInfo", webhooks::info),
    ("leaveChat", chats::leave),
    ("logOut", me::fine),
    ("reopenForumTopic", topics::reopen),
    ("sendChatAction", send::action),
    ("sendDocument", files::document),
    ("sendMessage", send::message),
    ("sendPhoto", files::photo),
    ("setMessageReaction", reactions::set),
    ("setMyCommands", commands::set),
    ("setWebhook", webhooks::set),
];

/// A method's name as the documentation spells it.
pub fn named(method: &str) -> Option<&'static str> {
    let names = METHODS.iter().map(|(name, _)| *name).chain(["getUpdates"]);
    names.into_iter().find(|name| name.eq_ignore_ascii_case(method))
}

/// Does what is asked for.
pub async fn done(shared: &Arc<Shared>, method: &str, parameters: &Parameters) -> Answer {
    if method == "getUpdates" {
        return updates::get(shared, parameters).await;
    }
    let found = METHODS.iter().find(|(name, _)| *name == method);
    let (_, method) = found.ok_or_else(|| Refusal::new(404, "Not Found: method not found"))?;
    shared.change(|state| method(state, parameters))
}
