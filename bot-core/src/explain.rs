//! How a message was understood and what a turn made of it, in words for those who write the bot and for agents.
//!
//! What it is not: nothing of it is for customers, and what they wrote stands in it as they wrote it: whoever shows it in a
//! terminal takes control characters out.
use std::fmt::Write;

use jiff::Zoned;

use crate::dialogue::{Event, Purpose, Tracker, masked};
use crate::engine::{Decision, Engine, Understanding, act_threshold};
use crate::matcher::{Candidate, Explanation, Stage};
use crate::text::{Language, Span};

/// How many intents of a ranking are shown.
pub const SHOWN: usize = 5;

/// For how many intents the reasons are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// For the best.
    Best,
    /// For the best three.
    Three,
}

/// Tokens, values, ranking with reasons, and the decision.
pub fn understanding(engine: &Engine, understanding: &Understanding, depth: Depth) -> String {
    let explained = match depth {
        Depth::Best => 1,
        Depth::Three => 3,
    };
    let mut text = format!("message   {}\n", understanding.utterance.text());
    let _ = writeln!(text, "language  {}", understanding.utterance.language());
    let _ = writeln!(text, "words     {}", words(understanding));
    text.push_str(&values(engine, understanding));
    if understanding.part.text() != understanding.utterance.text() {
        let _ = writeln!(text, "read as   {}", understanding.part.text());
    }
    text.push_str(&ranking(engine, understanding, explained));
    text
}

/// The ranking, with reasons for the first `explained`, and the decision.
fn ranking(engine: &Engine, understanding: &Understanding, explained: usize) -> String {
    let mut text = "ranking\n".to_owned();
    for (place, candidate) in understanding.ranking.iter().take(SHOWN).enumerate() {
        text.push_str(&ranked(engine, place, candidate));
        if place < explained {
            text.push_str(&reasons(&engine.explain(understanding, candidate)));
        }
    }
    if understanding.ranking.is_empty() {
        text.push_str("  no intent has a chance\n");
    }
    let _ = write!(text, "decision  {}", decision(engine, understanding));
    text
}

/// Each word, with its stem where that is another.
fn words(understanding: &Understanding) -> String {
    let tokens = understanding.utterance.tokens().iter();
    let shown: Vec<_> = tokens
        .map(|token| match &token.stem {
            stem if *stem == token.word => token.word.clone(),
            stem => format!("{} ({stem})", token.word),
        })
        .collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(" · ") }
}

fn values(engine: &Engine, understanding: &Understanding) -> String {
    let mut text = String::new();
    let message = understanding.utterance.text();
    for (index, found) in understanding.entities.iter().enumerate() {
        let title = if index == 0 { "values" } else { "" };
        let name = &engine.catalog().entity(found.entity).name;
        let value = found.value.shown(understanding.utterance.language());
        let place = message.get(found.span.start..found.span.end).unwrap_or_default();
        let (start, end) = (found.span.start, found.span.end);
        let _ = writeln!(text, "{title:<9} {name} = {value} (“{place}”, bytes {start} to {end})");
    }
    text
}

fn ranked(engine: &Engine, place: usize, candidate: &Candidate) -> String {
    let stage = match candidate.stage {
        Stage::Command => "it is its command",
        Stage::Exact => "an example spells it out",
        Stage::Pattern => "a pattern matches",
        Stage::Lexical => "words like those of the examples",
    };
    let name = &engine.catalog().intent(candidate.intent).name;
    format!("  {}. {name}  {:.2}  {stage}\n", place + 1, candidate.confidence)
}

fn reasons(explanation: &Explanation) -> String {
    let mut text = String::new();
    branch(explanation, 0, &mut text);
    text
}

fn branch(explanation: &Explanation, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(text, "     {indent}{:>5.2}  {}", explanation.value, explanation.description);
    for detail in &explanation.details {
        branch(detail, depth + 1, text);
    }
}

/// What the thresholds make of the ranking, with the numbers.
pub fn decision(engine: &Engine, understanding: &Understanding) -> String {
    let thresholds = &engine.catalog().settings.understanding;
    let Some(best) = understanding.ranking.first() else {
        return "not understood: no intent has a chance".to_owned();
    };
    let intent = engine.catalog().intent(best.intent);
    let name = &intent.name;
    let act = act_threshold(engine.catalog(), best.intent);
    let (ask, tie) = (thresholds.ask, thresholds.tie);
    let confidence = told_apart(best.confidence, [act, ask]);
    match understanding.decision {
        Decision::Act => format!("act on {name}: {confidence} is at least {act:.2} (act)"),
        Decision::Ask if best.confidence >= act => {
            let rival =
                understanding.ranking.get(1).map_or(name, |next| &engine.catalog().intent(next.intent).name);
            format!("ask which is meant: {rival} is within {tie:.2} (tie) of {name}")
        }
        Decision::Ask => {
            format!("ask “Do you mean …?”: {confidence} is below {act:.2} (act) and at least {ask:.2} (ask)")
        }
        Decision::NotUnderstood => format!("not understood: {confidence} is below {ask:.2} (ask)"),
    }
}

