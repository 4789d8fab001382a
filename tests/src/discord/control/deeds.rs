//! What can be done on the page.
use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::request::id_of;
use super::super::state::State;
use super::super::state::file::File;
use super::super::state::mentions::Allowed;
use super::super::state::message::{Message, PLAIN, REPLY};
use super::super::state::people::AGENTS;
use super::super::state::permissions::{SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL};
use super::super::state::threads::NewThread;
use super::faults;

/// A deed of a person in a channel; without one in the direct chat with the bot. Ids are texts: JavaScript's numbers are too short.
#[derive(Clone, Debug, Deserialize)]
pub struct Deed {
    #[serde(rename = "do")]
    pub what: What,
    #[serde(default)]
    from: Value,
    #[serde(default)]
    channel: Value,
    #[serde(default)]
    message: Value,
    /// Words, a name, a label.
    #[serde(default)]
    pub text: String,
    /// The language of a customer; the name of a fault.
    #[serde(default)]
    pub kind: String,
    /// The route that a fault is for; empty: any.
    #[serde(default)]
    pub route: String,
    /// `custom_id`.
    #[serde(default)]
    id: String,
    /// What was picked in a menu; what stands in a form; options of a slash command.
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    pub on: bool,
    /// Seconds, a status, a code of Discord's.
    #[serde(default)]
    pub number: u64,
    #[serde(default)]
    pub times: u32,
}

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A customer more, with the language `kind`.
    Customer,
    /// An agent more, in the guild of the channel.
    Agent,
    Write,
    /// Sends a small file of the name `kind`.
    Send,
    Edit,
    Delete,
    React,
    Press,
    /// `values` has the value under "value".
    Pick,
    Command,
    Submit,
    CloseForm,
    /// Takes no direct messages, or does again.
    CloseDms,
    OpenThread,
    Archive,
    Lock,
    DeleteThread,
    /// The agent has the role, or not.
    Role,
    /// The bot is in the guild, or not.
    Bot,
    Fault,
    SocketFault,
    ClearFaults,
    /// The limits are enforced, or not.
    Pace,
    /// `number` seconds pass.
    Time,
}

type Done = Result<Value, String>;

/// Does it; returns the id of what is new, or why it can't be done.
pub fn done(state: &mut State, deed: Deed) -> Done {
    match deed.what {
        What::Customer | What::Agent => person(state, &deed),
        What::Fault => faults::order(state, &deed),
        What::ClearFaults | What::Pace | What::Time => Ok(of_the_stand_in(state, &deed)),
        What::Archive | What::Lock | What::DeleteThread | What::OpenThread => of_thread(state, &deed),
        What::Role | What::Bot | What::CloseDms => of_guild(state, &deed),
        _ => of_person(state, &deed),
    }
}

fn id(value: &Value, what: &str) -> Result<u64, String> {
    id_of(value).ok_or_else(|| format!("{what} is missing"))
}

fn person(state: &mut State, deed: &Deed) -> Done {
    let new = state.snowflake();
    let language = if deed.kind.is_empty() { "en" } else { &deed.kind };
    state.person(new, &deed.text, language);
    if deed.what == What::Agent {
        let guild = guild(state, deed)?;
        let role = state.role(guild, AGENTS);
        state.change_roles(guild, new, |roles| roles.push(role));
    }
    Ok(json!(new.to_string()))
}

fn guild(state: &State, deed: &Deed) -> Result<u64, String> {
    let of = id_of(&deed.channel).and_then(|channel| state.channels.get(&channel)?.guild);
    of.or_else(|| state.guilds.keys().next().copied()).ok_or_else(|| "there is no guild".to_owned())
}

fn of_the_stand_in(state: &mut State, deed: &Deed) -> Value {
    match deed.what {
        What::ClearFaults => state.faults.clear(),
        What::Pace => state.limits.on = deed.on,
        _ => state.clock.skip(Duration::from_secs(deed.number)),
    }
    json!(true)
}

