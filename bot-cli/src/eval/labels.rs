//! Labels of a test file and the intents they mean.
use std::collections::BTreeMap;

use bot_core::catalog::{Catalog, IntentId};
use bot_core::schema::yaml::nearest;

use super::tsv::Row;

/// How many names are suggested for a label.
const SUGGESTED: usize = 3;

/// A label that no intent has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The label.
    pub label: String,
    /// How many lines have it.
    pub count: usize,
    /// The first of them.
    pub line: usize,
    /// The intents that may be meant.
    pub nearest: Vec<String>,
}

/// The intents by label.
pub struct Labels<'a> {
    catalog: &'a Catalog,
    exact: BTreeMap<&'a str, IntentId>,
    /// By what is left without capitals and signs: `Card lost?` is `card_lost`. `None`: several intents.
    similar: BTreeMap<String, Option<IntentId>>,
}

impl<'a> Labels<'a> {
    /// Of a catalog.
    pub fn of(catalog: &'a Catalog) -> Labels<'a> {
        let mut labels = Labels { catalog, exact: BTreeMap::new(), similar: BTreeMap::new() };
        for (index, intent) in catalog.intents.iter().enumerate() {
            let id = IntentId(index as u32);
            labels.exact.insert(&intent.name, id);
            labels.similar.entry(plain(&intent.name)).and_modify(|same| *same = None).or_insert(Some(id));
        }
        labels
    }

    fn find(&self, label: &str) -> Option<IntentId> {
        let similar = || self.similar.get(&plain(label)).copied().flatten();
        self.exact.get(label).copied().or_else(similar)
    }

    /// The intents of rows, in their order, `None` for a row that belongs to none.
    ///
    /// # Errors
    /// All labels that no intent has.
    pub fn resolve(&self, rows: &[Row]) -> Result<Vec<Option<IntentId>>, Vec<Unknown>> {
        let mut unknown: BTreeMap<&str, Unknown> = BTreeMap::new();
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            if is_none(&row.label) {
                found.push(None);
            } else if let Some(id) = self.find(&row.label) {
                found.push(Some(id));
            } else {
                unknown.entry(&row.label).or_insert_with(|| self.unknown(row)).count += 1;
            }
        }
        if unknown.is_empty() { Ok(found) } else { Err(unknown.into_values().collect()) }
    }

    fn unknown(&self, row: &Row) -> Unknown {
        let mut names: Vec<&str> = self.catalog.intents.iter().map(|intent| intent.name.as_str()).collect();
        let mut found = Vec::new();
        while let Some(name) = nearest(&row.label, names.iter().copied()).filter(|_| found.len() < SUGGESTED)
        {
            found.push(name.to_owned());
            names.retain(|other| *other != name);
        }
        Unknown { label: row.label.clone(), count: 0, line: row.line, nearest: found }
    }
}

/// "" and `oos` (out of scope) say that a message belongs to no intent.
/// Whether a label says that a message belongs to no intent.
pub fn is_none(label: &str) -> bool {
    label.is_empty() || label.eq_ignore_ascii_case("oos")
}

fn plain(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::{Source, load};

    use super::*;

    fn row(label: &str) -> Row {
        Row { line: 1, split: None, label: label.to_owned(), text: "x".to_owned() }
    }

    #[test]
    fn labels_find_their_intents() {
        let yaml = "intents: { refund: { examples: [a], say: A }, card_lost: { examples: [b], say: B } }";
        let (catalog, _) = load(vec![Source::new("a.yaml", yaml)]).unwrap();
        let labels = Labels::of(&catalog);
        let name = |label: &str| -> Result<Option<String>, Vec<String>> {
            let found = labels.resolve(&[row(label)]).map_err(|unknown| unknown[0].nearest.clone())?;
            Ok(found[0].map(|id| catalog.intent(id).name.clone()))
        };
        assert_eq!(name("refund"), Ok(Some("refund".into())));
        assert_eq!(name("Card lost?"), Ok(Some("card_lost".into())));
        assert_eq!((name(""), name("oos"), name("OOS")), (Ok(None), Ok(None), Ok(None)));
        assert_eq!(name("human"), Ok(Some("human".into())));
        assert_eq!(name("refnd"), Err(vec!["refund".into()]));
        assert_eq!(name("weather"), Err(vec![]));
    }

    #[test]
    fn unknown_labels_are_counted() {
        let (catalog, _) =
            load(vec![Source::new("a.yaml", "intents: { a: { examples: [a], say: A } }")]).unwrap();
        let rows = [row("zz"), row("oos"), row("yy"), row("zz")];
        let unknown = Labels::of(&catalog).resolve(&rows).unwrap_err();
        let counts: Vec<_> = unknown.iter().map(|unknown| (unknown.label.as_str(), unknown.count)).collect();
        assert_eq!(counts, [("yy", 1), ("zz", 2)]);
    }
}
