//! `bot.yaml` with its defaults.
use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZoneDatabase;

use super::values::{duration, times};
use super::{HandoffSettings, Hours, Settings, Silence, Thresholds};
use crate::schema::read::{At, Words};
use crate::schema::report::{Report, did_you_mean};
use crate::schema::written::{self, Contents};
use crate::template::Text;
use crate::text::Language;

const DEFAULTS: Thresholds = Thresholds { act: 0.60, ask: 0.30, tie: 0.10, misses: 2 };
const CLAIM_WITHIN: SignedDuration = SignedDuration::from_mins(10);
const ANSWER_WITHIN: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn compile(report: &Report, contents: &[Contents]) -> Settings {
    let none = written::Settings::default();
    let written = contents.iter().find_map(|contents| contents.settings.as_ref()).unwrap_or(&none);
    let length = |words: &Option<Words>, what| words.as_ref().and_then(|words| duration(report, words, what));
    Settings {
        name: written.name.as_ref().map_or_else(|| "Bot".to_owned(), |name| name.text.clone()),
        languages: languages(report, &written.languages),
        greeting: written.greeting.as_ref().map(|text| Text::new(text.text.clone())),
        understanding: thresholds(report, written),
        handoff: handoff(report, written),
        silence: Silence {
            remind: length(&written.remind, "`remind`"),
            park: length(&written.park, "`park`"),
            quiet: written.quiet.as_ref().and_then(|words| times(report, words, "`quiet`")),
        },
        keep: length(&written.keep, "`keep`"),
        facts: written.facts.iter().map(|(name, value)| (name.text.clone(), value.clone())).collect(),
    }
}

fn languages(report: &Report, written: &[Words]) -> Vec<Language> {
    let mut languages = Vec::new();
    for words in written {
        let language = Language::new(&words.text);
        let code = language.code();
        if !(2..=3).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            let message = format!("`{}` is not the code of a language", words.text);
            report.error(words.place, "bad-value", message, "codes are such as `en`, `de`, `fr`".to_owned());
        } else if languages.contains(&language) {
            let message = format!("the language `{code}` is listed twice");
            report.error(words.place, "duplicate-name", message, "delete one of them".to_owned());
        } else {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        languages.push(Language::new("en"));
    }
    languages
}

fn thresholds(report: &Report, written: &written::Settings) -> Thresholds {
    let value = |number: &Option<At<f64>>, what| number.and_then(|number| threshold(report, number, what));
    let (act, ask) = (value(&written.act, "`act`"), value(&written.ask, "`ask`"));
    if let (Some(act), Some(ask), Some(At { place, .. })) = (act, ask, written.ask)
        && ask > act
    {
        let message = format!("`ask` is {ask} and `act` is {act}: the bot would never ask");
        report.error(place, "bad-value", message, "make `ask` smaller than `act`".to_owned());
    }
    // One that is not written follows the one that is.
    Thresholds {
        act: act.unwrap_or_else(|| DEFAULTS.act.max(ask.unwrap_or(0.0))),
        ask: ask.unwrap_or_else(|| DEFAULTS.ask.min(act.unwrap_or(1.0))),
        tie: value(&written.tie, "`tie`").unwrap_or(DEFAULTS.tie),
        misses: written.misses.map_or(DEFAULTS.misses, |misses| misses.value),
    }
}

/// A number from 0 to 1; what is none is reported.
pub(super) fn threshold(report: &Report, At { value, place }: At<f64>, what: &str) -> Option<f64> {
    let fits = (0.0..=1.0).contains(&value);
    if !fits {
        let is_percent = (2.0..=100.0).contains(&value);
        let meant = is_percent.then(|| format!("for {value} %, write `{}`", value / 100.0));
        report.error(place, "bad-value", format!("{what} must be a number from 0 to 1"), meant);
    }
    fits.then_some(value)
}

fn handoff(report: &Report, written: &written::Settings) -> HandoffSettings {
    let names = once(report, written.teams.iter().map(|team| &team.name), "the team");
    let teams = if names.is_empty() { vec!["support".to_owned()] } else { names };
    let chosen = written.teams.iter().filter(|team| !team.desks.is_empty());
    let desks = chosen.map(|team| (team.name.text.clone(), desks(report, team))).collect();
    let hours = written.hours.as_ref().map(|written| hours(report, written));
    let within = |words: &Option<Words>, what, default| {
        words.as_ref().and_then(|words| duration(report, words, what)).unwrap_or(default)
    };
    HandoffSettings {
        hours,
        teams,
        desks,
        rating: written.rating.is_some_and(|rating| rating.value),
        claim_within: within(&written.claim_within, "`claim_within`", CLAIM_WITHIN),
        answer_within: within(&written.answer_within, "`answer_within`", ANSWER_WITHIN),
    }
}

