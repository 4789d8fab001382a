//! What an agent at a terminal is told while they work: all of the conversation in hand, and of others what may need them.
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bot_core::handoff::Owner;
use bot_runtime::channel::SendError;
use bot_runtime::desk::{Desk, News, card};
use bot_runtime::store::{ConversationId, StoredTicket};

/// Who works at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The agent.
    pub name: String,
    /// The only team whose tickets they want to see, if any.
    pub team: Option<String>,
}

impl Who {
    /// Whether such tickets are theirs to see.
    pub fn sees(&self, about: &StoredTicket) -> bool {
        self.team.as_ref().is_none_or(|team| *team == about.ticket.team)
    }

    /// Whether they have that ticket now.
    pub fn has(&self, about: &StoredTicket) -> bool {
        about.owner == Owner::Person && about.agent.as_deref() == Some(&self.name)
    }
}

/// What is in hand: where text that is typed goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// The ticket and its conversation.
    pub held: Option<(u64, ConversationId)>,
    /// The ticket that is given away by the agent: that it is gone is no news.
    pub parting: Option<u64>,
}

/// The hand, shared by who types and who watches.
#[derive(Clone, Debug, Default)]
pub struct Shared(Arc<Mutex<Hand>>);

impl Shared {
    /// Locks it.
    pub fn lock(&self) -> MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line for the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub text: String,
    /// Whether it is to be heard, too: somebody waits who is not in hand.
    pub bell: bool,
}

/// Where notices go.
pub type Show = Box<dyn Fn(Notice) + Send + Sync>;

/// The terminal as a desk.
pub struct Live {
    who: Who,
    hand: Shared,
    show: Show,
}

impl Live {
    /// A desk for that agent.
    pub fn new(who: Who, hand: Shared, show: Show) -> Live {
        Live { who, hand, show }
    }
}

impl Desk for Live {
    fn name(&self) -> &str {
        "terminal"
    }

    async fn show(&self, about: &StoredTicket, news: &News) -> Result<(), SendError> {
        let notice = notice(&self.who, &mut self.hand.lock(), about, news);
        notice.into_iter().for_each(&self.show);
        Ok(())
    }
}

/// What the agent is told of news, if anything; the hand is let go of what it has lost.
fn notice(who: &Who, hand: &mut Hand, about: &StoredTicket, news: &News) -> Option<Notice> {
    if is_own(who, news) {
        return None;
    }
    if let News::BackToBot | News::Closed = news
        && hand.parting == Some(about.number)
    {
        *hand = Hand { held: hand.held.filter(|(number, _)| *number != about.number), parting: None };
        return None;
    }
    match hand.held {
        Some((_, conversation)) if conversation == about.conversation => Some(in_hand(hand, about, news)),
        _ => elsewhere(who, about, news),
    }
}

/// What the agent did themselves.
fn is_own(who: &Who, news: &News) -> bool {
    match news {
        News::Agent { agent, .. }
        | News::AgentFiles { agent, .. }
        | News::AgentEdited { agent, .. }
        | News::AgentDeleted { agent, .. }
        | News::Note { agent, .. }
        | News::Claimed { agent } => *agent == who.name,
        _ => false,
    }
}

fn in_hand(hand: &mut Hand, about: &StoredTicket, news: &News) -> Notice {
    let number = about.number;
    let lost = match news {
        News::BackToBot => Some(format!("#{number} went back to the bot")),
        News::Closed | News::Forgotten => Some(format!("#{number} is closed {news}")),
        News::Claimed { agent } => Some(format!("{agent} has taken over #{number}")),
        News::Released { .. } => {
            Some(format!("#{number} is yours no longer: nobody answered, and it waits again"))
        }
        _ => None,
    };
    match lost {
        Some(lost) => {
            hand.held = None;
            Notice {
                text: format!("{lost}. You have nothing in hand: nothing that you type is sent."),
                bell: true,
            }
        }
        None => Notice { text: news.to_string(), bell: false },
    }
}

fn elsewhere(who: &Who, about: &StoredTicket, news: &News) -> Option<Notice> {
    let number = about.number;
    let is_theirs = about.agent.as_deref() == Some(&who.name);
    let (text, bell) = match news {
        News::Opened { .. } if about.owner == Owner::Waiting && who.sees(about) => {
            (waits("new ticket", about), true)
        }
        News::Alerted { .. } if about.owner == Owner::Waiting && who.sees(about) => {
            (waits("still waiting", about), true)
        }
        News::Claimed { .. } if who.sees(about) => (format!("#{number} {news}"), false),
        News::Customer { .. } | News::Edited { .. } | News::Deleted { .. } if who.has(about) => {
            (format!("#{number} {news}"), true)
        }
        News::Undelivered { .. } | News::ActionLate { .. } if is_theirs => {
            (format!("#{number} {news}"), true)
        }
        News::Rated { .. } if is_theirs => (format!("#{number} {news}"), false),
        _ => return None,
    };
    Some(Notice { text, bell })
}

