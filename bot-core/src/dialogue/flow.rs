//! Going through a flow, step by step, until it waits for somebody or ends.
//!
//! After a correction the flow is gone over again from its start: what is known is not asked again, what was said or
//! called with the same words is not repeated, and what the correction changed is done anew.
use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::event::{ActionOutcome, Event, Offer, Outcome, Purpose, Slot};
use super::reading::Reading;
use super::tracker::Topic;
use super::turn::Turn;
use crate::catalog::{
    Body, BuiltinEntity, Call, EntityKind, Flow, IntentId, Say, Step, StepId, StepKind, Target, Template,
};
use crate::entity::Value;
use crate::handoff::Owner;
use crate::matcher::Candidate;
use crate::template::fill;

/// Topics that may wait at the same time; one more ends the current one.
const WAITING_TOPICS: usize = 5;

/// A call that failed this often without an answer in between is a person's: whoever tries for ever helps nobody.
const FAILURES: u32 = 3;

/// Where a flow goes on.
enum Next {
    Step(Option<StepId>),
    /// It waits, or has ended and said so.
    Stop,
}

impl<'a> Turn<'a> {
    /// Starts the flow of an intent with what the message says.
    pub fn start_flow(&mut self, candidate: &Candidate, reading: &Reading) {
        let Some(flow) = self.flow_of(candidate.intent) else { return };
        let name = self.brain.catalog.intent(candidate.intent).name.clone();
        let given = self.given(flow, Some(candidate), reading);
        if self.tracker.topics.iter().any(|topic| topic.intent == name) {
            return self.return_to(&name, given);
        }
        if self.tracker.topics.len() >= WAITING_TOPICS {
            self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Left });
        }
        let mut slots = self.known_elsewhere(flow, &name);
        slots.extend(given);
        self.begin(&name, slots, BTreeMap::new());
    }

    /// The topic is under way already: those above it are left, and what is new goes into it.
    fn return_to(&mut self, intent: &str, given: BTreeMap<String, Slot>) {
        while self.scope() != intent {
            self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Left });
        }
        if self.mend(None) {
            return;
        }
        if self.returned {
            self.say_back();
        }
        for (slot, value) in given {
            self.emit(Event::SlotFilled { slot, value });
        }
        self.replay();
    }

    /// Begins a topic.
    pub fn begin(&mut self, intent: &str, slots: BTreeMap<String, Slot>, results: BTreeMap<String, Json>) {
        self.mask(slots.values());
        self.emit(Event::FlowStarted { intent: intent.to_owned(), slots, results });
        self.replay();
    }

    /// Goes over the current topic's flow from its start.
    pub fn replay(&mut self) {
        if let Some(flow) = self.flow(&self.scope()) {
            self.run(flow, flow.start);
        }
    }

    /// Goes on until a step waits or the flow ends.
    pub fn run(&mut self, flow: &'a Flow, from: Option<StepId>) {
        let mut at = from;
        loop {
            let Some(id) = at else { return self.end_topic(Outcome::Done) };
            if self.steps_left == 0 {
                return self.hand_over_for("The flow goes round in circles.");
            }
            self.steps_left -= 1;
            match self.step(flow, flow.step(id)) {
                Next::Step(next) => at = next,
                Next::Stop => return,
            }
        }
    }

    fn step(&mut self, flow: &'a Flow, step: &'a Step) -> Next {
        match &step.kind {
            StepKind::Ask(_) | StepKind::Choose(_) => self.ask(step),
            StepKind::Confirm(confirm) => self.confirm(step, &confirm.say),
            StepKind::Say(say) => self.say_step(step, say),
            StepKind::Call(call) => self.call(step, call),
            StepKind::If { condition, then, otherwise } => {
                let holds = condition.holds(&self.expression_values());
                let branch = if holds { then } else { otherwise };
                Next::Step(branch.or(step.next))
            }
            StepKind::Set(values) => self.set(step, values),
            StepKind::Later { after, .. } => self.later(step, *after),
            StepKind::Goto(target) => self.go_to(flow, target),
            StepKind::Handoff(handoff) => {
                self.hand_over(handoff);
                Next::Stop
            }
            StepKind::End => Next::Step(None),
        }
    }

    fn ask(&mut self, step: &'a Step) -> Next {
        let slot = step.slot().unwrap_or_default();
        let topic = self.topic();
        let skipped = topic.is_some_and(|topic| topic.done.contains_key(&step.name));
        let known = topic.and_then(|topic| topic.slots.get(slot)).cloned();
        match known {
            Some(value) if self.is_allowed(step, &value) => Next::Step(step.next),
            Some(_) => {
                self.emit(Event::SlotCleared { slot: slot.to_owned() });
                self.emit(Event::QuestionOpened { step: step.name.clone() });
                self.reject(step);
                Next::Stop
            }
            None if skipped => Next::Step(step.next),
            None => {
                self.open_question(step);
                Next::Stop
            }
        }
    }

    fn confirm(&mut self, step: &'a Step, say: &Say) -> Next {
        let question = self.rendered(&self.scope(), &say.variants[0], &self.text_values());
        let done = self.topic().and_then(|topic| topic.done.get(&step.name));
        match done.filter(|done| done["question"] == question.as_str()).map(|done| done["yes"] == true) {
            Some(yes) => self.confirmed(step, yes),
            None => {
                self.open_question(step);
                Next::Stop
            }
        }
    }

    /// Where a confirmation leads.
    fn confirmed(&mut self, step: &Step, yes: bool) -> Next {
        let StepKind::Confirm(confirm) = &step.kind else { return Next::Step(step.next) };
        match (yes, confirm.has_else) {
            (true, _) => Next::Step(step.next),
            (false, true) => Next::Step(confirm.otherwise.or(step.next)),
            (false, false) => {
                self.say_own("All right, I've left it as it is.", &[]);
                self.end_topic(Outcome::Cancelled);
                Next::Stop
            }
        }
    }

    /// The customer has answered a confirmation.
    pub fn answer_confirm(&mut self, step: &'a Step, yes: bool) {
        let StepKind::Confirm(confirm) = &step.kind else { return };
        if yes && self.returned {
            return self.confirm_again(step);
        }
        if self.topic().is_some_and(|topic| topic.stale) {
            self.emit(Event::AnswersConfirmed);
        }
        let question = self.rendered(&self.scope(), &confirm.say.variants[0], &self.text_values());
        self.emit(Event::QuestionAnswered { step: step.name.clone() });
        self.emit(Event::StepDone {
            step: step.name.clone(),
            with: json!({ "question": question, "yes": yes }),
        });
        if let Next::Step(next) = self.confirmed(step, yes) {
            self.go_on(next);
        }
    }

    /// Goes on in the current topic.
    pub fn go_on(&mut self, next: Option<StepId>) {
        if let Some(flow) = self.flow(&self.scope()) {
            self.run(flow, next);
        }
    }

    fn say_step(&mut self, step: &Step, say: &Say) -> Next {
        let scope = self.scope();
        let said = self.rendered(&scope, &say.variants[0], &self.text_values());
        if self.is_done(step, &json!(said)) {
            return Next::Step(step.next);
        }
        self.say(&format!("{scope}.{}", step.name), &scope, say);
        self.emit(Event::StepDone { step: step.name.clone(), with: json!(said) });
        Next::Step(step.next)
    }

    fn is_done(&self, step: &Step, with: &Json) -> bool {
        self.topic().is_some_and(|topic| topic.done.get(&step.name) == Some(with))
    }

    fn call(&mut self, step: &Step, call: &Call) -> Next {
        let values = self.expression_values();
        let with: Json =
            call.with.iter().map(|(name, value)| (name.clone(), fill(&value.0, &values))).collect();
        let topic = self.topic();
        let is_doubtful = topic.is_some_and(|topic| topic.stale) && !self.is_safe(call);
        let before = topic.and_then(|topic| topic.done.get(&step.name)).cloned();
        let answered = topic.is_some_and(|topic| topic.results.contains_key(&call.result));
        match before {
            Some(before) if before == with && answered => Next::Step(step.next),
            Some(_) if answered && !self.is_safe(call) => {
                self.offer_to_reverse("Wants to change what is already done.");
                Next::Stop
            }
            _ if is_doubtful && self.check_old_answers() => Next::Stop,
            _ => {
                self.emit(Event::StepDone { step: step.name.clone(), with: with.clone() });
                let (action, step) = (call.action.clone(), step.name.clone());
                self.emit(Event::ActionCalled { call: self.tracker.last_number + 1, step, action, with });
                Next::Stop
            }
        }
    }

    fn is_safe(&self, call: &Call) -> bool {
        self.brain.catalog.actions.get(&call.action).is_some_and(|action| action.is_safe())
    }

    /// Whether the topic has done something that can't be taken back by asking again.
    pub fn has_acted(&self, topic: &Topic) -> bool {
        let Some(flow) = self.flow(&topic.intent) else { return false };
        flow.steps.iter().any(|step| match &step.kind {
            StepKind::Call(call) => topic.done.contains_key(&step.name) && !self.is_safe(call),
            _ => false,
        })
    }

    /// An action has answered: the flow that called it goes on.
    pub fn action_done(&mut self, call: u64, outcome: &ActionOutcome) {
        let is_it = |topic: &Topic| topic.calling.as_ref().is_some_and(|calling| calling.call == call);
        let Some(topic) = self.tracker.topics.iter().rev().find(|topic| is_it(topic)).cloned() else {
            return self.emit(Event::ActionLate { call, done: matches!(outcome, ActionOutcome::Done(_)) });
        };
        let is_current = self.topic().is_some_and(is_it);
        let step = topic.calling.map(|calling| calling.step).unwrap_or_default();
        let flow = self.flow(&topic.intent);
        let step = flow.and_then(|flow| flow.step_named(&step).map(|id| flow.step(id)));
        let Some(StepKind::Call(called)) = step.map(|step| &step.kind) else {
            return self.call_is_gone(call, is_current);
        };
        match outcome {
            ActionOutcome::Done(result) => {
                let (name, result) = (called.result.clone(), result.clone());
                self.emit(Event::ActionAnswered { call, name, result });
            }
            ActionOutcome::Failed(reason) => self.emit(Event::ActionFailed { call, reason: reason.clone() }),
        }
        let (Some(step), true) = (step, is_current && self.tracker.owner == Owner::Bot) else { return };
        match outcome {
            ActionOutcome::Done(_) => self.go_on(step.next),
            ActionOutcome::Failed(_) => self.action_failed(step, called),
        }
    }

    /// The step that called is gone: what it has done, if anything, is not known to the flow as it is now.
    fn call_is_gone(&mut self, call: u64, is_current: bool) {
        self.emit(Event::ActionFailed { call, reason: "The step that called is gone.".to_owned() });
        if is_current && self.tracker.owner == Owner::Bot && !self.mend(None) {
            self.ask_again();
        }
    }

    fn action_failed(&mut self, step: &Step, call: &Call) {
        let failures = self.topic().and_then(|topic| topic.failures.get(&step.name)).copied();
        self.emit(Event::StepUndone { step: step.name.clone() });
        if failures.unwrap_or_default() >= FAILURES {
            self.say_own("I still can't reach our system.", &[]);
            return self.hand_over_for("An action failed several times.");
        }
        if call.has_failed {
            return self.go_on(call.failed.or(step.next));
        }
        let buttons = ["Try again", "Talk to a person"];
        self.say_own(
            "I can't reach our system just now. Shall I try again, or get a person for you?",
            &buttons,
        );
        self.emit(Event::Offered(Offer::TryAgain));
    }

    /// Slots of this or another topic are filled as if answered; other names hold for the rest of the conversation.
    fn set(&mut self, step: &Step, values: &[(String, Template)]) -> Next {
        for (name, template) in values {
            let value = fill(&template.0, &self.expression_values());
            match self.slot_value(name, &value) {
                Some(value) => self.emit(Event::SlotFilled { slot: name.clone(), value }),
                None => self.emit(Event::ValueSet { name: name.clone(), value }),
            }
        }
        Next::Step(step.next)
    }

    /// The value as the answer to the question for that slot, if any flow asks for it.
    fn slot_value(&self, name: &str, value: &Json) -> Option<Slot> {
        let steps = self.brain.catalog.intents.iter().filter_map(|intent| match &intent.body {
            Body::Flow(flow) => Some(&flow.steps),
            _ => None,
        });
        let step = steps.flatten().find(|step| step.slot() == Some(name))?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let number = value.as_f64().map(Value::Number);
        let value =
            value.as_bool().map(Value::YesNo).or(number).unwrap_or_else(|| self.choice_value(step, text));
        Some(Slot { value, span: None, sensitive: step.is_sensitive() })
    }

    fn choice_value(&self, step: &Step, key: String) -> Value {
        let option = match &step.kind {
            StepKind::Choose(choose) => choose.options.iter().position(|(value, _)| *value == key),
            _ => None,
        };
        match option {
            Some(index) => Value::Choice { label: self.option_labels(step)[index].clone(), key },
            None => Value::Text(key),
        }
    }

    fn later(&mut self, step: &Step, after: SignedDuration) -> Next {
        let is_set = self.topic().is_some_and(|topic| topic.done.contains_key(&step.name));
        let at = self.now.timestamp().checked_add(after);
        if let (false, Ok(at), Some(topic)) = (is_set, at, self.topic().cloned()) {
            let timer = self.tracker.last_number + 1;
            let (intent, slots, results) = (topic.intent, topic.slots, topic.results);
            let purpose = Purpose::Later { intent, step: step.name.clone(), slots, results };
            self.emit(Event::TimerSet { timer, at, purpose });
            self.emit(Event::StepDone { step: step.name.clone(), with: json!(timer) });
        }
        Next::Step(step.next)
    }

    /// A `later` step comes back.
    pub fn timer_due(&mut self, timer: u64) {
        let Some(due) = self.tracker.timers.get(&timer).cloned() else { return };
        self.emit(Event::TimerDone { timer });
        let Purpose::Later { intent, step, slots, results } = due.purpose.clone() else {
            return self.silence_due(&due.purpose, due.at);
        };
        let awake = self.awake(self.now).timestamp();
        if awake > self.now.timestamp() {
            let timer = self.tracker.last_number + 1;
            return self.emit(Event::TimerSet { timer, at: awake, purpose: due.purpose });
        }
        let Some(flow) = self.flow(&intent) else { return };
        let step = flow.step_named(&step).map(|id| &flow.step(id).kind);
        let (Some(StepKind::Later { then: Some(then), .. }), Owner::Bot) = (step, self.tracker.owner) else {
            return;
        };
        self.emit(Event::FlowStarted { intent, slots, results });
        self.run(flow, Some(*then));
    }

    fn go_to(&mut self, flow: &'a Flow, target: &Target) -> Next {
        match target {
            Target::Step(id) => {
                self.undo_from(flow, *id);
                Next::Step(Some(*id))
            }
            Target::Intent(intent) => {
                self.go_to_intent(*intent);
                Next::Stop
            }
        }
    }

    /// Makes the steps from there on be done again.
    pub fn undo_from(&mut self, flow: &Flow, from: StepId) {
        for step in &flow.steps[from.0 as usize..] {
            let Some(topic) = self.topic() else { return };
            let is_known = step.slot().is_some_and(|slot| topic.slots.contains_key(slot));
            if topic.done.contains_key(&step.name) || topic.answered.contains(&step.name) {
                self.emit(Event::StepUndone { step: step.name.clone() });
            }
            if let (true, Some(slot)) = (is_known, step.slot()) {
                self.emit(Event::SlotCleared { slot: slot.to_owned() });
            }
        }
    }

    fn go_to_intent(&mut self, id: IntentId) {
        let intent = self.brain.catalog.intent(id);
        let slots = self.topic().map(|topic| topic.slots.clone()).unwrap_or_default();
        self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Left });
        match (&intent.body, intent.builtin) {
            (Body::Flow(_), _) => self.begin(&intent.name, slots, BTreeMap::new()),
            (_, Some(builtin)) => self.command(builtin, intent),
            _ => self.say_intent(intent),
        }
    }

    /// Ends the current topic; one that waits comes back.
    pub fn end_topic(&mut self, outcome: Outcome) {
        let asked = self.topic().is_some_and(|topic| !topic.answered.is_empty());
        self.emit(Event::FlowEnded { intent: self.scope(), outcome });
        self.surface(asked);
    }

    /// The topic below comes up again. `offers`: so much was said meanwhile that it is offered, not simply gone on with.
    /// What is parked waits until the customer comes back.
    pub fn surface(&mut self, offers: bool) {
        self.give_up();
        let Some(topic) = self.topic() else { return };
        if topic.parked || topic.calling.is_some() {
            return;
        }
        if offers || topic.stale { self.offer_to_resume() } else { self.ask_again() }
    }

    /// What other topics know of the slots that a flow asks for: those that wait, and what identifies the customer and
    /// their things from those that have ended. Asked again are the answers of an ended topic of the same intent: who
    /// comes back to it means another thing.
    fn known_elsewhere(&self, flow: &Flow, intent: &str) -> BTreeMap<String, Slot> {
        let mut known = BTreeMap::new();
        for step in &flow.steps {
            let Some(slot) = step.slot() else { continue };
            let waiting = self.tracker.topics.iter().rev().find_map(|topic| topic.slots.get(slot));
            let ended = self
                .tracker
                .memory
                .get(slot)
                .filter(|memory| memory.intent != intent)
                .map(|memory| &memory.slot);
            if let Some(value) = waiting.or(ended).filter(|_| self.identifies(step)) {
                known.insert(slot.to_owned(), Slot { span: None, ..value.clone() });
            }
        }
        known
    }

    fn identifies(&self, step: &Step) -> bool {
        use BuiltinEntity::{Email, PersonName, Phone};
        let StepKind::Ask(ask) = &step.kind else { return false };
        let entity = self.brain.catalog.entity(ask.entity);
        matches!(entity.kind, EntityKind::Pattern(_))
            || [Email, Phone, PersonName].iter().any(|kind| entity.is(*kind))
    }
}
