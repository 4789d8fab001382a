//! Templates with slots against all others.
use super::found::{Found, Overlap, Written};
use super::judge::Judge;
use super::product::{self, Side};
use super::template::{Shelf, Template};
use super::values::Values;

/// How many pairs of nodes are visited for a folder: some seconds in a debug build. A pair of usual templates takes
/// some ten to some hundred.
const MOST_STATES: usize = 4_000_000;

/// Adds the pairs of intents of which one has a template with slots.
pub(super) fn find(judge: &Judge, values: &Values, shelf: &Shelf, found: &mut Found) {
    let mut left = MOST_STATES;
    for (index, template) in shelf.templates().iter().enumerate() {
        if !template.is_slotted() {
            continue;
        }
        for other in shelf.beside(index) {
            if found.is_full(template.intent) {
                break;
            }
            // The cheapest question first: 10,000 templates that begin alike are 50 million pairs.
            if !template.ends_like(other)
                || !found.is_open(template.place(), other.place())
                || !template.may_meet(other, values)
            {
                continue;
            }
            if left == 0 {
                found.unfinished.get_or_insert(template.place());
                return;
            }
            let states = compare(judge, values, [template, other], found);
            left = left.saturating_sub(states);
        }
    }
}

fn compare(judge: &Judge, values: &Values, both: [&Template; 2], found: &mut Found) -> usize {
    let side = |template| side(template, values);
    let languages = both.map(Template::language);
    let intents = both.map(|template| template.intent);
    let mut overlap = |sentence: &str| {
        let verdict = judge.verdict(sentence, languages, intents)?;
        let places = both.map(|template| Written::Example(template.index));
        Some(Overlap { sentence: sentence.to_owned(), more: 0, places, verdict })
    };
    let walked = product::common([side(both[0]), side(both[1])], values, &mut overlap);
    if walked.cut_short {
        found.unfinished.get_or_insert(both[0].place());
    }
    if let Some(overlap) = walked.taken {
        found.add((intents[0], intents[1]), overlap);
    }
    walked.states
}

fn side<'t>(template: &'t Template, values: &Values) -> Side<'t> {
    Side { net: template.net(), language: template.language(), reads: template.reads(values) }
}

impl Template<'_> {
    pub fn place(&self) -> (u32, Written) {
        (self.intent, Written::Example(self.index))
    }
}
