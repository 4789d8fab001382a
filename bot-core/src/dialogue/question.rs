//! What the three kinds of questions (`ask`, `choose`, `confirm`) have in common, and putting them.
use serde_json::{Value as Json, json};

use super::event::Event;
use super::turn::Turn;
use crate::catalog::{BuiltinEntity, Entity, EntityKind, Say, Step, StepKind};
use crate::reply::Markup;
use crate::template::Text;

/// A list entity is shown as buttons if it has no more values than this: a row that fits a phone.
const BUTTONS: usize = 6;

impl Step {
    /// The slot it fills.
    pub(super) fn slot(&self) -> Option<&str> {
        match &self.kind {
            StepKind::Ask(ask) => Some(&ask.slot),
            StepKind::Choose(choose) => Some(&choose.slot),
            _ => None,
        }
    }

    pub(super) fn question(&self) -> Option<&Say> {
        match &self.kind {
            StepKind::Ask(ask) => ask.say.as_ref(),
            StepKind::Choose(choose) => choose.say.as_ref(),
            StepKind::Confirm(confirm) => Some(&confirm.say),
            _ => None,
        }
    }

    pub(super) fn why(&self) -> Option<&Text> {
        match &self.kind {
            StepKind::Ask(ask) => ask.why.as_ref(),
            StepKind::Choose(choose) => choose.why.as_ref(),
            StepKind::Confirm(confirm) => confirm.why.as_ref(),
            _ => None,
        }
    }

    pub(super) fn retry(&self) -> &[Text] {
        match &self.kind {
            StepKind::Ask(ask) => &ask.retry,
            StepKind::Choose(choose) => &choose.retry,
            _ => &[],
        }
    }

    pub(super) fn attempts(&self) -> u32 {
        match &self.kind {
            StepKind::Ask(ask) => ask.attempts,
            StepKind::Choose(choose) => choose.attempts,
            StepKind::Confirm(confirm) => confirm.attempts,
            _ => u32::MAX,
        }
    }

    pub(super) fn is_optional(&self) -> bool {
        match &self.kind {
            StepKind::Ask(ask) => ask.optional,
            StepKind::Choose(choose) => choose.optional,
            _ => false,
        }
    }

    pub(super) fn is_sensitive(&self) -> bool {
        match &self.kind {
            StepKind::Ask(ask) => ask.sensitive,
            StepKind::Choose(choose) => choose.sensitive,
            _ => false,
        }
    }
}

