//! The files to fit to: labelled sentences in three columns, split, intent, text.
//!
//! Sentences of the splits `train10`, `train5` and `train` become examples, those of another split are the customers'
//! messages. What it is not: it draws nothing.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::super::labels::is_none;
use super::super::test_file::{listed, name_bad_lines, table};
use super::super::tsv::{Row, Table};
use crate::folder;
use crate::paint::harmless;

/// The splits that examples are taken from: ten an intent, five an intent, all.
pub const EXAMPLES: [&str; 3] = ["train10", "train5", "train"];

/// With fewer intents than this, none can be held out.
const FEWEST: usize = 3;

/// A file.
#[derive(Debug)]
pub struct Set {
    /// The file's name.
    pub name: String,
    /// By split of [`EXAMPLES`] that the file has: the intents by name.
    pub splits: BTreeMap<&'static str, BTreeMap<String, Topic>>,
    /// All messages that belong to an intent.
    pub messages: Vec<String>,
    /// How many lines could not be read.
    pub skipped: usize,
}

/// An intent of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Sentences to know it by.
    pub examples: Vec<String>,
    /// Sentences that customers say.
    pub messages: Vec<String>,
}

/// Reads the files; the messages are those of `splits`.
///
/// # Errors
/// There are fewer than two, one is named twice, or one can't be read or lacks something; said in a sentence.
pub fn read(files: &[PathBuf], splits: &[String]) -> Result<Vec<Set>> {
    if let [file] = files {
        bail!(
            "--calibrate takes two files or more, and `{}` is one: what is fitted to one set alone holds for no other",
            file.display()
        );
    }
    let mut seen = Vec::new();
    for file in files {
        let real = file.canonicalize().unwrap_or_else(|_| file.clone());
        if seen.contains(&real) {
            bail!("`{}` is named twice; --calibrate takes files that differ", file.display());
        }
        seen.push(real);
    }
    files.iter().map(|file| read_one(file, splits)).collect()
}

fn read_one(file: &Path, splits: &[String]) -> Result<Set> {
    let shown = folder::shown(file);
    let table = table(file, "--calibrate")?;
    name_bad_lines(&table, file)?;
    refuse(&table, splits, &shown)?;
    let name = harmless(&file.file_name().unwrap_or_default().to_string_lossy());
    let set = Set::of(name, &table, splits);
    for (split, topics) in &set.splits {
        if topics.len() < FEWEST {
            bail!(
                "`{shown}` has too few intents: {} in both `{split}` and `{}`, and it takes {FEWEST}",
                topics.len(),
                splits.join("`, `")
            );
        }
    }
    Ok(set)
}

/// Refuses a file that lacks a column or a split.
fn refuse(table: &Table, splits: &[String], shown: &str) -> Result<()> {
    if table.rows.is_empty() {
        bail!(
            "`{shown}` holds no sentences: write one a line, split, intent and text, with tabs between them"
        );
    }
    if !table.has_splits {
        bail!("`{shown}` has two columns; --calibrate takes three: split, intent and text");
    }
    let there = table.splits();
    let mut missing: Vec<&str> =
        splits.iter().map(String::as_str).filter(|split| !there.contains_key(split)).collect();
    let any = EXAMPLES.join("` or `");
    if !EXAMPLES.iter().any(|split| there.contains_key(split)) {
        missing.insert(0, &any);
    }
    if let Some(both) = splits.iter().find(|split| EXAMPLES.contains(&split.as_str())) {
        bail!("the sentences of `{both}` are examples; choose another --split for the messages");
    }
    if !missing.is_empty() {
        bail!("`{shown}` has no split {}; it has {}", quoted(&missing), listed(&there));
    }
    Ok(())
}

/// "`train` and `valid`".
fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and none ")
}

impl Set {
    fn of(name: String, table: &Table, splits: &[String]) -> Set {
        let is_message = |row: &&Row| row.split.as_ref().is_some_and(|split| splits.contains(split));
        let rows = || table.rows.iter().filter(|row| !is_none(&row.label));
        let messages: Vec<&Row> = rows().filter(is_message).collect();
        let examples =
            |split: &str| -> Vec<&Row> { rows().filter(|row| row.split.as_deref() == Some(split)).collect() };
        let splits = EXAMPLES.into_iter().map(|split| (split, examples(split)));
        Set {
            name,
            splits: splits
                .filter(|(_, rows)| !rows.is_empty())
                .map(|(split, rows)| (split, topics(&rows, &messages)))
                .collect(),
            messages: messages.iter().map(|row| row.text.clone()).collect(),
            skipped: table.bad.len(),
        }
    }
}

/// The intents that have both.
fn topics(examples: &[&Row], messages: &[&Row]) -> BTreeMap<String, Topic> {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for row in examples {
        topics.entry(row.label.clone()).or_default().examples.push(row.text.clone());
    }
    for row in messages {
        if let Some(topic) = topics.get_mut(&row.label) {
            topic.messages.push(row.text.clone());
        }
    }
    topics.retain(|_, topic| !topic.messages.is_empty());
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_have_examples_and_messages() {
        let table = Table::read(
            b"train\ta\ta1\ntrain5\ta\ta1\nvalid\ta\ta2\ntrain\tb\tb1\nvalid\tc\tc2\nvalid\toos\tx\ntrain\toos\ty\nodd\n",
        );
        let set = Set::of("set".to_owned(), &table, &["valid".to_owned()]);
        let topic = Topic { examples: vec!["a1".to_owned()], messages: vec!["a2".to_owned()] };
        let topics = || BTreeMap::from([("a".to_owned(), topic.clone())]);
        assert_eq!(set.splits, BTreeMap::from([("train", topics()), ("train5", topics())]));
        assert_eq!((set.messages, set.skipped), (vec!["a2".to_owned(), "c2".to_owned()], 1));
    }
}
