//! `bot import`: from each format a folder that loads, a report of what was left behind, and never half a folder.
use std::fs;
use std::path::Path;

use bot_tests::{Bot, Run};
use expect_test::expect;
use serde_json::Value as Json;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

/// Imports a fixture into `bot` in a new folder.
fn import(arguments: &str) -> (TempDir, Run) {
    let folder = TempDir::new().expect("a temporary folder");
    let run = run_in(folder.path(), arguments, "bot");
    (folder, run)
}

/// The report names the folder as typed, so the program runs beside it.
fn run_in(folder: &Path, arguments: &str, out: &str) -> Run {
    let mut command = BOT.command("import");
    let fixtures = bot_tests::root().join("tests/fixtures/import");
    for argument in arguments.split_whitespace() {
        let fixture = fixtures.join(argument);
        command.arg(if fixture.exists() { fixture.into_os_string() } else { argument.into() });
    }
    command.arg("--out").arg(out).current_dir(folder);
    let run = bot_tests::process::run(command, b"");
    let shown = format!("{}/", fixtures.display());
    Run { out: run.out.replace(&shown, ""), err: run.err.replace(&shown, ""), code: run.code }
}

fn bot_in(folder: &TempDir, command: &str, input: &str) -> Run {
    let mut run = BOT.command(command);
    run.arg("--intents").arg("bot").current_dir(folder.path());
    bot_tests::process::run(run, input.as_bytes())
}

fn read(folder: &TempDir, file: &str) -> String {
    fs::read_to_string(folder.path().join("bot").join(file)).expect("the file was written")
}

