//! Handing the conversation to a person, with all that was said; what the customer is told of it; and coming back.
//!
//! What it is not: it decides nothing about who owns the conversation afterwards, that is `desk`.
use jiff::Zoned;
use jiff::civil::Weekday;
use serde_json::{Value as Json, json};

use super::event::{Event, Outcome, Purpose, Slot};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Builtin, Handoff, Priority};
use crate::handoff::{Opening, Owner, Ticket};
use crate::locale;

const HANDED_OVER: &str = "I'm getting a colleague for you. They see what we wrote, so you need not repeat it. Type *stop* to come back to me.";
const CLOSED: &str = "Nobody is here just now. We open: {{ when }}. Leave a message, and a colleague will answer it then. Type *stop* to come back to me.";
const NEVER_OPEN: &str = "Nobody is here just now. Leave a message, and a colleague will answer it. Type *stop* to come back to me.";

/// A weekday alone is not clear from here on.
const WEEK: i32 = 7;

impl Turn<'_> {
    /// Hands over as a flow says; the topic ends there.
    pub fn hand_over(&mut self, handoff: &Handoff) {
        let scope = self.scope();
        let values = self.text_values();
        let reason =
            handoff.reason.as_ref().map(|reason| crate::reply::Markup(reason.render(&values)).plain());
        let reason = reason.unwrap_or_else(|| self.title_of(&scope));
        let ticket = self.ticket(&handoff.team, reason, handoff.priority);
        self.announce();
        self.enqueue(ticket);
        self.emit(Event::FlowEnded { intent: scope, outcome: Outcome::HandedOff });
    }

    /// Hands over to the first team; the topic waits, should the customer come back.
    pub fn hand_over_for(&mut self, reason: &str) {
        let ticket = self.ticket_for(reason);
        self.announce();
        self.enqueue(ticket);
    }

    /// Hands over if the message asks for a person.
    pub fn hand_over_if_asked(&mut self, reading: &Reading) -> bool {
        let asks = reading.builtin(self.brain.catalog) == Some(Builtin::Human);
        if asks && let Some(best) = reading.sure(self.brain.catalog).cloned() {
            self.act(&best, reading);
        }
        asks
    }

    /// Tells the customer that somebody comes, or when. An author's `say` for `human` takes the place of the engine's
    /// words, but not while nobody is there: it would promise too much.
    pub fn announce(&mut self) {
        match self.opening() {
            Opening::Now => {
                let human = self.brain.catalog.intent_named(Builtin::Human.name());
                match human.map(|id| self.brain.catalog.intent(id)) {
                    Some(human) => self.say_or(human, |turn| turn.say_own(HANDED_OVER, &[])),
                    None => self.say_own(HANDED_OVER, &[]),
                }
            }
            _ => self.announce_in_own_words(),
        }
    }

    /// The same, always in the engine's words.
    pub fn announce_in_own_words(&mut self) {
        match self.opening() {
            Opening::Now => self.say_own(HANDED_OVER, &[]),
            Opening::At(when) => self.say_with(CLOSED, &[("when", self.when(&when))], &[]),
            Opening::Never => self.say_own(NEVER_OPEN, &[]),
        }
    }

    /// The customer waits from here on.
    pub fn enqueue(&mut self, ticket: Ticket) {
        self.emit(Event::HandedOff(Box::new(ticket)));
        self.emit(Event::OwnerChanged { owner: Owner::Waiting });
        self.watch(Purpose::Unclaimed);
    }

    /// The ticket has a number, and a place in the queue: the customer is told of those before them. While nobody is there,
    /// a place says nothing.
    pub fn ticket_opened(&mut self, ticket: u64, ahead: u32) {
        self.emit(Event::TicketOpened { ticket, ahead });
        if self.tracker.owner != Owner::Waiting || self.opening() != Opening::Now {
            return;
        }
        match ahead {
            0 => {}
            1 => self.say_own("One person is before you.", &[]),
            _ => self.say_with("{{ count }} people are before you.", &[("count", json!(ahead))], &[]),
        }
    }

    /// While the customer waits, what they write is for the agent; but they may come back to the bot.
    pub fn hear_while_waiting(&mut self, text: &str) {
        let reading = self.read(text);
        if reading.leads(self.brain.catalog, Builtin::Cancel) {
            self.return_to_bot();
            self.go_on_with(
                "I'm with you again.",
                "I'm with you again. What can I do for you?",
                Self::resume,
            );
        }
    }

    /// The bot answers again; nothing that an agent should have done is waited for any more.
    pub fn return_to_bot(&mut self) {
        self.unwatch_all();
        self.emit(Event::OwnerChanged { owner: Owner::Bot });
    }

    /// Goes on where the bot stopped. `go_on` does, or offers to. A topic that the folder does not have
    /// any more is left alone.
    pub fn go_on_with(&mut self, back: &str, back_and_invite: &str, go_on: impl FnOnce(&mut Self)) {
        let topic = self.topic().filter(|topic| self.flow(&topic.intent).is_some());
        let Some(is_calling) = topic.map(|topic| topic.calling.is_some()) else {
            return self.say_own(back_and_invite, &[]);
        };
        self.say_own(back, &[]);
        if is_calling {
            self.say_own("One moment, I'm still looking that up.", &[]);
        } else {
            go_on(self);
        }
    }

    /// When somebody is there.
    pub fn opening(&self) -> Opening {
        let hours = self.brain.catalog.settings.handoff.hours.as_ref();
        hours.map_or(Opening::Now, |hours| hours.next_open(self.now))
    }

    /// "Monday 09:00 (CET)"; with the date where the weekday is not clear.
    fn when(&self, when: &Zoned) -> Json {
        let days = (when.date() - self.now.date()).get_days();
        let zone = when.time_zone().to_offset_info(when.timestamp());
        let time = format!("{} ({})", locale::time(when.time()), zone.abbreviation());
        json!(match self.weekday(when.weekday()) {
            Some(day) if days < WEEK => format!("{day} {time}"),
            Some(day) => format!("{day}, {}, {time}", locale::date(when.date(), self.language())),
            None => format!("{}, {time}", locale::date(when.date(), self.language())),
        })
    }

    fn weekday(&self, day: Weekday) -> Option<&'static str> {
        locale::weekday(day, self.language())
    }

    /// A ticket for the first team.
    pub fn ticket_for(&self, reason: &str) -> Ticket {
        let team = &self.brain.catalog.settings.handoff.teams[0];
        self.ticket(team, reason.to_owned(), Priority::Normal)
    }

    fn ticket(&self, team: &str, reason: String, priority: Priority) -> Ticket {
        let topic = self.topic().or(self.tracker.finished.as_ref());
        let language = self.brain.catalog.language();
        let shown = |(name, slot): (&String, &Slot)| (name.clone(), slot.shown(language));
        Ticket {
            number: None,
            earlier: self.tracker.ticket.as_ref().and_then(|ticket| ticket.number.or(ticket.earlier)),
            customer: self.tracker.customer.name.clone(),
            channel: self.tracker.customer.channel.clone(),
            language: self.tracker.language.clone(),
            team: team.to_owned(),
            reason,
            priority,
            intent: topic.map(|topic| topic.intent.clone()),
            confidence: self.tracker.confidence,
            slots: topic.iter().flat_map(|topic| &topic.slots).map(shown).collect(),
            transcript: self.tracker.transcript.clone(),
            opened: self.now.timestamp(),
        }
    }

    /// The intent's title as its author wrote it.
    pub fn title_of(&self, intent: &str) -> String {
        let id = self.brain.catalog.intent_named(intent);
        id.map_or_else(|| intent.to_owned(), |id| self.brain.catalog.intent(id).title.0.clone())
    }
}
