//! A message while a question is open: an answer, a command, a correction, a side question, or none of these.
use serde_json::json;

use super::choice::Pick;
use super::cues::cues;
use super::event::{Event, Offer, Slot};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Body, Builtin, BuiltinEntity, Intent, Step, StepKind};
use crate::entity::Value;
use crate::matcher::{Candidate, Stage};
use crate::text::{Span, Utterance};

/// From this confidence on a request is one, although it could be the answer to an open question for free text.
const SURELY_A_REQUEST: f64 = 0.9;

/// What a message says to the open question.
enum Found {
    /// A value, and whether the message says nothing else.
    Value(Slot, bool),
    /// Yes or no, and whether the message says nothing else.
    YesNo(bool, bool),
    Nothing,
}

impl Found {
    fn is_all(&self) -> bool {
        matches!(self, Found::Value(_, true) | Found::YesNo(_, true))
    }
}

impl<'a> Turn<'a> {
    /// A message while the question of `step` is open.
    pub fn hear_answer(&mut self, step: &'a Step, reading: &Reading) {
        if step.is_sensitive() {
            self.emit(Event::Masked { spans: vec![Span { start: 0, end: reading.utterance.text().len() }] });
        }
        let found = self.find(step, reading);
        let takes_anything = self.takes_anything(step);
        // An option's own label is its answer, whatever else it might mean.
        if matches!(step.kind, StepKind::Choose(_)) && found.is_all() {
            return self.accept(step, found);
        }
        if found.is_all() && !takes_anything && !self.is_spelled_out_command(reading) {
            return self.accept(step, found);
        }
        let is_command = self.is_spelled_out_command(reading);
        if self.cancel_and_go_on(reading) || is_command && self.obey(step, reading) {
            return;
        }
        let leaves = self.leaves(reading);
        let may_be_command = match found {
            Found::Value(..) if takes_anything => self.is_surely_a_request(reading),
            Found::Value(..) => leaves,
            _ => true,
        };
        if self.correct(step, reading) || may_be_command && self.obey(step, reading) {
            return;
        }
        if leaves && !step.is_sensitive() && self.ask_whether_best(reading) {
            return;
        }
        if self.answer_and_ask(step, reading) || self.explain_what(step, reading) {
            return;
        }
        if let Some(aside) = self.aside(step, &found, reading) {
            return self.turn_aside(step, found, &aside, reading);
        }
        match found {
            Found::Nothing if self.ask_meaning_aside(reading) => {}
            Found::Nothing if self.returned => self.ask_whether_still(),
            Found::Nothing => self.reject(step),
            found => self.accept(step, found),
        }
    }

    fn find(&self, step: &Step, reading: &Reading) -> Found {
        match &step.kind {
            StepKind::Choose(_) => match self.chosen(step, &reading.utterance) {
                Some((slot, pick)) => Found::Value(slot, matches!(pick, Pick::Clearly(_))),
                None => Found::Nothing,
            },
            StepKind::Ask(ask) if self.brain.catalog.entity(ask.entity).is(BuiltinEntity::YesNo) => {
                match self.yes_no(reading) {
                    Some((yes, is_all)) => Found::Value(self.slot(step, Value::YesNo(yes), None), is_all),
                    None => Found::Nothing,
                }
            }
            StepKind::Ask(ask) => match self.asked(step, ask, reading) {
                Some((slot, is_all)) => Found::Value(slot, is_all),
                None => Found::Nothing,
            },
            _ => match self.yes_no(reading) {
                Some((yes, is_all)) => Found::YesNo(yes, is_all),
                None => Found::Nothing,
            },
        }
    }

    /// The value that a message gives for an `ask` or `choose` step, whether or not that is allowed.
    pub fn value_for(&self, step: &Step, reading: &Reading) -> Option<Slot> {
        match self.find(step, reading) {
            Found::Value(slot, _) => Some(self.as_allowed(step, slot.clone()).unwrap_or(slot)),
            _ => None,
        }
    }

    /// The reply that a message gives to a `confirm` step.
    pub fn yes_no_to(&self, step: &Step, reading: &Reading) -> Option<bool> {
        match self.find(step, reading) {
            Found::YesNo(yes, _) => Some(yes),
            _ => None,
        }
    }

    /// Yes or no, and whether the message says nothing else.
    pub fn yes_no(&self, reading: &Reading) -> Option<(bool, bool)> {
        let catalog = self.brain.catalog;
        for (builtin, yes) in [(Builtin::Affirm, true), (Builtin::Deny, false)] {
            if reading.leads(catalog, builtin) {
                return Some((yes, reading.ranking[0].stage == Stage::Exact));
            }
        }
        let found =
            self.brain.recognizer.find_answer(BuiltinEntity::YesNo.id(), &reading.utterance, self.now);
        let first = found.first()?;
        let Value::YesNo(yes) = first.value else { return None };
        Some((yes, self.says_only(first.span, &reading.utterance)))
    }

