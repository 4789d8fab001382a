//! What an agent does, a line at a time: what is in hand, and what comes of a command.
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bot_core::dialogue::Event;
use bot_core::handoff::{AgentAct, Owner};
use bot_runtime::clock::Clock;
use bot_runtime::desk::{self, Around, Command, WORDS, Which, card, transcript, why};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{ConversationId, EventId, Store, StoredEvent, StoredTicket, TicketFilter};
use jiff::Zoned;
use tokio::time::timeout;

use super::list;
use super::live::{Shared, Who};

/// Conversations that `/list all` shows at most.
const LISTED: usize = 50;

/// A decision that takes longer is not waited for: it is news when it comes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What comes of a line.
#[derive(Debug, Default)]
pub struct Answer {
    /// What to show.
    pub text: String,
    /// It repeats what the agent has typed: for who does not see that.
    pub echo: bool,
    /// It could not be carried out.
    pub refused: bool,
    /// The agent leaves.
    pub quit: bool,
}

impl Answer {
    fn told(text: impl Into<String>) -> Answer {
        Answer { text: text.into(), ..Answer::default() }
    }

    fn refused(text: impl Into<String>) -> Answer {
        Answer { text: text.into(), refused: true, ..Answer::default() }
    }
}

/// An agent's place.
pub struct Bench<S: Store> {
    runtime: Runtime<S>,
    who: Who,
    clock: Clock,
    hand: Shared,
    /// The ticket of a colleague that was asked for: asked for again, it is taken over.
    asked: Option<u64>,
    started: i128,
    acts: u64,
}

/// A conversation with its latest ticket.
struct Place {
    conversation: ConversationId,
    ticket: Option<StoredTicket>,
}

impl<S: Store> Bench<S> {
    /// A place for that agent, with nothing in hand.
    pub fn new(runtime: Runtime<S>, who: Who, clock: Clock) -> Bench<S> {
        let started = clock.timestamp().as_nanosecond();
        Bench { runtime, who, clock, hand: Shared::default(), asked: None, started, acts: 0 }
    }

    /// Who works here.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// What is in hand.
    pub fn hand(&self) -> &Shared {
        &self.hand
    }

    /// The store.
    pub fn store(&self) -> &Arc<S> {
        self.runtime.store()
    }

