//! What identifies a delivery or a call for ever, towards platforms and back ends.
use crate::store::Entry;

/// Digits of the conversation's number: with prefix, hyphen and the longest entry's number, 25 characters in all.
const CONVERSATION: usize = 10;

/// At most 25 ASCII characters, the same for each attempt, also after a restart.
pub(super) fn key_of(prefix: char, entry: &Entry) -> String {
    let (id, conversation) = (digits(entry.id.0), digits(entry.conversation.0));
    let start = conversation.len().saturating_sub(CONVERSATION);
    format!("{prefix}{id}-{}", &conversation[start..])
}

/// In base 36.
pub(super) fn digits(number: i64) -> String {
    let mut number = number.unsigned_abs();
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.extend(char::from_digit((number % 36) as u32, 36));
        number /= 36;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use bot_core::reply::Reply;

    use super::*;
    use crate::channel::{Address, Outgoing};
    use crate::store::{ConversationId, OutboxId, Work};

    fn key(id: i64, conversation: i64) -> String {
        let address = Address { channel: "test".into(), peer: "1".into() };
        let what = Work::Deliver { what: Outgoing::Bot { reply: Reply::default() } };
        let (id, conversation, route) = (OutboxId(id), ConversationId(conversation), "test".into());
        let entry = Entry {
            id,
            conversation,
            address,
            route,
            what,
            attempts: 0,
            in_doubt: false,
            part: 0,
            quotes: None,
        };
        key_of('m', &entry)
    }

    #[test]
    fn keys_are_short_and_tell_entries_apart() {
        assert_eq!(key(36, 1), "m10-1");
        assert_eq!(key(i64::MAX, i64::MAX).len(), 25);
        assert_ne!(key(11, 1), key(1, 11));
    }
}
