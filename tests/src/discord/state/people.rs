//! Who is there: accounts, guilds, members, roles.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::channel::{Channel, Overwrite, TEXT};
use super::guild::{Guild, Member, Role};
use super::permissions::{self, VIEW_CHANNEL};
use super::user::User;
use super::{BOT, State};
use crate::discord::gateway as intents;

/// The account that owns the guilds.
pub const OWNER: u64 = 900_000_001;
/// The names of what a guild has at first.
pub const STAFF: &str = "staff";
pub const SUPPORT: &str = "support";
pub const AGENTS: &str = "Agents";

impl State {
    /// A person, who is a member of all guilds.
    pub(in crate::discord) fn person(&mut self, id: u64, name: &str, locale: &str) {
        if self.users.contains_key(&id) {
            return;
        }
        self.users.insert(id, User::person(id, name, locale));
        let guilds: Vec<u64> = self.guilds.keys().copied().collect();
        guilds.into_iter().for_each(|guild| self.joins(guild, id));
    }

    /// A guild with all people as members, the bot, a role for agents, a channel of staff that only those see, and one for support.
    pub(in crate::discord) fn new_guild(&mut self, id: u64) {
        let now = self.clock.millis();
        self.users.entry(OWNER).or_insert_with(|| User::person(OWNER, "Olga", "en"));
        let (bot_role, agents) = (self.snowflake(), self.snowflake());
        let role = |id: u64, name: &str, permissions, position| Role {
            id,
            name: name.to_owned(),
            permissions,
            mentionable: false,
            managed: false,
            position,
        };
        let roles = [
            role(id, "@everyone", permissions::EVERYONE, 0),
            role(agents, AGENTS, 0, 1),
            Role { managed: true, ..role(bot_role, "Shop", permissions::BOT, 2) },
        ];
        let people = self.users.keys().filter(|user| !self.gone.contains(user));
        let mut members: BTreeMap<u64, Member> =
            people.map(|user| (*user, Member { roles: Vec::new(), joined: now })).collect();
        members.insert(BOT, Member { roles: vec![bot_role], joined: now });
        let guild = Guild {
            id,
            name: "Shop".to_owned(),
            owner: OWNER,
            roles: roles.into_iter().map(|role| (role.id, role)).collect(),
            members,
        };
        self.guilds.insert(id, guild);
        let shut = [
            Overwrite { id, deny: VIEW_CHANNEL, ..Overwrite::default() },
            Overwrite { id: agents, allow: VIEW_CHANNEL, ..Overwrite::default() },
            Overwrite { id: bot_role, allow: VIEW_CHANNEL, ..Overwrite::default() },
        ];
        self.new_channel(id, STAFF, shut.to_vec());
        self.new_channel(id, SUPPORT, Vec::new());
        let data = self.guild_create(&self.guilds[&id]);
        self.emit("GUILD_CREATE", data, intents::GUILDS, false);
    }

    /// A text channel more; the bot isn't told.
    pub(in crate::discord) fn new_channel(
        &mut self,
        guild: u64,
        name: &str,
        overwrites: Vec<Overwrite>,
    ) -> u64 {
        let id = self.snowflake();
        let position = self.channels.values().filter(|channel| channel.guild == Some(guild)).count();
        let name = name.to_owned();
        let channel =
            Channel { id, kind: TEXT, guild: Some(guild), name, position, overwrites, ..Channel::default() };
        self.channels.insert(id, channel);
        id
    }

    /// Somebody joins a guild.
    pub(in crate::discord) fn joins(&mut self, guild: u64, user: u64) {
        let joined = self.clock.millis();
        let Some(place) = self.guilds.get_mut(&guild) else { return };
        place.members.insert(user, Member { roles: Vec::new(), joined });
        let mut data = self.member_json(guild, user);
        data["guild_id"] = json!(guild.to_string());
        self.tell_guild(guild, "GUILD_MEMBER_ADD", data, intents::GUILD_MEMBERS);
    }

    /// Somebody leaves a guild, or is thrown out.
    pub(in crate::discord) fn leaves(&mut self, guild: u64, user: u64) {
        let Some(place) = self.guilds.get_mut(&guild) else { return };
        place.members.remove(&user);
        let user = self.users.get(&user).map(User::json);
        let data = json!({"guild_id": guild.to_string(), "user": user});
        self.tell_guild(guild, "GUILD_MEMBER_REMOVE", data, intents::GUILD_MEMBERS);
    }

    /// The bot is in a guild no more.
    pub(in crate::discord) fn bot_leaves(&mut self, guild: u64) {
        if self.bot_in(guild) {
            self.emit("GUILD_DELETE", json!({"id": guild.to_string()}), intents::GUILDS, false);
        }
        if let Some(place) = self.guilds.get_mut(&guild) {
            place.members.remove(&BOT);
        }
    }

