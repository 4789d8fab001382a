//! Slash commands, buttons, menus and forms.
use std::time::Duration;

use bot_tests::discord::{Customer, Discord, Fault, What};
use serde_json::{Value, json};

use crate::api::Api;

const ME: u64 = 1_000_000_000_000_000_001;

struct World {
    discord: Discord,
    api: Api,
    ann: Customer,
    direct: u64,
}

fn world() -> World {
    let discord = Discord::start().without_pace();
    let api = Api::new(&discord);
    discord.guild(500);
    let ann = discord.customer(1, "Ann", "de");
    World { direct: ann.dm().channel_id(), discord, api, ann }
}

impl World {
    /// The bot says something with a button and a menu.
    fn offers(&self) -> u64 {
        let button = json!({"type": 2, "style": 1, "label": "Go", "custom_id": "go"});
        let menu = json!({"type": 3, "custom_id": "pick", "options": [{"label": "Red", "value": "r"}]});
        let rows = json!([{"type": 1, "components": [button]}, {"type": 1, "components": [menu]}]);
        let path = format!("/channels/{}/messages", self.direct);
        let sent = self.api.ok("POST", &path, json!({"content": "choose", "components": rows}));
        sent["id"].as_str().unwrap().parse().unwrap()
    }

    fn registers(&self, commands: Value) -> Value {
        self.api.ok("PUT", &format!("/applications/{ME}/commands"), commands)
    }

    fn token(&self, interaction: u64) -> String {
        self.discord.read(|state| state.interaction(interaction).unwrap().token.clone())
    }

    fn callback(&self, interaction: u64) -> String {
        format!("/interactions/{interaction}/{}/callback", self.token(interaction))
    }

    fn webhook(&self, interaction: u64) -> String {
        format!("/webhooks/{ME}/{}", self.token(interaction))
    }
}

fn command(name: &str) -> Value {
    json!({"name": name, "description": "x"})
}

#[test]
fn a_press_is_answered_by_a_change_of_its_message() {
    let world = world();
    let offered = world.offers();
    let press = world.ann.presses("Go");
    let event = world.api.last("INTERACTION_CREATE");
    assert_eq!((&event["type"], &event["data"]["custom_id"]), (&json!(3), &json!("go")));
    assert_eq!((&event["message"]["id"], &event["user"]["id"]), (&json!(offered.to_string()), &json!("1")));
    let change = json!({"type": 7, "data": {"content": "gone", "components": []}});
    world.api.ok("POST", &world.callback(press), change.clone());
    assert_eq!((&*world.ann.chat()[0].text, world.ann.chat()[0].labels()), ("gone", vec![]));
    assert_eq!(world.api.refused("POST", &world.callback(press), change), (400, 40060, String::new()));
    let way = world.discord.read(|state| state.interaction(press).unwrap().acknowledged.unwrap().0);
    assert_eq!(way, 7);
}

#[test]
fn a_pick_is_put_off_and_followed_up() {
    let world = world();
    world.offers();
    let pick = world.ann.picks("Red");
    assert_eq!(world.api.last("INTERACTION_CREATE")["data"]["values"], json!(["r"]));
    world.api.ok("POST", &world.callback(pick), json!({"type": 6}));
    world.api.ok("POST", &world.webhook(pick), json!({"content": "red it is"}));
    world.api.ok("PATCH", &format!("{}/messages/@original", world.webhook(pick)), json!({"components": []}));
    let chat = world.ann.chat();
    assert_eq!((chat[0].labels(), &*chat[1].text), (vec![], "red it is"));
}

#[test]
fn three_seconds_and_fifteen_minutes_are_the_limits() {
    let world = world();
    world.offers();
    let (late, fine) = (world.ann.presses("Go"), world.ann.presses("Go"));
    let later = json!({"type": 6});
    world.api.ok("POST", &world.callback(fine), later.clone());
    world.discord.passes(Duration::from_millis(3001));
    assert_eq!(world.api.refused("POST", &world.callback(late), later).1, 10062);
    assert_eq!(world.api.refused("POST", &world.webhook(late), json!({"content": "x"})).1, 10015);
    world.api.ok("POST", &world.webhook(fine), json!({"content": "x"}));
    world.discord.passes(Duration::from_secs(900));
    assert_eq!(world.api.refused("POST", &world.webhook(fine), json!({"content": "x"})).1, 50027);
    assert_eq!(world.api.refused("POST", "/interactions/1/none/callback", json!({"type": 6})).1, 10062);
    world.discord.order(Fault::on(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        What::Code(404, 10062),
    ));
    let press = world.ann.presses("Go");
    assert_eq!(world.api.refused("POST", &world.callback(press), json!({"type": 6})).1, 10062);
}

#[test]
fn what_is_thought_about_is_filled_in() {
    let world = world();
    world.registers(json!([command("help")]));
    let asked = world.ann.commands("help", &[]);
    world.api.ok("POST", &world.callback(asked), json!({"type": 5}));
    assert!(world.ann.chat()[0].loading);
    world.api.ok(
        "PATCH",
        &format!("{}/messages/@original", world.webhook(asked)),
        json!({"content": "this is help"}),
    );
    let shown = &world.ann.chat()[0];
    assert_eq!((&*shown.text, shown.loading, shown.kind), ("this is help", false, 20));
}

