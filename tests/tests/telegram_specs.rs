//! What goes over the wire between the real program and the stand-in for Telegram fits the interface's description: each request,
//! each answer and each update of a conversation, a hand-off into a topic, and back.
use bot_tests::serving::Serving;
use bot_tests::specs::telegram::Watch;
use bot_tests::telegram::{Agent, Customer, Group, Media, Shown, State, Telegram};
use bot_tests::{Bot, fixture};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_telegram-under-test"));
const GROUP: i64 = -1_001_000_000_001;

/// What must have been asked for: a conversation that leaves one out shows nothing about it.
const METHODS: &[&str] = &[
    "answerCallbackQuery",
    "copyMessage",
    "copyMessages",
    "createForumTopic",
    "editMessageText",
    "getChatMember",
    "getMe",
    "getUpdates",
    "sendMessage",
    "setMessageReaction",
    "setMyCommands",
];

#[test]
fn a_conversation_and_a_hand_off_fit_the_description() {
    let telegram = Telegram::start().without_pace();
    let Some(watch) = Watch::begin(&telegram) else { return };
    let group = telegram.group(GROUP, "Staff");
    let folder = TempDir::new().expect("a folder");
    let mut command = Serving::on_telegram(BOT, &fixture("desk"), &folder.path().join("bot.db"), &telegram);
    command.env("TELEGRAM_STAFF", GROUP.to_string());
    let bot = Serving::start(command);
    let ann = telegram.customer(42, "Ann 🦊", "en");

    talks_to_the_bot(&telegram, &ann);
    ann.writes("this is outrageous");
    let topic = telegram.wait("a topic with a card", with_card);
    let bea = group.agent(77, "Bea");
    is_helped(&telegram, &ann, &group, &bea, topic);

    let (code, log) = bot.terminate();
    assert_eq!(code, 0, "{log}");
    watch.finds_nothing();
    let missing: Vec<_> =
        METHODS.iter().filter(|method| !watch.methods().iter().any(|m| m == *method)).collect();
    assert!(missing.is_empty(), "never asked for: {missing:?}; asked for: {:?}", watch.methods());
}

/// Everything that a customer can do before anybody has taken over.
fn talks_to_the_bot(telegram: &Telegram, ann: &Customer) {
    answered(telegram, ann, || ann.writes("/start ref_1"));
    answered(telegram, ann, || ann.writes("I want my money back"));
    answered(telegram, ann, || ann.writes("12345678"));
    answered(telegram, ann, || ann.sends(Media::Photo, "look"));
    let message = answered(telegram, ann, || ann.writes("I would like a refund"));
    ann.edits(message, "I would like to be refunded");
    answered(telegram, ann, || ann.replies(message, "please refund my order"));
    // One that never was.
    ann.presses_data(ann.answers()[0].id, "b:0");
}

/// Does something, and waits until the bot has said something after it.
fn answered(telegram: &Telegram, customer: &Customer, deed: impl FnOnce() -> i64) -> i64 {
    let message = deed();
    telegram.wait("an answer", |state| {
        let shown = state.shown(customer.id());
        shown.iter().any(|shown| shown.by_bot && shown.id > message).then_some(())
    });
    message
}

fn is_helped(telegram: &Telegram, ann: &Customer, group: &Group, bea: &Agent, topic: i64) {
    let card = buttons(group, topic);
    bea.presses(card.id, "Claim");
    let hello = bea.writes(topic, "Hello, what is it?");
    let told = ann.waits_for("what is it?");
    marked(telegram, topic, hello);
    ann.replies(told.id, "Nothing has come.");
    let quoted = group.waits_for(topic, "Nothing has come.");
    bea.replies(quoted.id, "I look for it.");
    ann.waits_for("I look for it.");
    bea.edits(hello, "Hello, what is the matter?");
    ann.waits_for("what is the matter?");
    ann.sends(Media::Photo, "this box");
    group.waits_for(topic, "this box");
    for media in [Media::Voice, Media::Sticker, Media::Location, Media::Document, Media::Contact] {
        ann.sends(media, "");
        let kind = media.field();
        telegram.wait(kind, |state| {
            state
                .shown_in(GROUP, topic)
                .iter()
                .any(|shown| shown.media.as_deref() == Some(kind))
                .then_some(())
        });
    }
    ann.sends_album(2, "and these");
    group.waits_for(topic, "and these");
    bea.sends(topic, Media::Document, "your label");
    ann.waits_for("your label");
    bea.sends_album(topic, 2, "how to pack");
    ann.waits_for("how to pack");
    bea.writes(topic, "// a nice customer");
    bea.writes(topic, "/why");
    ann.blocks();
    let lost = bea.writes(topic, "Are you there?");
    marked(telegram, topic, lost);
    ann.unblocks();
    ann.writes("I am back");
    group.waits_for(topic, "I am back");
    bea.writes(topic, "/close");
    // How was it?
    let rating = telegram.wait("stars to give", |state| {
        state
            .shown(ann.id())
            .into_iter()
            .rfind(|shown| shown.by_bot)
            .filter(|shown| !shown.buttons.is_empty())
    });
    let data = rating.buttons[0].data.clone().expect("a button of the bot");
    answered(telegram, ann, || {
        ann.presses_data(rating.id, &data);
        rating.id
    });
}

/// Waits until the agent's message shows what has become of it.
fn marked(telegram: &Telegram, topic: i64, message: i64) {
    telegram.wait("a mark on the agent's message", |state| {
        let shown = state.shown_in(GROUP, topic);
        shown.into_iter().find(|shown| shown.id == message)?.reaction
    });
}

fn with_card(state: &State) -> Option<i64> {
    let has = |topic: i64| state.shown_in(GROUP, topic).iter().any(|shown| !shown.buttons.is_empty());
    state.topics(GROUP).into_iter().map(|topic| topic.id).find(|topic| has(*topic))
}

fn buttons(group: &Group, topic: i64) -> Shown {
    group.topic(topic).into_iter().find(|shown| !shown.buttons.is_empty()).expect("a card")
}
