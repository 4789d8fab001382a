//! Durations, in seconds: "3 days", "1h 30m", "half an hour", "anderthalb Stunden". A month has 30 days, a year 365.
use super::lexer::View;
use super::number::quantity;
use super::words::{Role, Unit};

/// A century is the longest: more is not meant.
const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;

/// A duration in a sentence, and the index after it.
pub(super) fn duration(view: &View, at: usize) -> Option<(i64, usize)> {
    let (mut total, mut size, mut end) = part(view, at, None)?;
    // "an hour and a half".
    if view.has(end, Role::And) && view.has(end + 1, Role::Article) && view.has(end + 2, Role::Half) {
        return seconds(total + size / 2.0, end + 3);
    }
    while let Some((more, smaller, next)) = part(view, past_and(view, end), Some(size)) {
        if smaller >= size {
            break;
        }
        (total, size, end) = (total + more, smaller, next);
    }
    seconds(total, end)
}

fn seconds(total: f64, end: usize) -> Option<(i64, usize)> {
    (0.0..=LONGEST).contains(&total).then(|| (total.round() as i64, end))
}

fn past_and(view: &View, end: usize) -> usize {
    if view.sign(end, &[","]) { view.skip(end + 1, Role::And) } else { view.skip(end, Role::And) }
}

/// A number of a unit: its seconds, those of one unit, and the index after it.
fn part(view: &View, at: usize, after: Option<f64>) -> Option<(f64, f64, usize)> {
    fraction(view, at).or_else(|| {
        let (count, end) = quantity(view, at)?;
        let size = unit_size(view, end, after).or_else(|| fixed(view, end))?;
        Some((count * size, size, end + 1))
    })
}

/// "half an hour", "eine halbe Stunde", "quarter of an hour".
fn fraction(view: &View, at: usize) -> Option<(f64, f64, usize)> {
    let at = view.skip(at, Role::Article);
    let share = view.role(at, |role| match role {
        Role::Half => Some(0.5),
        Role::Quarter => Some(0.25),
        Role::ThreeQuarters => Some(0.75),
        _ => None,
    })?;
    let unit = view.skip(view.skip(at + 1, Role::Of), Role::Article);
    let size = unit_size(view, unit, None)?;
    Some((share * size, size, unit + 1))
}

/// The seconds of a unit. A bare "m" is minutes only behind hours: "1h 30m", but not "5m of cable".
fn unit_size(view: &View, at: usize, after: Option<f64>) -> Option<f64> {
    if view.word(at, &["m"]) && after != Some(3_600.0) {
        return None;
    }
    unit(view, at).map(size)
}

/// The unit that stands there.
pub(super) fn unit(view: &View, at: usize) -> Option<Unit> {
    view.role(at, |role| if let Role::Unit(unit) = role { Some(unit) } else { None })
}

fn fixed(view: &View, at: usize) -> Option<f64> {
    view.role(at, |role| if let Role::Seconds(seconds) = role { Some(seconds as f64) } else { None })
}

fn size(unit: Unit) -> f64 {
    match unit {
        Unit::Second => 1.0,
        Unit::Minute => 60.0,
        Unit::Hour => 3_600.0,
        Unit::Day => 86_400.0,
        Unit::Week => 604_800.0,
        Unit::Fortnight => 1_209_600.0,
        Unit::Month => 2_592_000.0,
        Unit::Year => 31_536_000.0,
    }
}
