//! The folder changes while conversations go on: whatever state a conversation was in, it goes on, starts again or says that
//! it can't, and always has a way out.
use std::collections::VecDeque;

use bot_core::catalog::Source;
use bot_core::dialogue::{ActionOutcome, Event, Input, Tracker, replies};
use bot_core::engine::Engine;
use bot_core::handoff::Owner;
use jiff::{SignedDuration, Zoned};
use proptest::prelude::*;
use serde_json::json;

const BEFORE: &str = r#"
silence: { remind: 10m, park: 30m }
entities:
  order_number: { pattern: '\b\d{8}\b', example: "12345678" }
actions:
  order: { get: "https://shop.example/{{ number }}", sample: {} }
  refund: { post: "https://shop.example/refunds", sample: {} }
intents:
  hours: { examples: [when are you open, opening hours], say: From 9 to 5. }
  refund:
    title: Get money back
    examples: [I want my money back, "refund [order] {order_number}", refund please]
    flow:
      - ask: order_number
        say: Which order is it?
      - call: order
        id: look
        with: { number: "{{ order_number }}" }
      - choose: problem
        say: What is wrong with it?
        options: { broken: It is broken, wrong: It is the wrong one }
      - confirm: Refund {{ order_number }}?
        id: sure
      - call: refund
        id: pay
      - ask: note
        id: last_word
        say: Anything else?
        optional: true
      - later: 3d
        then: [{ say: Has it arrived? }]
      - say: Done.
  buy:
    title: Buy something
    examples: [buy a shirt, I want a shirt]
    flow:
      - choose: size
        say: Which size?
        options: { s: small, m: medium }
      - ask: amount
        type: number
        say: How many?
      - say: Noted.
"#;

/// Edits that authors make: texts that are replaced.
const EDITS: [(&str, &str); 10] = [
    ("  buy:", "  purchase:"),
    ("  refund:\n    title", "  money_back:\n    title"),
    ("ask: order_number", "ask: number_of_order\n        type: order_number"),
    ("id: look", "id: look_up"),
    ("id: pay", "id: pay_back"),
    ("id: sure", "id: certain"),
    ("id: last_word", "id: remark"),
    ("broken: It is broken, ", "other: Something else, "),
    ("options: { s: small, m: medium }", "options: { l: large, xl: very large }"),
    ("      - ask: amount\n        type: number\n        say: How many?\n", ""),
];

const PHRASES: [&str; 22] = [
    "/topics",
    "Buy something",
    "I want my money back",
    "refund 12345678",
    "12345678",
    "buy a shirt",
    "when are you open",
    "broken",
    "small",
    "the first one",
    "3",
    "yes",
    "no",
    "stop",
    "back",
    "help",
    "skip",
    "hi",
    "sorry, 87654321",
    "human",
    "forget me",
    "one moment",
];

fn engine(edits: &[bool]) -> Engine {
    let chosen = EDITS.iter().zip(edits).filter(|(_, chosen)| **chosen);
    let yaml = chosen.fold(BEFORE.to_owned(), |yaml, ((from, to), _)| {
        assert!(yaml.contains(from), "{from}");
        yaml.replace(from, to)
    });
    // `bot.yaml` holds the settings, the other file the rest.
    let (settings, rest) = yaml.split_once("entities:").expect("the folder has entities");
    let sources =
        vec![Source::new("bot.yaml", settings), Source::new("shop.yaml", format!("entities:{rest}"))];
    Engine::load(sources).expect("the folder is sound")
}

/// What is done, and how many minutes later.
#[derive(Clone, Debug)]
enum Move {
    Say(String),
    Edit(String),
    /// The actions under way answer.
    Answer(bool),
    /// The timers that are due come.
    Timers,
}

fn moves() -> impl Strategy<Value = Vec<(Move, i64)>> {
    let phrase = || prop::sample::select(PHRASES.to_vec()).prop_map(str::to_owned);
    let one = prop_oneof![
        10 => phrase().prop_map(Move::Say),
        1 => phrase().prop_map(Move::Edit),
        4 => any::<bool>().prop_map(Move::Answer),
        1 => Just(Move::Timers),
    ];
    prop::collection::vec((one, prop_oneof![6 => 0_i64..3, 1 => 20_i64..5000]), 1..12)
}

struct Talk {
    tracker: Tracker,
    events: Vec<Event>,
    calls: VecDeque<u64>,
    said: String,
    now: Zoned,
}

impl Talk {
    fn new() -> Talk {
        let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().expect("a time");
        let (tracker, events, calls) = Default::default();
        Talk { tracker, events, calls, said: String::new(), now }
    }

    fn take(&mut self, engine: &Engine, input: &Input) -> Vec<Event> {
        let events = engine.turn(&self.tracker, input, &self.now);
        for event in &events {
            self.tracker.apply(event);
            if let Event::ActionCalled { call, .. } = event {
                self.calls.push_back(*call);
            }
        }
        self.events.extend(events.iter().cloned());
        events
    }

    fn say(&mut self, engine: &Engine, text: &str) -> Result<(), TestCaseError> {
        let is_bots = self.tracker.owner == Owner::Bot;
        let events = self.take(engine, &Input::text(text));
        self.said = text.to_owned();
        let calls = events.iter().any(|event| matches!(event, Event::ActionCalled { .. }));
        prop_assert!(!is_bots || calls || !replies(&events).is_empty(), "no answer to {text}");
        Ok(())
    }

