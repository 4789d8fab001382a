//! Interactions: slash commands, presses, picks and forms, and how the bot answers them.
use std::time::Duration;

use serde_json::{Value, json};

use super::message::Message;
use super::{BOT, State};

/// A slash command.
pub const COMMAND: u8 = 2;
/// A press of a button, or a pick of a menu.
pub const COMPONENT: u8 = 3;
/// A form that was sent.
pub const MODAL: u8 = 5;

/// How long an interaction waits to be acknowledged.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// How long its token lives.
pub const TOKEN: Duration = Duration::from_secs(15 * 60);

/// What a person asks of the bot by the app's own means.
#[derive(Clone, Debug, Default)]
pub struct Interaction {
    /// Its id.
    pub id: u64,
    /// With it the bot answers.
    pub token: String,
    /// 2 a slash command, 3 a button or a menu, 5 a form.
    pub kind: u8,
    /// Whose it is.
    pub user: u64,
    /// Where it is.
    pub channel: u64,
    /// The message whose button or menu it was.
    pub message: Option<u64>,
    /// `data`: the command, or the component.
    pub data: Value,
    /// When it was, since the start of the stand-in.
    pub at: Duration,
    /// How the bot acknowledged it: the type of its callback, and after what time.
    pub acknowledged: Option<(u64, Duration)>,
    /// The message that answers it, if there is one.
    pub original: Option<u64>,
    /// The form that the bot showed in answer.
    pub modal: Option<Value>,
    /// The interaction whose form this sends.
    pub by: Option<u64>,
    /// The form was sent, or another shown since.
    pub(in crate::discord) modal_done: bool,
}

impl State {
    /// An interaction, and how the bot has answered it.
    pub fn interaction(&self, id: u64) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    /// Somebody asks something of the bot; returns the interaction's id.
    pub(in crate::discord) fn asks(&mut self, asked: Interaction) -> u64 {
        let id = self.snowflake();
        let token = format!("aW50ZXJhY3Rpb246{id}{:016x}", crate::discord::limits::hash(&id.to_string()));
        let asked = Interaction { id, token, at: self.clock.now(), ..asked };
        let data = self.interaction_event(&asked);
        let is_direct = self.channels.get(&asked.channel).is_some_and(|channel| channel.guild.is_none());
        self.interactions.insert(id, asked);
        self.emit("INTERACTION_CREATE", data, 0, is_direct);
        id
    }

    fn interaction_event(&self, asked: &Interaction) -> Value {
        let channel = &self.channels[&asked.channel];
        let user = &self.users[&asked.user];
        let owner = channel.guild.map_or("0".to_owned(), |guild| guild.to_string());
        let mut event = json!({"id": asked.id.to_string(), "application_id": BOT.to_string(), "type": asked.kind,
            "token": asked.token, "version": 1, "channel_id": asked.channel.to_string(), "locale": user.locale,
            "channel": self.channel_json(channel), "app_permissions": self.permissions(BOT, channel).to_string(),
            "entitlements": [], "authorizing_integration_owners": {"0": owner},
            "context": if channel.guild.is_some() { 0 } else { 1 }, "attachment_size_limit": 10_485_760,
            "data": asked.data});
        let message = asked.message.and_then(|id| self.message(asked.channel, id));
        if let Some(message) = message {
            event["message"] = self.message_of_interaction(message);
        }
        let Some(guild) = channel.guild else {
            event["user"] = user.json();
            return event;
        };
        let own = self.permissions(asked.user, channel).to_string();
        event["member"] = self.member_json(guild, asked.user);
        event["member"]["permissions"] = json!(own);
        event["guild_id"] = json!(guild.to_string());
        event["guild"] = json!({"id": guild.to_string(), "locale": "en-US", "features": []});
        event["guild_locale"] = json!("en-US");
        event
    }

    /// The message is the bot's: its content is never blank.
    fn message_of_interaction(&self, message: &Message) -> Value {
        self.message_json(message)
    }

    /// `interaction_metadata` of a message that answers one.
    pub(in crate::discord) fn metadata(&self, asked: &Interaction) -> Value {
        let channel = self.channels.get(&asked.channel);
        let owner =
            channel.and_then(|channel| channel.guild).map_or("0".to_owned(), |guild| guild.to_string());
        let mut metadata = json!({"id": asked.id.to_string(), "type": asked.kind, "user": self.users[&asked.user].json(),
            "authorizing_integration_owners": {"0": owner}});
        match (asked.kind, asked.message) {
            (COMPONENT, Some(message)) => metadata["interacted_message_id"] = json!(message.to_string()),
            (MODAL, message) => {
                let by = asked.by.and_then(|id| self.interactions.get(&id));
                if let Some(by) = by {
                    metadata["triggering_interaction_metadata"] = self.metadata(by);
                }
                if let (None, Some(message)) = (by, message) {
                    metadata["interacted_message_id"] = json!(message.to_string());
                }
            }
            _ => {}
        }
        metadata
    }

    /// The newest form that the bot has shown somebody in a channel, and that is still open: of which interaction.
    pub(in crate::discord) fn open_modal(&self, channel: u64, user: u64) -> Option<&Interaction> {
        let mut own = self.interactions.values().filter(|one| one.channel == channel && one.user == user);
        own.rfind(|one| one.modal.is_some() && !one.modal_done)
    }
}
