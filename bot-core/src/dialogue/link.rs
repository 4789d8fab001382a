//! `/link`: a customer who writes on two channels makes one conversation of theirs. `/link` gives a code, `/link CODE` on the
//! other channel uses it.
//!
//! What it is not: it makes no codes and knows none. The runtime does, since whether one is right depends on other
//! conversations; it comes back with [`super::Input::LinkAnswered`].
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::event::{Event, LINK_CODE, LinkOutcome};
use super::turn::Turn;
use crate::handoff::Owner;
use crate::text::Span;

/// Wrong codes in a row, after which none is tried for a while.
const TRIES: u32 = 5;

/// For how long.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);

const BUSY: &str = "That has to wait until a colleague, or what I'm looking up, is done: here and on the other channel. Please try again then.";

impl Turn<'_> {
    /// Does what `/link` says, unless a person has the conversation: then that is for them. `false`: it is no such message.
    pub fn link(&mut self, text: &str) -> bool {
        let Some(code) = self.brain.commands.link(text).filter(|_| self.tracker.owner != Owner::Person)
        else {
            return false;
        };
        if !code.is_empty() {
            self.emit(Event::Masked { spans: vec![Span { start: 0, end: text.len() }] });
        }
        let is_calling = self.topic().is_some_and(|topic| topic.calling.is_some());
        if self.tracker.owner == Owner::Waiting || is_calling {
            self.say_own(BUSY, &[]);
        } else if code.is_empty() {
            self.give_code();
        } else {
            self.try_code(code);
        }
        true
    }

    fn give_code(&mut self) {
        self.emit(Event::LinkWanted);
        let text = "To go on with this conversation on another channel, write this to me there within 10 minutes: /link {{ code }} (it works once: show it to nobody)";
        self.say_with(text, &[("code", json!(LINK_CODE))], &[]);
    }

    fn try_code(&mut self, code: &str) {
        let (wrong, last) = self.tracker.wrong_codes;
        if wrong >= TRIES && last.is_some_and(|last| is_soon(last, self.now.timestamp())) {
            return self.say_own("These were too many wrong codes. Please try again in 10 minutes.", &[]);
        }
        self.emit(Event::LinkTried { code: code.to_owned() });
    }

    /// What came of a code.
    pub fn link_answered(&mut self, outcome: LinkOutcome) {
        self.emit(Event::LinkAnswered { outcome, at: self.now.timestamp() });
        if self.tracker.owner == Owner::Person {
            return;
        }
        let told = match outcome {
            LinkOutcome::Done => {
                "Done: what we wrote here and there is one conversation now. I answer wherever you write."
            }
            LinkOutcome::Unknown => {
                "This code is wrong, was used before, or is too old. Write /link to me where we have talked before: I'll give you a new one."
            }
            LinkOutcome::Here => "This code is for another channel: write it there.",
            LinkOutcome::Busy => BUSY,
        };
        self.say_own(told, &[]);
    }
}

