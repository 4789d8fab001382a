//! The results of tests, for people and for programs.
use std::io::{self, Write};

use serde::Serialize;

use super::coverage::Untouched;
use super::diff::{Line, Mark};
use crate::paint::{Paint, harmless};
use crate::problems::{Problems, counted};

/// What came of all tests.
#[derive(Default)]
pub struct Report {
    /// How many files.
    pub files: usize,
    /// How many talks.
    pub talks: usize,
    /// How many phrases.
    pub phrases: usize,
    /// What failed, in the order of files and lines.
    pub failures: Vec<Failure>,
    /// What is wrong with the test files themselves; each counts as a failure.
    pub problems: Problems,
    /// What no test touches.
    pub untouched: Untouched,
}

/// A test that failed.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The talk's name; "refund matches", "refund rejects".
    pub test: String,
    /// The phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// The talk so far, the last turn with its differences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub talk: Vec<Line>,
    /// What does not hold, in words.
    pub messages: Vec<String>,
}

#[derive(Serialize)]
struct Data<'a> {
    passed: usize,
    failed: usize,
    failures: &'a [Failure],
    problems: &'a [bot_core::catalog::Diagnostic],
    untouched: &'a Untouched,
}

impl Report {
    /// How many tests failed, files that can't be read as tests among them.
    pub fn failed(&self) -> usize {
        self.failures.len() + self.problems.list.len()
    }

    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.talks + self.phrases - self.failures.len()
    }

    /// For programs.
    ///
    /// # Errors
    /// The stream can't be written.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let data = Data {
            passed: self.passed(),
            failed: self.failed(),
            failures: &self.failures,
            problems: &self.problems.list,
            untouched: &self.untouched,
        };
        writeln!(out, "{}", serde_json::to_string_pretty(&data)?)
    }

    /// For people.
    ///
    /// # Errors
    /// The stream can't be written.
    pub fn write_text(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        self.problems.write(out, paint)?;
        for failure in &self.failures {
            write_failure(out, failure, paint)?;
        }
        self.write_untouched(out)?;
        let (talks, phrases) = (counted(self.talks, "talk"), counted(self.phrases, "phrase"));
        writeln!(out, "{}: {talks}, {phrases}", counted(self.files, "file"))?;
        writeln!(out, "{} passed, {} failed", self.passed(), self.failed())
    }

    fn write_untouched(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.untouched.is_empty() {
            return Ok(());
        }
        writeln!(out, "no test touches")?;
        let Untouched { intents, steps, options } = &self.untouched;
        for (what, names) in [("intents", intents), ("steps", steps), ("options", options)] {
            if !names.is_empty() {
                writeln!(out, "  {what:<8} {}", wrapped(names))?;
            }
        }
        writeln!(out)
    }
}

fn write_failure(out: &mut dyn Write, failure: &Failure, paint: Paint) -> io::Result<()> {
    let title = format!("{}:{}: {}", failure.file, failure.line, harmless(&failure.test));
    match &failure.phrase {
        Some(phrase) => writeln!(out, "{} “{}”", paint.bold(&title), harmless(phrase))?,
        None => writeln!(out, "{}", paint.bold(&title))?,
    }
    for line in &failure.talk {
        writeln!(out, "{}", shown(line, paint))?;
    }
    for message in &failure.messages {
        writeln!(out, "  ! {}", harmless(message))?;
    }
    writeln!(out)
}

fn shown(line: &Line, paint: Paint) -> String {
    let text = format!("{:<5} {}", line.who, harmless(&line.text));
    match line.mark {
        Mark::Same => format!("    {text}"),
        Mark::Expected => paint.green(&format!("  - {text}")),
        Mark::Got => paint.red(&format!("  + {text}")),
    }
}

/// Names with commas, in lines of about 100 characters.
fn wrapped(names: &[String]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push(',');
            let wrap = width + name.len() > 88;
            text.push_str(if wrap { "\n           " } else { " " });
            width = if wrap { 0 } else { width };
        }
        text.push_str(name);
        width += name.len() + 2;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(mark: Mark, who: &'static str, text: &str) -> Line {
        Line { mark, who, text: text.to_owned() }
    }

    #[test]
    fn a_report_reads_well() {
        let talk = Failure {
            file: "tests/refund.yaml".into(),
            line: 4,
            test: "refund of a delivered order".into(),
            phrase: None,
            talk: vec![
                line(Mark::Same, "user", "I want my money back"),
                line(Mark::Expected, "bot", "Which order is it?"),
                line(Mark::Got, "bot", "Which order do you mean?"),
            ],
            messages: vec!["intent: expected refund, got cancel_order".into()],
        };
        let phrase = Failure {
            file: "tests/words.yaml".into(),
            line: 9,
            test: "refund matches".into(),
            phrase: Some("gimme money".into()),
            talk: Vec::new(),
            messages: vec!["not understood".into()],
        };
        let untouched = Untouched {
            intents: (0..12).map(|n| format!("intent_number_{n}")).collect(),
            steps: Vec::new(),
            options: vec!["refund.problem: wrong".into()],
        };
        let report = Report {
            files: 2,
            talks: 1,
            phrases: 3,
            failures: vec![talk, phrase],
            untouched,
            ..Report::default()
        };
        let mut out = Vec::new();
        report.write_text(&mut out, Paint::Plain).unwrap();
        expect_test::expect![[r#"
            tests/refund.yaml:4: refund of a delivered order
                user  I want my money back
              - bot   Which order is it?
              + bot   Which order do you mean?
              ! intent: expected refund, got cancel_order

            tests/words.yaml:9: refund matches “gimme money”
              ! not understood

            no test touches
              intents  intent_number_0, intent_number_1, intent_number_2, intent_number_3, intent_number_4,
                       intent_number_5, intent_number_6, intent_number_7, intent_number_8, intent_number_9,
                       intent_number_10, intent_number_11
              options  refund.problem: wrong

            2 files: 1 talk, 3 phrases
            2 passed, 2 failed
        "#]]
        .assert_eq(&String::from_utf8(out).unwrap());
    }
}
