//! Values as people read them in their language: `49.90 €`, `49,90 €`, `24 November 2026`, `24. November 2026`.
//!
//! What it is not: it parses nothing (that is [`crate::entity`]). Languages without words here get forms that need none.
use jiff::civil::{Date, Time, Weekday};

use crate::text::Language;

const MONTHS: [(&str, [&str; 12]); 2] = [
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "de",
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ),
];

const DAYS: [(&str, [&str; 7]); 7] = [
    ("en", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
    ("de", ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]),
    ("es", ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]),
    ("fr", ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]),
    ("it", ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]),
    ("nl", ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]),
    (
        "pt",
        ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
    ),
];

/// The units of durations, largest first: seconds, then one and several of it.
type Units = [(i64, &'static str, &'static str); 5];

const UNITS: [(&str, Units); 2] = [
    (
        "en",
        [
            (604_800, "week", "weeks"),
            (86_400, "day", "days"),
            (3_600, "hour", "hours"),
            (60, "minute", "minutes"),
            (1, "second", "seconds"),
        ],
    ),
    (
        "de",
        [
            (604_800, "Woche", "Wochen"),
            (86_400, "Tag", "Tage"),
            (3_600, "Stunde", "Stunden"),
            (60, "Minute", "Minuten"),
            (1, "Sekunde", "Sekunden"),
        ],
    ),
];

const BARE_UNITS: Units =
    [(604_800, "w", "w"), (86_400, "d", "d"), (3_600, "h", "h"), (60, "min", "min"), (1, "s", "s")];

const YES_NO: [(&str, &str, &str); 7] = [
    ("de", "ja", "nein"),
    ("es", "sí", "no"),
    ("fr", "oui", "non"),
    ("it", "sì", "no"),
    ("nl", "ja", "nee"),
    ("pt", "sim", "não"),
    ("sv", "ja", "nej"),
];

const SIGNS: [(&str, &str); 5] = [("EUR", "€"), ("USD", "$"), ("GBP", "£"), ("JPY", "¥"), ("INR", "₹")];

/// Whether the language writes 1.5 as "1,5" and 1,000 as "1.000".
pub fn has_decimal_comma(language: &Language) -> bool {
    const WITH_POINT: [&str; 12] = ["en", "zh", "ja", "ko", "th", "he", "hi", "ta", "ga", "mt", "ms", ""];
    !WITH_POINT.contains(&language.code())
}

/// A number without needless zeros: "3", "2.5", "2,5".
pub fn number(number: f64, language: &Language) -> String {
    // Adding zero turns -0 into 0.
    let plain = (number + 0.0).to_string();
    if has_decimal_comma(language) { plain.replace('.', ",") } else { plain }
}

/// An amount of money: "49.90 €" in English, "49,90 €" in German; `$`, `£` and `₹` stand before the amount where the decimal
/// sign is a point. `currency` is an ISO 4217 code (`EUR`), a sign, or empty for none.
///
/// ```
/// use bot_core::{locale::money, text::Language};
///
/// assert_eq!(money(1234.5, "EUR", &Language::new("de")), "1.234,50 €");
/// assert_eq!(money(5.0, "USD", &Language::new("en")), "$5.00");
/// ```
pub fn money(amount: f64, currency: &str, language: &Language) -> String {
    let sign =
        SIGNS.iter().find(|(code, _)| currency.eq_ignore_ascii_case(code)).map_or(currency, |(_, sign)| sign);
    let figure = grouped(amount, language);
    match sign {
        "" => figure,
        "$" | "£" | "₹" if !has_decimal_comma(language) => match figure.strip_prefix('-') {
            Some(figure) => format!("-{sign}{figure}"),
            None => format!("{sign}{figure}"),
        },
        _ => format!("{figure} {sign}"),
    }
}

