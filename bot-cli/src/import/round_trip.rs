//! Whatever is imported, the core reads the same sentences out of the folder, and is sure of each of them.
use std::collections::BTreeMap;

use bot_core::catalog::Source;
use bot_core::catalog::phrase::Piece;
use bot_core::dialogue::Tracker;
use bot_core::engine::Engine;
use bot_core::matcher::Stage;
use bot_core::text::{Language, squash};
use jiff::Zoned;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::draft::{Draft, Entity, Example, Kind, Place};
use super::source::Input;
use super::text::clean;
use super::{files, plan, rasa, verify};

/// Loads what an import of these lines writes.
fn load(draft: &mut Draft) -> (Engine, Vec<plan::Intent>) {
    let intents = plan::intents(draft);
    let files = files::files("en", &intents, &draft.entities, &mut draft.notes);
    let sources = files.iter().map(|file| Source::new(&file.name, file.text.as_str())).collect();
    let engine = Engine::load(sources).unwrap_or_else(|found| {
        let texts = files.iter().map(|file| file.text.as_str()).collect::<Vec<_>>();
        panic!("{:#?}\n{}", found.problems, texts.join("\n"))
    });
    (engine, intents)
}

fn draft(lines: &[(String, String)]) -> Draft {
    let mut draft = Draft::default();
    for (label, text) in lines {
        let at = Place::file("a.tsv");
        draft.intent(label, &at).examples.push(Example::plain(clean(text), at.clone()));
    }
    draft
}

/// The plain sentences of the intent of that name.
fn sentences(engine: &Engine, name: &str) -> Vec<String> {
    let catalog = engine.catalog();
    let intent = catalog.intent(catalog.intent_named(name).expect("the intent is there"));
    let own = intent.examples.iter().filter(|example| example.origin.file != "built-in");
    let sentence = |pieces: &Vec<Piece>| match pieces.as_slice() {
        [Piece::Words(words)] => words.clone(),
        other => panic!("no plain sentence: {other:?}"),
    };
    own.flat_map(|example| example.phrase.sentences().iter().map(sentence).collect::<Vec<_>>()).collect()
}

fn now() -> Zoned {
    "2026-11-23T10:00:00+00:00[UTC]".parse().unwrap()
}

fn is_read_back(lines: &[(String, String)]) -> Result<(), TestCaseError> {
    let (engine, intents) = load(&mut draft(lines));
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for intent in &intents {
        let wanted: Vec<String> = intent.examples.iter().map(|example| example.words().collect()).collect();
        prop_assert_eq!(&sentences(&engine, &intent.name), &wanted);
        wanted.iter().for_each(|sentence| owners.entry(squash(sentence)).or_default().push(&intent.name));
    }
    for intent in &intents {
        for example in &intent.examples {
            let sentence: String = example.words().collect();
            let understood = engine.understand(&Tracker::default(), &sentence, &now());
            let name = |index: usize| &engine.catalog().intent(understood.ranking[index].intent).name;
            let sure = understood.ranking.iter().take_while(|candidate| candidate.confidence == 1.0).count();
            let is_there = (0..sure).any(|index| *name(index) == intent.name);
            prop_assert!(is_there, "{:?} of {} is read as {:?}", sentence, intent.name, understood.ranking);
        }
    }
    Ok(())
}

