//! Silence: a customer who leaves a question open is reminded once, then the topic is parked until they come back.
//!
//! One timer stands at a time: the reminder's, or the parking's. Parking says nothing: who is gone needs no message, and
//! who comes back is asked whether it is still about that (`comeback`). At night nothing is said at all.
//!
//! What it is not: it is not about agents who are slow.
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::event::{Event, Offer, Purpose};
use super::turn::Turn;
use crate::catalog::{Builtin, Silence};
use crate::handoff::Owner;
use crate::reply::Markup;
use crate::template::Text;

/// "One moment": who goes to look something up has this many times as long. With the sample's ten minutes that is enough
/// to find a letter, and short of an evening.
const PATIENCE: i32 = 4;

impl Turn<'_> {
    /// At the end of a turn: sets the timer that the silence from here on needs, if the one that stands is another.
    pub fn await_customer(&mut self) {
        if !self.waits_for_customer() {
            return self.end_silence();
        }
        let counts = |event: &Event| matches!(event, Event::CustomerSaid { .. } | Event::Said { .. });
        if !self.events.iter().any(counts) {
            return;
        }
        let next = self.next_of_silence();
        if self.silence_timers().map(|(_, at, purpose)| (purpose, at)).eq(next.clone()) {
            return;
        }
        self.end_silence();
        if let Some((purpose, at)) = next {
            self.set_silence(purpose, at);
        }
    }

    /// Whether the customer is who has to do something.
    fn waits_for_customer(&self) -> bool {
        let is_free = self.tracker.owner == Owner::Bot
            && self.topic().is_none_or(|topic| topic.calling.is_none() && !topic.parked);
        let asks = match &self.tracker.offer {
            Some(offer) => !matches!(offer, Offer::Rating { .. }),
            None => self.question().is_some(),
        };
        is_free && asks
    }

    fn silence(&self) -> &Silence {
        &self.brain.catalog.settings.silence
    }

    fn silence_timers(&self) -> impl Iterator<Item = (u64, Timestamp, Purpose)> {
        let timers = self.tracker.timers.iter();
        timers
            .filter(|(_, timer)| matches!(timer.purpose, Purpose::Remind | Purpose::Park))
            .map(|(number, timer)| (*number, timer.at, timer.purpose.clone()))
    }

    fn end_silence(&mut self) {
        let standing: Vec<u64> = self.silence_timers().map(|(number, ..)| number).collect();
        for timer in standing {
            self.emit(Event::TimerDone { timer });
        }
    }

    fn set_silence(&mut self, purpose: Purpose, at: Timestamp) {
        self.emit(Event::TimerSet { timer: self.tracker.last_number + 1, at, purpose });
    }

    /// What comes next if the customer stays silent from now on.
    fn next_of_silence(&self) -> Option<(Purpose, Timestamp)> {
        let times = if self.was_asked_to_wait() { PATIENCE } else { 1 };
        let after = |span: Option<SignedDuration>| self.now.checked_add(span?.checked_mul(times)?).ok();
        let Silence { remind, park, .. } = *self.silence();
        let just_reminded = self.events.iter().any(|event| matches!(event, Event::Reminded));
        let park = if just_reminded { after_reminder(remind, park) } else { park };
        let remind = after(remind.filter(|_| !self.was_reminded())).map(|at| self.awake(&at));
        sooner(remind.as_ref().map(Zoned::timestamp), after(park).map(|at| at.timestamp()))
    }

    fn was_asked_to_wait(&self) -> bool {
        let catalog = self.brain.catalog;
        let is_wait = |intent: &str| {
            catalog.intent_named(intent).and_then(|id| catalog.intent(id).builtin) == Some(Builtin::Wait)
        };
        self.events.iter().any(|event| matches!(event, Event::Understood { intent, .. } if is_wait(intent)))
    }

    /// Whether the customer was reminded of what waits for them now.
    fn was_reminded(&self) -> bool {
        match self.tracker.offer {
            Some(_) => self.tracker.reminded,
            None => self.topic().is_some_and(|topic| topic.reminded),
        }
    }

    /// That time, or the end of the quiet hours that it is in.
    pub fn awake(&self, at: &Zoned) -> Zoned {
        self.silence().quiet.and_then(|quiet| end_of_quiet(quiet, at)).unwrap_or_else(|| at.clone())
    }

    /// A timer of silence is due, perhaps long after its time: while nothing ran, nobody was reminded.
    pub fn silence_due(&mut self, purpose: &Purpose, at: Timestamp) {
        if !self.waits_for_customer() {
            return;
        }
        let Silence { remind, park, .. } = *self.silence();
        let park_at = after_reminder(remind, park).and_then(|span| at.checked_add(span).ok());
        let awake = self.awake(self.now).timestamp();
        let is_late = park_at.is_some_and(|park_at| park_at <= self.now.timestamp());
        if *purpose == Purpose::Park || is_late {
            self.park();
        } else if awake > self.now.timestamp() {
            let next = sooner(Some(awake), park_at);
            next.into_iter().for_each(|(purpose, at)| self.set_silence(purpose, at));
        } else {
            self.remind();
        }
    }

    /// The question, or what was offered, once more.
    fn remind(&mut self) {
        let last = self.previous.last().cloned();
        self.emit(Event::Reminded);
        let (text, buttons) = match (self.tracker.offer.is_some(), self.question(), last) {
            (false, Some(step), _) => (self.wording(step), self.labels(step)),
            (_, _, Some(last)) => {
                (last.text.0, last.buttons.into_iter().map(|button| button.label).collect())
            }
            _ => return,
        };
        let opening = self.rendered("bot", &Text::new("A short reminder:"), &self.text_values());
        self.deliver(Markup(format!("{opening} {text}")), buttons);
    }

    /// What was offered holds no longer; the topic waits until the customer comes back.
    fn park(&mut self) {
        if self.tracker.offer.is_some() {
            self.emit(Event::OfferClosed);
        }
        if self.topic().is_some() {
            self.emit(Event::Parked);
        }
    }
}

