//! All that was found, ready to be shown. What it is not: text.
use bot_core::matcher::Constants;

use super::draw::Drawn;
use super::fit::{Observed, fit};
use super::judged::{Judged, judge};
use super::sets::Set;

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// The splits of the messages.
    pub splits: Vec<String>,
    /// What the folders were drawn by.
    pub seed: u64,
    /// What was drawn from each file.
    pub sources: Vec<Source>,
    /// Those fitted to each file alone, in the order of the files; then those fitted to all; then those in use.
    pub rows: Vec<Row>,
}

/// A file.
#[derive(Debug)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Lines that could not be read.
    pub skipped: usize,
    /// How many intents each folder drawn from it has.
    pub sizes: Vec<usize>,
    /// How many messages were put to those folders, all in all.
    pub messages: usize,
}

/// Constants and how they do on each file.
#[derive(Debug)]
pub struct Row {
    /// What they were fitted to.
    pub of: Of,
    /// The constants.
    pub constants: Constants,
    /// How they do, in the order of the files.
    pub judged: Vec<Judged>,
}

/// What constants were fitted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// The file of that name alone.
    File(String),
    /// All files.
    All,
    /// Those in use: fitted some time ago.
    InUse,
}

impl Report {
    /// Fits, and judges.
    pub fn new(sets: &[Set], drawn: Vec<Drawn>, splits: Vec<String>, seed: u64) -> Report {
        let observed: Vec<Vec<&Observed>> =
            drawn.iter().map(|drawn| drawn.observed.iter().collect()).collect();
        let row = |of: Of, constants: Constants| {
            let judged = observed.iter().map(|observed| judge(observed, &constants)).collect();
            Row { of, constants, judged }
        };
        let alone =
            sets.iter().zip(&observed).map(|(set, observed)| row(Of::File(set.name.clone()), fit(observed)));
        let together = [row(Of::All, fit(&observed.concat())), row(Of::InUse, Constants::IN_USE)];
        let sources = sets.iter().zip(&drawn).map(|(set, drawn)| Source {
            name: set.name.clone(),
            skipped: set.skipped,
            sizes: drawn.sizes.clone(),
            messages: drawn.observed.len(),
        });
        Report { splits, seed, sources: sources.collect(), rows: alone.chain(together).collect() }
    }

    /// The constants that were fitted to all.
    pub fn fitted(&self) -> Option<&Constants> {
        self.rows.iter().find(|row| row.of == Of::All).map(|row| &row.constants)
    }
}

/// The constants by the names that they have in the source.
pub fn named(constants: &Constants) -> impl Iterator<Item = (&'static str, f64)> {
    let odds = Constants::ODDS_NAMES.into_iter().zip(constants.odds);
    odds.chain(Constants::SHARE_NAMES.into_iter().zip(constants.share))
}

/// What to do with them.
pub const ADVICE: &str = "put them into bot-core/src/matcher/lexical/confidence.rs, and renew the golden test: \
    UPDATE_EXPECT=1 cargo test -p bot-core confidences_are_the_same_everywhere";
