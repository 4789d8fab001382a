//! Times of day: "14:30", "2pm", "half past two", "halb drei", "14 Uhr 30", "at 5".
//!
//! Hours are taken as named: "at 5" is 05:00, "at 5 in the afternoon" 17:00.
use jiff::civil::Time;

use super::lexer::View;
use super::number::small;
use super::words::{Part, Role};

/// A time and the index after it.
type Found = Option<(Time, usize)>;

/// A time in a sentence, and the index after it. In an answer, a bare hour is one.
pub(super) fn time(view: &View, at: usize, answer: bool) -> Found {
    digital(view, at)
        .or_else(|| fraction(view, at))
        .or_else(|| minutes_around(view, at, answer))
        .or_else(|| oclock(view, at))
        .or_else(|| named(view, at))
        .or_else(|| bare(view, at, answer))
}

/// "14:30", "2:30 pm", "14.30 Uhr", "14h30".
fn digital(view: &View, at: usize) -> Found {
    let hour = short(view.digits(at).filter(|_| view.starts_clean(at))?)?;
    let colon = view.tight_sign(at + 1, &[":"]);
    let point = view.tight_sign(at + 1, &["."]);
    let letter = view.tight_word(at + 1) && view.word(at + 1, &["h"]);
    let minute =
        view.tight_digits(at + 2).filter(|digits| digits.len() == 2 && (colon || point || letter))?;
    let seconds =
        view.tight_sign(at + 3, &[":"]) && view.tight_digits(at + 4).is_some_and(|digits| digits.len() == 2);
    let end = at + if seconds { 5 } else { 3 };
    let (pm, end) = half_of_day(view, end);
    let clock = view.has(end, Role::Clock);
    let (named, after) = (pm.is_some() || clock, end + usize::from(clock));
    let clean = named
        || (view.ends_clean(end) && !point)
        || (view.has(end, Role::Unit(super::words::Unit::Hour)) && colon);
    let time = on_clock(hour, minute.parse().ok()?, pm)?;
    clean.then_some((with_part(view, time, after, pm.is_none()), after))
}

/// "half past two", "quarter to five", "halb drei", "Viertel nach drei", "viertel drei".
fn fraction(view: &View, at: usize) -> Found {
    let at = if view.has(at, Role::Article) && view.has(at + 1, Role::Quarter) { at + 1 } else { at };
    let minutes = view.role(at, |role| match role {
        Role::Half => Some(30),
        Role::Quarter => Some(15),
        Role::ThreeQuarters => Some(45),
        _ => None,
    })?;
    let (to, past) = (view.has(at + 1, Role::To), view.has(at + 1, Role::Past));
    let (hour, end) = hour(view, at + 1 + usize::from(to || past))?;
    let german = view.speaks("de") && view.word(at, &["halb", "viertel", "dreiviertel"]);
    let minutes = match (past, to, german) {
        (true, ..) => minutes,
        // German counts towards the hour: "halb drei" is 2:30.
        (_, true, _) => -minutes,
        (_, _, true) => minutes - 60,
        _ if minutes == 30 && view.follows(at, Role::At) => minutes,
        _ => return None,
    };
    around(view, hour, minutes, end)
}

/// "ten past five", "zehn vor halb drei".
fn minutes_around(view: &View, at: usize, answer: bool) -> Found {
    let (minutes, mut end) = small(view, at).filter(|(minutes, _)| (1..30).contains(minutes))?;
    end += usize::from(view.has(end, Role::Unit(super::words::Unit::Minute)));
    let direction = match (view.has(end, Role::Past), view.has(end, Role::To)) {
        (true, false) => 1,
        (false, true) => -1,
        _ => return None,
    };
    if direction < 0 && !answer && is_range(view, at, end) {
        return None;
    }
    let half = view.speaks("de") && view.word(end + 1, &["halb"]);
    let (hour, after) = hour(view, end + 1 + usize::from(half))?;
    around(view, hour, direction * minutes - if half { 30 } else { 0 }, after)
}

/// Whether "5 to 7" is a range: English, in digits, and nothing says that a time is meant.
fn is_range(view: &View, at: usize, to: usize) -> bool {
    let hour = to + 1;
    let clock = view.has(hour + 1, Role::Clock) || half_of_day(view, hour + 1).0.is_some();
    view.speaks("en")
        && view.digits(at).is_some()
        && view.digits(hour).is_some()
        && !view.follows(at, Role::At)
        && !clock
}

/// "14 Uhr", "14 Uhr 30", "5 o'clock", "2pm", "2 p.m.".
fn oclock(view: &View, at: usize) -> Found {
    let (hour, end) = small(view, at).or_else(|| article_hour(view, at))?;
    let (pm, after) = half_of_day(view, end);
    if pm.is_some() {
        return on_clock(hour, 0, pm).map(|time| (time, after));
    }
    if !view.has(end, Role::Clock) {
        return None;
    }
    let minute =
        view.digits(end + 1).and_then(short).filter(|minute| *minute < 60 && view.ends_clean(end + 2));
    let after = end + 1 + usize::from(minute.is_some());
    let time = on_clock(hour, minute.unwrap_or(0), half_of_day(view, after).0)?;
    Some((with_part(view, time, after, true), half_of_day(view, after).1))
}