impl Turn<'_> {
    /// Puts a question and waits.
    pub fn open_question(&mut self, step: &Step) {
        self.put(step);
        self.emit(Event::QuestionOpened { step: step.name.clone() });
    }

    /// Puts the open question again, if there is one.
    ///
    /// Who comes back after a long time is asked whether it is still about that. A topic that waits for nothing, since an
    /// offer about it was not taken up, is offered.
    pub fn ask_again(&mut self) {
        let Some(topic) = self.topic() else { return };
        if topic.calling.is_some() {
            return;
        }
        match self.question() {
            Some(_) if self.returned || topic.parked => self.ask_whether_still(),
            Some(step) => self.put(step),
            None if self.tracker.offer.is_none() => self.offer_to_resume(),
            None => {}
        }
    }

    /// Puts the open question again, or asks what to do.
    pub fn ask_again_or_invite(&mut self) {
        match self.topic() {
            Some(_) => self.ask_again(),
            None => self.say_own("What can I do for you?", &[]),
        }
    }

    pub fn put(&mut self, step: &Step) {
        let text = self.wording(step);
        let buttons = self.labels(step);
        self.deliver(Markup(text), buttons);
    }

    /// The question as it is put now.
    pub fn wording(&mut self, step: &Step) -> String {
        match step.question() {
            Some(say) => {
                let text = self.pick(&format!("{}.{}", self.scope(), step.name), say).clone();
                self.rendered(&self.scope(), &text, &self.text_values())
            }
            None => {
                let mut values = self.text_values();
                values.set("label", self.label(step.slot().unwrap_or_default()));
                self.rendered("bot", &Text::new("What is it: {{ label }}?"), &values)
            }
        }
    }

    /// The topic's intent: where its texts are translated.
    pub fn scope(&self) -> String {
        self.topic().map(|topic| topic.intent.clone()).unwrap_or_default()
    }

    /// What stands on the buttons under a question.
    pub fn labels(&self, step: &Step) -> Vec<String> {
        let own = |text: &str| self.translated("bot", text);
        let mut labels: Vec<String> = match &step.kind {
            StepKind::Choose(_) => self.option_labels(step),
            StepKind::Confirm(_) => vec![own("Yes"), own("No")],
            StepKind::Ask(ask) if self.brain.catalog.entity(ask.entity).is(BuiltinEntity::YesNo) => {
                vec![own("Yes"), own("No")]
            }
            _ => vec![],
        };
        let (scope, values) = (self.scope(), self.text_values());
        let plain = |text: &Text| Markup(self.rendered(&scope, text, &values)).plain();
        labels.extend(step.question().iter().flat_map(|say| &say.buttons).map(plain));
        if step.is_optional() && matches!(step.kind, StepKind::Ask(_)) {
            labels.push(own("Skip"));
        }
        labels
    }

    /// The labels of a `choose` step's options in the customer's language.
    pub fn option_labels(&self, step: &Step) -> Vec<String> {
        let StepKind::Choose(choose) = &step.kind else { return vec![] };
        let (scope, values) = (self.scope(), self.text_values());
        let plain = |text: &Text| Markup(self.rendered(&scope, text, &values)).plain();
        choose.options.iter().map(|(_, label)| plain(label)).collect()
    }

    /// A slot's name in words, in the customer's language if the author translated it.
    pub fn label(&self, slot: &str) -> String {
        self.translated(&self.scope(), &slot.replace('_', " "))
    }

    /// What is wrong with an answer, in words that grow: a hint, then an example and buttons.
    pub fn hint(&mut self, step: &Step, attempt: u32) {
        let index = attempt.saturating_sub(1) as usize;
        let scope = self.scope();
        let text = match step.retry().get(index) {
            Some(text) => self.rendered(&scope, text, &self.text_values()),
            None => self.default_hint(step, attempt),
        };
        let buttons = self.hint_buttons(step, attempt);
        self.deliver(Markup(text), buttons);
    }

    fn hint_buttons(&self, step: &Step, attempt: u32) -> Vec<String> {
        let mut buttons = match &step.kind {
            StepKind::Choose(_) => self.option_labels(step),
            StepKind::Confirm(_) => vec![self.translated("bot", "Yes"), self.translated("bot", "No")],
            StepKind::Ask(ask) if attempt > 1 => self.brain.catalog.entity(ask.entity).words(BUTTONS),
            _ => vec![],
        };
        if step.is_optional() && matches!(step.kind, StepKind::Ask(_)) {
            buttons.push(self.translated("bot", "Skip"));
        }
        buttons
    }

    fn default_hint(&self, step: &Step, attempt: u32) -> String {
        let opening = if attempt <= 1 {
            "Sorry, I can't use that as an answer."
        } else {
            "That doesn't seem to work either."
        };
        let (text, name, value) = self.format_hint(step);
        let mut values = self.text_values();
        values.set(name, value);
        let say = |text: &str| self.rendered("bot", &Text::new(text), &values);
        format!("{} {}", say(opening), say(text))
    }

    /// What a usable answer looks like.
    fn format_hint(&self, step: &Step) -> (&'static str, &'static str, Json) {
        const OPTIONS: &str = "Please choose one of these: {{ options }}.";
        match &step.kind {
            StepKind::Choose(_) => (OPTIONS, "options", json!(self.option_labels(step).join(" · "))),
            StepKind::Ask(ask) => {
                let entity = self.brain.catalog.entity(ask.entity);
                match (&entity.kind, &entity.example) {
                    (EntityKind::Builtin(builtin), _) => (builtin.hint(), "example", json!("")),
                    (EntityKind::List(_), _) => {
                        (OPTIONS, "options", json!(entity.words(usize::MAX).join(" · ")))
                    }
                    (_, Some(example)) => ("It looks like this: {{ example }}.", "example", json!(example)),
                    _ => ("Please write it in a few words.", "example", json!("")),
                }
            }
            _ => ("Please answer with yes or no.", "example", json!("")),
        }
    }
}

impl Entity {
    pub(super) fn is(&self, builtin: BuiltinEntity) -> bool {
        matches!(self.kind, EntityKind::Builtin(kind) if kind == builtin)
    }

    /// The words shown for the values of a list, if there are at most `most`.
    fn words(&self, most: usize) -> Vec<String> {
        match &self.kind {
            EntityKind::List(values) if values.len() <= most => {
                values.iter().filter_map(|value| value.words.first().cloned()).collect()
            }
            _ => vec![],
        }
    }
}

impl BuiltinEntity {
    fn hint(self) -> &'static str {
        match self {
            BuiltinEntity::Text | BuiltinEntity::PersonName => "Please write it in a few words.",
            BuiltinEntity::Number => "I need a number, such as 3.",
            BuiltinEntity::Money => "I need an amount, such as 49.90 €.",
            BuiltinEntity::Date => "I need a date, such as 24 November or tomorrow.",
            BuiltinEntity::Time => "I need a time, such as 14:30.",
            BuiltinEntity::Duration => "I need a duration, such as 3 days.",
            BuiltinEntity::Email => "I need an e-mail address, such as name@example.com.",
            BuiltinEntity::Phone => "I need a phone number, such as +49 30 1234567.",
            BuiltinEntity::Url => "I need a web address, such as https://example.com.",
            BuiltinEntity::YesNo => "Please answer with yes or no.",
        }
    }
}