#[test]
fn a_table_is_reported_with_all_that_needs_a_look() {
    let (folder, run) = import("questions.tsv");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    expect![[r#"
        questions.tsv (table) → bot
          4 intents, 16 examples, in 5 files
          3 answers are still to be written: look for “still to be written” in the files
          1 example left out: the same intent has the same
          1 line left out: labelled `oos` or not at all, so of no intent

        not carried over
          1 place that can't be read: correct and import again
            questions.tsv:20  no tab where `intent<tab>text` should stand

        worth a look
          1 intent has another name here: names are letters, digits and `_`
            questions.tsv:8  `parking.where` is `parking_where`
          1 intent is one that every bot has: your examples are added to its own
            questions.tsv:18  `goodbye`: the bot answers in its own words
          1 intent is much like one that every bot has: take the name of that one, or the bot will often ask which of the two is meant
            questions.tsv:13  `no` is like `deny`
          1 sentence stands under two intents: keep it in one of them, or the bot has to ask which is meant
            questions.tsv:12  “are you open on Sundays”: `parking_where`, and `opening_hours` in questions.tsv:3

        next
          bot check bot       what is still to be mended
          bot --intents bot   talk to it
    "#]].assert_eq(&run.out);
    expect![[r#"
        intents:
          parking_where:
            title: Parking where
            examples:
              - where can I park
              - is there a car park
              - parking \(free of charge\)?
              - I am coming by car
              - are you open on Sundays
            say: (The answer to “Parking where” is still to be written.)
    "#]]
    .assert_eq(&read(&folder, "parking_where.yaml"));
    expect![[r#"
        intents:
          "no":
            title: "No"
            examples:
              - no way
              - rather not
              - I would not
              - no thank you
              - not really
            say: (The answer to “No” is still to be written.)
    "#]]
    .assert_eq(&read(&folder, "no.yaml"));
}

#[test]
fn a_rasa_project_brings_its_entities_and_answers() {
    let (folder, run) = import("rasa");
    expect![[r#"
        rasa (Rasa) → bot
          3 intents, 12 examples, 3 entities, in 5 files
          1 answer is still to be written: look for “still to be written” in the files

        not carried over
          1 regular expression: where it is needed, write it under `patterns` of an intent or as `pattern` of an entity
            rasa/data/nlu.yml:34  `postcode` is no entity: \d{5}
          1 answer: write `say:` for the intent that is meant, or a step of its flow
            rasa/domain.yml:9  `utter_happy`: “Great!”
          1 part of conversations: write a `flow:` for the intent that is meant
            rasa/domain.yml:11  1 form

        worth a look
          1 intent has another name here: names are letters, digits and `_`
            rasa/data/nlu.yml:17  `faq/payment` is `faq_payment`
          1 entity knows only the words of its examples: add what is missing; or delete the entity, and its slots take any words
            rasa/data/nlu.yml:5  `size`: 1 word: large

        next
          bot check bot       what is still to be mended
          bot --intents bot   talk to it
    "#]].assert_eq(&run.out);
    expect![[r#"
        entities:
          order_id: { pattern: '[A-Z]{2}\d{4}' }
          pizza:
            values:
              Margherita: [Margherita, marge]
              Funghi: [Funghi, mushroom pizza]
              Diavola: [Diavola]
          size:
            values:
              - large
    "#]]
    .assert_eq(&read(&folder, "entities.yaml"));
    expect![[r#"
        intents:
          order_pizza:
            title: Order pizza
            examples:
              - a {size} {pizza}, please
              - one {pizza}
              - I want a {pizza} {date}
              - bring me {number} pizzas
              - can I order a pizza \[\(any\)\]
            say: A {{ pizza }}, coming up!
    "#]]
    .assert_eq(&read(&folder, "order_pizza.yaml"));
}

#[test]
fn a_corpus_of_nlpjs_brings_its_questions() {
    let (folder, run) = import("corpus.json");
    expect![[r#"
        corpus.json (nlp.js) → bot
          2 intents, 10 examples, 1 entity, in 4 files

        not carried over
          1 entity that takes any words now: give it `values` or a `pattern` under `entities:`, or a `type` where it is asked for
            corpus.json: entities.city  `city`: nlp.js finds it by the words around it (`trim`); here an example with its slot does
          1 answer: write `say:` for the intent that is meant, or a step of its flow
            corpus.json: data[1].answers[1]  `travel.price`: only where price === 0: “It is free.”

        worth a look
          2 intents have other names here: names are letters, digits and `_`
            corpus.json: data[0]  `travel.book` is `travel_book`
            corpus.json: data[1]  `travel.price` is `travel_price`

        next
          bot check bot       what is still to be mended
          bot --intents bot   talk to it
    "#]].assert_eq(&run.out);
    expect![[r#"
        intents:
          travel_book:
            title: Travel book
            examples:
              - book a {vehicle} to {city}
              - I want to travel by {vehicle}
              - get me a ticket
              - I need a seat on the {vehicle}
              - tickets to {city}
            flow:
              - ask: vehicle
                say: How do you want to travel?
              - ask: city
                say: Where to?
              - say: A {{ vehicle }} to {{ city }} is booked.
    "#]]
    .assert_eq(&read(&folder, "travel_book.yaml"));
    let talk = bot_in(&folder, "chat", "I want to travel by coach\nRome\n");
    assert_eq!(talk.out, "Where to?\nA bus to Rome is booked.\n");
}

#[test]
fn every_folder_passes_check_and_knows_its_examples() {
    for (from, sentence, intent) in [
        ("questions.tsv", "parking (free of charge)?", "parking_where"),
        ("rasa", "one marge", "order_pizza"),
        ("rasa", "I want a mushroom pizza tonight", "order_pizza"),
        ("rasa", "where is order xy9999", "track_order"),
        ("corpus.json", "book a railway to new york", "travel_book"),
    ] {
        let (folder, run) = import(from);
        assert_eq!(run.code, 0, "{from}: {}", run.err);
        let check = bot_in(&folder, "check", "");
        assert_eq!(check.code, 0, "{from}: {}", check.out);
        let found = bot_in(&folder, "explain", &format!("{sentence}\n"));
        let found: Json = serde_json::from_str(found.out.lines().next().unwrap()).unwrap();
        assert_eq!(
            (&found["intent"], &found["confidence"]),
            (&intent.into(), &1.0.into()),
            "{sentence}: {found}"
        );
    }
}

#[test]
fn mistakes_are_explained_and_leave_nothing() {
    let (folder, _) = import("questions.tsv");
    fs::write(folder.path().join("three.tsv"), "train\ta\tone\ntest\ta\ttwo\n").unwrap();
    fs::write(folder.path().join("notes.txt"), "no table\n").unwrap();
    fs::write(folder.path().join("a.csv"), "hours,when are you open\n").unwrap();
    fs::write(folder.path().join("old.md"), "## intent:a\n- one\n").unwrap();
    fs::write(folder.path().join("oos.tsv"), "oos\tone\n").unwrap();
    for (arguments, out, want) in [
        ("questions.tsv", "bot", "the folder `bot` is not empty, and nothing in it is overwritten"),
        ("three.tsv", "new", "name one or more with --split; there are test (1), train (1)"),
        ("three.tsv --split dev", "new", "`three.tsv` has no split `dev`; there are test (1), train (1)"),
        ("questions.tsv --split dev", "new", "has two columns"),
        ("corpus.json --split dev", "new", "--split is for tables"),
        ("notes.txt", "new", "can't tell what `notes.txt` is; looked for: a table of `intent<tab>text`;"),
        ("old.md", "new", "`old.md` is training data of Rasa 1"),
        ("a.csv", "new", "save it as text with tabs"),
        ("oos.tsv", "new", "there is no intent in `oos.tsv`"),
        ("nowhere.tsv", "new", "can't read `nowhere.tsv`"),
        ("questions.tsv --lang klingon", "new", "`klingon` is no language"),
        ("questions.tsv --from=rasa", "new", "there is no `nlu:` with intents in `questions.tsv`"),
        ("questions.tsv --from=xml", "new", "[possible values: tsv, rasa, nlpjs]"),
        ("questions.tsv", "notes.txt", "`notes.txt` is a file"),
    ] {
        let run = run_in(folder.path(), arguments, out);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments}: {}", run.err);
        assert!(run.err.contains(want), "{arguments}: {}", run.err);
        assert!(!folder.path().join("new").exists(), "{arguments}");
    }
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 6, "only what the test made is there");
}

#[test]
fn many_notes_go_to_a_file_and_splits_may_be_several() {
    let folder = TempDir::new().unwrap();
    let mut lines: String = (0..30).map(|number| format!("bad line {number}\n")).collect();
    lines.extend(
        (0..99).map(|number| format!("{}\tintent.{number}\tsay {number}\n", ["a", "b", "c"][number % 3])),
    );
    fs::write(folder.path().join("three.tsv"), lines).unwrap();
    let run = run_in(folder.path(), "three.tsv --split a,b --lang de-AT", "bot");
    assert!(
        run.out.starts_with("three.tsv (table) → bot\n  66 intents, 66 examples, in 67 files\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("three.tsv:10  no tab where") && run.out.contains("… and 20 more"),
        "{}",
        run.out
    );
    assert!(run.out.contains("The whole list is in bot/import-notes.txt."), "{}", run.out);
    let notes = read(&folder, "import-notes.txt");
    assert!(notes.contains("three.tsv:30  no tab where") && !notes.contains("more\n"), "{notes}");
    assert!(read(&folder, "bot.yaml").contains("languages: [de]"));
    assert_eq!(bot_in(&folder, "check", "").code, 0);
}
