//! The compiled model.
use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use regex::Regex;
use serde_json::Value as Json;

use super::phrase::Phrase;
use crate::template::{Expression, Text};
use crate::text::Language;

/// Everything a bot folder says, checked and compiled.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// `bot.yaml`.
    pub settings: Settings,
    /// The intents: the folder's own in the order of file name and line, then the built-in ones it does not define.
    pub intents: Vec<Intent>,
    /// The entities: built-in ones first, then the folder's.
    pub entities: Vec<Entity>,
    /// The actions, by name.
    pub actions: BTreeMap<String, Action>,
    /// The translations of texts.
    pub translations: Translations,
}

/// The index of an intent in [`Catalog::intents`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IntentId(pub u32);

/// The index of an entity in [`Catalog::entities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);

/// The index of a step in [`Flow::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// Where something was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The file's name, or `built-in`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes of the file.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// `bot.yaml`, with its defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the bot calls itself.
    pub name: String,
    /// The languages; the first is the one the files are written in. Never empty.
    pub languages: Vec<Language>,
    /// What is said when a conversation opens.
    pub greeting: Option<Text>,
    /// The thresholds.
    pub understanding: Thresholds,
    /// Hours and teams.
    pub handoff: HandoffSettings,
    /// When to remind a silent customer.
    pub silence: Silence,
    /// How long conversations are kept; `None`: for ever.
    pub keep: Option<SignedDuration>,
    /// Values for texts and expressions.
    pub facts: BTreeMap<String, Json>,
}

/// When to act, to ask, to give up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// At or above this confidence: act. 0 to 1; default 0.60.
    pub act: f64,
    /// From here up: "Do you mean …?". 0 to 1; default 0.30.
    pub ask: f64,
    /// A runner-up this close to the best: ask which. 0 to 1; default 0.10.
    pub tie: f64,
    /// Not understood this many times in a row: offer a person, then hand off. At least 1; default 2.
    pub misses: u32,
}

/// Who takes over, and when they are there.
#[derive(Clone, Debug, Default)]
pub struct HandoffSettings {
    /// Opening hours; `None`: always open.
    pub hours: Option<Hours>,
    /// The teams by name, the default first. Never empty: without any in `bot.yaml` there is `support`.
    pub teams: Vec<String>,
    /// Whether to ask for a rating after a person closed the conversation.
    pub rating: bool,
}

/// Opening hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The IANA name of the time zone, known to exist.
    pub timezone: String,
    /// From and until, Monday first; `None`: closed that day.
    pub week: [Option<(Time, Time)>; 7],
    /// Days on which nobody is there.
    pub closed: Vec<Date>,
}

/// What happens when the customer says nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// One reminder after this long.
    pub remind: Option<SignedDuration>,
    /// Parked after this long.
    pub park: Option<SignedDuration>,
    /// No reminders from and until.
    pub quiet: Option<(Time, Time)>,
}

/// What a customer can want.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its name in the files.
    pub name: String,
    /// Its title as shown to people; the name in words where the author gave none.
    pub title: Text,
    /// Set if the engine itself knows what to do with it.
    pub builtin: Option<Builtin>,
    /// The examples of all languages.
    pub examples: Vec<Example>,
    /// Phrases that never mean this intent.
    pub not: Vec<Example>,
    /// Regular expressions, held against the message as typed, case-insensitive unless they say otherwise.
    pub patterns: Vec<Pattern>,
    /// The intent exists only where this holds.
    pub when: Option<Expression>,
    /// Its own threshold in place of [`Thresholds::act`].
    pub act: Option<f64>,
    /// What the bot does.
    pub body: Body,
    /// Where it was written.
    pub origin: Origin,
}

/// An example of an intent in one language.
#[derive(Clone, Debug)]
pub struct Example {
    /// The language it is written in.
    pub language: Language,
    /// The example as written.
    pub source: String,
    /// The example, compiled.
    pub phrase: Phrase,
    /// Where it was written.
    pub origin: Origin,
}

/// A regular expression of an intent.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The compiled expression, case-insensitive.
    pub regex: Regex,
    /// Where it was written.
    pub origin: Origin,
}

/// What an intent does.
#[derive(Clone, Debug)]
pub enum Body {
    /// Answers.
    Say(Say),
    /// Leads through a flow.
    Flow(Flow),
    /// Does what the engine does for a built-in intent of this name.
    Builtin,
}

/// A reply with its variants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Say {
    /// The variants; never empty, never the same twice in a row.
    pub variants: Vec<Text>,
    /// Labels, each sent as if typed.
    pub buttons: Vec<Text>,
}

