//! Slash commands that the bot has registered, as people find them.
use serde_json::{Value, json};

use super::State;
use super::permissions::USE_APPLICATION_COMMANDS;

/// Kinds of options.
const SUB: u64 = 1;
const GROUP: u64 = 2;

impl State {
    /// The slash commands that the bot has registered: of a guild, or for everywhere.
    pub fn commands(&self, guild: Option<u64>) -> &[Value] {
        self.commands.get(&guild).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names of the slash commands that somebody is offered in a channel, in their language.
    pub fn offered(&self, user: u64, channel: u64) -> Vec<String> {
        let locale = &self.users[&user].locale;
        self.usable(user, channel).map(|command| local_name(command, locale)).collect()
    }

    fn usable(&self, user: u64, channel: u64) -> impl Iterator<Item = &Value> {
        let place = self.channels.get(&channel);
        let guild = place.and_then(|place| place.guild);
        let permissions = place.map_or(0, |place| self.permissions(user, place));
        let own = guild.map(|guild| self.commands(Some(guild))).unwrap_or_default();
        own.iter().chain(self.commands(None)).filter(move |command| {
            let needed =
                command["default_member_permissions"].as_str().and_then(|bits| bits.parse::<u64>().ok());
            let context = if guild.is_some() { 0 } else { 1 };
            let contexts = command["contexts"].as_array();
            let here = contexts.is_none_or(|contexts| contexts.contains(&json!(context)));
            let direct = guild.is_some() || command["dm_permission"] != false;
            // Zero is for administrators alone.
            let may = guild.is_none()
                || needed.is_none_or(|bits| permissions & bits == bits && bits != 0 || is_all(permissions));
            here && direct && may && (guild.is_none() || permissions & USE_APPLICATION_COMMANDS != 0)
        })
    }

    /// `data` of a slash command that somebody gives, with subcommands after a blank: `desk close`. Options are told by their
    /// names; their texts are taken as what the command declares.
    ///
    /// An error says that the person isn't offered such a command, or that it has no such option, or lacks one.
    pub(super) fn command_data(
        &self,
        (user, channel): (u64, u64),
        name: &str,
        options: &[(&str, &str)],
    ) -> Result<Value, String> {
        let locale = &self.users[&user].locale;
        let mut words = name.trim_start_matches('/').split(' ');
        let first = words.next().unwrap_or_default();
        let named = |one: &&Value, name: &str| one["name"] == name || local_name(one, locale) == name;
        let command = self.usable(user, channel).find(|command| named(command, first));
        let command = command.ok_or_else(|| {
            format!("{user} isn't offered /{first}; there are {:?}", self.offered(user, channel))
        })?;
        let mut below = command;
        let mut path = Vec::new();
        for word in words {
            let all = below["options"].as_array().into_iter().flatten();
            below = all
                .filter(|one| [SUB, GROUP].contains(&one["type"].as_u64().unwrap_or_default()))
                .find(|one| named(one, word))
                .ok_or_else(|| format!("/{name} isn't there"))?;
            path.push(below);
        }
        let mut given = json!(given(below, name, options)?);
        for sub in path.iter().rev() {
            given = json!([{"name": sub["name"], "type": sub["type"], "options": given}]);
        }
        let mut data = json!({"id": command["id"], "name": command["name"], "type": 1});
        if given.as_array().is_some_and(|given| !given.is_empty()) {
            data["options"] = given;
        }
        if !command["guild_id"].is_null() {
            data["guild_id"] = command["guild_id"].clone();
        }
        Ok(data)
    }
}

/// The options that are given, typed as they are declared.
fn given(command: &Value, name: &str, options: &[(&str, &str)]) -> Result<Vec<Value>, String> {
    let declared = command["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some((given, _)) =
        options.iter().find(|(given, _)| !declared.iter().any(|one| one["name"] == *given))
    {
        return Err(format!("/{name} has no option {given:?}"));
    }
    let mut all = Vec::new();
    for declared in declared {
        let kind = declared["type"].as_u64().unwrap_or_default();
        match options.iter().find(|(given, _)| declared["name"] == *given) {
            Some((given, text)) => {
                all.push(json!({"name": given, "type": kind, "value": typed(kind, text)?}))
            }
            None if declared["required"] == true => {
                return Err(format!("/{name} needs {}", declared["name"]));
            }
            None => {}
        }
    }
    Ok(all)
}

fn is_all(permissions: u64) -> bool {
    permissions == super::permissions::ALL
}

/// A command's name in a language.
fn local_name(command: &Value, locale: &str) -> String {
    let local = command["name_localizations"][locale].as_str();
    local.or(command["name"].as_str()).unwrap_or_default().to_owned()
}

/// A text as what an option is declared to be.
fn typed(kind: u64, text: &str) -> Result<Value, String> {
    Ok(match kind {
        4 => json!(text.parse::<i64>().map_err(|_| format!("{text:?} is no whole number"))?),
        5 => json!(text == "true"),
        10 => json!(text.parse::<f64>().map_err(|_| format!("{text:?} is no number"))?),
        _ => json!(text),
    })
}