/// A confidence with two digits, or with as many as it takes not to read "0.60 is below 0.60".
fn told_apart(confidence: f64, thresholds: [f64; 2]) -> String {
    let same = |digits: usize| {
        let shown = format!("{confidence:.digits$}");
        thresholds.iter().any(|limit| confidence < *limit && shown == format!("{limit:.digits$}"))
    };
    let digits = (2..6).find(|digits| !same(*digits)).unwrap_or(6);
    format!("{confidence:.digits$}")
}

/// A turn that is over: what [`turn`] explains.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// What the customer wrote.
    pub text: &'a str,
    /// Where the conversation stood before.
    pub before: &'a Tracker,
    /// What happened.
    pub events: &'a [Event],
    /// When.
    pub now: &'a Zoned,
}

/// Why the bot said what it said: what the message was taken for and why, and the steps that were taken.
///
/// ```
/// use bot_core::catalog::Source;
/// use bot_core::dialogue::{Input, Tracker};
/// use bot_core::engine::Engine;
/// use bot_core::explain;
///
/// let yaml = "intents: { hours: { examples: [when are you open], say: From 9 to 5. } }";
/// let engine = Engine::load(vec![Source::new("shop.yaml", yaml)])?;
/// let (before, now) = (Tracker::default(), "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse()?);
/// let text = "When are you open?";
/// let events = engine.turn(&before, &Input::text(text), &now);
/// let why = explain::turn(&engine, explain::Turn { text, before: &before, events: &events, now: &now });
/// assert!(why.contains("decision  act on hours: 1.00 is at least 0.60 (act)"));
/// assert!(why.ends_with("turn      understood hours (1.00)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn turn(engine: &Engine, turn: Turn) -> String {
    let mut text = read_as(engine, turn);
    for (index, step) in steps(turn.events, engine.catalog().language()).into_iter().enumerate() {
        let title = if index == 0 { "turn" } else { "" };
        let _ = write!(text, "\n{title:<9} {step}");
    }
    text
}

/// How the message was read; an answer to the open question was not held against the intents.
fn read_as(engine: &Engine, turn: Turn) -> String {
    let ranked = |event: &Event| matches!(event, Event::Understood { .. } | Event::Missed);
    let spans = masks(turn.events);
    let message = masked(turn.text, spans);
    if let Some(question) = turn.before.state().filter(|_| !turn.events.iter().any(ranked)) {
        return format!("message   {message}\nread as   an answer to the question {question}");
    }
    let understood = engine.understand(turn.before, turn.text, turn.now);
    // Words, values and reasons quote the message: with something to hide in it, the figures must do.
    if spans.is_empty() {
        understanding(engine, &understood, Depth::Best)
    } else {
        format!("message   {message}\n{}", ranking(engine, &understood, 0))
    }
}

/// What is to be hidden in the message that these events begin with.
fn masks(events: &[Event]) -> &[Span] {
    let spans = events.iter().find_map(|event| match event {
        Event::Masked { spans } => Some(spans.as_slice()),
        _ => None,
    });
    spans.unwrap_or_default()
}

/// What was done in these events, a step a line, sensitive values masked.
pub fn steps(events: &[Event], language: &Language) -> Vec<String> {
    events.iter().filter_map(|event| step(event, language)).collect()
}

fn step(event: &Event, language: &Language) -> Option<String> {
    Some(match event {
        Event::Understood { intent, confidence } => format!("understood {intent} ({confidence:.2})"),
        Event::Missed => "not understood".to_owned(),
        Event::FlowStarted { intent, .. } => format!("started {intent}"),
        Event::FlowEnded { intent, outcome } => {
            format!("ended {intent}: {}", format!("{outcome:?}").to_lowercase())
        }
        Event::QuestionAnswered { step } => format!("answered the question {step}"),
        Event::QuestionOpened { step } => format!("asked {step}"),
        Event::AnswerRejected { attempt } => format!("the answer could not be used (attempt {attempt})"),
        Event::SlotFilled { slot, value } => format!("{slot} = {}", value.shown(language)),
        Event::SlotCleared { slot } => format!("{slot} is open again"),
        Event::ValueSet { name, value } => format!("set {name} = {value}"),
        Event::ActionCalled { action, .. } => format!("called {action}"),
        Event::ActionFailed { reason, .. } => format!("the call failed: {reason}"),
        Event::TimerSet { at, purpose, .. } => format!("timer {} set for {at}", timer(purpose)),
        Event::HandedOff(ticket) => format!("handed off to {}: {}", ticket.team, ticket.reason),
        Event::LanguageChosen { language } => format!("language is {language}"),
        Event::Restarted => "started over".to_owned(),
        _ => return None,
    })
}

fn timer(purpose: &Purpose) -> &str {
    match purpose {
        Purpose::Later { step, .. } => step,
        Purpose::Remind => "reminder",
        Purpose::Park => "parking",
        Purpose::Unclaimed => "unclaimed",
        Purpose::Idle => "idle agent",
    }
}

#[cfg(test)]
mod tests {
    use super::told_apart;

    #[test]
    fn what_is_below_looks_below() {
        for (confidence, want) in
            [(0.45, "0.45"), (0.5999, "0.5999"), (0.596, "0.596"), (0.6, "0.60"), (0.2999999, "0.300000")]
        {
            assert_eq!(told_apart(confidence, [0.6, 0.3]), want);
        }
    }
}
