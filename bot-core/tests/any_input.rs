//! Whatever a customer does, in whatever state: there are events, the same ones each time, and the tracker is their fold.
use std::collections::VecDeque;

use bot_core::catalog::Source;
use bot_core::dialogue::{ActionOutcome, AttachmentKind, Event, Input, Tracker, replies};
use bot_core::engine::{Actions, Conversation, Engine};
use bot_core::handoff::{AgentAct, Owner};
use jiff::Zoned;
use proptest::prelude::*;
use serde_json::json;

const SHOP: &str = r#"
entities:
  order_number: { pattern: '\b\d{8}\b', example: "12345678" }
  size: { values: { s: [small], m: [medium], l: [large] } }
actions:
  order: { get: "https://shop.example/{{ number }}", sample: { status: delivered } }
  refund: { post: "https://shop.example/refunds", sample: {} }
intents:
  hours: { examples: [when are you open, opening hours], say: [From 9 to 5., Nine to five.] }
  refund:
    title: Get money back
    examples: [I want my money back, "refund [order] {order_number}", refund please]
    flow:
      - ask: order_number
        say: Which order is it?
        retry: [It has eight digits.]
      - call: order
        with: { number: "{{ order_number }}" }
      - choose: problem
        say: What is wrong with it?
        options: { broken: It is broken, wrong: It is the wrong one }
      - ask: pin
        type: number
        sensitive: true
        optional: true
        check: pin > 10
      - ask: note
        say: Anything else?
        optional: true
      - confirm: Refund {{ order_number }}?
      - call: refund
      - later: 3d
        then: [{ say: Has it arrived? }]
      - say: Done.
  buy:
    examples: [buy a shirt, "a {size} shirt please"]
    flow:
      - ask: size
      - ask: when
        type: date
      - ask: really
        type: yes_no
      - if: really
        then: [{ goto: refund }]
        else: [{ handoff: support }]
"#;

/// What customers write, as far as this folder knows it, so that every state is reached.
const PHRASES: [&str; 42] = [
    "/topics",
    "Get money back",
    "I want my money back",
    "12345678",
    "refund 12345678",
    "buy a shirt",
    "a large shirt please",
    "when are you open",
    "broken",
    "2",
    "the first one",
    "yes",
    "no",
    "stop",
    "back",
    "start over",
    "what?",
    "help",
    "skip",
    "why",
    "one moment",
    "I don't know",
    "human",
    "sorry, 87654321",
    "change the order number to 11112222",
    "no, small",
    "tomorrow",
    "42",
    "actually medium",
    "hi",
    "thanks",
    "stop that, when are you open",
    "yes, and when are you open?",
    "forget me",
    "/start",
    "/start refund",
    "/start forget_me",
    "/refund 12345678",
    "/human",
    "/cancel",
    "/help",
    "/forget",
];

fn engine() -> Engine {
    Engine::load(vec![Source::new("shop.yaml", SHOP)]).expect("the test's folder is sound")
}

fn now() -> Zoned {
    "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().expect("a time")
}

fn input() -> impl Strategy<Value = Input> {
    let phrase = prop::sample::select(PHRASES.to_vec()).prop_map(Input::text);
    let outcome = prop_oneof![
        Just(ActionOutcome::Done(json!({"status": "x"}))),
        Just(ActionOutcome::Failed("down".into())),
    ];
    prop_oneof![
        12 => phrase,
        2 => any::<String>().prop_map(Input::text),
        1 => Just(Input::Start),
        1 => (0_u64..40).prop_map(|number| Input::Press { id: format!("b{number}") }),
        1 => prop::option::of(prop::sample::select(PHRASES.to_vec())).prop_map(|caption| Input::Attachment {
            kind: AttachmentKind::Picture,
            caption: caption.map(str::to_owned),
            files: vec![FILE.to_owned()],
            album: caption.map(str::to_owned),
        }),
        3 => ((0_u64..40), outcome).prop_map(|(call, outcome)| Input::ActionDone { call, outcome }),
        3 => (0_u64..40).prop_map(|timer| Input::TimerDue { timer }),
        5 => (prop::sample::select(vec!["Kim", "Lou"]), act())
            .prop_map(|(agent, act)| Input::Agent { agent: agent.to_owned(), act }),
        2 => (1_u64..9, 0_u32..3).prop_map(|(ticket, ahead)| Input::TicketOpened { ticket, ahead }),
        1 => Just(Input::Undelivered { text: "hello".to_owned(), reason: "blocked".to_owned() }),
    ]
}

fn act() -> impl Strategy<Value = AgentAct> {
    prop_oneof![
        2 => Just(AgentAct::Claim),
        1 => Just(AgentAct::Say { text: "hello from a person".to_owned() }),
        1 => prop::sample::select(vec!["", "look"]).prop_map(|text| AgentAct::Send {
            files: vec![FILE.to_owned()],
            text: text.to_owned(),
            album: None,
        }),
        1 => prop::sample::select(vec!["", "look", "hello from a person", "hello from Kim"]).prop_map(edit),
        1 => Just(AgentAct::Note { text: NOTE.to_owned() }),
        1 => Just(AgentAct::Back),
        1 => Just(AgentAct::Close),
    ]
}

fn edit(text: &str) -> AgentAct {
    let (message, before) = ("7".to_owned(), "hello from a person".to_owned());
    AgentAct::Edit { message, before, text: text.to_owned() }
}