#[test]
fn what_only_one_sees_nobody_else_does() {
    let world = world();
    let guild = world.discord.guild(500);
    let support = guild.support_channel();
    world.registers(json!([command("help")]));
    let ben = world.discord.customer(2, "Ben", "en");
    let asked = world.ann.in_channel(support).commands("help", &[]);
    world.api.told();
    let said = json!({"type": 4, "data": {"content": "hush", "flags": 64}});
    let answer = world.api.ok("POST", &(world.callback(asked) + "?with_response=true"), said);
    assert_eq!(answer["interaction"]["response_message_ephemeral"], true);
    let id = answer["resource"]["message"]["id"].as_str().unwrap();
    assert_eq!(world.ann.in_channel(support).chat()[0].text, "hush");
    assert!(ben.in_channel(support).chat().is_empty());
    assert_eq!(world.api.refused("GET", &format!("/channels/{support}/messages/{id}"), Value::Null).1, 10008);
    assert_eq!(world.api.ok("GET", &format!("/channels/{support}/messages"), Value::Null), json!([]));
    assert!(world.api.told().is_empty());
    world.api.ok("DELETE", &format!("{}/messages/{id}", world.webhook(asked)), Value::Null);
    assert!(world.ann.in_channel(support).chat().is_empty());
}

#[test]
fn a_form_is_shown_and_sent() {
    let world = world();
    world.offers();
    let press = world.ann.presses("Go");
    let question = |id: &str, label: &str, required: bool| json!({"type": 1, "components": [{"type": 4, "custom_id": id, "label": label, "style": 1, "required": required}]});
    let form = |title: &str| {
        json!({"type": 9, "data": {"custom_id": "form", "title": title,
            "components": [question("order", "Order", true), question("why", "Why", false)]}})
    };
    let refusal = world.api.refused("POST", &world.callback(press), form(&"x".repeat(46)));
    assert_eq!(refusal, (400, 50035, "data.title BASE_TYPE_BAD_LENGTH".to_owned()));
    world.api.ok("POST", &world.callback(press), form("Return"));
    assert_eq!(world.ann.form().unwrap()["title"], "Return");
    let sent = world.ann.submits(&[("Order", "7001")]);
    let data = world.api.last("INTERACTION_CREATE")["data"].clone();
    assert_eq!(data["components"][0]["components"][0]["value"], "7001");
    assert!(world.ann.form().is_none());
    world.api.ok("POST", &world.callback(sent), json!({"type": 4, "data": {"content": "thanks"}}));
    assert_eq!(world.ann.waits_for("thanks").kind, 19);
}

#[test]
fn commands_are_offered_in_ones_language_and_to_whom_they_are_for() {
    let world = world();
    let guild = world.discord.guild(500);
    let (eve, staff) = (guild.agent(10, "Eve"), guild.staff_channel());
    let commands = json!([
        {"name": "help", "description": "Help", "name_localizations": {"de": "hilfe"}},
        {"name": "desk", "description": "Desk", "contexts": [0], "default_member_permissions": "17179869184",
            "options": [{"type": 1, "name": "close", "description": "Close it",
                "options": [{"type": 3, "name": "why", "description": "Why", "required": true}]}]},
    ]);
    let made = world.registers(commands.clone());
    assert_eq!(world.registers(commands), made, "what is the same keeps id and version");
    assert_eq!(world.ann.offered(), ["hilfe"]);
    assert_eq!(eve.in_channel(staff).offered(), ["help"]);
    guild.sets_role(guild.role("Agents"), 17_179_869_184);
    let given = eve.commands(staff, "desk close", &[("why", "done")]);
    let data = world.api.last("INTERACTION_CREATE")["data"].clone();
    assert_eq!(data["options"][0]["options"][0]["value"], "done");
    world.api.ok("POST", &world.callback(given), json!({"type": 4, "data": {"content": "closed"}}));
    world.ann.commands("hilfe", &[]);
    assert_eq!(world.api.last("INTERACTION_CREATE")["data"]["name"], "help");
}

#[test]
fn commands_that_are_wrong_are_refused() {
    let world = world();
    let form = |field: &str| (400, 50035, field.to_owned());
    let option = |options: Value| json!([{"name": "a", "description": "x", "options": options}]);
    let cases = [
        (json!([command("Help")]), form("0.name APPLICATION_COMMAND_INVALID_NAME")),
        (json!([command("two words")]), form("0.name APPLICATION_COMMAND_INVALID_NAME")),
        (json!([command(&"x".repeat(33))]), form("0.name BASE_TYPE_BAD_LENGTH")),
        (json!([command("a"), command("a")]), form("1.name APPLICATION_COMMANDS_DUPLICATE_NAME")),
        (json!([{"name": "a", "description": ""}]), form("0.description BASE_TYPE_REQUIRED")),
        (json!([{"name": "a", "description": "x".repeat(101)}]), form("0.description BASE_TYPE_BAD_LENGTH")),
        (
            json!([{"name": "a", "description": "x", "name_localizations": {"xx": "a"}}]),
            form("0.name_localizations.xx ENUM_TYPE_COERCE"),
        ),
        (
            json!([{"name": "a", "description": "x", "name_localizations": {"de": "Hilfe"}}]),
            form("0.name_localizations.de APPLICATION_COMMAND_INVALID_NAME"),
        ),
        (
            option(
                json!([{"type": 3, "name": "b", "description": "x"}, {"type": 3, "name": "c", "description": "x", "required": true}]),
            ),
            form("0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
        ),
        ((0..101).map(|n| command(&format!("c{n}"))).collect(), (400, 30032, String::new())),
    ];
    let path = format!("/applications/{ME}/commands");
    for (body, refusal) in cases {
        assert_eq!(world.api.refused("PUT", &path, body.clone()), refusal, "{body}");
    }
    world.api.ok("PUT", &path, json!([command("größe"), command("c'est-à")]));
}
