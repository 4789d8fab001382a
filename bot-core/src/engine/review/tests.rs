//! Overlaps as an author sees them, and against brute force.
use proptest::prelude::*;

use super::judge::Judge;
use super::overlaps;
use crate::catalog::phrase::Piece;
use crate::catalog::{BuiltinEntity, Diagnostic, Source};
use crate::engine::Engine;
use crate::text::Language;

const ENTITIES: &str = r"
entities:
  order_number: { pattern: '\b(?:ST-?)?(\d{8})\b', example: ST-12345678 }
  ticket: { pattern: '\bT\d{3}\b' }
  size: { values: { s: [small, tiny], l: [large] } }
  colour: { values: { red: [red], none: [plain, small] } }
";

fn load(yaml: &str) -> Engine {
    Engine::load(vec![Source::new("a.yaml", yaml)]).unwrap_or_else(|found| panic!("{found}\n{yaml}"))
}

/// A folder of two intents with these examples and more keys.
fn two(one: &str, other: &str) -> Engine {
    let intent = |name: &str, rest: &str| format!("  {name}:\n    say: Yes\n    {rest}\n");
    load(&format!("{ENTITIES}\nintents:\n{}{}", intent("one", one), intent("other", other)))
}

/// The sentences shown for the pairs of intents.
fn shown(engine: &Engine) -> Vec<String> {
    let judge = Judge::new(&engine.catalog, &engine.matcher, &engine.recognizer);
    let found = overlaps(&judge);
    found.pairs.into_values().map(|overlap| overlap.sentence).collect()
}

fn examples(list: &str) -> String {
    format!("examples: [{list}]")
}

#[test]
fn two_intents_that_accept_the_same_sentence_are_found_with_it() {
    let rows = [
        // Words: as the exact stage compares them.
        ("where is it", "Where's it", None),
        ("log in please", "LOGIN please", Some("LOGIN please")),
        ("'is (delivery|shipping) free [of charge]'", "is shipping free", Some("is shipping free")),
        ("'(a|b) [c] (d|e)'", "'b [c] [x] e'", Some("b e")),
        ("'order[s] late'", "orders late", Some("orders late")),
        ("'(a|b) c'", "'(d|e) c'", None),
        // A slot and the same slot, or one that has a value in common.
        (
            "'refund order {order_number}'",
            "'refund [my] order {order_number}'",
            Some("refund order ST-12345678"),
        ),
        ("'refund {order_number}'", "'track {order_number}'", None),
        ("'close {ticket}'", "'close {order_number}'", None),
        ("'a {size} shirt'", "'a {colour} shirt'", Some("a small shirt")),
        ("'i need {number}'", "'i need {order_number}'", Some("i need 12345678")),
        // A slot and words: what all slots of one take, the other may say in words, which is closer.
        ("'a {size} shirt please'", "a tiny shirt please", None),
        ("'a {size} shirt in {colour}'", "'a {size} shirt in red'", None),
        ("'a {size} shirt in red'", "'a large shirt in {colour}'", Some("a large shirt in red")),
        ("'send {number} to me [on] {date}'", "'send three to me {date}'", None),
        // Gaps.
        ("'{text}'", "'where is it'", None),
        ("'{text}'", "'where is {text}'", None),
        ("'cancel {text}'", "'{text} order'", Some("cancel order")),
        ("'tell me about {text}'", "'tell me about {text}'", Some("tell me about something")),
        ("'log {text}'", "login", None),
        ("'buy {text}'", "'buy {size}'", Some("buy small")),
        ("'cancel {text} please'", "'{text} my order please'", Some("cancel my order please")),
    ];
    for (one, other, expected) in rows {
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(shown(&two(&examples(one), &examples(other))), expected, "{one} / {other}");
    }
}

#[test]
fn not_phrases_conditions_and_patterns_count() {
    let rows = [
        // What `not` refuses is shared no more; another sentence may still be.
        ("examples: [reset it], not: [reset it]", "examples: [reset it]", None),
        (
            "examples: ['(reset|restart) it'], not: [reset it]",
            "examples: ['(reset|restart) it']",
            Some("restart it"),
        ),
        (
            "examples: ['reset {ticket}'], not: ['reset {text}']",
            "examples: ['reset {ticket}', 'set {ticket}']",
            None,
        ),
        (
            "examples: ['(a|b) [c] {ticket}'], not: ['a [c] {ticket}', 'b c {ticket}']",
            "examples: ['[z] (a|b) [c] {ticket}']",
            Some("b T234"),
        ),
        // Conditions.
        ("examples: [pay], when: customer.verified", "examples: [pay], when: not customer.verified", None),
        ("examples: [pay], when: customer.verified", "examples: [pay]", Some("pay")),
        // Patterns.
        (
            "patterns: ['refund.*now']",
            "examples: ['please (refund|pay) it [right] now']",
            Some("please refund it right now"),
        ),
        ("patterns: ['refund \\d+']", "examples: ['(refund|pay) {number}']", Some("refund 3")),
        ("patterns: ['refund']", "examples: [what is a refund], not: [what is a refund]", None),
        // An intent of the engine: the folder's own is meant.
        ("examples: [stop it, cancel]", "examples: [x]", None),
    ];
    for (one, other, expected) in rows {
        let lines = |keys: &str| keys.replace("], ", "]\n    ");
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(shown(&two(&lines(one), &lines(other))), expected, "{one} / {other}");
    }
}