/// Two decimals, thousands in groups.
fn grouped(amount: f64, language: &Language) -> String {
    let plain = format!("{:.2}", if amount.abs() < 0.005 { 0.0 } else { amount });
    let Some((whole, cents)) = plain.split_once('.') else { return plain };
    let (group, decimal) = if has_decimal_comma(language) { ('.', ',') } else { (',', '.') };
    let digits = whole.trim_start_matches('-').len();
    let mut figure = String::new();
    for (index, mark) in whole.chars().rev().enumerate() {
        if index > 0 && index % 3 == 0 && index < digits {
            figure.push(group);
        }
        figure.push(mark);
    }
    figure.chars().rev().chain([decimal]).chain(cents.chars()).collect()
}

/// A date: "24 November 2026" in English, "24. November 2026" in German, `2026-11-24` in languages without words here.
///
/// ```
/// use bot_core::{locale::date, text::Language};
///
/// let day = jiff::civil::date(2026, 11, 24);
/// assert_eq!(date(day, &Language::new("de")), "24. November 2026");
/// ```
pub fn date(date: Date, language: &Language) -> String {
    let Some((code, months)) = MONTHS.iter().find(|(code, _)| *code == language.code()) else {
        return date.to_string();
    };
    let month = months[usize::from(date.month().unsigned_abs() - 1)];
    let point = if *code == "de" { "." } else { "" };
    format!("{}{point} {month} {}", date.day(), date.year())
}

/// A day of the week: "Monday", "Montag"; `None` in languages without words here.
pub fn weekday(day: Weekday, language: &Language) -> Option<&'static str> {
    let (_, days) = DAYS.iter().find(|(code, _)| *code == language.code())?;
    Some(days[usize::from(day.to_monday_zero_offset().unsigned_abs())])
}

/// A time: "14:30".
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A duration: "2 weeks", "3 days", "1 hour 30 minutes". Weeks only where they come out even.
pub fn duration(seconds: i64, language: &Language) -> String {
    let units =
        UNITS.iter().find(|(code, _)| *code == language.code()).map_or(&BARE_UNITS, |(_, units)| units);
    let weeks = seconds != 0 && seconds % 604_800 == 0;
    let mut rest = seconds.unsigned_abs();
    let mut parts = Vec::new();
    for (size, one, many) in &units[usize::from(!weeks)..] {
        let count = rest / size.unsigned_abs();
        rest %= size.unsigned_abs();
        if count > 0 || (*size == 1 && parts.is_empty()) {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    format!("{}{}", if seconds < 0 { "-" } else { "" }, parts.join(" "))
}

/// Yes or no.
pub fn yes_no(yes: bool, language: &Language) -> &'static str {
    let known = YES_NO.iter().find(|(code, _, _)| *code == language.code());
    let (_, affirmed, denied) = known.unwrap_or(&("en", "yes", "no"));
    if yes { affirmed } else { denied }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_the_language_does() {
        for (amount, currency, language, shown) in [
            (49.9, "EUR", "en", "49.90 €"),
            (49.9, "€", "de", "49,90 €"),
            (-1234567.891, "EUR", "en", "-1,234,567.89 €"),
            (-5.0, "GBP", "en", "-£5.00"),
            (999.0, "CHF", "de", "999,00 CHF"),
            (-0.001, "", "en", "0.00"),
            (f64::NAN, "EUR", "en", "NaN €"),
            (f64::INFINITY, "", "en", "inf"),
        ] {
            assert_eq!(money(amount, currency, &Language::new(language)), shown);
        }
        assert!(money(f64::MAX, "EUR", &Language::new("de")).ends_with(",00 €"));
    }

    #[test]
    fn durations_use_the_largest_units_that_say_it() {
        for (seconds, shown) in [
            (0, "0 seconds"),
            (60, "1 minute"),
            (86_400, "1 day"),
            (1_209_600, "2 weeks"),
            (864_000, "10 days"),
            (90_061, "1 day 1 hour 1 minute 1 second"),
            (-3_600, "-1 hour"),
        ] {
            assert_eq!(duration(seconds, &Language::new("en")), shown);
        }
        assert!(!duration(i64::MIN, &Language::new("en")).is_empty());
    }
}
