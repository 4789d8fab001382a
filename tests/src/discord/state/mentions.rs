//! Whom a message pings.
//!
//! It is stricter than Discord: also what is escaped, or in code, counts as a mention.
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::State;
use super::permissions::MENTION_EVERYONE;
use crate::discord::answer::Form;
use crate::discord::request::id_of;

static USER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<@!?(\d{1,20})>").expect("it is one"));
static ROLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<@&(\d{1,20})>").expect("it is one"));

/// Who was pinged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pinged {
    /// Accounts.
    pub users: Vec<u64>,
    /// Roles.
    pub roles: Vec<u64>,
    /// All, or all who are there.
    pub everyone: bool,
}

impl Pinged {
    /// Nobody was.
    pub fn is_empty(&self) -> bool {
        *self == Pinged::default()
    }
}

/// `allowed_mentions`.
#[derive(Clone, Debug)]
pub struct Allowed {
    parse: Vec<String>,
    users: Vec<u64>,
    roles: Vec<u64>,
    replied: bool,
}

impl Allowed {
    /// Without `allowed_mentions`: all that is written.
    pub fn all() -> Allowed {
        let parse = ["users", "roles", "everyone"].map(str::to_owned).to_vec();
        Allowed { parse, users: Vec::new(), roles: Vec::new(), replied: true }
    }

    /// What a body says.
    pub fn of(value: &Value, form: &mut Form) -> Allowed {
        if value.is_null() {
            return Allowed::all();
        }
        let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
        let ids = |name: &str| list(name).iter().filter_map(id_of).collect::<Vec<u64>>();
        let parse: Vec<String> =
            list("parse").iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect();
        let allowed = Allowed {
            parse,
            users: ids("users"),
            roles: ids("roles"),
            replied: value["replied_user"].as_bool().unwrap_or(false),
        };
        allowed.check(form);
        allowed
    }

    fn check(&self, form: &mut Form) {
        for (name, ids) in [("users", &self.users), ("roles", &self.roles)] {
            let path = format!("allowed_mentions.{name}");
            if ids.len() > 100 {
                form.wrong(&path, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
            }
            if !ids.is_empty() && self.parses(name) {
                let text = format!("parse:[\"{name}\"] and {name}: [ids...] are mutually exclusive.");
                form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", &text);
            }
        }
        for (index, kind) in self.parse.iter().enumerate() {
            if !["users", "roles", "everyone"].contains(&kind.as_str()) {
                let text = "Value must be one of ('users', 'roles', 'everyone').";
                form.wrong(&format!("allowed_mentions.parse.{index}"), "BASE_TYPE_CHOICES", text);
            }
        }
    }

    fn parses(&self, kind: &str) -> bool {
        self.parse.iter().any(|parsed| parsed == kind)
    }
}

impl State {
    /// Whom somebody's words ping in a channel. `replied` wrote the message that they answer.
    pub(in crate::discord) fn pinged(
        &self,
        (author, channel): (u64, u64),
        content: &str,
        allowed: &Allowed,
        replied: Option<u64>,
    ) -> Pinged {
        let guild = self.channels.get(&channel).and_then(|channel| self.guilds.get(&channel.guild?));
        let loud = self.may(author, channel, MENTION_EVERYONE);
        let named = ids(&USER, content).into_iter().filter(|user| self.users.contains_key(user));
        let mut users: Vec<u64> =
            named.filter(|user| allowed.parses("users") || allowed.users.contains(user)).collect();
        users.extend(replied.filter(|user| allowed.replied && *user != author));
        let mut seen = std::collections::BTreeSet::new();
        users.retain(|user| seen.insert(*user));
        let role = |id: &u64| {
            let role = guild.and_then(|guild| guild.roles.get(id));
            role.is_some_and(|role| role.mentionable || loud)
        };
        let roles = ids(&ROLE, content).into_iter().filter(role);
        let roles = roles.filter(|role| allowed.parses("roles") || allowed.roles.contains(role)).collect();
        let everyone = ["@everyone", "@here"].iter().any(|word| content.contains(word));
        Pinged { users, roles, everyone: everyone && loud && guild.is_some() && allowed.parses("everyone") }
    }
}

fn ids(pattern: &Regex, content: &str) -> Vec<u64> {
    pattern.captures_iter(content).filter_map(|found| found[1].parse().ok()).collect()
}
