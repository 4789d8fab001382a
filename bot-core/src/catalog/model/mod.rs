//! The compiled model: plain data whose references are indexes.
//!
//! What it is not: it checks nothing; whoever makes one by hand keeps the indexes in range.
mod action;
mod entity;
mod flow;
mod intent;
mod settings;

use std::collections::BTreeMap;

use crate::text::Language;

pub use action::*;
pub use entity::*;
pub use flow::*;
pub use intent::*;
pub use settings::*;

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
