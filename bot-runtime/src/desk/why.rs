//! Why did the bot say that: for agents, from what is stored.
use std::ops::Range;

use bot_core::dialogue::{Event, Tracker};
use bot_core::engine::Engine;
use bot_core::explain;
use bot_core::handoff::Owner;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::StoredEvent;

/// The last message that the bot dealt with (after a hand-off, the last one before it): what it was taken for and why, the
/// thresholds, and the steps that were taken. `events` are all of the conversation, oldest first; `zone` is where times are
/// meant. It is explained with the bot as it is now.
pub fn why(engine: &Engine, events: &[StoredEvent], zone: &TimeZone) -> String {
    let Some(Dealt { text, at, turn }) = last(events) else {
        return "The bot has not dealt with any message here.".to_owned();
    };
    let before = Tracker::replay(events[..turn.start].iter().map(|stored| &stored.event));
    let happened: Vec<Event> = events[turn].iter().map(|stored| stored.event.clone()).collect();
    let now = at.to_zoned(zone.clone());
    explain::turn(engine, explain::Turn { text, before: &before, events: &happened, now: &now })
}

/// A message that the bot dealt with.
struct Dealt<'a> {
    text: &'a str,
    at: &'a Timestamp,
    /// Its events.
    turn: Range<usize>,
}

fn last(events: &[StoredEvent]) -> Option<Dealt<'_>> {
    let mut owner = Owner::default();
    let mut last: Option<Dealt> = None;
    let mut is_over = true;
    for (index, stored) in events.iter().enumerate() {
        match &stored.event {
            Event::CustomerSaid { text, at } => {
                is_over = !matches!(owner, Owner::Bot | Owner::Closed);
                if !is_over {
                    last = Some(Dealt { text, at, turn: index..index });
                }
            }
            // What an agent does is another turn.
            Event::Claimed { .. }
            | Event::AgentSaid { .. }
            | Event::AgentSent { .. }
            | Event::AgentEdited { .. }
            | Event::AgentDeleted { .. }
            | Event::Noted { .. } => is_over = true,
            Event::OwnerChanged { owner: changed } => owner = *changed,
            _ => {}
        }
        if let Some(dealt) = last.as_mut().filter(|_| !is_over) {
            dealt.turn.end = index + 1;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;
    use bot_core::dialogue::Input;
    use bot_core::handoff::AgentAct;
    use expect_test::expect;

    use super::*;
    use crate::store::{ConversationId, EventId};

    const SHOP: &str = "intents:
  hours: { examples: [when are you open, opening hours], say: From 9 to 5. }
  pay:
    examples: [pay my bill, I want to pay]
    flow:
      - { ask: iban, type: text, sensitive: true, say: From which account? }
      - { say: Done. }
  complaint: { examples: [this is outrageous, I want to complain], flow: [{ handoff: support, reason: a complaint }] }
";

    fn talk(inputs: &[Input]) -> String {
        let engine = Engine::load(vec![Source::new("shop.yaml", SHOP)]).unwrap();
        let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let (mut tracker, mut events) = (Tracker::default(), Vec::new());
        for input in inputs {
            let new = engine.turn(&tracker, input, &now);
            new.iter().for_each(|event| tracker.apply(event));
            events.extend(new);
        }
        let stored = events.into_iter().enumerate().map(|(index, event)| StoredEvent {
            id: EventId(index as i64 + 1),
            conversation: ConversationId(1),
            at: now.timestamp(),
            event,
        });
        why(&engine, &stored.collect::<Vec<_>>(), now.time_zone())
    }

    #[test]
    fn before_a_hand_off() {
        let said = talk(&[
            Input::text("opening hours"),
            Input::text("this is outrageous"),
            Input::text("hello?? opening hours"),
            Input::Agent { agent: "Ann".to_owned(), act: AgentAct::Claim },
            Input::text("finally"),
        ]);
        expect![[r#"
            message   this is outrageous
            language  en
            words     this · is · outrageous (outrag)
            ranking
              1. complaint  1.00  an example spells it out
                  1.00  an example spells it out
                    1.00  the example "this is outrageous" (shop.yaml:8)
            decision  act on complaint: 1.00 is at least 0.60 (act)
            turn      understood complaint (1.00)
                      started complaint
                      handed off to support: a complaint
                      timer unclaimed set for 2026-11-23T09:10:00Z
                      ended complaint: handedoff"#]]
        .assert_eq(&said);
    }

    #[test]
    fn an_answer_that_is_sensitive() {
        expect![[r#"
            message   ***************************
            read as   an answer to the question pay.iban
            turn      iban = ••••
                      answered the question iban
                      ended pay: done"#]]
        .assert_eq(&talk(&[Input::text("pay my bill"), Input::text("DE02 1203 0000 0000 2020 51")]));
    }

    #[test]
    fn nothing_said() {
        assert_eq!(talk(&[Input::Start]), "The bot has not dealt with any message here.");
    }
}