/// From the reminder to the parking.
fn after_reminder(remind: Option<SignedDuration>, park: Option<SignedDuration>) -> Option<SignedDuration> {
    Some(park?.checked_sub(remind?)?.max(SignedDuration::ZERO))
}

/// A reminder that would not come before the parking is left out.
fn sooner(remind: Option<Timestamp>, park: Option<Timestamp>) -> Option<(Purpose, Timestamp)> {
    match (remind, park) {
        (Some(remind), park) if park.is_none_or(|park| remind < park) => Some((Purpose::Remind, remind)),
        (_, Some(park)) => Some((Purpose::Park, park)),
        _ => None,
    }
}

/// When the quiet hours end that this time is in, if it is.
fn end_of_quiet((from, until): (Time, Time), at: &Zoned) -> Option<Zoned> {
    let time = at.time();
    let (evening, morning) = (time >= from, time < until);
    let is_quiet = if from <= until { evening && morning } else { evening || morning };
    let is_tomorrow = from > until && evening;
    let date = if is_tomorrow { at.date().tomorrow().ok()? } else { at.date() };
    let end = date.to_datetime(until).to_zoned(at.time_zone().clone()).ok()?;
    // Where the clocks change, the end may have been twice.
    Some(end).filter(|end| is_quiet && end > at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_in_the_morning() {
        let quiet = (Time::constant(21, 0, 0, 0), Time::constant(8, 0, 0, 0));
        let noon = (Time::constant(12, 0, 0, 0), Time::constant(13, 0, 0, 0));
        for (quiet, at, expected) in [
            (quiet, "2026-11-23T20:59", None),
            (quiet, "2026-11-23T21:00", Some("2026-11-24T08:00")),
            (quiet, "2026-11-24T07:59", Some("2026-11-24T08:00")),
            (quiet, "2026-11-24T08:00", None),
            (noon, "2026-11-24T12:30", Some("2026-11-24T13:00")),
            (noon, "2026-11-24T13:00", None),
            // The night of the change to winter time has one hour more, that to summer time one less.
            (quiet, "2026-10-24T23:00", Some("2026-10-25T08:00")),
            (quiet, "2026-03-28T23:00", Some("2026-03-29T08:00")),
        ] {
            let zoned = |text: &str| -> Zoned { format!("{text}[Europe/Berlin]").parse().unwrap() };
            assert_eq!(end_of_quiet(quiet, &zoned(at)), expected.map(zoned), "{at}");
        }
    }
}
