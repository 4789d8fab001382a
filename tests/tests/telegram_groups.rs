//! The real program in a group that is no group of agents: it speaks when it is spoken to, to whoever spoke, and keeps nothing else.
#![cfg(unix)]
use std::fs;

use bot_tests::telegram::{GENERAL, Telegram};
use bot_tests::telegram_bot::TelegramBot;

const PROGRAM: &str = env!("CARGO_BIN_EXE_telegram-under-test");
const FRIENDS: i64 = -1_001_000_000_077;

#[test]
fn in_a_group_it_answers_those_who_speak_to_it_and_keeps_nothing_else() {
    let telegram = Telegram::start();
    let name = "Shop_Test_Bot";
    let group = telegram.group(FRIENDS, "Friends");
    let (ann, ben) = (group.agent(1, "Ann"), group.agent(2, "Ben"));
    let mut bot = TelegramBot::new(PROGRAM, &telegram);
    bot.start();

    ben.writes(GENERAL, "echo t7. albatross");
    let of_ann = ann.writes(GENERAL, &format!("@{name}, echo t1."));
    let of_ben = ben.writes(GENERAL, &format!("echo t2. @{name}"));
    let said = |text: &str| {
        let text = text.to_owned();
        let shown = telegram.read(|state| state.shown(FRIENDS));
        shown.into_iter().find(|shown| shown.by_bot && shown.text == text)
    };
    bot.wait("both are answered", |_| said("Heard t1.").is_some() && said("Heard t2.").is_some());
    let first = said("Heard t1.").expect("it was waited for");
    assert_eq!(first.reply_to, Some(of_ann));
    assert_eq!(said("Heard t2.").and_then(|shown| shown.reply_to), Some(of_ben));

    // Who replies to the bot speaks to it; what is said to others stays between them.
    let again = ann.replies(first.id, "echo t3.");
    ann.replies(of_ben, "echo t8. albatross");
    bot.wait("the reply is answered", |_| said("Heard t3.").is_some());
    assert_eq!(said("Heard t3.").and_then(|shown| shown.reply_to), Some(again));
    bot.wait("every update is confirmed", |telegram| telegram.pending() == 0);
    let of_bot = telegram.read(|state| state.shown(FRIENDS)).iter().filter(|shown| shown.by_bot).count();
    assert_eq!(of_bot, 3);
    drop(bot.processes.drain(..));
    for entry in fs::read_dir(bot.store().parent().expect("a folder")).expect("it can be read") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(!bytes.windows(9).any(|window| window == b"albatross"));
    }
}
