//! What somebody may do where: bits as Discord numbers them, and the sum of roles and overwrites.
use super::State;
use super::channel::Channel;
use super::guild::Guild;

pub const ADMINISTRATOR: u64 = 1 << 3;
pub const MANAGE_CHANNELS: u64 = 1 << 4;
pub const MANAGE_GUILD: u64 = 1 << 5;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const MANAGE_ROLES: u64 = 1 << 28;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const MANAGE_THREADS: u64 = 1 << 34;
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// All that there are.
pub const ALL: u64 = (1 << 50) - 1;
/// What @everyone has in a new guild, as far as it matters here.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_MESSAGES_IN_THREADS
    | CREATE_PUBLIC_THREADS
    | EMBED_LINKS
    | ATTACH_FILES
    | ADD_REACTIONS
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS;
/// What the bot's own role has at first.
pub const BOT: u64 = EVERYONE | CREATE_PRIVATE_THREADS | MANAGE_THREADS | MANAGE_MESSAGES | MANAGE_CHANNELS;
/// What one has in a direct channel.
const DIRECT: u64 = EVERYONE & !(CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS);

impl Guild {
    /// What roles give a member in the guild; none for one who isn't a member.
    pub fn permissions(&self, user: u64) -> u64 {
        let Some(member) = self.members.get(&user) else { return 0 };
        if self.owner == user {
            return ALL;
        }
        let roles = member.roles.iter().chain([&self.id]).filter_map(|role| self.roles.get(role));
        let all = roles.fold(0, |all, role| all | role.permissions);
        if all & ADMINISTRATOR == 0 { all } else { ALL }
    }

    fn overwritten(&self, user: u64, channel: &Channel) -> u64 {
        let base = self.permissions(user);
        let Some(member) = self.members.get(&user).filter(|_| base != ALL) else { return base };
        let of = |id: u64| channel.overwrites.iter().filter(move |overwrite| overwrite.id == id);
        let apply = |base: u64, (allow, deny): (u64, u64)| base & !deny | allow;
        let sum = |ids: &[u64]| {
            let all = ids.iter().flat_map(|id| of(*id));
            all.fold((0, 0), |(allow, deny), one| (allow | one.allow, deny | one.deny))
        };
        let base = apply(base, sum(&[self.id]));
        let base = apply(base, sum(&member.roles));
        apply(base, sum(&[user]))
    }
}

impl State {
    /// What somebody may do in a channel. A thread has its channel's permissions; a private one is seen by its members and by who
    /// may manage threads.
    pub fn permissions(&self, user: u64, channel: &Channel) -> u64 {
        let Some(guild) = channel.guild else {
            return if channel.recipient == Some(user) || user == super::BOT { DIRECT } else { 0 };
        };
        let Some(guild) = self.guilds.get(&guild) else { return 0 };
        let parent =
            channel.parent.filter(|_| channel.thread.is_some()).and_then(|id| self.channels.get(&id));
        let all = guild.overwritten(user, parent.unwrap_or(channel));
        let hidden = channel.is_private() && all & MANAGE_THREADS == 0 && !channel.has_member(user);
        if all & VIEW_CHANNEL == 0 || hidden { 0 } else { all }
    }

    /// Somebody may do that in a channel.
    pub fn may(&self, user: u64, channel: u64, what: u64) -> bool {
        self.channels.get(&channel).is_some_and(|channel| self.permissions(user, channel) & what == what)
    }
}
