//! What the bot may do where.
use super::chat::{Chat, Kind, Rights, Role};
use super::{BOT, State};
use crate::telegram::answer::Refusal;
use crate::telegram::parameters::Parameters;

impl State {
    /// The chat that a parameter names, as far as the bot can reach it.
    pub(in crate::telegram) fn reached(&self, parameters: &Parameters, name: &str) -> Result<&Chat, Refusal> {
        let named = parameters.text(name).ok_or_else(|| Refusal::bad(&format!("{name} is empty")))?;
        let id = named.parse::<i64>().map_err(|_| Refusal::bad("chat not found"))?;
        let chat = self.chat(id).ok_or_else(|| self.unknown(id))?;
        match chat.migrated_to {
            Some(to) => Err(moved(to)),
            None => Ok(chat),
        }
    }

    /// The same, and the bot may take part in it.
    pub(in crate::telegram) fn joined(&self, parameters: &Parameters, name: &str) -> Result<&Chat, Refusal> {
        let chat = self.reached(parameters, name)?;
        self.takes_part(chat)?;
        Ok(chat)
    }

    /// People who never wrote to the bot can't be written to.
    fn unknown(&self, id: i64) -> Refusal {
        match self.user(id) {
            Some(user) if user.bot => Refusal::forbidden("bot can't send messages to bots"),
            Some(_) => Refusal::forbidden("bot can't initiate conversation with a user"),
            None => Refusal::bad("chat not found"),
        }
    }

    fn takes_part(&self, chat: &Chat) -> Result<(), Refusal> {
        let deactivated = self.user(chat.id).is_some_and(|user| user.deactivated);
        match (chat.kind, self.bot_in(chat)) {
            (Kind::Private, _) if deactivated => Err(Refusal::forbidden("user is deactivated")),
            (Kind::Private, Role::Kicked) => Err(Refusal::forbidden("bot was blocked by the user")),
            (kind, Role::Kicked) => {
                Err(Refusal::forbidden(&format!("bot was kicked from the {} chat", sort(kind))))
            }
            (kind, Role::Left) => {
                Err(Refusal::forbidden(&format!("bot is not a member of the {} chat", sort(kind))))
            }
            _ => Ok(()),
        }
    }

    /// What the bot is in a chat.
    pub(in crate::telegram) fn bot_in(&self, chat: &Chat) -> Role {
        chat.members.get(&BOT).map_or(Role::Left, |member| member.role)
    }

    /// What the bot may do in a chat.
    pub(in crate::telegram) fn rights_in(&self, chat: &Chat) -> Rights {
        self.bot_in(chat).rights()
    }

    /// The topic to send into, if any; it has to be there and open to the bot.
    pub(in crate::telegram) fn sends_to(
        &self,
        chat: &Chat,
        parameters: &Parameters,
    ) -> Result<Option<i64>, Refusal> {
        let Some(thread) = parameters.number("message_thread_id").filter(|thread| *thread != 0) else {
            return Ok(None);
        };
        let topic = chat.topics.get(&thread).filter(|_| chat.forum);
        let topic = topic.ok_or_else(|| Refusal::bad("message thread not found"))?;
        if topic.closed && !self.rights_in(chat).manage_topics {
            return Err(Refusal::bad("TOPIC_CLOSED"));
        }
        Ok(Some(thread))
    }

    /// So many actions in a chat, or 429.
    pub(in crate::telegram) fn paced(&mut self, chat: i64, count: usize) -> Result<(), Refusal> {
        let now = self.clock.now();
        self.pace.spend(chat, count, now).map_err(Refusal::too_many)
    }
}

fn sort(kind: Kind) -> &'static str {
    if kind == Kind::Supergroup { "supergroup" } else { "group" }
}

fn moved(to: i64) -> Refusal {
    Refusal::bad("group chat was upgraded to a supergroup chat").with("migrate_to_chat_id", to.into())
}
