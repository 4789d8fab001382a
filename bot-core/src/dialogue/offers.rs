//! Offers: "Do you mean …?", "Shall I get a person?", "Shall we go on with …?", and what the customer replies.
//!
//! A reply that is none is a new sentence: it is read as if nothing had been offered.
use serde_json::Value as Json;

use super::choice::{Pick, pick};
use super::cues::cues;
use super::event::{Event, Offer, Outcome};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::IntentId;
use crate::handoff::Owner;
use crate::matcher::{Candidate, Stage};
use crate::text::squash;

impl Turn<'_> {
    /// Offers to go on with the topic that waits.
    pub fn offer_to_resume(&mut self) {
        let title = self.title();
        self.say_with("Shall we go on with this: {{ title }}?", &[("title", title)], &["Yes", "No"]);
        self.emit(Event::Offered(Offer::Resume));
    }

    /// Offers a person for what has been done and can't be undone by asking again.
    pub fn offer_to_reverse(&mut self, reason: &str) {
        self.say_own("That is already done. Shall I ask a colleague to change it?", &["Yes", "No"]);
        self.emit(Event::Offered(Offer::Reverse { reason: reason.to_owned() }));
    }

    /// "Do you mean …?", if there is anything near.
    pub fn ask_meaning(&mut self, reading: &Reading) -> bool {
        let near = super::decide::offered(self.brain.catalog, &reading.ranking);
        self.ask_among(&near, reading)
    }

    /// Asks whether the likeliest is meant, and not the answer to a question for free text.
    pub fn ask_whether_best(&mut self, reading: &Reading) -> bool {
        let best = reading.ranking.first().map(|best| best.intent);
        self.ask_among(best.as_slice(), reading)
    }

    fn ask_among(&mut self, near: &[IntentId], reading: &Reading) -> bool {
        let catalog = self.brain.catalog;
        // Asking for ever is a loop too: after the last try it counts as not understood.
        if near.is_empty() || self.tracker.misses >= catalog.settings.understanding.misses {
            return false;
        }
        let title = |id: &IntentId| catalog.intent(*id).title.0.clone();
        let names = near.iter().map(|id| catalog.intent(*id).name.clone()).collect();
        let text = reading.utterance.text().to_owned();
        self.emit(Event::Missed);
        match near {
            [only] => {
                let title = self.translated(&catalog.intent(*only).name, &title(only));
                self.say_with("Do you mean: {{ title }}?", &[("title", Json::String(title))], &["Yes", "No"]);
            }
            several => {
                let titles: Vec<String> = several.iter().map(title).collect();
                let mut labels: Vec<&str> = titles.iter().map(String::as_str).collect();
                labels.push("Something else");
                self.say_own("What do you mean?", &labels);
            }
        }
        self.emit(Event::Offered(Offer::Meaning { intents: names, text }));
        true
    }

    /// The reply to an offer. `false`: the message is something else, a new sentence.
    pub fn settle(&mut self, offer: &Offer, reading: &Reading) -> bool {
        match offer {
            Offer::Meaning { intents, text } => return self.settle_meaning(intents, text, reading),
            Offer::Person { reason } => match self.plain_yes_no(reading) {
                Some(true) => self.hand_over_for(reason),
                Some(false) => {
                    self.say_own("All right. Then let us try again.", &[]);
                    self.ask_again_or_invite();
                }
                None => return false,
            },
            Offer::Resume => match self.plain_yes_no(reading) {
                Some(true) => self.resume(),
                Some(false) => self.drop_topic(),
                None => return false,
            },
            Offer::Reverse { reason } => match self.plain_yes_no(reading) {
                Some(true) => self.hand_over_for(reason),
                Some(false) => self.leave_as_it_is(),
                None => return false,
            },
            Offer::StillRight => return self.settle_old_answers(reading),
            Offer::TryAgain => return self.settle_failure(reading),
            Offer::Rating { .. } => return false,
            Offer::Forget => match self.plain_yes_no(reading) {
                Some(true) => {
                    if self.tracker.owner != Owner::Bot {
                        self.emit(Event::OwnerChanged { owner: Owner::Bot });
                    }
                    self.emit(Event::Forgotten);
                    self.say_own("Done. Everything you wrote here is erased.", &[]);
                }
                Some(false) => {
                    self.say_own("All right, nothing is erased.", &[]);
                    self.ask_again();
                }
                None => {
                    self.say_own("All right, nothing is erased.", &[]);
                    return false;
                }
            },
        }
        true
    }

    pub fn plain_yes_no(&self, reading: &Reading) -> Option<bool> {
        self.yes_no(reading).filter(|(_, is_all)| *is_all).map(|(yes, _)| yes)
    }

    fn settle_meaning(&mut self, intents: &[String], text: &str, reading: &Reading) -> bool {
        let catalog = self.brain.catalog;
        let known = intents.iter().filter_map(|name| catalog.intent_named(name)).map(|id| catalog.intent(id));
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            return false;
        }
        let titles: Vec<String> =
            known.iter().map(|intent| self.translated(&intent.name, &intent.title.0)).collect();
        let is_one = known.len() == 1;
        let yes_no = self.plain_yes_no(reading);
        let is_own = |best: &Candidate| catalog.intent(best.intent).builtin.is_none();
        let is_request = |reading: &Reading| reading.sure(catalog).is_some_and(is_own);
        let picked = pick(&titles, &reading.utterance, cues(self.language()));
        let something_else = self.translated("bot", "Something else");
        let is_else = squash(&something_else) == squash(reading.utterance.text());
        match (picked, yes_no) {
            (_, Some(true)) if is_one => self.act_on(&known[0].name, text),
            (Pick::Clearly(index), _) => self.act_on(&known[index].name, text),
            (_, Some(false)) | (Pick::Neither, _) => self.take_as_said(text),
            _ if is_else => self.take_as_said(text),
            // One word of a title, as "the refund" or "cancel": unless the sentence asks for something else by itself.
            (Pick::Mentioned(index) | Pick::Hinted(index), _) if !is_request(reading) => {
                self.act_on(&known[index].name, text);
            }
            _ => return false,
        }
        true
    }

    /// None of what was offered is meant: then a question for free text has its answer.
    fn take_as_said(&mut self, text: &str) {
        match self.question().filter(|step| self.takes_anything(step)) {
            Some(step) => self.answer_as_said(step, text),
            None => self.ask_for_other_words(),
        }
    }

    fn ask_for_other_words(&mut self) {
        if self.question().is_some() {
            self.say_own("All right. Then let us try again.", &[]);
            return self.ask_again();
        }
        if self.tracker.misses >= self.brain.catalog.settings.understanding.misses {
            return self.missed();
        }
        self.say_own("All right. What is it about, in other words?", &[]);
    }

    /// The customer has said which intent was meant; the values are in the message that was not clear.
    fn act_on(&mut self, intent: &str, text: &str) {
        let catalog = self.brain.catalog;
        let Some(id) = catalog.intent_named(intent) else { return self.missed() };
        let reading = self.read(text);
        let candidate = self.candidate(id, &reading);
        self.act(&candidate, &reading);
    }

    fn candidate(&self, intent: IntentId, reading: &Reading) -> Candidate {
        let ranked = reading.ranking.iter().find(|candidate| candidate.intent == intent).cloned();
        ranked.unwrap_or(Candidate { intent, confidence: 0.0, stage: Stage::Lexical, slots: vec![] })
    }

    fn drop_topic(&mut self) {
        self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Cancelled });
        self.say_own("Dropped.", &[]);
        self.surface(true);
    }

    /// What is done stays done. A topic that has a question still is gone on with; one that only came to this ends.
    fn leave_as_it_is(&mut self) {
        self.say_own("All right, I've left it as it is.", &[]);
        if self.topic().is_some() && self.question().is_none() {
            return self.end_topic(Outcome::Cancelled);
        }
        self.ask_again();
    }

    fn settle_failure(&mut self, reading: &Reading) -> bool {
        let again = squash(&self.translated("bot", "Try again"));
        let is_again = again == squash(reading.utterance.text());
        match (is_again, self.plain_yes_no(reading)) {
            (true, _) | (_, Some(true)) => self.resume(),
            (_, Some(false)) => {
                self.emit(Event::FlowEnded { intent: self.scope(), outcome: Outcome::Cancelled });
                self.say_own("All right, I've stopped. Nothing was changed.", &[]);
                self.surface(true);
            }
            _ => return false,
        }
        true
    }
}
