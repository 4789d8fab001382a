//! Whether each team has a room, and each room a team. Pure.
use bot_core::engine::Engine;
use bot_runtime::desk::board::Room;

use crate::Finding;

/// What is to be said of the rooms that a variable names.
pub fn teams(variable: &str, engine: &Engine, rooms: &[Room]) -> Vec<Finding> {
    if rooms.is_empty() {
        return vec![Finding::hint(
            format!("agents have no room: {variable} is not set"),
            "agents can work at `bot desk`; how to make a room for them: see the page on this channel in docs/",
        )];
    }
    let teams = &engine.catalog().settings.handoff.teams;
    let named = rooms.iter().filter_map(|room| room.team.as_ref());
    let strange = named.filter(|team| !teams.contains(team)).map(|team| {
        Finding::wrong(
            format!("{variable}: bot.yaml has no team `{team}`"),
            format!("write one of {}, or the room's id alone", teams.join(", ")),
        )
    });
    let is_shown =
        |team: &String| rooms.iter().any(|room| room.team.as_ref().is_none_or(|known| known == team));
    let homeless = teams.iter().filter(|team| !is_shown(team)).map(|team| {
        Finding::wrong(
            format!("the tickets of the team `{team}` are shown in no room"),
            format!("add {team}=ID to {variable}, or an ID alone, which shows the tickets of all teams without a room"),
        )
    });
    strange.chain(homeless).collect()
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::Source;

    use super::*;

    fn told(rooms: &[(&str, Option<&str>)]) -> Vec<String> {
        let yaml = "handoff: { teams: { support: {}, billing: {} } }";
        let engine = Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap();
        let room =
            |(id, team): &(&str, Option<&str>)| Room { id: (*id).to_owned(), team: team.map(str::to_owned) };
        let rooms: Vec<_> = rooms.iter().map(room).collect();
        teams("PIGEON_STAFF", &engine, &rooms).iter().flat_map(|finding| finding.lines()).collect()
    }

    #[test]
    fn each_team_has_a_room_and_each_room_a_team() {
        let none: [&str; 0] = [];
        assert_eq!(told(&[("-1", None)]), none);
        assert_eq!(told(&[("-1", None), ("-2", Some("billing"))]), none);
        assert_eq!(told(&[("-1", Some("support")), ("-2", Some("billing"))]), none);
        for (rooms, want) in [
            (&[][..], "  ! agents have no room: PIGEON_STAFF is not set"),
            (&[("-1", None), ("-2", Some("bills"))], "  ✗ PIGEON_STAFF: bot.yaml has no team `bills`"),
            (&[("-1", Some("support"))], "  ✗ the tickets of the team `billing` are shown in no room"),
        ] {
            let told = told(rooms);
            assert_eq!((told.len(), told[0].as_str()), (2, want));
        }
    }
}
