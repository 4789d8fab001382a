//! Slash commands: registered for everywhere, or for a guild.
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::{Route, route, unknown};
use crate::discord::answer::{Answer, Form, Refusal, Reply, done, ok};
use crate::discord::request::Asked;
use crate::discord::state::{BOT, State};

pub const ROUTES: &[Route] = &[
    route("GET", "/applications/{application_id}/commands", (5, 20_000), list),
    route("PUT", "/applications/{application_id}/commands", (5, 20_000), replace),
    route("POST", "/applications/{application_id}/commands", (5, 20_000), add),
    route("GET", "/applications/{application_id}/commands/{command_id}", (5, 20_000), get),
    route("PATCH", "/applications/{application_id}/commands/{command_id}", (5, 20_000), change),
    route("DELETE", "/applications/{application_id}/commands/{command_id}", (5, 20_000), delete),
    route("GET", "/applications/{application_id}/guilds/{guild_id}/commands", (5, 20_000), list),
    route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands", (5, 20_000), replace),
    route("POST", "/applications/{application_id}/guilds/{guild_id}/commands", (5, 20_000), add),
    route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", (5, 20_000), get),
    route(
        "PATCH",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        (5, 20_000),
        change,
    ),
    route(
        "DELETE",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        (5, 20_000),
        delete,
    ),
];

/// Commands of a scope, options of a command, choices of an option, characters of a command.
const MOST: usize = 100;
const OPTIONS: usize = 25;
const CHARACTERS: usize = 8000;

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$").expect("it is one"));

/// Languages that Discord knows.
pub const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
];

type Scope = Option<u64>;

fn scope(state: &State, asked: &Asked) -> Result<Scope, Refusal> {
    if asked.id("application_id")? != BOT {
        return Err(Refusal::code(20012));
    }
    if asked.text_of_path("guild_id").is_empty() {
        return Ok(None);
    }
    Ok(Some(state.reached_guild(asked.id("guild_id")?)?.id))
}

fn list(state: &mut State, asked: &Asked) -> Answer {
    let scope = scope(state, asked)?;
    let full = asked.flag("with_localizations");
    let shown = state.commands(scope).iter().map(|command| {
        let mut shown = command.clone();
        if let Some(fields) = shown.as_object_mut().filter(|_| !full) {
            fields.retain(|name, _| !name.ends_with("_localizations"));
        }
        shown
    });
    ok(shown.collect())
}

