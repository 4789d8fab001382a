//! One turn: an input meets the state, and events come out.
use jiff::Zoned;

use super::choice::{Pick, pick};
use super::cues::cues;
use super::event::{AttachmentKind, Customer, Event, Input, Offer};
use super::reading::{Brain, Reading};
use super::tracker::{Topic, Tracker};
use crate::catalog::{Body, Flow, Intent, IntentId, Step, StepKind};
use crate::handoff::{Owner, Speaker};
use crate::matcher::{Candidate, Stage};
use crate::reply::{Button, Reply};
use crate::text::{Language, Utterance, detect, detect_surely, squash};

/// A turn being taken. Every event is applied as soon as it is emitted, so that `tracker` is always the state so far.
pub(super) struct Turn<'a> {
    pub brain: Brain<'a>,
    pub now: &'a Zoned,
    pub tracker: Tracker,
    pub events: Vec<Event>,
    /// What the bot said in the turn before.
    pub previous: Vec<Reply>,
    /// Whether the customer comes back with this message after a long time.
    pub returned: bool,
    /// Whether it was said that a topic can't go on.
    pub given_up: bool,
    /// Steps of flows left in this turn: a flow that goes round in circles without asking anything is stopped.
    pub steps_left: u32,
}

/// Steps that a turn may take. The longest flow of the sample takes 9.
const STEPS: u32 = 200;

/// What happens next: the events of one turn.
pub fn turn(brain: Brain, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
    let now = shop_time(brain, now);
    let mut turn = Turn::new(brain, tracker, &now);
    turn.take(input);
    turn.await_customer();
    turn.events
}

/// What a message would be read as in that conversation, if only those intents came into question for which `among` holds.
pub fn read_among(
    brain: Brain,
    tracker: &Tracker,
    text: &str,
    now: &Zoned,
    among: &dyn Fn(IntentId) -> bool,
) -> Reading {
    let now = shop_time(brain, now);
    let mut turn = Turn::new(brain, tracker, &now);
    turn.choose_language(text, turn.last_message().as_deref());
    brain.read_among(&turn.tracker, text, &|| turn.expression_values(), turn.now, among)
}

/// Whether the intent's `when` holds in that conversation.
pub fn exists(brain: Brain, tracker: &Tracker, intent: IntentId, now: &Zoned) -> bool {
    let now = shop_time(brain, now);
    Turn::new(brain, tracker, &now).exists(brain.catalog.intent(intent))
}

/// The time where the team is: "tomorrow" and "now" are meant there.
pub(super) fn shop_time(brain: Brain, now: &Zoned) -> Zoned {
    let zone = brain.catalog.settings.handoff.hours.as_ref().map(|hours| hours.timezone.as_str());
    zone.and_then(|zone| now.in_tz(zone).ok()).unwrap_or_else(|| now.clone())
}

/// The language that a customer has changed to: one message beyond doubt, or two that are it together.
fn changed(text: &str, before: Option<&str>, spoken: &[Language]) -> Option<Language> {
    detect_surely(text, spoken).or_else(|| {
        let language = detect(text, spoken)?;
        let before = before.filter(|before| detect(before, spoken).as_ref() == Some(&language))?;
        detect_surely(&format!("{before}\n{text}"), spoken).filter(|both| *both == language)
    })
}

