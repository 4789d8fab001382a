//! Dates told from today: "tomorrow", "next Tuesday", "in 3 days", "vor einer Woche", "end of the month".
use jiff::civil::{Date, Weekday};

use super::{Found, Reader};
use crate::entity::calendar;
use crate::entity::duration;
use crate::entity::number::quantity;
use crate::entity::words::{Role, Unit};

impl Reader<'_> {
    /// "tomorrow", "the day after tomorrow", "morgen früh".
    pub(super) fn named_day(&self, at: usize) -> Found {
        let view = self.view;
        let day = |index| view.role(index, |role| if let Role::Day(days) = role { Some(days) } else { None });
        let start = view.skip(at, Role::The);
        let further = match () {
            () if !view.word(start, &["day"]) => None,
            () if view.word(start + 1, &["after"]) => day(start + 2).filter(|days| *days > 0),
            () if view.word(start + 1, &["before"]) => day(start + 2).filter(|days| *days < 0),
            () => None,
        };
        if let Some(days) = further {
            return Some((calendar::shifted(self.today, days + days.signum(), Unit::Day)?, start + 3));
        }
        let days = day(at).filter(|_| !self.is_morning(at))?;
        Some((calendar::shifted(self.today, days, Unit::Day)?, at + 1))
    }

    /// Whether "Morgen" is the morning: "guten Morgen", "am Morgen", "heute Morgen", and the greeting "Morgen zusammen".
    fn is_morning(&self, at: usize) -> bool {
        const BEFORE: [&str; 20] = [
            "guten",
            "gutem",
            "guter",
            "schonen",
            "wunderschonen",
            "am",
            "heute",
            "gestern",
            "jeden",
            "diesen",
            "vom",
            "den",
            "der",
            "dem",
            "eines",
            "moin",
            "fruhen",
            "vorgestern",
            "ubermorgen",
            "gut",
        ];
        let view = self.view;
        let named = at.checked_sub(1).is_some_and(|before| view.word(before, &BEFORE));
        let weekday = at.checked_sub(1).is_some_and(|before| self.weekday_at(before).is_some());
        let greeting = at == 0 && view.word(at + 1, &["zusammen", "allerseits", "leute", "bot", "team"]);
        view.word(at, &["morgen"]) && (named || weekday || greeting)
    }

    fn weekday_at(&self, at: usize) -> Option<Weekday> {
        self.view.role(at, |role| if let Role::Weekday(weekday) = role { Some(weekday) } else { None })
    }

    /// "Tuesday", "next Tuesday", "Tuesday next week", "Dienstag, den 24.11.".
    pub(super) fn weekday(&self, at: usize) -> Found {
        let view = self.view;
        let which = self.which(at);
        let start = at + usize::from(which.is_some());
        let weekday = self.weekday_at(start)?;
        if let Some(dated) = self.weekday_with_date(start + 1) {
            return Some(dated);
        }
        // "mon" may be a word of another kind, "So" is the German "so".
        let short = self.answer && view.units.len() <= 2;
        let cue = which.is_some() || short || view.follows(at, Role::On);
        if view.has(start, Role::Unsure) && !cue {
            return None;
        }
        if let Some(weeks) = self.week_at(start + 1) {
            return Some((calendar::weekday_of_week(self.today, weekday, weeks)?, start + 3));
        }
        Some((self.resolved(weekday, which)?, start + 1))
    }

    fn resolved(&self, weekday: Weekday, which: Option<Role>) -> Option<Date> {
        match which {
            Some(Role::Next) => calendar::weekday_of_week(self.today, weekday, 1),
            Some(Role::AfterNext) => calendar::weekday_of_week(self.today, weekday, 2),
            Some(Role::Last) => calendar::before(self.today, weekday),
            Some(Role::This) if self.today.weekday() == weekday => Some(self.today),
            _ => calendar::after(self.today, weekday),
        }
    }

    /// The date that says more than the weekday before it.
    fn weekday_with_date(&self, at: usize) -> Found {
        let view = self.view;
        let point = at + usize::from(view.tight_sign(at, &["."]));
        let comma = point + usize::from(view.sign(point, &[","]));
        let start = view.skip(comma, Role::The);
        [Reader::iso, Reader::numeric, Reader::day_and_month, Reader::month_and_day]
            .iter()
            .find_map(|grammar| grammar(self, start))
            .or_else(|| (start > comma).then(|| self.ordinal_day(start)).flatten())
    }

    fn which(&self, at: usize) -> Option<Role> {
        self.view.role(at, |role| {
            matches!(role, Role::Next | Role::AfterNext | Role::Coming | Role::Last | Role::This)
                .then_some(role)
        })
    }

    /// How many weeks away "next week" is.
    fn week_at(&self, at: usize) -> Option<i64> {
        let away = away(self.which(at)?);
        self.is_unit(at + 1, Unit::Week).then_some(away)
    }

    fn is_unit(&self, at: usize, unit: Unit) -> bool {
        self.view.has(at, Role::Unit(unit))
    }

    /// "in 3 days", "in einer Woche", "3 days from now".
    pub(super) fn in_units(&self, at: usize) -> Found {
        let view = self.view;
        if view.has(at, Role::In) {
            return self.shift(at + 1, 1);
        }
        let (date, end) = self.shift(at, 1)?;
        let from_now = view.word(end, &["from"]) && view.word(end + 1, &["now", "today"]);
        from_now.then_some((date, end + 2))
    }

    /// "3 days ago", "vor 3 Tagen".
    pub(super) fn ago(&self, at: usize) -> Found {
        let view = self.view;
        if view.has(at, Role::Prior) {
            return self.shift(at + 1, -1);
        }
        let (date, end) = self.shift(at, -1)?;
        view.has(end, Role::Ago).then_some((date, end + 1))
    }

    /// The date that many units away.
    fn shift(&self, at: usize, direction: i64) -> Found {
        let (count, end) = quantity(self.view, at)?;
        let unit = duration::unit(self.view, end)?;
        // 100,000 days are 273 years; nobody means more, and so nothing overflows.
        let sensible = count.fract() == 0.0 && (0.0..=100_000.0).contains(&count);
        let date =
            sensible.then(|| calendar::shifted(self.today, count as i64 * direction, unit)).flatten()?;
        Some((date, end + 1))
    }

    /// "next week", "last month", "this weekend", "the week after next", "nächste Woche Dienstag".
    pub(super) fn period(&self, at: usize) -> Found {
        let view = self.view;
        let start = view.skip(at, Role::The);
        if self.is_unit(start, Unit::Week)
            && view.word(start + 1, &["after"])
            && view.has(start + 2, Role::Next)
        {
            return Some((calendar::week(self.today, 2)?, start + 3));
        }
        if view.has(at, Role::Weekend) {
            let cue = self.answer || view.follows(at, Role::On) || view.follows(at, Role::The);
            return cue.then(|| calendar::weekend(self.today)).flatten().map(|date| (date, at + 1));
        }
        let which = self.which(at)?;
        if view.has(at + 1, Role::Weekend) {
            let weeks = away(which);
            return Some((calendar::weekday_of_week(self.today, Weekday::Saturday, weeks)?, at + 2));
        }
        if which == Role::This {
            return None;
        }
        let first = match duration::unit(view, at + 1)? {
            Unit::Week => return self.week_and_day(away(which), at + 2),
            Unit::Month => calendar::month(self.today, away(which))?.0,
            Unit::Year => calendar::year(self.today, away(which))?.0,
            _ => return None,
        };
        Some((first, at + 2))
    }

    /// "next week", or "next week on Tuesday".
    fn week_and_day(&self, weeks: i64, end: usize) -> Found {
        let day = self.view.skip(end, Role::On);
        match self.weekday_at(day).filter(|_| !self.view.has(day, Role::Unsure)) {
            Some(weekday) => Some((calendar::weekday_of_week(self.today, weekday, weeks)?, day + 1)),
            None => Some((calendar::week(self.today, weeks)?, end)),
        }
    }

    /// "the end of the month", "Anfang nächster Woche", "Ende November", "Monatsende".
    pub(super) fn edge(&self, at: usize) -> Found {
        let view = self.view;
        if view.has(at, Role::MonthEnd) {
            return Some((calendar::month(self.today, 0)?.1, at + 1));
        }
        let start = view.skip(at, Role::The);
        let edge =
            view.role(start, |role| matches!(role, Role::End | Role::Start | Role::Middle).then_some(role))?;
        let of = view.skip(start + 1 + usize::from(view.tight_sign(start + 1, &["-"])), Role::Of);
        let the = view.skip(of, Role::The);
        if let Some(month) =
            self.month(the).filter(|_| of > start + 1 || view.speaks("de") || edge == Role::Middle)
        {
            let first = calendar::dated(self.today, 28, month, None)?.first_of_month();
            return Some((within(edge, first, first.last_of_month())?, the + 1));
        }
        let which = self.which(the);
        let unit_at = the + usize::from(which.is_some());
        let (first, last) = self.bounds(unit_at, which.map_or(0, away))?;
        (unit_at > start + 1).then(|| within(edge, first, last).map(|date| (date, unit_at + 1))).flatten()
    }

    fn bounds(&self, at: usize, away: i64) -> Option<(Date, Date)> {
        match duration::unit(self.view, at)? {
            Unit::Week => {
                let monday = calendar::week(self.today, away)?;
                Some((monday, calendar::shifted(monday, 6, Unit::Day)?))
            }
            Unit::Month => calendar::month(self.today, away),
            Unit::Year => calendar::year(self.today, away),
            _ => None,
        }
    }
}

/// The day at an edge: the middle of a month is its 15th.
fn within(edge: Role, first: Date, last: Date) -> Option<Date> {
    match edge {
        Role::End => Some(last),
        Role::Start => Some(first),
        _ => calendar::shifted(first, i64::from(first.until(last).ok()?.get_days() / 2).min(14), Unit::Day),
    }
}

/// How many weeks, months or years away a period is.
fn away(which: Role) -> i64 {
    match which {
        Role::Next | Role::Coming => 1,
        Role::AfterNext => 2,
        Role::Last => -1,
        _ => 0,
    }
}
