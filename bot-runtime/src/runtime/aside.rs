//! What happens to a message with which the turn panics again and again: it is put aside, and a person is called.
use std::sync::Arc;

use jiff::Zoned;

use super::inner::Inner;
use super::panics::caught;
use super::plan::Taken;
use crate::store::{Loaded, Store};

/// Where the conversation stands without the first item of its inbox. Should even that panic, the item is just done with.
pub(super) async fn put_aside<S: Store>(inner: &Inner<S>, loaded: &Arc<Loaded>, now: &Zoned) -> Taken {
    let (loaded, now, engine) = (loaded.clone(), now.clone(), inner.engine.load_full());
    let aside = move || {
        let events = caught(|| engine.put_aside(&loaded.tracker, &loaded.inbox[0].input, &now));
        let mut taken = Taken { events: Vec::new(), tracker: loaded.tracker.clone() };
        taken.take(events.unwrap_or_default());
        taken
    };
    tokio::task::spawn_blocking(aside).await.expect("what could panic is caught")
}
