//! When people are there: from the opening hours of `bot.yaml` to points in time.
//!
//! What it is not: it reads no YAML (that is the catalog) and says nothing to anybody. Hours are times on the wall of the
//! team's time zone, so a night on which the clocks change is as long as it is.
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

use crate::catalog::Hours;

/// Nobody who is away for three years opens again.
const DAYS: usize = 3 * 366;

/// When somebody is there.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// Now.
    Now,
    /// Not now; next at this time, in the team's time zone.
    At(Zoned),
    /// Never: no day has hours, or all of them are holidays.
    Never,
}

impl Hours {
    /// When somebody is there next.
    ///
    /// ```
    /// use bot_core::catalog::Hours;
    /// use bot_core::handoff::Opening;
    /// use jiff::civil::time;
    ///
    /// let nine_to_five = Some((time(9, 0, 0, 0), time(17, 0, 0, 0)));
    /// let hours = Hours { timezone: "Europe/Berlin".into(), week: [nine_to_five; 7], closed: vec![] };
    /// let evening = "2026-11-23T20:00[Europe/Berlin]".parse()?;
    /// assert_eq!(hours.next_open(&evening), Opening::At("2026-11-24T09:00[Europe/Berlin]".parse()?));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn next_open(&self, now: &Zoned) -> Opening {
        match self.spans(now).next() {
            Some((from, _)) if from <= *now => Opening::Now,
            Some((from, _)) => Opening::At(from),
            None => Opening::Never,
        }
    }

    /// When that much opening time has passed since `now`; `None`: never.
    pub fn after(&self, now: &Zoned, mut time: SignedDuration) -> Option<Zoned> {
        for (from, until) in self.spans(now) {
            let from = from.max(now.clone());
            let length = from.duration_until(&until);
            if time <= length {
                return from.checked_add(time).ok();
            }
            time -= length;
        }
        None
    }

    /// The spans of time in which somebody is there and that have not ended at `now`, in order.
    fn spans(&self, now: &Zoned) -> impl Iterator<Item = (Zoned, Zoned)> {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        let today = now.with_time_zone(zone.clone()).date();
        let days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
        let is_ever = self.week.iter().any(Option::is_some);
        let span = move |day: Date| {
            let (from, until) = self.on(day)?;
            let span = (start(day, from, &zone)?, end(day, until, &zone)?);
            // A span that lies in the hour that the clocks leave out is none.
            (span.0 < span.1 && span.1 > *now).then_some(span)
        };
        days.take(if is_ever { DAYS } else { 0 }).filter_map(span)
    }

    fn on(&self, day: Date) -> Option<(Time, Time)> {
        let span = self.week[day.weekday().to_monday_zero_offset().unsigned_abs() as usize];
        span.filter(|_| !self.closed.contains(&day))
    }
}

/// Of a time that the clocks show twice the first, of one that they leave out the moment after.
fn start(day: Date, time: Time, zone: &TimeZone) -> Option<Zoned> {
    zone.to_ambiguous_zoned(day.to_datetime(time)).compatible().ok()
}

