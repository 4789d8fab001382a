//! What words mean to the grammars of numbers, dates, times, durations and money: one table per language.
//!
//! A word may have several roles: "second" is a unit and an ordinal. Words stand in the tables as
//! [`fold`](crate::text::fold) leaves them.
mod de;
mod en;
mod neutral;

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Weekday;
use rustc_hash::FxHashMap;

/// What a word can do in a grammar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// A whole number: "five", "fünf".
    Cardinal(u32),
    /// Multiplies what stands before it: "hundred", "dozen".
    Scale(u32),
    /// "anderthalb": 1.5.
    Amount(f64),
    /// "couple": 2, with an article and perhaps "of".
    Couple,
    /// "a", "ein": one, where a unit follows.
    Article,
    And,
    Minus,
    Half,
    Quarter,
    ThreeQuarters,
    /// "fifth", "fünften".
    Ordinal(i8),
    /// `th` of "5th".
    OrdinalSuffix,
    Month(i8),
    Weekday(Weekday),
    /// The word is also another one ("may", "sun", "so"): it needs a sign that a date is meant.
    Unsure,
    /// Days from today: "tomorrow" is 1.
    Day(i64),
    Unit(Unit),
    /// "Viertelstunde", in seconds.
    Seconds(i64),
    Weekend,
    /// "Monatsende".
    MonthEnd,
    Next,
    /// "übernächste": the one after the next.
    AfterNext,
    Coming,
    Last,
    This,
    /// Opens "in 3 days".
    In,
    /// Closes "3 days ago".
    Ago,
    /// Opens "vor 3 Tagen".
    Prior,
    /// A word before a date: "on", "until", "am".
    On,
    The,
    Of,
    End,
    Start,
    Middle,
    /// A word before a time: "at", "um".
    At,
    Am,
    Pm,
    /// "o'clock", "Uhr".
    Clock,
    /// "noon", "midnight": the hour.
    Hour(i8),
    /// "half past two": minutes after the hour.
    Past,
    /// "quarter to five": minutes before it.
    To,
    /// The part of a day, by its name: "evening", "abends".
    Part(Part),
    /// The main unit of a currency.
    Currency(&'static str),
    /// A hundredth of a currency, if it says which.
    Cent(Option<&'static str>),
}

/// The part of a day, which makes 5 o'clock 05:00 or 17:00.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Year,
}

/// A table: words with a space between them, and their role.
type Table = [(&'static str, Role)];
type Index = FxHashMap<&'static str, Vec<Role>>;

/// The words of a language.
pub(super) struct Vocabulary {
    words: &'static Index,
    /// What else a word may be made of.
    compound: fn(&str) -> Option<Role>,
}

static ENGLISH: LazyLock<Index> = LazyLock::new(|| index(&[neutral::WORDS, en::WORDS]));
static GERMAN: LazyLock<Index> = LazyLock::new(|| index(&[neutral::WORDS, de::WORDS]));
static NEUTRAL: LazyLock<Index> = LazyLock::new(|| index(&[neutral::WORDS]));

fn index(tables: &[&'static Table]) -> Index {
    let mut index = Index::default();
    for (words, role) in tables.iter().copied().flatten() {
        for word in words.split(' ') {
            index.entry(word).or_default().push(*role);
        }
    }
    index
}

impl Vocabulary {
    /// The vocabulary of a language by its code; without words of its own, what is the same everywhere.
    pub(super) fn of(code: &str) -> Vocabulary {
        match code {
            "en" => Vocabulary { words: &ENGLISH, compound: |_| None },
            "de" => Vocabulary { words: &GERMAN, compound: de::compound },
            _ => Vocabulary { words: &NEUTRAL, compound: |_| None },
        }
    }

    /// The roles of a folded word.
    pub(super) fn roles(&self, word: &str) -> Cow<'static, [Role]> {
        let known = self.words.get(word).map(|roles| Cow::Borrowed(roles.as_slice()));
        known.or_else(|| (self.compound)(word).map(|role| Cow::Owned(vec![role]))).unwrap_or_default()
    }
}

/// All words of all tables.
#[cfg(test)]
pub(super) fn all() -> Vec<&'static str> {
    [neutral::WORDS, en::WORDS, de::WORDS]
        .into_iter()
        .flatten()
        .flat_map(|(words, _)| words.split(' '))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_words_as_they_are_looked_up() {
        for (words, _) in [neutral::WORDS, en::WORDS, de::WORDS].into_iter().flatten() {
            for word in words.split(' ') {
                let folded = crate::text::fold(word);
                assert!(folded == word || !word.chars().any(char::is_alphabetic), "{word:?} in {words:?}");
            }
        }
    }
}
