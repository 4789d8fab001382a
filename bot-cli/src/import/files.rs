//! The files of a bot folder, as a person would write them: one topic is one file.
//!
//! What it is not: it touches no disk.
use super::draft::{Entity, Example, Kind, Part, Place, Question};
use super::names::Unique;
use super::notes::{Notes, Topic};
use super::plan::Intent;
use super::text::escape;
use super::yaml::{Within, scalar, text};

/// A file of the folder.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a list in one file may take; the core reads 1 MiB.
const LIMIT: usize = 1_000_000;
/// An entity with more than this gets a file of its own.
const LARGE: usize = 100_000;
/// A list of words wider than this is written one to a line.
const WIDE: usize = 100;

/// Names that are no files on some systems.
const NO_FILES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// All files of the folder.
pub fn files(language: &str, intents: &[Intent], entities: &[Entity], notes: &mut Notes) -> Vec<File> {
    let mut names = Unique::files();
    let mut files = Vec::with_capacity(intents.len() + 2);
    let mut add =
        |name: &str, text: String| files.push(File { name: format!("{}.yaml", names.take(name)), text });
    add("bot", bot(language));
    let (large, small): (Vec<_>, Vec<_>) = entities
        .iter()
        .map(|entity| (entity, self::entity(entity, notes)))
        .partition(|(_, text)| text.len() > LARGE);
    if !small.is_empty() {
        let all: String = small.into_iter().map(|(_, text)| text).collect();
        add("entities", format!("entities:\n{all}"));
    }
    for (entity, text) in large {
        add(&format!("entity_{}", entity.name), format!("entities:\n{text}"));
    }
    for intent in intents {
        add(&file_name(&intent.name), self::intent(intent, notes));
    }
    files
}

/// The file for the settings.
pub fn bot(language: &str) -> String {
    let language = scalar(language, Within::Brackets);
    format!("name: Bot                         # what the bot calls itself\nlanguages: [{language}]\n")
}

fn file_name(intent: &str) -> String {
    let short: String = intent.chars().take(60).collect();
    if NO_FILES.contains(&short.to_lowercase().as_str()) { format!("{short}_") } else { short }
}

/// The file of one intent.
pub fn intent(intent: &Intent, notes: &mut Notes) -> String {
    let mut file = format!("intents:\n  {}:\n    title: {}\n", key(&intent.name), line(&intent.title));
    if !intent.examples.is_empty() {
        let lines: Vec<String> = intent
            .examples
            .iter()
            .map(|example| format!("      - {}\n", line(&self::example(example))))
            .collect();
        file.push_str("    examples:\n");
        file.push_str(&fitting(lines, &format!("the examples of `{}`", intent.name), notes));
    }
    file.push_str(&body(intent));
    file
}

/// An example in our notation.
pub fn example(example: &Example) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => escape(words),
        Part::Slot(name) => format!("{{{name}}}"),
    };
    example.parts.iter().map(part).collect::<String>().trim().to_owned()
}

/// What stands for an answer until somebody has written it.
pub fn placeholder(title: &str) -> String {
    format!("(The answer to “{title}” is still to be written.)")
}

fn body(intent: &Intent) -> String {
    let missing = [placeholder(&intent.title)];
    let answers = if intent.is_unanswered() { &missing[..] } else { &intent.answers };
    if intent.questions.is_empty() {
        return say(answers, 4);
    }
    let asked = intent.questions.iter().map(question).collect::<String>();
    format!("    flow:\n{asked}{}", say(answers, 8).replacen("        say:", "      - say:", 1))
}

fn say(answers: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    match answers {
        [] => String::new(),
        [one] => format!("{pad}say: {}\n", text(one, indent + 2)),
        several => {
            let lines = several.iter().map(|answer| format!("{pad}  - {}\n", text(answer, indent + 4)));
            format!("{pad}say:\n{}", lines.collect::<String>())
        }
    }
}

fn question(question: &Question) -> String {
    let kind = question.entity.as_ref().map(|entity| format!("        type: {}\n", key(entity)));
    let kind = kind.unwrap_or_default();
    format!("      - ask: {}\n{kind}        say: {}\n", key(&question.slot), text(&question.say, 10))
}

