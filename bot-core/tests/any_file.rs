//! Whatever a file holds: loading ends, never panics, and what it says points into the file.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use bot_core::catalog::{Source, load};
use proptest::prelude::*;

/// Pieces from which files come out that are nearly right.
const PIECES: &[&str] = &[
    "intents:",
    "entities:",
    "fragments:",
    "actions:",
    "translations:",
    "  a:",
    "    say: ",
    "    flow:",
    "      - ",
    "ask: x",
    "say: Hi",
    "if: a == 1",
    "then:",
    "else:",
    "choose: y",
    "options: ",
    "confirm: ok?",
    "call: a",
    "with: ",
    "later: 3d",
    "goto: a",
    "handoff: support",
    "end: true",
    "set: ",
    "examples: ",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "|",
    ", ",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "\n      - ",
    "\t",
    "'",
    "\"",
    "\\",
    "&a ",
    "*a",
    "!t ",
    "#",
    "# c\n",
    "---\n",
    "...\n",
    "{{ a }}",
    "{{",
    "}}",
    "{% if x %}",
    "ü",
    "😀",
    "\u{feff}",
    "\0",
    "\r\n",
    "12",
    "0.5",
    "~",
    "null",
    "pattern: '(\\d'",
    "values: ",
    "name: ",
    "languages: [en, de]",
    "greeting: ",
    "handoff: ",
    "hours: ",
    "mon-fri: ",
    "en:",
    "de:",
    "texts:",
    "? ",
    "%",
    "@",
    "`",
    "> ",
    "|\n",
    "<a>",
    "{x}",
];

fn holds(name: &str, bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let sources = vec![Source::new(name, bytes)];
    let (problems, sources) = match load(sources.clone()) {
        Ok((_, warnings)) => (warnings, sources),
        Err(found) => {
            prop_assert!(!found.problems.is_empty());
            (found.problems, found.sources)
        }
    };
    let length = sources[0].bytes.len();
    for problem in &problems {
        let text = std::str::from_utf8(&sources[0].bytes[..problem.span.start]);
        prop_assert_eq!(&problem.file, name, "{:?}", problem);
        prop_assert!(problem.span.start <= problem.span.end && problem.span.end <= length, "{:?}", problem);
        let before = text.map_err(|_| TestCaseError::fail("a span begins within a character"))?;
        prop_assert_eq!(problem.line, 1 + before.matches('\n').count(), "{:?}", problem);
        prop_assert!(problem.render(&sources).contains(&problem.message));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        holds("bot.yaml", bytes)?;
    }

    #[test]
    fn any_text(text in "\\PC{0,100}") {
        holds("a.yaml", text.into_bytes())?;
    }

    #[test]
    fn nearly_right(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40), settings: bool) {
        holds(if settings { "bot.yaml" } else { "a.yaml" }, pieces.concat().into_bytes())?;
    }

    #[test]
    fn an_example_of_any_text(text in "[a(){}<>|\\[\\] \\\\b]{0,30}") {
        let quoted = text.replace('\'', "''");
        holds("a.yaml", format!("fragments: {{ a: '{quoted}', b: <a> <a> }}\nintents: {{ i: {{ examples: ['{quoted}', '<b>'], say: x }} }}\n").into_bytes())?;
    }

    #[test]
    fn a_damaged_file(at in 0usize..3000, with in proptest::sample::select(PIECES), cut in 0usize..20) {
        let mut text = include_str!("format/refund.yaml").to_owned();
        let floor = |text: &str, mut at: usize| { while !text.is_char_boundary(at.min(text.len())) { at -= 1 } at.min(text.len()) };
        let (from, until) = (floor(&text, at), floor(&text, at + cut));
        text.replace_range(from..until, with);
        holds("refund.yaml", text.into_bytes())?;
    }
}
