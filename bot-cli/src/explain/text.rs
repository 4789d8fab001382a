//! An understanding for people.
use std::fmt::Write;

use bot_core::engine::{Decision, Engine, Understanding, act_threshold};
use bot_core::matcher::{Candidate, Explanation, Stage};

use super::SHOWN;
use crate::paint::harmless;

/// For how many intents the reasons are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// For the best.
    Best,
    /// For the best three.
    Three,
}

/// Tokens, values, ranking with reasons, and the decision.
pub fn text(engine: &Engine, understanding: &Understanding, depth: Depth) -> String {
    let explained = match depth {
        Depth::Best => 1,
        Depth::Three => 3,
    };
    let mut text = format!("message   {}\n", harmless(understanding.utterance.text()));
    let _ = writeln!(text, "language  {}", understanding.utterance.language());
    let _ = writeln!(text, "words     {}", words(understanding));
    text.push_str(&values(engine, understanding));
    if understanding.part.text() != understanding.utterance.text() {
        let _ = writeln!(text, "read as   {}", harmless(understanding.part.text()));
    }
    text.push_str("ranking\n");
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
        let _ = writeln!(
            text,
            "{title:<9} {name} = {} (“{}”, bytes {start} to {end})",
            harmless(&value),
            harmless(place)
        );
    }
    text
}

fn ranked(engine: &Engine, place: usize, candidate: &Candidate) -> String {
    let stage = match candidate.stage {
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
    let _ = writeln!(text, "     {indent}{:>5.2}  {}", explanation.value, harmless(&explanation.description));
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
