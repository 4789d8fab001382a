//! Intents: what customers can want, in whose words, and what the bot answers.
use regex::Regex;

use super::{Flow, Origin};
use crate::catalog::phrase::Phrase;
use crate::template::{Expression, Text};
use crate::text::Language;

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
    /// Its own threshold in place of [`super::Thresholds::act`].
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