    /// Does what a line says, and waits until it is decided.
    ///
    /// # Errors
    /// The store can't be used.
    pub async fn carry_out(&mut self, line: &str) -> Result<Answer> {
        if line.trim().is_empty() {
            return Ok(Answer::default());
        }
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(error) => return Ok(Answer::refused(error.to_string())),
        };
        let asked = self.asked.take();
        match command {
            Command::Help => Ok(Answer::told(help())),
            Command::Quit => Ok(Answer { quit: true, ..Answer::default() }),
            Command::List { all } => self.list(all).await,
            Command::Read(which) => self.read(which).await,
            Command::Why(which) => self.why(which).await,
            Command::Claim(which) => self.claim(which, asked).await,
            Command::Say(text) | Command::Reply(text) => self.do_in_hand(AgentAct::Say { text }).await,
            Command::Note(text) => self.do_in_hand(AgentAct::Note { text }).await,
            Command::Back => self.do_in_hand(AgentAct::Back).await,
            Command::Close => self.do_in_hand(AgentAct::Close).await,
        }
    }

    /// The open tickets that this agent sees, the most urgent first.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn open(&self) -> Result<Vec<StoredTicket>> {
        let mut tickets = self.store().tickets(TicketFilter::default()).await?;
        tickets.retain(|about| self.who.sees(about));
        Ok(tickets)
    }

    fn now(&self) -> Zoned {
        self.clock.now()
    }

    async fn list(&self, all: bool) -> Result<Answer> {
        let tickets = self.open().await?;
        let mut text = match tickets.is_empty() {
            true => "no open tickets".to_owned(),
            false => list::tickets(&tickets, &self.now()),
        };
        if all {
            let free = list::conversations(&self.store().list(LISTED).await?, &self.now());
            text = format!("{text}\n{free}").trim_end().to_owned();
        }
        Ok(Answer::told(text))
    }

    async fn read(&self, which: Option<Which>) -> Result<Answer> {
        let place = match self.find(which).await? {
            Ok(place) => place,
            Err(refused) => return Ok(refused),
        };
        let events = self.events(place.conversation).await?;
        let head = self.head(&place).await?;
        Ok(Answer::told(format!("{head}{}", told(&events, usize::MAX, &self.now()))))
    }

    async fn why(&self, which: Option<Which>) -> Result<Answer> {
        let place = match self.find(which).await? {
            Ok(place) => place,
            Err(refused) => return Ok(refused),
        };
        let events = self.events(place.conversation).await?;
        Ok(Answer::told(why(&self.runtime.engine(), &events, self.now().time_zone())))
    }

    async fn claim(&mut self, which: Option<Which>, asked: Option<u64>) -> Result<Answer> {
        let place = match self.claimable(which).await? {
            Ok(place) => place,
            Err(refused) => return Ok(refused),
        };
        if let Some(StoredTicket { number, owner: Owner::Person, agent: Some(agent), .. }) = &place.ticket
            && *agent != self.who.name
            && asked != Some(*number)
        {
            self.asked = Some(*number);
            return Ok(Answer::refused(format!(
                "{agent} has #{number}: to take it over all the same, type `/claim {number}` once more"
            )));
        }
        self.act(place.conversation, AgentAct::Claim).await?;
        self.take_in_hand(place.conversation).await
    }

    /// Shows what was got, or who was faster.
    async fn take_in_hand(&mut self, conversation: ConversationId) -> Result<Answer> {
        let place = self.place(conversation).await?;
        match &place.ticket {
            Some(about) if self.who.has(about) => {
                self.hand.lock().held = Some((about.number, conversation));
                let events = self.events(conversation).await?;
                let head = self.head(&place).await?;
                Ok(Answer::told(format!("{head}{}", told(&events, card::TURNS, &self.now()))))
            }
            Some(about) => {
                let standing = card::standing(about, Around::default(), &self.now());
                Ok(Answer::refused(format!("you did not get #{}: {standing}", about.number)))
            }
            None => {
                Ok(Answer::refused("it is not decided yet whether you get it: look with /list".to_owned()))
            }
        }
    }

    /// What is done with the conversation in hand, if there is one that is still the agent's.
    async fn do_in_hand(&mut self, act: AgentAct) -> Result<Answer> {
        let held = self.hand.lock().held;
        let Some((number, conversation)) = held else { return self.nothing_in_hand().await };
        let place = self.place(conversation).await?;
        if !place.ticket.as_ref().is_some_and(|about| self.who.has(about)) {
            self.hand.lock().held = None;
            let standing = place.ticket.map(|about| card::standing(&about, Around::default(), &self.now()));
            let standing = standing.unwrap_or_else(|| "it is gone".to_owned());
            return Ok(Answer::refused(format!(
                "#{number} is not yours any more, nothing was sent: {standing}"
            )));
        }
        let ends = matches!(act, AgentAct::Back | AgentAct::Close);
        if ends {
            self.hand.lock().parting = Some(number);
        }
        let before = self.store().newest().await?;
        self.act(conversation, act.clone()).await?;
        if ends {
            self.hand.lock().held = None;
        }
        Ok(match act {
            AgentAct::Back => Answer::told(format!("#{number} is back with the bot")),
            AgentAct::Close => Answer::told(format!("#{number} is closed")),
            _ => self.echo(conversation, before).await?,
        })
    }

    /// What the agent wrote, as it stands in the conversation now.
    async fn echo(&self, conversation: ConversationId, before: EventId) -> Result<Answer> {
        let events = desk::events(&**self.store(), conversation, before).await?;
        let own = |event: &StoredEvent| match &event.event {
            Event::AgentSaid { agent, .. } | Event::Noted { agent, .. } => *agent == self.who.name,
            _ => false,
        };
        let told = transcript(&events).into_iter().rfind(|(event, _)| own(event));
        Ok(match told {
            Some((_, news)) => Answer { text: news.to_string(), echo: true, ..Answer::default() },
            None => Answer::refused("it is stored, but not sent yet: look with /read".to_owned()),
        })
    }

    async fn nothing_in_hand(&self) -> Result<Answer> {
        let waiting: Vec<_> = self.open().await?.iter().map(|about| format!("#{}", about.number)).collect();
        let open = if waiting.is_empty() {
            "none is open".to_owned()
        } else {
            format!("open: {}", waiting.join(", "))
        };
        Ok(Answer::refused(format!(
            "you have no conversation in hand, and nothing was sent: take one with `/claim N` ({open})"
        )))
    }

    async fn act(&mut self, conversation: ConversationId, act: AgentAct) -> Result<()> {
        self.acts += 1;
        let key = format!("terminal-{:x}-{:x}-{}", self.started, std::process::id(), self.acts);
        self.runtime.act(conversation, &self.who.name, act, &key).await?;
        if let Ok(decided) = timeout(PATIENCE, desk::decided(&**self.store(), conversation)).await {
            decided?;
        }
        Ok(())
    }

    /// The conversation that is meant: by name, else the one in hand.
    async fn find(&self, which: Option<Which>) -> Result<Result<Place, Answer>> {
        match which {
            Some(which) => self.named(which).await,
            None => {
                let held = self.hand.lock().held;
                match held {
                    Some((_, conversation)) => Ok(Ok(self.place(conversation).await?)),
                    None => Ok(Err(Answer::refused("which one? Write its number behind the command"))),
                }
            }
        }
    }

    /// The same for a claim: without a name the ticket that is most urgent.
    async fn claimable(&self, which: Option<Which>) -> Result<Result<Place, Answer>> {
        let which = match which {
            Some(which) => which,
            None => match self.open().await?.iter().find(|about| about.owner == Owner::Waiting) {
                Some(about) => Which::Ticket(about.number),
                None => return Ok(Err(Answer::refused("nobody waits for a person"))),
            },
        };
        let place = self.named(which).await?;
        Ok(place.and_then(|place| match (which, &place.ticket) {
            (Which::Ticket(number), Some(about)) if about.closed.is_some() => Err(Answer::refused(format!(
                "#{number} is closed: `/claim c{}` takes its conversation over",
                place.conversation.0
            ))),
            _ => Ok(place),
        }))
    }

    async fn named(&self, which: Which) -> Result<Result<Place, Answer>> {
        let conversation = match which {
            Which::Ticket(number) => {
                let filter = TicketFilter { closed: true, ..TicketFilter::default() };
                let tickets = self.store().tickets(filter).await?;
                tickets.iter().find(|about| about.number == number).map(|about| about.conversation)
            }
            Which::Conversation(id) => self.store().load(id).await?.map(|loaded| loaded.id),
        };
        Ok(match (conversation, which) {
            (Some(conversation), Which::Conversation(_)) => Ok(self.place(conversation).await?),
            (Some(conversation), Which::Ticket(number)) => {
                let ticket =
                    self.tickets(conversation).await?.into_iter().find(|about| about.number == number);
                Ok(Place { conversation, ticket })
            }
            (None, Which::Ticket(number)) => Err(Answer::refused(format!("there is no ticket #{number}"))),
            (None, Which::Conversation(id)) => {
                Err(Answer::refused(format!("there is no conversation c{}: look with `/list all`", id.0)))
            }
        })
    }

    async fn place(&self, conversation: ConversationId) -> Result<Place> {
        let ticket = self.tickets(conversation).await?.into_iter().max_by_key(|about| about.number);
        Ok(Place { conversation, ticket })
    }

    async fn tickets(&self, conversation: ConversationId) -> Result<Vec<StoredTicket>> {
        let filter = TicketFilter { conversation: Some(conversation), closed: true, limit: 0 };
        Ok(self.store().tickets(filter).await?)
    }

    async fn events(&self, conversation: ConversationId) -> Result<Vec<StoredEvent>> {
        Ok(desk::events(&**self.store(), conversation, EventId::default()).await?)
    }

    /// The ticket's card without turns; nothing where there is no ticket.
    async fn head(&self, place: &Place) -> Result<String> {
        let Some(about) = &place.ticket else {
            return Ok(format!("c{}, with the bot", place.conversation.0));
        };
        let mut earlier = self.tickets(place.conversation).await?;
        earlier.retain(|other| other.number < about.number);
        let ahead = card::ahead(&self.store().tickets(TicketFilter::default()).await?, about);
        let around = Around { ahead, earlier: &earlier };
        Ok(card::head(self.runtime.engine().catalog(), about, around, &self.now()))
    }
}

/// The last things that were said and done, a line each.
fn told(events: &[StoredEvent], limit: usize, now: &Zoned) -> String {
    let all = transcript(events);
    let left_out = all.len().saturating_sub(limit);
    let mut text = String::new();
    if left_out > 0 {
        let _ = write!(text, "\n  … {left_out} before: /read");
    }
    for (stored, news) in &all[left_out..] {
        let at = stored.at.to_zoned(now.time_zone().clone());
        let _ = write!(text, "\n  {} {}", at.strftime("%H:%M"), news.to_string().replace('\n', "\n  "));
    }
    text
}

fn help() -> String {
    let row = |word: &desk::Word| format!("  {:<13} {}", format!("{} {}", word.word, word.takes), word.does);
    let rows: Vec<_> = WORDS.iter().map(row).collect();
    format!("What you type goes to the customer in hand, but for:\n{}", rows.join("\n"))
}