fn is_soon(last: Timestamp, now: Timestamp) -> bool {
    now < last.checked_add(PAUSE).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Source;
    use crate::dialogue::slash::LINK;
    use crate::dialogue::{Input, Tracker};
    use crate::engine::Engine;
    use crate::handoff::AgentAct;

    const SHOP: &str = "
languages: [en, de]
intents:
  track: { examples: [where is my parcel], flow: [{ ask: number, say: Which one? }, { call: parcel, with: {} }] }
actions: { parcel: { get: 'https://shop.example' } }
";

    fn shop(yaml: &str) -> Engine {
        let shop =
            Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap_or_else(|found| panic!("{found}"));
        shop.allow_links();
        shop
    }

    /// What comes of the last of these inputs, a minute after each other: events, and what is said.
    fn last(shop: &Engine, inputs: &[Input]) -> String {
        let mut now: jiff::Zoned = "2026-11-23T10:00:00Z[UTC]".parse().unwrap();
        let (mut tracker, mut events) = (Tracker::default(), Vec::new());
        for input in inputs {
            events = shop.turn(&tracker, input, &now);
            events.iter().for_each(|event| tracker.apply(event));
            now += SignedDuration::from_mins(1);
        }
        let shown = events.iter().filter_map(|event| match event {
            Event::LinkWanted => Some("wanted".to_owned()),
            Event::LinkTried { code } => Some(format!("tried {code}")),
            Event::Masked { .. } => Some("masked".to_owned()),
            Event::Said { reply } => Some(reply.text.plain()),
            _ => None,
        });
        shown.collect::<Vec<_>>().join(" | ")
    }

    fn answered(outcome: LinkOutcome) -> Input {
        Input::LinkAnswered { outcome }
    }

    fn claimed() -> Input {
        Input::Agent { agent: "Kim".to_owned(), act: AgentAct::Claim }
    }

    #[test]
    fn a_code_is_given_and_tried_and_told_of() {
        let (shop, text) = (shop(SHOP), |text: &str| Input::text(text));
        let busy = "That has to wait until a colleague";
        for (inputs, want) in [
            (vec![text("/link")], "wanted | To go on with this conversation on another channel"),
            (vec![text("/LINK  k7pq-w2x9 ")], "masked | tried k7pq-w2x9"),
            (vec![text("where is my parcel"), text("/link k7pq-w2x9")], "masked | tried k7pq-w2x9"),
            (
                vec![answered(LinkOutcome::Done)],
                "Done: what we wrote here and there is one conversation now.",
            ),
            (vec![answered(LinkOutcome::Unknown)], "This code is wrong, was used before"),
            (vec![answered(LinkOutcome::Here)], "This code is for another channel"),
            (vec![answered(LinkOutcome::Busy)], busy),
            (vec![text("human"), text("/link")], busy),
            (
                vec![text("where is my parcel"), text("7"), text("/link k7pq-w2x9")],
                "masked | That has to wait",
            ),
            (vec![claimed(), text("/link")], ""),
            (vec![claimed(), answered(LinkOutcome::Unknown)], ""),
            (
                vec![text("hallo, ich habe eine Frage"), text("/link")],
                "wanted | Um dieses Gespräch auf einem anderen",
            ),
        ] {
            let told = last(&shop, &inputs);
            assert!(told.starts_with(want) && (told.is_empty() == want.is_empty()), "{inputs:?}: {told}");
        }
        assert!(last(&shop, &[text("/link")]).contains(LINK_CODE), "the code itself is in no event");
    }

    #[test]
    fn who_guesses_must_wait() {
        let (shop, wrong) = (shop(SHOP), [Input::text("/link aaaa"), answered(LinkOutcome::Unknown)]);
        let tries = |count: usize| wrong.iter().cloned().cycle().take(2 * count);
        let then = |inputs: &[Input]| [tries(5).collect::<Vec<_>>(), inputs.to_vec()].concat();
        let again = Input::text("/link aaaa");
        assert_eq!(last(&shop, &[tries(4).collect(), vec![again.clone()]].concat()), "masked | tried aaaa");
        for before in [vec![], vec![Input::text("/start")], vec![Input::text("/forget"), Input::text("yes")]]
        {
            let told = last(&shop, &then(&[before.clone(), vec![again.clone()]].concat()));
            assert!(told.contains("too many wrong codes"), "{before:?}: {told}");
        }
        let ten_minutes = vec![Input::text("hello"); 10];
        assert_eq!(last(&shop, &then(&[ten_minutes, vec![again]].concat())), "masked | tried aaaa");
    }

    #[test]
    fn it_is_there_only_where_it_is_wanted_and_an_author_s_intent_comes_before() {
        let silent = Engine::load(vec![Source::new("bot.yaml", SHOP)]).unwrap();
        assert!(last(&silent, &[Input::text("/link")]).starts_with("Sorry"));
        let own = shop("intents: { link: { examples: [send me a link], say: Here is one. } }");
        assert_eq!(last(&own, &[Input::text("/link")]), "Here is one.");
        let english = &shop(SHOP).commands(&crate::text::Language::new("en"))[6];
        assert_eq!((english.name.as_str(), english.description.as_str()), (LINK.0, LINK.1));
        assert_eq!(
            own.commands(&crate::text::Language::new("en")).iter().filter(|c| c.name == "link").count(),
            1
        );
        assert!(silent.commands(&crate::text::Language::new("en")).iter().all(|c| c.name != "link"));
    }
}
