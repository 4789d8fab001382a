//! `bot-discord --check` against the stand-in for Discord: how the bot stands, and what to press.
#![cfg(unix)]
use bot_tests::console::{self, Surroundings};
use bot_tests::discord::{Discord, Fault, What, permissions};
use bot_tests::process::run;
use bot_tests::serving::Serving;
use bot_tests::{Bot, Run, root, without_times};
use expect_test::{Expect, expect};

const PROGRAM: Bot = Bot::new(env!("CARGO_BIN_EXE_discord-under-test"));
const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));
const SMALL: &str = "--intents tests/fixtures/small --store target/none.db";
const GUILD: u64 = 500_000_000_000_000_001;

/// Ids as the page and the cases have them: Discord makes them of the time.
const STAFF: &str = "1111111111111111111";
const SUPPORT: &str = "2222222222222222222";
const AGENTS: &str = "3333333333333333333";
const BILLING: &str = "4444444444444444444";

/// A Discord with a server, and a bot that is given no more than it needs.
struct World {
    discord: Discord,
    /// The ids above, and what they are here.
    ids: Vec<(&'static str, String)>,
}

impl World {
    fn new() -> World {
        let discord = Discord::start();
        discord.lets_know_members(false);
        discord.lets_see_presences(false);
        let guild = discord.guild(GUILD);
        let ids = [
            (STAFF, guild.staff_channel()),
            (SUPPORT, guild.support_channel()),
            (AGENTS, guild.role("Agents")),
            (BILLING, guild.new_channel("billing-staff")),
        ];
        World { discord, ids: ids.map(|(name, id)| (name, id.to_string())).to_vec() }
    }

    fn id(&self, name: &str) -> u64 {
        let own = self.ids.iter().find(|(known, _)| *known == name).expect("there is such an id");
        own.1.parse().expect("a number")
    }

