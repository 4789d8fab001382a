//! An action that fails and whose step says nothing about that: try again or a person, nothing lost, and not for ever.
use bot_core::catalog::Source;
use bot_core::dialogue::{Event, Input, replies};
use bot_core::engine::{Actions, Conversation, Engine};
use bot_core::handoff::Owner;

const SHOP: &str = r#"
actions: { order: { get: "https://shop.example/{{ number }}" } }
intents:
  hours: { examples: [when are you open, opening hours], say: From 9 to 5. }
  status:
    title: Where is it
    examples: [where is it, where is my order]
    flow:
      - ask: number
        type: number
        say: Which one?
      - call: order
        with: { number: "{{ number }}" }
      - say: It is on its way.
"#;

/// Plays messages; the last replies, and the conversation.
fn play(messages: &[&str]) -> (Vec<String>, Owner, usize) {
    let engine = Engine::load(vec![Source::new("shop.yaml", SHOP)]).expect("the folder is sound");
    let actions = Actions::default();
    let mut conversation = Conversation::new(&engine, &actions);
    let now = "2026-11-23T10:00:00Z[UTC]".parse().expect("a time");
    let mut said = Vec::new();
    for message in messages {
        let events = conversation.send(&Input::text(*message), &now);
        said = replies(&events).iter().map(|reply| reply.text.plain()).collect();
    }
    let calls =
        conversation.events.iter().filter(|event| matches!(event, Event::ActionCalled { .. })).count();
    (said, conversation.tracker.owner, calls)
}

#[test]
fn it_is_offered_to_try_again_and_then_a_person_comes() {
    const OFFER: &str = "I can't reach our system just now. Shall I try again, or get a person for you?";
    const RESUME: &str = "Shall we go on with this: Where is it?";
    for (messages, expected, owner, calls) in [
        (&["where is it", "3"][..], &[OFFER][..], Owner::Bot, 1),
        (&["where is it", "3", "Try again"], &[OFFER], Owner::Bot, 2),
        (&["where is it", "3", "no"], &["All right, I've stopped. Nothing was changed."], Owner::Bot, 1),
        // A side question does not lose it.
        (&["where is it", "3", "when are you open"], &["From 9 to 5.", RESUME], Owner::Bot, 1),
        (&["where is it", "3", "when are you open", "yes"], &["*", OFFER], Owner::Bot, 2),
        (&["where is it", "3", "yes", "yes"], &["I still can't reach our system.", "*"], Owner::Waiting, 3),
        (&["where is it", "3", "Talk to a person"], &["*"], Owner::Waiting, 1),
    ] {
        let (said, owned, called) = play(messages);
        assert_eq!((owned, called), (owner, calls), "{messages:?}: {said:?}");
        let expected: Vec<&str> = expected.iter().copied().filter(|text| *text != "*").collect();
        assert!(expected.iter().all(|text| said.iter().any(|said| said == text)), "{messages:?}: {said:?}");
    }
}
