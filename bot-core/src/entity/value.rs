//! Values: what they are, how expressions see them, how people do.
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::locale;
use crate::text::Language;

/// A value found in a message, normalised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// `text`, `email`, `phone`, `url`, `person_name`, and what a pattern found.
    Text(String),
    /// The key of a list value or of an option, and the word that is shown for it.
    Choice {
        /// The value as expressions see it.
        key: String,
        /// The word shown to people.
        label: String,
    },
    /// `number`.
    Number(f64),
    /// `money`: an amount and its ISO 4217 currency, if one was named.
    Money {
        /// The amount in the currency's main unit.
        amount: f64,
        /// The currency: `EUR`.
        currency: Option<String>,
    },
    /// `date`.
    Date(Date),
    /// `time`.
    Time(Time),
    /// `duration`, in seconds.
    Duration(i64),
    /// `yes_no`.
    YesNo(bool),
}

impl Value {
    /// The value as people read it in that language: "24 November 2026", "49,90 €", "3 Tage", "yes".
    pub fn shown(&self, language: &Language) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Choice { label, .. } => label.clone(),
            Value::Number(number) => locale::number(*number, language),
            Value::Money { amount, currency } => {
                locale::money(*amount, currency.as_deref().unwrap_or(""), language)
            }
            Value::Date(date) => locale::date(*date, language),
            Value::Time(time) => locale::time(*time),
            Value::Duration(seconds) => locale::duration(*seconds, language),
            Value::YesNo(yes) => locale::yes_no(*yes, language).to_owned(),
        }
    }

    /// The value as expressions see it: a date as `2026-11-24`, a time as `14:30`, money and numbers as plain numbers
    /// (whole ones without a fraction), a duration in seconds, a list value by its key.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Text(text) => json!(text),
            Value::Choice { key, .. } => json!(key),
            Value::Number(number) | Value::Money { amount: number, .. } => plain(*number),
            Value::Date(date) => json!(date.to_string()),
            Value::Time(time) => json!(locale::time(*time)),
            Value::Duration(seconds) => json!(seconds),
            Value::YesNo(yes) => json!(yes),
        }
    }
}

fn plain(number: f64) -> Json {
    // Up to 2^53 every whole number has its own f64.
    let whole = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    if whole { json!(number as i64) } else { json!(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well_and_compute_well() {
        let text = |text: &str| text.to_owned();
        let money = |amount, currency: Option<&str>| Value::Money { amount, currency: currency.map(text) };
        let day = Value::Date("2026-11-24".parse().unwrap());
        let minutes = Value::Duration(5_400);
        for (value, en, de, json) in [
            (Value::Text(text("as is")), "as is", "as is", json!("as is")),
            (Value::Choice { key: text("s"), label: text("small") }, "small", "small", json!("s")),
            (Value::Number(3.0), "3", "3", json!(3)),
            (Value::Number(-2.5), "-2.5", "-2,5", json!(-2.5)),
            (Value::Number(-0.0), "0", "0", json!(0)),
            (money(49.9, Some("EUR")), "49.90 €", "49,90 €", json!(49.9)),
            (money(1234.5, Some("USD")), "$1,234.50", "1.234,50 $", json!(1234.5)),
            (money(50.0, None), "50.00", "50,00", json!(50)),
            (day, "24 November 2026", "24. November 2026", json!("2026-11-24")),
            (Value::Time("14:30:00".parse().unwrap()), "14:30", "14:30", json!("14:30")),
            (Value::Duration(259_200), "3 days", "3 Tage", json!(259_200)),
            (minutes, "1 hour 30 minutes", "1 Stunde 30 Minuten", json!(5_400)),
            (Value::YesNo(true), "yes", "ja", json!(true)),
        ] {
            assert_eq!(value.shown(&Language::new("en")), en);
            assert_eq!(value.shown(&Language::new("de")), de);
            assert_eq!(value.to_json(), json, "{value:?}");
        }
    }

    #[test]
    fn other_languages_get_what_needs_no_words() {
        let fr = Language::new("fr");
        assert_eq!(Value::Number(2.5).shown(&fr), "2,5");
        assert_eq!(Value::Date("2026-11-24".parse().unwrap()).shown(&fr), "2026-11-24");
        assert_eq!(Value::Duration(5_400).shown(&fr), "1 h 30 min");
    }

    #[test]
    fn a_stored_value_comes_back() {
        let value = Value::Money { amount: 12.5, currency: Some("EUR".into()) };
        let stored = serde_json::to_string(&value).unwrap();
        assert_eq!(stored, r#"{"type":"money","value":{"amount":12.5,"currency":"EUR"}}"#);
        assert_eq!(serde_json::from_str::<Value>(&stored).unwrap(), value);
    }
}