/// "ein Uhr".
fn article_hour(view: &View, at: usize) -> Option<(i64, usize)> {
    (view.word(at, &["ein"]) && view.has(at + 1, Role::Clock)).then_some((1, at + 1))
}

/// "noon", "midnight", "mittags".
fn named(view: &View, at: usize) -> Found {
    let hour =
        view.role(at, |role| if let Role::Hour(hour) = role { Some(i64::from(hour)) } else { None })?;
    on_clock(hour, 0, None).map(|time| (time, at + 1))
}

/// "at 5", where nothing else is counted; in an answer "5" or "1430" alone.
fn bare(view: &View, at: usize, answer: bool) -> Found {
    if let Some(digits) =
        view.digits(at).filter(|digits| answer && digits.len() == 4 && view.units.len() == 1)
    {
        let (hour, minute) = digits.split_at(2);
        return on_clock(short(hour)?, short(minute)?, None).map(|time| (time, at + 1));
    }
    let cue = view.before(at).is_some_and(|unit| matches!(&*unit.text, "at" | "um" | "gegen"));
    if !cue && !answer {
        return None;
    }
    let (hour, end) = small(view, at)?;
    let part = part(view, end).is_some();
    if !part && (!view.ends_clean(end) || counts(view, end) || view.tight_word(end)) {
        return None;
    }
    let time = on_clock(hour, 0, None)?;
    Some((with_part(view, time, end, true), end))
}

/// Whether the number before this index counts something or belongs to an address: "at 5 euros", "at 5 Elm Street".
fn counts(view: &View, at: usize) -> bool {
    let counted = |role| {
        let unit = matches!(
            role,
            Role::Unit(_) | Role::Currency(_) | Role::Cent(_) | Role::Month(_) | Role::Scale(_)
        );
        unit.then_some(())
    };
    let sign = view.sign(at, &["%", "€", "$", "£"]);
    let name = view.at(at).is_some_and(|unit| unit.capital && unit.roles.is_empty());
    sign || name || view.role(at, counted).is_some()
}

/// An hour of "half past two": 1 to 24, not the hundreds of something else.
fn hour(view: &View, at: usize) -> Option<(i64, usize)> {
    let noon = view
        .role(at, |role| if let Role::Hour(hour) = role { Some((i64::from(hour), at + 1)) } else { None });
    let (hour, end) = noon.or_else(|| small(view, at)).filter(|(hour, _)| (0..=24).contains(hour))?;
    let counted =
        super::duration::unit(view, end).is_some() || view.digits(at).is_some() && !view.ends_clean(end);
    (!counted || noon.is_some()).then_some((hour, end))
}

/// The time some minutes before or after an hour.
fn around(view: &View, hour: i64, minutes: i64, end: usize) -> Found {
    let (pm, end) = half_of_day(view, end);
    let hour = i64::from(on_clock(hour, 0, pm)?.hour());
    let total = (hour * 60 + minutes).rem_euclid(24 * 60);
    let time = on_clock(total / 60, total % 60, None)?;
    Some((with_part(view, time, end, pm.is_none()), view.skip(end, Role::Clock)))
}

/// Whether "pm" or "am" stands there, and the index after it.
fn half_of_day(view: &View, at: usize) -> (Option<bool>, usize) {
    // German "am" is a preposition.
    let pm = |index| match () {
        () if view.has(index, Role::Pm) => Some(true),
        () if view.has(index, Role::Am) && !view.speaks("de") => Some(false),
        () => None,
    };
    if let Some(pm) = pm(at) {
        return (Some(pm), at + 1);
    }
    let dotted = view.word(at, &["a", "p"])
        && view.tight_sign(at + 1, &["."])
        && view.tight_word(at + 2)
        && view.word(at + 2, &["m"]);
    if dotted {
        let end = at + 3 + usize::from(view.tight_sign(at + 3, &["."]));
        return (Some(view.word(at, &["p"])), end);
    }
    (None, at)
}

fn on_clock(hour: i64, minute: i64, pm: Option<bool>) -> Option<Time> {
    let hour = match (hour, pm) {
        (1..=12, Some(pm)) => hour % 12 + if pm { 12 } else { 0 },
        (13..=23, Some(true)) => hour,
        (_, Some(_)) => return None,
        (24, None) => 0,
        _ => hour,
    };
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, 0, 0).ok()
}

/// The time in the afternoon if the words behind it say so: "at 5 in the evening", "um 5 Uhr nachmittags".
fn with_part(view: &View, time: Time, at: usize, open: bool) -> Time {
    let hour = time.hour();
    let later = match part(view, at) {
        Some(Part::Afternoon | Part::Evening) => (1..12).contains(&hour),
        Some(Part::Night) => (6..12).contains(&hour),
        _ => false,
    };
    let moved = (open && later).then(|| Time::new(hour + 12, time.minute(), 0, 0).ok()).flatten();
    moved.unwrap_or(time)
}

/// The part of the day that stands there: "in the evening", "am Abend", "abends", "tonight".
fn part(view: &View, at: usize) -> Option<Part> {
    let start =
        if view.word(at, &["in", "at", "am", "this", "tomorrow", "heute", "morgen"]) { at + 1 } else { at };
    let named = |index| view.role(index, |role| if let Role::Part(part) = role { Some(part) } else { None });
    named(view.skip(start, Role::The)).or_else(|| named(at))
}

fn short(digits: &str) -> Option<i64> {
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}
