//! Whether each team has a room, and each room a team. Pure.
use bot_runtime::desk::board::Room;

use crate::{Check, Finding};

/// What is to be said of the rooms of a desk, which a variable names. A bot with errors has no teams to compare with.
pub fn teams(check: &Check, desk: &str, variable: &str, rooms: &[Room]) -> Vec<Finding> {
    let Some(engine) = &check.engine else { return Vec::new() };
    let handoff = &engine.catalog().settings.handoff;
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        handoff.teams.iter().partition(|team| handoff.is_at(team, desk));
    let has_chosen = |team: &String| handoff.desks.contains_key(team);
    if rooms.is_empty() && !here.iter().any(|team| has_chosen(team)) {
        let others = if check.is_only { "" } else { "in the room of another channel, or " };
        return vec![Finding::hint(
            format!("agents have no room: {variable} is not set"),
            format!(
                "agents can work {others}at `bot desk`; how to make a room for them: see the page on this channel in docs/"
            ),
        )];
    }
    let named = || rooms.iter().filter_map(|room| room.team.as_ref());
    let strange = named().filter(|team| !handoff.teams.contains(team)).map(|team| {
        Finding::wrong(
            format!("{variable}: bot.yaml has no team `{team}`"),
            format!("write one of {}, or the room's id alone", handoff.teams.join(", ")),
        )
    });
    let idle = named().filter(|team| elsewhere.contains(team)).map(|team| {
        Finding::hint(
            format!("{variable}: the room of the team `{team}` stays empty, for bot.yaml has the team at another desk"),
            format!("take it out of {variable}, or write `desk: [{desk}, …]` for the team"),
        )
    });
    let is_shown =
        |team: &String| rooms.iter().any(|room| room.team.as_ref().is_none_or(|known| known == team));
    let homeless = here.iter().filter(|team| !is_shown(team)).map(|team| {
        let what = format!("the tickets of the team `{team}` are shown in no room");
        let add = format!(
            "add {team}=ID to {variable}, or an ID alone, which shows the tickets of all teams without a room"
        );
        if check.is_only || has_chosen(team) {
            Finding::wrong(what, add)
        } else {
            Finding::hint(
                format!("{what} of {desk}"),
                format!("{add}; or write in bot.yaml which desk has the team"),
            )
        }
    });
    strange.chain(idle).chain(homeless).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bot_core::catalog::Source;
    use bot_core::engine::Engine;

    use super::*;
    use crate::Settings;

    fn told_of(teams: &str, is_only: bool, rooms: &[(&str, Option<&str>)]) -> Vec<String> {
        let yaml = format!("handoff: {{ teams: {teams} }}");
        let engine = Some(Arc::new(Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap()));
        let check = Check { settings: Settings::default(), engine, is_only };
        let room =
            |(id, team): &(&str, Option<&str>)| Room { id: (*id).to_owned(), team: team.map(str::to_owned) };
        let rooms: Vec<_> = rooms.iter().map(room).collect();
        self::teams(&check, "pigeon", "PIGEON_STAFF", &rooms)
            .iter()
            .flat_map(|finding| finding.lines())
            .collect()
    }

    fn told(rooms: &[(&str, Option<&str>)]) -> Vec<String> {
        told_of("{ support: {}, billing: {} }", true, rooms)
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn each_team_has_a_room_and_each_room_a_team() {
        assert_eq!(told(&[("-1", None)]), NONE);
        assert_eq!(told(&[("-1", None), ("-2", Some("billing"))]), NONE);
        assert_eq!(told(&[("-1", Some("support")), ("-2", Some("billing"))]), NONE);
        for (rooms, want) in [
            (&[][..], "  ! agents have no room: PIGEON_STAFF is not set"),
            (&[("-1", None), ("-2", Some("bills"))], "  ✗ PIGEON_STAFF: bot.yaml has no team `bills`"),
            (&[("-1", Some("support"))], "  ✗ the tickets of the team `billing` are shown in no room"),
        ] {
            let told = told(rooms);
            assert_eq!((told.len(), told[0].as_str()), (2, want));
        }
    }

    #[test]
    fn without_a_room_it_is_said_where_agents_can_work() {
        for (is_only, want) in [
            (true, "agents can work at `bot desk`;"),
            (false, "agents can work in the room of another channel, or at `bot desk`;"),
        ] {
            let told = told_of("{ support: {} }", is_only, &[]);
            assert!(told[1].contains(want), "{told:?}");
        }
    }

    #[test]
    fn teams_at_other_desks_need_no_room_and_those_here_do() {
        let elsewhere = "{ support: {}, billing: { desk: owl } }";
        assert_eq!(told_of(elsewhere, false, &[("-1", Some("support"))]), NONE);
        let here = "{ support: { desk: owl }, billing: { desk: pigeon } }";
        assert_eq!(told_of(here, false, &[("-1", Some("billing"))]), NONE);
        for (teams, rooms, want) in [
            (here, &[][..], "  ✗ the tickets of the team `billing` are shown in no room"),
            (elsewhere, &[], "  ! agents have no room: PIGEON_STAFF is not set"),
            (
                elsewhere,
                &[("-1", None), ("-2", Some("billing"))],
                "  ! PIGEON_STAFF: the room of the team `billing` stays empty, for bot.yaml has the team at another desk",
            ),
            (
                "{ support: {}, billing: {} }",
                &[("-1", Some("support"))],
                "  ! the tickets of the team `billing` are shown in no room of pigeon",
            ),
        ] {
            let told = told_of(teams, false, rooms);
            assert_eq!((told.len(), told[0].as_str()), (2, want), "{told:?}");
        }
    }
}
