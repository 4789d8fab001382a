//! What goes into a turn and what comes out of it.
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::entity::Value;
use crate::handoff::{AgentAct, Owner, Ticket};
use crate::reply::Reply;
use crate::text::{Language, Span};

/// What the world tells the bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Input {
    /// The conversation opens without a message: the customer is greeted.
    Start,
    /// What is known of the customer, from the platform.
    Customer(Customer),
    /// The customer wrote something.
    Text {
        /// The message as typed.
        text: String,
    },
    /// The customer pressed a button.
    Press {
        /// The button's id.
        id: String,
    },
    /// The customer sent something that is no text.
    Attachment {
        /// What.
        kind: AttachmentKind,
        /// The text that came with it.
        caption: Option<String>,
        /// The channel's own names of what was sent, by which it can be shown to an agent. The core never looks into them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<String>,
        /// The platform's name of the album that it is a part of: its parts arrive one by one, and are one message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// An action has answered, or failed.
    ActionDone {
        /// The call, from [`Event::ActionCalled`].
        call: u64,
        /// The result.
        outcome: ActionOutcome,
    },
    /// A timer is due.
    TimerDue {
        /// The timer, from [`Event::TimerSet`].
        timer: u64,
    },
    /// The customer changed a message after it was sent.
    Edited {
        /// The message as it was.
        before: String,
        /// The message as it is now.
        text: String,
        /// Whether it was the customer's last message: then it may correct the last answer.
        last: bool,
    },
    /// The customer took a message back.
    Deleted {
        /// The message as it was.
        before: String,
    },
    /// A person of a team did something.
    Agent {
        /// The person's name, as customers may see it.
        agent: String,
        /// What they did.
        act: AgentAct,
    },
    /// The ticket of [`Event::HandedOff`] stands in the queue.
    TicketOpened {
        /// The ticket's number.
        ticket: u64,
        /// How many tickets of the team are before it.
        ahead: u32,
    },
    /// What came of [`Event::LinkTried`].
    LinkAnswered {
        /// What.
        outcome: LinkOutcome,
    },
    /// What the bot or an agent said could not be delivered.
    Undelivered {
        /// What.
        text: String,
        /// Why, in words for agents.
        reason: String,
    },
}

impl Input {
    /// A message as typed.
    pub fn text(text: impl Into<String>) -> Input {
        Input::Text { text: text.into() }
    }
}

/// What came of a code by which two conversations of one customer are to become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOutcome {
    /// They are one now.
    Done,
    /// There is no such code: wrong, used, or too old.
    Unknown,
    /// It is this conversation's own, or one of the same channel.
    Here,
    /// A person has one of them, or an action is under way.
    Busy,
}

/// The result of an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionOutcome {
    /// It answered.
    Done(Json),
    /// It failed; the reason is for logs and agents, never for the customer.
    Failed(String),
}

/// What a customer sent in place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum AttachmentKind {
    Picture,
    Document,
    Voice,
    Video,
    Sticker,
    Location,
    Other,
}

/// What is known of a customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// How to call them; `{{ customer.name }}`.
    #[serde(default)]
    pub name: Option<String>,
    /// What the platform says of their language.
    #[serde(default)]
    pub language: Option<Language>,
    /// The channel's name: `terminal`, `telegram`, `discord`.
    #[serde(default)]
    pub channel: Option<String>,
    /// Whether the platform or an agent vouches for them.
    #[serde(default)]
    pub verified: bool,
}