/// Of a time that the clocks show twice the second. `24:00` is the beginning of the next day.
fn end(day: Date, time: Time, zone: &TimeZone) -> Option<Zoned> {
    if time == Time::MAX {
        return start(day.tomorrow().ok()?, Time::MIN, zone);
    }
    zone.to_ambiguous_zoned(day.to_datetime(time)).later().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn at(text: &str) -> Zoned {
        format!("{text}[Europe/Berlin]").parse().unwrap()
    }

    fn hours(week: [Option<(Time, Time)>; 7]) -> Hours {
        let closed = vec![date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)];
        Hours { timezone: "Europe/Berlin".into(), week, closed }
    }

    fn shop() -> Hours {
        let day = Some((time(9, 0, 0, 0), time(17, 30, 0, 0)));
        let saturday = Some((time(10, 0, 0, 0), time(14, 0, 0, 0)));
        hours([day, day, day, day, day, saturday, None])
    }

    fn always() -> Hours {
        hours([Some((Time::MIN, Time::MAX)); 7])
    }

    /// Sunday nights only: on 25 October 2026 the clocks show 02:30 twice, on 28 March 2027 not at all.
    fn sunday_nights() -> Hours {
        let mut week = [None; 7];
        week[6] = Some((time(2, 15, 0, 0), time(2, 45, 0, 0)));
        hours(week)
    }

    #[test]
    fn the_next_opening_is_known_whatever_the_calendar_does() {
        for (what, hours, now, next) in [
            ("open now", shop(), "2026-11-23T10:00", "now"),
            ("just opened", shop(), "2026-11-23T09:00", "now"),
            ("just closed", shop(), "2026-11-23T17:30", "2026-11-24T09:00:00+01:00[Europe/Berlin]"),
            ("before opening", shop(), "2026-11-23T08:59", "2026-11-23T09:00:00+01:00[Europe/Berlin]"),
            ("weekend", shop(), "2026-11-21T14:00", "2026-11-23T09:00:00+01:00[Europe/Berlin]"),
            ("holidays", shop(), "2026-12-24T18:00", "2026-12-28T09:00:00+01:00[Europe/Berlin]"),
            ("new year", shop(), "2026-12-31T18:00", "2027-01-02T10:00:00+01:00[Europe/Berlin]"),
            ("summer time", shop(), "2027-03-27T20:00", "2027-03-29T09:00:00+02:00[Europe/Berlin]"),
            ("winter time", shop(), "2026-10-24T20:00", "2026-10-26T09:00:00+01:00[Europe/Berlin]"),
            ("day and night", always(), "2026-11-23T23:59:59.999999999", "now"),
            (
                "day and night, holiday",
                always(),
                "2026-12-25T12:00",
                "2026-12-27T00:00:00+01:00[Europe/Berlin]",
            ),
            ("twice", sunday_nights(), "2026-10-25T02:30:00+01:00", "now"),
            ("left out", sunday_nights(), "2027-03-28T00:00", "2027-03-28T03:15:00+02:00[Europe/Berlin]"),
            ("never", hours([None; 7]), "2026-11-23T10:00", "never"),
        ] {
            let shown = match hours.next_open(&at(now)) {
                Opening::Now => "now".to_owned(),
                Opening::At(time) => time.to_string(),
                Opening::Never => "never".to_owned(),
            };
            assert_eq!(shown, next, "{what}");
        }
    }

    #[test]
    fn other_time_zones_see_the_same_hours() {
        let tokyo = "2026-11-24T03:00[Asia/Tokyo]".parse().unwrap();
        assert_eq!(shop().next_open(&tokyo), Opening::At(at("2026-11-24T09:00")));
    }

    #[test]
    fn spans_of_time_count_while_somebody_is_there() {
        for (what, hours, now, minutes, expected) in [
            ("open", shop(), "2026-11-23T10:00", 10, Some("2026-11-23T10:10")),
            ("until the last minute", shop(), "2026-11-23T17:20", 10, Some("2026-11-23T17:30")),
            ("over night", shop(), "2026-11-23T17:25", 10, Some("2026-11-24T09:05")),
            ("over the weekend", shop(), "2026-11-21T13:55", 10, Some("2026-11-23T09:05")),
            ("closed", shop(), "2026-11-22T12:00", 10, Some("2026-11-23T09:10")),
            ("over holidays", shop(), "2026-12-24T17:25", 10, Some("2026-12-28T09:05")),
            ("several days", shop(), "2026-11-23T09:00", 20 * 60, Some("2026-11-25T12:00")),
            ("the long night", always(), "2026-10-25T00:00", 4 * 60, Some("2026-10-25T03:00")),
            ("never", hours([None; 7]), "2026-11-23T10:00", 10, None),
        ] {
            let found = hours.after(&at(now), SignedDuration::from_mins(minutes));
            assert_eq!(found, expected.map(at), "{what}");
        }
    }
}