/// A clause of a sentence that two intents have is no reason to forget the sentence.
#[test]
fn a_sentence_of_two_intents_is_both() {
    is_read_back(&[("a".to_owned(), "0, 0".to_owned()), ("b".to_owned(), "00".to_owned())]).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sentences_of_any_signs_come_back(lines in prop::collection::vec(("[ab.]{1,2}", "\\PC{0,20}"), 1..8)) {
        is_read_back(&lines)?;
    }

    #[test]
    fn sentences_of_signs_that_mean_something_come_back(
        lines in prop::collection::vec(("[a-c]", "[-?:,\\[\\]{}#&*!|>'\"%@`<()\\\\~ .a0\u{0}-\u{20}\u{85}\u{FEFF}\u{2028}\u{FFFF}]{0,12}"), 1..8)
    ) {
        is_read_back(&lines)?;
    }

    #[test]
    fn any_label_is_an_intent(labels in prop::collection::vec("\\PC{1,10}|yes|no|null|12|~|bot|con", 1..6)) {
        let lines: Vec<_> = labels.iter().map(|label| (label.clone(), format!("say {label} now"))).collect();
        is_read_back(&lines)?;
    }

    /// Answers and values may be anything; a text with braces is a template and never gets this far unchecked.
    #[test]
    fn any_answer_and_value_loads(answer in "[^{}]{1,30}", value in "\\PC{1,20}", word in "\\PC{1,20}") {
        let mut found = draft(&[("a".to_owned(), "one".to_owned())]);
        if !answer.trim().is_empty() {
            found.intents[0].answers = vec![answer.clone(), "b".to_owned()];
        }
        if !clean(&value).is_empty() && !clean(&word).is_empty() {
            let values = vec![(clean(&value), vec![clean(&word)])];
            found.entities.push(Entity { name: "it".into(), kind: Kind::Values(values) });
        }
        let (engine, intents) = load(&mut found);
        prop_assert_eq!(sentences(&engine, &intents[0].name), ["one"]);
    }
}

/// Words that could be taken for each other, parts of each other, or other kinds of values.
fn marked() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "new",
        "york",
        "new york",
        "order",
        "orders",
        "two",
        "twos",
        "tomorrow",
        "50",
        "5",
        "x@y.example",
        "Köln",
        "koln",
        "AB12",
        "a",
    ]);
    let entity = prop::sample::select(vec![
        "",
        "(city)",
        "(number)",
        "(date)",
        "(code)",
        "(text)",
        r#"{"entity": "city", "role": "to"}"#,
    ]);
    let gap = prop::sample::select(vec![" ", " ", " ", "", ", ", "s "]);
    let part = (words, entity, gap).prop_map(|(words, entity, gap)| match entity {
        "" => format!("{words}{gap}"),
        entity => format!("[{words}]{entity}{gap}"),
    });
    prop::collection::vec(part, 1..5).prop_map(|parts| format!("say {}", parts.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sentences_with_marked_words_are_known(sentences in prop::collection::vec(marked(), 1..5)) {
        let examples: String = sentences.iter().map(|sentence| format!("    - {sentence}\n")).collect();
        let regex = "- regex: code\n  examples: |\n    - '[a-z]{2}\\d{2}'\n";
        let yaml = format!("nlu:\n- intent: a\n  examples: |\n{examples}- intent: b\n  examples: |\n    - else\n{regex}");
        let mut draft = rasa::read(&[Input { name: "nlu.yml".into(), bytes: yaml.into() }]).unwrap();
        let said: Vec<String> = draft.intents[0].examples.iter().map(|example| match &example.said {
            Some(said) => said.sentence.clone(),
            None => example.words().collect(),
        }).collect();
        verify::keep_words(&mut draft, &Language::new("en"));
        let (engine, _) = load(&mut draft);
        for sentence in said {
            let understood = engine.understand(&Tracker::default(), &sentence, &now());
            let best = &understood.ranking[0];
            prop_assert!(best.confidence == 1.0, "{sentence:?} of {sentences:?} is read as {best:?}");
        }
    }
}

#[test]
fn ten_thousand_intents_and_one_are_no_matter() {
    let lines: Vec<_> = (0..10_000).map(|number| (format!("i{number}"), format!("say {number}"))).collect();
    let mut draft = draft(&lines);
    let intents = plan::intents(&mut draft);
    assert_eq!(files::files("en", &intents, &[], &mut draft.notes).len(), 10_001);
    assert_eq!(understood_stage("say 1"), Stage::Exact);
}

fn understood_stage(text: &str) -> Stage {
    let (engine, _) = load(&mut draft(&[("i".to_owned(), text.to_owned())]));
    engine.understand(&Tracker::default(), text, &now()).ranking[0].stage
}
