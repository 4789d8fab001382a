//! Load, rank and turn, on the sample shop and on a folder of 150 intents with 100 examples each.
//!
//! `cargo bench -p bot-core`. Machines are shared and noisy: read the figures as ratios between the lines of one run.
//! divan shows the median; the 99th percentile of single messages is printed after it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a bench reads the clock and files, and prints"
)]
mod folders;

use std::time::Instant;

use bot_core::catalog::load as load_catalog;
use bot_core::dialogue::{Input, Tracker};
use bot_core::engine::Engine;
use bot_core::matcher::Matcher;
use bot_core::text::{Language, Utterance};
use divan::{Bencher, black_box};
use folders::{FOLDERS, messages, sources};
use jiff::Zoned;

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

/// Cutting a message into words and ranking the intents.
#[divan::bench(args = FOLDERS, sample_count = 1_000)]
fn rank(bencher: Bencher, folder: &str) {
    let matcher = matcher(folder);
    let messages = messages(folder);
    let mut next = messages.iter().cycle();
    bencher.bench_local(|| ranked(&matcher, next.next().expect("a cycle has no end")));
}

/// Everything from the message to the events: values, ranking, decision, reply.
#[divan::bench(args = FOLDERS, sample_count = 1_000)]
fn turn(bencher: Bencher, folder: &str) {
    let engine = Engine::load(sources(folder)).expect("the folder loads");
    let (now, tracker, messages) = (now(), Tracker::default(), messages(folder));
    let mut next = messages.iter().cycle();
    bencher
        .with_inputs(|| Input::text(next.next().expect("a cycle has no end")))
        .bench_local_values(|input| black_box(engine.turn(&tracker, &input, &now)));
}

/// Single messages, each measured alone.
fn percentiles(folder: &str) {
    let (matcher, messages) = (matcher(folder), messages(folder));
    let time = |message: &String| {
        let start = Instant::now();
        black_box(ranked(&matcher, message));
        start.elapsed().as_secs_f64() * 1e6
    };
    let mut times: Vec<f64> = messages.iter().cycle().take(6_000).map(time).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("rank {folder}: p50 {:.1} µs, p99 {:.1} µs", at(0.5), at(0.99));
}

fn matcher(folder: &str) -> Matcher {
    Matcher::new(&load_catalog(sources(folder)).expect("the folder loads").0)
}

fn ranked(matcher: &Matcher, message: &str) -> Vec<bot_core::matcher::Candidate> {
    let utterance = Utterance::new(message, &Language::new("en"));
    matcher.rank(&utterance, &[], &|_| true, 5)
}

fn now() -> Zoned {
    "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().expect("a time")
}