fn of_thread(state: &mut State, deed: &Deed) -> Done {
    let (channel, from) = (id(&deed.channel, "the channel")?, id(&deed.from, "who does it")?);
    let known = state.channels.get(&channel).ok_or("the channel has gone")?;
    match deed.what {
        What::OpenThread if known.thread.is_some() => {
            return Err("a thread can't be opened in a thread".to_owned());
        }
        What::OpenThread => {
            let name = deed.text.clone();
            let new = NewThread {
                parent: channel,
                owner: from,
                name,
                private: deed.on,
                from: None,
                auto_archive: 4320,
                invitable: true,
            };
            return Ok(json!(state.open_thread(new).to_string()));
        }
        What::Archive => state.settle(channel, (Some(deed.on), None), None),
        What::Lock => state.settle(channel, (None, Some(deed.on)), None),
        _ => {
            state.delete_channel(channel);
        }
    }
    Ok(json!(true))
}

fn of_guild(state: &mut State, deed: &Deed) -> Done {
    let guild = guild(state, deed)?;
    match deed.what {
        What::Bot if deed.on => state.bot_joins(guild),
        What::Bot => state.bot_leaves(guild),
        What::Role => {
            let (user, role) = (id(&deed.from, "who")?, state.role(guild, AGENTS));
            state.change_roles(guild, user, |roles| {
                roles.retain(|of| *of != role);
                roles.extend(deed.on.then_some(role));
            });
        }
        _ => {
            let user = id(&deed.from, "who")?;
            state.users.get_mut(&user).ok_or("there is no such person")?.closed = deed.on;
        }
    }
    Ok(json!(true))
}

fn of_person(state: &mut State, deed: &Deed) -> Done {
    let from = id(&deed.from, "who does it")?;
    state.users.get(&from).ok_or("there is no such person")?;
    let channel = id_of(&deed.channel).unwrap_or_else(|| state.open_direct(from));
    if !state.may(from, channel, VIEW_CHANNEL) {
        return Err("the channel has gone, or isn't seen by that person".to_owned());
    }
    match deed.what {
        What::Write | What::Send => write(state, (from, channel), deed),
        What::Command => {
            let options: Vec<(&str, &str)> = pairs(&deed.values);
            state.gives((from, channel), &deed.text, &options).map(|id| json!(id.to_string()))
        }
        What::Submit => state.submits((from, channel), &pairs(&deed.values)).map(|id| json!(id.to_string())),
        What::CloseForm => {
            state.closes_form((from, channel));
            Ok(json!(true))
        }
        _ => of_message(state, (from, channel), deed),
    }
}

fn pairs(values: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn write(state: &mut State, (from, channel): (u64, u64), deed: &Deed) -> Done {
    let place = &state.channels[&channel];
    let needed = if place.thread.is_some() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES };
    if place.guild.is_some() && !state.may(from, channel, needed) || place.is_locked() {
        return Err("that person may not write there".to_owned());
    }
    let reference = id_of(&deed.message).map(|id| (channel, id));
    let replied = reference.and_then(|(channel, id)| Some(state.message(channel, id)?.author));
    let pinged = state.pinged((from, channel), &deed.text, &Allowed::all(), replied);
    let file = (deed.what == What::Send).then(|| (state.snowflake(), File::new(&deed.kind, "a small file")));
    let said = Message {
        channel,
        author: from,
        kind: if reference.is_some() { REPLY } else { PLAIN },
        content: deed.text.trim().to_owned(),
        attachments: file.into_iter().collect(),
        reference,
        pinged,
        ..Message::default()
    };
    Ok(json!(state.say(said).to_string()))
}

fn of_message(state: &mut State, (from, channel): (u64, u64), deed: &Deed) -> Done {
    let message = id(&deed.message, "the message")?;
    let author = state.message(channel, message).ok_or("the message has gone")?.author;
    match deed.what {
        What::Edit if author != from => return Err("only an own message can be edited".to_owned()),
        What::Edit => state.edit(channel, message, |message| message.content.clone_from(&deed.text)),
        What::Delete => state.delete(channel, message),
        What::React => state.reacts(channel, from, message, &deed.text, true),
        What::Press => {
            let data = json!({"custom_id": deed.id, "component_type": 2});
            return Ok(json!(state.uses(from, (channel, message), data).to_string()));
        }
        _ => {
            let values: Vec<&String> = deed.values.values().collect();
            let data = json!({"custom_id": deed.id, "component_type": 3, "values": values});
            return Ok(json!(state.uses(from, (channel, message), data).to_string()));
        }
    }
    Ok(json!(true))
}
