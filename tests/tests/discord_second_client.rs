//! The stand-in for Discord, met by a client that has nothing to do with ours: a small bot on discord.py, from PyPI.
//!
//! What a library that was written for the real Discord understands, and does as there, is believable.
//! Without Python or PyPI this is skipped, loudly; in CI that is a failure.
#![cfg(unix)]
use std::path::Path;

use bot_tests::discord::gateway::Ended;
use bot_tests::discord::{Agent, BOT, Customer, Discord, File, Guild, Shown, SocketFault};
use bot_tests::python::{self, Client};
use bot_tests::specs::discord::Watch;

/// What the library sends and Discord takes, though its description has it otherwise.
const LIBERTIES: &[&str] = &[
    "PATCH /channels/{channel_id}/messages/{message_id}.tts: unknown",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original.tts: unknown",
    "POST /channels/{channel_id}/messages.attachments[0].id: integer where string is expected",
    "POST /channels/{channel_id}/messages.message_reference.channel_id: integer where null or string is expected",
    "POST /channels/{channel_id}/messages.message_reference.guild_id: integer where null or string is expected",
    "POST /channels/{channel_id}/messages.message_reference.message_id: integer where string is expected",
    "POST /interactions/{interaction_id}/{interaction_token}/callback.data.tts: unknown",
    "PUT /applications/{application_id}/commands[0].nsfw: unknown",
    "PUT /applications/{application_id}/commands[1].nsfw: unknown",
];

#[test]
fn discord_py_understands_the_stand_in() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("discord-clients");
    let Some(python) = python::with("discord_requirements.txt", &folder) else { return };
    let discord = Discord::start();
    let watch = Watch::begin(&discord);
    let guild = discord.guild(500);
    let variables = [
        ("DISCORD_API_URL", discord.url()),
        ("DISCORD_TOKEN", discord.token().to_owned()),
        ("AGENT", "77".to_owned()),
        ("STAFF_CHANNEL", guild.staff_channel().to_string()),
    ];
    let bea = guild.agent(77, "Bea");
    let _bot = Client::start(&python, "discord_py_bot.py", &variables);
    let ann = discord.customer(42, "Ann", "de");
    discord.gateway().wait("the bot", |hub| (hub.ready() == 1).then_some(()));

    talks(&ann, &guild);
    presses(&ann);
    commands(&ann);
    is_handed_over(&ann, &guild, &bea);
    is_refused(&ann);
    goes_on_after_interruptions(&discord, &ann);
    // The library reads the limits from the answers and keeps to them.
    assert!(discord.calls().iter().all(|call| call.status != 429));
    if let Some(watch) = watch {
        watch.finds_only(LIBERTIES);
    }
}

/// In the direct chat, and in a channel of the server when it is mentioned.
fn talks(ann: &Customer, guild: &Guild) {
    let message = ann.writes("good day 🦊");
    assert_eq!(ann.waits_for("You said: good day 🦊").reply_to, Some(message));
    ann.edits(message, "good night");
    ann.waits_for("You meant: good night");
    ann.deletes(message);
    ann.waits_for("You took that back.");
    ann.sends(&[File::new("box.png", b"a picture")], "look");
    assert_eq!(ann.waits_for("9 bytes").files, ["copy-box.png"]);

    let channel = ann.in_channel(guild.support_channel());
    channel.writes("nobody is meant");
    let message = channel.writes(&format!("<@{BOT}> are you there?"));
    let answer = channel.waits_for("are you there?");
    assert_eq!((answer.reply_to, answer.pinged.is_empty()), (Some(message), true));
}

/// Buttons, a menu, a form.
fn presses(ann: &Customer) {
    ann.writes("hello");
    let hello = ann.waits_for("Hello **Ann**!");
    assert_eq!(hello.labels(), ["Yes", "No", "Small", "Large"]);
    ann.presses("No");
    // The library knows its form only when the request that showed it has returned.
    ann.waits_for("Please say why.");
    ann.submits(&[("reason", "no reason")]);
    ann.waits_for("Because: no reason");
    ann.picks("Large");
    let chosen = ann.waits_for("Size l");
    assert_eq!((chosen.id, chosen.labels()), (hello.id, Vec::<&str>::new()));
    ann.writes("hello");
    ann.waits_for("Hello **Ann**!");
    ann.presses("Yes");
    ann.waits_for("You chose yes.");
    assert_eq!(ann.waits_for("Noted").only_for, Some(ann.id()));
}

fn commands(ann: &Customer) {
    ann.commands("topics", &[]);
    assert_eq!(ann.waits_for("Everything, in de").only_for, Some(ann.id()));
    ann.commands("slow", &[("what", "snail")]);
    assert!(!ann.waits_for("Slowly: snail").loading);
}

/// A private thread for the customer, to which the agent is added; what is written in it arrives, with files.
fn is_handed_over(ann: &Customer, guild: &Guild, bea: &Agent) {
    ann.writes("human");
    let thread = guild.waits_for_thread("Customer Ann");
    guild.waits_for(thread.id, "A new customer");
    bea.writes(thread.id, "How can I help?");
    ann.waits_for("How can I help?");
}

/// What the library reads from refusals.
fn is_refused(ann: &Customer) {
    ann.writes("refusals");
    let refused = ann.waits_for("400 50035").text;
    let expected = [
        "400 50035 Invalid Form Body; In content: Must be 2000 or fewer in length.",
        "400 50006 Cannot send an empty message",
        "404 10003 Unknown Channel",
        "404 10008 Unknown Message",
        "403 50005 Cannot edit a message authored by another user",
    ];
    assert_eq!(refused.lines().collect::<Vec<_>>(), expected);
}

/// What was written while the bot was away is answered once, and no session began anew until one had to.
fn goes_on_after_interruptions(discord: &Discord, ann: &Customer) {
    let hub = discord.gateway();
    let faults = [
        SocketFault::Drop,
        SocketFault::Reconnect,
        SocketFault::Close(4000),
        SocketFault::InvalidSession { resumable: true },
    ];
    for (nth, fault) in faults.into_iter().enumerate() {
        hub.order(fault);
        let text = format!("away {nth}");
        ann.writes(&text);
        ann.waits_for(&text);
        hub.wait("the bot to resume", |hub| (hub.resumes() == nth + 1).then_some(()));
    }
    assert_eq!(hub.identifies(), 1);
    let answers =
        |text: &str| ann.answers().iter().filter(|shown: &&Shown| shown.text.contains(text)).count();
    assert_eq!([0, 1, 2, 3].map(|nth| answers(&format!("You said: away {nth}"))), [1, 1, 1, 1]);
    let resumed = hub.connections().split_off(1);
    assert!(resumed.iter().all(|opened| opened.path == "/gateway/resume"), "{resumed:?}");
    assert!(resumed.iter().all(|opened| opened.query.contains("compress=zlib-stream")), "{resumed:?}");
    assert_eq!(hub.connections()[0].ended, Some(Ended::Cut));

    hub.order(SocketFault::InvalidSession { resumable: false });
    hub.wait("the bot to identify", |hub| (hub.identifies() == 2 && hub.ready() == 1).then_some(()));
    ann.writes("again");
    ann.waits_for("You said: again");
}
