//! The commands that Discord offers where people type: customers' in each language of the bot, and agents' on their servers.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use bot_core::dialogue::Command;
use bot_core::text::Language;
use bot_runtime::desk::board::Room;
use bot_runtime::desk::{WORDS, Word};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::SqliteStore;
use bot_serve::menu::{Menus, changed};
use bot_serve::patience::insist;
use regex::Regex;
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::inbound::Me;

/// What agents may type in their channels, of all that a desk knows.
const AGENTS: [&str; 7] = ["/claim", "/reply", "/note", "/back", "/close", "/why", "/list"];

/// What Discord takes at most.
const COMMANDS: usize = 100;
const DESCRIPTION: usize = 100;

/// A name, once it is in lower case.
static FITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$").expect("the pattern is sound")
});

/// What every bot has is said without more.
const ALONE: [&str; 6] = ["start", "help", "human", "cancel", "forget", "topics"];

/// Languages as Discord calls them, where that is not their two letters.
const LOCALES: [(&str, &[&str]); 6] = [
    ("en", &["en-GB", "en-US"]),
    ("es", &["es-ES", "es-419"]),
    ("pt", &["pt-BR"]),
    ("sv", &["sv-SE"]),
    ("zh", &["zh-CN", "zh-TW"]),
    ("nb", &["no"]),
];
const SAME: [&str; 23] = [
    "bg", "cs", "da", "de", "el", "fi", "fr", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no",
    "pl", "ro", "ru", "th", "tr", "uk",
];

/// Whether somebody has typed one of agents' commands: a server's own, and none of the same name that a folder gives to customers.
pub fn is_agents(interaction: &Json) -> bool {
    let command = &interaction["data"];
    let is_one = |name: &str| AGENTS.iter().any(|agents| agents.strip_prefix('/') == Some(name));
    command["guild_id"].is_string() && command["name"].as_str().is_some_and(is_one)
}

/// Has them set, at first and when they have changed, until the program is told to stop.
pub async fn keep(
    api: &Api,
    me: &Me,
    runtime: &Runtime<SqliteStore>,
    rooms: &[Room],
    stop: &CancellationToken,
) {
    for guild in guilds(api, rooms, stop).await {
        set(api, &format!("applications/{}/guilds/{guild}/commands", me.application), &agents(), stop).await;
    }
    let path = format!("applications/{}/commands", me.application);
    let mut known = None;
    while let Some(menus) = changed(runtime, stop, known.as_ref()).await {
        set(api, &path, &customers(&menus), stop).await;
        known = Some(menus);
    }
}

/// A channel that the bot can't see is told of elsewhere.
async fn guilds(api: &Api, rooms: &[Room], stop: &CancellationToken) -> BTreeSet<String> {
    let mut guilds = BTreeSet::new();
    for room in rooms {
        let path = format!("channels/{}", room.id);
        let channel = insist("a channel of agents", stop, || api.get(&path)).await.ok().flatten();
        guilds.extend(channel.and_then(|channel| channel["guild_id"].as_str().map(str::to_owned)));
    }
    guilds
}

/// Nothing depends on it but the menu.
async fn set(api: &Api, path: &str, commands: &Json, stop: &CancellationToken) {
    if let Err(error) = insist("the menu of commands", stop, || api.put(path, commands)).await {
        tracing::warn!("a menu of commands could not be set: {error:#}");
    }
}

fn customers(menus: &Menus) -> Json {
    let Some((_, first)) = menus.first() else { return json!([]) };
    first.iter().take(COMMANDS).map(|command| customer(command, menus)).collect()
}

fn customer(command: &Command, menus: &Menus) -> Json {
    let mut body = json!({ "name": command.name, "type": 1, "description": cut(&command.description) });
    // The first language's description is shown to everybody anyway.
    let texts = local(menus.iter().skip(1), |menu| Some(cut(&named(menu, &command.name)?.description)));
    let names = local(menus.iter(), |menu| local_name(menu, &command.name));
    for (key, shown) in [("description_localizations", texts), ("name_localizations", names)] {
        if !shown.is_empty() {
            body[key] = json!(shown);
        }
    }
    if !ALONE.contains(&command.name.as_str()) {
        body["options"] = json!([text("text", "…", false)]);
    }
    body
}

/// What each of Discord's languages is shown.
fn local<'a>(
    menus: impl Iterator<Item = &'a (Language, Vec<Command>)>,
    shown: impl Fn(&[Command]) -> Option<String>,
) -> BTreeMap<&'static str, String> {
    let all = menus.filter_map(|(language, menu)| Some((locales(language), shown(menu)?)));
    all.flat_map(|(locales, shown)| locales.into_iter().map(move |locale| (locale, shown.clone()))).collect()
}

fn named<'m>(menu: &'m [Command], name: &str) -> Option<&'m Command> {
    menu.iter().find(|command| command.name == name)
}

/// The name in that language, unless it is the same, does not fit, or another command's there: Discord would refuse the whole menu.
fn local_name(menu: &[Command], name: &str) -> Option<String> {
    let local = &named(menu, name)?.local_name;
    let mut others = menu.iter().filter(|other| other.name != name);
    let is_taken = others.any(|other| [&other.name, &other.local_name].contains(&local));
    (local != name && is_name(local) && !is_taken).then(|| local.clone())
}

fn is_name(name: &str) -> bool {
    FITS.is_match(name) && name.to_lowercase() == name
}

fn agents() -> Json {
    WORDS.iter().filter(|word| AGENTS.contains(&word.word)).map(agent).collect()
}

fn agent(word: &Word) -> Json {
    let mut body =
        json!({ "name": word.word.trim_start_matches('/'), "type": 1, "description": cut(word.does) });
    if !word.takes.is_empty() {
        body["options"] = json!([text("text", word.takes, !word.takes.starts_with('['))]);
    }
    body
}

fn text(name: &str, description: &str, required: bool) -> Json {
    json!({ "type": 3, "name": name, "description": cut(description), "required": required })
}

fn cut(text: &str) -> String {
    text.chars().take(DESCRIPTION).collect()
}

fn locales(language: &Language) -> Vec<&'static str> {
    let code = language.code();
    let several = LOCALES.iter().find(|(own, _)| *own == code).map(|(_, locales)| locales.to_vec());
    several.unwrap_or_else(|| SAME.into_iter().filter(|own| *own == code).collect())
}

#[cfg(test)]
mod tests;
