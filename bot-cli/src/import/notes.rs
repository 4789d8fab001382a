//! What an import has to tell: what could not be carried over, and what is worth a look; each with its place.
//!
//! What it is not: it prints nothing.
use super::draft::Place;

/// What a note is about. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A line or an item that can't be read.
    Unreadable,
    /// An example without a word.
    Wordless,
    /// An example or a value longer than what is read.
    TooLong,
    /// More than a file of ours may hold.
    TooMany,
    /// An example that would accept any message.
    Anything,
    /// An annotation that can't be read.
    Annotation,
    /// An example whose value the bot would not find.
    ValueNotFound,
    /// A regular expression.
    Pattern,
    /// A synonym of a value that no entity has.
    Synonym,
    /// Values of an entity.
    Value,
    /// A trim entity or a builtin that is not here.
    AnyWords,
    /// An answer.
    Answer,
    /// Conversations, forms, actions.
    Conversation,
    /// Keys that say nothing to a bot of ours.
    Other,
    /// A name that had to change.
    Renamed,
    /// An intent that is one of the built-in ones.
    Builtin,
    /// An intent that doubles a built-in one.
    LikeBuiltin,
    /// A sentence of two intents.
    Shared,
    /// An intent without examples.
    NoExamples,
    /// A slot whose entity is a copy.
    Copied,
    /// An entity that has only the words that were seen.
    Closed,
    /// Answers may stand in another file.
    Elsewhere,
}

impl Topic {
    /// Whether something was not carried over; else it is only worth a look.
    pub fn is_loss(self) -> bool {
        self < Topic::Renamed
    }

    /// What it is, for one and for several, and what to do.
    pub fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Topic::Unreadable => {
                ("place that can't be read", "places that can't be read", "correct and import again")
            }
            Topic::Wordless => (
                "example without a word or number",
                "examples without a word or number",
                "the bot reads words, numbers and emoji",
            ),
            Topic::TooLong => (
                "text that is too long",
                "texts that are too long",
                "a message is read up to 4,000 characters, a value up to 200",
            ),
            Topic::TooMany => (
                "list that is too long for a file",
                "lists that are too long for a file",
                "a file has 1 MiB at most",
            ),
            Topic::Anything => (
                "example that any message would fit",
                "examples that any message would fit",
                "ask for the value in a flow, with `ask` and `type: text`",
            ),
            Topic::Annotation => ("annotation", "annotations", "the words themselves were kept"),
            Topic::ValueNotFound => (
                "example that keeps its words, since the bot would not find the value in it",
                "examples that keep their words, since the bot would not find the value in them",
                "where the value matters, write `{slot}` in its place",
            ),
            Topic::Pattern => (
                "regular expression",
                "regular expressions",
                "where it is needed, write it under `patterns` of an intent or as `pattern` of an entity",
            ),
            Topic::Synonym => (
                "synonym of a value that no entity has",
                "synonyms of values that no entity has",
                "where it is a value, add it to the `values` of an entity",
            ),
            Topic::Value => ("value", "values", "the `values` of the entity are in entities.yaml"),
            Topic::AnyWords => (
                "entity that takes any words now",
                "entities that take any words now",
                "give it `values` or a `pattern` under `entities:`, or a `type` where it is asked for",
            ),
            Topic::Answer => {
                ("answer", "answers", "write `say:` for the intent that is meant, or a step of its flow")
            }
            Topic::Conversation => (
                "part of conversations",
                "parts of conversations",
                "write a `flow:` for the intent that is meant",
            ),
            Topic::Other => (
                "thing that a bot's folder has no place for",
                "things that a bot's folder has no place for",
                "nothing need be done",
            ),
            Topic::Renamed => (
                "intent has another name here",
                "intents have other names here",
                "names are letters, digits and `_`",
            ),
            Topic::Builtin => (
                "intent is one that every bot has",
                "intents are such as every bot has",
                "your examples are added to its own",
            ),
            Topic::LikeBuiltin => (
                "intent is much like one that every bot has",
                "intents are much like such as every bot has",
                "take the name of that one, or the bot will often ask which of the two is meant",
            ),
            Topic::Shared => (
                "sentence stands under two intents",
                "sentences stand under two intents",
                "keep it in one of them, or the bot has to ask which is meant",
            ),
            Topic::NoExamples => {
                ("intent has no examples", "intents have no examples", "write five or more, or delete it")
            }
            Topic::Copied => (
                "entity is a copy",
                "entities are copies",
                "where a flow asks for the slot, write `type:` with the original and delete the copy",
            ),
            Topic::Closed => (
                "entity knows only the words of its examples",
                "entities know only the words of their examples",
                "add what is missing; or delete the entity, and its slots take any words",
            ),
            Topic::Elsewhere => {
                ("file may have more", "files may have more", "import the folder in place of the file")
            }
        }
    }
}

/// What there is to tell, in the order found.
#[derive(Debug, Default)]
pub struct Notes {
    list: Vec<(Topic, Place, String)>,
    /// Lines without an intent, on purpose.
    pub without_intent: usize,
    /// Examples that stood there twice, word by word.
    pub repeated: usize,
}

impl Notes {
    /// Adds one.
    pub fn add(&mut self, topic: Topic, place: &Place, text: impl Into<String>) {
        self.list.push((topic, place.clone(), text.into()));
    }

    /// By topic, in the order of the topics; within it as found.
    pub fn by_topic(&self) -> Vec<(Topic, Vec<(&Place, &str)>)> {
        let mut groups: std::collections::BTreeMap<Topic, Vec<(&Place, &str)>> = Default::default();
        for (topic, place, text) in &self.list {
            groups.entry(*topic).or_default().push((place, text));
        }
        groups.into_iter().collect()
    }
}
