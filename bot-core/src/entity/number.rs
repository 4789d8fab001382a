//! Numbers: digits with the language's separators, and number words from zero to millions.
//!
//! Ordinals, parts of dates, times, phone numbers and identifiers are no numbers.
use super::lexer::{Kind, View};
use super::words::Role;

/// A number in a sentence, and the index after it.
pub(super) fn number(view: &View, at: usize) -> Option<(f64, usize)> {
    signed(view, at, |at| {
        scaled(view, at).filter(|&(_, end)| !goes_on(view, at, end)).or_else(|| word(view, at))
    })
}

/// A number before a unit or currency: like [`number`], or "a", and units may touch the digits ("3h").
pub(super) fn quantity(view: &View, at: usize) -> Option<(f64, usize)> {
    let article = || view.has(at, Role::Article).then_some((1.0, at + 1));
    signed(view, at, |at| scaled(view, at).or_else(|| spelled(view, at))).or_else(article)
}

/// A whole number from 0 on in digits or words, for hours and days: "5", "five", "fünf".
pub(super) fn small(view: &View, at: usize) -> Option<(i64, usize)> {
    if let Some(digits) = view.digits(at) {
        let figure = (digits.len() <= 2 && view.starts_clean(at)).then(|| digits.parse().ok()).flatten()?;
        return Some((figure, at + 1));
    }
    let (number, end) = spelled(view, at)?;
    (number.fract() == 0.0 && number < 100.0).then_some((number as i64, end))
}

/// "-5", "minus five".
fn signed(view: &View, at: usize, read: impl Fn(usize) -> Option<(f64, usize)>) -> Option<(f64, usize)> {
    let dash = view.sign(at, &["-", "−", "–"]) && !view.is_tight(at) && view.tight_digits(at + 1).is_some();
    if dash || view.has(at, Role::Minus) {
        return read(at + 1).map(|(number, end)| (-number, end));
    }
    read(at)
}

/// Digits, perhaps with a word that multiplies them: "2.5 million", "3 dozen".
pub(super) fn scaled(view: &View, at: usize) -> Option<(f64, usize)> {
    let (figure, end) = figure(view, at)?;
    match scale(view, end) {
        Some(scale) => Some((figure * f64::from(scale), end + 1)),
        None => Some((figure, end)),
    }
}

/// Digits with separators.
fn figure(view: &View, at: usize) -> Option<(f64, usize)> {
    let first = view.digits(at).filter(|_| view.starts_clean(at))?;
    let mut groups = vec![("", first)];
    let mut end = at + 1;
    while view.tight_sign(end, &[".", ",", "'", "’"]) {
        let Some(digits) = view.tight_digits(end + 1) else { break };
        groups.push((&*view.at(end)?.text, digits));
        end += 2;
    }
    // "14:30", "24/11", "3-5" and "24.11.2026-x" are something else.
    let more = view.tight_sign(end, &[":", "/", "-", "_"]) && view.tight_digits(end + 1).is_some();
    if more {
        return None;
    }
    read(&groups, view.decimal_comma).map(|number| (number, end))
}

/// What groups of digits with a sign before each mean.
fn read(groups: &[(&str, &str)], decimal_comma: bool) -> Option<f64> {
    let decimal_sign = if decimal_comma { "," } else { "." };
    let (last_sign, last) = *groups.last()?;
    let rest = &groups[..groups.len() - 1];
    let grouped = |groups: &[(&str, &str)]| {
        let threes = groups[1..].iter().all(|(sign, digits)| digits.len() == 3 && *sign == groups[1].0);
        let first = groups[0].1;
        threes && (groups.len() == 1 || ((1..=3).contains(&first.len()) && !first.starts_with('0')))
    };
    // One sign alone is the decimal sign unless three digits after the other sign say thousands.
    let decimal = match rest {
        [] => false,
        [_] => last_sign == decimal_sign || !grouped(groups),
        [_, (sign, _), ..] => *sign != last_sign,
    };
    if decimal {
        let whole = grouped(rest) && !matches!(last_sign, "'" | "’");
        return whole.then(|| parse(rest, last)).flatten();
    }
    grouped(groups).then(|| parse(groups, "")).flatten()
}

fn parse(whole: &[(&str, &str)], fraction: &str) -> Option<f64> {
    let whole: String = whole.iter().map(|(_, digits)| *digits).collect();
    // Up to 15 digits a f64 is exact; more are no quantity that anybody means.
    let sensible = whole.len() <= 15 && fraction.len() <= 10;
    sensible.then(|| format!("{whole}.{fraction}0").parse().ok()).flatten()
}

/// Whether what follows the digits makes them something else: "5th", "2pm", "5." before a month.
fn goes_on(view: &View, at: usize, end: usize) -> bool {
    let suffix = [Role::OrdinalSuffix, Role::Am, Role::Pm].iter().any(|&role| view.has(end, role));
    let identifier = view.tight_word(end) && view.tight_digits(end + 1).is_some();
    (view.tight_word(end) && suffix)
        || identifier
        || is_german_ordinal(view, at, end)
        || is_dotted_day(view, at, end)
}