/// The names of a list that has each once.
fn once<'a>(report: &Report, written: impl Iterator<Item = &'a Words>, what: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for Words { text, place, .. } in written {
        if names.contains(text) {
            report.error(*place, "duplicate-name", format!("{what} `{text}` is listed twice"), None);
        } else {
            names.push(text.clone());
        }
    }
    names
}

/// The names of desks, as programs have them: in small letters.
fn desks(report: &Report, team: &written::Team) -> Vec<String> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    for desk in team.desks.iter().filter(|desk| !is_name(&desk.text)) {
        let small = desk.text.to_lowercase();
        let help = if is_name(&small) {
            format!("write `{small}`")
        } else {
            "desks are such as `telegram`, `discord`, `terminal`".to_owned()
        };
        report.error(desk.place, "bad-value", format!("`{}` is no name of a desk", desk.text), help);
    }
    once(report, team.desks.iter(), "the desk")
}

fn hours(report: &Report, written: &written::Hours) -> Hours {
    let mut week = [None; 7];
    let mut from = BTreeMap::new();
    // A single day is an exception to a range, wherever it stands.
    let (ranges, days): (Vec<_>, Vec<_>) = written.days.iter().partition(|(day, _)| day.text.contains('-'));
    for (name, value) in ranges.iter().chain(&days) {
        let Some(days) = days_of(report, name) else { continue };
        let open = opening(report, value, &name.text);
        for day in days {
            let is_range = name.text.contains('-');
            if let Some(other) = from.insert((day, is_range), &name.text) {
                let message = format!("`{}` and `{other}` speak of the same day", name.text);
                report.error(name.place, "duplicate-key", message, "write each day once".to_owned());
            }
            week[day] = open;
        }
    }
    if written.days.is_empty() {
        let help = "write at least one day, such as `mon-fri: \"09:00-17:30\"`".to_owned();
        report.error(
            written.key.place,
            "missing-key",
            "these `hours` have no day on which somebody is there",
            help,
        );
    }
    Hours { timezone: timezone(report, written), week, closed: closed(report, &written.closed) }
}

/// From and until; `closed` is no time at all.
fn opening(report: &Report, value: &Words, day: &str) -> Option<(Time, Time)> {
    if value.text == "closed" {
        return None;
    }
    let (from, until) = times(report, value, &format!("`{day}`"))?;
    if until <= from {
        let message = format!("on `{day}`, the end stands before the beginning");
        report.error(value.place, "bad-value", message, "hours past midnight end at `24:00`".to_owned());
    }
    Some((from, until))
}

/// `sat` or `mon-fri`, also around the weekend: `fri-mon`.
fn days_of(report: &Report, name: &Words) -> Option<Vec<usize>> {
    let day = written::day;
    let found = match name.text.split_once('-') {
        None => day(&name.text).map(|day| vec![day]),
        Some((first, last)) => day(first).zip(day(last)).map(|(first, last)| {
            let length = (last + 7 - first) % 7;
            (first..=first + length).map(|day| day % 7).collect()
        }),
    };
    if found.is_none() {
        let message = format!("`{}` is no day and no range of days", name.text);
        report.error(
            name.place,
            "unknown-key",
            message,
            "days are mon, tue, wed, thu, fri, sat, sun; a range is `mon-fri`".to_owned(),
        );
    }
    found
}

fn timezone(report: &Report, written: &written::Hours) -> String {
    let Some(words) = &written.timezone else {
        let help = "write one such as `timezone: Europe/Berlin`; until then it is UTC".to_owned();
        report.warning(written.key.place, "missing-key", "these `hours` have no `timezone`", help);
        return "UTC".to_owned();
    };
    let zones = TimeZoneDatabase::bundled();
    if zones.get(&words.text).is_err() {
        let names: Vec<_> = zones.available().map(|name| name.as_str().to_owned()).collect();
        let help = did_you_mean(&words.text, names.iter().map(String::as_str))
            .or_else(|| city(&words.text, &names))
            .unwrap_or_else(|| {
                "time zones are named after a continent and a city, such as `Europe/Berlin`".to_owned()
            });
        report.error(words.place, "bad-value", format!("there is no time zone `{}`", words.text), help);
    }
    words.text.clone()
}

/// `Berlin` for `Europe/Berlin`.
fn city(written: &str, names: &[String]) -> Option<String> {
    let suffix = format!("/{}", written.trim().to_lowercase().replace(' ', "_"));
    let name = names.iter().find(|name| name.to_lowercase().ends_with(&suffix))?;
    Some(format!("did you mean `{name}`?"))
}

fn closed(report: &Report, written: &[Words]) -> Vec<Date> {
    let date = |words: &Words| {
        let date = words.text.parse::<Date>().ok();
        if date.is_none() {
            let message = format!("`{}` is no date", words.text);
            report.error(
                words.place,
                "bad-value",
                message,
                "write year, month and day: `2026-12-25`".to_owned(),
            );
        }
        date
    };
    written.iter().filter_map(date).collect()
}
