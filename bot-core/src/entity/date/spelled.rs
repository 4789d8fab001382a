//! Dates with the month in words: "24 November 2026", "Nov 24th", "der fünfte Mai", and the day alone: "on the 5th".
use super::{Found, Reader};
use crate::entity::calendar;
use crate::entity::lexer::Kind;
use crate::entity::words::Role;

/// A number of a day, how it is written, and the index after it.
struct Day {
    number: i64,
    /// "24th", "24.", "fifth": nothing but an ordinal.
    ordinal: bool,
    end: usize,
}

impl Reader<'_> {
    /// "24 November", "the 24th of November 2026", "24. Nov".
    pub(super) fn day_and_month(&self, at: usize) -> Found {
        let view = self.view;
        let start = view.skip(at, Role::The);
        let day = self.day(start)?;
        let month_at = view.skip(day.end, Role::Of);
        let month = self.month(month_at)?;
        let unsure = view.has(month_at, Role::Unsure);
        let last = view.at(month_at + 1).is_none_or(|unit| unit.kind != Kind::Word);
        if unsure && !(day.ordinal || self.answer || last || self.capital(month_at)) {
            return None;
        }
        let (year, end) = self.year(month_at + 1);
        Some((calendar::dated(self.today, day.number, month, year)?, end))
    }

    /// "Nov 24th", "November 24, 2026", "May the fourth".
    pub(super) fn month_and_day(&self, at: usize) -> Found {
        let view = self.view;
        let month = self.month(at)?;
        let point = at + 1 + usize::from(view.tight_sign(at + 1, &["."]));
        let day = self.day(view.skip(point, Role::The))?;
        let cue = view.follows(at, Role::On) || self.answer || day.ordinal || self.capital(at);
        if (view.has(at, Role::Unsure) && !cue) || self.is_time(day.end) {
            return None;
        }
        let (year, end) = self.year(day.end);
        Some((calendar::dated(self.today, day.number, month, year)?, end))
    }

    /// "on the 5th", "am 5.": the day alone, after a preposition, where nothing else is counted by it.
    pub(super) fn day_of_month(&self, at: usize) -> Found {
        let view = self.view;
        let start = view.skip(at, Role::The);
        let cue = view.follows(at, Role::On) && (start > at || view.speaks("de"));
        if cue { self.ordinal_day(start) } else { None }
    }

    /// An ordinal that stands alone, behind what says that it is a day: "27th" in "Friday the 27th".
    pub(super) fn ordinal_day(&self, at: usize) -> Found {
        let day = self.day(at).filter(|day| day.ordinal)?;
        if !self.closes(day.end) {
            return None;
        }
        Some((calendar::day_of_month(self.today, day.number)?, day.end))
    }

    /// The bare day of an answer: "5", "the 5th", "am 5.".
    pub(in crate::entity) fn bare_day(&self) -> Found {
        let view = self.view;
        let start = view.skip(view.skip(0, Role::On), Role::The);
        let day = self.day(start)?;
        let closed = view.units[day.end..].iter().all(|unit| unit.kind == Kind::Sign);
        closed.then(|| calendar::day_of_month(self.today, day.number).map(|date| (date, day.end))).flatten()
    }

    fn day(&self, at: usize) -> Option<Day> {
        let view = self.view;
        let Some(digits) = view.digits(at) else { return self.day_word(at) };
        let number = digits.parse().ok().filter(|number| (1..=31).contains(number) && digits.len() <= 2)?;
        let end = at + 1;
        let suffix = view.tight_word(end) && view.has(end, Role::OrdinalSuffix);
        let point = view.tight_sign(end, &["."]) && view.tight_digits(end + 1).is_none();
        let clean = suffix || point || view.ends_clean(end);
        let day = Day {
            number,
            ordinal: suffix || (point && !view.speaks("en")),
            end: end + usize::from(suffix || point),
        };
        (clean && view.starts_clean(at)).then_some(day)
    }

    /// "fifth", "twenty-first".
    fn day_word(&self, at: usize) -> Option<Day> {
        let view = self.view;
        let ordinal = |index| {
            view.role(
                index,
                |role| if let Role::Ordinal(number) = role { Some(i64::from(number)) } else { None },
            )
        };
        let tens = view.role(at, |role| match role {
            Role::Cardinal(tens @ (20 | 30)) => Some(i64::from(tens)),
            _ => None,
        });
        if let Some(tens) = tens {
            let next = at + 1 + usize::from(view.tight_sign(at + 1, &["-"]));
            return ordinal(next).filter(|ones| *ones < 10).map(|ones| Day {
                number: tens + ones,
                ordinal: true,
                end: next + 1,
            });
        }
        ordinal(at).map(|number| Day { number, ordinal: true, end: at + 1 })
    }

    pub(super) fn month(&self, at: usize) -> Option<i64> {
        self.view.role(at, |role| if let Role::Month(month) = role { Some(i64::from(month)) } else { None })
    }

    /// A year of four digits, perhaps behind a point or comma, and the index after it.
    fn year(&self, at: usize) -> (Option<i64>, usize) {
        let view = self.view;
        let start = at + usize::from(view.tight_sign(at, &[".", ","]));
        let year = view.digits(start).filter(|digits| digits.len() == 4 && view.ends_clean(start + 1));
        match year.and_then(|digits| digits.parse().ok()).filter(|year| (1900..2200).contains(year)) {
            Some(year) => (Some(year), start + 1),
            None => (None, at),
        }
    }

    fn capital(&self, at: usize) -> bool {
        self.view.at(at).is_some_and(|unit| unit.capital)
    }

    fn is_time(&self, at: usize) -> bool {
        let role = |role| self.view.has(at, role);
        role(Role::Am)
            || role(Role::Pm)
            || role(Role::Clock)
            || super::super::duration::unit(self.view, at).is_some()
    }

    /// Whether an ordinal before this index stands alone: "the 5th" in "on the 5th please", not in "on the 5th floor".
    fn closes(&self, at: usize) -> bool {
        const FUNCTION_WORDS: [&str; 60] = [
            "and",
            "or",
            "at",
            "in",
            "on",
            "please",
            "if",
            "is",
            "was",
            "it",
            "i",
            "we",
            "you",
            "but",
            "to",
            "for",
            "because",
            "when",
            "around",
            "before",
            "after",
            "of",
            "would",
            "will",
            "not",
            "then",
            "so",
            "with",
            "by",
            "around",
            "und",
            "oder",
            "um",
            "bitte",
            "wenn",
            "ist",
            "war",
            "ich",
            "wir",
            "aber",
            "zu",
            "fur",
            "weil",
            "gegen",
            "bei",
            "nicht",
            "dann",
            "mit",
            "da",
            "bestellt",
            "geliefert",
            "gekauft",
            "kommen",
            "noch",
            "an",
            "ware",
            "geht",
            "kommt",
            "liefern",
            "schon",
        ];
        let part = |role| matches!(role, Role::Part(_)).then_some(());
        let Some(unit) = self.view.at(at) else { return true };
        unit.kind == Kind::Sign || FUNCTION_WORDS.contains(&&*unit.text) || self.view.role(at, part).is_some()
    }
}
