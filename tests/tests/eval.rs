//! `bot eval`: what it measures, what it says of files that are not as they should be, and what it writes.
use std::path::PathBuf;

use bot_tests::{Bot, Run};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

const SHOP: &str = "\
intents:
  refund:
    examples: [I want my money back, please refund me, can I have a refund, give me back what I paid, refund my payment]
    say: Done.
  parking:
    examples: [where can I park, is there a car park, parking spaces near the shop, I come by car, do you have parking]
    say: Behind the shop.
  vip:
    when: customer.verified
    examples: [open the lounge, let me into the lounge]
    say: Come in.
";

/// A folder with a bot in `bot/` and a test file.
struct World {
    folder: TempDir,
}

impl World {
    fn new(shop: &str, test: &[u8]) -> World {
        let folder = TempDir::new().expect("a folder can be made");
        std::fs::create_dir(folder.path().join("bot")).expect("and one in it");
        std::fs::write(folder.path().join("bot/shop.yaml"), shop).expect("and written to");
        std::fs::write(folder.path().join("test.tsv"), test).expect("and written to");
        World { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("it was written")
    }

    /// Runs `bot eval` in the folder.
    fn eval(&self, arguments: &str) -> Run {
        let mut command = BOT.command(&format!("--intents bot eval {arguments}"));
        command.current_dir(self.folder.path());
        bot_tests::process::run(command, b"")
    }

    fn json(&self, arguments: &str) -> Json {
        let run = self.eval(&format!("{arguments} --format json"));
        assert_eq!(run.code, 0, "{}", run.err);
        serde_json::from_str(&run.out).expect("it is JSON")
    }
}

/// Two messages that are spelled out, one that is labelled wrongly, one of no intent.
const MESSAGES: &[u8] = b"refund\tI want my money back\nparking\tdo you have parking\nrefund\twhere can I park\noos\tzzz qqq xxx\n";

#[test]
fn numbers_are_those_that_can_be_counted_by_hand() {
    let found = World::new(SHOP, MESSAGES).json("--test test.tsv");
    for (key, want) in [
        ("n", json!(3)),
        ("n_oos", json!(1)),
        ("accuracy", json!(0.6667)),
        // refund: one right of two, taken once; parking: one right, taken twice: both 2/3.
        ("macro_f1", json!(0.6667)),
        ("act_right", json!(0.6667)),
        ("act_wrong", json!(0.3333)),
        ("ask_right", json!(0.0)),
        ("refuse", json!(0.0)),
        ("auroc", json!(1.0)),
        ("oos_recall", json!(1.0)),
        ("ece", json!(0.3333)),
        ("never", json!(["vip"])),
    ] {
        assert_eq!(found[key], want, "{key}");
    }
    for key in ["top3", "load_ms", "p50_us", "p99_us"] {
        assert!(found[key].is_number(), "{key}: {}", found[key]);
    }
    // Four messages, one of them wrong with confidence 1, and one of no intent with next to none.
    let with_oos = found["ece_with_oos"].as_f64().unwrap();
    assert!((0.25..0.32).contains(&with_oos), "{with_oos}");
    assert!(found.as_object().unwrap().contains_key("peak_rss_mb"));
    assert_eq!(found["intents"]["refund"]["recall"], 0.5);
    let worst = &found["confusions"][0];
    assert_eq!(
        (&worst["intent"], &worst["taken_for"], &worst["count"]),
        (&json!("refund"), &json!("parking"), &json!(1))
    );
    assert_eq!(worst["messages"][0]["place"], "test.tsv:3");
}

#[test]
fn without_messages_of_no_intent_their_numbers_are_absent() {
    let found = World::new(SHOP, b"refund\trefund me\n").json("--test test.tsv");
    for key in ["auroc", "oos_recall", "ece_with_oos"] {
        assert_eq!(found[key], Json::Null, "{key}");
    }
    let only_oos = World::new(SHOP, b"\tzzz qqq\n").json("--test test.tsv");
    assert_eq!((&only_oos["accuracy"], &only_oos["oos_recall"]), (&Json::Null, &json!(1.0)));
}

#[test]
fn files_that_are_not_as_they_should_be() {
    let two = &b"refund\trefund me\n"[..];
    let three = &b"train\trefund\trefund me\nvalid\trefund\trefund me\noos_valid\toos\tzzz\n"[..];
    for (test, arguments, code, want) in [
        (two, "--test test.tsv", 0, ""),
        (b"\xEF\xBB\xBFrefund\t\"refund me\"\r\n\r\n", "--test test.tsv", 0, ""),
        (
            b"refund\trefund me\nrefund\nrefund\tcaf\xE9\nrefund\t\n",
            "--test test.tsv",
            0,
            "test.tsv:2: left out: it has no tab",
        ),
        (
            b"refund\trefund me\nrefund\nrefund\tcaf\xE9\nrefund\t\n",
            "--test test.tsv",
            0,
            "test.tsv:3: left out: it is not UTF-8",
        ),
        (
            b"refund\trefund me\nrefund\nrefund\tcaf\xE9\nrefund\t\n",
            "--test test.tsv",
            0,
            "test.tsv:4: left out: its message is empty\ntest.tsv: 3 lines left out",
        ),
        (
            b"refnd\trefund me\nweather\train\n",
            "--test test.tsv",
            1,
            "test.tsv:1: no intent `refnd` (1 message); did you mean `refund`?",
        ),
        (
            b"refnd\trefund me\nweather\train\n",
            "--test test.tsv",
            1,
            "test.tsv:2: no intent `weather` (1 message)\n",
        ),
        (b"", "--test test.tsv", 2, "`test.tsv` holds no messages"),
        (b"just some words\n", "--test test.tsv", 2, "`test.tsv` holds no messages"),
        (b"\xFF\xFEr\0", "--test test.tsv", 2, "is UTF-16"),
        (two, "--test nowhere.tsv", 2, "no file `nowhere.tsv`"),
        (two, "--test bot", 2, "`bot` is a folder"),
        (two, "--test test.tsv --split valid", 2, "has two columns and no splits; leave --split out"),
        (three, "--test test.tsv", 2, "choose with --split NAME among oos_valid (1), train (1), valid (1)"),
        (
            three,
            "--test test.tsv --split test",
            2,
            "has no split `test`; it has oos_valid (1), train (1), valid (1)",
        ),
        (three, "--test test.tsv --split valid", 0, "hint: --split valid,oos_valid"),
        (three, "--test test.tsv --split valid,oos_valid", 0, ""),
        (three, "--test test.tsv --split valid --split oos_valid", 0, ""),
        (two, "--test test.tsv --lang fr", 2, "does not speak `fr`; it speaks en"),
        (two, "--test test.tsv --predictions test.tsv", 2, "is the file that --test reads"),
        (two, "--test test.tsv --predictions bot/shop.yaml", 2, "would be a file of the bot"),
        (two, "--test test.tsv --html nowhere/a.html", 2, "no folder `nowhere`"),
        (two, "--test test.tsv --html bot", 2, "`bot` is a folder"),
        (two, "--test test.tsv --html x --predictions x", 2, "both name `x`"),
        (two, "--test test.tsv --folds 3", 2, "cannot be used with"),
        (two, "--split valid", 2, "--test <FILE>"),
        (two, "--folds 1", 2, "write a number from 2 to 1000"),
    ] {
        let world = World::new(SHOP, test);
        let run = world.eval(arguments);
        assert_eq!(run.code, code, "{arguments}: {}", run.err);
        assert!(
            if want.is_empty() { run.err.is_empty() } else { run.err.contains(want) },
            "{arguments}: {}",
            run.err
        );
        assert_eq!(std::fs::read(world.path("test.tsv")).unwrap(), test, "{arguments}");
        assert_eq!(world.read("bot/shop.yaml"), SHOP, "{arguments}");
    }
    let missing = BOT.run("eval --intents nowhere");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("no folder `nowhere`"), "{}", missing.err);
    let broken = BOT.run("eval --intents tests/fixtures/broken");
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
    assert!(broken.err.ends_with("tests/fixtures/broken: 3 errors\n"), "{}", broken.err);
}

