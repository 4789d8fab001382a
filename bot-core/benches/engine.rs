//! Load, match and turn, on the sample shop and on a folder of 150 intents with 100 examples each.
//!
//! `cargo bench -p bot-core`. Machines are shared and noisy: read the figures as ratios between the lines of one run.
//! divan shows the median; the 99th percentile of single messages is printed after it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a bench reads the clock and the sample, and prints"
)]
use std::path::Path;
use std::time::Instant;

use bot_core::catalog::Source;
use bot_core::dialogue::{Input, Tracker};
use bot_core::engine::Engine;
use divan::{Bencher, black_box};
use jiff::Zoned;

const FOLDERS: [&str; 2] = ["sample", "150x100"];

const MESSAGES: [&str; 12] = [
    "hi",
    "wheres my parcle",
    "I want my money back",
    "is shipping free?",
    "refund order 12345678, it arrived broken",
    "i ordered a tent two weeks ago and its still not here what is going on",
    "do you have the rain jacket in size M in stock",
    "wo bleibt meine bestellung",
    "can I talk to a real person please",
    "asdf qwer zxcv",
    "topic17 detail4 please for me",
    "how do i topic99 with the detail12 of my word7",
];

fn main() {
    divan::main();
    for folder in FOLDERS {
        percentiles(folder);
    }
}

#[divan::bench(args = FOLDERS, sample_count = 10, sample_size = 1)]
fn load(bencher: Bencher, folder: &str) {
    bencher
        .with_inputs(|| sources(folder))
        .bench_values(|sources| Engine::load(sources).expect("the folder loads"));
}

#[divan::bench(args = FOLDERS)]
fn understand(bencher: Bencher, folder: &str) {
    let (engine, now, tracker) = (engine(folder), now(), Tracker::default());
    let mut messages = MESSAGES.iter().cycle();
    bencher
        .with_inputs(|| messages.next().expect("a cycle has no end"))
        .bench_local_values(|message| black_box(engine.understand(&tracker, message, &now)));
}

#[divan::bench(args = FOLDERS)]
fn turn(bencher: Bencher, folder: &str) {
    let (engine, now, tracker) = (engine(folder), now(), Tracker::default());
    let mut messages = MESSAGES.iter().cycle();
    bencher
        .with_inputs(|| Input::text(*messages.next().expect("a cycle has no end")))
        .bench_local_values(|input| black_box(engine.turn(&tracker, &input, &now)));
}

/// Single messages, each measured alone.
fn percentiles(folder: &str) {
    let (engine, now, tracker) = (engine(folder), now(), Tracker::default());
    let time = |message: &str| {
        let start = Instant::now();
        black_box(engine.understand(&tracker, message, &now));
        start.elapsed().as_secs_f64() * 1e6
    };
    let mut times: Vec<f64> = (0..500).flat_map(|_| MESSAGES).map(time).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("understand {folder}: p50 {:.1} µs, p99 {:.1} µs", at(0.5), at(0.99));
}

fn engine(folder: &str) -> Engine {
    Engine::load(sources(folder)).expect("the folder loads")
}

fn now() -> Zoned {
    "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().expect("a time")
}

fn sources(folder: &str) -> Vec<Source> {
    if folder == "sample" {
        read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../intents")))
    } else {
        generated()
    }
}

fn read(folder: &Path) -> Vec<Source> {
    let entries =
        std::fs::read_dir(folder).expect("the sample is there").map(|entry| entry.expect("readable").path());
    let mut sources = Vec::new();
    for path in entries {
        if path.is_dir() {
            sources.extend(read(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = if path.ends_with("bot.yaml") && !folder.ends_with("de") {
                "bot.yaml"
            } else {
                &path.to_string_lossy()
            };
            sources.push(Source::new(name, std::fs::read(&path).expect("readable")));
        }
    }
    sources
}

/// 150 intents of 100 examples: words of the intent's own among words that all share, drawn by a fixed generator.
fn generated() -> Vec<Source> {
    let mut seed = 7_u64;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut yaml = String::from("intents:\n");
    for intent in 0..150 {
        yaml.push_str(&format!("  topic{intent}:\n    say: Answer {intent}.\n    examples:\n"));
        for example in 0..100 {
            let (verb, noun, word, other) = (draw(40), draw(30), draw(400), draw(400));
            yaml.push_str(&format!(
                "      - verb{verb} topic{intent} detail{noun} of my word{word} and word{other} no {example}\n"
            ));
        }
    }
    vec![Source::new("bench.yaml", yaml)]
}
