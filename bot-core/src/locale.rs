//! Values as people read them in their language: `49.90 €`, `49,90 €`, `24 November 2026`, `24. November 2026`.
//!
//! What it is not: it parses nothing (that is [`crate::entity`]). Languages without rules of their own are written the
//! way English is, with ISO dates.
use jiff::civil::{Date, Time};

use crate::text::Language;

const MONTHS_EN: [&str; 12] = [
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
];
const MONTHS_DE: [&str; 12] = [
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
];

/// A number without needless zeros, with the language's decimal sign: `1.5`, `1,5`, `12`.
pub fn number(value: f64, language: &Language) -> String {
    let plain = value.to_string();
    if uses_decimal_comma(language) { plain.replace('.', ",") } else { plain }
}

/// An amount with its currency (ISO 4217), two digits behind the decimal sign unless it is whole: `49.90 €`, `12 €`.
pub fn money(amount: f64, currency: &str, language: &Language) -> String {
    let digits = if amount.fract() == 0.0 { format!("{amount:.0}") } else { format!("{amount:.2}") };
    let digits = if uses_decimal_comma(language) { digits.replace('.', ",") } else { digits };
    format!("{digits} {}", currency_sign(currency))
}

/// A date in words.
pub fn date(date: Date, language: &Language) -> String {
    let month = usize::from(date.month().unsigned_abs()) - 1;
    match language.code() {
        "en" => format!("{} {} {}", date.day(), MONTHS_EN[month], date.year()),
        "de" => format!("{}. {} {}", date.day(), MONTHS_DE[month], date.year()),
        _ => date.to_string(),
    }
}

/// A time of day: `14:30`.
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A duration in its largest whole unit: `3 days`, `90 minutes`.
pub fn duration(seconds: i64, language: &Language) -> String {
    const UNITS: [(i64, [&str; 2], [&str; 2]); 5] = [
        (604_800, ["week", "weeks"], ["Woche", "Wochen"]),
        (86_400, ["day", "days"], ["Tag", "Tage"]),
        (3_600, ["hour", "hours"], ["Stunde", "Stunden"]),
        (60, ["minute", "minutes"], ["Minute", "Minuten"]),
        (1, ["second", "seconds"], ["Sekunde", "Sekunden"]),
    ];
    let fits = |unit: &&(i64, [&str; 2], [&str; 2])| seconds != 0 && seconds % unit.0 == 0;
    let (size, english, german) = UNITS.iter().find(fits).unwrap_or(&UNITS[4]);
    let count = seconds / size;
    let words = if language.code() == "de" { german } else { english };
    format!("{count} {}", words[usize::from(count != 1)])
}

/// Yes or no.
pub fn yes_no(yes: bool, language: &Language) -> &'static str {
    match (language.code(), yes) {
        ("de", true) => "ja",
        ("de", false) => "nein",
        (_, true) => "yes",
        (_, false) => "no",
    }
}

fn uses_decimal_comma(language: &Language) -> bool {
    !matches!(language.code(), "en" | "zh" | "ja" | "ko" | "th" | "he")
}

fn currency_sign(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        other => other,
    }
}
