//! Settings in words, for `bot serve --check`.
use bot_core::catalog::{Hours, Silence};
use jiff::civil::Time;
use jiff::{SignedDuration, Unit};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `Monday to Friday 09:00–17:30, Saturday 10:00–14:00 (Europe/Berlin); closed on 2026-12-25`
pub fn hours(hours: Option<&Hours>) -> String {
    let Some(hours) = hours else { return "always open: bot.yaml names no hours".to_owned() };
    let open: Vec<_> = spans(hours).into_iter().filter_map(span_in_words).collect();
    let open = if open.is_empty() { "never open".to_owned() } else { open.join(", ") };
    let closed: Vec<_> = hours.closed.iter().map(ToString::to_string).collect();
    let closed = if closed.is_empty() { String::new() } else { format!("; closed on {}", closed.join(", ")) };
    format!("{open} ({}){closed}", hours.timezone)
}

type Day = Option<(Time, Time)>;

/// Days in a row with the same hours: first, last, hours.
fn spans(hours: &Hours) -> Vec<(usize, usize, Day)> {
    let mut spans: Vec<(usize, usize, Day)> = Vec::new();
    for (day, open) in hours.week.into_iter().enumerate() {
        match spans.last_mut().filter(|(.., last)| *last == open) {
            Some((_, last, _)) => *last = day,
            None => spans.push((day, day, open)),
        }
    }
    spans
}

fn span_in_words((first, last, open): (usize, usize, Day)) -> Option<String> {
    let (from, until) = open?;
    let days = match last - first {
        0 => DAYS[first].to_owned(),
        1 => format!("{} and {}", DAYS[first], DAYS[last]),
        _ => format!("{} to {}", DAYS[first], DAYS[last]),
    };
    Some(format!("{days} {}–{}", clock(from), clock(until)))
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `a reminder after 10 minutes, parked after 30 minutes, no reminder from 21:00 to 08:00`
pub fn silence(silence: &Silence) -> String {
    let parts: Vec<_> = [
        silence.remind.map(|after| format!("a reminder after {}", duration(after))),
        silence.park.map(|after| format!("parked after {}", duration(after))),
        silence.quiet.map(|(from, until)| format!("no reminder from {} to {}", clock(from), clock(until))),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { "no reminder: bot.yaml names none".to_owned() } else { parts.join(", ") }
}

/// `erased 90 days after the last message`
pub fn keep(keep: Option<SignedDuration>) -> String {
    match keep {
        Some(keep) => format!("conversations are erased {} after their last message", duration(keep)),
        None => "conversations are kept for ever: bot.yaml names no `keep`".to_owned(),
    }
}

/// `90 days`, `1 hour 30 minutes`
fn duration(duration: SignedDuration) -> String {
    let seconds = duration.round(Unit::Second).unwrap_or(duration).as_secs();
    let parts = [("day", 86_400, i64::MAX), ("hour", 3600, 24), ("minute", 60, 60), ("second", 1, 60)];
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(name, unit, wrap)| (name, seconds / unit % wrap))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;
    use bot_core::engine::Engine;

    use super::*;

    fn words(bot: &str) -> [String; 3] {
        let engine = Engine::load(vec![Source::new("bot.yaml", bot)]).unwrap();
        let settings = &engine.catalog().settings;
        [hours(settings.handoff.hours.as_ref()), silence(&settings.silence), keep(settings.keep)]
    }

    #[test]
    fn settings_in_words() {
        assert_eq!(
            words(
                r#"
handoff:
  hours: { timezone: Europe/Berlin, mon-fri: "09:00-17:30", sat: "10:00-14:00", closed: [2026-12-25] }
silence: { remind: 10m, park: 90m, quiet: "21:00-08:00" }
keep: 90d
"#
            ),
            [
                "Monday to Friday 09:00–17:30, Saturday 10:00–14:00 (Europe/Berlin); closed on 2026-12-25",
                "a reminder after 10 minutes, parked after 1 hour 30 minutes, no reminder from 21:00 to 08:00",
                "conversations are erased 90 days after their last message",
            ]
        );
        assert_eq!(
            words("name: Pip"),
            [
                "always open: bot.yaml names no hours",
                "no reminder: bot.yaml names none",
                "conversations are kept for ever: bot.yaml names no `keep`",
            ]
        );
    }
}
