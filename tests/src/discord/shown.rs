//! What stands in a channel, as a person sees it.
use serde_json::Value;

use super::state::State;
use super::state::mentions::Pinged;
use super::state::message::{EPHEMERAL, LOADING, Message};

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its id.
    pub id: u64,
    /// The channel or thread it stands in.
    pub channel: u64,
    /// Its author's name.
    pub from: String,
    /// Its author's account.
    pub from_id: u64,
    /// It is a bot's.
    pub by_bot: bool,
    /// Its kind by Discord's number: 0 what somebody writes, 19 an answer, others are the platform's own words.
    pub kind: u8,
    /// What is written, with its marks.
    pub text: String,
    /// Its embeds.
    pub embeds: Vec<Value>,
    /// Its buttons, row by row.
    pub buttons: Vec<Button>,
    /// Its select menus.
    pub selects: Vec<Select>,
    /// The message it answers.
    pub reply_to: Option<u64>,
    /// It is shown as edited.
    pub edited: bool,
    /// Names of the files it carries.
    pub files: Vec<String>,
    /// Emojis below it, each as often as somebody reacts with it.
    pub reactions: Vec<String>,
    /// Only this person sees it.
    pub only_for: Option<u64>,
    /// The bot "is thinking".
    pub loading: bool,
    /// Whom it pinged.
    pub pinged: Pinged,
    /// The thread that began with it.
    pub thread: Option<u64>,
    /// `nonce`, where the bot gave one.
    pub nonce: Option<String>,
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What the bot gets when it is pressed; none for a link.
    pub custom_id: Option<String>,
    /// Where it leads, if it is a link.
    pub url: Option<String>,
    /// 1 primary, 2 secondary, 3 success, 4 danger, 5 link.
    pub style: u64,
    /// It can't be pressed.
    pub disabled: bool,
    /// Its row, from 0.
    pub row: usize,
}

/// A select menu below a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// What the bot gets.
    pub custom_id: String,
    /// What stands in it while nothing is picked.
    pub placeholder: String,
    /// Labels and values.
    pub options: Vec<(String, String)>,
    /// It can't be opened.
    pub disabled: bool,
    /// Its row, from 0.
    pub row: usize,
}

impl Shown {
    pub(super) fn of(message: &Message, state: &State) -> Shown {
        let user = state.users.get(&message.author);
        let reactions = message.reactions.iter().flat_map(|one| one.users.iter().map(|_| one.emoji.clone()));
        Shown {
            id: message.id,
            channel: message.channel,
            from: user.map(|user| user.name.clone()).unwrap_or_default(),
            from_id: message.author,
            by_bot: user.is_some_and(|user| user.bot),
            kind: message.kind,
            text: message.content.clone(),
            embeds: message.embeds.clone(),
            buttons: controls(message).filter_map(|(row, value)| button(value, row)).collect(),
            selects: controls(message).filter_map(|(row, value)| select(value, row)).collect(),
            reply_to: message.reference.map(|(_, id)| id),
            edited: message.edited.is_some(),
            files: message.attachments.iter().map(|(_, file)| file.name.clone()).collect(),
            reactions: reactions.collect(),
            only_for: message.only_for.filter(|_| message.flags & EPHEMERAL != 0),
            loading: message.flags & LOADING != 0,
            pinged: message.pinged.clone(),
            thread: message.thread,
            nonce: message.nonce.as_ref().and_then(|nonce| Some(nonce.as_str()?.to_owned())),
        }
    }

    /// The labels of its buttons, row by row, and of the options of its select menus.
    pub fn labels(&self) -> Vec<&str> {
        let options = self.selects.iter().flat_map(|select| &select.options).map(|(label, _)| label.as_str());
        self.buttons.iter().map(|button| button.label.as_str()).chain(options).collect()
    }
}

/// Buttons and select menus, with their rows.
fn controls(message: &Message) -> impl Iterator<Item = (usize, &Value)> {
    let rows = message.components.iter().enumerate();
    rows.flat_map(|(row, of)| {
        of["components"].as_array().into_iter().flatten().map(move |value| (row, value))
    })
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}

fn button(value: &Value, row: usize) -> Option<Button> {
    let style = value["style"].as_u64().filter(|_| value["type"] == 2)?;
    let emoji = text(&value["emoji"], "name");
    Some(Button {
        label: text(value, "label").or(emoji).unwrap_or_default(),
        custom_id: text(value, "custom_id"),
        url: text(value, "url"),
        style,
        disabled: value["disabled"] == true,
        row,
    })
}

fn select(value: &Value, row: usize) -> Option<Select> {
    let options = value["options"].as_array().filter(|_| value["type"] == 3)?.iter();
    let option = |option: &Value| Some((text(option, "label")?, text(option, "value")?));
    Some(Select {
        custom_id: text(value, "custom_id")?,
        placeholder: text(value, "placeholder").unwrap_or_default(),
        options: options.filter_map(option).collect(),
        disabled: value["disabled"] == true,
        row,
    })
}