/// What happened in a conversation, and what the world must do.
///
/// Events carry names, not indexes, so that stored conversations survive edits of the bot folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// What is known of the customer.
    CustomerKnown(Customer),
    /// The language the bot answers in from here on.
    LanguageChosen {
        /// The language.
        language: Language,
    },
    /// The customer wrote, pressed or sent something.
    CustomerSaid {
        /// What, as typed; a press's label; `[picture]` and the caption.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// Files came with what the customer just said.
    Attached {
        /// The channel's own names of them.
        files: Vec<String>,
    },
    /// Parts of what the customer just said are masked in logs, transcripts and the agent's view.
    Masked {
        /// The parts.
        spans: Vec<Span>,
    },
    /// What the message was taken for.
    Understood {
        /// The intent.
        intent: String,
        /// Its confidence, 0 to 1.
        confidence: f64,
    },
    /// The message was not understood: neither an intent nor an answer to the open question.
    Missed,
    /// The bot says something: deliver it.
    Said {
        /// What.
        reply: Reply,
    },
    /// Which variant of a text was used, so that the next is another.
    VariantUsed {
        /// The place: intent and step.
        place: String,
        /// The variant, from 0.
        variant: usize,
    },
    /// A topic starts, on top of those that wait.
    FlowStarted {
        /// The intent.
        intent: String,
        /// Slots taken along.
        slots: BTreeMap<String, Slot>,
        /// Results of actions taken along.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        results: BTreeMap<String, Json>,
    },
    /// A question is put and waits for the customer.
    QuestionOpened {
        /// The step's name.
        step: String,
    },
    /// An answer to the open question could not be used.
    AnswerRejected {
        /// How many in a row, with this one.
        attempt: u32,
    },
    /// The open question has been answered.
    QuestionAnswered {
        /// The step's name.
        step: String,
    },
    /// A slot of the current topic has a value.
    SlotFilled {
        /// The slot.
        slot: String,
        /// Its value.
        value: Slot,
    },
    /// A slot of the current topic has no value any more.
    SlotCleared {
        /// The slot.
        slot: String,
    },
    /// What a step did is noted, so that going over the flow again after a correction does not repeat it.
    StepDone {
        /// The step's name.
        step: String,
        /// With what: the text said, the arguments of the call, the question confirmed and its answer.
        with: Json,
    },
    /// What the step did is forgotten: it will be done again.
    StepUndone {
        /// The step's name.
        step: String,
    },
    /// A value was set by the flow for the rest of the conversation.
    ValueSet {
        /// Its name.
        name: String,
        /// Its value.
        value: Json,
    },
    /// An action is called: do it and come back with [`Input::ActionDone`].
    ActionCalled {
        /// Identifies the call within the conversation.
        call: u64,
        /// The step that calls.
        step: String,
        /// The action.
        action: String,
        /// Its arguments.
        with: Json,
    },
    /// An action has answered.
    ActionAnswered {
        /// The call.
        call: u64,
        /// The name its result is known by.
        name: String,
        /// The result.
        result: Json,
    },
    /// An action has failed.
    ActionFailed {
        /// The call.
        call: u64,
        /// Why: for logs and agents.
        reason: String,
    },
    /// An action has come back when no topic waited for it any more: it was stopped, or an agent closed the conversation.
    /// What it did is done; agents are told.
    ActionLate {
        /// The call.
        call: u64,
        /// Whether it was carried out, as far as is known.
        done: bool,
    },
    /// A timer is set: come back with [`Input::TimerDue`] then.
    TimerSet {
        /// Identifies the timer within the conversation.
        timer: u64,
        /// When.
        at: Timestamp,
        /// What for.
        purpose: Purpose,
    },
    /// A timer is done.
    TimerDone {
        /// The timer.
        timer: u64,
    },
    /// The customer was silent and has been reminded of what waits for them: once for each question.
    Reminded,
    /// The customer stayed silent: the current topic waits until they come back.
    Parked,
    /// The customer has come back after a long time: what they said before is to be confirmed again.
    Returned,
    /// The customer has confirmed the old answers of the current topic.
    AnswersConfirmed,
    /// The current topic has ended.
    FlowEnded {
        /// The intent.
        intent: String,
        /// How.
        outcome: Outcome,
    },
    /// The bot has offered something and waits for the reply.
    Offered(Offer),
    /// The buttons of the reply just said are the titles of these intents, and may be followed by one for more.
    Listed {
        /// The intents.
        intents: Vec<String>,
    },
    /// The offer is settled or out of date.
    OfferClosed,
    /// A person is called: open a ticket.
    HandedOff(Box<Ticket>),
    /// The ticket has its number and its place in the queue.
    TicketOpened {
        /// The number.
        ticket: u64,
        /// How many tickets are before it.
        ahead: u32,
    },
    /// An agent has taken the conversation over.
    Claimed {
        /// Who.
        agent: String,
    },
    /// The agent has it no longer; it waits for another one.
    Released {
        /// Who had it.
        agent: String,
    },
    /// An agent answers the customer: deliver it.
    AgentSaid {
        /// Who.
        agent: String,
        /// What, literally: nothing in it formats, mentions or links.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// An agent sends the customer files: deliver them.
    AgentSent {
        /// Who.
        agent: String,
        /// The desk's own names of them.
        files: Vec<String>,
        /// What is written under them, literally; empty: nothing.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// An agent has changed an answer: change it for the customer, too.
    AgentEdited {
        /// Who.
        agent: String,
        /// The customer's channel's id of the message.
        message: String,
        /// The answer as it was.
        before: String,
        /// The answer as it is now.
        text: String,
    },
    /// An agent has taken an answer back: delete it for the customer, too.
    AgentDeleted {
        /// Who.
        agent: String,
        /// The customer's channel's ids of its messages.
        messages: Vec<String>,
        /// The answer as it was.
        before: String,
    },
    /// An agent wrote something down. The customer never sees it.
    Noted {
        /// Who.
        agent: String,
        /// What.
        text: String,
    },
    /// Agents are to be told of this conversation again.
    Alerted {
        /// Why.
        alert: Alert,
    },
    /// The customer changed a message after it was sent.
    Edited {
        /// The message as it was.
        before: String,
        /// The message as it is now.
        text: String,
    },
    /// The customer took a message back.
    Deleted {
        /// The message as it was.
        before: String,
    },
    /// What was said could not be delivered.
    Undelivered {
        /// What.
        text: String,
        /// Why, in words for agents.
        reason: String,
    },
    /// The customer wants to go on with this conversation on another channel: make a code that works once and not for long, and
    /// put it where [`LINK_CODE`] stands in what is said next. It is no part of any event.
    LinkWanted,
    /// The customer has written a code: come back with [`Input::LinkAnswered`].
    LinkTried {
        /// The code, as typed.
        code: String,
    },
    /// What came of it.
    LinkAnswered {
        /// What.
        outcome: LinkOutcome,
        /// When.
        at: Timestamp,
    },
    /// The customer rated what a person did for them.
    Rated {
        /// The ticket.
        ticket: u64,
        /// 1 to 5.
        stars: u8,
    },
    /// Who answers has changed.
    OwnerChanged {
        /// To whom.
        owner: Owner,
    },
    /// The customer started over: topics and slots are gone.
    Restarted,
    /// The customer asked to be forgotten and confirmed it: erase what is stored.
    Forgotten,
}

/// What the bot says in these events, in order.
pub fn replies(events: &[Event]) -> Vec<&Reply> {
    events.iter().filter_map(said).collect()
}

fn said(event: &Event) -> Option<&Reply> {
    match event {
        Event::Said { reply } => Some(reply),
        _ => None,
    }
}

/// What a timer is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// A `later` step comes back.
    Later {
        /// The intent whose step it is.
        intent: String,
        /// The `later` step's name.
        step: String,
        /// What was known then.
        slots: BTreeMap<String, Slot>,
        /// The results of actions that were known then.
        results: BTreeMap<String, Json>,
    },
    /// The customer is silent in the middle of a question: remind them once.
    Remind,
    /// The customer stays silent: the topic is parked, to be offered again when they come back.
    Park,
    /// Nobody has claimed the ticket.
    Unclaimed,
    /// The agent has not answered the customer's last message.
    Idle,
}

/// Why agents are told of a conversation again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Nobody claimed it in time.
    Unclaimed,
    /// Its agent did not answer in time.
    Idle,
}

