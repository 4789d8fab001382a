//! What the engine does for its built-in intents, and when it does not understand.
//!
//! What it is not: it does not find out which intent is meant.
use super::event::{Event, Offer, Outcome};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Body, Builtin, Catalog, Intent, IntentId};

/// How many topics the menu shows: what fits a phone without scrolling.
const MENU: usize = 8;

impl Turn<'_> {
    /// Does what a built-in intent is for. An author's `say` takes the place of the engine's words.
    pub fn command(&mut self, builtin: Builtin, intent: &Intent) {
        match builtin {
            Builtin::Human => self.hand_over_for("Asked for a person."),
            Builtin::Cancel => self.cancel(intent),
            Builtin::Back => self.back(intent),
            Builtin::Restart => self.restart(intent),
            Builtin::Repeat => self.repeat(intent),
            Builtin::Help => self.help(intent),
            Builtin::Skip => self.skip_question(intent),
            Builtin::DontKnow => self.does_not_know(intent),
            Builtin::Why => self.explain_why(intent),
            Builtin::ForgetMe => self.ask_to_forget(intent),
            Builtin::Greet => {
                self.say_or(intent, Self::greet);
                self.ask_again();
            }
            Builtin::Wait => self.say_or(intent, |turn| turn.say_own("Take your time.", &[])),
            Builtin::Affirm | Builtin::Deny | Builtin::Thanks | Builtin::Goodbye | Builtin::AreYouABot => {
                self.say_or(intent, |turn| turn.say_own("What can I do for you?", &[]));
                self.ask_again();
            }
        }
    }

    /// Says the author's words for a built-in intent, else the engine's.
    pub fn say_or(&mut self, intent: &Intent, own: impl FnOnce(&mut Self)) {
        match &intent.body {
            Body::Say(say) => self.say(&intent.name, &intent.name, say),
            _ => own(self),
        }
    }

    /// The greeting of `bot.yaml`, or the engine's.
    pub fn greet(&mut self) {
        match &self.brain.catalog.settings.greeting {
            Some(greeting) => {
                let values = self.text_values();
                self.speak("bot", greeting, &[], &values);
            }
            None => self.say_own("Hello! I'm {{ bot.name }}. How can I help you?", &[]),
        }
    }

    /// "Stop that, show my orders": the first part stops the topic, the rest is a request. `false`: nothing to stop.
    pub fn cancel_and_go_on(&mut self, reading: &Reading) -> bool {
        let Some((Builtin::Cancel, rest)) = self.lead(reading) else { return false };
        let Some(id) = self.brain.catalog.intent_named(Builtin::Cancel.name()) else { return false };
        let intent = self.brain.catalog.intent(id);
        let rest = self.read(&rest);
        let request = rest.sure(self.brain.catalog).cloned();
        let request = request
            .filter(|best| !self.brain.catalog.intent(best.intent).builtin.is_some_and(needs_question));
        if self.topic().is_none() && request.is_none() {
            return false;
        }
        self.emit(Event::Understood { intent: intent.name.clone(), confidence: 1.0 });
        match (self.topic().is_some(), request) {
            (true, None) => self.cancel(intent),
            (true, Some(best)) => {
                self.stop(intent);
                self.act(&best, &rest);
            }
            (false, best) => best.iter().for_each(|best| self.act(best, &rest)),
        }
        true
    }

    fn cancel(&mut self, intent: &Intent) {
        if self.topic().is_none() {
            return self.cancel_nothing();
        }
        self.stop(intent);
        self.surface(true);
    }

    fn stop(&mut self, intent: &Intent) {
        let acted = self.topic().cloned().is_some_and(|topic| self.has_acted(&topic));
        self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Cancelled });
        self.say_or(intent, |turn| {
            turn.say_own(
                if acted {
                    "All right, I've stopped."
                } else {
                    "All right, I've stopped. Nothing was changed."
                },
                &[],
            );
        });
    }

    /// What has just been done can't be stopped, but a person may be able to reverse it.
    fn cancel_nothing(&mut self) {
        if self.tracker.finished.clone().is_some_and(|topic| self.has_acted(&topic)) {
            self.offer_to_reverse("Wants to reverse what is already done.");
        } else {
            self.say_own("There is nothing to stop. What can I do for you?", &[]);
        }
    }

    fn back(&mut self, intent: &Intent) {
        let last = self.topic().and_then(|topic| topic.answered.last().cloned());
        let flow = self.flow(&self.scope());
        match last.and_then(|last| Some((flow?, flow?.step_named(&last)?))) {
            Some((flow, step)) => {
                self.say_or(intent, |turn| turn.say_own("Again, then.", &[]));
                self.undo_from(flow, step);
                self.replay();
            }
            None => {
                self.say_own("There is nothing to go back to.", &[]);
                self.ask_again_or_invite();
            }
        }
    }

    /// Whose first words these are only begins.
    fn restart(&mut self, intent: &Intent) {
        if self.tracker.transcript.len() > 1 {
            self.emit(Event::Restarted);
            self.say_or(intent, |turn| turn.say_own("From the top.", &[]));
        }
        self.greet();
    }

    /// The same question in simpler words where there are any, else what was said last.
    fn repeat(&mut self, intent: &Intent) {
        self.say_or(intent, |_| {});
        match self.question() {
            Some(step) => {
                if let Some(hint) = step.retry().first() {
                    let (scope, values) = (self.scope(), self.text_values());
                    self.speak(&scope, hint, &[], &values);
                }
                self.ask_again();
            }
            None if self.previous.is_empty() => self.say_own("What can I do for you?", &[]),
            None => {
                for reply in self.previous.clone() {
                    self.deliver(reply.text, reply.buttons.into_iter().map(|button| button.label).collect());
                }
            }
        }
    }

    fn help(&mut self, intent: &Intent) {
        if self.question().is_some() {
            self.say_own(
                "You can answer my question, go *back*, *skip* it, *stop*, or ask for a *human*.",
                &[],
            );
            return self.ask_again();
        }
        self.say_or(intent, |turn| {
            let menu = turn.menu();
            let labels: Vec<&str> = menu.iter().map(String::as_str).collect();
            turn.say_own("I can help with these, among others. Just write what it is about.", &labels);
        });
    }

    fn menu(&self) -> Vec<String> {
        let catalog = self.brain.catalog;
        let intents = menu(catalog, &|intent| self.exists(intent)).into_iter().map(|id| catalog.intent(id));
        intents.map(|intent| self.translated(&intent.name, &intent.title.0)).collect()
    }

    fn skip_question(&mut self, intent: &Intent) {
        match self.question() {
            Some(step) if step.is_optional() => {
                self.say_or(intent, |turn| turn.say_own("Skipped.", &[]));
                self.skip(step);
            }
            Some(_) => {
                let buttons = ["Talk to a person", "Stop"];
                self.say_own(
                    "I can't go on without it. I can get a person for you, or we stop here.",
                    &buttons,
                );
            }
            None => self.say_own("What can I do for you?", &[]),
        }
    }

    /// Who does not know an answer gets a hint where it stands; who still does not know it may leave it.
    fn does_not_know(&mut self, intent: &Intent) {
        match self.question() {
            Some(step) if !step.is_optional() && !step.retry().is_empty() => {
                self.say_or(intent, |_| {});
                self.reject(step);
            }
            _ => self.skip_question(intent),
        }
    }

    fn explain_why(&mut self, intent: &Intent) {
        match self.question() {
            Some(step) => {
                match step.why() {
                    Some(why) => {
                        let (scope, values) = (self.scope(), self.text_values());
                        self.speak(&scope, why, &[], &values);
                    }
                    None => self.say_or(intent, |turn| turn.say_own("I need it to go on with this.", &[])),
                }
                self.ask_again();
            }
            None => self.say_own("What can I do for you?", &[]),
        }
    }

    /// While an action is on its way, only what leaves it is heard. An action may never answer.
    pub fn hear_while_calling(&mut self, text: &str) {
        let reading = self.read(text);
        if self.tracker.offer == Some(Offer::Forget) {
            self.emit(Event::OfferClosed);
            if self.hand_over_if_asked(&reading) || self.settle(&Offer::Forget, &reading) {
                return;
            }
        }
        let best = reading.sure(self.brain.catalog).cloned();
        let intent = best.as_ref().map(|best| self.brain.catalog.intent(best.intent));
        match (best, intent.and_then(|intent| Some((intent, intent.builtin?)))) {
            (Some(best), Some((intent, builtin))) if leaves(builtin) => {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: best.confidence });
                self.command(builtin, intent);
                self.follow_link(text, best.intent);
            }
            _ => self.say_own("One moment, I'm still looking that up.", &[]),
        }
    }

    /// Who waits for a person may be forgotten: nobody needs to come then. `false`: the message says nothing of it.
    pub fn forget_while_waiting(&mut self, text: &str) -> bool {
        let reading = self.read(text);
        if self.tracker.offer == Some(Offer::Forget) {
            self.emit(Event::OfferClosed);
            return self.plain_yes_no(&reading).is_some() && self.settle(&Offer::Forget, &reading);
        }
        let is_it = reading.builtin(self.brain.catalog) == Some(Builtin::ForgetMe);
        let intent = reading.ranking.first().map(|best| self.brain.catalog.intent(best.intent));
        intent.filter(|_| is_it).inspect(|intent| self.ask_to_forget(intent)).is_some()
    }

    fn ask_to_forget(&mut self, intent: &Intent) {
        let question = "Shall I erase everything you wrote here? It can't be undone.";
        self.say_or(intent, |turn| turn.say_own(question, &["Yes", "No"]));
        self.emit(Event::Offered(Offer::Forget));
    }

    /// Not understood: other words, then choices and a person, then the person comes. Never more than that.
    pub fn missed(&mut self) {
        self.emit(Event::Missed);
        let allowed = self.brain.catalog.settings.understanding.misses;
        if self.tracker.misses < allowed {
            self.say_one_of(
                &[
                    "Sorry, I didn't get that. Could you say it in other words?",
                    "I'm not sure what you mean. Could you put it differently?",
                ],
                &[],
            );
        } else if !self.tracker.person_offered {
            let mut labels = self.menu();
            labels.truncate(4);
            labels.push("Talk to a person".into());
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let text =
                "I still don't understand, sorry. Is it one of these? Or shall I get a person for you?";
            self.say_own(text, &labels);
            self.emit(Event::Offered(Offer::Person { reason: self.miss_reason() }));
        } else {
            let reason = self.miss_reason();
            self.hand_over_for(&reason);
        }
    }

    fn miss_reason(&self) -> String {
        format!("Not understood {} times.", self.tracker.misses)
    }
}

