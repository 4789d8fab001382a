//! The arithmetic of dates: everything is checked, and what does not exist is no date.
use jiff::civil::{Date, Weekday};

use super::words::Unit;

/// How far back a date without a year may lie: about three months. Customers speak of what they ordered lately and of
/// what shall come, so that the earliest such day that is not longer ago is meant.
const PAST_DAYS: i64 = 92;

/// The date some units away, if there is such a day.
pub(super) fn shifted(today: Date, count: i64, unit: Unit) -> Option<Date> {
    let span = jiff::Span::new();
    let span = match unit {
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Fortnight => span.try_weeks(count.checked_mul(2)?),
        Unit::Month => span.try_months(count),
        Unit::Year => span.try_years(count),
        Unit::Second | Unit::Minute | Unit::Hour => return None,
    };
    today.checked_add(span.ok()?).ok()
}

/// A day of a month, in that year, or else where it is nearest by the rule of three months.
pub(super) fn dated(today: Date, day: i64, month: i64, year: Option<i64>) -> Option<Date> {
    match year {
        Some(year) => exact(year, month, day),
        None => {
            let earliest = shifted(today, -PAST_DAYS, Unit::Day)?;
            let this_year = i64::from(today.year());
            // Eight years: 29 February may be that far.
            (this_year - 1..=this_year + 8)
                .filter_map(|year| exact(year, month, day))
                .find(|date| *date >= earliest)
        }
    }
}

fn exact(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The next such day of a month, today included.
pub(super) fn day_of_month(today: Date, day: i64) -> Option<Date> {
    let first = today.first_of_month();
    // Two months in a row lack a 31st at most, so the third has it.
    let candidates = (0..4).filter_map(|months| shifted(first, months, Unit::Month));
    candidates
        .filter_map(|month| exact(i64::from(month.year()), i64::from(month.month()), day))
        .find(|date| *date >= today)
}

/// A year of two digits: at most 20 years ahead, else of the last century ("12.05.85" is a birthday).
pub(super) fn full_year(today: Date, short: i64) -> i64 {
    let year = i64::from(today.year()).div_euclid(100) * 100 + short;
    if year > i64::from(today.year()) + 20 { year - 100 } else { year }
}

/// Monday of the week that many weeks away.
pub(super) fn week(today: Date, weeks: i64) -> Option<Date> {
    let monday = shifted(today, -i64::from(today.weekday().to_monday_zero_offset()), Unit::Day)?;
    shifted(monday, weeks, Unit::Week)
}

/// A weekday of the week that many weeks away.
pub(super) fn weekday_of_week(today: Date, weekday: Weekday, weeks: i64) -> Option<Date> {
    shifted(week(today, weeks)?, i64::from(weekday.to_monday_zero_offset()), Unit::Day)
}

/// The next such weekday, strictly after today.
pub(super) fn after(today: Date, weekday: Weekday) -> Option<Date> {
    let days = i64::from(today.weekday().until(weekday));
    shifted(today, if days == 0 { 7 } else { days }, Unit::Day)
}

/// The last such weekday, strictly before today.
pub(super) fn before(today: Date, weekday: Weekday) -> Option<Date> {
    let days = i64::from(today.weekday().since(weekday));
    shifted(today, if days == 0 { -7 } else { -days }, Unit::Day)
}

/// The first and the last day of the month that many months away.
pub(super) fn month(today: Date, months: i64) -> Option<(Date, Date)> {
    let first = shifted(today.first_of_month(), months, Unit::Month)?;
    Some((first, first.last_of_month()))
}

/// The first and the last day of the year that many years away.
pub(super) fn year(today: Date, years: i64) -> Option<(Date, Date)> {
    let first = shifted(today.first_of_year(), years, Unit::Year)?;
    Some((first, first.last_of_year()))
}

/// Saturday of this week; on a weekend, of that one.
pub(super) fn weekend(today: Date) -> Option<Date> {
    weekday_of_week(today, Weekday::Saturday, 0)
}
