//! Codes by which a customer links two conversations: eight letters and digits that can't be taken for each other, `K7PQ-W2X9`.
//! With 2^40 of them, living ten minutes, and five tries in a row, guessing one takes longer than anybody has.
use std::time::Duration;

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// No I, O, 0, 1: 32 of them, so that each byte gives one without favour.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How many a code has.
const LENGTH: usize = 8;

/// How long a code counts.
pub(super) const LIFE: Duration = Duration::from_secs(600);

/// A new one; `None`: the system has no random numbers.
pub(super) fn fresh() -> Option<String> {
    let mut bytes = [0; LENGTH];
    SystemRandom::new().fill(&mut bytes).ok()?;
    let letters: Vec<_> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let (first, second) = letters.split_at(LENGTH / 2);
    Some(first.iter().chain(&['-']).chain(second).collect())
}

/// What is stored of a code, however it is typed.
pub(super) fn hash(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let hashed = digest(&SHA256, plain.as_bytes());
    hashed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_all_different_and_read_however_they_are_typed() {
        let codes: std::collections::BTreeSet<_> = (0..1000).map(|_| fresh().unwrap()).collect();
        assert_eq!(codes.len(), 1000);
        for code in codes {
            assert!(code.len() == LENGTH + 1 && code.as_bytes()[4] == b'-', "{code}");
            let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
            assert_eq!(hash(&typed), hash(&code));
        }
        assert_ne!(hash("AAAA-AAAA"), hash("AAAA-AAAB"));
    }
}
