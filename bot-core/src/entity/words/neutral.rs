//! What is written the same in every language: signs, currency codes, units.
use super::{Role::*, Table, Unit};

pub(super) const WORDS: &Table = &[
    ("€ eur", Currency("EUR")),
    ("$ usd", Currency("USD")),
    ("£ gbp", Currency("GBP")),
    ("¥ jpy", Currency("JPY")),
    ("₹ inr", Currency("INR")),
    ("chf", Currency("CHF")),
    ("pln", Currency("PLN")),
    ("sek", Currency("SEK")),
    ("nok", Currency("NOK")),
    ("dkk", Currency("DKK")),
    ("czk", Currency("CZK")),
    ("huf", Currency("HUF")),
    ("cad", Currency("CAD")),
    ("aud", Currency("AUD")),
    ("½", Amount(0.5)),
    ("am", Am),
    ("pm", Pm),
    ("h", Unit(Unit::Hour)),
    ("min", Unit(Unit::Minute)),
];
