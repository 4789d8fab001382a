//! Whether there is a desk for each team that names some in `bot.yaml`. Pure.
use std::collections::BTreeMap;

use bot_core::schema::nearest;

use crate::Finding;
use crate::channels::Found;

/// `bot desk`, which is no channel and needs nothing.
const TERMINAL: &str = "terminal";

/// What is wrong with the desks of the teams.
pub(crate) fn desks(chosen: &BTreeMap<String, Vec<String>>, found: &Found) -> Vec<Finding> {
    let each = chosen.iter().flat_map(|(team, desks)| desks.iter().map(move |desk| (team, desk)));
    each.filter_map(|(team, desk)| wrong(team, desk, found)).collect()
}

fn wrong(team: &str, desk: &str, found: &Found) -> Option<Finding> {
    let channel = found.channels.iter().find(|channel| channel.kind.name == desk);
    if desk == TERMINAL || channel.is_some_and(|channel| channel.missing.is_empty()) {
        return None;
    }
    let what = format!("nobody sees the tickets of the team `{team}`: the desk `{desk}`");
    Some(match channel {
        Some(channel) => Finding::wrong(
            format!("{what} is not configured"),
            format!("{}, or name another desk in bot.yaml", channel.wanted().unwrap_or_default()),
        ),
        None => Finding::wrong(format!("{what} is not built into this program"), instead(desk, found)),
    })
}

fn instead(desk: &str, found: &Found) -> String {
    let names = || found.channels.iter().map(|channel| channel.kind.name).chain([TERMINAL]);
    match nearest(desk, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channels, Kind, Need};

    const fn kind(name: &'static str, needs: &'static [Need]) -> Kind {
        Kind { name, needs, check: None, start: |_| Box::pin(async { Ok(()) }) }
    }

    const KINDS: [Kind; 2] = [
        kind("pigeon", &[Need::setting("PIGEON_LOFT", "the loft")]),
        kind("raven", &[Need::setting("RAVEN_ROCK", "the rock")]),
    ];

    #[test]
    fn a_desk_that_is_not_there_is_named_with_its_team() {
        let variables = BTreeMap::from([("PIGEON_LOFT".to_owned(), "attic".to_owned())]);
        let found = Channels { built: &KINDS, absent: &[] }.look_up(&variables).unwrap();
        for (desk, want) in [
            ("pigeon", &[][..]),
            ("terminal", &[]),
            (
                "raven",
                &[
                    "the desk `raven` is not configured",
                    "set RAVEN_ROCK (the rock), or name another desk in bot.yaml",
                ],
            ),
            ("pigoen", &["the desk `pigoen` is not built into this program", "did you mean `pigeon`?"]),
            (
                "whale",
                &["the desk `whale` is not built into this program", "there are pigeon, raven, terminal"],
            ),
        ] {
            let chosen = BTreeMap::from([("billing".to_owned(), vec![desk.to_owned()])]);
            let lines: Vec<_> = desks(&chosen, &found).iter().flat_map(Finding::lines).collect();
            assert_eq!(lines.len(), want.len(), "{desk}: {lines:?}");
            for (line, want) in lines.iter().zip(want) {
                assert!(line.ends_with(want), "{desk}: {line}");
            }
            assert!(
                lines.first().is_none_or(|line| line.contains("the team `billing`")),
                "{desk}: {lines:?}"
            );
        }
    }
}