const FILE: &str = "7/4711";

const NOTE: &str = "never to be seen by the customer";

/// While a person owns the conversation, nothing makes the bot speak but that person's giving it back, and telling the
/// customer that another one is fetched.
fn is_quiet(before: &Tracker, input: &Input, after: &Tracker, events: &[Event]) -> bool {
    let is_agents = matches!(input, Input::Agent { .. });
    let is_reassigned = matches!(input, Input::TimerDue { .. }) && after.owner == Owner::Waiting;
    before.owner != Owner::Person || is_agents || is_reassigned || replies(events).is_empty()
}

/// An agent speaks only in a conversation that is theirs by then; notes are never said.
fn is_agents_own(after: &Tracker, events: &[Event]) -> bool {
    let says = events.iter().any(|event| matches!(event, Event::AgentSaid { .. } | Event::AgentSent { .. }));
    let has = |text: &str| [NOTE, FILE].iter().any(|hidden| text.contains(hidden));
    let seen = replies(events).iter().any(|reply| has(&reply.text.plain()))
        || after.transcript.iter().any(|line| has(&line.text));
    (!says || after.owner == Owner::Person) && !seen
}

/// An edit changes what stands there, and nothing else: nobody takes anything over by it. One that changes nothing is none.
fn only_edits(before: &Tracker, input: &Input, after: &Tracker, events: &[Event]) -> bool {
    let Input::Agent { act: AgentAct::Edit { before: old, text, .. }, .. } = input else { return true };
    let as_before = Tracker { transcript: before.transcript.clone(), ..after.clone() };
    let is_edit = !text.is_empty() && text != old;
    let edited = events.iter().filter(|event| matches!(event, Event::AgentEdited { .. })).count();
    as_before == *before && edited == events.len() && edited == usize::from(is_edit)
}

fn call_of(events: &[Event]) -> Option<u64> {
    events.iter().find_map(|event| match event {
        Event::ActionCalled { call, .. } => Some(*call),
        _ => None,
    })
}

/// Plays inputs, answering calls, and checks each turn.
fn play(engine: &Engine, inputs: &[Input]) -> Result<(), TestCaseError> {
    let (mut tracker, mut all) = (Tracker::default(), Vec::new());
    let mut inputs: VecDeque<Input> = inputs.iter().cloned().collect();
    while let Some(input) = inputs.pop_front() {
        let before = tracker.clone();
        let owner = before.owner;
        let events = engine.turn(&tracker, &input, &now());
        prop_assert_eq!(&events, &engine.turn(&tracker, &input, &now()));
        events.iter().for_each(|event| tracker.apply(event));
        if let (Input::Text { .. }, Owner::Bot) = (&input, owner) {
            prop_assert!(
                !replies(&events).is_empty() || call_of(&events).is_some(),
                "no answer to {input:?}"
            );
        }
        prop_assert!(is_quiet(&before, &input, &tracker, &events), "{input:?} {events:?}");
        prop_assert!(is_agents_own(&tracker, &events), "{input:?} {events:?}");
        prop_assert!(only_edits(&before, &input, &tracker, &events), "{input:?} {events:?}");
        let aside = engine.put_aside(&before, &input, &now());
        prop_assert!(owner != Owner::Person || replies(&aside).is_empty());
        let says_something = replies(&events).iter().all(|reply| !reply.text.plain().trim().is_empty());
        prop_assert!(says_something, "{events:?}");
        if let Some(call) = call_of(&events) {
            inputs.push_front(Input::ActionDone { call, outcome: ActionOutcome::Done(json!({})) });
        }
        all.extend(events);
    }
    prop_assert_eq!(tracker, Tracker::replay(&all));
    let stored = serde_json::to_string(&all).expect("events are JSON");
    let read: Vec<Event> = serde_json::from_str(&stored).expect("and come back");
    prop_assert_eq!(read, all);
    Ok(())
}

proptest! {
    #[test]
    fn every_input_in_every_state_gives_events(inputs in prop::collection::vec(input(), 1..24)) {
        thread_local!(static ENGINE: Engine = engine());
        ENGINE.with(|engine| play(engine, &inputs))?;
    }
}

#[test]
fn long_and_strange_messages_get_an_answer() {
    let engine = engine();
    let long = "refund \u{202e}ﷺ 👩‍👩‍👧 12345678 ".repeat(3_000);
    let rows =
        [&long, "", " ", "\0\0", "\u{feff}", "?!…", "🏳️‍🌈", "İ", "ﬁ", "\u{301}", "{{ bot.name }}", "**x**"];
    for text in rows {
        let events = engine.turn(&Tracker::default(), &Input::text(text), &now());
        let start: String = text.chars().take(20).collect();
        assert!(!replies(&events).is_empty() || call_of(&events).is_some(), "{start:?}");
    }
}

#[test]
fn sensitive_answers_are_masked_in_the_transcript() {
    let (engine, actions) = (engine(), Actions::default());
    let mut conversation = Conversation::new(&engine, &actions);
    for text in ["refund 12345678", "broken", "4711"] {
        conversation.send(&Input::text(text), &now());
    }
    let transcript: Vec<&str> =
        conversation.tracker.transcript.iter().map(|line| line.text.as_str()).collect();
    assert!(!transcript.iter().any(|line| line.contains("4711")), "{transcript:?}");
    assert!(conversation.tracker.slots()["pin"].sensitive);
}
