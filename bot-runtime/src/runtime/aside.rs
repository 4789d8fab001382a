//! What happens to a message with which the turn panics again and again: it is put aside, and a person is called.
use std::sync::Arc;

use bot_core::catalog::Priority;
use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_core::handoff::{Owner, Ticket};
use bot_core::reply::{Markup, Reply};
use jiff::Zoned;

use super::inner::Inner;
use super::panics::caught;
use super::plan::Taken;
use crate::store::{Loaded, Store};

/// Where the conversation stands without the first item of its inbox. Should even that panic, the item is just done with.
pub(super) async fn put_aside<S: Store>(inner: &Inner<S>, loaded: &Arc<Loaded>, now: &Zoned) -> Taken {
    let (loaded, now, engine) = (loaded.clone(), now.clone(), inner.engine.load_full());
    let aside = move || {
        let events = caught(|| events(&engine, &loaded.tracker, &loaded.inbox[0].input, &now));
        let mut taken = Taken { events: Vec::new(), tracker: loaded.tracker.clone() };
        taken.take(events.unwrap_or_default());
        taken
    };
    tokio::task::spawn_blocking(aside).await.expect("what could panic is caught")
}

fn events(engine: &Engine, tracker: &Tracker, input: &Input, now: &Zoned) -> Vec<Event> {
    let mut events = Vec::new();
    if let Input::Text { text } = input {
        events.push(Event::CustomerSaid { text: text.clone(), at: now.timestamp() });
    }
    if matches!(tracker.owner, Owner::Bot | Owner::Closed) {
        let text = Markup("Something went wrong here. I'm getting a colleague for you.".to_owned());
        events.push(Event::Said { reply: Reply { text, buttons: Vec::new() } });
        events.push(Event::HandedOff(Box::new(ticket(engine, tracker, now))));
        events.push(Event::OwnerChanged { owner: Owner::Waiting });
    }
    events
}

fn ticket(engine: &Engine, tracker: &Tracker, now: &Zoned) -> Ticket {
    Ticket {
        number: None,
        customer: tracker.customer.name.clone(),
        channel: tracker.customer.channel.clone(),
        language: tracker.language.clone(),
        team: engine.catalog().settings.handoff.teams[0].clone(),
        reason: "the bot failed on a message".to_owned(),
        priority: Priority::Normal,
        intent: tracker.topics.last().map(|topic| topic.intent.clone()),
        confidence: tracker.confidence,
        slots: Vec::new(),
        transcript: tracker.transcript.clone(),
        opened: now.timestamp(),
    }
}
