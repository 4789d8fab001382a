//! Sentences without slots: two intents accept the same one if it has the same key, as the exact stage looks it up.
use std::collections::BTreeMap;

use super::found::{Found, Overlap, Written};
use super::judge::Judge;
use crate::catalog::Example;
use crate::catalog::phrase::Piece;
use crate::text::squash;

/// In a larger group of intents with the same sentence, each is only compared with the first: 2,000 intents with the same
/// sentence are 2,000 pairs then and not 2,000,000.
const MOST_PAIRED: usize = 8;
/// How many of two intents' sentences are tried; those before were refused by `not` phrases with slots.
const MOST_TRIED: usize = 16;

/// The examples of the smaller and of the greater intent, and the sentence's key.
type Shared<'k> = (u32, u32, &'k str);

/// Adds the pairs of intents that share sentences without slots.
pub(super) fn find(judge: &Judge, found: &mut Found) {
    for (intents, mut shared) in pairs(judge, found) {
        // The later intent's first example: that is where its author looks.
        shared.sort_unstable_by_key(|&(one, other, key)| (other, one, key.len(), key));
        let tried = shared.iter().take(MOST_TRIED);
        let overlap = tried.filter_map(|&shared_one| overlap(judge, intents, shared_one)).next();
        if let Some(overlap) = overlap {
            found.add(intents, Overlap { more: shared.len() - 1, ..overlap });
        }
    }
}

fn pairs<'k>(judge: &Judge<'k>, found: &Found) -> BTreeMap<(u32, u32), Vec<Shared<'k>>> {
    let mut pairs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (key, mut intents) in judge.matcher.shared_sentences() {
        intents.sort_unstable();
        let firsts = if intents.len() > MOST_PAIRED { 1 } else { intents.len() };
        for (index, &(a, example)) in intents[..firsts].iter().enumerate() {
            for &(b, other) in &intents[index + 1..] {
                if found.is_open((a, Written::Example(example)), (b, Written::Example(other))) {
                    pairs.entry((a, b)).or_default().push((example, other, key));
                }
            }
        }
    }
    pairs
}

fn overlap(judge: &Judge, (a, b): (u32, u32), (one, other, key): Shared) -> Option<Overlap> {
    let example = |intent: u32, index: u32| &judge.catalog.intents[intent as usize].examples[index as usize];
    let (one_example, other_example) = (example(a, one), example(b, other));
    let sentence = spelled(other_example, key)?;
    let verdict = judge.verdict(&sentence, [&other_example.language, &one_example.language], [a, b])?;
    Some(Overlap { sentence, more: 0, places: [Written::Example(one), Written::Example(other)], verdict })
}

/// The sentence of an example that has a key.
fn spelled(example: &Example, key: &str) -> Option<String> {
    let sentences = example.phrase.sentences().into_iter();
    let mut plain = sentences.filter_map(|pieces| match <[Piece; 1]>::try_from(pieces) {
        Ok([Piece::Words(words)]) => Some(words),
        _ => None,
    });
    plain.find(|words| squash(words) == key)
}
