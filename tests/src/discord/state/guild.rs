//! Guilds: roles and members.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::user::User;
use super::{BOT, State, stamp};

/// A guild, which people call a server.
#[derive(Clone, Debug)]
pub struct Guild {
    pub id: u64,
    pub name: String,
    pub owner: u64,
    /// @everyone has the guild's own id.
    pub roles: BTreeMap<u64, Role>,
    pub members: BTreeMap<u64, Member>,
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: u64,
    pub name: String,
    pub permissions: u64,
    pub mentionable: bool,
    /// It is the bot's own.
    pub managed: bool,
    pub position: usize,
}

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    pub roles: Vec<u64>,
    /// Milliseconds since 1970.
    pub joined: i64,
}

impl Role {
    /// As the API shows it.
    pub fn json(&self) -> Value {
        let mut json = json!({"id": self.id.to_string(), "name": self.name, "permissions": self.permissions.to_string(),
            "position": self.position, "color": 0,
            "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null}, "hoist": false,
            "managed": self.managed, "mentionable": self.mentionable, "icon": null, "unicode_emoji": null, "flags": 0});
        if self.managed {
            json["tags"] = json!({"bot_id": BOT.to_string()});
        }
        json
    }
}

impl Member {
    /// As the API shows it within a message: without the account.
    pub fn json_alone(&self) -> Value {
        let roles: Vec<String> = self.roles.iter().map(u64::to_string).collect();
        json!({"roles": roles, "joined_at": stamp(self.joined), "nick": null, "avatar": null, "banner": null,
            "premium_since": null, "communication_disabled_until": null, "flags": 0, "pending": false,
            "mute": false, "deaf": false})
    }

    /// As the API shows it.
    pub fn json(&self, user: &User) -> Value {
        let mut json = self.json_alone();
        json["user"] = user.json();
        json
    }
}

impl Guild {
    /// The role of that name.
    pub fn role_named(&self, name: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.name == name)
    }

    /// As `GET /guilds/{guild_id}` shows it.
    pub fn json(&self) -> Value {
        let roles: Vec<Value> = self.roles.values().map(Role::json).collect();
        json!({"id": self.id.to_string(), "name": self.name, "icon": null, "description": null, "home_header": null,
            "splash": null, "discovery_splash": null, "features": [], "banner": null, "owner_id": self.owner.to_string(),
            "application_id": null, "region": "us-east", "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 0, "roles": roles, "default_message_notifications": 0, "mfa_level": 0,
            "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
            "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null,
            "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US", "rules_channel_id": null,
            "safety_alerts_channel_id": null, "public_updates_channel_id": null, "premium_progress_bar_enabled": false,
            "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [], "incidents_data": null, "hub_type": null})
    }
}

impl State {
    /// GUILD_CREATE of all guilds that the bot is in.
    pub fn guild_creates(&self) -> Vec<Value> {
        self.guilds
            .values()
            .filter(|guild| guild.members.contains_key(&BOT))
            .map(|guild| self.guild_create(guild))
            .collect()
    }

    /// The payload of GUILD_CREATE.
    pub fn guild_create(&self, guild: &Guild) -> Value {
        let mut json = guild.json();
        let here = self.channels.values().filter(|channel| channel.guild == Some(guild.id));
        let (threads, channels): (Vec<_>, Vec<_>) = here.partition(|channel| channel.thread.is_some());
        // Channels that the bot can't see are listed, too; threads are not.
        let channels: Vec<Value> = channels.into_iter().map(|channel| self.channel_json(channel)).collect();
        let seen = threads.into_iter().filter(|thread| !thread.is_archived() && self.sees(thread));
        let threads: Vec<Value> = seen.map(|thread| self.channel_json(thread)).collect();
        let bot = guild.members.get(&BOT);
        json["joined_at"] = json!(stamp(bot.map_or(0, |member| member.joined)));
        json["large"] = json!(false);
        json["unavailable"] = json!(false);
        json["member_count"] = json!(guild.members.len());
        json["members"] = bot.map(|member| member.json(&self.users[&BOT])).into_iter().collect();
        json["channels"] = json!(channels);
        json["threads"] = json!(threads);
        for empty in
            ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"]
        {
            json[empty] = json!([]);
        }
        json
    }

    /// As the API shows a member; null for who is none.
    pub fn member_json(&self, guild: u64, user: u64) -> Value {
        let member = self.guilds.get(&guild).and_then(|guild| guild.members.get(&user));
        member.zip(self.users.get(&user)).map_or(Value::Null, |(member, user)| member.json(user))
    }
}