    /// Whether the question takes any text, so that everything could be its answer.
    pub fn takes_anything(&self, step: &Step) -> bool {
        matches!(&step.kind, StepKind::Ask(ask) if self.brain.catalog.entity(ask.entity).is(BuiltinEntity::Text))
    }

    fn is_spelled_out_command(&self, reading: &Reading) -> bool {
        let best = reading.ranking.first().filter(|best| best.stage == Stage::Exact);
        let builtin = best.and_then(|best| self.brain.catalog.intent(best.intent).builtin);
        builtin.is_some_and(|builtin| !matches!(builtin, Builtin::Affirm | Builtin::Deny))
    }

    /// Whether the message wants to leave the question, whatever else it says.
    fn leaves(&self, reading: &Reading) -> bool {
        reading.builtin(self.brain.catalog).is_some_and(super::commands::leaves)
    }

    /// Whether it is hardly the answer to a question for free text: "stopped working" says what is wrong, and stops nothing.
    fn is_surely_a_request(&self, reading: &Reading) -> bool {
        let asks = || cues(self.language()).asks(reading.utterance.text(), reading.utterance.tokens());
        let best = reading.sure(self.brain.catalog);
        best.is_some_and(|best| best.confidence >= SURELY_A_REQUEST || asks())
    }

    /// Commands: stop, back, help, why … `false`: it is none.
    fn obey(&mut self, step: &Step, reading: &Reading) -> bool {
        let catalog = self.brain.catalog;
        let Some(best) = reading.sure(catalog).cloned() else { return false };
        let intent = catalog.intent(best.intent);
        let Some(builtin) = intent.builtin else { return false };
        match builtin {
            Builtin::Deny if step.is_optional() => self.skip(step),
            Builtin::Affirm | Builtin::Deny => return false,
            _ => {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: best.confidence });
                self.command_or_flow(builtin, intent, &best, reading);
            }
        }
        true
    }

    fn command_or_flow(&mut self, builtin: Builtin, intent: &Intent, best: &Candidate, reading: &Reading) {
        match &intent.body {
            Body::Flow(_) => self.start_flow(best, reading),
            _ => self.command(builtin, intent),
        }
    }

    /// "What's an order number?": what it looks like, unless an example of the folder asks just that. `false`: it is another
    /// question.
    fn explain_what(&mut self, step: &Step, reading: &Reading) -> bool {
        let utterance = &reading.utterance;
        let is_example = reading.ranking.first().is_some_and(|best| best.stage != Stage::Lexical);
        let asks = cues(self.language()).asks_what(utterance.tokens());
        if is_example || !asks || !self.is_named(step, utterance) {
            return false;
        }
        self.hint(step, 1);
        self.ask_again();
        true
    }

    /// "Yes, and are there fees?": the question is answered, and the side question too.
    fn answer_and_ask(&mut self, step: &'a Step, reading: &Reading) -> bool {
        let StepKind::Confirm(_) = step.kind else { return false };
        let Some((builtin, rest)) = self.lead(reading) else { return false };
        let yes = match builtin {
            Builtin::Affirm => true,
            Builtin::Deny => false,
            _ => return false,
        };
        let rest = self.read(&rest);
        if let Some(best) = rest.sure(self.brain.catalog).cloned() {
            let intent = self.brain.catalog.intent(best.intent);
            if let Body::Say(say) = &intent.body {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: best.confidence });
                self.say(&intent.name, &intent.name, say);
            }
        }
        self.answer_confirm(step, yes);
        true
    }

    /// The other intent that a message means, if it is surer than that it answers the question.
    fn aside(&self, step: &Step, found: &Found, reading: &Reading) -> Option<Candidate> {
        let best = reading.sure(self.brain.catalog)?;
        let intent = self.brain.catalog.intent(best.intent);
        if intent.builtin.is_some() || intent.name == self.scope() && !matches!(found, Found::Nothing) {
            return None;
        }
        let is_aside = match found {
            Found::Nothing => true,
            Found::Value(_, _) if self.takes_anything(step) => self.is_surely_a_request(reading),
            Found::Value(_, _) | Found::YesNo(_, _) => {
                best.confidence >= SURELY_A_REQUEST || matches!(intent.body, Body::Say(_))
            }
        };
        (is_aside && self.holds_without(step, found, best, reading)).then(|| best.clone())
    }

    /// Whether the other intent is meant without the words that answer the question: "hiking" is no question about jobs.
    fn holds_without(&self, step: &Step, found: &Found, best: &Candidate, reading: &Reading) -> bool {
        let spans = match (found, &step.kind) {
            (Found::Value(slot, _), StepKind::Choose(_)) => {
                super::choice::places(&slot.value.shown(self.language()), &reading.utterance)
            }
            (Found::Value(slot, _), _) if !self.takes_anything(step) => slot.span.into_iter().collect(),
            _ => return true,
        };
        let rest = self.read(&without(reading.utterance.text(), &spans));
        rest.ranking.first().is_some_and(|rest| rest.intent == best.intent)
    }

    /// Answers a side question; what the message says to the open question counts too.
    fn turn_aside(&mut self, step: &'a Step, found: Found, aside: &Candidate, reading: &Reading) {
        let intent = self.brain.catalog.intent(aside.intent);
        match (&intent.body, found) {
            (Body::Say(say), found @ Found::Value(_, _)) if !self.takes_anything(step) => {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: aside.confidence });
                self.say(&intent.name, &intent.name, say);
                self.accept(step, found);
            }
            _ => self.act(aside, reading),
        }
    }

    /// Asks "Do you mean …?" in the middle of a question, if an intent of the folder is near.
    fn ask_meaning_aside(&mut self, reading: &Reading) -> bool {
        let scope = self.scope();
        let catalog = self.brain.catalog;
        // A slip in the answer is likelier than another wish, unless the message asks or says much more.
        let text = reading.utterance.text();
        let thresholds = catalog.settings.understanding;
        let asks = cues(self.language()).asks(text, reading.utterance.tokens());
        let is_near = reading
            .ranking
            .first()
            .is_some_and(|best| best.confidence >= (thresholds.ask + thresholds.act) / 2.0);
        let may_be = (asks || is_near) && !text.contains(|c: char| c.is_ascii_digit() || c == '@');
        let is_other = reading.ranking.first().is_some_and(|best| {
            let intent = catalog.intent(best.intent);
            intent.builtin.is_none() && intent.name != scope
        });
        may_be && is_other && self.ask_meaning(reading)
    }

    /// A message that was not clear is the answer.
    pub fn answer_as_said(&mut self, step: &'a Step, text: &str) {
        let reading = self.read(text);
        let found = self.find(step, &reading);
        self.accept(step, found);
    }

    fn accept(&mut self, step: &'a Step, found: Found) {
        match found {
            Found::Value(slot, _) => self.accept_value(step, slot),
            Found::YesNo(yes, _) => self.answer_confirm(step, yes),
            Found::Nothing => self.reject(step),
        }
    }

    fn accept_value(&mut self, step: &'a Step, value: Slot) {
        let slot = step.slot().unwrap_or_default().to_owned();
        let Some(value) = self.as_allowed(step, value) else { return self.reject(step) };
        self.mask([&value]);
        if self.returned {
            self.say_back();
        }
        self.emit(Event::SlotFilled { slot, value });
        self.emit(Event::QuestionAnswered { step: step.name.clone() });
        self.go_on(step.next);
    }

    /// Leaves an optional question without an answer.
    pub fn skip(&mut self, step: &Step) {
        self.emit(Event::QuestionAnswered { step: step.name.clone() });
        self.emit(Event::StepDone { step: step.name.clone(), with: json!("skipped") });
        self.go_on(step.next);
    }

    /// An answer that can't be used: a hint, then an example, then a person.
    pub fn reject(&mut self, step: &Step) {
        let attempt = self.topic().map_or(0, |topic| topic.attempts) + 1;
        self.emit(Event::AnswerRejected { attempt });
        // Agents read it: not in the customer's language.
        let reason = format!("Could not answer: {}", step.name.replace('_', " "));
        if attempt > step.attempts() {
            self.hand_over_for(&reason);
        } else if attempt == step.attempts() {
            self.say_own("Shall I get a person for you?", &["Yes", "No"]);
            self.emit(Event::Offered(Offer::Person { reason }));
        } else {
            self.hint(step, attempt);
        }
    }

    /// A built-in phrase that begins the message, and what follows it: "stop that, show my orders".
    pub fn lead(&self, reading: &Reading) -> Option<(Builtin, String)> {
        let utterance = &reading.utterance;
        let text = utterance.text();
        let spelled = |cut: &(usize, usize)| {
            let builtin = self.brain.spelled_out(&text[..cut.0], self.language())?;
            Some((builtin, text[cut.1..].to_owned()))
        };
        cuts(utterance, cues(self.language()).joins).iter().find_map(spelled)
    }
}

/// The text with these parts blank.
fn without(text: &str, spans: &[Span]) -> String {
    let inside = |at: usize| spans.iter().any(|span| span.start <= at && at < span.end);
    text.char_indices().map(|(at, character)| if inside(at) { ' ' } else { character }).collect()
}

/// The first places where a message may fall into two: behind a punctuation mark, or around a word that joins.
fn cuts(utterance: &Utterance, joins: &[&str]) -> Vec<(usize, usize)> {
    const CUTS: usize = 4;
    let text = utterance.text();
    let tokens = utterance.tokens();
    let cut = |pair: &[crate::text::Token]| {
        let between = Span { start: pair[0].span.end, end: pair[1].span.start };
        let is_sign = between.of(text).contains([',', '.', '!', '?', ';', ':', '-', '\n']);
        let is_join = joins.contains(&pair[1].word.as_str());
        (is_sign || is_join).then_some((between.start, if is_join { pair[1].span.end } else { between.end }))
    };
    tokens.windows(2).filter_map(cut).take(CUTS).collect()
}
