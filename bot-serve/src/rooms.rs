//! The rooms of agents, as a variable of the environment names them.
use anyhow::{Result, ensure};
use bot_runtime::desk::board::Room;

/// `ID`, or `TEAM=ID`, several with commas. `is_id` says what the platform's ids look like, `like` shows one.
///
/// # Errors
/// Which part of which variable is wrong, and what it should look like.
pub fn rooms(variable: &str, value: &str, is_id: fn(&str) -> bool, like: &str) -> Result<Vec<Room>> {
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (team, id) = match part.split_once('=') {
                Some((team, id)) => (Some(team.trim()), id.trim()),
                None => (None, part),
            };
            ensure!(
                is_id(id) && team.is_none_or(|team| !team.is_empty()),
                "{variable}: `{part}` names no room of agents: write its id, like {like}, or TEAM=ID; several with commas"
            );
            Ok(Room { id: id.to_owned(), team: team.map(str::to_owned) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Vec<(Option<String>, String)>> {
        let is_id = |id: &str| id.parse::<i64>().is_ok_and(|id| id < 0);
        let rooms = rooms("PIGEON_STAFF", value, is_id, "-1001234")?;
        Ok(rooms.into_iter().map(|room| (room.team, room.id)).collect())
    }

    #[test]
    fn rooms_with_and_without_a_team() {
        let room = |team: Option<&str>, id: &str| (team.map(str::to_owned), id.to_owned());
        for (value, want) in [
            ("", vec![]),
            (" -1001234 ", vec![room(None, "-1001234")]),
            ("-1,-2,", vec![room(None, "-1"), room(None, "-2")]),
            ("support=-1, billing = -2", vec![room(Some("support"), "-1"), room(Some("billing"), "-2")]),
        ] {
            assert_eq!(read(value).unwrap(), want, "{value}");
        }
        for value in ["1001234", "@group", "=-1", "support=", "-1;-2"] {
            let error = read(value).unwrap_err().to_string();
            assert!(error.contains(&format!("PIGEON_STAFF: `{value}` names no room")), "{error}");
        }
    }
}
