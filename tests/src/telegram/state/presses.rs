//! Buttons that are pressed, and what the bot answers.
use std::time::Duration;

use serde_json::{Value, json};

use super::State;

/// How long a press can be answered. [S]
const LIVES: Duration = Duration::from_secs(150);

/// A press of a button.
#[derive(Clone, Debug)]
pub struct Press {
    /// When it was pressed.
    at: Duration,
    /// What the bot answered; nothing, as long as it has not.
    pub answer: Option<Pressed>,
}

/// What the bot answers to a press.
#[derive(Clone, Debug, PartialEq)]
pub struct Pressed {
    /// What is shown, if anything.
    pub text: Option<String>,
    /// It is shown until it is closed.
    pub alert: bool,
}

impl State {
    /// Somebody presses a button of a message with that data, be it there or not; returns the id of the press.
    ///
    /// # Panics
    /// There is no such message.
    pub(in crate::telegram) fn presses(&mut self, chat: i64, from: i64, message: i64, data: &str) -> String {
        let id = format!("4{:017}", self.number());
        let json = self.message(chat, message).map(|message| message.json(self));
        let json =
            json.unwrap_or_else(|| panic!("there is no message {message} in {chat} to press a button of"));
        let user = self.users[&from].json();
        let press = json!({"id": id, "from": user, "message": json, "chat_instance": format!("-{}", chat.abs()), "data": data});
        self.presses.insert(id.clone(), Press { at: self.clock.now(), answer: None });
        self.tell("callback_query", press, Some(chat));
        id
    }

    /// The bot answers a press; `false` if it can't any more.
    pub(in crate::telegram) fn answers(&mut self, id: &str, answer: Pressed) -> bool {
        let now = self.clock.now();
        let open = self.presses.get_mut(id).filter(|press| press.answer.is_none() && press.at + LIVES >= now);
        let Some(press) = open else { return false };
        press.answer = Some(answer);
        true
    }

    /// The data of the button with that label, the newest first; only of one message, if it is named.
    pub(in crate::telegram) fn button(
        &self,
        chat: i64,
        message: Option<i64>,
        label: &str,
    ) -> Option<(i64, String)> {
        let messages = self.chat(chat)?.messages.values().rev();
        let mut named = messages.filter(|of| message.is_none_or(|id| of.id == id));
        named.find_map(|message| {
            let button = message.buttons().into_iter().find(|button| button.label == label)?;
            Some((message.id, button.data?))
        })
    }
}

/// What stands on buttons of a chat, for a message that says what is there.
pub(in crate::telegram) fn labels(state: &State, chat: i64) -> Value {
    let buttons = |shown: crate::telegram::Shown| json!({"message": shown.id, "buttons": shown.labels()});
    state.shown(chat).into_iter().filter(|shown| !shown.buttons.is_empty()).map(buttons).collect()
}
