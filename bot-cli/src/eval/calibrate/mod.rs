//! `bot eval --calibrate`: the constants of the confidence, fitted to public sets, and judged on each of them.
//!
//! ```text
//! files -> sets -> folders, drawn by seed -> messages with the matcher's signals -> fit -> constants -> judge -> text, json
//! ```
//!
//! The figures that are wanted of a confidence must hold for a folder that nobody has seen. So whole intents are held out,
//! folders of many sizes are drawn, and what was fitted to one set is judged on the others. What it is not: it changes
//! nothing. The constants stand in the source of `bot-core`, and its developers put them there.
mod choice;
mod draw;
mod fit;
mod folder;
mod haste;
mod json;
mod judged;
mod report;
mod sets;
mod text;

use std::io;

use anyhow::Result;
use bot_core::text::Language;

use self::report::Report;
use crate::Outcome;
use crate::args::{Eval as Options, Format};
use crate::paint::Paint;

/// Runs the command.
///
/// # Errors
/// There are fewer than two sets, or one can't be used.
pub fn run(options: &Options) -> Result<Outcome> {
    let splits = if options.split.is_empty() { vec!["valid".to_owned()] } else { options.split.clone() };
    let sets = sets::read(&options.calibrate, &splits)?;
    let language = Language::new(options.world.lang.as_deref().unwrap_or("en"));
    let drawn = draw::all(&sets, &language, options.seed);
    let report = Report::new(&sets, drawn, splits, options.seed);
    let mut out = io::stdout().lock();
    match options.format {
        Format::Text => text::write(&report, &mut out, Paint::for_stream(&io::stdout()))?,
        Format::Json => json::write(&report, &mut out)?,
    }
    Ok(Outcome::Fine)
}
