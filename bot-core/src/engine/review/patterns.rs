//! Regular expressions against the sentences of other intents' examples.
//!
//! What it is not: it does not compute what two expressions have in common; some sentences of each template are tried.
use super::found::{Found, Overlap, Written};
use super::judge::Judge;
use super::template::Template;
use super::values::Values;

/// How many sentences of a template are tried.
const SENTENCES: usize = 8;
/// How often an expression is held against a sentence, for a folder.
const MOST_TRIES: usize = 1_000_000;

/// Adds the pairs of intents of which one has a pattern that fits an example of the other.
pub(super) fn find(judge: &Judge, values: &Values, templates: &[Template], found: &mut Found) {
    if judge.catalog.intents.iter().all(|intent| intent.patterns.is_empty()) {
        return;
    }
    let sentences: Vec<Vec<String>> =
        templates.iter().map(|template| template.sentences(values, SENTENCES)).collect();
    let mut left = MOST_TRIES;
    for place in places(judge) {
        for (template, sentences) in templates.iter().zip(&sentences) {
            if found.is_full(place.0) || !found.is_open(place, template.place()) {
                continue;
            }
            let Some(rest) = left.checked_sub(sentences.len()) else {
                found.unfinished.get_or_insert(place);
                return;
            };
            left = rest;
            if let Some(overlap) = overlap(judge, place, template, sentences) {
                found.add((place.0, template.intent), overlap);
            }
        }
    }
}

/// All patterns, by intent.
fn places(judge: &Judge) -> Vec<(u32, Written)> {
    let intents = judge.catalog.intents.iter().enumerate();
    let patterns = intents.flat_map(|(intent, written)| {
        (0..written.patterns.len()).map(move |index| (intent as u32, Written::Pattern(index as u32)))
    });
    patterns.collect()
}

fn overlap(
    judge: &Judge,
    (intent, written): (u32, Written),
    template: &Template,
    sentences: &[String],
) -> Option<Overlap> {
    let Written::Pattern(index) = written else { return None };
    let regex = &judge.catalog.intents[intent as usize].patterns[index as usize].regex;
    let mut fits = sentences.iter().filter(|sentence| regex.is_match(sentence));
    fits.find_map(|sentence| {
        let verdict = judge.verdict(sentence, [template.language(); 2], [intent, template.intent])?;
        let places = [written, template.place().1];
        Some(Overlap { sentence: sentence.clone(), more: 0, places, verdict })
    })
}
