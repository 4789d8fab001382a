//! What people do in chats: they write, send, edit, delete.
use serde_json::{Map, Value, json};

use super::chat::Role;
use super::message::{self, Message};
use super::{BOT, State, words};
use crate::telegram::media::Media;

/// Something that is said, to be put into a chat.
#[derive(Default)]
pub struct Said {
    pub chat: i64,
    pub thread: Option<i64>,
    pub from: i64,
    pub content: Map<String, Value>,
    pub reply_to: Option<i64>,
    pub markup: Option<Value>,
    pub album: Option<String>,
    pub origin: Option<Value>,
    pub copied_from: Option<(i64, i64)>,
    pub service: Option<&'static str>,
}

impl State {
    /// Puts a message into a chat and tells the bot, if it sees it; returns its id.
    ///
    /// # Panics
    /// There is no such chat.
    pub(in crate::telegram) fn say(&mut self, said: Said) -> i64 {
        let date = self.clock.date();
        let anonymous = self.is_anonymous(said.chat, said.from);
        let chat = self.chats.get_mut(&said.chat).expect("the chat is there");
        let id = chat.next_message();
        let Said { thread, from, content, reply_to, markup, album, origin, copied_from, service, chat: of } =
            said;
        let message = Message {
            id,
            chat: of,
            thread,
            from,
            anonymous,
            date,
            content,
            markup,
            reply_to,
            album,
            origin,
            copied_from,
            service,
            ..Message::default()
        };
        chat.messages.insert(id, message);
        self.tell_message("message", of, id);
        id
    }

    fn is_anonymous(&self, chat: i64, user: i64) -> bool {
        self.chat(chat).and_then(|chat| chat.members.get(&user)).is_some_and(|member| member.anonymous)
    }

    fn tell_message(&mut self, kind: &str, chat: i64, id: i64) {
        let Some(message) = self.message(chat, id).filter(|message| self.sees(message)) else { return };
        let json = message.json(self);
        self.tell(kind, json, Some(chat));
    }

    /// The bot gets an update for it: not its own (service messages excepted), and with privacy in groups only what is for it.
    fn sees(&self, message: &Message) -> bool {
        let Some(chat) = self.chat(message.chat) else { return false };
        let Some(bot) = chat.members.get(&BOT).filter(|bot| bot.role.is_in()) else { return false };
        if message.from == BOT {
            return message.service.is_some();
        }
        let all = chat.id > 0 || !self.privacy || bot.role.is_administrator() || message.service.is_some();
        all || self.is_for_bot(message)
    }

    fn is_for_bot(&self, message: &Message) -> bool {
        let to_bot = |id| self.message(message.chat, id).is_some_and(|answered| answered.from == BOT);
        let words = message.words().to_lowercase();
        let at = self.users[&BOT].username.as_ref().map(|name| format!("@{}", name.to_lowercase()));
        let command = words.split_whitespace().next().filter(|word| word.starts_with('/'));
        message.reply_to.is_some_and(to_bot)
            || command.is_some_and(|word| !word.contains('@'))
            || at.is_some_and(|at| words.contains(&at))
    }

    /// Somebody writes.
    pub(in crate::telegram) fn writes(&mut self, text: &str, said: Said) -> i64 {
        self.say(Said { content: message::text(text, words::entities(text)), ..said })
    }

    /// Somebody sends a file, or another thing.
    pub(in crate::telegram) fn sends(&mut self, media: Media, caption: &str, said: Said) -> i64 {
        let file = self.new_file(media);
        let mut content = media.content(&file, "file.pdf");
        content.extend(message::caption(caption, words::entities(caption)));
        self.say(Said { content, ..said })
    }

    /// Somebody sends pictures as one album; the caption is below the first.
    pub(in crate::telegram) fn sends_album(
        &mut self,
        count: usize,
        caption: &str,
        said: impl Fn() -> Said,
    ) -> Vec<i64> {
        let album = Some(format!("13{:015}", self.number()));
        let send = |index| {
            let caption = if index == 0 { caption } else { "" };
            self.sends(Media::Photo, caption, Said { album: album.clone(), ..said() })
        };
        (0..count).map(send).collect()
    }

    /// Somebody changes the text, or the caption, of a message of theirs.
    ///
    /// # Panics
    /// There is no such message of theirs.
    pub(in crate::telegram) fn edits(&mut self, chat: i64, from: i64, id: i64, text: &str) {
        let date = self.clock.date();
        let own = self.message_mut(chat, id).filter(|message| message.from == from);
        let message = own.unwrap_or_else(|| panic!("{from} has no message {id} in {chat} to edit"));
        let entities = words::entities(text);
        let is_text = message.content.contains_key("text");
        message
            .content
            .retain(|name, _| !["text", "entities", "caption", "caption_entities"].contains(&name.as_str()));
        message.content.extend(if is_text {
            message::text(text, entities)
        } else {
            message::caption(text, entities)
        });
        message.edited = Some(date);
        self.tell_message("edited_message", chat, id);
    }

    /// Somebody deletes a message: the bot isn't told.
    pub(in crate::telegram) fn deletes(&mut self, chat: i64, id: i64) {
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.messages.remove(&id);
        }
    }

    /// Somebody reacts with that emoji, or with none any more.
    pub(in crate::telegram) fn reacts(&mut self, chat: i64, from: i64, id: i64, emoji: Option<&str>) {
        let (Some(place), Some(user)) = (self.chat(chat), self.user(from)) else { return };
        let administrator = place.members.get(&BOT).is_some_and(|bot| bot.role.is_administrator());
        let new: Vec<Value> = emoji.iter().map(|emoji| json!({"type": "emoji", "emoji": emoji})).collect();
        let update = json!({"chat": place.json(), "message_id": id, "user": user.json(), "date": self.clock.date(),
            "old_reaction": [], "new_reaction": new});
        if chat > 0 || administrator {
            self.tell("message_reaction", update, Some(chat));
        }
    }

    /// What the bot is in a chat changes, and it is told.
    pub(in crate::telegram) fn bot_becomes(&mut self, chat: i64, by: i64, role: Role) {
        let (date, bot, by) = (self.clock.date(), self.users[&BOT].clone(), self.users[&by].json());
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let member = place.members.entry(BOT).or_insert_with(|| super::chat::Member::new(Role::Left));
        let old = member.json(&bot);
        member.role = role;
        let new = member.json(&bot);
        let update = json!({"chat": place.json(), "from": by, "date": date, "old_chat_member": old, "new_chat_member": new});
        self.tell("my_chat_member", update, Some(chat));
    }
}