/// The intents that exist in every language the bot speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the intents' names")]
pub enum Builtin {
    Human,
    Cancel,
    Back,
    Restart,
    Repeat,
    Help,
    Affirm,
    Deny,
    Thanks,
    Goodbye,
    Greet,
    Skip,
    DontKnow,
    Why,
    Wait,
    AreYouABot,
    ForgetMe,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Builtin; 17] = {
        use Builtin::*;
        [
            Human, Cancel, Back, Restart, Repeat, Help, Affirm, Deny, Thanks, Goodbye, Greet, Skip, DontKnow,
            Why, Wait, AreYouABot, ForgetMe,
        ]
    };

    /// The intent's name in the files.
    pub fn name(self) -> &'static str {
        match self {
            Builtin::Human => "human",
            Builtin::Cancel => "cancel",
            Builtin::Back => "back",
            Builtin::Restart => "restart",
            Builtin::Repeat => "repeat",
            Builtin::Help => "help",
            Builtin::Affirm => "affirm",
            Builtin::Deny => "deny",
            Builtin::Thanks => "thanks",
            Builtin::Goodbye => "goodbye",
            Builtin::Greet => "greet",
            Builtin::Skip => "skip",
            Builtin::DontKnow => "dont_know",
            Builtin::Why => "why",
            Builtin::Wait => "wait",
            Builtin::AreYouABot => "are_you_a_bot",
            Builtin::ForgetMe => "forget_me",
        }
    }

    /// The built-in intent of that name.
    pub fn named(name: &str) -> Option<Builtin> {
        Builtin::ALL.into_iter().find(|builtin| builtin.name() == name)
    }
}

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
    /// The team; one of [`HandoffSettings::teams`].
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

/// A kind of value.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// What its values look like.
    pub kind: EntityKind,
    /// A value to show to somebody who asks what that is.
    pub example: Option<String>,
    /// Where it was written; `built-in` for those.
    pub origin: Origin,
}

/// What the values of an entity look like.
#[derive(Clone, Debug)]
pub enum EntityKind {
    /// Known to the engine.
    Builtin(BuiltinEntity),
    /// A regular expression, held against the message as typed, case-insensitive; group 1, or the whole, is the value.
    Pattern(Regex),
    /// One of some values.
    List(Vec<ListValue>),
}

/// A value of a list entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListValue {
    /// The value as expressions see it.
    pub value: String,
    /// The words for it; the first is shown to people. Never empty.
    pub words: Vec<String>,
}

/// The entities known to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the entities' names")]
pub enum BuiltinEntity {
    Text,
    Number,
    Money,
    Date,
    Time,
    Duration,
    Email,
    Phone,
    Url,
    YesNo,
    PersonName,
}

impl BuiltinEntity {
    /// All of them, in the order of their [`EntityId`]s.
    pub const ALL: [BuiltinEntity; 11] = {
        use BuiltinEntity::*;
        [Text, Number, Money, Date, Time, Duration, Email, Phone, Url, YesNo, PersonName]
    };

    /// The entity's name in the files.
    pub fn name(self) -> &'static str {
        match self {
            BuiltinEntity::Text => "text",
            BuiltinEntity::Number => "number",
            BuiltinEntity::Money => "money",
            BuiltinEntity::Date => "date",
            BuiltinEntity::Time => "time",
            BuiltinEntity::Duration => "duration",
            BuiltinEntity::Email => "email",
            BuiltinEntity::Phone => "phone",
            BuiltinEntity::Url => "url",
            BuiltinEntity::YesNo => "yes_no",
            BuiltinEntity::PersonName => "person_name",
        }
    }

    /// Its index in [`Catalog::entities`].
    pub fn id(self) -> EntityId {
        EntityId(self as u32)
    }
}

/// Something the world does for the bot.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// The HTTP request, if the author gave one.
    pub request: Option<Request>,
    /// What it answers when no back end is configured, and in tests.
    pub sample: Option<Json>,
    /// Where it was written.
    pub origin: Origin,
}

impl Action {
    /// Whether calling it twice does no harm: a `get`.
    pub fn is_safe(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.method == Method::Get)
    }
}

/// An HTTP request of an action. Its strings are templates that may use `env` and `secret`.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub json: Option<Json>,
    /// How long to wait for the answer; default 5 s.
    pub timeout: SignedDuration,
    /// How often to try again; default 0.
    pub retries: u32,
    /// Makes a request safe to repeat.
    pub idempotency_key: Option<String>,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the methods' names")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// The texts of all languages but the first. The text itself is the key, as in gettext.
#[derive(Clone, Debug, Default)]
pub struct Translations {
    /// By language and intent (`bot` for those of no intent), then by the original.
    pub texts: BTreeMap<Language, BTreeMap<String, BTreeMap<String, String>>>,
}

impl Translations {
    /// The text in that language: what stands under the intent, else under `bot`, else under any intent, else the original.
    pub fn get<'a>(&'a self, language: &Language, intent: &str, original: &'a str) -> &'a str {
        let Some(scopes) = self.texts.get(language) else { return original };
        let under = |scope: &str| scopes.get(scope).and_then(|texts| texts.get(original));
        under(intent)
            .or_else(|| under("bot"))
            .or_else(|| scopes.values().find_map(|texts| texts.get(original)))
            .map_or(original, String::as_str)
    }
}

impl Catalog {
    /// The intent.
    pub fn intent(&self, id: IntentId) -> &Intent {
        &self.intents[id.0 as usize]
    }

    /// The entity.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.0 as usize]
    }

    /// The intent of that name: for names that come from outside, such as a stored conversation.
    pub fn intent_named(&self, name: &str) -> Option<IntentId> {
        self.intents.iter().position(|intent| intent.name == name).map(|index| IntentId(index as u32))
    }

    /// The language the files are written in.
    pub fn language(&self) -> &Language {
        &self.settings.languages[0]
    }
}

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
