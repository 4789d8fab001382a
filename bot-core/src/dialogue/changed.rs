//! The folder has changed since the conversation was stored: a topic whose steps are gone is started again, one whose
//! intent is gone is given up. Other topics stay as they are.
//!
//! What it is not: it does not compare folders. It finds out, when a topic comes up, whether that can go on.
use super::event::{Event, Outcome};
use super::reading::Reading;
use super::tracker::Topic;
use super::turn::Turn;
use crate::catalog::{Builtin, Flow, StepKind};
use crate::entity::Value;

/// What can be done for a topic that can't go on.
enum Wreck {
    /// It starts again.
    Again,
    /// Nothing: its intent is gone, or it may have done what must not be done twice.
    Lost,
}

impl Turn<'_> {
    /// Sees to it that the current topic can go on. `true`: it can't, and what is to be said was said; a message that asks
    /// for something else is still to be dealt with.
    pub fn mend(&mut self, reading: Option<&Reading>) -> bool {
        let Some(wreck) = self.wreck() else { return false };
        match wreck {
            Wreck::Again => self.start_wreck_again(reading),
            Wreck::Lost => {
                self.give_up();
                if reading.is_some_and(|reading| self.asks_for_more(reading, true)) {
                    return false;
                }
                self.ask_again_or_invite();
                true
            }
        }
    }

    /// Gives up topics that nothing can be done for, until one comes up that is sound or can be started again.
    pub fn give_up(&mut self) {
        while let Some(Wreck::Lost) = self.wreck() {
            let is_said = self.given_up;
            self.given_up = true;
            self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Left });
            if !is_said {
                self.say_own("Something has changed here in the meantime, so I can't go on with that.", &[]);
            }
        }
    }

    fn start_wreck_again(&mut self, reading: Option<&Reading>) -> bool {
        let intent = self.scope();
        let given = match (self.flow(&intent), reading) {
            (Some(flow), Some(reading)) => self.given(flow, None, reading),
            _ => Default::default(),
        };
        let has_request = reading.is_some_and(|reading| self.asks_for_more(reading, false));
        self.say_own("Something has changed here in the meantime, so let us start this again.", &[]);
        self.emit(Event::FlowEnded { intent: intent.clone(), outcome: Outcome::Left });
        self.returned = false;
        if has_request {
            let (slots, results) = Default::default();
            self.emit(Event::FlowStarted { intent, slots, results });
        } else {
            self.begin(&intent, given, Default::default());
        }
        !has_request
    }

    /// Whether a message asks for something else than what the topic wanted to know. Where that is lost, "stop" has
    /// nothing to stop: it is not meant for the topic below.
    fn asks_for_more(&self, reading: &Reading, is_lost: bool) -> bool {
        use Builtin::{
            Affirm, Back, Cancel, Deny, DontKnow, Goodbye, Greet, Repeat, Skip, Thanks, Wait, Why,
        };
        let Some(best) = reading.sure(self.brain.catalog) else { return false };
        let intent = self.brain.catalog.intent(best.intent);
        match intent.builtin {
            Some(Affirm | Back | Deny | DontKnow | Goodbye | Greet | Repeat | Skip | Thanks | Wait | Why) => {
                false
            }
            Some(Cancel) => !is_lost,
            _ => intent.name != self.scope(),
        }
    }

    fn wreck(&self) -> Option<Wreck> {
        let topic = self.topic()?;
        let Some(flow) = self.flow(&topic.intent) else { return Some(Wreck::Lost) };
        if can_go_on(topic, flow) {
            return None;
        }
        Some(if self.may_have_acted(topic, flow) { Wreck::Lost } else { Wreck::Again })
    }

    /// Whether the topic may have done what can't be undone. Of a call whose step is gone nothing is known any more.
    fn may_have_acted(&self, topic: &Topic, flow: &Flow) -> bool {
        let safe = |name: &str| match flow.step_named(name).map(|id| &flow.step(id).kind) {
            Some(StepKind::Call(call)) => {
                self.brain.catalog.actions.get(&call.action).is_some_and(|action| action.is_safe())
            }
            _ => false,
        };
        let is_call = |with: &serde_json::Value| with.is_object() && with.get("question").is_none();
        topic.done.iter().any(|(name, with)| is_call(with) && !safe(name))
    }
}

/// Whether what the topic waits for is still there, and what was chosen too.
fn can_go_on(topic: &Topic, flow: &Flow) -> bool {
    let step = |name: &str| flow.step_named(name).map(|id| &flow.step(id).kind);
    let asks =
        |kind: &StepKind| matches!(kind, StepKind::Ask(_) | StepKind::Choose(_) | StepKind::Confirm(_));
    let waits = topic.question.as_deref().is_none_or(|name| step(name).is_some_and(asks));
    let calls = topic
        .calling
        .as_ref()
        .is_none_or(|calling| step(&calling.step).is_some_and(|kind| matches!(kind, StepKind::Call(_))));
    waits && calls && topic.slots.iter().all(|(name, slot)| is_option(flow, name, &slot.value))
}

fn is_option(flow: &Flow, slot: &str, value: &Value) -> bool {
    let Value::Choice { key, .. } = value else { return true };
    let choose = flow.steps.iter().find_map(|step| match &step.kind {
        StepKind::Choose(choose) if choose.slot == slot => Some(choose),
        _ => None,
    });
    choose.is_none_or(|choose| choose.options.iter().any(|(option, _)| option == key))
}