/// How a topic ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// By its last step, or `end`.
    Done,
    /// The customer cancelled it, or said no.
    Cancelled,
    /// Handed to a person.
    HandedOff,
    /// Went on in another topic.
    Left,
}

/// A slot's value and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// The value, normalised.
    pub value: Value,
    /// Where it stands in the message that gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Whether it is masked in logs, transcripts and the agent's view.
    #[serde(default)]
    pub sensitive: bool,
}

/// What stands in place of a code to link conversations by, in events.
pub const LINK_CODE: &str = "••••-••••";

/// What stands in place of a sensitive value, wherever people look.
pub const MASK: &str = "••••";

impl Slot {
    /// The value for people, masked where it must be.
    pub fn shown(&self, language: &Language) -> String {
        if self.sensitive { MASK.to_owned() } else { self.value.shown(language) }
    }
}

/// What the bot has offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "offer", rename_all = "snake_case")]
pub enum Offer {
    /// "Do you mean …?": one or more intents, best first.
    Meaning {
        /// The intents.
        intents: Vec<String>,
        /// The message that was not clear.
        text: String,
    },
    /// A person.
    Person {
        /// Why, for the ticket.
        reason: String,
    },
    /// A person, for what is done and can't be undone by asking again.
    Reverse {
        /// Why, for the ticket.
        reason: String,
    },
    /// To go on with a topic that waits.
    Resume,
    /// To do what can't be undone with answers that are old.
    StillRight,
    /// To try a failed action again, or a person.
    TryAgain,
    /// To erase what is known of the customer.
    Forget,
    /// To rate what a person did.
    Rating {
        /// The ticket.
        ticket: u64,
    },
}
