//! `bot eval --calibrate`: the constants that it fits to two small sets, and what it says of files that it can't use.
use bot_tests::{Bot, Run};
use serde_json::Value as Json;
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

const SHOP: [(&str, [&str; 4]); 4] = [
    (
        "refund",
        ["I want my money back", "please refund me", "give me back what I paid", "can I have my money back"],
    ),
    ("parking", ["where can I park", "is there a car park", "I come by car", "where do I leave my car"]),
    (
        "hours",
        [
            "when do you open",
            "are you open on Sunday",
            "until when are you open",
            "what are your opening hours",
        ],
    ),
    ("delivery", ["where is my parcel", "has my order been sent", "track my order", "my order has not come"]),
];

const LIBRARY: [(&str, [&str; 4]); 4] = [
    (
        "lend",
        [
            "I want to borrow a book",
            "can I lend this book",
            "how long may I keep it",
            "may I take a book home",
        ],
    ),
    (
        "room",
        [
            "book a room for our group",
            "is a room free",
            "we need a room to learn",
            "do you have a quiet room",
        ],
    ),
    (
        "fine",
        ["what does it cost when I am late", "I must pay a fine", "my fine is wrong", "why do I pay a fine"],
    ),
    ("card", ["I lost my card", "make me a card", "my card is broken", "how do I get a library card"]),
];

/// Three sentences of each intent as examples, the last as a message.
fn set(split: &str, intents: &[(&str, [&str; 4])]) -> String {
    let lines = intents.iter().flat_map(|(intent, sentences)| {
        sentences.iter().enumerate().map(move |(at, text)| {
            let split = if at < 3 { split } else { "valid" };
            format!("{split}\t{intent}\t{text}\n")
        })
    });
    lines.collect()
}

/// A folder with `shop.tsv`, `library.tsv` and one more file.
fn run(other: &str, arguments: &str) -> Run {
    let folder = TempDir::new().expect("a folder can be made");
    let files = [
        ("shop.tsv", set("train5", &SHOP)),
        ("library.tsv", set("train", &LIBRARY)),
        ("other.tsv", other.into()),
    ];
    for (name, text) in &files {
        std::fs::write(folder.path().join(name), text).expect("and written to");
    }
    let mut command = BOT.command(&format!("eval {arguments}"));
    command.current_dir(folder.path());
    bot_tests::process::run(command, b"")
}

#[test]
fn constants_are_fitted_the_same_each_time_and_judged_on_each_file() {
    let text = run("", "--calibrate shop.tsv library.tsv");
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    for part in [
        "fitted to 2 sets (seed 1)",
        "judged on shop.tsv",
        "judged on library.tsv",
        "const BASE: f64 = ",
        "const SHARE_NEAREST: f64 = ",
        "// in use: ",
        "bot-core/src/matcher/lexical/confidence.rs",
    ] {
        assert!(text.out.contains(part), "{part}\n{}", text.out);
    }
    assert_eq!(text, run("", "--calibrate shop.tsv library.tsv"));
    assert_ne!(text.out, run("", "--calibrate shop.tsv library.tsv --seed 2").out);
}

#[test]
fn programs_get_the_same_as_numbers() {
    let run = run("", "--calibrate shop.tsv library.tsv --format json");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let found: Json = serde_json::from_str(&run.out).expect("it is JSON");
    for name in ["BASE", "SCORE", "NEAREST", "COVERED", "SHARE_SCORE", "SHARE_NEAREST"] {
        assert!(found["constants"][name].is_number() && found["in_use"][name].is_number(), "{name}: {found}");
    }
    let to: Vec<&str> =
        found["fitted"].as_array().unwrap().iter().filter_map(|row| row["to"].as_str()).collect();
    assert_eq!(to, ["shop.tsv", "library.tsv", "all", "in use"]);
    // The schedule has 7 folders of five examples an intent and 3 of all; of four intents, two thirds are two.
    let sizes = |file: usize| found["files"][file]["folders"].as_array().unwrap().clone();
    assert_eq!((sizes(0).len(), sizes(1).len()), (7, 3));
    assert!(sizes(0).iter().all(|size| size == 2));
    // Of constants that are fitted to the very messages they are judged on, none have a smaller loss.
    let loss = |row: usize, file: usize| found["fitted"][row]["judged"][file]["loss"].as_f64().unwrap();
    assert!(loss(0, 0) < loss(3, 0) && loss(1, 1) < loss(3, 1), "{found}");
}

#[test]
fn files_that_can_not_be_used() {
    let few = "train\ta\tone\nvalid\ta\ttwo\n";
    let bad = format!("{}odd\n", set("train5", &LIBRARY));
    let held = format!("{}test\trefund\tmoney\n", set("train5", &SHOP));
    for (other, arguments, code, want) in [
        ("", "shop.tsv", 2, "takes two files or more, and `shop.tsv` is one"),
        ("", "shop.tsv shop.tsv", 2, "`shop.tsv` is named twice"),
        ("", "shop.tsv missing.tsv", 2, "no file `missing.tsv`: --calibrate takes a file"),
        ("", "shop.tsv .", 2, "`.` is a folder"),
        ("", "shop.tsv other.tsv", 2, "`other.tsv` holds no sentences"),
        ("a\tone\nb\ttwo\n", "shop.tsv other.tsv", 2, "`other.tsv` has two columns; --calibrate takes three"),
        ("train\ta\tone\n", "shop.tsv other.tsv", 2, "`other.tsv` has no split `valid`; it has train (1)"),
        (
            "valid\ta\tone\n",
            "shop.tsv other.tsv",
            2,
            "has no split `train10` or `train5` or `train`; it has valid (1)",
        ),
        ("dev\ta\tone\n", "shop.tsv other.tsv", 2, "and none `valid`; it has dev (1)"),
        (
            few,
            "shop.tsv other.tsv",
            2,
            "`other.tsv` has too few intents: 1 in both `train` and `valid`, and it takes 3",
        ),
        (&held, "other.tsv library.tsv --split test", 2, "`other.tsv` has too few intents: 1 in both"),
        ("", "shop.tsv library.tsv --split train", 2, "the sentences of `train` are examples"),
        ("", "shop.tsv library.tsv --test other.tsv", 2, "cannot be used with"),
        ("", "shop.tsv library.tsv --typos 1", 2, "cannot be used with"),
        (&bad, "shop.tsv other.tsv", 0, "other.tsv:17: left out: it has no tab"),
    ] {
        let run = run(other, &format!("--calibrate {arguments}"));
        assert_eq!(run.code, code, "{arguments}: {}", run.err);
        assert!(run.err.contains(want), "{arguments}: {}", run.err);
    }
}
