//! The numbers of the gateway intents.

/// Guilds, roles, channels and threads.
pub const GUILDS: u64 = 1 << 0;
/// Members; privileged.
pub const GUILD_MEMBERS: u64 = 1 << 1;
/// Presences; privileged.
pub const GUILD_PRESENCES: u64 = 1 << 8;
/// Messages in guilds.
pub const GUILD_MESSAGES: u64 = 1 << 9;
/// Reactions in guilds.
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
/// Somebody types in a guild.
pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
/// Direct messages.
pub const DIRECT_MESSAGES: u64 = 1 << 12;
/// Reactions in direct channels.
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
/// Somebody types in a direct channel.
pub const DIRECT_MESSAGE_TYPING: u64 = 1 << 14;
/// What is in messages of guilds; privileged.
pub const MESSAGE_CONTENT: u64 = 1 << 15;
/// Those that have to be switched on in the portal.
pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