#[test]
fn built_in_intents_take_part_when_they_are_named() {
    let left_out = |test: &[u8], options: &str| {
        let found = World::new(SHOP, test).json(&format!("--test test.tsv {options}"));
        (found["left_out"].as_array().unwrap().len(), found["accuracy"].clone())
    };
    assert_eq!(left_out(b"refund\trefund me\n", ""), (17, json!(1.0)));
    assert_eq!(left_out(b"human\tI want to talk to a human\n", ""), (16, json!(1.0)));
    assert_eq!(left_out(b"refund\trefund me\n", "--builtins").0, 0);
    let text = World::new(SHOP, b"refund\trefund me\n").eval("--test test.tsv").out;
    assert!(
        text.contains("17 built-in intents took no part: human, cancel,")
            && text.contains("; --builtins lets them"),
        "{text}"
    );
    let never = "`when` doesn't hold for a customer who has just come: vip";
    assert!(text.contains(&format!("{never}\n")), "{text}");
    let text = World::new(SHOP, b"vip\topen the lounge\n").eval("--test test.tsv").out;
    assert!(text.contains(&format!("{never}; 1 message of such an intent counted as wrong")), "{text}");
}

#[test]
fn the_same_seed_puts_in_the_same_typing_errors() {
    let typed = |seed: usize| {
        let world = World::new(SHOP, b"refund\tI want my money back\nparking\twhere can I park\n");
        let found = world.json(&format!("--test test.tsv --typos 2 --seed {seed} --predictions out.tsv"));
        assert_eq!(found["typos"], json!({ "edits": 2, "seed": seed }));
        assert_eq!(found["without_typos"]["accuracy"], 1.0);
        assert!(found["loss"]["accuracy"].is_number());
        world
            .read("out.tsv")
            .lines()
            .skip(1)
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(typed(7), ["f want my moaey back", "where an I pavk"]);
    assert_eq!(typed(7), typed(7));
    assert_ne!(typed(7), typed(8));
}

#[test]
fn predictions_are_a_table() {
    let world = World::new(SHOP, MESSAGES);
    assert_eq!(world.eval("--test test.tsv --predictions out.tsv").code, 0);
    let table = world.read("out.tsv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == 9), "{table}");
    assert_eq!(rows[0][..5], ["text", "label", "predicted", "confidence", "decision"]);
    assert_eq!(rows[1][..5], ["I want my money back", "refund", "refund", "1", "act"]);
    assert_eq!((rows[4][0], rows[4][1], rows[4][4]), ("zzz qqq xxx", "oos", "not_understood"));
}

#[test]
fn long_and_many_messages_are_fine() {
    let mut test = b"refund\t".to_vec();
    test.extend("refund me now ".repeat(8_000).bytes());
    test.push(b'\n');
    for _ in 0..2_000 {
        test.extend(b"parking\twhere do I leave my car\n");
    }
    let found = World::new(SHOP, &test).json("--test test.tsv --typos 1");
    assert_eq!(found["n"], 2_001);
}

#[test]
fn the_page_is_whole_and_asks_nobody_for_anything() {
    let test = b"refund\t<script>alert(1)</script> & \"parking\" for my car\nparking\trefund\nrefund\twhere can I park\noos\tzzz\n";
    let world = World::new(SHOP, test);
    assert_eq!(world.eval("--test test.tsv --html out.html --typos 0").code, 0);
    let page = world.read("out.html");
    assert_eq!(unbalanced(&page), None);
    for part in ["<svg", "prefers-color-scheme", "confusion", "parking", "refund", "<title>"] {
        assert!(page.to_lowercase().contains(part), "{part}");
    }
    for part in ["<script", "http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

/// The first tag that is not closed where it should be.
fn unbalanced(page: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let (head, rest) = page.split_once("<style>")?;
    let body = head.to_owned() + rest.split_once("</style>")?.1;
    for tag in body.split('<').skip(1) {
        let Some((tag, text)) = tag.split_once('>') else { return Some(tag.to_owned()) };
        if text.contains('>') {
            return Some(text.to_owned());
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Some(tag.to_owned());
            }
        } else if !tag.ends_with('/') && !["!doctype", "meta", "br"].contains(&name) {
            open.push(Box::leak(name.to_owned().into_boxed_str()));
        }
    }
    open.pop().map(str::to_owned)
}

#[test]
fn examples_are_held_back_in_turn() {
    let world = World::new(SHOP, b"");
    let found = world.json("");
    assert_eq!(found["n"], 10, "the intent that can never be meant takes no part");
    assert_eq!(found["measured_with"]["folds"], 5);
    let again = world.json("--predictions out.tsv");
    let table = world.read("out.tsv");
    let confidences =
        table.lines().skip(1).map(|line| line.split('\t').nth(3).unwrap().parse::<f64>().unwrap_or(0.0));
    assert!(
        confidences.into_iter().all(|it| it < 1.0),
        "what is held back is not known to the letter\n{table}"
    );
    assert_eq!(without_times(found), without_times(again));
    let few = World::new("intents: { a: { examples: [one], say: A } }", b"");
    let run = few.eval("");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("too few examples to hold some back"), "{}", run.err);
}

fn without_times(mut json: Json) -> Json {
    let times =
        ["load_ms", "load_cpu_ms", "load_wall_ms", "p50_us", "p99_us", "matcher_p50_us", "peak_rss_mb"];
    times.iter().for_each(|key| json[key] = Json::Null);
    json
}

#[test]
fn single_examples_and_slots_without_values_are_told() {
    let shop = "entities: { code: { pattern: 'X\\d+' } }\nintents:\n  a: { examples: [one thing, two things, three things], say: A }\n  \
                b: { examples: [only this], say: B }\n  c: { examples: ['my code is {code}', some code, what code], say: C }\n";
    let text = World::new(shop, b"").eval("").out;
    assert!(text.contains("1 intent with a single example can't be measured: b"), "{text}");
    assert!(text.contains("1 example left out: the entity of a slot has a pattern"), "{text}");
}

#[test]
fn the_sample_shows_what_to_look_at() {
    let folder = TempDir::new().expect("a folder can be made");
    let file = folder.path().join("page.html");
    let mut command = BOT.command("eval --html");
    command.arg(&file);
    let run = bot_tests::process::run(command, b"");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for part in [
        "examples of intents\n",
        "accuracy: the right intent comes first",
        "accuracy by language of the examples\n  en (",
        "taken for another, worst first\n",
        "examples that are more like another intent's\n",
        "intents that need more examples\n",
        "memory, at most",
    ] {
        assert!(run.out.contains(part) || !cfg!(target_os = "linux"), "{part} is missing in\n{}", run.out);
    }
    let page = std::fs::read_to_string(file).unwrap();
    assert_eq!(unbalanced(&page), None);
    assert!(page.len() < 2_000_000, "{}", page.len());
}

#[test]
fn help_teaches_by_example() {
    let run = BOT.run("eval --help");
    assert_eq!(run.code, 0);
    assert!(run.out.contains("Examples:\n") && run.out.contains("Usage: bot eval"), "{}", run.out);
}

#[test]
fn a_language_can_be_chosen() {
    let small = |options: &str| -> Json {
        let run = BOT.run(&format!("eval --intents tests/fixtures/small {options} --format json"));
        serde_json::from_str(&run.out).expect("it is JSON")
    };
    let (both, german) = (small(""), small("--lang de"));
    assert_eq!(both["languages"].as_object().unwrap().keys().collect::<Vec<_>>(), ["en", "de"]);
    assert_eq!(german["n"], both["languages"]["de"]["n"]);
}
