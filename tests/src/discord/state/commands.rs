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
    /// # Panics
    /// The person isn't offered such a command, or it has no such option, or lacks one.
    pub(in crate::discord) fn command_data(
        &self,
        (user, channel): (u64, u64),
        name: &str,
        options: &[(&str, &str)],
    ) -> Value {
        let locale = &self.users[&user].locale;
        let mut words = name.trim_start_matches('/').split(' ');
        let first = words.next().unwrap_or_default();
        let named = |one: &&Value, name: &str| one["name"] == name || local_name(one, locale) == name;
        let command = self.usable(user, channel).find(|command| named(command, first)).unwrap_or_else(|| {
            panic!("{user} isn't offered /{first}; there are {:?}", self.offered(user, channel))
        });
        let mut below = command;
        let mut path = Vec::new();
        for word in words {
            let all = below["options"].as_array().into_iter().flatten();
            below = all
                .filter(|one| [SUB, GROUP].contains(&one["type"].as_u64().unwrap_or_default()))
                .find(|one| named(one, word))
                .unwrap_or_else(|| panic!("/{name} isn't there"));
            path.push(below);
        }
        let mut given = json!(self.given(below, name, options));
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
        data
    }

    fn given(&self, command: &Value, name: &str, options: &[(&str, &str)]) -> Vec<Value> {
        let declared = command["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (given, _) in options {
            assert!(declared.iter().any(|one| one["name"] == *given), "/{name} has no option {given:?}");
        }
        let one = |declared: &Value| {
            let Some((_, text)) = options.iter().find(|(given, _)| declared["name"] == *given) else {
                assert!(declared["required"] != true, "/{name} needs {}", declared["name"]);
                return None;
            };
            let kind = declared["type"].as_u64().unwrap_or_default();
            Some(json!({"name": declared["name"], "type": kind, "value": typed(kind, text)}))
        };
        declared.iter().filter_map(one).collect()
    }
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
fn typed(kind: u64, text: &str) -> Value {
    match kind {
        4 => json!(text.parse::<i64>().unwrap_or_else(|_| panic!("{text:?} is no whole number"))),
        5 => json!(text == "true"),
        10 => json!(text.parse::<f64>().unwrap_or_else(|_| panic!("{text:?} is no number"))),
        _ => json!(text),
    }
}
