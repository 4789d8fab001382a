//! What a body says a message is to be: checked, and made one.
use serde_json::Value;

use super::{components, embeds};
use crate::discord::answer::{Form, Refusal};
use crate::discord::request::{Asked, id_of};
use crate::discord::state::file::File;
use crate::discord::state::mentions::Allowed;
use crate::discord::state::message::{COMPONENTS_V2, EPHEMERAL, Message};
use crate::discord::state::{BOT, State};

/// Characters of a message.
const TEXT: usize = 2000;
/// Files of a message, and bytes of one.
const FILES: usize = 10;
const FILE: usize = 10 << 20;
const SUPPRESS_EMBEDS: u64 = 1 << 2;
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// A message to be.
#[derive(Clone, Debug)]
pub struct Draft {
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<File>,
    pub flags: u64,
    pub allowed: Allowed,
}

impl Draft {
    /// What a request says.
    pub fn of(asked: &Asked, ephemeral: bool) -> Result<Draft, Refusal> {
        Draft::of_body(&asked.body, &asked.files, ephemeral)
    }

    /// What a body says; `ephemeral`: it may be for one person only.
    pub fn of_body(body: &Value, files: &[(u64, File)], ephemeral: bool) -> Result<Draft, Refusal> {
        let mut form = Form::default();
        let field = |name: &str| body.get(name).unwrap_or(&Value::Null);
        let allowed = Allowed::of(field("allowed_mentions"), &mut form);
        let good =
            SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2 | if ephemeral { EPHEMERAL } else { 0 };
        let flags = field("flags").as_u64().unwrap_or_default() & good;
        let content = content(field("content"), &mut form);
        let embeds = embeds::checked(field("embeds"), &mut form);
        let components = components::checked(field("components"), flags & COMPONENTS_V2 != 0, &mut form);
        let files = described(field("attachments"), files, &mut form)?;
        form.check()?;
        Ok(Draft { content, embeds, components, files, flags, allowed })
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
            && self.embeds.is_empty()
            && self.files.is_empty()
            && self.components.is_empty()
    }

    /// As a message of the bot in a channel.
    pub fn message(&self, state: &mut State, channel: u64) -> Message {
        let files = self.files.iter().map(|file| (state.snowflake(), file.clone())).collect();
        Message {
            channel,
            author: BOT,
            content: self.content.clone(),
            embeds: self.embeds.clone(),
            components: self.components.clone(),
            attachments: files,
            flags: self.flags,
            ..Message::default()
        }
    }

    /// Puts what the body names into a message.
    pub fn apply(&self, state: &mut State, message: &mut Message, asked: &Asked) {
        let named = |name: &str| asked.body.get(name).is_some();
        if named("content") {
            message.content = self.content.clone();
        }
        if named("embeds") {
            message.embeds = self.embeds.clone();
        }
        if named("components") {
            message.components = self.components.clone();
        }
        if named("attachments") {
            let kept: Vec<u64> = asked
                .field("attachments")
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| id_of(&one["id"]))
                .collect();
            message.attachments.retain(|(id, _)| kept.contains(id));
        }
        let fresh: Vec<_> = self.files.iter().map(|file| (state.snowflake(), file.clone())).collect();
        message.attachments.extend(fresh);
    }
}

/// The text without the blanks around it, as Discord keeps it.
fn content(value: &Value, form: &mut Form) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => {
            form.wrong("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            String::new()
        }
    };
    form.length("content", &text, 0, TEXT);
    text
}

/// The files, with what `attachments` says of them.
fn described(value: &Value, files: &[(u64, File)], form: &mut Form) -> Result<Vec<File>, Refusal> {
    if files.len() > FILES {
        form.bad_length("attachments", 0, FILES);
    }
    if files.iter().any(|(_, file)| file.bytes.len() > FILE) {
        return Err(Refusal::code(40005));
    }
    let told = value.as_array().into_iter().flatten();
    let told: Vec<(u64, &Value)> = told.filter_map(|one| Some((id_of(&one["id"])?, one))).collect();
    let described = files.iter().map(|(number, file)| {
        let about = told.iter().find(|(id, _)| id == number).map(|(_, about)| *about);
        let text = |name: &str| about.and_then(|about| Some(about[name].as_str()?.to_owned()));
        let name = text("filename").unwrap_or_else(|| file.name.clone());
        File { name, description: text("description"), ..file.clone() }
    });
    Ok(described.collect())
}
