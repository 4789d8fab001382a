//! `bot import`: a bot's folder from what was written for another system.
//!
//! ```text
//! file -> source -> reader (tsv | rasa | nlpjs) -> Draft -> plan -> files -> place; notes -> report
//! ```
//! A reader knows one foreign format and nothing of ours; all others know ours alone. Nothing is dropped in silence: what
//! can't be carried over becomes a note. What it is not: it never changes a folder that is there.
mod answers;
mod draft;
mod files;
pub(crate) mod names;
mod nlpjs;
mod notes;
mod pattern;
mod place;
mod plan;
mod rasa;
mod report;
#[cfg(test)]
mod round_trip;
mod source;
mod text;
mod tsv;
mod values;
mod verify;
mod yaml;

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, bail};
use bot_core::text::Language;

use crate::Outcome;
use crate::args::Import;
use crate::folder::shown;
use crate::paint::Paint;
use draft::Draft;
use files::File;
use report::{Imported, SHOWN};

/// The file that has the whole list where the report is cut.
const ALL_NOTES: &str = "import-notes.txt";
const DEFAULT_LANGUAGE: &str = "en";

/// Runs the command.
///
/// # Errors
/// The file can't be read as any of the formats, or the folder can't be written; then there is no folder.
pub fn run(options: &Import) -> Result<Outcome> {
    place::check(&options.out)?;
    let (format, mut draft) = source::read(options)?;
    let language = language(options, &draft)?;
    verify::keep_words(&mut draft, &language);
    let intents = plan::intents(&mut draft);
    if intents.is_empty() {
        bail!("there is no intent in `{}`", options.file.display());
    }
    let mut files = files::files(language.code(), &intents, &draft.entities, &mut draft.notes);
    let imported = Imported {
        from: &shown(&options.file),
        format: format.in_words(),
        to: &shown(&options.out),
        files: files.len(),
        intents: &intents,
        entities: &draft.entities,
        notes: &draft.notes,
    };
    let cut = report::is_cut(&draft.notes, SHOWN);
    if cut {
        files
            .push(File { name: ALL_NOTES.into(), text: report::report(&imported, Paint::Plain, usize::MAX) });
    }
    place::write(&options.out, &files)?;
    let paint = Paint::for_stream(&io::stdout());
    let mut out = io::stdout().lock();
    write!(out, "{}", report::report(&imported, paint, SHOWN))?;
    if cut {
        writeln!(out, "\nThe whole list is in {}.", shown(&options.out.join(ALL_NOTES)))?;
    }
    writeln!(out, "\n{}", next(&options.out, paint))?;
    Ok(Outcome::Fine)
}

fn next(out: &Path, paint: Paint) -> String {
    let folder = shown(out);
    let folder = if folder.contains(' ') { format!("\"{folder}\"") } else { folder };
    let (check, talk) = (format!("bot check {folder}"), format!("bot --intents {folder}"));
    let width = talk.chars().count() + 3;
    format!("{}\n  {check:width$}what is still to be mended\n  {talk:width$}talk to it", paint.bold("next"))
}

/// The language of the folder: as asked for, else what the file says, else English.
fn language(options: &Import, draft: &Draft) -> Result<Language> {
    let written = options.lang.as_deref().or(draft.language.as_deref()).unwrap_or(DEFAULT_LANGUAGE);
    match Language::parse(written) {
        Some(language) => Ok(language),
        None => bail!("`{written}` is no language; --lang takes a code such as `en` or `de`"),
    }
}
