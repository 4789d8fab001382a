//! How values stand in columns.
use bot_core::catalog::Priority;
use bot_core::handoff::Owner;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::StoreError;

/// Before every time: at once.
pub(super) const AT_ONCE: i64 = i64::MIN;

/// Nanoseconds since 1970. What lies beyond the years 1677 to 2262 is as good as its end.
pub(super) fn nanoseconds(at: Timestamp) -> i64 {
    let nanoseconds = at.as_nanosecond().clamp(i128::from(i64::MIN) + 1, i128::from(i64::MAX));
    i64::try_from(nanoseconds).unwrap_or(i64::MAX)
}

pub(super) fn time(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::MAX)
}

/// SQLite's integers have a sign; the same bits come back.
pub(super) fn signed(number: u64) -> i64 {
    number.cast_signed()
}

pub(super) fn unsigned(number: i64) -> u64 {
    number.cast_unsigned()
}

pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Other(format!("it can't be written down: {error}")))
}

/// `what` and `id` name the place; what stands there is not quoted, it is the customer's.
pub(super) fn from_json<T: DeserializeOwned>(what: &str, id: i64, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| {
        StoreError::Damaged(format!("{what} {id} can't be read, at character {}", error.column()))
    })
}

pub(super) fn owner_word(owner: Owner) -> &'static str {
    match owner {
        Owner::Bot => "bot",
        Owner::Waiting => "waiting",
        Owner::Person => "person",
        Owner::Closed => "closed",
    }
}

pub(super) fn owner(word: &str) -> Result<Owner, StoreError> {
    match word {
        "bot" => Ok(Owner::Bot),
        "waiting" => Ok(Owner::Waiting),
        "person" => Ok(Owner::Person),
        "closed" => Ok(Owner::Closed),
        _ => Err(StoreError::Damaged("an owner is none of bot, waiting, person, closed".to_owned())),
    }
}

pub(super) fn rank(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
    }
}