/// "24.11.": two numbers with points in a language that writes decimals with a comma, a possible day and month.
fn is_dotted_day(view: &View, at: usize, end: usize) -> bool {
    let within = |index: usize, most: u32| {
        let number = view
            .digits(index)
            .filter(|digits| digits.len() <= 2)
            .and_then(|digits| digits.parse::<u32>().ok());
        number.is_some_and(|number| (1..=most).contains(&number))
    };
    let points = view.sign(at + 1, &["."]) && view.tight_sign(end, &["."]);
    view.decimal_comma && end == at + 3 && points && within(at, 31) && within(at + 2, 12)
}

fn is_german_ordinal(view: &View, at: usize, end: usize) -> bool {
    let month = || view.role(end + 1, |role| matches!(role, Role::Month(_)).then_some(())).is_some();
    let named = || view.follows(at, Role::The) || view.follows(at, Role::On);
    view.speaks("de") && view.tight_sign(end, &["."]) && end == at + 1 && (month() || named())
}

/// Number words that are meant as a number: not the "one" of "this one".
fn word(view: &View, at: usize) -> Option<(f64, usize)> {
    const PRONOUN_AFTER: [&str; 22] = [
        "this", "that", "which", "another", "the", "first", "second", "last", "other", "every", "any", "no",
        "new", "old", "each", "wrong", "right", "big", "small", "blue", "red", "some",
    ];
    let (number, end) = spelled(view, at)?;
    let alone = end == at + 1;
    let pronoun = alone && view.word(at, &["one"]) && at > 0 && view.word(at - 1, &PRONOUN_AFTER);
    let half_past = alone && view.has(at, Role::Half) && view.speaks("de");
    (!pronoun && !half_past).then_some((number, end))
}

/// Number words.
pub(super) fn spelled(view: &View, at: usize) -> Option<(f64, usize)> {
    amount(view, at).or_else(|| couple(view, at)).or_else(|| sum(view, at))
}

fn amount(view: &View, at: usize) -> Option<(f64, usize)> {
    let amount = view.role(at, |role| if let Role::Amount(amount) = role { Some(amount) } else { None });
    let half = || (view.has(at, Role::Half) && !view.has(at + 1, Role::Past)).then_some(0.5);
    amount.or_else(half).map(|amount| (amount, at + 1))
}

/// "a couple of".
fn couple(view: &View, at: usize) -> Option<(f64, usize)> {
    let noun = view.skip(at, Role::Article);
    view.has(noun, Role::Couple).then(|| (2.0, view.skip(noun + 1, Role::Of)))
}

/// Cardinals and scales: "two hundred and five", "twenty-one", "eine Million", and "two and a half".
fn sum(view: &View, at: usize) -> Option<(f64, usize)> {
    let (mut total, mut current) = (0.0, None::<f64>);
    let mut largest = f64::INFINITY;
    let mut end = at;
    if view.has(at, Role::Article) && scale(view, at + 1).is_some() {
        end += 1;
    }
    loop {
        let next = joined(view, at, end, current, total);
        if let Some(number) = cardinal(view, next).filter(|&number| fits(current, total, largest, number)) {
            current = Some(current.unwrap_or(0.0) + number);
        } else if let Some(scale) = scale(view, next).map(f64::from).filter(|&scale| scale < largest) {
            let scaled = current.unwrap_or(1.0).max(1.0) * scale;
            if scale < 1_000.0 {
                current = Some(scaled);
            } else {
                (total, current, largest) = (total + scaled, None, scale);
            }
        } else {
            break;
        }
        end = next + 1;
    }
    let number = (end > at && (current.is_some() || total > 0.0)).then(|| total + current.unwrap_or(0.0))?;
    Some(with_half(view, number, end))
}

/// The index of the next number word, past a hyphen or an "and".
fn joined(view: &View, start: usize, end: usize, current: Option<f64>, total: f64) -> usize {
    if end == start {
        return end;
    }
    let hyphen = view.tight_sign(end, &["-"]) && view.tight_word(end + 1);
    let hundreds = current.map_or(total > 0.0, |current| current >= 100.0);
    let and = hundreds && view.has(end, Role::And) && cardinal(view, end + 1).is_some();
    end + usize::from(hyphen || and)
}

/// Whether a cardinal may be added: the ones after tens, anything below a hundred after hundreds.
fn fits(current: Option<f64>, total: f64, largest: f64, number: f64) -> bool {
    match current {
        None => total == 0.0 || number < largest,
        Some(current) => {
            let tens = current % 100.0;
            let ones = tens >= 20.0 && tens % 10.0 == 0.0 && (1.0..10.0).contains(&number);
            ones || (tens == 0.0 && current > 0.0 && (1.0..100.0).contains(&number))
        }
    }
}

fn with_half(view: &View, number: f64, end: usize) -> (f64, usize) {
    let half = view.has(end, Role::And) && view.has(end + 1, Role::Article) && view.has(end + 2, Role::Half);
    if half { (number + 0.5, end + 3) } else { (number, end) }
}

fn cardinal(view: &View, at: usize) -> Option<f64> {
    let unit = view.at(at).filter(|unit| unit.kind == Kind::Word)?;
    let number =
        |role: &Role| if let Role::Cardinal(number) = role { Some(f64::from(*number)) } else { None };
    unit.roles.iter().find_map(number)
}

fn scale(view: &View, at: usize) -> Option<u32> {
    view.role(at, |role| if let Role::Scale(scale) = role { Some(scale) } else { None })
}
