//! Broken bot folders and what is said about them, word for word.
//!
//! The cases stand in `tests/broken/*.txt`: a title (`####`), files (`====`), and what loading says (`----`). To add one,
//! write title and files, run with `UPDATE_EXPECT=1`, and read what came out as its author would.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use bot_core::catalog::{Diagnostic, Source, load};
use bot_core::engine::Engine;
use expect_test::{ExpectFile, expect_file};

/// Said of nearly every case, since none of them has many examples.
const NOISE: &str = "few-examples";

struct Case {
    title: String,
    sources: Vec<Source>,
}

#[test]
fn yaml_is_explained() {
    check(expect_file!["broken/yaml.txt"]);
}

#[test]
fn keys_and_types_are_explained() {
    check(expect_file!["broken/keys.txt"]);
}

#[test]
fn values_are_explained() {
    check(expect_file!["broken/values.txt"]);
}

#[test]
fn references_to_nothing_are_explained() {
    check(expect_file!["broken/references.txt"]);
}

#[test]
fn examples_and_patterns_are_explained() {
    check(expect_file!["broken/examples.txt"]);
}

#[test]
fn flows_are_explained() {
    check(expect_file!["broken/flows.txt"]);
}

#[test]
fn translations_are_explained() {
    check(expect_file!["broken/translations.txt"]);
}

#[test]
fn authors_are_warned() {
    check(expect_file!["broken/warnings.txt"]);
}

#[test]
fn intents_that_accept_the_same_sentence_are_shown_with_it() {
    check_with(expect_file!["broken/shared.txt"], whole_folder);
}

fn check(expected: ExpectFile) {
    check_with(expected, problems);
}

fn check_with(expected: ExpectFile, problems: fn(&[Source]) -> Vec<Diagnostic>) {
    let cases = cases(&expected.data());
    let shown: Vec<String> = cases.iter().map(|case| show(case, problems)).collect();
    expected.assert_eq(&shown.join("\n"));
}

fn cases(table: &str) -> Vec<Case> {
    table.split("#### ").skip(1).map(case).collect()
}

fn case(written: &str) -> Case {
    let input = written.split("\n----").next().unwrap();
    let mut parts = input.split("\n==== ");
    let title = parts.next().unwrap().trim().to_owned();
    let source = |part: &str| {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        Source::new(name, format!("{}\n", text.trim_end_matches('\n')))
    };
    Case { title, sources: parts.map(source).collect() }
}

fn show(case: &Case, problems: fn(&[Source]) -> Vec<Diagnostic>) -> String {
    let mut shown = format!("#### {}\n", case.title);
    for source in &case.sources {
        shown += &format!("==== {}\n{}", source.name, String::from_utf8_lossy(&source.bytes));
    }
    let problems = problems(&case.sources);
    let is_news = |problem: &&Diagnostic| problem.code != NOISE || case.title.contains(NOISE);
    let said: Vec<String> =
        problems.iter().filter(is_news).map(|problem| problem.render(&case.sources)).collect();
    let said = if said.is_empty() { "loads".to_owned() } else { said.join("\n\n") };
    // The frame's empty lines end in a space.
    let said = said.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    shown + "----\n" + &said + "\n"
}

fn problems(sources: &[Source]) -> Vec<Diagnostic> {
    match load(sources.to_vec()) {
        Ok((_, warnings)) => warnings,
        Err(found) => found.problems,
    }
}

/// With what is computed when it is asked for.
fn whole_folder(sources: &[Source]) -> Vec<Diagnostic> {
    Engine::load(sources.to_vec()).unwrap().warnings()
}
