//! Files that the command writes. What it is not: it never writes over what it read.
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bot_core::engine::Decision;

use super::report::Report;
use crate::args::Eval as Options;
use crate::explain::rounded;

/// Refuses, before anything is measured, to write where something is read from, twice to one place, or where nothing can be.
///
/// # Errors
/// A sentence that says which.
pub fn refuse_inputs(intents: &Path, options: &Options) -> Result<()> {
    let outputs: Vec<&PathBuf> = options.predictions.iter().chain(&options.html).collect();
    for &output in &outputs {
        let shown = output.display();
        let real = real(output).with_context(|| format!("can't write `{shown}`"))?;
        if output.is_dir() {
            bail!("`{shown}` is a folder; name a file to write");
        }
        if options.test.as_ref().is_some_and(|test| test.canonicalize().is_ok_and(|test| test == real)) {
            bail!("`{shown}` is the file that --test reads; write to another");
        }
        let is_yaml = real
            .extension()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("yaml") || kind.eq_ignore_ascii_case("yml"));
        if is_yaml && intents.canonicalize().is_ok_and(|folder| real.starts_with(folder)) {
            bail!("`{shown}` would be a file of the bot; write to another place");
        }
    }
    match outputs.as_slice() {
        [one, two] if real(one)? == real(two)? => {
            bail!("--predictions and --html both name `{}`", one.display())
        }
        _ => Ok(()),
    }
}

/// Where a file is or will be.
fn real(file: &Path) -> Result<PathBuf> {
    if let Ok(real) = file.canonicalize() {
        return Ok(real);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().with_context(|| format!("no folder `{}`", folder.display()))?;
    Ok(folder.join(file.file_name().unwrap_or_default()))
}

/// Writes a file.
///
/// # Errors
/// It can't be written.
pub fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("can't write `{}`", file.display()))
}

/// A line a message: what it means, what it was taken for, what the bot would do, and the runners-up.
pub fn predictions(report: &Report) -> String {
    let mut text =
        "text\tlabel\tpredicted\tconfidence\tdecision\tsecond\tsecond_confidence\tthird\tthird_confidence\n"
            .to_owned();
    for (message, prediction) in report.messages().iter().zip(report.predictions()) {
        let label = prediction.label.map_or("oos", |label| report.name(label));
        let decision = match prediction.decision {
            Decision::Act => "act",
            Decision::Ask => "ask",
            Decision::NotUnderstood => "not_understood",
        };
        let place = |place: usize| match prediction.ranking.get(place) {
            Some(candidate) => (report.name(candidate.intent), rounded(candidate.confidence).to_string()),
            None => ("", String::new()),
        };
        let [(best, confidence), (second, second_confidence), (third, third_confidence)] =
            [place(0), place(1), place(2)];
        let _ = writeln!(
            text,
            "{}\t{label}\t{best}\t{confidence}\t{decision}\t{second}\t{second_confidence}\t{third}\t{third_confidence}",
            one_line(&message.text)
        );
    }
    text
}

/// Without what would end a line or a column.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