/// An entity, below `entities:`.
pub fn entity(entity: &Entity, notes: &mut Notes) -> String {
    let name = key(&entity.name);
    match &entity.kind {
        Kind::Pattern(pattern) => format!("  {name}: {{ pattern: {} }}\n", quoted(pattern)),
        Kind::Values(values) => {
            let is_bare = values.iter().all(|(value, words)| words == std::slice::from_ref(value));
            let lines: Vec<String> = if is_bare {
                values.iter().map(|(value, _)| format!("      - {}\n", line(value))).collect()
            } else {
                values.iter().map(|(value, words)| self::value(value, words)).collect()
            };
            format!(
                "  {name}:\n    values:\n{}",
                fitting(lines, &format!("the values of `{}`", entity.name), notes)
            )
        }
    }
}

fn value(value: &str, words: &[String]) -> String {
    let listed: Vec<_> = words.iter().map(|word| scalar(word, Within::Brackets)).collect();
    let listed = listed.join(", ");
    if listed.chars().count() <= WIDE {
        return format!("      {}: [{listed}]\n", key(value));
    }
    let lines = words.iter().map(|word| format!("        - {}\n", line(word)));
    format!("      {}:\n{}", key(value), lines.collect::<String>())
}

/// A regular expression in quotes in which `\` is no special sign.
fn quoted(pattern: &str) -> String {
    format!("'{}'", pattern.replace('\'', "''"))
}

fn key(text: &str) -> String {
    // `x: ` is a key also where x has a `#` or a bracket in it, but who reads it would stumble.
    scalar(text, Within::Brackets)
}

fn line(text: &str) -> String {
    scalar(text, Within::Block)
}

/// The lines that one file may hold; what is too many is noted.
fn fitting(lines: Vec<String>, what: &str, notes: &mut Notes) -> String {
    let mut kept = String::new();
    let count = lines.len();
    for (index, line) in lines.into_iter().enumerate() {
        if kept.len() + line.len() > LIMIT {
            let text = format!("{what}: the first {index} of {count} were kept");
            notes.add(Topic::TooMany, &Place::default(), text);
            break;
        }
        kept.push_str(&line);
    }
    kept
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn sample() -> Intent {
        Intent {
            name: "no".into(),
            title: "No".into(),
            examples: vec![Example::plain("no: (thanks)", Place::default())],
            answers: vec!["Fine.".into(), "As you\nlike.".into()],
            questions: Vec::new(),
            builtin: false,
        }
    }

    #[test]
    fn an_intent_reads_as_if_written_by_hand() {
        expect![[r#"
            intents:
              "no":
                title: "No"
                examples:
                  - 'no: \(thanks\)'
                say:
                  - Fine.
                  - |-
                    As you
                    like.
        "#]]
        .assert_eq(&intent(&sample(), &mut Notes::default()));
    }

    #[test]
    fn a_file_holds_what_the_core_reads() {
        let examples = (0..30_000).map(|number| {
            Example::plain(format!("a rather long example, number {number}"), Place::default())
        });
        let long = Intent { examples: examples.collect(), ..sample() };
        let mut notes = Notes::default();
        assert!(intent(&long, &mut notes).len() < 1 << 20);
        let told = notes.by_topic()[0].1[0].1.to_owned();
        assert!(
            told.starts_with("the examples of `no`: the first 2") && told.ends_with(" of 30000 were kept"),
            "{told}"
        );
    }

    #[test]
    fn a_question_makes_a_flow() {
        let question =
            Question { slot: "city_to".into(), entity: Some("city".into()), say: "Where to?".into() };
        let asked = Intent { questions: vec![question], answers: Vec::new(), ..sample() };
        expect![[r#"
            intents:
              "no":
                title: "No"
                examples:
                  - 'no: \(thanks\)'
                flow:
                  - ask: city_to
                    type: city
                    say: Where to?
                  - say: (The answer to “No” is still to be written.)
        "#]]
        .assert_eq(&intent(&asked, &mut Notes::default()));
    }

    #[test]
    fn entities_are_lists_groups_or_patterns() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let shown = |kind| {
            format!("entities:\n{}", entity(&Entity { name: "it".into(), kind }, &mut Notes::default()))
        };
        expect![[r#"
            entities:
              it:
                values:
                  - small
                  - "12"
        "#]]
        .assert_eq(&shown(Kind::Values(vec![
            ("small".into(), words(&["small"])),
            ("12".into(), words(&["12"])),
        ])));
        expect![[r#"
            entities:
              it:
                values:
                  New York: [New York, "NYC, NY"]
        "#]]
        .assert_eq(&shown(Kind::Values(vec![("New York".into(), words(&["New York", "NYC, NY"]))])));
        assert_eq!(shown(Kind::Pattern(r"\d'{3}".into())), "entities:\n  it: { pattern: '\\d''{3}' }\n");
    }
}