fn waits(what: &str, about: &StoredTicket) -> String {
    let (headline, customer) = (card::headline(about), card::customer(about));
    format!("{what} {headline}: {customer}: {} (/claim {})", about.ticket.reason, about.number)
}

#[cfg(test)]
mod tests {
    use bot_core::dialogue::Alert;
    use bot_runtime::channel::Address;

    use super::*;

    fn about(number: u64, owner: Owner, agent: Option<&str>) -> StoredTicket {
        let ticket = serde_json::json!({
            "customer": "Cleo", "team": "billing", "reason": "a complaint", "priority": "high",
            "intent": null, "confidence": null, "slots": [], "transcript": [], "opened": "2026-11-23T10:00:00Z",
        });
        let ticket = serde_json::from_value(ticket).unwrap();
        StoredTicket {
            number,
            conversation: ConversationId(number as i64),
            address: Address { channel: "terminal".to_owned(), peer: "you".to_owned() },
            ticket,
            owner,
            agent: agent.map(str::to_owned),
            announced: Default::default(),
            closed: None,
            stars: None,
        }
    }

    fn name(agent: &str) -> String {
        agent.to_owned()
    }

    const LOST: &str = "You have nothing in hand: nothing that you type is sent.";

    /// Ann has #1 in hand.
    #[test]
    fn what_an_agent_is_told() {
        let customer = News::Customer { text: "Hello?".to_owned() };
        let undelivered = News::Undelivered { text: "Hi".to_owned(), reason: "blocked".to_owned() };
        let opened = News::Opened { ahead: 0 };
        let alerted = News::Alerted { alert: Alert::Unclaimed };
        let (mine, waiting) = (about(1, Owner::Person, Some("Ann")), about(2, Owner::Waiting, None));
        let (second, bens) = (about(3, Owner::Person, Some("Ann")), about(4, Owner::Person, Some("Ben")));
        let closed = about(5, Owner::Closed, Some("Ann"));
        let lost = |what: &str| format!("! {what}. {LOST}");
        for (about, news, want) in [
            (&mine, customer.clone(), "customer: Hello?".to_owned()),
            (&mine, News::Agent { agent: name("Ann"), text: name("Hi") }, String::new()),
            (&mine, News::Note { agent: name("Ben"), text: name("Hi") }, "note by Ben: Hi".to_owned()),
            (&mine, News::Claimed { agent: name("Ann") }, String::new()),
            (&mine, News::Claimed { agent: name("Ben") }, lost("Ben has taken over #1")),
            (&mine, News::BackToBot, lost("#1 went back to the bot")),
            (&mine, News::Closed, lost("#1 is closed (closed)")),
            (
                &waiting,
                opened.clone(),
                "! new ticket #2 HIGH, billing: Cleo on terminal: a complaint (/claim 2)".to_owned(),
            ),
            (&bens, opened, String::new()),
            (
                &waiting,
                alerted,
                "! still waiting #2 HIGH, billing: Cleo on terminal: a complaint (/claim 2)".to_owned(),
            ),
            (&waiting, customer.clone(), String::new()),
            (&second, customer.clone(), "! #3 customer: Hello?".to_owned()),
            (&bens, customer, String::new()),
            (&bens, News::Claimed { agent: name("Ben") }, "#4 (Ben has it)".to_owned()),
            (&bens, undelivered.clone(), String::new()),
            (&closed, undelivered, "! #5 NOT DELIVERED (blocked): Hi".to_owned()),
            (&closed, News::Rated { ticket: 5, stars: 5 }, "#5 (rated ★★★★★)".to_owned()),
            (&closed, News::BackToBot, String::new()),
        ] {
            let mut hand = Hand { held: Some((1, ConversationId(1))), parting: None };
            let who = Who { name: name("Ann"), team: None };
            let told = notice(&who, &mut hand, about, &news);
            let told = told.map(|told| format!("{}{}", if told.bell { "! " } else { "" }, told.text));
            assert_eq!(told.clone().unwrap_or_default(), want, "{news:?}");
            assert_eq!(hand.held.is_none(), want.contains(LOST), "{news:?}");
        }
    }

    #[test]
    fn it_is_a_desk() {
        let who = Who { name: name("Ann"), team: None };
        let live = Live::new(who, Shared::default(), Box::new(|_| {}));
        let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
        tokio.block_on(bot_runtime::desk::contract::check(&live));
    }

    #[test]
    fn other_teams_are_not_heard() {
        let who = Who { name: name("Ann"), team: Some(name("support")) };
        let told =
            notice(&who, &mut Hand::default(), &about(2, Owner::Waiting, None), &News::Opened { ahead: 0 });
        assert_eq!(told, None);
    }

    #[test]
    fn what_was_given_away_is_no_news() {
        let who = Who { name: name("Ann"), team: None };
        let mut hand = Hand { held: Some((1, ConversationId(1))), parting: Some(1) };
        assert_eq!(notice(&who, &mut hand, &about(1, Owner::Closed, Some("Ann")), &News::BackToBot), None);
        assert_eq!(hand, Hand::default());
    }
}
