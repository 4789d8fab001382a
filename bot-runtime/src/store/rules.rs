//! What all stores have in common: which customer is news, what an edit becomes, what is erased. Pure functions.
//!
//! What it is not: it keeps nothing. A store looks things up, asks here what that means, and writes it down.
use bot_core::dialogue::{Customer, Event, Input};
use bot_core::handoff::Ticket;

use super::{ConversationId, Fate};
use crate::channel::{Body, Message};

/// Where an arrival belongs that can't be read.
pub(super) const NOWHERE: ConversationId = ConversationId(0);

/// The text of a message that its customer can change: what they typed, or wrote under a picture.
pub(super) fn text_of(input: &Input) -> Option<&str> {
    match input {
        Input::Text { text } => Some(text),
        Input::Attachment { caption, .. } => Some(caption.as_deref().unwrap_or_default()),
        _ => None,
    }
}

/// Whether the customer did this: an edit of what came before is then no edit of the last message.
pub(super) fn is_message(input: &Input) -> bool {
    matches!(input, Input::Text { .. } | Input::Press { .. } | Input::Attachment { .. })
}

/// The name by which its customer can edit a message: what stands at a desk is not theirs.
pub(super) fn name_of(message: Option<&Message>) -> Option<&str> {
    message.filter(|message| message.desk.is_none()).map(|message| message.id.as_str())
}

/// A message that still waits, with another text.
pub(super) fn reworded(input: Input, text: String) -> Input {
    match input {
        Input::Attachment { kind, files, album, .. } => {
            Input::Attachment { kind, caption: Some(text), files, album }
        }
        _ => Input::Text { text },
    }
}

/// What to tell the conversation of its customer: nothing if that is what was stored last, or else what its tracker knows. A
/// platform that does not always say the language has said it before.
pub(super) fn news(
    arrived: Option<Customer>,
    stored: Option<&Customer>,
    tracker: &Customer,
) -> Option<Customer> {
    let known = stored.unwrap_or(tracker);
    let language = |said: Option<_>| said.or_else(|| known.language.clone());
    let arrived = arrived.map(|customer| Customer { language: language(customer.language), ..customer });
    arrived.filter(|customer| customer != known)
}

/// Whether an event of a commit that forgets is stored: nothing of what the customer wrote, only that it is erased.
pub(super) fn outlives_forgetting(event: &Event) -> bool {
    matches!(
        event,
        Event::Forgotten
            | Event::Said { .. }
            | Event::LanguageChosen { .. }
            | Event::OwnerChanged { .. }
            | Event::TimerDone { .. }
    )
}

/// Whether the customer is where this comes from: there they are answered from now on.
pub(super) fn is_from_customer(body: &Body) -> bool {
    matches!(body, Body::Input { input, .. } if is_message(input) || *input == Input::Start)
}

/// Whether it is an agent's deed, whose key counts wherever the customer is by now.
pub(super) fn is_from_agent(body: &Body) -> bool {
    matches!(body, Body::Input { input: Input::Agent { .. }, .. })
}

/// Which of two conversations goes on: the older one.
pub(super) fn survivor(one: ConversationId, other: ConversationId) -> (ConversationId, ConversationId) {
    (one.min(other), one.max(other))
}

/// What became of several deliveries of one event.
pub(super) fn worse(one: Fate, other: Fate) -> Fate {
    match (one, other) {
        (Fate::Waiting, _) | (_, Fate::Waiting) => Fate::Waiting,
        (Fate::Failed, _) | (_, Fate::Failed) => Fate::Failed,
        (Fate::Sent, Fate::Sent) => Fate::Sent,
    }
}

/// Whether an item that waits is gone on with after forgetting: what was written since then is a new beginning, while
/// answers, timers and edits belong to what is erased.
pub(super) fn goes_on_after_forgetting(input: &Input) -> bool {
    matches!(input, Input::Start | Input::Customer(_) | Input::Agent { .. }) || is_message(input)
}

/// A ticket without what is known of its customer. That there was one stays, for the numbers and the statistics.
pub(super) fn erased(ticket: Ticket) -> Ticket {
    Ticket {
        customer: None,
        reason: String::new(),
        intent: None,
        confidence: None,
        slots: Vec::new(),
        transcript: Vec::new(),
        ..ticket
    }
}
