//! What every desk must do: for the tests of those who write one.
use bot_core::catalog::Priority;
use bot_core::dialogue::Alert;
use bot_core::handoff::{Owner, Ticket};
use bot_core::reply::{Button, Markup, Reply};
use jiff::Timestamp;

use super::{Desk, News};
use crate::channel::Address;
use crate::store::{ConversationId, StoredTicket};

/// Shows a desk every kind of news, of tickets in every state, with texts that customers may write.
///
/// # Panics
/// The desk does not show one of them, or has no name.
pub async fn check(desk: &impl Desk) {
    assert!(!desk.name().is_empty(), "a desk has a name, for logs");
    for (owner, agent) in [
        (Owner::Waiting, None),
        (Owner::Person, Some("Ann".to_owned())),
        (Owner::Closed, Some("Ann".to_owned())),
    ] {
        for text in ["Hello", "", "two\nlines", "*stars* _and_ `ticks` <b> @everyone", "\x1b[2J\0\u{202e}"] {
            let about = ticket(owner, agent.clone(), text);
            for news in every(text) {
                let shown = desk.show(&about, &news).await;
                assert_eq!(shown, Ok(()), "{} does not show {news:?}", desk.name());
            }
        }
    }
}

/// A ticket in which everything that is a customer's is that text.
fn ticket(owner: Owner, agent: Option<String>, text: &str) -> StoredTicket {
    let now = Timestamp::UNIX_EPOCH;
    StoredTicket {
        number: 12,
        conversation: ConversationId(7),
        address: Address { channel: "terminal".to_owned(), peer: "you".to_owned() },
        ticket: Ticket {
            number: Some(12),
            earlier: None,
            customer: Some(text.to_owned()),
            channel: None,
            language: None,
            team: "support".to_owned(),
            reason: text.to_owned(),
            priority: Priority::Normal,
            intent: None,
            confidence: None,
            slots: vec![("name".to_owned(), text.to_owned())],
            transcript: Vec::new(),
            opened: now,
        },
        owner,
        agent,
        announced: now,
        closed: (owner == Owner::Closed).then_some(now),
        stars: None,
    }
}

/// One of each kind.
fn every(text: &str) -> Vec<News> {
    let (agent, text) = ("Ann".to_owned(), text.to_owned());
    let buttons = vec![Button { id: "1".to_owned(), label: text.clone() }];
    vec![
        News::Opened { ahead: 1 },
        News::Customer { text: text.clone() },
        News::Bot { reply: Reply { text: Markup(text.clone()), buttons } },
        News::Agent { agent: agent.clone(), text: text.clone() },
        News::Files { files: vec![text.clone()] },
        News::AgentFiles { agent: agent.clone(), files: vec![text.clone()], text: text.clone() },
        News::AgentEdited { agent: agent.clone(), before: text.clone(), text: text.clone() },
        News::AgentDeleted { agent: agent.clone(), before: text.clone() },
        News::Note { agent: agent.clone(), text: text.clone() },
        News::Claimed { agent: agent.clone() },
        News::Released { agent },
        News::Alerted { alert: Alert::Unclaimed },
        News::Alerted { alert: Alert::Idle },
        News::Edited { before: text.clone(), text: text.clone() },
        News::Deleted { before: text.clone() },
        News::Undelivered { reason: text.clone(), text },
        News::ActionLate { done: true },
        News::BackToBot,
        News::Closed,
        News::Rated { ticket: 12, stars: 5 },
        News::Forgotten,
    ]
}
