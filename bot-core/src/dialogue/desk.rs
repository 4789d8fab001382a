//! What agents do in a conversation, and who owns it afterwards.
//!
//! ```text
//!            hand-off            claim, say            back
//!     bot ─────────────► waiting ─────────► person ─────────► bot
//!      ▲                    │ back, close     │ close
//!      │     new question   ▼                 ▼
//!      └───────────────── bot, closed ◄───────┘
//! ```
//! What it is not: it says nothing about desks; their words and windows are the runtime's.
use super::event::{Event, Outcome, Purpose};
use super::turn::Turn;
use crate::handoff::{AgentAct, Owner};

/// What comes of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// A ticket is opened, so that all desks see the conversation.
    Open,
    /// The agent has the conversation.
    Take,
    /// The customer waits for the agent's answer.
    Expect,
    /// The customer gets the agent's words.
    Say,
    /// What the customer got is changed, or taken back.
    Edit,
    /// Desks get the agent's words.
    Note,
    /// The bot has the conversation again.
    Back,
    /// Nobody has the conversation any more.
    Close,
}

/// The table of all transitions by agents: whose the conversation is, what is done, and whether by the one who has it.
fn deeds(owner: Owner, act: &AgentAct, is_theirs: bool) -> &'static [Deed] {
    use Deed::{Back, Close, Edit, Expect, Note, Open, Say, Take};
    use Owner::{Bot, Closed, Person, Waiting};
    match (act, owner) {
        (AgentAct::Note { .. }, _) => &[Note],
        (AgentAct::Claim, Person) if is_theirs => &[],
        (AgentAct::Claim, Waiting | Person) => &[Take, Expect],
        (AgentAct::Claim, Bot | Closed) => &[Open, Take],
        (AgentAct::Edit { .. } | AgentAct::Delete { .. }, _) => &[Edit],
        (AgentAct::Say { .. } | AgentAct::Send { .. }, Person) if is_theirs => &[Say],
        (AgentAct::Say { .. } | AgentAct::Send { .. }, Waiting | Person) => &[Take, Say],
        (AgentAct::Say { .. } | AgentAct::Send { .. }, Bot | Closed) => &[Open, Take, Say],
        (AgentAct::Back, Waiting | Person) => &[Back],
        (AgentAct::Close, Waiting | Person) => &[Close],
        (AgentAct::Back | AgentAct::Close, Bot | Closed) => &[],
    }
}

impl Turn<'_> {
    /// An agent does something. Nothing written is nothing done, and nothing changed is no edit.
    pub fn agent(&mut self, agent: &str, act: &AgentAct) {
        if is_nothing(act) {
            return;
        }
        let (owner, holder) = (self.tracker.owner, self.tracker.agent.clone());
        for deed in deeds(owner, act, holder.as_deref() == Some(agent)) {
            match deed {
                Deed::Open => self.open_for(agent),
                Deed::Take => self.claim(agent),
                Deed::Expect => self.expect_from(owner),
                Deed::Say => self.agent_says(agent, act),
                Deed::Edit => self.agent_edits(agent, act),
                Deed::Note => {
                    self.emit(Event::Noted { agent: agent.to_owned(), text: words(act).to_owned() });
                }
                Deed::Back => self.back_to_bot(),
                Deed::Close => self.close(),
            }
        }
    }

    fn open_for(&mut self, agent: &str) {
        let ticket = self.ticket_for(&format!("Taken over by {agent}."));
        self.emit(Event::HandedOff(Box::new(ticket)));
    }

    fn claim(&mut self, agent: &str) {
        self.unwatch(&Purpose::Unclaimed);
        if self.tracker.offer.is_some() {
            self.emit(Event::OfferClosed);
        }
        self.emit(Event::Claimed { agent: agent.to_owned() });
        if self.tracker.owner != Owner::Person {
            self.emit(Event::OwnerChanged { owner: Owner::Person });
        }
    }

    /// Who takes over from another agent has as long as that one had.
    fn expect_from(&mut self, owner: Owner) {
        if owner == Owner::Waiting || self.waits_for_answer() {
            self.watch(Purpose::Idle);
        }
    }

    fn agent_says(&mut self, agent: &str, act: &AgentAct) {
        self.unwatch(&Purpose::Idle);
        let (agent, text, at) = (agent.to_owned(), words(act).to_owned(), self.now.timestamp());
        self.emit(match act {
            AgentAct::Send { files, .. } if !files.is_empty() => {
                Event::AgentSent { agent, files: files.clone(), text, at }
            }
            _ => Event::AgentSaid { agent, text, at },
        });
    }

    fn agent_edits(&mut self, agent: &str, act: &AgentAct) {
        let agent = agent.to_owned();
        match act.clone() {
            AgentAct::Edit { message, before, text } => {
                self.emit(Event::AgentEdited { agent, message, before, text });
            }
            AgentAct::Delete { messages, before } => {
                self.emit(Event::AgentDeleted { agent, messages, before });
            }
            _ => {}
        }
    }

    fn back_to_bot(&mut self) {
        self.return_to_bot();
        self.go_on_with(
            "You're back with me.",
            "You're back with me. What can I do for you?",
            Self::offer_to_resume,
        );
    }

    /// What the bot was about is settled too. Who was answered by nobody is not asked how it was.
    fn close(&mut self) {
        let was_with_person = self.tracker.owner == Owner::Person;
        self.unwatch_all();
        while let Some(topic) = self.topic() {
            let intent = topic.intent.clone();
            self.emit(Event::FlowEnded { intent, outcome: Outcome::HandedOff });
        }
        self.emit(Event::OwnerChanged { owner: Owner::Closed });
        self.say_own("This conversation is closed. Write again whenever you need something.", &[]);
        if was_with_person {
            self.ask_for_rating();
        }
    }
}

