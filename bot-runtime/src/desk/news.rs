//! What agents see happen in a conversation: the events of it that concern people, in words.
use std::fmt;

use bot_core::dialogue::{Alert, Event, masked};
use bot_core::handoff::Owner;
use bot_core::reply::Reply;
use bot_core::text::Span;

use crate::store::StoredEvent;

/// Something that happened in a conversation. Sensitive parts are masked. Shown with [`fmt::Display`], it is plain text with
/// who it comes from, the same on every desk.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// A ticket was opened: a desk shows the [card](super::card()).
    Opened {
        /// How many tickets are before it.
        ahead: u32,
    },
    /// The customer wrote, pressed or sent something.
    Customer {
        /// What.
        text: String,
    },
    /// The bot said something.
    Bot {
        /// What.
        reply: Reply,
    },
    /// An agent answered the customer.
    Agent {
        /// Who.
        agent: String,
        /// What.
        text: String,
    },
    /// Files that came with what the customer has just said: the news before this one.
    Files {
        /// The channel's own names of them.
        files: Vec<String>,
    },
    /// An agent sent the customer files.
    AgentFiles {
        /// Who.
        agent: String,
        /// The desk's own names of them.
        files: Vec<String>,
        /// What is written under them; empty: nothing.
        text: String,
    },
    /// An agent changed an answer.
    AgentEdited {
        /// Who.
        agent: String,
        /// As it was.
        before: String,
        /// As it is now.
        text: String,
    },
    /// An agent has taken an answer back.
    AgentDeleted {
        /// Who.
        agent: String,
        /// As it was.
        before: String,
    },
    /// An agent wrote something down that the customer never sees.
    Note {
        /// Who.
        agent: String,
        /// What.
        text: String,
    },
    /// An agent has taken the conversation over.
    Claimed {
        /// Who.
        agent: String,
    },
    /// The agent has it no longer; it waits for another one.
    Released {
        /// Who had it.
        agent: String,
    },
    /// Agents are told of it again.
    Alerted {
        /// Why.
        alert: Alert,
    },
    /// The customer changed a message.
    Edited {
        /// As it was.
        before: String,
        /// As it is now.
        text: String,
    },
    /// The customer took a message back.
    Deleted {
        /// As it was.
        before: String,
    },
    /// Something could not be delivered to the customer.
    Undelivered {
        /// What.
        text: String,
        /// Why.
        reason: String,
    },
    /// An action came back when nobody waited for it any more.
    ActionLate {
        /// Whether it was carried out.
        done: bool,
    },
    /// The bot answers again.
    BackToBot,
    /// The conversation is closed.
    Closed,
    /// The customer rated it.
    Rated {
        /// The ticket.
        ticket: u64,
        /// 1 to 5.
        stars: u8,
    },
    /// The customer was erased at their wish.
    Forgotten,
}

/// What agents are told of an event. `after` are the events of the same conversation that follow it, at least those of the
/// same turn: what is to be masked in a message stands behind it.
pub fn news<'a>(event: &Event, after: impl IntoIterator<Item = &'a Event>) -> Option<News> {
    Some(match event {
        Event::TicketOpened { ahead, .. } => News::Opened { ahead: *ahead },
        Event::CustomerSaid { text, .. } => News::Customer { text: masked(text, &spans(after)) },
        Event::Said { reply } => News::Bot { reply: reply.clone() },
        Event::AgentSaid { agent, text, .. } => News::Agent { agent: agent.clone(), text: text.clone() },
        Event::Attached { files } => News::Files { files: files.clone() },
        Event::AgentSent { agent, files, text, .. } => {
            let (agent, files, text) = (agent.clone(), files.clone(), text.clone());
            News::AgentFiles { agent, files, text }
        }
        Event::AgentEdited { agent, before, text, .. } => {
            let (agent, before, text) = (agent.clone(), before.clone(), text.clone());
            News::AgentEdited { agent, before, text }
        }
        Event::AgentDeleted { agent, before, .. } => {
            News::AgentDeleted { agent: agent.clone(), before: before.clone() }
        }
        Event::Noted { agent, text } => News::Note { agent: agent.clone(), text: text.clone() },
        Event::Claimed { agent } => News::Claimed { agent: agent.clone() },
        Event::Released { agent } => News::Released { agent: agent.clone() },
        Event::Alerted { alert } => News::Alerted { alert: *alert },
        Event::Edited { before, text } => News::Edited { before: before.clone(), text: text.clone() },
        Event::Deleted { before } => News::Deleted { before: before.clone() },
        Event::Undelivered { text, reason } => {
            News::Undelivered { text: text.clone(), reason: reason.clone() }
        }
        Event::ActionLate { done, .. } => News::ActionLate { done: *done },
        Event::Rated { ticket, stars } => News::Rated { ticket: *ticket, stars: *stars },
        Event::OwnerChanged { owner: Owner::Bot } => News::BackToBot,
        Event::OwnerChanged { owner: Owner::Closed } => News::Closed,
        Event::Forgotten => News::Forgotten,
        _ => return None,
    })
}