    /// The bot is in a guild again, with its own role.
    pub(in crate::discord) fn bot_joins(&mut self, guild: u64) {
        let joined = self.clock.millis();
        let Some(place) = self.guilds.get_mut(&guild) else { return };
        let roles = place.roles.values().filter(|role| role.managed).map(|role| role.id).collect();
        place.members.insert(BOT, Member { roles, joined });
        let data = self.guild_create(&self.guilds[&guild]);
        self.emit("GUILD_CREATE", data, intents::GUILDS, false);
    }

    /// Nothing of the guild can be reached for a while, which isn't the same as having left it; or it can be again.
    pub(in crate::discord) fn outage(&mut self, guild: u64, out: bool) {
        if !self.bot_in(guild) {
            return;
        }
        if out {
            let data = json!({"id": guild.to_string(), "unavailable": true});
            self.emit("GUILD_DELETE", data, intents::GUILDS, false);
        } else {
            let data = self.guild_create(&self.guilds[&guild]);
            self.emit("GUILD_CREATE", data, intents::GUILDS, false);
        }
    }

    /// Changes a member's roles; the bot is told of its own without the privileged intent.
    pub(in crate::discord) fn change_roles(
        &mut self,
        guild: u64,
        user: u64,
        change: impl FnOnce(&mut Vec<u64>),
    ) {
        let place = self.guilds.get_mut(&guild);
        let Some(member) = place.and_then(|guild| guild.members.get_mut(&user)) else { return };
        change(&mut member.roles);
        let mut data = self.member_json(guild, user);
        data["guild_id"] = json!(guild.to_string());
        let needs = if user == BOT { intents::GUILDS } else { intents::GUILD_MEMBERS };
        self.tell_guild(guild, "GUILD_MEMBER_UPDATE", data, needs);
    }

    /// The role of that name, new if need be.
    pub(in crate::discord) fn role(&mut self, guild: u64, name: &str) -> u64 {
        if let Some(role) = self.guilds[&guild].role_named(name) {
            return role.id;
        }
        let (id, position) = (self.snowflake(), self.guilds[&guild].roles.len());
        let role =
            Role { id, name: name.to_owned(), permissions: 0, mentionable: false, managed: false, position };
        let data = json!({"guild_id": guild.to_string(), "role": role.json()});
        self.guilds.get_mut(&guild).expect("it is there").roles.insert(id, role);
        self.tell_guild(guild, "GUILD_ROLE_CREATE", data, intents::GUILDS);
        id
    }

    /// Changes a role; the bot is told.
    pub(in crate::discord) fn change_role(&mut self, guild: u64, role: u64, change: impl FnOnce(&mut Role)) {
        let place = self.guilds.get_mut(&guild);
        let Some(role) = place.and_then(|guild| guild.roles.get_mut(&role)) else { return };
        change(role);
        let data = json!({"guild_id": guild.to_string(), "role": role.json()});
        self.tell_guild(guild, "GUILD_ROLE_UPDATE", data, intents::GUILDS);
    }

    /// Deletes a role, which its members lose.
    pub(in crate::discord) fn delete_role(&mut self, guild: u64, role: u64) {
        let Some(place) = self.guilds.get_mut(&guild) else { return };
        place.roles.remove(&role);
        place.members.values_mut().for_each(|member| member.roles.retain(|of| *of != role));
        let data = json!({"guild_id": guild.to_string(), "role_id": role.to_string()});
        self.tell_guild(guild, "GUILD_ROLE_DELETE", data, intents::GUILDS);
    }

    fn tell_guild(&mut self, guild: u64, name: &'static str, data: Value, needs: u64) {
        if self.bot_in(guild) {
            self.emit(name, data, needs, false);
        }
    }

    /// What a member lacks in a channel, or has there again.
    pub(in crate::discord) fn overwrite(
        &mut self,
        channel: u64,
        id: u64,
        change: impl FnOnce(&mut Overwrite),
    ) {
        let member = self.users.contains_key(&id);
        let Some(place) = self.channels.get_mut(&channel) else { return };
        if !place.overwrites.iter().any(|overwrite| overwrite.id == id) {
            place.overwrites.push(Overwrite { id, member, ..Overwrite::default() });
        }
        if let Some(overwrite) = place.overwrites.iter_mut().find(|overwrite| overwrite.id == id) {
            change(overwrite);
        }
        let Some(guild) = place.guild else { return };
        let data = self.channel_json(&self.channels[&channel]);
        self.tell_guild(guild, "CHANNEL_UPDATE", data, intents::GUILDS);
    }
}