    fn make(&mut self, engine: &Engine, (what, minutes): &(Move, i64)) -> Result<(), TestCaseError> {
        self.now = self.now.checked_add(SignedDuration::from_mins(*minutes)).expect("not that late");
        match what {
            Move::Say(text) => self.say(engine, text)?,
            Move::Edit(text) => {
                let before = std::mem::replace(&mut self.said, text.clone());
                self.take(engine, &Input::Edited { before, text: text.clone(), last: true });
            }
            Move::Answer(works) => {
                if let Some(call) = self.calls.pop_front() {
                    let outcome = match works {
                        true => ActionOutcome::Done(json!({})),
                        false => ActionOutcome::Failed("down".into()),
                    };
                    self.take(engine, &Input::ActionDone { call, outcome });
                }
            }
            Move::Timers => {
                let now = self.now.timestamp();
                let due = self.tracker.timers.iter().filter(|(_, timer)| timer.at <= now);
                let due: Vec<u64> = due.map(|(number, _)| *number).collect();
                for timer in due {
                    self.take(engine, &Input::TimerDue { timer });
                    prop_assert!(!self.tracker.timers.contains_key(&timer), "it fires once");
                }
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_conversation_outlives_its_folder(
        edits in prop::collection::vec(any::<bool>(), EDITS.len()), first in moves(), then in moves(),
    ) {
        thread_local!(static BEFORE: Engine = engine(&[]));
        let mut talk = Talk::new();
        BEFORE.with(|before| first.iter().try_for_each(|step| talk.make(before, step)))?;
        let after = engine(&edits);
        then.iter().try_for_each(|step| talk.make(&after, step))?;
        prop_assert_eq!(&talk.tracker, &Tracker::replay(&talk.events));
        // Even if no action ever answers, who wants out gets out.
        if talk.tracker.owner != Owner::Bot {
            talk.say(&after, "stop")?;
            prop_assert_eq!(talk.tracker.owner, Owner::Bot);
        }
        let mut out = talk.tracker.clone();
        for event in after.turn(&out, &Input::text("start over"), &talk.now) {
            out.apply(&event);
        }
        prop_assert!(out.topics.is_empty(), "{:?}", out.topics);
        talk.say(&after, "human")?;
        prop_assert_eq!(talk.tracker.owner, Owner::Waiting);
    }
}

/// Plays messages in the folder before, then one in the folder after these edits; the replies to it.
fn after(messages: &[&str], edits: &[usize], last: &str) -> (Vec<String>, Talk) {
    let (before, mut talk) = (engine(&[]), Talk::new());
    for message in messages {
        talk.say(&before, message).expect("an answer");
        talk.make(&before, &(Move::Answer(true), 0)).expect("an answer");
    }
    let chosen: Vec<bool> = (0..EDITS.len()).map(|index| edits.contains(&index)).collect();
    let events = talk.take(&engine(&chosen), &Input::text(last));
    (replies(&events).iter().map(|reply| reply.text.plain()).collect(), talk)
}

#[test]
fn what_has_changed_is_said() {
    const AGAIN: &str = "Something has changed here in the meantime, so let us start this again.";
    const LOST: &str = "Something has changed here in the meantime, so I can't go on with that.";
    for (messages, edits, last, expected) in [
        // The step is still there, though others are not.
        (&["refund 12345678"][..], &[5, 6][..], "broken", &["Refund 12345678?"][..]),
        // Its question is gone.
        (&["I want my money back"], &[2], "hm", &[AGAIN, "Which order is it?"]),
        // What the message says is not lost.
        (&["I want my money back"], &[2], "order 12345678", &[AGAIN]),
        // An option that was chosen is gone.
        (&["buy a shirt", "small"], &[8], "3", &[AGAIN, "Which size?"]),
        // The intent is gone, and with it what was asked.
        (&["buy a shirt"], &[0], "small", &[LOST, "What can I do for you?"]),
        // The topic below it is still there.
        (&["refund 12345678", "buy a shirt"], &[0], "small", &[LOST, "What is wrong with it?"]),
        (&["refund 12345678", "buy a shirt"], &[0], "stop", &[LOST, "What is wrong with it?"]),
        // Another request is dealt with, and the topic offered.
        (
            &["I want my money back"],
            &[2],
            "when are you open",
            &[AGAIN, "From 9 to 5.", "Shall we go on with this: Get money back?"],
        ),
        // What may have been paid is not paid again.
        (&["refund 12345678", "broken", "yes"], &[4, 6], "no", &[LOST, "What can I do for you?"]),
    ] {
        assert_eq!(after(messages, edits, last).0, expected, "{messages:?} {edits:?} {last}");
    }
}

#[test]
fn a_call_whose_step_is_gone_comes_to_an_end() {
    let (before, mut talk) = (engine(&[]), Talk::new());
    talk.say(&before, "refund 12345678").expect("an answer");
    let call = talk.calls[0];
    let chosen: Vec<bool> = (0..EDITS.len()).map(|index| index == 3).collect();
    let outcome = ActionOutcome::Done(json!({}));
    let events = talk.take(&engine(&chosen), &Input::ActionDone { call, outcome });
    assert!(talk.tracker.topics.last().is_none_or(|topic| topic.calling.is_none()));
    assert!(!replies(&events).is_empty());
}
