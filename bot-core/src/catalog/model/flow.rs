//! Flows: steps as a graph.
use jiff::SignedDuration;
use serde_json::Value as Json;

use super::{EntityId, IntentId, Origin, Say};
use crate::template::{Expression, Text};

/// The index of a step in [`Flow::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// The happy path of an intent: a graph of steps, flattened.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// The steps in the order they were written, branches after the step they belong to.
    pub steps: Vec<Step>,
    /// The first step; `None` if the flow is empty.
    pub start: Option<StepId>,
}

/// A step of a flow.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name within the flow, unique: its `id`, else its slot, else derived from what it says.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// What comes after it; `None`: the flow ends. Branches lead on to the step after their parent by themselves.
    pub next: Option<StepId>,
    /// Where it was written.
    pub origin: Origin,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// Fills a slot with what the customer writes.
    Ask(Ask),
    /// Fills a slot from options.
    Choose(Choose),
    /// Asks for a yes.
    Confirm(Confirm),
    /// Says something.
    Say(Say),
    /// Calls an action.
    Call(Call),
    /// Branches.
    If {
        /// What must hold.
        condition: Expression,
        /// The first step if it holds; `None`: an empty branch, so [`Step::next`].
        then: Option<StepId>,
        /// The first step if it does not hold; `None`: [`Step::next`].
        otherwise: Option<StepId>,
    },
    /// Sets values.
    Set(Vec<(String, Template)>),
    /// Comes back by itself.
    Later {
        /// After this long.
        after: SignedDuration,
        /// And does this; `None`: nothing.
        then: Option<StepId>,
    },
    /// Goes on elsewhere.
    Goto(Target),
    /// Hands over to a person; the flow ends.
    Handoff(Handoff),
    /// Ends the flow.
    End,
}

/// A question whose answer is a value.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The slot.
    pub slot: String,
    /// The question, with variants and buttons; `None`: the engine's own words.
    pub say: Option<Say>,
    /// Why it is asked.
    pub why: Option<Text>,
    /// Hints after invalid answers, growing.
    pub retry: Vec<Text>,
    /// What the values look like.
    pub entity: EntityId,
    /// What must hold for a value.
    pub check: Option<Expression>,
    /// Whether it may be skipped.
    pub optional: bool,
    /// Whether its value must be masked in logs, transcripts and the agent's view.
    pub sensitive: bool,
    /// Invalid answers until a person is offered; default 3.
    pub attempts: u32,
}

/// A question with options.
#[derive(Clone, Debug)]
pub struct Choose {
    /// The slot.
    pub slot: String,
    /// The question.
    pub say: Option<Say>,
    /// Why it is asked.
    pub why: Option<Text>,
    /// Hints after invalid answers, growing.
    pub retry: Vec<Text>,
    /// The options: value and label, in the order written; at least one.
    pub options: Vec<(String, Text)>,
    /// What must hold for a value.
    pub check: Option<Expression>,
    /// Whether it may be skipped.
    pub optional: bool,
    /// Whether its value must be masked.
    pub sensitive: bool,
    /// Invalid answers until a person is offered; default 3.
    pub attempts: u32,
}

/// A question whose answer is yes or no.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub say: Say,
    /// Why it is asked.
    pub why: Option<Text>,
    /// Whether the author wrote an `else`. Without one, "no" ends the flow.
    pub has_else: bool,
    /// The first step after "no"; `None`: [`Step::next`] if there is an `else`.
    pub otherwise: Option<StepId>,
    /// Answers that are neither yes nor no until a person is offered; default 3.
    pub attempts: u32,
}

/// A call of an action.
#[derive(Clone, Debug)]
pub struct Call {
    /// The action's name.
    pub action: String,
    /// Its arguments.
    pub with: Vec<(String, Template)>,
    /// The name under which the result is known; default: the action's name.
    pub result: String,
    /// The first step if it failed; `None` with `has_failed`: an empty branch.
    pub failed: Option<StepId>,
    /// Whether the author wrote a `failed`. Without one, the engine tells the customer and offers a person.
    pub has_failed: bool,
}

/// Where a `goto` leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To the flow (or the reply) of another intent; what is known is taken along.
    Intent(IntentId),
    /// To a step of the same flow, which is asked or done again.
    Step(StepId),
}

/// A hand-over.
#[derive(Clone, Debug, PartialEq)]
pub struct Handoff {
    /// The team; one of [`super::HandoffSettings::teams`].
    pub team: String,
    /// Why, for the agent.
    pub reason: Option<Text>,
    /// How urgent.
    pub priority: Priority,
}

/// How urgent a hand-over is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// When there is nothing else.
    Low,
    /// In turn.
    #[default]
    Normal,
    /// At once.
    High,
}

/// A value in `set` or `with`: JSON whose strings are templates. A string that is one `{{ … }}` keeps its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(pub Json);

impl Flow {
    /// The step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }

    /// The step of that name: for names that come from outside, such as a stored conversation.
    pub fn step_named(&self, name: &str) -> Option<StepId> {
        self.steps.iter().position(|step| step.name == name).map(|index| StepId(index as u32))
    }
}
