//! Tells what came of an import: what was written, what could not be carried over, what is worth a look, what to do next.
use std::fmt::Write as _;

use super::draft::{Entity, Place};
use super::notes::{Notes, Topic};
use super::plan::Intent;
use crate::paint::{Paint, harmless};
use crate::problems::counted;

/// As many of a kind are shown; the others are counted.
pub const SHOWN: usize = 10;

/// What was imported, and to where.
pub struct Imported<'a> {
    /// The file or folder it came from.
    pub from: &'a str,
    /// Its format in words.
    pub format: &'a str,
    /// The new folder.
    pub to: &'a str,
    /// How many files are in it.
    pub files: usize,
    /// The intents.
    pub intents: &'a [Intent],
    /// The entities.
    pub entities: &'a [Entity],
    /// What there is to tell.
    pub notes: &'a Notes,
}

/// The report. At most `most` notes of a kind are shown.
pub fn report(imported: &Imported<'_>, paint: Paint, most: usize) -> String {
    let mut text = summary(imported);
    let (losses, looks): (Vec<_>, Vec<_>) =
        imported.notes.by_topic().into_iter().partition(|(topic, _)| topic.is_loss());
    for (heading, groups) in [("not carried over", losses), ("worth a look", looks)] {
        if !groups.is_empty() {
            let _ = writeln!(text, "\n{}", paint.bold(heading));
            groups.iter().for_each(|(topic, notes)| text.push_str(&group(*topic, notes, most)));
        }
    }
    text
}

/// Whether a report leaves something out that has more notes of a kind than `most`.
pub fn is_cut(notes: &Notes, most: usize) -> bool {
    notes.by_topic().iter().any(|(_, notes)| notes.len() > most)
}

fn summary(imported: &Imported<'_>) -> String {
    let Imported { from, format, to, files, intents, entities, notes } = imported;
    let examples: usize = intents.iter().map(|intent| intent.examples.len()).sum();
    let entities =
        if entities.is_empty() { String::new() } else { format!(", {}", entities_counted(entities.len())) };
    let mut text = format!(
        "{from} ({format}) → {to}\n  {}, {}{entities}, in {}\n",
        counted(intents.len(), "intent"),
        counted(examples, "example"),
        counted(*files, "file")
    );
    let unanswered = intents.iter().filter(|intent| intent.is_unanswered()).count();
    let mut tell = |count: usize, what: String| {
        if count > 0 {
            let _ = writeln!(text, "  {what}");
        }
    };
    let answers = if unanswered == 1 { "answer is" } else { "answers are" };
    tell(
        unanswered,
        format!("{unanswered} {answers} still to be written: look for “still to be written” in the files"),
    );
    tell(
        notes.repeated,
        format!("{} left out: the same intent has the same", counted(notes.repeated, "example")),
    );
    let lines = counted(notes.without_intent, "line");
    tell(notes.without_intent, format!("{lines} left out: labelled `oos` or not at all, so of no intent"));
    text
}

fn entities_counted(count: usize) -> String {
    if count == 1 { "1 entity".to_owned() } else { format!("{count} entities") }
}

fn group(topic: Topic, notes: &[(&Place, &str)], most: usize) -> String {
    let (one, several, help) = topic.told();
    let what = if notes.len() == 1 { one } else { several };
    let mut text = format!("  {} {what}: {help}\n", notes.len());
    for (place, note) in notes.iter().take(most) {
        let place = place.to_string();
        let gap = if place.is_empty() { "" } else { "  " };
        let _ = writeln!(text, "    {place}{gap}{}", harmless(note));
    }
    if notes.len() > most {
        let _ = writeln!(text, "    … and {} more", notes.len() - most);
    }
    text
}