fn replace(state: &mut State, asked: &Asked) -> Answer {
    let scope = scope(state, asked)?;
    let Some(commands) = asked.body.as_array() else {
        return Err(Refusal::field("_", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"));
    };
    if commands.len() > MOST {
        return Err(Refusal::code(30032));
    }
    let mut form = Form::default();
    for (index, command) in commands.iter().enumerate() {
        checked(command, &index.to_string(), &mut form);
        let same = |other: &Value| other["name"] == command["name"] && kind(other) == kind(command);
        if commands[..index].iter().any(same) {
            let text = "Application command names must be unique";
            form.wrong(&format!("{index}.name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text);
        }
    }
    form.check()?;
    let full: Vec<Value> = commands.iter().map(|command| registered(state, scope, command)).collect();
    state.commands.insert(scope, full.clone());
    ok(json!(full))
}

fn kind(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

/// As the API shows it: one of the same name keeps its id, and what doesn't change its version.
fn registered(state: &mut State, scope: Scope, command: &Value) -> Value {
    let same = |other: &&Value| other["name"] == command["name"] && kind(other) == kind(command);
    let old = state.commands(scope).iter().find(same).cloned();
    let field = |name: &str| command.get(name).cloned().unwrap_or(Value::Null);
    let mut full = json!({"id": old.as_ref().map(|old| old["id"].clone()), "application_id": BOT.to_string(),
        "version": old.as_ref().map(|old| old["version"].clone()),
        "default_member_permissions": field("default_member_permissions"), "type": kind(command),
        "name": field("name"), "name_localizations": field("name_localizations"),
        "description": command["description"].as_str().unwrap_or_default(),
        "description_localizations": field("description_localizations"),
        "dm_permission": command["dm_permission"].as_bool().unwrap_or(true), "contexts": field("contexts"),
        "integration_types": command.get("integration_types").filter(|types| types.is_array()).cloned().unwrap_or(json!([0])),
        "nsfw": command["nsfw"].as_bool().unwrap_or(false)});
    if let Some(options) = command["options"].as_array().filter(|options| !options.is_empty()) {
        full["options"] = json!(options);
    }
    if let Some(guild) = scope {
        full["guild_id"] = json!(guild.to_string());
    }
    if old.as_ref() != Some(&full) {
        full["version"] = json!(state.snowflake().to_string());
    }
    if full["id"].is_null() {
        full["id"] = json!(state.snowflake().to_string());
    }
    full
}

fn add(state: &mut State, asked: &Asked) -> Answer {
    let scope = scope(state, asked)?;
    let mut form = Form::default();
    checked(&asked.body, "", &mut form);
    form.check()?;
    let full = registered(state, scope, &asked.body);
    let all = state.commands.entry(scope).or_default();
    let place = all.iter().position(|one| one["id"] == full["id"]);
    let status = match place {
        Some(place) => {
            all[place] = full.clone();
            200
        }
        None if all.len() >= MOST => return Err(Refusal::code(30032)),
        None => {
            all.push(full.clone());
            201
        }
    };
    Ok(Reply { status, body: full })
}

/// The place of the command that the path names.
fn place(state: &State, asked: &Asked) -> Result<(Scope, usize), Refusal> {
    let (scope, id) = (scope(state, asked)?, asked.id("command_id")?.to_string());
    let place = state.commands(scope).iter().position(|command| command["id"] == id.as_str());
    Ok((scope, place.ok_or_else(|| unknown(10063))?))
}

fn get(state: &mut State, asked: &Asked) -> Answer {
    let (scope, place) = place(state, asked)?;
    ok(state.commands(scope)[place].clone())
}

fn change(state: &mut State, asked: &Asked) -> Answer {
    let (scope, place) = place(state, asked)?;
    let mut new = state.commands(scope)[place].clone();
    for (name, value) in asked.body.as_object().into_iter().flatten() {
        new[name] = value.clone();
    }
    let mut form = Form::default();
    checked(&new, "", &mut form);
    form.check()?;
    new["version"] = json!(state.snowflake().to_string());
    if let Some(all) = state.commands.get_mut(&scope) {
        all[place] = new.clone();
    }
    ok(new)
}

fn delete(state: &mut State, asked: &Asked) -> Answer {
    let (scope, place) = place(state, asked)?;
    if let Some(all) = state.commands.get_mut(&scope) {
        all.remove(place);
    }
    done()
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn checked(command: &Value, path: &str, form: &mut Form) {
    let slash = kind(command) == 1;
    if slash {
        named(command, path, form);
        described(command, path, form);
    } else {
        form.length(&below(path, "name"), command["name"].as_str().unwrap_or_default(), 1, 32);
    }
    options(command, path, form);
    if characters(command) > CHARACTERS {
        let text = format!("Command exceeds maximum size ({CHARACTERS})");
        form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", &text);
    }
    let bits = &command["default_member_permissions"];
    if !bits.is_null() && bits.as_str().is_none_or(|bits| bits.parse::<u64>().is_err()) {
        let path = below(path, "default_member_permissions");
        form.wrong(&path, "BITFIELD_TYPE_CONVERT", "Could not convert to a bitfield.");
    }
}

/// A name in all its languages.
fn named(of: &Value, path: &str, form: &mut Form) {
    let mut one = |name: &str, path: String| {
        if name.is_empty() {
            form.required(&path);
        } else if name.chars().count() > 32 {
            form.bad_length(&path, 1, 32);
        } else if !NAME.is_match(name) || name.to_lowercase() != name {
            form.wrong(&path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
    };
    one(of["name"].as_str().unwrap_or_default(), below(path, "name"));
    let local = below(path, "name_localizations");
    for (locale, name) in of["name_localizations"].as_object().into_iter().flatten() {
        one(name.as_str().unwrap_or_default(), format!("{local}.{locale}"));
    }
    locales(&of["name_localizations"], &local, form);
}

fn described(of: &Value, path: &str, form: &mut Form) {
    form.length(&below(path, "description"), of["description"].as_str().unwrap_or_default(), 1, 100);
    let local = below(path, "description_localizations");
    for (locale, text) in of["description_localizations"].as_object().into_iter().flatten() {
        form.length(&format!("{local}.{locale}"), text.as_str().unwrap_or_default(), 1, 100);
    }
    locales(&of["description_localizations"], &local, form);
}

fn locales(of: &Value, path: &str, form: &mut Form) {
    for locale in of.as_object().into_iter().flatten().map(|(locale, _)| locale) {
        if !LOCALES.contains(&locale.as_str()) {
            form.wrong(
                &format!("{path}.{locale}"),
                "ENUM_TYPE_COERCE",
                &format!("Value \"{locale}\" is not a valid enum value."),
            );
        }
    }
}

fn options(of: &Value, path: &str, form: &mut Form) {
    let options = of["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    let path = below(path, "options");
    if options.len() > OPTIONS {
        form.bad_length(&path, 0, OPTIONS);
    }
    for (index, option) in options.iter().enumerate() {
        let path = format!("{path}.{index}");
        named(option, &path, form);
        described(option, &path, form);
        if !(1..=11).contains(&option["type"].as_u64().unwrap_or_default()) {
            form.wrong(
                &format!("{path}.type"),
                "BASE_TYPE_CHOICES",
                "Value must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).",
            );
        }
        let late =
            option["required"] == true && options[..index].iter().any(|other| other["required"] != true);
        if late {
            let text = "Required options must be placed before non-required options";
            form.wrong(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
        }
        if options[..index].iter().any(|other| other["name"] == option["name"]) {
            form.wrong(
                &path,
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            );
        }
        choices(option, &path, form);
        self::options(option, &path, form);
    }
}

fn choices(option: &Value, path: &str, form: &mut Form) {
    let choices = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    if choices.len() > OPTIONS {
        form.bad_length(&format!("{path}.choices"), 0, OPTIONS);
    }
    for (index, choice) in choices.iter().enumerate() {
        let name = choice["name"].as_str().unwrap_or_default();
        form.length(&format!("{path}.choices.{index}.name"), name, 1, 100);
    }
}

/// Names, descriptions and values, in the longest of their languages.
fn characters(of: &Value) -> usize {
    let longest = |name: &str| {
        let local = of[format!("{name}_localizations")].as_object().into_iter().flatten();
        let all = local.filter_map(|(_, text)| text.as_str()).chain(of[name].as_str());
        all.map(|text| text.chars().count()).max().unwrap_or_default()
    };
    let list = |name: &str| of[name].as_array().into_iter().flatten().map(characters).sum::<usize>();
    let value = of["value"].as_str().map_or(0, |text| text.chars().count());
    longest("name") + longest("description") + value + list("options") + list("choices")
}