    /// With the ids of this world.
    fn real(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// With the ids as the page has them.
    fn shown(&self, text: &str) -> String {
        let text = text.replace(&self.discord.url(), "https://discord.com/api/v10");
        self.ids.iter().fold(text, |text, (name, id)| text.replace(id, name))
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![("DISCORD_TOKEN", self.discord.token().to_owned()), ("DISCORD_API_URL", self.discord.url())]
    }

    fn check(&self, variables: &[(&'static str, &str)]) -> Run {
        let mut command = PROGRAM.command(&format!("--check {SMALL}"));
        command.env("SHOP_URL", "https://shop.example").envs(self.variables());
        command.envs(variables.iter().map(|(name, value)| (name, self.real(value))));
        run(command, b"")
    }
}

/// The lines below `channels`, without their indentation.
fn findings(run: &Run) -> String {
    let after = run.out.split_once("channels ").map_or("", |(_, after)| after);
    let lines = after.lines().enumerate().take_while(|(index, line)| *index == 0 || line.starts_with("   "));
    lines
        .map(|(_, line)| line.get(if line.starts_with("   ") { 10.. } else { 1.. }).unwrap_or(line))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// A state of Discord and of the environment, and what the check says of it.
struct Case {
    name: &'static str,
    prepare: fn(&World),
    variables: &'static [(&'static str, &'static str)],
    says: Expect,
}

const ROOMS: &[(&str, &str)] = &[("DISCORD_STAFF", STAFF)];
const WHOLE: &[(&str, &str)] =
    &[("DISCORD_STAFF", STAFF), ("DISCORD_SUPPORT", SUPPORT), ("DISCORD_AGENTS", AGENTS)];

#[test]
fn how_the_bot_stands_and_what_to_press() {
    let cases = [
        Case {
            name: "all is well",
            prepare: |_| {},
            variables: WHOLE,
            says: expect![[r#"
            discord: configured
              ✓ the bot is “Shop”, of the application 1000000000000000001
              ✓ Message Content Intent is on: the bot gets what people write on servers
              ✓ of 1000 new sessions a day 1000 are left
              ✓ the bot is on the server “Shop”
              ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
              ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
              ✓ support channel #support on “Shop” (2222222222222222222): the bot has all rights that it needs
              ✓ agents are those who have the role “Agents” (3333333333333333333)
        "#]],
        },
        Case {
            name: "nothing is set but the token",
            prepare: |_| {},
            variables: &[],
            says: expect![[r#"
            discord: configured
              ✓ the bot is “Shop”, of the application 1000000000000000001
              ✓ Message Content Intent is on: the bot gets what people write on servers
              ✓ of 1000 new sessions a day 1000 are left
              ✓ the bot is on the server “Shop”
              ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
              ! agents have no room: DISCORD_STAFF is not set
                → agents can work at `bot desk`; how to make a room for them: see the page on this channel in docs/
        "#]],
        },
        Case {
            name: "a token that Discord doesn't know",
            prepare: |_| {},
            variables: &[("DISCORD_TOKEN", "AAAA.BBBB.not-the-token")],
            says: expect![[r#"
                discord: configured
                  ✗ Discord does not know DISCORD_TOKEN: 401: Unauthorized
                    → in the developer portal (https://discord.com/developers/applications) open the application → Bot → Reset Token, and copy all of it; it has two dots. Client Secret and Public Key are something else
            "#]],
        },
        Case {
            name: "a token that can be none",
            prepare: |_| {},
            variables: &[("DISCORD_TOKEN", "s3cret\u{7}")],
            says: expect![[r#"
                discord: configured
                  ✗ DISCORD_TOKEN has characters that no token has
                    → set it right in the environment, and check again
            "#]],
        },
        Case {
            name: "contents are not given, and agents have a channel",
            prepare: |world| world.discord.lets_read_contents(false),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ! Message Content Intent is off: agents can answer with /reply only, and send no files
                    → in the developer portal (https://discord.com/developers/applications) open the application → Bot → Privileged Gateway Intents → Message Content Intent → switch on → Save Changes
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "contents are not given, and customers have a channel",
            prepare: |world| world.discord.lets_read_contents(false),
            variables: WHOLE,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✗ Message Content Intent is off: the bot does not get what customers write in support channels, nor what agents write
                    → in the developer portal (https://discord.com/developers/applications) open the application → Bot → Privileged Gateway Intents → Message Content Intent → switch on → Save Changes
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ support channel #support on “Shop” (2222222222222222222): the bot has all rights that it needs
                  ✓ agents are those who have the role “Agents” (3333333333333333333)
            "#]],
        },
        Case {
            name: "more is given than is needed",
            prepare: |world| world.discord.lets_know_members(true),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ! the bot is given more than it needs: Server Members Intent
                    → in the developer portal (https://discord.com/developers/applications) open the application → Bot → Privileged Gateway Intents → switch off Server Members Intent → Save Changes
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "rights are missing on the server",
            prepare: |world| {
                let guild = world.discord.guild(GUILD);
                guild.takes_permission(permissions::MANAGE_THREADS);
                guild.takes_permission(permissions::CREATE_PRIVATE_THREADS);
            },
            variables: WHOLE,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ staff channel #staff on “Shop” (1111111111111111111): the bot lacks Manage Threads
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Advanced permissions → “Shop” → allow Manage Threads → Save Changes
                  ✗ support channel #support on “Shop” (2222222222222222222): the bot lacks Create Private Threads, Manage Threads
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Advanced permissions → “Shop” → allow Create Private Threads, Manage Threads → Save Changes
                  ✓ agents are those who have the role “Agents” (3333333333333333333)
            "#]],
        },
        Case {
            name: "a right is missing in the channel",
            prepare: |world| {
                let guild = world.discord.guild(GUILD);
                guild.takes_permission_in(world.id(STAFF), permissions::CREATE_PUBLIC_THREADS);
            },
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ staff channel #staff on “Shop” (1111111111111111111): the bot lacks Create Public Threads
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Advanced permissions → “Shop” → allow Create Public Threads → Save Changes
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "the bot does not see the channel",
            prepare: |world| {
                let guild = world.discord.guild(GUILD);
                guild.takes_permission_in(world.id(STAFF), permissions::VIEW_CHANNEL);
            },
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ staff channel 1111111111111111111: the bot does not see it (Missing Access)
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Add members or roles → the bot → allow View Channel, Send Messages, Send Messages in Threads, Create Public Threads, Manage Threads, Read Message History, Add Reactions, Attach Files. If the bot is not on that server, open the address above
            "#]],
        },
        Case {
            name: "thrown out",
            prepare: |world| world.discord.guild(GUILD).kicks_bot(),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✗ the bot is on no server, so that nobody can find it
                    → open the address below, choose your server (you need Manage Server there) → Continue → Authorize
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ staff channel 1111111111111111111: the bot does not see it (Missing Access)
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Add members or roles → the bot → allow View Channel, Send Messages, Send Messages in Threads, Create Public Threads, Manage Threads, Read Message History, Add Reactions, Attach Files. If the bot is not on that server, open the address above
            "#]],
        },
        Case {
            name: "a channel that was deleted",
            prepare: |world| world.discord.guild(GUILD).deletes_channel(world.id(STAFF)),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ DISCORD_STAFF: Discord knows no channel 1111111111111111111
                    → in Discord switch on User Settings → Advanced → Developer Mode; then right-click the channel → Copy Channel ID
            "#]],
        },
        Case {
            name: "the server's id in place of a channel's",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", "500000000000000001")],
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ DISCORD_STAFF: 500000000000000001 is the server “Shop” itself, and no channel
                    → in Discord switch on User Settings → Advanced → Developer Mode; then right-click the channel → Copy Channel ID
            "#]],
        },
        Case {
            name: "everybody sees the agents' channel",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", BILLING)],
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #billing-staff on “Shop” (4444444444444444444): the bot has all rights that it needs
                  ✗ staff channel #billing-staff on “Shop” (4444444444444444444): everybody on the server sees it, and can answer customers in your name
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Private Channel → switch on, and add the agents' role and the bot; or write the ids of the agents' roles into DISCORD_AGENTS
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "everybody sees it, and agents have a role",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", BILLING), ("DISCORD_AGENTS", AGENTS)],
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #billing-staff on “Shop” (4444444444444444444): the bot has all rights that it needs
                  ! staff channel #billing-staff on “Shop” (4444444444444444444): everybody on the server reads what customers write
                    → in Discord point at the channel → Edit Channel (the gear) → Permissions → Private Channel → switch on, and add the agents' role and the bot
                  ✓ agents are those who have the role “Agents” (3333333333333333333)
            "#]],
        },
        Case {
            name: "a role that there is not",
            prepare: |world| world.discord.guild(GUILD).deletes_role("Agents"),
            variables: WHOLE,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ support channel #support on “Shop” (2222222222222222222): the bot has all rights that it needs
                  ✗ DISCORD_AGENTS: there is no role 3333333333333333333 on the servers of the staff channels
                    → in Discord open the server's name → Server Settings → Roles → … beside the role → Copy Role ID
            "#]],
        },
        Case {
            name: "one channel for agents and customers",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", STAFF), ("DISCORD_SUPPORT", STAFF)],
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ the channel 1111111111111111111 is in DISCORD_STAFF and in DISCORD_SUPPORT
                    → agents and customers need channels of their own: make another one, or take it out of one of the two
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ support channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ! support channel #staff on “Shop” (1111111111111111111): not everybody can use it, for @everyone lacks View Channel
                    → if that is not meant: in Discord point at the channel → Edit Channel (the gear) → Permissions → Advanced permissions → @everyone → allow View Channel → Save Changes
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "a team that there is not",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", "bills=1111111111111111111")],
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ DISCORD_STAFF: bot.yaml has no team `bills`
                    → write one of support, billing, or the room's id alone
                  ✗ the tickets of the team `support` are shown in no room
                    → add support=ID to DISCORD_STAFF, or an ID alone, which shows the tickets of all teams without a room
                  ✗ the tickets of the team `billing` are shown in no room
                    → add billing=ID to DISCORD_STAFF, or an ID alone, which shows the tickets of all teams without a room
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "no id",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", "https://discord.com/channels/1/2")],
            says: expect![[r#"
                discord: configured
                  ✗ DISCORD_STAFF: `https://discord.com/channels/1/2` names no room of agents: write its id, like 1234567890123456789, or TEAM=ID; several with commas
                    → set it right in the environment, and check again
            "#]],
        },
        Case {
            name: "no id of a role",
            prepare: |_| {},
            variables: &[("DISCORD_STAFF", STAFF), ("DISCORD_AGENTS", "@Agents")],
            says: expect![[r#"
                discord: configured
                  ✗ DISCORD_AGENTS: `@Agents` is no id of Discord, like 1234567890123456789; several with commas
                    → set it right in the environment, and check again
            "#]],
        },
        Case {
            name: "no session is left",
            prepare: |world| world.discord.gateway().set(|settings| settings.identifies_a_day = 0),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✗ of 0 new sessions a day none is left: the bot can't connect
                    → something starts again and again with this token: look at the bot's log, and for other programs with it. There are new ones in 0 min
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✓ staff channel #staff on “Shop” (1111111111111111111): the bot has all rights that it needs
                  ✓ agents are all who can write there: DISCORD_AGENTS names no role
            "#]],
        },
        Case {
            name: "nobody answers",
            prepare: |_| {},
            variables: &[("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")],
            says: expect![[r#"
                discord: configured
                  ✗ no connection to Discord
                    → see whether this machine is online, and whether a firewall or a proxy is in the way: `curl http://127.0.0.1:1/api/v10/gateway` must answer
            "#]],
        },
        Case {
            name: "Discord's servers fail",
            prepare: |world| world.discord.order(Fault::on("GET", "/users/@me", What::Status(503))),
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✗ Discord's servers fail: status 503
                    → try again in some minutes; https://discordstatus.com tells how Discord is
            "#]],
        },
        Case {
            name: "the answers stop in the middle",
            prepare: |world| {
                world.discord.order(Fault::on("GET", "/channels/{channel_id}", What::DropBefore))
            },
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✓ the bot is “Shop”, of the application 1000000000000000001
                  ✓ Message Content Intent is on: the bot gets what people write on servers
                  ✓ of 1000 new sessions a day 1000 are left
                  ✓ the bot is on the server “Shop”
                  ✓ it is invited to a server by https://discord.com/oauth2/authorize?client_id=1000000000000000001&scope=bot+applications.commands&permissions=395137092672
                  ✗ the connection to Discord broke
                    → see whether this machine is online, and whether a firewall or a proxy is in the way: `curl https://discord.com/api/v10/gateway` must answer
            "#]],
        },
        Case {
            name: "no answer comes",
            prepare: |world| {
                world.discord.order(Fault::on("GET", "/applications/@me", What::TimeOutAfterEffect));
            },
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✗ no answer from Discord in time
                    → see whether this machine is online, and whether a firewall or a proxy is in the way: `curl https://discord.com/api/v10/gateway` must answer
            "#]],
        },
        Case {
            name: "Discord wants to be left alone",
            prepare: |world| {
                let what = What::TooManyRequests { seconds: 30.0, global: true };
                world.discord.order(Fault::on("GET", "/users/@me", what));
            },
            variables: ROOMS,
            says: expect![[r#"
                discord: configured
                  ✗ Discord wants to be asked less (429)
                    → wait 30 s and check again; if it stays so, another program asks too much with this token or from this machine
            "#]],
        },
    ];
    for Case { name, prepare, variables, says } in cases {
        println!("{name}");
        let world = World::new();
        prepare(&world);
        let begun = std::time::Instant::now();
        let run = world.check(variables);
        assert!(begun.elapsed().as_secs() < 20, "{name}");
        assert_eq!(run.err, "", "{name}");
        let found = world.shown(&findings(&run));
        says.assert_eq(&found);
        let is_wrong = found.contains('✗');
        assert_eq!(run.code, i32::from(is_wrong), "{name}: {}", run.out);
        let end = if is_wrong { "it needs what is marked ✗\n" } else { "ready\n" };
        assert!(run.out.ends_with(end), "{}", run.out);
        assert!(!run.out.contains(world.discord.token()) && !run.out.contains("s3cret"), "{}", run.out);
        let calls = world.discord.calls();
        assert!(calls.iter().all(|call| call.method == "GET"), "{name}: the check changes something");
    }
}

/// The commands of the page on Discord show what it says they show. How they are written: [`console`].
#[test]
fn the_page_in_the_docs_is_true() {
    let world = World::new();
    world.discord.guild(GUILD).takes_permission_in(world.id(BILLING), permissions::MANAGE_THREADS);
    let mut variables = world.variables();
    for (name, value) in WHOLE {
        variables.push((name, world.real(value)));
    }
    variables.push(("BOT_STORE", "target/none.db".to_owned()));
    let around = Surroundings { bot: BOT, other: Some(("bot-discord", PROGRAM.program)), variables };
    let page = std::fs::read_to_string(root().join("docs/discord.md")).expect("the page is there");
    let commands = console::commands(&world.real(&page));
    assert_eq!(commands.len(), 2);
    let differences: Vec<_> = commands.iter().filter_map(|shown| shown.difference(around.clone())).collect();
    assert!(differences.is_empty(), "{}", world.shown(&differences.join("\n")));
}

/// The first hand-off of the page: what agents see is what stands there.
#[test]
fn the_first_hand_off_is_as_the_page_shows_it() {
    let place = tempfile::tempdir().expect("a folder for the store");
    let world = World::new();
    let guild = world.discord.guild(GUILD);
    let mut command = PROGRAM.command("--log info");
    command.arg("--store").arg(place.path().join("bot.db")).envs(world.variables());
    command.envs(WHOLE.iter().map(|(name, value)| (name, world.real(value))));
    let (ann, kim) = (world.discord.customer(1, "Ann", "en"), guild.agent(700_001, "Kim"));
    let mut bot = Serving::start(command);
    bot.wait_for_log("a new session with Discord");
    ann.writes("where is my parcel");
    ann.waits_for("Which order is it?");
    ann.writes("I want to talk to a person");
    let thread = guild.waits_for_thread("#1 Ann");
    let card = guild.waits_for(thread.id, "#1, support");
    let shown = format!("{}\n[{}]", without_times(&plain(&card.text)), card.labels().join("] ["));
    let page = std::fs::read_to_string(root().join("docs/discord.md")).expect("the page is there");
    assert!(without_times(&page).contains(&shown), "the page does not show this card:\n{shown}");
    kim.presses(thread.id, "Claim");
    kim.writes(thread.id, "Hello Ann, what can I do for you?");
    ann.waits_for("Hello Ann, what can I do for you?");
    ann.writes("It is about my parcel");
    guild.waits_for(thread.id, "It is about my parcel");
    kim.writes(thread.id, "//has used it");
    kim.writes(thread.id, "/back");
    ann.waits_for("You're back with me");
    assert!(!ann.chat().iter().any(|shown| shown.text.contains("has used it")));
}

/// As Discord shows it: without the marks that keep words from being formatted.
fn plain(text: &str) -> String {
    text.replace(['\\', '\u{200b}'], "")
}