fn is_nothing(act: &AgentAct) -> bool {
    let is_blank = |text: &str| text.trim().is_empty();
    match act {
        AgentAct::Say { text } | AgentAct::Note { text } => is_blank(text),
        AgentAct::Send { files, text, .. } => files.is_empty() && is_blank(text),
        AgentAct::Edit { before, text, .. } => is_blank(text) || text == before,
        AgentAct::Delete { messages, .. } => messages.is_empty(),
        AgentAct::Claim | AgentAct::Back | AgentAct::Close => false,
    }
}

fn words(act: &AgentAct) -> &str {
    match act {
        AgentAct::Say { text }
        | AgentAct::Note { text }
        | AgentAct::Send { text, .. }
        | AgentAct::Edit { text, .. } => text,
        AgentAct::Claim | AgentAct::Back | AgentAct::Close | AgentAct::Delete { .. } => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every owner, every act: what comes of it, by the agent who has the conversation and by another.
    #[test]
    fn who_owns_a_conversation_after_an_act_stands_in_one_table() {
        use Deed::{Back, Close, Edit, Expect, Note, Open, Say, Take};
        let text = String::new;
        let (claim, say) = (AgentAct::Claim, AgentAct::Say { text: text() });
        let send = AgentAct::Send { files: vec![], text: text(), album: None };
        let edit = AgentAct::Edit { message: text(), before: text(), text: text() };
        let delete = AgentAct::Delete { messages: vec![], before: text() };
        let (note, back, close) = (AgentAct::Note { text: text() }, AgentAct::Back, AgentAct::Close);
        let nothing: &[Deed] = &[];
        for (owner, is_theirs, expected) in [
            (Owner::Bot, false, [&[Open, Take][..], &[Open, Take, Say], &[Note], nothing, nothing]),
            (Owner::Waiting, false, [&[Take, Expect], &[Take, Say], &[Note], &[Back], &[Close]]),
            (Owner::Person, true, [nothing, &[Say], &[Note], &[Back], &[Close]]),
            (Owner::Person, false, [&[Take, Expect], &[Take, Say], &[Note], &[Back], &[Close]]),
            (Owner::Closed, false, [&[Open, Take], &[Open, Take, Say], &[Note], nothing, nothing]),
        ] {
            for (act, expected) in [&claim, &say, &note, &back, &close].into_iter().zip(expected) {
                assert_eq!(deeds(owner, act, is_theirs), expected, "{owner:?} {act:?} {is_theirs}");
            }
            // Files are an answer; what was answered is changed by anybody, and stays whose it is.
            assert_eq!(deeds(owner, &send, is_theirs), expected[1], "{owner:?} {is_theirs}");
            assert_eq!(deeds(owner, &edit, is_theirs), [Edit], "{owner:?} {is_theirs}");
            assert_eq!(deeds(owner, &delete, is_theirs), [Edit], "{owner:?} {is_theirs}");
        }
    }
}
