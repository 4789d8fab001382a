//! Texts that mean harm, or that nobody thought of: `tests/data/hostile.json`.
//!
//! The file is ASCII, so that nothing in it turns an editor's or a reviewer's display around. A text is a string, or a list of
//! pieces of which `["piece", times]` is repeated.
use std::collections::BTreeMap;

use serde_json::Value;

/// A text of the file.
#[derive(Clone, Debug)]
pub struct Hostile {
    /// What sort of harm: `markdown`, `bidirectional`, `commands` …
    pub family: String,
    /// The text.
    pub text: String,
}

/// All of them, by family.
pub fn texts() -> Vec<Hostile> {
    let file = include_str!("../data/hostile.json");
    let families: BTreeMap<String, Vec<Value>> = serde_json::from_str(file).expect("the file is JSON");
    let of = |(family, texts): (String, Vec<Value>)| {
        texts.into_iter().map(move |text| Hostile { family: family.clone(), text: written_out(&text) })
    };
    families.into_iter().flat_map(of).collect()
}

fn written_out(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces.iter().map(piece).collect(),
        other => panic!("{other} is no text"),
    }
}

fn piece(piece: &Value) -> String {
    match (piece.as_str(), piece[0].as_str(), piece[1].as_u64()) {
        (Some(once), ..) => once.to_owned(),
        (_, Some(unit), Some(times)) => unit.repeat(usize::try_from(times).expect("a small number")),
        _ => panic!("{piece} is no piece"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_and_no_two_are_the_same() {
        let texts = texts();
        let different: BTreeSet<&str> = texts.iter().map(|hostile| hostile.text.as_str()).collect();
        assert_eq!(different.len(), texts.len());
        assert!(texts.len() >= 300, "{}", texts.len());
        let units = |wanted: usize| texts.iter().any(|hostile| hostile.text.encode_utf16().count() == wanted);
        assert!(units(4096) && units(4097), "on both sides of the limit");
    }
}
