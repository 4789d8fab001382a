//! `bot test`: conversations and phrases held against the bot.
//!
//! ```text
//! files -> yaml (tree) -> read (tests) -> talk, phrases (results) -> report
//! ```
mod bots;
mod checks;
mod coverage;
mod decode;
mod diff;
mod given;
mod model;
mod phrases;
mod read;
mod report;
mod talk;
mod turns;
mod wildcard;
mod yaml;

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use bot_core::catalog::Source;

use self::bots::Bots;
use self::coverage::Touched;
use self::model::{Phrases, Talk, Test};
use self::read::Names;
use self::report::{Failure, Report};
use crate::args::{Format, Test as Options};
use crate::paint::Paint;
use crate::{Outcome, folder, problems};

/// Folders whose YAML is no test, unless they are named on the command line.
const NO_TESTS: [&str; 3] = ["broken", "fixtures", "target"];

/// Runs the command.
///
/// # Errors
/// A folder can't be read, there is no test, or the output can't be written.
pub fn run(intents: &Path, options: &Options) -> Result<Outcome> {
    let (bots, tests) = split(&options.paths);
    let intents = match bots.as_slice() {
        [] => intents,
        [bot] => bot,
        [one, two, ..] => {
            bail!("`{}` and `{}` are two bots: test one at a time", one.display(), two.display())
        }
    };
    let files = files(&tests)?;
    let Some(engine) = problems::load_or_show(intents)? else { return Ok(Outcome::Problems) };
    let names = Names::of(engine.catalog());
    let bots = Bots::new(folder::read_bot(intents)?, engine);
    let report = run_all(&files, &names, bots)?;
    let mut out = io::stdout().lock();
    match options.format {
        Format::Text => report.write_text(&mut out, Paint::for_stream(&io::stdout()))?,
        Format::Json => report.write_json(&mut out)?,
    }
    Ok(if report.failed() == 0 { Outcome::Fine } else { Outcome::Problems })
}

/// Bots (folders with a `bot.yaml`) and tests; without tests, those of the default folder.
fn split(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (bots, tests): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|path| path.join("bot.yaml").is_file());
    if tests.is_empty() { (bots, vec![PathBuf::from("tests")]) } else { (bots, tests) }
}

/// The test files of these paths, each once.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(folder::yaml_files(path, &|name| !NO_TESTS.contains(&name))?);
        } else if path.is_file() {
            files.push(path.clone());
        } else {
            bail!("no tests at `{}`: name a file or a folder, like bot test tests", path.display());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    if files.is_empty() {
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        bail!("`{}` holds no YAML file with tests", paths.join("`, `"));
    }
    Ok(files)
}

fn run_all(files: &[PathBuf], names: &Names, bots: Bots) -> Result<Report> {
    let mut runner = Runner { bots, touched: Touched::default(), report: Report::default() };
    for file in files {
        runner.file(folder::read(file, &folder::shown(file))?, names)?;
    }
    runner.report.untouched = runner.touched.rest(runner.bots.plain().catalog());
    Ok(runner.report)
}

struct Runner {
    bots: Bots,
    touched: Touched,
    report: Report,
}

impl Runner {
    fn file(&mut self, source: Source, names: &Names) -> Result<()> {
        let (tests, found) = read::tests(&source, names);
        self.report.files += 1;
        if !found.is_empty() {
            self.report.problems.list.extend(found);
            self.report.problems.sources.push(source);
        }
        for test in tests {
            match test {
                Test::Talk(talk) => self.talk(&talk)?,
                Test::Phrases(phrases) => self.phrases(&phrases)?,
            }
        }
        Ok(())
    }

    fn talk(&mut self, talk: &Talk) -> Result<()> {
        let played = talk::play(self.bots.with(&talk.given.facts)?, talk);
        self.touched.conversation(&played.events);
        self.report.talks += 1;
        self.report.failures.extend(played.failure.map(|failure| Failure {
            file: talk.file.clone(),
            line: failure.line,
            test: talk.name.clone(),
            phrase: None,
            talk: failure.talk,
            messages: failure.checks,
        }));
        Ok(())
    }

    fn phrases(&mut self, test: &Phrases) -> Result<()> {
        let held = phrases::hold(self.bots.with(&test.given.facts)?, test);
        self.report.phrases += held.len();
        for (index, held) in held.into_iter().enumerate() {
            let matches = index < test.matches.len();
            match held.problem {
                None if matches => self.touched.intent(&test.intent),
                None => {}
                Some(problem) => self.report.failures.push(Failure {
                    file: test.file.clone(),
                    line: held.phrase.line,
                    test: format!("{} {}", test.intent, if matches { "matches" } else { "rejects" }),
                    phrase: Some(held.phrase.text.clone()),
                    talk: Vec::new(),
                    messages: vec![problem],
                }),
            }
        }
        Ok(())
    }
}
