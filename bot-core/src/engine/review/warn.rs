//! The overlaps in words for the author.
use std::collections::BTreeMap;

use super::found::{Found, Overlap, Written, is_builtin};
use crate::catalog::{Catalog, Diagnostic, Intent, Origin, OtherPlace, Severity};

/// How many others of an intent are shown with sentence and lines; the rest is one warning.
const SHOWN: usize = 3;
/// How many intents are named where there are more.
const NAMED: usize = 5;
/// A longer sentence is cut.
const MOST_LETTERS: usize = 120;

/// One half of an overlap.
struct Half<'a> {
    index: u32,
    intent: &'a Intent,
    origin: &'a Origin,
    written: Written,
}

/// A warning for each pair, and one for the rest of an intent's many pairs.
pub(super) fn diagnostics(catalog: &Catalog, found: &Found) -> Vec<Diagnostic> {
    let mut pointed: BTreeMap<&str, Vec<(Half, Half, &Overlap)>> = BTreeMap::new();
    for (&(a, b), overlap) in &found.pairs {
        let half = |index: u32, written: Written| {
            let origin = found.origin(index, written);
            Half { index, intent: &catalog.intents[index as usize], origin, written }
        };
        let (mut here, mut there) = (half(b, overlap.places[1]), half(a, overlap.places[0]));
        // The warning stands at the one that comes second, unless it can't be seen.
        if (overlap.verdict.first == b && !is_builtin(there.origin)) || is_builtin(here.origin) {
            std::mem::swap(&mut here, &mut there);
        }
        pointed.entry(&here.intent.name).or_default().push((here, there, overlap));
    }
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for overlaps in pointed.values() {
        diagnostics
            .extend(overlaps.iter().take(SHOWN).map(|(here, there, overlap)| warning(here, there, overlap)));
        if overlaps.len() > SHOWN {
            diagnostics.push(rest(&overlaps[SHOWN..], found));
        }
    }
    diagnostics.extend(found.unfinished.map(|(intent, written)| unfinished(found.origin(intent, written))));
    diagnostics
}

fn warning(here: &Half, there: &Half, overlap: &Overlap) -> Diagnostic {
    let builtin = if is_builtin(there.origin) { "the built-in " } else { "" };
    let message = format!(
        "“{}”{} belongs to {builtin}`{}` as well as to `{}`: {}{}",
        shortened(&overlap.sentence),
        more(overlap.more),
        there.intent.name,
        here.intent.name,
        consequence(here, there, overlap),
        condition(here.intent, there.intent)
    );
    let other = (!is_builtin(there.origin)).then(|| other_place(there));
    Diagnostic { other, ..at(here.origin, "shared-example", message, help(here, there)) }
}

fn more(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", like 1 more sentence,".to_owned(),
        count => format!(", like {count} more sentences,"),
    }
}

fn consequence(here: &Half, there: &Half, overlap: &Overlap) -> String {
    if overlap.verdict.asks {
        return "the bot has to ask which is meant".to_owned();
    }
    let first = if overlap.verdict.first == here.index { here } else { there };
    format!("the bot takes it for `{}`, only since that comes first", first.intent.name)
}

fn condition(here: &Intent, there: &Intent) -> String {
    match (&here.when, &there.when) {
        (None, None) => String::new(),
        (Some(one), Some(other)) if one == other => String::new(),
        (Some(_), Some(_)) => ", unless their `when` never hold at once".to_owned(),
        (Some(_), None) => format!(", where the `when` of `{}` holds", here.name),
        (None, Some(_)) => format!(", where the `when` of `{}` holds", there.name),
    }
}

fn help(here: &Half, there: &Half) -> String {
    if matches!(here.written, Written::Pattern(_)) || matches!(there.written, Written::Pattern(_)) {
        return "narrow the pattern, or write the sentence under `not` of the intent that it does not mean"
            .to_owned();
    }
    let merge = if is_builtin(there.origin) { "" } else { ", or make one intent of them" };
    format!("reword one of the two, write the sentence under `not` of one, tell them apart by `when`{merge}")
}

fn other_place(there: &Half) -> OtherPlace {
    let note = match there.written {
        Written::Example(_) => format!("`{}` accepts it here", there.intent.name),
        Written::Pattern(_) => format!("this pattern of `{}` fits it", there.intent.name),
    };
    let Origin { file, line, column, start, end } = there.origin.clone();
    OtherPlace { file, line, column, span: start..end, note }
}

/// The others of an intent that shares sentences with many.
fn rest(overlaps: &[(Half, Half, &Overlap)], found: &Found) -> Diagnostic {
    let here = &overlaps[0].0;
    let named: Vec<String> =
        overlaps.iter().take(NAMED).map(|(_, there, _)| format!("`{}`", there.intent.name)).collect();
    let least = if found.is_full(here.index) { "at least " } else { "" };
    let dots = if overlaps.len() > NAMED { " …" } else { "" };
    let message = format!(
        "`{}` shares sentences with {least}{} more intent{}: {}{dots}",
        here.intent.name,
        overlaps.len(),
        if overlaps.len() == 1 { "" } else { "s" },
        named.join(", ")
    );
    at(
        here.origin,
        "shared-example",
        message,
        "look at the first ones: the others may have the same reason".to_owned(),
    )
}

fn unfinished(origin: &Origin) -> Diagnostic {
    let message = "not everything that this accepts could be compared with the other intents: it can be said in too \
                   many ways, or too many begin like it";
    at(
        origin,
        "shared-unknown",
        message.to_owned(),
        "split it, or leave some `( | )`, `[ ]` or `{text}` out".to_owned(),
    )
}

fn at(origin: &Origin, code: &'static str, message: String, help: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        code,
        message,
        file: origin.file.clone(),
        line: origin.line,
        column: origin.column,
        span: origin.start..origin.end,
        help: Some(help),
        other: None,
    }
}

fn shortened(sentence: &str) -> String {
    match sentence.char_indices().nth(MOST_LETTERS) {
        Some((cut, _)) => format!("{}…", &sentence[..cut]),
        None => sentence.to_owned(),
    }
}