impl<'a> Turn<'a> {
    pub fn new(brain: Brain<'a>, tracker: &Tracker, now: &'a Zoned) -> Turn<'a> {
        let (tracker, previous) = (tracker.clone(), tracker.said.clone());
        let (returned, given_up) = (false, false);
        Turn { brain, now, tracker, previous, events: Vec::new(), returned, given_up, steps_left: STEPS }
    }

    fn take(&mut self, input: &Input) {
        match input {
            Input::Start => self.start(),
            Input::Customer(customer) => self.meet(customer),
            Input::Text { text } => self.hear(text),
            Input::Press { id } => self.press(id),
            Input::Attachment { kind, caption, files, .. } => self.receive(*kind, caption.as_deref(), files),
            Input::ActionDone { call, outcome } => self.action_done(*call, outcome),
            Input::TimerDue { timer } => {
                if !self.watched(*timer) {
                    self.timer_due(*timer);
                }
            }
            Input::Agent { agent, act } => self.agent(agent, act),
            Input::TicketOpened { ticket, ahead } => self.ticket_opened(*ticket, *ahead),
            Input::Undelivered { text, reason } => {
                self.emit(Event::Undelivered { text: text.clone(), reason: reason.clone() });
            }
            Input::LinkAnswered { outcome } => self.link_answered(*outcome),
            Input::Edited { before, text, last } => self.edited(before, text, *last),
            Input::Deleted { before } => self.deleted(before),
        }
    }

    pub fn emit(&mut self, event: Event) {
        self.tracker.apply(&event);
        self.events.push(event);
    }

    pub fn language(&self) -> &Language {
        let spoken = &self.brain.catalog.settings.languages;
        let language = self.tracker.language.as_ref().filter(|language| spoken.contains(language));
        language.unwrap_or(self.brain.catalog.language())
    }

    pub fn topic(&self) -> Option<&Topic> {
        self.tracker.topics.last()
    }

    /// The flow of an intent; none if the folder has changed meanwhile.
    pub fn flow(&self, intent: &str) -> Option<&'a Flow> {
        let id = self.brain.catalog.intent_named(intent)?;
        self.flow_of(id)
    }

    pub fn flow_of(&self, intent: IntentId) -> Option<&'a Flow> {
        match &self.brain.catalog.intent(intent).body {
            Body::Flow(flow) => Some(flow),
            _ => None,
        }
    }

    /// The open question's step; none if the folder has changed meanwhile.
    pub fn question(&self) -> Option<&'a Step> {
        let topic = self.topic()?;
        let flow = self.flow(&topic.intent)?;
        flow.step_named(topic.question.as_ref()?).map(|id| flow.step(id))
    }

    fn meet(&mut self, customer: &Customer) {
        let spoken = &self.brain.catalog.settings.languages;
        let language = customer.language.clone().filter(|language| spoken.contains(language));
        self.emit(Event::CustomerKnown(customer.clone()));
        if let Some(language) = language.filter(|language| self.tracker.language.as_ref() != Some(language)) {
            self.emit(Event::LanguageChosen { language });
        }
    }

    /// A conversation opens, or the customer opens it again: while a person owns it, that is for them.
    fn start(&mut self) {
        if !self.must_be_quiet() {
            self.reopen();
            self.greet();
        }
    }

    /// Whether a person owns the conversation, or is to.
    fn must_be_quiet(&self) -> bool {
        matches!(self.tracker.owner, Owner::Waiting | Owner::Person)
    }

    fn press(&mut self, id: &str) {
        let button = self.tracker.buttons.iter().find(|button| button.id == id);
        match button.map(|button| button.label.clone()) {
            Some(label) => self.hear(&label),
            None => self.expired(),
        }
    }

    fn expired(&mut self) {
        if self.must_be_quiet() {
            return;
        }
        self.say_own("That one has expired.", &[]);
        if self.tracker.owner != Owner::Closed {
            self.ask_again_or_invite();
        }
    }

    fn receive(&mut self, kind: AttachmentKind, caption: Option<&str>, files: &[String]) {
        self.record_attachment(kind, caption, files);
        if self.must_be_quiet() {
            return self.expect_answer();
        }
        self.reopen();
        match caption.filter(|caption| !caption.trim().is_empty()) {
            Some(caption) => self.answer(caption),
            None => {
                self.say_own(
                    "I can read text only. A colleague can see what you sent once I've handed you over: type *human* for that.",
                    &[],
                );
                self.ask_again();
            }
        }
    }

    pub fn record_attachment(&mut self, kind: AttachmentKind, caption: Option<&str>, files: &[String]) {
        let name = serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned));
        let text = format!("[{}] {}", name.unwrap_or_default(), caption.unwrap_or_default());
        self.record(text.trim_end());
        if !files.is_empty() {
            self.emit(Event::Attached { files: files.to_vec() });
        }
    }

    pub fn record(&mut self, text: &str) {
        let comes_back = self.comes_back();
        self.emit(Event::CustomerSaid { text: text.to_owned(), at: self.now.timestamp() });
        if comes_back {
            self.welcome_back();
        }
    }

    fn hear(&mut self, text: &str) {
        let before = self.last_message();
        self.record(text);
        self.choose_language(text, before.as_deref());
        if self.link(text) {
            return;
        }
        match self.tracker.owner {
            Owner::Bot => self.answer(text),
            Owner::Waiting => {
                if !self.forget_while_waiting(text) {
                    self.hear_while_waiting(text);
                }
            }
            Owner::Person => self.expect_answer(),
            Owner::Closed => self.hear_when_closed(text),
        }
    }

    /// The language is kept for the conversation once it is known, unless the customer clearly goes on in another one.
    fn choose_language(&mut self, text: &str, before: Option<&str>) {
        let spoken = &self.brain.catalog.settings.languages;
        if spoken.len() < 2 || self.brain.commands.is_any(text) {
            return;
        }
        let language = match &self.tracker.language {
            None => detect(text, spoken).or_else(|| self.language_of_example(text)),
            Some(kept) => changed(text, before, spoken).filter(|language| language != kept),
        };
        if let Some(language) = language {
            self.emit(Event::LanguageChosen { language });
        }
    }

    fn last_message(&self) -> Option<String> {
        let mut lines = self.tracker.transcript.iter().rev();
        lines.find(|line| line.speaker == Speaker::Customer).map(|line| line.text.clone())
    }

    /// "Hallo" alone is too short to be detected, but it is an example in one of the other languages. What is one in the
    /// first language too, as "hi", tells nothing.
    fn language_of_example(&self, text: &str) -> Option<Language> {
        let utterance = Utterance::new(text, self.language());
        let language = self.brain.matcher.example_language(self.brain.catalog, &utterance)?;
        (language != *self.brain.catalog.language()).then_some(language)
    }

    pub fn read(&self, text: &str) -> Reading {
        self.brain.read(&self.tracker, text, &|| self.expression_values(), self.now)
    }

    /// Finds out what a message is for: the reply to an offer, the answer to the question, or a request.
    pub fn answer(&mut self, text: &str) {
        if self.topic().is_some_and(|topic| topic.calling.is_some()) {
            return self.hear_while_calling(text);
        }
        if self.is_command(text) {
            return self.hear_command(text);
        }
        if self.brain.commands.is_topics(text) {
            return self.hear_topics(text);
        }
        let pressed = self.pressed(text);
        let text = pressed.as_deref().unwrap_or(text);
        if self.choose_listed(text) {
            return;
        }
        let reading = self.read(text);
        if let Some(offer) = self.tracker.offer.clone() {
            self.emit(Event::OfferClosed);
            if offer == Offer::Forget && self.hand_over_if_asked(&reading) || self.settle(&offer, &reading) {
                return;
            }
        }
        if self.mend(Some(&reading)) {
            return;
        }
        match self.question() {
            Some(step) => self.hear_answer(step, &reading),
            None => self.hear_request(&reading),
        }
    }

    /// The label that is meant by "2" or "the first one" under a reply with buttons. Questions with options read it
    /// themselves, and where a value is asked for, "2" is that value, unless a list of all stands below that.
    fn pressed(&self, text: &str) -> Option<String> {
        if self.question().is_some_and(|step| !matches!(step.kind, StepKind::Confirm(_)))
            && self.tracker.offer.is_none()
            && self.tracker.listed.is_empty()
        {
            return None;
        }
        let labels: Vec<String> = self.tracker.buttons.iter().map(|button| button.label.clone()).collect();
        let utterance = Utterance::new(text, self.language());
        match pick(&labels, &utterance, cues(self.language())) {
            Pick::Clearly(index) => Some(labels[index].clone()),
            _ => None,
        }
    }

    /// The intent whose title stands on a button that was pressed: in a menu of the engine's own.
    fn titled(&self, text: &str) -> Option<Candidate> {
        let is_label = |button: &Button| squash(&button.label) == squash(text);
        if !self.tracker.buttons.iter().any(is_label) {
            return None;
        }
        let catalog = self.brain.catalog;
        let is_title =
            |intent: &Intent| squash(&self.translated(&intent.name, &intent.title.0)) == squash(text);
        let index = catalog.intents.iter().position(|intent| is_title(intent) && self.exists(intent))?;
        Some(Candidate {
            intent: IntentId(index as u32),
            confidence: 1.0,
            stage: Stage::Exact,
            slots: vec![],
        })
    }

    /// Whether the intent's `when` holds.
    pub fn exists(&self, intent: &Intent) -> bool {
        intent.when.as_ref().is_none_or(|when| when.holds(&self.expression_values()))
    }

    /// A message while no question is open.
    pub fn hear_request(&mut self, reading: &Reading) {
        if self.cancel_and_go_on(reading) || self.correct_finished(reading) {
            return;
        }
        let titled = self.titled(reading.utterance.text());
        match titled.as_ref().or(reading.sure(self.brain.catalog)) {
            Some(best) => self.act(&best.clone(), reading),
            None if self.ask_meaning(reading) => {}
            None if self.fill_finished(reading) => {}
            None => self.missed(),
        }
    }

    /// Does what an intent says.
    pub fn act(&mut self, candidate: &Candidate, reading: &Reading) {
        let intent = self.brain.catalog.intent(candidate.intent);
        self.emit(Event::Understood { intent: intent.name.clone(), confidence: candidate.confidence });
        match &intent.body {
            Body::Flow(_) => self.start_flow(candidate, reading),
            _ => match intent.builtin {
                Some(builtin) => self.command(builtin, intent),
                None => self.say_intent(intent),
            },
        }
    }
}
