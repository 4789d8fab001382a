//! `bot eval`: how well messages are understood, in numbers, and where they are not.
//!
//! ```text
//! file -> tsv -> labels ┐
//! folder -> folds ──────┴-> messages -> judge -> predictions -> measures, confusions, … -> text, json, html
//! ```
//!
//! `--calibrate` is a program of its own, for those who develop the matcher.
//!
//! What it is not: it knows no rule of the bot's. What a message is taken for, and what the bot would do about it, it asks
//! the engine.
mod advice;
mod calibrate;
mod calibration;
mod confusions;
mod cross;
mod folds;
mod html;
mod interval;
mod json;
mod judge;
mod labels;
mod measures;
mod outputs;
mod prediction;
mod random;
mod report;
mod samples;
mod stopwatch;
mod svg;
mod taking_part;
mod test_file;
mod text;
mod thresholds;
mod tsv;
mod typos;
mod wording;

use std::io;
use std::path::Path;

use anyhow::Result;
use bot_core::engine::Engine;
use jiff::Zoned;

use self::judge::{Judge, Message, Rivals};
use self::prediction::Prediction;
use self::report::{Report, Speed, What};
use self::stopwatch::{Stopwatch, peak_memory};
use self::taking_part::TakingPart;
use self::typos::mistyped;
use crate::args::{Eval as Options, Format};
use crate::paint::Paint;
use crate::{Outcome, clock, explain, folder, problems};

/// Runs the command.
///
/// # Errors
/// A file can't be read or written, or there is nothing to measure with.
pub fn run(intents: &Path, options: &Options) -> Result<Outcome> {
    if !options.calibrate.is_empty() {
        return calibrate::run(options);
    }
    outputs::refuse_inputs(intents, options)?;
    let table = test_file::read(options)?;
    let sources = folder::read_bot(intents)?;
    let watch = Stopwatch::start();
    let loaded = Engine::load(sources);
    let load = watch.lap();
    let Some(engine) = problems::or_show(intents, loaded)? else { return Ok(Outcome::Problems) };
    let now = clock::now(options.world.now.as_ref());
    let tracker = explain::opened(&engine, &options.world, &now)?;
    let bot = Bot { engine: &engine, tracker: &tracker, now: &now, options };
    let measured = match &table {
        Some(table) => match test_file::measure(&bot, table)? {
            Some(measured) => measured,
            None => return Ok(Outcome::Problems),
        },
        None => cross::measure(&bot, intents)?,
    };
    let speed = Speed { load, memory: measured.memory, ..Speed::of(&measured) };
    let report = Report::new(engine.catalog(), options, measured, speed);
    show(&report, options)?;
    Ok(Outcome::Fine)
}

fn show(report: &Report, options: &Options) -> Result<()> {
    if let Some(file) = &options.predictions {
        outputs::write(file, &outputs::predictions(report))?;
    }
    if let Some(file) = &options.html {
        outputs::write(file, &html::page(report)?)?;
    }
    let mut out = io::stdout().lock();
    match options.format {
        Format::Text => text::write(report, &mut out, Paint::for_stream(&io::stdout()))?,
        Format::Json => json::write(report, &mut out)?,
    }
    Ok(())
}

/// What is measured, and how it was asked for.
pub struct Bot<'a> {
    engine: &'a Engine,
    tracker: &'a bot_core::dialogue::Tracker,
    now: &'a Zoned,
    options: &'a Options,
}

/// Messages and what they were taken for.
#[derive(Debug)]
pub struct Measured {
    /// Where they come from.
    what: What,
    /// The intents in question.
    taking_part: TakingPart,
    /// The messages as they were put to the bot.
    messages: Vec<Message>,
    /// What each was taken for.
    predictions: Vec<Prediction>,
    /// What each was taken for without typing errors, if some were put in.
    plain: Option<Vec<Prediction>>,
    /// Microseconds for each message: all of understanding, the matcher alone.
    times: (Vec<f64>, Vec<f64>),
    /// The most memory so far, in MB.
    memory: Option<f64>,
}

impl Bot<'_> {
    fn judge<'j>(&'j self, engine: &'j Engine, taking_part: &'j TakingPart) -> Judge<'j> {
        Judge { engine, tracker: self.tracker, now: self.now, taking_part }
    }

    fn mistyped(&self, message: &Message) -> Message {
        let text = mistyped(&message.text, self.options.typos, self.options.seed);
        Message { text, ..message.clone() }
    }

    /// Puts messages to a bot: once for what they are taken for, which warms it up, and then for the time.
    fn put(&self, judge: &Judge, messages: &[Message], rivals: Rivals) -> Put {
        let predict = |messages: &[Message], rivals: Rivals| -> Vec<Prediction> {
            messages.iter().map(|message| judge.predict(message, rivals)).collect()
        };
        let plain = (self.options.typos > 0).then(|| predict(messages, Rivals::Never));
        let typed: Vec<Message> = messages.iter().map(|message| self.mistyped(message)).collect();
        let predictions = predict(&typed, rivals);
        let times = judge.times(&typed);
        Put { typed, predictions, plain, times, memory: peak_memory() }
    }
}

/// What came of putting messages to a bot.
struct Put {
    typed: Vec<Message>,
    predictions: Vec<Prediction>,
    plain: Option<Vec<Prediction>>,
    times: (Vec<f64>, Vec<f64>),
    memory: Option<f64>,
}
