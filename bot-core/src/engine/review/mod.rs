//! What only the whole folder can tell an author: two intents that accept the same sentence.
//!
//! "Accept" is what the exact stage and the patterns do: confidence 1.0 for both, and neither rightly stands back for the
//! other. Sentences without slots are found by their key (`plain`), those with slots by walking two templates at once
//! (`net`, `product`) where their beginnings, ends and values leave it possible (`template`); patterns are tried on
//! sentences. Each sentence shown was put to the matcher (`judge`). What it is not: it looks at nothing that is merely
//! similar; that is for `bot eval`.
mod found;
mod judge;
mod matching;
mod net;
mod patterns;
mod plain;
mod product;
mod template;
mod templates;
#[cfg(test)]
mod tests;
mod values;
mod warn;

use crate::catalog::{Catalog, Diagnostic};
use crate::entity::Recognizer;
use crate::matcher::Matcher;
use found::Found;
use judge::Judge;
use template::{Shelf, Template};
use values::Values;

/// The pairs of intents that accept the same sentence, in words for the author.
pub(super) fn shared_sentences(
    catalog: &Catalog,
    matcher: &Matcher,
    recognizer: &Recognizer,
) -> Vec<Diagnostic> {
    let judge = Judge::new(catalog, matcher, recognizer);
    warn::diagnostics(catalog, &overlaps(&judge))
}

fn overlaps<'a>(judge: &Judge<'a>) -> Found<'a> {
    let mut found = Found::new(judge.catalog);
    plain::find(judge, &mut found);
    if needs_templates(judge.catalog) {
        let values = Values::new(judge.catalog, judge.recognizer, &judge.now);
        let shelf = Shelf::new(templates(judge.catalog));
        templates::find(judge, &values, &shelf, &mut found);
        patterns::find(judge, &values, shelf.templates(), &mut found);
    }
    found
}

/// Whether any intent accepts more than sentences without slots.
fn needs_templates(catalog: &Catalog) -> bool {
    let slotted = |intent: &crate::catalog::Intent| {
        !intent.patterns.is_empty() || intent.examples.iter().any(|example| example.phrase.has_slots())
    };
    catalog.intents.iter().any(slotted)
}

fn templates(catalog: &Catalog) -> Vec<Template<'_>> {
    let intents = catalog.intents.iter().enumerate();
    let examples = intents.flat_map(|(intent, written)| {
        let examples = written.examples.iter().enumerate();
        examples.map(move |(index, example)| Template::new(intent as u32, index as u32, example))
    });
    examples.collect()
}
