//! A customer who comes back after hours or days: "Is it still about this?", and what they said before is said back.
//!
//! Who simply answers the old question is taken at their word; only what can't be undone is asked once more.
use serde_json::{Value as Json, json};

use jiff::SignedDuration;

use super::event::{Event, Offer, Outcome};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::Step;
use crate::handoff::Owner;
use crate::template::Text;

/// From this long on a customer has been away where `bot.yaml` says nothing of parking. Within an hour people still have
/// in mind what they were asked; after it, they open the chat anew.
const AWAY: SignedDuration = SignedDuration::from_hours(1);

impl<'a> Turn<'a> {
    /// Whether the message that comes now is the first after a long time.
    pub fn comes_back(&self) -> bool {
        if self.tracker.owner != Owner::Bot {
            return false;
        }
        self.topic().is_some_and(|topic| topic.parked) || !self.tracker.woken && self.was_away()
    }

    fn was_away(&self) -> bool {
        let park = self.brain.catalog.settings.silence.park;
        let now = self.now.timestamp();
        let is_long = |heard| now.duration_since(heard) >= park.unwrap_or(AWAY);
        // "One moment" gave them longer.
        let has_time = park.is_some() && self.tracker.timers.values().any(|timer| timer.is_silence(now));
        self.tracker.heard.is_some_and(is_long) && !has_time
    }

    /// Notes that the customer is back. What can't be undone must be asked for again, not answered out of the blue.
    pub fn welcome_back(&mut self) {
        self.returned = true;
        if self.tracker.offer == Some(Offer::Forget) {
            self.emit(Event::OfferClosed);
        }
        if self.topic().is_some() {
            self.emit(Event::Returned);
        }
    }

    /// "Is it still about the refund?"
    pub fn ask_whether_still(&mut self) {
        let title = self.title();
        self.say_with("Is it still about this: {{ title }}?", &[("title", title)], &["Yes", "No"]);
        self.emit(Event::Offered(Offer::Resume));
    }

    /// The current topic's title in the customer's language.
    pub fn title(&self) -> Json {
        let intent = self.scope();
        let title = Text::new(self.title_of(&intent));
        Json::String(self.rendered(&intent, &title, &self.text_values()))
    }

    /// Goes on with the current topic, since the customer wants to.
    pub fn resume(&mut self) {
        self.returned = false;
        if self.mend(None) {
            return;
        }
        let so_far = self.events.len();
        if self.topic().is_some_and(|topic| topic.stale) {
            self.say_back();
        }
        match self.question() {
            Some(_) => self.ask_again(),
            None => self.replay(),
        }
        let is_heard = |event: &Event| matches!(event, Event::Said { .. } | Event::ActionCalled { .. });
        if !self.events[so_far..].iter().any(is_heard) {
            self.say_own("What can I do for you?", &[]);
        }
    }

    /// "You told me: order number “12345678”." `false`: nothing is known.
    pub fn say_back(&mut self) -> bool {
        let known = self.known();
        if !known.is_empty() {
            self.say_with("You told me: {{ known }}.", &[("known", json!(known))], &[]);
        }
        !known.is_empty()
    }

    fn known(&self) -> String {
        let Some(topic) = self.topic() else { return String::new() };
        let is_asked = |slot: &str| {
            let flow = self.flow(&topic.intent);
            flow.is_some_and(|flow| flow.steps.iter().any(|step| step.slot() == Some(slot)))
        };
        let shown = |name: &String| {
            let slot = topic.slots.get(name).filter(|slot| !slot.sensitive && is_asked(name))?;
            Some(format!("{} “{}”", self.label(name), slot.value.shown(self.language())))
        };
        topic.filled.iter().filter_map(shown).collect::<Vec<_>>().join(", ")
    }

    /// A "yes" to a question of long ago: it is put again, with what is known.
    pub fn confirm_again(&mut self, step: &Step) {
        self.say_back();
        self.put(step);
    }

    /// Before something is done that can't be undone: are the old answers still right? `false`: there are none. Who has
    /// just come back has heard them already in this turn.
    pub fn check_old_answers(&mut self) -> bool {
        let known = self.known();
        if known.is_empty() {
            return false;
        }
        if self.returned {
            self.say_own("Is that still right?", &["Yes", "No"]);
            self.emit(Event::Offered(Offer::StillRight));
            return true;
        }
        let known = [("known", json!(known))];
        self.say_with("You told me: {{ known }}. Is that still right?", &known, &["Yes", "No"]);
        self.emit(Event::Offered(Offer::StillRight));
        true
    }

    /// The reply to [`Offer::StillRight`]. `false`: it is something else.
    pub fn settle_old_answers(&mut self, reading: &Reading) -> bool {
        match self.plain_yes_no(reading) {
            Some(true) => {
                self.emit(Event::AnswersConfirmed);
                self.resume();
            }
            Some(false) => self.start_topic_again(),
            None => return self.correct_known(reading),
        }
        true
    }

    fn start_topic_again(&mut self) {
        let Some(topic) = self.topic().cloned() else { return self.ask_again_or_invite() };
        if self.has_acted(&topic) {
            return self.offer_to_reverse("Wants to change what is already done.");
        }
        self.say_own("All right, let us correct that.", &[]);
        self.emit(Event::FlowEnded { intent: topic.intent.clone(), outcome: Outcome::Left });
        self.begin(&topic.intent, Default::default(), Default::default());
    }
}
