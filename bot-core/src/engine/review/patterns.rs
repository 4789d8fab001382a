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
    for (intent, written) in judge.catalog.intents.iter().enumerate() {
        for (index, pattern) in written.patterns.iter().enumerate() {
            let place = (intent as u32, Written::Pattern(index as u32));
            for (template, sentences) in templates.iter().zip(&sentences) {
                if found.is_full(place.0) {
                    break;
                }
                if !found.is_open(place, template.place()) {
                    continue;
                }
                if left < sentences.len() {
                    found.unfinished.get_or_insert(place);
                    return;
                }
                left -= sentences.len();
                let fits = sentences.iter().filter(|sentence| pattern.regex.is_match(sentence));
                let both = (place.0, template.intent);
                let verdict = |sentence: &String| {
                    let language = template.language();
                    Some((sentence.clone(), judge.verdict(sentence, [language; 2], [both.0, both.1])?))
                };
                if let Some((sentence, verdict)) = fits.filter_map(verdict).next() {
                    let places = [place.1, template.place().1];
                    found.add(both, Overlap { sentence, more: 0, places, verdict });
                }
            }
        }
    }
}
