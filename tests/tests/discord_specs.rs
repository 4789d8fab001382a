//! What goes over the wires between the real program and the stand-in for Discord fits the description: each request, each answer
//! and each payload of the gateway, of a conversation, a hand-off into a thread, and back.
#![cfg(unix)]
use bot_tests::discord::{Agent, Call, Customer, Discord, File, Guild, Shown, SocketFault};
use bot_tests::serving::Serving;
use bot_tests::specs::discord::Watch;
use bot_tests::{Bot, fixture};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_discord-under-test"));

/// What must have gone over the wires: a conversation that leaves one out shows nothing about it.
const NAMES: &[&str] = &[
    "GET /gateway/bot",
    "GET /users/@me",
    "GUILD_CREATE",
    "INTERACTION_CREATE",
    "MESSAGE_CREATE",
    "MESSAGE_DELETE",
    "MESSAGE_UPDATE",
    "PATCH /channels/{channel_id}",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "POST /channels/{channel_id}/messages",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "READY",
    "RESUMED",
    "THREAD_CREATE",
    "op 10",
    "op 2",
    "op 6",
];

#[test]
fn a_conversation_and_a_hand_off_fit_the_description() {
    let discord = Discord::start().without_pace();
    let Some(watch) = Watch::begin(&discord) else { return };
    let guild = discord.guild(500);
    let folder = TempDir::new().expect("a folder");
    let mut command = BOT.command(&format!("--log debug --intents {}", fixture("desk")));
    command.arg("--store").arg(folder.path().join("bot.db")).env("BOT_UNPACED", "1");
    command.env("DISCORD_API_URL", discord.url()).env("DISCORD_TOKEN", discord.token());
    command.env("DISCORD_STAFF", guild.staff_channel().to_string());
    command.env("DISCORD_SUPPORT", guild.support_channel().to_string());
    let bot = Serving::start(command);
    discord.gateway().wait("the bot", |hub| (hub.ready() == 1).then_some(()));
    let (ann, bea) = (discord.customer(42, "Ann 🦊", "en"), guild.agent(77, "Bea"));

    talks_to_the_bot(&discord, &ann);
    ann.writes("this is outrageous");
    let thread = guild.waits_for_thread("Ann").id;
    is_helped(&discord, &ann, &guild, &bea, thread);
    asks_in_the_support_channel(&discord, &guild);

    let (code, log) = bot.terminate();
    assert_eq!(code, 0, "{log}");
    watch.finds_nothing();
    let missing: Vec<_> = NAMES.iter().filter(|name| !watch.names().iter().any(|n| n == *name)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}; seen: {:?}", watch.names());
}

/// Everything that a customer can do before anybody has taken over, and a connection that breaks off.
fn talks_to_the_bot(discord: &Discord, ann: &Customer) {
    answered(discord, ann, || ann.writes("I want my money back"));
    answered(discord, ann, || ann.writes("12345678"));
    answered(discord, ann, || ann.sends(&[File::new("box.png", b"a picture")], "look"));
    let message = answered(discord, ann, || ann.writes("I would like a refund"));
    ann.edits(message, "I would like to be refunded");
    answered(discord, ann, || ann.replies(message, "please refund my order"));
    discord.socket(SocketFault::Drop);
    answered(discord, ann, || ann.writes("help"));
    // One that never was.
    ann.presses_id(ann.answers()[0].id, "b:0");
    answered(discord, ann, || ann.commands("help", &[]));
}

/// Does something, and waits until the bot has said something after it.
fn answered(discord: &Discord, customer: &Customer, deed: impl FnOnce() -> u64) -> u64 {
    let message = deed();
    let channel = customer.channel_id();
    discord.wait("an answer", |state| said_after(&state.shown(channel), message));
    message
}

fn said_after(shown: &[Shown], message: u64) -> Option<()> {
    shown.iter().any(|shown| shown.by_bot && shown.id > message).then_some(())
}

fn is_helped(discord: &Discord, ann: &Customer, guild: &Guild, bea: &Agent, thread: u64) {
    let is_card = |shown: &Shown| shown.labels().contains(&"Claim");
    discord.wait("a card", |state| state.shown(thread).iter().any(is_card).then_some(()));
    bea.presses(thread, "Claim");
    let hello = bea.writes(thread, "Hello, what is it?");
    let told = ann.waits_for("what is it?");
    ann.replies(told.id, "Nothing has come.");
    let quoted = guild.waits_for(thread, "Nothing has come.");
    bea.replies(thread, quoted.id, "I look for it.");
    ann.waits_for("I look for it.");
    bea.edits(thread, hello, "Hello, what is the matter?");
    ann.waits_for("what is the matter?");
    ann.sends(&[File::new("box.png", b"a picture"), File::new("bill.pdf", b"a bill")], "this box");
    guild.waits_for(thread, "this box");
    bea.sends(thread, &[File::new("label.pdf", b"a label")], "your label");
    ann.waits_for("your label");
    let mistake = bea.writes(thread, "not meant for you");
    ann.waits_for("not meant for you");
    bea.deletes(thread, mistake);
    bea.writes(thread, "// a nice customer");
    bea.commands(thread, "why", &[]);
    bea.commands(thread, "reply", &[("text", "That was all.")]);
    ann.waits_for("That was all.");
    ann.closes_dms();
    bea.writes(thread, "Are you there?");
    discord
        .wait("a refusal", |state| state.calls().iter().any(|call| call.code() == Some(50007)).then_some(()));
    ann.opens_dms();
    ann.writes("I am back");
    guild.waits_for(thread, "I am back");
    bea.commands(thread, "close", &[]);
    let is_put_away =
        |call: &Call| call.what() == "PATCH /channels/{channel_id}" && call.field("archived") == true;
    discord.wait("a thread to be put away", |state| state.calls().iter().any(is_put_away).then_some(()));
}

fn asks_in_the_support_channel(discord: &Discord, guild: &Guild) {
    let bob = discord.customer(43, "Bob", "de");
    let message = bob.in_channel(guild.support_channel()).writes("I want my money back");
    let thread = guild.waits_for_thread("Bob").id;
    discord.wait("an answer", |state| said_after(&state.shown(thread), message));
}
