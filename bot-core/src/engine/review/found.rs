//! What was found: pairs of intents, each with one sentence that both accept.
use std::collections::BTreeMap;

use super::judge::Verdict;
use crate::catalog::{Catalog, Origin};

/// After so many others, no more are looked for: an intent that shares its sentences with so many is a mistake as a whole.
const MOST_PARTNERS: usize = 5;

/// Something an author wrote that accepts sentences; by its index in the intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Example(u32),
    Pattern(u32),
}

/// Two intents that accept the same sentence.
#[derive(Clone, Debug)]
pub(super) struct Overlap {
    /// The sentence, as a customer would write it.
    pub sentence: String,
    /// How many more sentences without slots they share.
    pub more: usize,
    /// What accepts it, in the order of the intents.
    pub places: [Written; 2],
    pub verdict: Verdict,
}

/// All overlaps.
pub(super) struct Found<'a> {
    catalog: &'a Catalog,
    /// By pairs of intents, the smaller index first.
    pub pairs: BTreeMap<(u32, u32), Overlap>,
    partners: Vec<usize>,
    /// What could not be compared to the end.
    pub unfinished: Option<(u32, Written)>,
}

impl<'a> Found<'a> {
    pub fn new(catalog: &'a Catalog) -> Found<'a> {
        Found { catalog, pairs: BTreeMap::new(), partners: vec![0; catalog.intents.len()], unfinished: None }
    }

    /// Whether it is worth while to look for a sentence that two accept.
    pub fn is_open(&self, (a, one): (u32, Written), (b, other): (u32, Written)) -> bool {
        let built_in = is_builtin(self.origin(a, one)) && is_builtin(self.origin(b, other));
        let told_apart = built_in || self.exclude_each_other(a, b);
        a != b && !self.is_known(a, b) && !told_apart
    }

    pub fn is_known(&self, a: u32, b: u32) -> bool {
        self.pairs.contains_key(&(a.min(b), a.max(b)))
    }

    /// Whether an intent shares sentences with so many others that no more are looked for.
    pub fn is_full(&self, intent: u32) -> bool {
        self.partners[intent as usize] >= MOST_PARTNERS
    }

    /// `places` are those of `a` and `b`.
    pub fn add(&mut self, (a, b): (u32, u32), mut overlap: Overlap) {
        if a > b {
            overlap.places.reverse();
        }
        self.partners[a as usize] += 1;
        self.partners[b as usize] += 1;
        self.pairs.entry((a.min(b), a.max(b))).or_insert(overlap);
    }

    pub fn origin(&self, intent: u32, written: Written) -> &'a Origin {
        let intent = &self.catalog.intents[intent as usize];
        match written {
            Written::Example(index) => &intent.examples[index as usize].origin,
            Written::Pattern(index) => &intent.patterns[index as usize].origin,
        }
    }

    /// Whether one `when` says `not` of the other. What else excludes each other, only the author knows.
    fn exclude_each_other(&self, a: u32, b: u32) -> bool {
        let when = |intent: u32| self.catalog.intents[intent as usize].when.as_ref();
        let Some((one, other)) = when(a).zip(when(b)) else { return false };
        negates(&one.0, &other.0) || negates(&other.0, &one.0)
    }
}

fn negates(one: &str, other: &str) -> bool {
    let inner = |text: &str| text.trim().trim_start_matches('(').trim_end_matches(')').trim().to_owned();
    let simple = |text: &str| !text.contains(" and ") && !text.contains(" or ");
    let Some(negated) = one.trim().strip_prefix("not ") else { return false };
    // `not a and b` is `(not a) and b`.
    (simple(negated) || negated.trim().starts_with('(')) && inner(negated) == inner(other)
}

pub(super) fn is_builtin(origin: &Origin) -> bool {
    origin.file == "built-in"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_not_of_the_other_excludes_it() {
        for (one, other, expected) in [
            ("not customer.verified", "customer.verified", true),
            ("not (a or b)", "a or b", true),
            ("not a or b", "a or b", false),
            ("not a", "b", false),
            ("a", "a", false),
        ] {
            assert_eq!(negates(one, other), expected, "{one} / {other}");
        }
    }
}
