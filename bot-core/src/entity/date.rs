//! Dates inside sentences, relative to today. The readings people most often expect:
//!
//! - `11/24` has the month first in English, `24.11.` the day first everywhere; `24/11` is unambiguous;
//! - without a year: the earliest such day that is not more than about three months ago (see `calendar`);
//! - "Tuesday" is the next one after today, "this Friday" may be today, "next Tuesday" is in the next week (from Monday on),
//!   "last Friday" the latest before today;
//! - "next week" is its Monday, "next month" its first day, "this weekend" its Saturday, "the end of the week" its Sunday;
//! - "on the 5th" is the next 5th, which may be today.
//!
//! A span holds what means the date, without the preposition: "on Tuesday" gives "Tuesday", but "in 3 days" stays whole.
mod numeric;
mod relative;
mod spelled;

use jiff::civil::Date;

use super::lexer::View;

/// What a grammar of dates is given.
pub(super) struct Reader<'a> {
    view: &'a View<'a>,
    today: Date,
    /// Whether the message answers a question for a date, so that less is needed to mean one.
    answer: bool,
}

/// A date and the index after it.
type Found = Option<(Date, usize)>;

impl<'a> Reader<'a> {
    /// A reader of one message.
    pub(super) fn new(view: &'a View<'a>, today: Date, answer: bool) -> Reader<'a> {
        Reader { view, today, answer }
    }

    /// The date that starts at that index, by the grammar that reads most of the message.
    pub(super) fn read(&self, at: usize) -> Found {
        let grammars = [
            Reader::iso,
            Reader::numeric,
            Reader::day_and_month,
            Reader::month_and_day,
            Reader::named_day,
            Reader::weekday,
            Reader::in_units,
            Reader::ago,
            Reader::period,
            Reader::edge,
            Reader::day_of_month,
        ];
        let found = grammars.iter().filter_map(|grammar| grammar(self, at));
        // The first of the longest: max_by_key would take the last.
        found.fold(None, |best: Found, found| match best {
            Some(best) if best.1 >= found.1 => Some(best),
            _ => Some(found),
        })
    }
}
