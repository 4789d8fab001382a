//! The time: the machine's clock, or a fixed one. The only place of the program that reads one; how long
//! something takes is measured by `eval`.
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

/// The time now: the fixed one if there is one.
pub fn now(fixed: Option<&Zoned>) -> Zoned {
    fixed.cloned().unwrap_or_else(Zoned::now)
}

/// Reads a time as RFC 3339 writes it, with or without a `[zone]`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse(text: &str) -> Result<Zoned, String> {
    if let Ok(zoned) = text.parse() {
        return Ok(zoned);
    }
    with_offset(text).ok_or_else(|| {
        format!("`{text}` is not a time; write it with an offset, like 2026-11-23T10:00:00+01:00")
    })
}

fn with_offset(text: &str) -> Option<Zoned> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    pieces.date().to_datetime(pieces.time()?).to_zoned(TimeZone::fixed(offset)).ok()
}

/// Reads `2h`, `3d`, `1h 30m`: weeks, days of 24 hours, hours, minutes, seconds.
pub fn duration(text: &str) -> Option<SignedDuration> {
    let mut total = SignedDuration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at(digits);
        let (unit, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len()));
        total = total.checked_add(SignedDuration::from_secs(
            number.parse::<i64>().ok()?.checked_mul(seconds(unit)?)?,
        ))?;
        rest = tail.trim_start();
    }
    Some(total)
}

fn seconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, want) in [
            ("2026-11-23T10:00:00+01:00", Ok("2026-11-23T10:00:00+01:00[+01:00]")),
            ("2026-11-23T10:00:00Z", Ok("2026-11-23T10:00:00+00:00[UTC]")),
            ("2026-11-23T10:00:00+01:00[Europe/Berlin]", Ok("2026-11-23T10:00:00+01:00[Europe/Berlin]")),
            ("2026-11-23T10:00", Err(())),
            ("10 o'clock", Err(())),
            ("", Err(())),
        ] {
            assert_eq!(
                parse(text).map(|time| time.to_string()).map_err(drop),
                want.map(str::to_owned),
                "{text}"
            );
        }
    }

    #[test]
    fn durations() {
        for (text, want) in [
            ("90s", Some(90)),
            ("2h", Some(7200)),
            ("3d", Some(259_200)),
            ("1h 30m", Some(5400)),
            ("1w", Some(604_800)),
            ("", None),
            ("2", None),
            ("h", None),
            ("2 hours", None),
            ("99999999999999999999s", None),
            ("9223372036854775807w", None),
        ] {
            assert_eq!(duration(text), want.map(SignedDuration::from_secs), "{text}");
        }
    }
}
