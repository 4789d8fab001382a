//! Handing the conversation to a person, with all that was said.
use super::event::{Event, Outcome};
use super::turn::Turn;
use crate::catalog::{Builtin, Handoff, Priority};
use crate::handoff::{Owner, Ticket};

/// What a masked value looks like to an agent.
const MASK: &str = "••••";

const HANDED_OVER: &str = "I'm getting a colleague for you. They see what we wrote, so you need not repeat it. Type *stop* to come back to me.";

impl Turn<'_> {
    /// Hands over as a flow says; the topic ends there.
    pub fn hand_over(&mut self, handoff: &Handoff) {
        let scope = self.scope();
        let values = self.text_values();
        let reason =
            handoff.reason.as_ref().map(|reason| crate::reply::Markup(reason.render(&values)).plain());
        let reason = reason.unwrap_or_else(|| self.title_of(&scope));
        let ticket = self.ticket(&handoff.team, reason, handoff.priority);
        self.open(ticket);
        self.emit(Event::FlowEnded { intent: scope, outcome: Outcome::HandedOff });
    }

    /// Hands over to the first team; the topic waits, should the customer come back.
    pub fn hand_over_for(&mut self, reason: &str) {
        let team = self.brain.catalog.settings.handoff.teams[0].clone();
        let ticket = self.ticket(&team, reason.to_owned(), Priority::Normal);
        self.open(ticket);
    }

    /// An author's `say` for `human` takes the place of the engine's words.
    fn open(&mut self, ticket: Ticket) {
        let human = self.brain.catalog.intent_named(Builtin::Human.name());
        match human.map(|id| self.brain.catalog.intent(id)) {
            Some(human) => self.say_or(human, |turn| turn.say_own(HANDED_OVER, &[])),
            None => self.say_own(HANDED_OVER, &[]),
        }
        self.emit(Event::HandedOff(Box::new(ticket)));
        self.emit(Event::OwnerChanged { owner: Owner::Waiting });
    }

    fn ticket(&self, team: &str, reason: String, priority: Priority) -> Ticket {
        let topic = self.topic().or(self.tracker.finished.as_ref());
        let language = self.brain.catalog.language();
        let shown = |(name, slot): (&String, &super::event::Slot)| {
            let value = if slot.sensitive { MASK.to_owned() } else { slot.value.shown(language) };
            (name.clone(), value)
        };
        Ticket {
            number: None,
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