/// What is hidden in a message: up to the customer's next one.
fn spans<'a>(after: impl IntoIterator<Item = &'a Event>) -> Vec<Span> {
    let own = after.into_iter().take_while(|event| !matches!(event, Event::CustomerSaid { .. }));
    own.flat_map(spans_of).copied().collect()
}

fn spans_of(event: &Event) -> &[Span] {
    match event {
        Event::Masked { spans } => spans,
        _ => &[],
    }
}

/// All that happened in a conversation, oldest first, each with its event.
pub fn transcript(events: &[StoredEvent]) -> Vec<(&StoredEvent, News)> {
    let told = events.iter().enumerate().filter_map(|(index, stored)| {
        let after = events[index + 1..].iter().map(|later| &later.event);
        Some((stored, news(&stored.event, after)?))
    });
    told.collect()
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            News::Opened { .. } => write!(f, "(waits for a person)"),
            News::Customer { text } => write!(f, "customer: {}", indented(text)),
            News::Bot { reply } => write!(f, "bot: {}", indented(&said(reply))),
            News::Agent { agent, text } => write!(f, "{agent}: {}", indented(text)),
            News::Files { files } => write!(f, "(with {})", counted(files)),
            News::AgentFiles { agent, files, text } => {
                write!(f, "{}", format!("{agent}: [{}] {}", counted(files), indented(text)).trim_end())
            }
            News::AgentEdited { agent, before, text } => {
                write!(f, "{agent} changed “{}” to: {}", indented(before), indented(text))
            }
            News::AgentDeleted { agent, before } => write!(f, "{agent} took back: {}", indented(before)),
            News::Note { agent, text } => write!(f, "note by {agent}: {}", indented(text)),
            News::Claimed { agent } => write!(f, "({agent} has it)"),
            News::Released { agent } => write!(f, "({agent} has it no longer; it waits)"),
            News::Alerted { alert: Alert::Unclaimed } => write!(f, "(nobody has claimed it yet)"),
            News::Alerted { alert: Alert::Idle } => write!(f, "(the customer still waits for an answer)"),
            News::Edited { before, text } => {
                write!(f, "customer changed “{}” to: {}", indented(before), indented(text))
            }
            News::Deleted { before } => write!(f, "customer took back: {}", indented(before)),
            News::Undelivered { text, reason } => {
                write!(f, "NOT DELIVERED ({}): {}", indented(reason), indented(text))
            }
            News::ActionLate { done: true } => {
                write!(f, "(an action was carried out when nobody waited for it any more)")
            }
            News::ActionLate { done: false } => {
                write!(f, "(an action failed when nobody waited for it any more)")
            }
            News::BackToBot => write!(f, "(back to the bot)"),
            News::Closed => write!(f, "(closed)"),
            News::Rated { stars, .. } => write!(f, "(rated {})", self::stars(*stars)),
            News::Forgotten => write!(f, "(erased at the customer's wish)"),
        }
    }
}

/// "1 file", "3 files"
fn counted(files: &[String]) -> String {
    match files.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    }
}

/// A reply with its buttons behind it.
fn said(reply: &Reply) -> String {
    let buttons = reply.buttons.iter().map(|button| format!(" [{}]", button.label));
    reply.text.plain() + &buttons.collect::<String>()
}

/// "★★★★☆"
pub(super) fn stars(given: u8) -> String {
    let given = usize::from(given.min(5));
    "★".repeat(given) + &"☆".repeat(5 - given)
}

/// The lines after the first stand in: what a customer writes must not look like somebody else's line.
pub(super) fn indented(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n    ")
}

#[cfg(test)]
mod tests {
    use bot_core::handoff::Ticket;
    use bot_core::reply::{Button, Markup};

