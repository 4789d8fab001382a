//! The sentences that a phrase accepts, and a fair choice among many.
use crate::catalog::phrase::{Part, Phrase, Piece};

/// More sentences of one phrase are not looked at.
const MOST: usize = 4_096;

/// All sentences of a phrase, the fullest form of every optional part first.
pub(super) fn sentences(phrase: &Phrase) -> Vec<Vec<Piece>> {
    phrase.parts.iter().fold(vec![Vec::new()], |begun, part| extended(&begun, &forms(part)))
}

fn forms(part: &Part) -> Vec<Vec<Piece>> {
    match part {
        Part::Words(words) => vec![vec![Piece::Words(words.clone())]],
        Part::Slot { name, entity } => vec![vec![Piece::Slot { name: name.clone(), entity: *entity }]],
        Part::Optional(inner) => sentences(inner).into_iter().chain([Vec::new()]).collect(),
        Part::Choice(choices) => choices.iter().flat_map(sentences).collect(),
    }
}

fn extended(begun: &[Vec<Piece>], forms: &[Vec<Piece>]) -> Vec<Vec<Piece>> {
    let each = begun.iter().flat_map(|start| forms.iter().map(move |form| [start.as_slice(), form].concat()));
    each.take(MOST).collect()
}

/// At most `limit` of `count` indexes, spread evenly and so that every optional part is sometimes there.
pub(super) fn spread(count: usize, limit: usize) -> Vec<usize> {
    if count <= limit {
        return (0..count).collect();
    }
    // A step near the golden section that shares no factor with the count visits everything, far apart.
    let near = count * 618 / 1000;
    let step = (near..count).find(|&step| greatest_common_divisor(step, count) == 1).unwrap_or(1);
    let mut chosen: Vec<usize> = (0..limit).map(|index| index * step % count).collect();
    chosen.sort_unstable();
    chosen
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
