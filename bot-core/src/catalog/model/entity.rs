//! Entities: what values look like.
use regex::Regex;

use super::{EntityId, Origin};

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

    /// Its index in [`super::Catalog::entities`].
    pub fn id(self) -> EntityId {
        EntityId(self as u32)
    }
}
