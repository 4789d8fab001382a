//! Dates in digits: `2026-11-24`, `24.11.2026`, `24.11.`, `11/24/2026`.
use super::{Found, Reader};
use crate::entity::calendar;
use crate::entity::words::Role;

impl Reader<'_> {
    /// Year, month, day.
    pub(super) fn iso(&self, at: usize) -> Found {
        let view = self.view;
        let year = view.digits(at).filter(|digits| digits.len() == 4 && view.starts_clean(at))?;
        let sign = &*view.at(at + 1)?.text;
        if !view.tight_sign(at + 1, &["-", "/", "."]) || !view.tight_sign(at + 3, &[sign]) {
            return None;
        }
        let (month, day) = (short(view.tight_digits(at + 2)?)?, short(view.tight_digits(at + 4)?)?);
        let date = calendar::dated(self.today, day, month, year.parse().ok())?;
        // A time may follow: 2026-11-24T10:00.
        let ends = view.ends_clean(at + 5) || view.word(at + 5, &["t"]);
        ends.then_some((date, at + 5))
    }

    /// Two numbers, and perhaps a year.
    pub(super) fn numeric(&self, at: usize) -> Found {
        let view = self.view;
        let first = short(view.digits(at).filter(|_| view.starts_clean(at))?)?;
        let sign = &*view.at(at + 1)?.text;
        if !view.tight_sign(at + 1, &["-", "/", "."]) {
            return None;
        }
        let spaced = sign == "." && !view.is_tight(at + 2);
        let second = short(view.digits(at + 2).filter(|_| spaced || view.is_tight(at + 2))?)?;
        let (year, end) = self.year_behind(at + 3, sign, spaced);
        if !view.ends_clean(end) || (year.is_none() && !self.needs_no_year(at, end, sign, spaced)) {
            return None;
        }
        let (day, month) = self.order(first, second, sign);
        Some((calendar::dated(self.today, day, month, year)?, end))
    }

    /// The year behind the sign, and the index after it; without one, the index after a closing point.
    fn year_behind(&self, at: usize, sign: &str, spaced: bool) -> (Option<i64>, usize) {
        let view = self.view;
        if !view.tight_sign(at, &[sign]) {
            return (None, at);
        }
        let digits = view
            .digits(at + 1)
            .filter(|digits| view.is_tight(at + 1) || (spaced || sign == ".") && digits.len() == 4);
        let year = digits.and_then(|digits| digits.parse::<i64>().ok().map(|year| (digits.len(), year)));
        match year {
            Some((4, year)) if (1900..2200).contains(&year) => (Some(year), at + 2),
            Some((2, year)) if sign != "-" && view.is_tight(at + 1) => {
                (Some(calendar::full_year(self.today, year)), at + 2)
            }
            _ => (None, at + usize::from(sign == ".")),
        }
    }

    /// Whether two numbers alone are a date here, and not a decimal, a fraction or a range.
    fn needs_no_year(&self, at: usize, end: usize, sign: &str, spaced: bool) -> bool {
        let view = self.view;
        let cue = self.answer || view.follows(at, Role::On) || view.follows(at, Role::The);
        let closed = end == at + 4;
        match sign {
            _ if spaced => closed && cue,
            "." => cue || (closed && !view.speaks("en")),
            // "24/7" is no date, and "1/2" is one only where a date is expected.
            "/" => {
                let two = |index: usize| view.digits(index).is_some_and(|digits| digits.len() == 2);
                let always = view.digits(at) == Some("24") && view.digits(at + 2) == Some("7");
                !always && (cue || two(at) || two(at + 2))
            }
            _ => false,
        }
    }

    /// Which number is the day and which the month.
    fn order(&self, first: i64, second: i64, sign: &str) -> (i64, i64) {
        let month_first = sign != "." && self.view.speaks("en");
        match (month_first, first > 12, second > 12) {
            (true, false, _) | (false, false, true) if sign != "." => (second, first),
            _ => (first, second),
        }
    }
}

/// One or two digits.
fn short(digits: &str) -> Option<i64> {
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}
