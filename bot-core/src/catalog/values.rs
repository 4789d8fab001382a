//! Durations, times of day and names as authors write them: `10m`, `09:00-17:30`, `order_number`.
use jiff::SignedDuration;
use jiff::civil::Time;

use crate::schema::read::Words;
use crate::schema::report::Report;

/// Longer than any bot needs, short enough to add to any date.
const MAX_DAYS: i64 = 3650;

/// A duration such as `10m`, `2h`, `1h 30m`; what is none is reported.
pub(super) fn duration(report: &Report, words: &Words, what: &str) -> Option<SignedDuration> {
    let seconds = seconds(&words.text);
    let fits = seconds.filter(|seconds| (1..=MAX_DAYS * 86_400).contains(seconds));
    if fits.is_none() {
        let message = format!("{what} must be a duration, `{}` is none", words.text);
        let help =
            "write a number and s, m, h, d or w: `30s`, `10m`, `2h`, `3d`, `1w`; at most 3650d".to_owned();
        report.error(words.place, "bad-value", message, help);
    }
    fits.map(SignedDuration::from_secs)
}

fn seconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "s" | "sec" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "week" | "weeks" => 604_800,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = rest[letters..].trim_start();
    }
    Some(total)
}

/// `09:00-17:30`; what is none is reported.
pub(super) fn times(report: &Report, words: &Words, what: &str) -> Option<(Time, Time)> {
    let range = words.text.split_once(['-', '–']).and_then(|(from, until)| Some((time(from)?, time(until)?)));
    if range.is_none() {
        let message = format!("{what} must be two times of day, `{}` is not", words.text);
        report.error(words.place, "bad-value", message, "write them as in `\"09:00-17:30\"`".to_owned());
    }
    range
}

/// `9:00` to `24:00`, the last moment of the day.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let part = |digits: &str| digits.parse::<i8>().ok().filter(|_| (1..=2).contains(&digits.len()));
    match (part(hour)?, part(minute)?) {
        (24, 0) => Some(Time::MAX),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok(),
    }
}

/// Whether a text can be a name in expressions: letters, digits and `_`, not beginning with a digit.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The first words of a text as a name: lower case, joined with `-`; templates and punctuation are left out.
pub(super) fn slug(text: &str, words: usize) -> String {
    let lower = text.to_lowercase().replace(['\'', '’'], "");
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.take(words).collect::<Vec<_>>().join("-")
}

/// `shipping_cost` in words: `Shipping cost`.
pub(super) fn in_words(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let rows = [
            ("10m", Some(600)),
            ("3d", Some(259_200)),
            ("1h 30m", Some(5_400)),
            ("2 hours", Some(7_200)),
            ("10", None),
            ("m", None),
            ("-3d", None),
            ("99999999999999999999d", None),
        ];
        for (text, expected) in rows {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn times_of_day() {
        let rows = [
            ("9:00", true),
            ("09:30", true),
            ("24:00", true),
            ("25:00", false),
            ("9", false),
            ("9:60", false),
        ];
        for (text, expected) in rows {
            assert_eq!(time(text).is_some(), expected, "{text}");
        }
    }
}