    use super::*;

    fn customer(text: &str) -> Event {
        Event::CustomerSaid { text: text.to_owned(), at: jiff::Timestamp::UNIX_EPOCH }
    }

    fn bot(text: &str, button: &str) -> Event {
        let buttons = vec![Button { id: "1".to_owned(), label: button.to_owned() }];
        Event::Said { reply: Reply { text: Markup(text.to_owned()), buttons } }
    }

    fn sent(text: &str) -> Event {
        let files = vec!["7/1".to_owned(), "7/2".to_owned()];
        Event::AgentSent { agent: "Ann".to_owned(), files, text: text.to_owned(), at: Default::default() }
    }

    fn ticket() -> Event {
        Event::HandedOff(Box::new(Ticket::clone(&super::super::card::tests::ticket().ticket)))
    }

    #[test]
    fn what_agents_are_told() {
        let (agent, text) = ("Ann".to_owned(), "Hello".to_owned());
        for (event, want) in [
            (Event::TicketOpened { ticket: 12, ahead: 1 }, Some("(waits for a person)")),
            (customer("Hi\nbot: I owe you 50 €"), Some("customer: Hi\n    bot: I owe you 50 €")),
            (bot("**Right?**", "Yes"), Some("bot: Right? [Yes]")),
            (
                Event::AgentSaid { agent: agent.clone(), text: "*Hi*".to_owned(), at: Default::default() },
                Some("Ann: *Hi*"),
            ),
            (Event::Attached { files: vec!["7/1".to_owned()] }, Some("(with 1 file)")),
            (sent("Look:\nbot: yes"), Some("Ann: [2 files] Look:\n    bot: yes")),
            (sent(""), Some("Ann: [2 files]")),
            (
                Event::AgentEdited {
                    agent: agent.clone(),
                    message: "7".to_owned(),
                    before: "3".to_owned(),
                    text: "4".to_owned(),
                },
                Some("Ann changed “3” to: 4"),
            ),
            (
                Event::AgentDeleted { agent: agent.clone(), messages: vec![], before: text.clone() },
                Some("Ann took back: Hello"),
            ),
            (Event::Noted { agent: agent.clone(), text: text.clone() }, Some("note by Ann: Hello")),
            (Event::Claimed { agent: agent.clone() }, Some("(Ann has it)")),
            (Event::Released { agent }, Some("(Ann has it no longer; it waits)")),
            (Event::Alerted { alert: Alert::Unclaimed }, Some("(nobody has claimed it yet)")),
            (Event::Alerted { alert: Alert::Idle }, Some("(the customer still waits for an answer)")),
            (
                Event::Edited { before: "3".to_owned(), text: "4".to_owned() },
                Some("customer changed “3” to: 4"),
            ),
            (Event::Deleted { before: text.clone() }, Some("customer took back: Hello")),
            (
                Event::Undelivered { text, reason: "blocked the bot".to_owned() },
                Some("NOT DELIVERED (blocked the bot): Hello"),
            ),
            (
                Event::ActionLate { call: 3, done: true },
                Some("(an action was carried out when nobody waited for it any more)"),
            ),
            (Event::OwnerChanged { owner: Owner::Bot }, Some("(back to the bot)")),
            (Event::OwnerChanged { owner: Owner::Closed }, Some("(closed)")),
            (Event::Rated { ticket: 12, stars: 4 }, Some("(rated ★★★★☆)")),
            (Event::Forgotten, Some("(erased at the customer's wish)")),
            (ticket(), None),
            (Event::OwnerChanged { owner: Owner::Waiting }, None),
            (Event::OwnerChanged { owner: Owner::Person }, None),
            (Event::Missed, None),
        ] {
            assert_eq!(news(&event, []).map(|news| news.to_string()).as_deref(), want, "{event:?}");
        }
    }

    #[test]
    fn only_its_own_parts_of_a_message_are_masked() {
        let mask = Event::Masked { spans: vec![Span { start: 4, end: 8 }] };
        for (after, want) in [
            (vec![Event::Missed, mask.clone()], "customer: PIN ****"),
            (vec![customer("next"), mask], "customer: PIN 1234"),
            (vec![], "customer: PIN 1234"),
        ] {
            let told = news(&customer("PIN 1234"), &after).map(|news| news.to_string());
            assert_eq!(told.as_deref(), Some(want));
        }
    }
}
