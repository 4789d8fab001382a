//! Speaking: texts in the customer's language, filled with what is known.
use serde_json::{Value as Json, json};

use super::event::{Event, Slot};
use super::turn::Turn;
use crate::catalog::{Intent, Say};
use crate::entity::Value;
use crate::reply::{Button, Markup, Reply, next_variant};
use crate::template::{Text, Values};
use crate::text::Language;

/// The scope of texts that belong to no intent.
const BOT: &str = "bot";

impl Turn<'_> {
    /// Says one of the engine's own texts.
    pub fn say_own(&mut self, text: &str, buttons: &[&str]) {
        self.say_with(text, &[], buttons);
    }

    /// Says one of several of the engine's own texts, never the same twice in a row.
    pub fn say_one_of(&mut self, texts: &[&str], buttons: &[&str]) {
        let chosen = self.choose_variant(texts[0], texts.len());
        self.say_own(texts[chosen], buttons);
    }

    /// Says one of the engine's own texts with values of its own.
    pub fn say_with(&mut self, text: &str, extra: &[(&str, Json)], buttons: &[&str]) {
        let mut values = self.text_values();
        for (name, value) in extra {
            values.set(*name, value);
        }
        let buttons = buttons.iter().map(|label| Text::new(*label)).collect::<Vec<_>>();
        self.speak(BOT, &Text::new(text), &buttons, &values);
    }

    /// What an intent says.
    pub fn say_intent(&mut self, intent: &Intent) {
        if let crate::catalog::Body::Say(say) = &intent.body {
            self.say(&intent.name, &intent.name, say);
        }
        self.ask_again();
    }

    /// One of the variants of a text. `place` tells texts apart; `scope` is the intent whose translations count.
    pub fn say(&mut self, place: &str, scope: &str, say: &Say) {
        let values = self.text_values();
        let text = self.pick(place, say).clone();
        self.speak(scope, &text, &say.buttons, &values);
    }

    /// The variant to use now.
    pub fn pick<'t>(&mut self, place: &str, say: &'t Say) -> &'t Text {
        &say.variants[self.choose_variant(place, say.variants.len())]
    }

    fn choose_variant(&mut self, place: &str, count: usize) -> usize {
        let variant = next_variant(self.tracker.variants.get(place).copied(), count);
        if count > 1 {
            self.emit(Event::VariantUsed { place: place.to_owned(), variant });
        }
        variant
    }

    /// Says a text with buttons.
    pub fn speak(&mut self, scope: &str, text: &Text, buttons: &[Text], values: &Values) {
        let text = self.rendered(scope, text, values);
        let labels: Vec<String> =
            buttons.iter().map(|label| Markup(self.rendered(scope, label, values)).plain()).collect();
        self.deliver(Markup(text), labels);
    }

    /// Says a finished text.
    pub fn deliver(&mut self, text: Markup, labels: Vec<String>) {
        let first = self.tracker.last_number + 1;
        let button = |(index, label)| Button { id: format!("b{}", first + index as u64), label };
        let buttons = labels.into_iter().enumerate().map(button).collect();
        self.emit(Event::Said { reply: Reply { text, buttons } });
    }

    /// A text in the customer's language with its values.
    pub fn rendered(&self, scope: &str, text: &Text, values: &Values) -> String {
        Text::new(self.translated(scope, &text.0)).render(values)
    }

    /// The author's or the engine's translation of a text.
    pub fn translated(&self, scope: &str, text: &str) -> String {
        self.brain.catalog.translations.get(self.language(), scope, text).to_owned()
    }

    /// The values as texts show them.
    pub fn text_values(&self) -> Values {
        self.values(&|slot, language| shown(&slot.value, language))
    }

    /// The values as expressions see them.
    pub fn expression_values(&self) -> Values {
        self.values(&|slot, _| slot.value.to_json())
    }

    fn values(&self, form: &dyn Fn(&Slot, &Language) -> Json) -> Values {
        let catalog = self.brain.catalog;
        let mut values = Values::new(self.language());
        values.set("bot", json!({ "name": catalog.settings.name }));
        values.set("facts", &catalog.settings.facts);
        values.set("customer", self.customer());
        values.set("now", self.clock());
        for (name, value) in &self.tracker.values {
            values.set(name, value);
        }
        if let Some(topic) = self.topic() {
            for (name, result) in &topic.results {
                values.set(name, result);
            }
            for (name, slot) in &topic.slots {
                values.set(name, form(slot, self.language()));
            }
        }
        values
    }

    /// What is not known is left out, so that `default(…)` works.
    fn customer(&self) -> Json {
        let customer = &self.tracker.customer;
        let mut known = json!({ "language": self.language().code(), "verified": customer.verified });
        for (name, value) in [("name", &customer.name), ("channel", &customer.channel)] {
            if let Some(value) = value {
                known[name] = json!(value);
            }
        }
        known
    }

    fn clock(&self) -> Json {
        let (date, time) = (self.now.date(), self.now.time());
        json!({
            "date": date.to_string(),
            "time": crate::locale::time(time),
            "hour": time.hour(),
            "weekday": date.weekday().to_monday_one_offset(),
            "year": date.year(),
            "month": date.month(),
            "day": date.day(),
        })
    }
}

/// Numbers, and yes and no, keep their type, so that texts can count; everything else is shown as people write it.
fn shown(value: &Value, language: &Language) -> Json {
    match value {
        Value::Number(_) | Value::YesNo(_) => value.to_json(),
        other => Json::String(other.shown(language)),
    }
}