/// The first topics of each file, so that every subject is there, among those that exist.
pub(super) fn menu(catalog: &Catalog, exists: &dyn Fn(&Intent) -> bool) -> Vec<IntentId> {
    let own = super::topics::own(catalog, exists);
    let own: Vec<_> = own.into_iter().map(|id| (catalog.intent(id), id)).collect();
    let mut files: Vec<&str> = own.iter().map(|(intent, _)| intent.origin.file.as_str()).collect();
    files.dedup();
    let each = MENU.div_ceil(files.len().max(1));
    let of = |file| own.iter().filter(move |(intent, _)| intent.origin.file == file).take(each);
    files.into_iter().flat_map(of).map(|(_, id)| *id).take(MENU).collect()
}

/// Whether it leaves what is on its way.
pub(super) fn leaves(builtin: Builtin) -> bool {
    matches!(builtin, Builtin::Cancel | Builtin::ForgetMe | Builtin::Human | Builtin::Restart)
}

/// Whether it says something about an open question, and nothing once that is stopped: "never mind, I can't find it".
fn needs_question(builtin: Builtin) -> bool {
    use Builtin::{Affirm, Back, Cancel, Deny, DontKnow, Repeat, Skip, Wait, Why};
    matches!(builtin, Affirm | Back | Cancel | Deny | DontKnow | Repeat | Skip | Wait | Why)
}