#[test]
fn a_pattern_that_fits_a_phrase_of_the_engine_is_found() {
    let engine = load("intents: { aid: { patterns: ['\\bhelp\\b'], say: A } }");
    let warnings: Vec<String> = shared(&engine).into_iter().map(|warning| warning.message).collect();
    let expected =
        "“help” belongs to the built-in `help` as well as to `aid`: the bot has to ask which is meant";
    assert!(warnings.iter().any(|warning| warning == expected), "{warnings:#?}");
}

#[test]
fn phrases_of_two_languages_meet_as_they_do_in_a_message() {
    let yaml = "intents: { a: { examples: [info], say: A }, b: { examples: [imprint], say: B } }\n\
                translations: { de: { b: { examples: [Info] } } }";
    let bot = Source::new("bot.yaml", "languages: [en, de]");
    let engine = Engine::load(vec![bot, Source::new("a.yaml", yaml)]).unwrap();
    assert_eq!(shown(&engine), ["Info"]);
}

#[test]
fn an_intent_that_shares_with_many_is_told_so_in_few_warnings() {
    let intents =
        (0..12).map(|index| format!("  i{index:02}: {{ examples: [same, own {index}], say: A }}\n"));
    let engine = load(&format!("intents:\n{}", intents.collect::<String>()));
    // Each of the others with the first.
    assert_eq!(shared(&engine).len(), 11);
    let own = (0..6).map(|index| format!("  i{index}: {{ examples: [say {index}], say: A }}\n"));
    let engine = load(&format!(
        "intents:\n{}  z: {{ examples: ['say (0|1|2|3|4|5)'], say: A }}",
        own.collect::<String>()
    ));
    let messages: Vec<String> = shared(&engine).into_iter().map(|warning| warning.message).collect();
    assert_eq!(messages.len(), 4, "{messages:#?}");
    assert_eq!(messages[3], "`z` shares sentences with at least 3 more intents: `i3`, `i4`, `i5`");
}

#[test]
fn templates_that_stand_for_very_much_are_compared_up_to_a_bound() {
    let many = |gap: &str| (0..11).map(|index| format!("[w{index} {gap} ]")).collect::<String>();
    let engine = two(
        &examples(&format!("'start {}end {{order_number}}'", many("{text}"))),
        &examples(&format!("'start {}stop {{order_number}}'", many("{text}"))),
    );
    assert!(shown(&engine).len() <= 1);
}

fn shared(engine: &Engine) -> Vec<Diagnostic> {
    engine.warnings().into_iter().filter(|warning| warning.code == "shared-example").collect()
}

/// A template of a few words, options, alternatives and slots.
fn template() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => Just("my"), 3 => Just("order"), 2 => Just("small"), 1 => Just("3"), 1 => Just("{size}"), 1 => Just("{number}"),
        1 => Just("{text}")
    ];
    let part = leaf.prop_map(str::to_owned).prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("[{inner}]")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one}|{other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("{one} {other}")),
        ]
    });
    proptest::collection::vec(part, 1..4).prop_map(|parts| parts.join(" "))
}

/// All sentences of an intent's only example, each slot filled with each of some texts.
fn filled(engine: &Engine, intent: usize) -> Vec<String> {
    let fills = |piece: &Piece| match piece {
        Piece::Words(words) => vec![words.clone()],
        Piece::Slot { entity, .. } if *entity == BuiltinEntity::Text.id() => {
            ["my", "order", "small", "3", "my order", "my small", "small order", "something"]
                .map(str::to_owned)
                .into()
        }
        Piece::Slot { .. } => ["3", "small"].map(str::to_owned).into(),
    };
    let join = |sentences: Vec<String>, next: Vec<String>| -> Vec<String> {
        sentences.iter().flat_map(|head| next.iter().map(move |tail| format!("{head} {tail}"))).collect()
    };
    let fill = |pieces: &Vec<Piece>| pieces.iter().map(fills).fold(vec![String::new()], join);
    engine.catalog.intents[intent].examples[0].phrase.sentences().iter().flat_map(fill).take(2_000).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_brute_force_finds_is_found(one in template(), other in template()) {
        let yaml = format!(
            "{ENTITIES}\nintents:\n  one: {{ say: A, examples: ['{one}'] }}\n  other: {{ say: B, examples: ['{other}'] }}"
        );
        let Ok(engine) = Engine::load(vec![Source::new("a.yaml", yaml)]) else { return Ok(()) };
        let judge = Judge::new(&engine.catalog, &engine.matcher, &engine.recognizer);
        let found = shown(&engine);
        let english = Language::new("en");
        let verdict = |sentence: &str| judge.verdict(sentence, [&english; 2], [0, 1]);
        for sentence in &found {
            prop_assert!(verdict(sentence).is_some(), "`{sentence}` is shown, but not shared");
        }
        let brute = [0, 1].into_iter().flat_map(|intent| filled(&engine, intent));
        let brute = brute.into_iter().find(|sentence| verdict(sentence).is_some());
        prop_assert!(brute.is_none() || !found.is_empty(), "not found: {:?}", brute);
    }
}
