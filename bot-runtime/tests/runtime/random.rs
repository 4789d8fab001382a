//! Whatever comes in whatever order from several tasks: nothing is lost, doubled or out of order, and the state is a fold.
use std::sync::Arc;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::handoff::AgentAct;
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{ConversationId, EventId, MemoryStore, SqliteStore, Store};
use proptest::prelude::*;

use crate::support::*;

const PEERS: usize = 3;

#[derive(Clone, Debug)]
enum Deed {
    Writes(usize),
    Presses,
    Claims,
    Says,
    GivesBack,
}

const TEXTS: [&str; 6] =
    ["when are you open", "where is my order", "42", "I want to talk to a person", "stop", "asdf qwer"];

fn deeds() -> impl Strategy<Value = Vec<(usize, Deed)>> {
    let deed = prop_oneof![
        6 => (0..TEXTS.len()).prop_map(Deed::Writes),
        1 => Just(Deed::Presses),
        1 => Just(Deed::Claims),
        1 => Just(Deed::Says),
        1 => Just(Deed::GivesBack),
    ];
    prop::collection::vec((0..PEERS, deed), 1..25)
}

fn input(deed: &Deed, number: usize) -> Input {
    let agent = |act| Input::Agent { agent: "Ada".into(), act };
    match deed {
        // The number tells the messages apart.
        Deed::Writes(text) => Input::text(format!("{}\u{200b}{number}", TEXTS[*text])),
        Deed::Presses => Input::Press { id: "b1".into() },
        Deed::Claims => agent(AgentAct::Claim),
        Deed::Says => agent(AgentAct::Say { text: format!("agent {number}") }),
        Deed::GivesBack => agent(AgentAct::Back),
    }
}

async fn play(store: Arc<impl Store>, schedule: Vec<(usize, Deed)>) {
    let platform = Platform::default();
    let actions = Some(Actions::new(Environment::default()));
    let options = Options { actions, ..options() };
    let bot = Runtime::start(store.clone(), engine(BOT), options);
    bot.serve(platform.clone());
    let tasks: Vec<_> = (0..PEERS)
        .map(|peer| {
            let (bot, schedule) = (bot.clone(), schedule.clone());
            tokio::spawn(async move {
                let name = format!("p{peer}");
                for (number, (_, deed)) in schedule.iter().enumerate().filter(|(_, (of, _))| *of == peer) {
                    put(&bot, &name, &format!("{peer}/{number}"), input(deed, number)).await;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for peer in 0..PEERS {
        let Some(conversation) = store.find(&address(&format!("p{peer}"))).await.unwrap() else { continue };
        bot.settled(conversation).await.unwrap();
        check(&*store, conversation, &platform, peer, &schedule).await;
    }
}

async fn check(
    store: &impl Store,
    conversation: ConversationId,
    platform: &Platform,
    peer: usize,
    schedule: &[(usize, Deed)],
) {
    let stored = store.events(Some(conversation), EventId(0), usize::MAX).await.unwrap();
    let events: Vec<Event> = stored.into_iter().map(|stored| stored.event).collect();
    let loaded = store.load(conversation).await.unwrap().unwrap();
    assert_eq!(loaded.tracker, Tracker::replay(&events));
    assert!(loaded.inbox.is_empty());

    let written = schedule.iter().enumerate().filter(|(_, (of, _))| *of == peer);
    let texts = written.filter_map(|(number, (_, deed))| match input(deed, number) {
        Input::Text { text } => Some(text),
        _ => None,
    });
    let is_text = |text: &String| text.contains('\u{200b}');
    let heard = events.iter().filter_map(|event| match event {
        Event::CustomerSaid { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(heard.filter(is_text).collect::<Vec<_>>(), texts.collect::<Vec<_>>());

    let said = events.iter().filter_map(|event| match event {
        Event::Said { reply } => Some(reply.text.plain()),
        Event::AgentSaid { agent, text, .. } => Some(format!("{agent}: {text}")),
        _ => None,
    });
    assert_eq!(platform.got(&format!("p{peer}")), said.collect::<Vec<_>>());
}

fn run<S: Store>(store: S, schedule: Vec<(usize, Deed)>) {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    tokio.block_on(play(Arc::new(store), schedule));
    tokio.shutdown_background();
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(60))]
    #[test]
    fn each_message_changes_its_conversation_once_and_in_order(schedule in deeds()) {
        run(MemoryStore::new(), schedule);
    }
}

proptest! {
    #![proptest_config(cases(15))]
    #[test]
    fn the_same_in_a_file(schedule in deeds()) {
        let folder = tempfile::tempdir().unwrap();
        run(SqliteStore::open(folder.path().join("bot.db")).unwrap(), schedule);
    }
}
