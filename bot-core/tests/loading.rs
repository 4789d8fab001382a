//! What loads, and what it becomes; and that every key is known, checked and explained when it is misspelt.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use bot_core::catalog::phrase::Piece;
use bot_core::catalog::{Body, Catalog, Diagnostic, Diagnostics, Flow, Source, StepKind, Target, load};
use bot_core::schema::keys::{self, Shape};
use bot_core::text::Language;
use expect_test::expect;

fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(name, text)| Source::new(*name, *text)).collect()
}

fn loaded(files: &[(&str, &str)]) -> (Catalog, Vec<Diagnostic>) {
    load(sources(files)).unwrap_or_else(|found| panic!("{found}"))
}

fn refused(files: &[(&str, &str)]) -> Diagnostics {
    load(sources(files)).expect_err("this should not load")
}

fn format() -> (Catalog, Vec<Diagnostic>) {
    loaded(&[
        ("bot.yaml", include_str!("format/bot.yaml")),
        ("refund.yaml", include_str!("format/refund.yaml")),
    ])
}

/// `1 order_number ask -> 2`: name, kind, what comes next, and the branches.
fn outline(flow: &Flow) -> String {
    let id = |id: Option<bot_core::catalog::StepId>| id.map_or("end".to_owned(), |id| id.0.to_string());
    let line = |(index, step): (usize, &bot_core::catalog::Step)| {
        let kind = match &step.kind {
            StepKind::Ask(_) => "ask".to_owned(),
            StepKind::Choose(_) => "choose".to_owned(),
            StepKind::Confirm(confirm) => format!("confirm, no {}", id(confirm.otherwise)),
            StepKind::Say(_) => "say".to_owned(),
            StepKind::Call(call) => format!("call, failed {}", id(call.failed)),
            StepKind::If { then, otherwise, .. } => {
                format!("if, then {}, else {}", id(*then), id(*otherwise))
            }
            StepKind::Set(_) => "set".to_owned(),
            StepKind::Later { then, .. } => format!("later {}", id(*then)),
            StepKind::Goto(Target::Step(step)) => format!("goto {}", id(Some(*step))),
            StepKind::Goto(Target::Intent(_)) => "goto intent".to_owned(),
            StepKind::Handoff(_) => "handoff".to_owned(),
            StepKind::End => "end".to_owned(),
        };
        format!("{index} {} ({kind}) -> {}\n", step.name, id(step.next))
    };
    flow.steps.iter().enumerate().map(line).collect()
}

fn flow<'a>(catalog: &'a Catalog, intent: &str) -> &'a Flow {
    match &catalog.intent(catalog.intent_named(intent).unwrap()).body {
        Body::Flow(flow) => flow,
        other => panic!("{intent} is no flow: {other:?}"),
    }
}

