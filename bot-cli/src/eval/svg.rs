//! Places of bars, lines and cells in the pictures of the page. Pure: counts in, numbers of pixels out.
//!
//! What it is not: it writes no markup; that is in `page.html`.
use std::collections::BTreeMap;

use serde::Serialize;

use super::calibration::{BINS, Bin};
use super::confusions::Confusion;
use super::measures::Deeds;
use super::prediction::Prediction;
use super::thresholds::Step;
use bot_core::catalog::IntentId;

/// Width and height of the two curves, without the space for their labels.
pub const SIDE: f64 = 300.0;

/// Intents that a matrix shows: more can't be read, and would make the page large.
const MOST: usize = 40;

/// Pixels of a cell.
const CELL: usize = 17;

/// A bin of the calibration curve.
#[derive(Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// Its height: the share that is right.
    pub height: f64,
    /// The mean confidence, as a place on the x axis.
    pub confidence_x: f64,
    /// The mean confidence, in percent.
    pub confidence: Option<f64>,
    /// The share that is right, in percent.
    pub accuracy: Option<f64>,
    /// How many messages.
    pub messages: usize,
    /// From and until, in percent.
    pub from: usize,
    /// Until.
    pub until: usize,
}

/// The bars of the calibration curve.
pub fn bars(bins: &[Bin; BINS]) -> Vec<Bar> {
    let width = SIDE / BINS as f64;
    let bar = |(index, bin): (usize, &Bin)| {
        let height = bin.accuracy().unwrap_or(0.0) * SIDE;
        Bar {
            x: tenth(index as f64 * width),
            y: tenth(SIDE - height),
            height: tenth(height),
            confidence_x: tenth(bin.confidence().unwrap_or(0.0) * SIDE),
            confidence: bin.confidence().map(|share| tenth(share * 100.0)),
            accuracy: bin.accuracy().map(|share| tenth(share * 100.0)),
            messages: bin.messages,
            from: index * 100 / BINS,
            until: (index + 1) * 100 / BINS,
        }
    };
    bins.iter().enumerate().map(bar).collect()
}

/// The points of a line over the thresholds, as an SVG path.
pub fn path(steps: &[Step], messages: usize, count: impl Fn(&Deeds) -> usize) -> String {
    let point = |step: &Step| {
        let share = count(&step.deeds) as f64 / messages.max(1) as f64;
        format!("{} {}", tenth(step.act * SIDE), tenth((1.0 - share) * SIDE))
    };
    let points: Vec<String> = steps.iter().map(point).collect();
    format!("M{}", points.join("L"))
}

/// The confused part of a confusion matrix.
#[derive(Debug, Serialize)]
pub struct Matrix {
    /// The intents, in the order of rows and columns; `None`: "no intent" as a row, "nothing" as a column.
    #[serde(skip)]
    pub intents: Vec<Option<IntentId>>,
    /// How many intents are confused with any other.
    pub confused: usize,
    /// The cells that are not empty.
    pub cells: Vec<Cell>,
    /// Pixels of a cell.
    pub cell: usize,
    /// Pixels of all cells in a row.
    pub side: usize,
}

/// A cell of a matrix.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The row: what is meant.
    pub row: usize,
    /// The column: what it was taken for.
    pub column: usize,
    /// Its left side.
    pub x: usize,
    /// Its upper side.
    pub y: usize,
    /// How many messages.
    pub messages: usize,
    /// Whether they are right.
    pub right: bool,
    /// How dark it is, in percent.
    pub shade: usize,
}

/// The intents of the worst confusions, those that are confused with each other side by side.
pub fn matrix(confusions: &[Confusion], predictions: &[Prediction]) -> Matrix {
    let mut intents: Vec<Option<IntentId>> = Vec::new();
    for intent in confusions.iter().flat_map(|it| [it.right, it.taken]) {
        if !intents.contains(&intent) {
            intents.push(intent);
        }
    }
    let confused = intents.iter().flatten().count();
    intents.truncate(MOST);
    let place: BTreeMap<_, usize> = intents.iter().enumerate().map(|(at, intent)| (*intent, at)).collect();
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let right = predictions.iter().filter(|it| it.is_right()).map(|it| (it.label, it.best(), 1));
    let wrong = confusions.iter().map(|it| (it.right, it.taken, it.messages.len()));
    for (label, best, count) in right.chain(wrong) {
        if let (Some(&row), Some(&column)) = (place.get(&label), place.get(&best)) {
            *counts.entry((row, column)).or_default() += count;
        }
    }
    let mut meant: BTreeMap<Option<IntentId>, usize> = BTreeMap::new();
    predictions.iter().for_each(|it| *meant.entry(it.label).or_default() += 1);
    let cell = |(&(row, column), &messages): (&(usize, usize), &usize)| Cell {
        row,
        column,
        x: column * CELL,
        y: row * CELL,
        messages,
        right: row == column && intents[row].is_some(),
        shade: 20 + 80 * messages / meant.get(&intents[row]).copied().unwrap_or(messages).max(1),
    };
    let cells = counts.iter().map(cell).collect();
    Matrix { cells, confused, cell: CELL, side: intents.len() * CELL, intents }
}

/// A number of pixels with one digit behind the point: more would only make the page larger.
pub fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::super::calibration::bins;
    use super::super::confusions::confusions;
    use super::super::prediction::made_up::prediction;
    use super::*;

    #[test]
    fn bars_stand_on_the_ground() {
        let bars = bars(&bins(&[(0.95, true), (0.95, false), (0.1, true)]));
        let last = &bars[9];
        assert_eq!(
            (last.x, last.y, last.height, last.confidence_x, last.messages),
            (270.0, 150.0, 150.0, 285.0, 2)
        );
        assert_eq!((bars[1].height, bars[0].accuracy), (300.0, None));
    }

    #[test]
    fn lines_go_from_left_to_right() {
        let step = |act, act_right| Step { act, deeds: Deeds { act_right, ..Deeds::default() } };
        assert_eq!(path(&[step(0.0, 4), step(1.0, 1)], 4, |deeds| deeds.act_right), "M0 0L300 225");
    }

    #[test]
    fn only_the_confused_part_is_shown_and_not_too_much_of_it() {
        let few = [
            prediction(Some(0), &[(0, 0.9)]),
            prediction(Some(0), &[(1, 0.9)]),
            prediction(Some(2), &[(2, 0.9)]),
            prediction(Some(1), &[]),
        ];
        let shown = matrix(&confusions(&few), &few);
        assert_eq!((shown.confused, shown.intents.len(), shown.cells.len()), (2, 3, 3));
        assert_eq!((shown.cells[0].right, shown.cells[0].shade, shown.cells[1].right), (true, 60, false));
        let many: Vec<Prediction> =
            (0..1_000).map(|intent| prediction(Some(intent), &[((intent + 1) % 1_000, 0.9)])).collect();
        let shown = matrix(&confusions(&many), &many);
        assert_eq!((shown.confused, shown.intents.len()), (1_000, MOST));
    }
}
