//! Tables: `intent<tab>text` on each line, or `split<tab>intent<tab>text`.
//!
//! What it is not: it takes no quotes away; a tab is the only sign that means something.
use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::draft::{Draft, Example, Place};
use super::notes::Topic;
use super::text::clean;

/// A label that stands for "none of the intents".
const NO_INTENT: [&str; 2] = ["", "oos"];
/// What the first line may hold in place of an example.
const HEADERS: [&str; 12] = [
    "split",
    "intent",
    "label",
    "category",
    "class",
    "topic",
    "text",
    "utterance",
    "example",
    "sentence",
    "message",
    "query",
];

/// Reads a table; of one with splits, those that are named.
///
/// # Errors
/// It has splits and none is named, or a named one is not there.
pub fn read(bytes: &[u8], name: &str, splits: &[String]) -> Result<Draft> {
    let mut table = Table { at: Place::file(name), splits, draft: Draft::default(), counts: BTreeMap::new() };
    let lines = || bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).split(|&byte| byte == b'\n');
    table.check_columns(lines())?;
    for (index, line) in lines().enumerate() {
        if let Err(why) = table.line(index, line) {
            table.draft.notes.add(Topic::Unreadable, &table.at.line(index + 1), why);
        }
    }
    table.check_splits()?;
    Ok(table.draft)
}

struct Table<'a> {
    at: Place,
    splits: &'a [String],
    draft: Draft,
    counts: BTreeMap<String, usize>,
}

impl Table<'_> {
    /// A table with splits needs one, and one without has none to name.
    fn check_columns<'b>(&self, lines: impl Iterator<Item = &'b [u8]>) -> Result<()> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut two, mut three) = (0, 0);
        for line in lines.enumerate().filter_map(|(index, line)| columns(index, line).ok().flatten()) {
            match line.as_slice() {
                [_, _] => two += 1,
                [split, _, _] => {
                    three += 1;
                    *counts.entry(split.trim().to_owned()).or_default() += 1;
                }
                _ => {}
            }
        }
        let file = &self.at.file;
        if self.splits.is_empty() && three > two {
            bail!(
                "`{file}` has three columns, the first of which is the split: name one or more with --split; {}",
                listed(&counts)
            );
        }
        if !self.splits.is_empty() && two > three {
            bail!("`{file}` has two columns, `intent<tab>text`, and no splits: leave --split out");
        }
        Ok(())
    }

    fn check_splits(&self) -> Result<()> {
        if let Some(unknown) = self.splits.iter().find(|split| !self.counts.contains_key(*split)) {
            bail!("`{}` has no split `{unknown}`; {}", self.at.file, listed(&self.counts));
        }
        Ok(())
    }

    fn line(&mut self, index: usize, line: &[u8]) -> Result<(), String> {
        let Some(columns) = columns(index, line)? else { return Ok(()) };
        let (label, text) = match (columns.as_slice(), self.splits) {
            ([label, text], []) => (*label, *text),
            ([split, label, text], [_, ..]) => {
                let split = split.trim();
                *self.counts.entry(split.to_owned()).or_default() += 1;
                if !self.splits.iter().any(|wanted| wanted == split) {
                    return Ok(());
                }
                (*label, *text)
            }
            (columns, splits) => {
                let wanted = if splits.is_empty() { "intent<tab>text" } else { "split<tab>intent<tab>text" };
                return Err(format!("{} where `{wanted}` should stand", counted(columns.len())));
            }
        };
        let (label, text) = (label.trim(), clean(text));
        if text.is_empty() {
            return Err(format!("no text behind `{label}`"));
        }
        if NO_INTENT.contains(&label) {
            self.draft.notes.without_intent += 1;
            return Ok(());
        }
        let at = self.at.line(index + 1);
        self.draft.intent(label, &at).examples.push(Example::plain(text, at.clone()));
        Ok(())
    }
}

/// The columns of a line; `None` if it is blank or names the columns.
fn columns(index: usize, line: &[u8]) -> Result<Option<Vec<&str>>, String> {
    let line = std::str::from_utf8(line).map_err(|_| "a byte that is no UTF-8 text".to_owned())?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    let columns: Vec<&str> = line.split('\t').collect();
    let is_header = index == 0
        && columns.len() > 1
        && columns.iter().all(|column| HEADERS.contains(&column.trim().to_lowercase().as_str()));
    Ok((!line.trim().is_empty() && !is_header).then_some(columns))
}

fn counted(columns: usize) -> String {
    if columns == 1 { "no tab".to_owned() } else { format!("{columns} columns") }
}

fn listed(counts: &BTreeMap<String, usize>) -> String {
    if counts.is_empty() {
        return "there are none".to_owned();
    }
    let splits = counts.iter().map(|(split, count)| format!("{split} ({count})"));
    format!("there are {}", splits.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splits(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn found(text: &str, names: &[&str]) -> Vec<String> {
        let draft = read(text.as_bytes(), "a.tsv", &splits(names)).unwrap();
        let mut found: Vec<_> = draft
            .intents
            .iter()
            .flat_map(|intent| {
                intent
                    .examples
                    .iter()
                    .map(move |example| format!("{} {:?}", intent.name, example.words().collect::<Vec<_>>()))
            })
            .collect();
        for (_, notes) in draft.notes.by_topic() {
            found.extend(notes.into_iter().map(|(place, text)| format!("{place} {text}")));
        }
        if draft.notes.without_intent > 0 {
            found.push(format!("{} without", draft.notes.without_intent));
        }
        found
    }

    #[test]
    fn two_columns() {
        let text = "\u{FEFF}Intent\tText\r\nhours\twhen are you open\r\n\r\nhours\t\n refund \t money  back\noos\tsing\n\tdance\nalone\na\tb\tc\n";
        assert_eq!(
            found(text, &[]),
            [
                "hours [\"when are you open\"]",
                "refund [\"money back\"]",
                "a.tsv:4 no text behind `hours`",
                "a.tsv:8 no tab where `intent<tab>text` should stand",
                "a.tsv:9 3 columns where `intent<tab>text` should stand",
                "2 without",
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_cost_a_line() {
        let draft = read(b"a\tb\nc\t\xFF\n", "a.tsv", &[]).unwrap();
        assert_eq!(draft.intents.len(), 1);
        assert_eq!(draft.notes.by_topic()[0].1[0].1, "a byte that is no UTF-8 text");
    }

    #[test]
    fn splits_are_named() {
        let text = "train\thours\tone\nvalid\thours\ttwo\ntest\thours\tthree\n";
        assert_eq!(found(text, &["train", "test"]), ["hours [\"one\"]", "hours [\"three\"]"]);
        for (text, names, want) in [
            (text, &[][..], "name one or more with --split; there are test (1), train (1), valid (1)"),
            (text, &["dev"], "`a.tsv` has no split `dev`; there are test (1), train (1), valid (1)"),
            ("a\tb\n", &["dev"], "leave --split out"),
            ("", &["dev"], "`a.tsv` has no split `dev`; there are none"),
        ] {
            let error = read(text.as_bytes(), "a.tsv", &splits(names)).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