#[test]
fn an_empty_folder_is_a_bot_with_the_built_in_intents() {
    for files in [&[][..], &[("bot.yaml", "")], &[("bot.yaml", "# nothing yet\n")]] {
        let (catalog, warnings) = loaded(files);
        assert_eq!(catalog.intents.len(), bot_core::catalog::Builtin::ALL.len());
        assert!(catalog.intents.iter().all(|intent| intent.builtin.is_some() && !intent.examples.is_empty()));
        assert_eq!(catalog.settings.handoff.teams, ["support"]);
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn the_format_s_own_example_becomes_a_graph() {
    let (catalog, _) = format();
    assert_eq!(catalog.settings.name, "Ada");
    let hours = catalog.settings.handoff.hours.as_ref().unwrap();
    assert_eq!(hours.week.iter().filter(|day| day.is_some()).count(), 6);
    let refund = catalog.intent(catalog.intent_named("refund").unwrap());
    assert_eq!((refund.act, refund.patterns.len(), refund.not.len()), (Some(0.75), 1, 1));
    expect![[r#"
        0 set-returned (set) -> 1
        1 order_number (ask) -> 2
        2 call-order (call, failed 3) -> 5
        3 say-i-cant-reach-the-order (say) -> 4
        4 handoff-support (handoff) -> end
        5 if-order-status-delivered (if, then 6, else 7) -> 9
        6 problem (choose) -> 9
        7 say-it-has-not-arrived-yet (say) -> 8
        8 goto-cancel-order (goto intent) -> end
        9 confirm-refund-order-order-number-order (confirm, no 10) -> 12
        10 say-fine-nothing-was-changed (say) -> 11
        11 end (end) -> end
        12 set-refunded (set) -> 13
        13 later-3d (later 14) -> 15
        14 say-has-the-money-arrived (say) -> end
        15 say-done-the-money-is-back (say) -> 16
        16 handoff-billing (handoff) -> end
        17 end-2 (end) -> end
    "#]]
    .assert_eq(&outline(flow(&catalog, "refund")));
}

#[test]
fn the_format_s_own_example_gives_no_needless_warnings() {
    let (_, warnings) = format();
    let codes: std::collections::BTreeSet<&str> = warnings.iter().map(|warning| warning.code).collect();
    // It shows an entity and a fragment that it does not use, and translates one text.
    let expected = ["few-examples", "missing-examples", "missing-translation", "unused"];
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn branches_lead_on_to_the_step_behind_them() {
    let text = "
intents:
  a:
    flow:
      - id: top
        ask: x
      - if: x == '1'
        then:
          - if: x == '2'
            then: [{ say: two }]
            else: []
          - confirm: Sure?
            else: [{ say: no }]
        else:
          - goto: top
      - say: two
      - goto: x
";
    let (catalog, _) = loaded(&[("a.yaml", text)]);
    expect![[r#"
        0 top (ask) -> 1
        1 if-x-1 (if, then 2, else 6) -> 7
        2 if-x-2 (if, then 3, else end) -> 4
        3 say-two (say) -> 4
        4 confirm-sure (confirm, no 5) -> 7
        5 say-no (say) -> 7
        6 goto-top (goto 0) -> end
        7 say-two-2 (say) -> 8
        8 goto-x (goto 0) -> end
    "#]]
    .assert_eq(&outline(flow(&catalog, "a")));
}

#[test]
fn names_of_steps_survive_edits_elsewhere() {
    let name = |text: &str| {
        let (catalog, _) = loaded(&[("a.yaml", text)]);
        flow(&catalog, "a").steps.iter().rev().nth(1).map(|step| step.name.clone()).unwrap()
    };
    let before = "intents: { a: { flow: [{ say: Hi }, { confirm: Shall I do it? }, { say: Done }] } }";
    let after = "intents: { b: { say: B }, a: { flow: [{ ask: x }, { say: Hello }, { confirm: Shall I do it? }, { say: OK }] } }";
    assert_eq!(name(before), "confirm-shall-i-do-it");
    assert_eq!(name(before), name(after));
}

#[test]
fn slots_of_examples_have_the_entities_of_the_flow() {
    let text = "
entities: { order_number: { pattern: '\\d{8}' } }
intents:
  a:
    examples: ['{order_number} {when} {free}']
    flow: [{ ask: when, type: date }]
";
    let (catalog, _) = loaded(&[("a.yaml", text)]);
    let sentences = catalog.intents[0].examples[0].phrase.sentences();
    let entities: Vec<&str> = sentences[0]
        .iter()
        .map(|piece| match piece {
            Piece::Slot { entity, .. } => catalog.entity(*entity).name.as_str(),
            Piece::Words(words) => words,
        })
        .collect();
    assert_eq!(entities, ["order_number", "date", "text"]);
}

#[test]
fn built_in_intents_are_added_to_and_replaced() {
    let text = "
intents:
  thanks:
    examples: [cheers mate]
    not: [thanks a lot]
    say: Any time, mate.
  help:
    title: What can you do
";
    let (catalog, _) = loaded(&[("a.yaml", text)]);
    let intent = |name| catalog.intent(catalog.intent_named(name).unwrap());
    let thanks = intent("thanks");
    assert!(thanks.builtin.is_some() && thanks.examples.len() > 5 && thanks.not.len() == 1);
    assert_eq!(thanks.examples[0].source, "cheers mate");
    assert!(matches!(&thanks.body, Body::Say(say) if say.variants[0].0 == "Any time, mate."));
    assert_eq!(intent("help").title.0, "What can you do");
    assert!(matches!(intent("help").body, Body::Builtin));
    assert_eq!(catalog.intents[0].name, "thanks", "the folder's own come first");
}

#[test]
fn a_bot_speaks_its_languages_and_no_others() {
    let languages = |written: &str| {
        let (catalog, _) = loaded(&[("bot.yaml", written)]);
        let examples = catalog.intents.iter().flat_map(|intent| &intent.examples);
        let found: std::collections::BTreeSet<_> = examples.map(|example| example.language.clone()).collect();
        found.into_iter().map(|language| language.code().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(languages("languages: [en]"), ["en"]);
    assert_eq!(languages("languages: [de]"), ["de"]);
    assert_eq!(languages("languages: de-AT"), ["de"]);
    let (catalog, _) = loaded(&[("bot.yaml", "languages: [de]")]);
    let title = catalog.translations.get(&Language::new("de"), "human", "Talk to a person");
    assert_eq!(title, "Mit einem Menschen sprechen");
}

#[test]
fn the_order_of_files_changes_nothing() {
    let files = [
        ("bot.yaml", "languages: [en, de]\n"),
        ("z.yaml", "intents: { z: { examples: [<my> z], flow: [{ goto: a }] } }\n"),
        ("a.yaml", "intents: { a: { say: A, titel: x } }\nfragments: { my: (my|the) }\n"),
        ("m/a.yaml", "intents: { a: { say: B } }\n"),
    ];
    let forward = load(sources(&files)).unwrap_err();
    let backward = load(sources(&files).into_iter().rev().collect()).unwrap_err();
    assert_eq!(forward.to_string(), backward.to_string());
    assert_eq!(forward.problems.iter().filter(|problem| problem.code == "duplicate-name").count(), 1);
}

#[test]
fn data_keeps_its_types() {
    let text = "facts: { a: 1, b: 4.90, c: yes, d: '12', e: true, f: 007, g: [1, x], h: , i: +49 30 1, j: 1e2, k: -3 }";
    let (catalog, _) = loaded(&[("bot.yaml", text)]);
    let facts = serde_json::to_string(&catalog.settings.facts).unwrap();
    let expected = r#"{"a":1,"b":4.9,"c":"yes","d":"12","e":true,"f":"007","g":[1,"x"],"h":null,"i":"+49 30 1","j":100.0,"k":-3}"#;
    assert_eq!(facts, expected);
}

#[test]
fn words_that_yaml_takes_for_values_are_texts() {
    let text =
        "intents: { yes: { title: no, examples: [12, no, true, null, 2026-12-25, 007, 1.50], say: 12 } }";
    let (catalog, _) = loaded(&[("a.yaml", text)]);
    let examples: Vec<&str> =
        catalog.intents[0].examples.iter().map(|example| example.source.as_str()).collect();
    assert_eq!(examples, ["12", "no", "true", "null", "2026-12-25", "007", "1.50"]);
    assert_eq!(catalog.intents[0].title.0, "no");
}

/// A file in which `line` stands where the keys of a shape stand.
fn embed(shape: &Shape, line: &str) -> (&'static str, String) {
    let with = |text: &str| text.replace('@', line);
    match shape.what {
        "bot.yaml" => ("bot.yaml", with("@\n")),
        "a file" => ("a.yaml", with("@\n")),
        "`understanding`" => ("bot.yaml", with("understanding:\n  @\n")),
        "`handoff`" => ("bot.yaml", with("handoff:\n  @\n")),
        "a team" => ("bot.yaml", with("handoff:\n  teams:\n    a:\n      @\n")),
        "`hours`" => ("bot.yaml", with("handoff:\n  hours:\n    @\n")),
        "`silence`" => ("bot.yaml", with("silence:\n  @\n")),
        "an intent" => ("a.yaml", with("intents:\n  a:\n    @\n")),
        "an entity" => ("a.yaml", with("entities:\n  a:\n    @\n")),
        "an action" => ("a.yaml", with("actions:\n  a:\n    @\n")),
        "a translation" => ("a.yaml", with("translations:\n  en:\n    help:\n      @\n")),
        _ if line.starts_with(&format!("{}:", shape.keys[0])) => {
            ("a.yaml", with("intents:\n  a:\n    flow:\n      - @\n"))
        }
        _ => {
            let head = format!("intents:\n  a:\n    flow:\n      - {}: x\n        @\n", shape.keys[0]);
            ("a.yaml", head.replace('@', line))
        }
    }
}

fn shapes() -> Vec<Shape> {
    let named = [
        keys::SETTINGS,
        keys::FILE,
        keys::UNDERSTANDING,
        keys::HANDOFF,
        keys::TEAM,
        keys::HOURS,
        keys::SILENCE,
        keys::INTENT,
        keys::ENTITY,
        keys::ACTION,
        keys::TRANSLATION,
    ];
    keys::STEPS.into_iter().chain(named).collect()
}

/// The last two letters exchanged, or a letter too many where they are the same.
fn misspelt(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let last = letters.len() - 1;
    // `teu` is as near to `thu` as to `tue`.
    if letters[last] == letters[last - 1] || key == "tue" {
        letters.push('x')
    } else {
        letters.swap(last, last - 1)
    }
    letters.into_iter().collect()
}

#[test]
fn each_key_when_misspelt_is_named() {
    let mut failures = Vec::new();
    for shape in shapes() {
        // In place of a step's first key, the misspelt one makes it no step of that kind: the same is asked of it.
        for key in shape.keys {
            let wrong = misspelt(key);
            let (name, text) = embed(&shape, &format!("{wrong}: x"));
            let text = if *key == shape.keys[0] && keys::STEPS.contains(&shape) {
                format!("intents:\n  a:\n    flow:\n      - {wrong}: x\n")
            } else {
                text
            };
            let found = refused(&[(name, &text)]);
            let told = found.problems.iter().any(|problem| {
                problem.code == "unknown-key"
                    && problem.message.starts_with(&format!("`{wrong}` is not a key"))
                    && problem.help == Some(format!("did you mean `{key}`?"))
                    && text[problem.span.clone()] == *wrong
            });
            if !told {
                failures.push(format!("{} {wrong}:\n{found}", shape.what));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn each_key_when_written_twice_is_named() {
    for shape in shapes() {
        for key in shape.keys {
            let (name, text) = embed(&shape, &format!("{key}: x"));
            let indent = text.lines().rev().find(|line| line.contains(key)).unwrap();
            let spaces = indent.find(key).unwrap();
            let text = format!("{text}{}{key}: x\n", " ".repeat(spaces));
            let found = refused(&[(name, &text)]);
            let told =
                found.problems.iter().any(|problem| problem.code == "duplicate-key" && problem.line > 1);
            assert!(told, "{} {key}:\n{text}\n{found}", shape.what);
        }
    }
}

#[test]
fn each_key_with_a_value_of_the_wrong_type_is_named() {
    // `sample` and `json` are any value.
    for shape in shapes() {
        for key in shape.keys.iter().filter(|key| !["sample", "json"].contains(key)) {
            let (name, text) = embed(&shape, &format!("{key}: [[x], {{ y: [z] }}]"));
            let found = refused(&[(name, &text)]);
            let line = 1 + text.lines().position(|line| line.contains("[[x]")).unwrap();
            let is_it = |problem: &&Diagnostic| problem.line == line && problem.column > key.len();
            let told = found.problems.iter().filter(is_it);
            let codes: Vec<&str> = told.map(|problem| problem.code).collect();
            let known = ["wrong-type", "special-character"];
            assert!(codes.iter().any(|code| known.contains(code)), "{} {key}:\n{text}\n{found}", shape.what);
        }
    }
}

#[test]
fn what_is_no_text_is_refused_in_time() {
    let bomb: String = ('b'..='z')
        .map(|letter| {
            format!(
                "{letter}: &{letter} [{}]\n",
                vec![format!("*{}", (letter as u8 - 1) as char); 9].join(",")
            )
        })
        .collect();
    let rows: [(&str, Vec<u8>, &str, usize, usize); 9] = [
        ("a bomb", format!("a: &a [x]\n{bomb}").into_bytes(), "alias", 3, 29),
        ("100 brackets", format!("name: {}", "[".repeat(100)).into_bytes(), "too-deep", 1, 70),
        ("200,000 brackets", format!("name: {}", "[".repeat(200_000)).into_bytes(), "too-deep", 1, 262),
        ("100 maps", format!("name: {}", "{a: ".repeat(100)).into_bytes(), "too-deep", 1, 259),
        ("over 1 MiB", vec![b'#'; (1 << 20) + 1], "too-large", 1, 1),
        ("not UTF-8", b"name: Ada\ngreeting: f\xfcr\n".to_vec(), "not-utf8", 2, 12),
        ("UTF-16", vec![0xff, 0xfe, b'n', 0], "not-utf8", 1, 1),
        ("a null byte", b"name: A\0da\ngreeting: x\n".to_vec(), "syntax", 1, 1),
        ("itself", b"facts: &a { b: *a }\n".to_vec(), "alias", 1, 16),
    ];
    for (what, bytes, code, line, column) in rows {
        let sources = vec![Source::new("bot.yaml", bytes)];
        let found = load(sources).expect_err(what);
        let first = &found.problems[0];
        assert_eq!((first.code, first.line, first.column), (code, line, column), "{what}: {found}");
    }
}

#[test]
fn a_file_of_nothing_but_mistakes_is_told_in_time() {
    let line = "  - { say: [a, b: c] }  # d\n";
    let text = format!("intents:\n{}", line.repeat((1 << 20) / line.len() - 1));
    let keys: String = (0..60_000).map(|number| format!("k{number}: {{ x: y }}\n")).collect();
    for text in [text, keys] {
        let found = load(vec![Source::new("a.yaml", text)]).unwrap_err();
        assert!(!found.problems.is_empty() && found.problems.len() <= 2_000);
    }
}

#[test]
fn a_bot_s_file_may_begin_with_a_byte_order_mark_and_end_lines_with_crlf() {
    let (catalog, _) = loaded(&[("bot.yaml", "\u{feff}name: Ada\r\ngreeting: Hi\r\n")]);
    assert_eq!(
        (catalog.settings.name.as_str(), catalog.settings.greeting.unwrap().0.as_str()),
        ("Ada", "Hi")
    );
    let found = refused(&[("bot.yaml", "\u{feff}name: Ada\r\ngreting: Hi\r\n")]);
    assert_eq!((found.problems[0].line, found.problems[0].column), (2, 1));
}

#[test]
fn diagnostics_are_data_and_colour_too() {
    let found = refused(&[("bot.yaml", "nmae: Ada\n")]);
    let json = serde_json::to_string(&found.problems).unwrap();
    let expected = r#"[{"severity":"error","code":"unknown-key","message":"`nmae` is not a key of bot.yaml","file":"bot.yaml","line":1,"column":1,"span":{"start":0,"end":4},"help":"did you mean `name`?"}]"#;
    assert_eq!(json, expected);
    let coloured = found.problems[0].render_coloured(&found.sources);
    assert!(coloured.contains("\u{1b}["));
    assert!(found.to_string().ends_with("1 error, 0 warnings"));
}
