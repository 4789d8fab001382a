//! Measuring with a file of messages.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::judge::{Message, Rivals};
use super::labels::{Labels, Unknown};
use super::report::What;
use super::taking_part::TakingPart;
use super::tsv::Table;
use super::{Bot, Measured};
use crate::args::Eval as Options;
use crate::folder;
use crate::paint::harmless;
use crate::problems::counted;

/// More than this is no file of messages.
const LIMIT: u64 = 256 << 20;

/// How many bad lines are named; the others are counted.
const NAMED: usize = 10;

/// Reads the test file, if one is named, and keeps the splits that are asked for.
///
/// # Errors
/// It can't be read, has no such split, or no split is named though it has some.
pub fn read(options: &Options) -> Result<Option<Table>> {
    let Some(file) = &options.test else { return Ok(None) };
    let mut table = table(file, "--test")?;
    choose_splits(&mut table, options, &folder::shown(file))?;
    if table.rows.is_empty() {
        name_bad_lines(&table, file)?;
        bail!(
            "`{}` holds no messages: write one a line, its intent in front of it and a tab between them",
            file.display()
        );
    }
    Ok(Some(table))
}

/// Reads the file that an option names.
///
/// # Errors
/// It can't be read, or is no UTF-8 file.
pub fn table(file: &Path, option: &str) -> Result<Table> {
    let bytes = bytes(file, option)?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        bail!(
            "`{}` is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8” or “Text (tab delimited), UTF-8”)",
            file.display()
        );
    }
    Ok(Table::read(&bytes))
}

fn bytes(file: &Path, option: &str) -> Result<Vec<u8>> {
    let shown = file.display();
    if file.is_dir() {
        bail!("`{shown}` is a folder; {option} takes a file of messages");
    }
    if !file.exists() {
        bail!(
            "no file `{shown}`: {option} takes a file of messages, one a line, its intent in front of it and a tab between them"
        );
    }
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        .with_context(|| format!("can't read `{shown}`"))?;
    if bytes.len() as u64 > LIMIT {
        bail!("`{shown}` has more than {} MB; split it", LIMIT >> 20);
    }
    Ok(bytes)
}

fn choose_splits(table: &mut Table, options: &Options, shown: &str) -> Result<()> {
    if table.rows.is_empty() {
        return Ok(());
    }
    let splits = table.splits();
    let listed = || listed(&splits);
    match (options.split.as_slice(), table.has_splits) {
        ([], false) => return Ok(()),
        ([], true) => bail!("`{shown}` has several splits; choose with --split NAME among {}", listed()),
        (_, false) => bail!("`{shown}` has two columns and no splits; leave --split out"),
        (chosen, true) => {
            if let Some(missing) = chosen.iter().find(|split| !splits.contains_key(split.as_str())) {
                bail!("`{shown}` has no split `{missing}`; it has {}", listed());
            }
            hint_at_twin(chosen, &splits)?;
        }
    }
    table.keep(&options.split);
    Ok(())
}

/// "train (100), valid (20)".
pub fn listed(splits: &BTreeMap<&str, usize>) -> String {
    let splits = splits.iter().map(|(split, count)| format!("{} ({count})", harmless(split)));
    splits.collect::<Vec<String>>().join(", ")
}

/// `valid` alone, where there is an `oos_valid` too.
fn hint_at_twin(chosen: &[String], splits: &BTreeMap<&str, usize>) -> io::Result<()> {
    for split in chosen {
        let twin = format!("oos_{split}");
        if splits.contains_key(twin.as_str()) && !chosen.contains(&twin) {
            writeln!(
                io::stderr(),
                "hint: --split {split},{twin} measures with messages of no intent as well"
            )?;
        }
    }
    Ok(())
}

/// Puts the messages of a table to the bot. `None`: it has labels that no intent has, which have been shown.
///
/// # Errors
/// The standard error can't be written to.
pub fn measure(bot: &Bot, table: &Table) -> Result<Option<Measured>> {
    let Some(file) = &bot.options.test else { return Ok(None) };
    name_bad_lines(table, file)?;
    let labels = match Labels::of(bot.engine.catalog()).resolve(&table.rows) {
        Ok(labels) => labels,
        Err(unknown) => {
            name_unknown(&unknown, file)?;
            return Ok(None);
        }
    };
    let named: Vec<_> = labels.iter().copied().flatten().collect();
    let taking_part = TakingPart::new(bot.engine, bot.tracker, bot.now, bot.options.builtins, &named);
    let shown = folder::shown(file);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let messages: Vec<Message> = table
        .rows
        .iter()
        .zip(labels)
        .map(|(row, label)| Message { text: row.text.clone(), label, place: format!("{name}:{}", row.line) })
        .collect();
    let put = bot.put(&bot.judge(bot.engine, &taking_part), &messages, Rivals::OfWrong);
    let what = What::File { file: shown, splits: bot.options.split.clone(), skipped: table.bad.len() };
    Ok(Some(Measured {
        what,
        taking_part,
        messages: put.typed,
        predictions: put.predictions,
        plain: put.plain,
        times: put.times,
        memory: put.memory,
    }))
}

/// Names the first bad lines on the standard error, and counts the others.
///
/// # Errors
/// It can't be written to.
pub fn name_bad_lines(table: &Table, file: &Path) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let shown = folder::shown(file);
    for bad in table.bad.iter().take(NAMED) {
        writeln!(err, "{shown}:{}: left out: {}", bad.line, bad.why)?;
    }
    match table.bad.len() {
        0 => Ok(()),
        count if count > NAMED => {
            writeln!(
                err,
                "{shown}: {} left out, of which the first {NAMED} are named",
                counted(count, "line")
            )
        }
        count => writeln!(err, "{shown}: {} left out", counted(count, "line")),
    }
}

fn name_unknown(unknown: &[Unknown], file: &Path) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let shown = folder::shown(file);
    for Unknown { label, count, line, nearest } in unknown {
        let nearest: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
        let help = if nearest.is_empty() {
            String::new()
        } else {
            format!("; did you mean {}?", nearest.join(", "))
        };
        writeln!(
            err,
            "{shown}:{line}: no intent `{}` ({}){help}",
            harmless(label),
            counted(*count, "message")
        )?;
    }
    writeln!(
        err,
        "{shown}: {} of no intent of this folder; messages that belong to none are labelled `oos`",
        counted(unknown.len(), "label")
    )
}
