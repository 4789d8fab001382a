//! A platform that writes down what arrives and fails as it is told to, and a small bot.
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::catalog::Source;
use bot_core::dialogue::Input;
use bot_core::engine::Engine;
use bot_runtime::channel::{Address, Body, Channel, Delivered, Delivery, Inbound, Pace, SendError};
use bot_runtime::clock::Clock;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{ConversationId, Store};
use jiff::Zoned;

/// A test on each store: `on_each_store!(name)` for an `async fn name(store: Shared<impl Store>)` in `cases`. Those that let
/// time stand still run on the store in memory alone: the other one has threads that tokio's clock does not know of.
macro_rules! on_each_store {
    ($($name:ident),* $(,)?) => {
        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::shared::Shared::new(bot_runtime::store::MemoryStore::new())).await;
            })*
        }
        mod in_a_file {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let store = bot_runtime::store::SqliteStore::open(folder.path().join("bot.db")).unwrap();
                super::$name(crate::shared::Shared::new(store)).await;
            })*
        }
    };
}
pub(crate) use on_each_store;

pub const BOT: &str = "
intents:
  hours: { examples: [when are you open], say: From 9 to 5. }
  hello: { examples: [hello there], say: Hi! }
  order:
    examples: [where is my order]
    flow:
      - { ask: number, type: number, say: Which number? }
      - { call: order, with: { number: '{{ number }}' }, as: order, failed: [{ say: I can't look. }] }
      - say: Order {{ number }} is {{ order.status }}.
  later:
    examples: [call me later]
    flow:
      - { later: 1h, then: [{ say: Here I am. }] }
      - say: I will.
actions:
  order: { sample: { status: shipped } }
";

pub fn engine(yaml: &str) -> Arc<Engine> {
    Arc::new(
        Engine::load(vec![Source::new("bot.yaml", yaml)]).unwrap_or_else(|problems| panic!("{problems}")),
    )
}

pub fn noon() -> Zoned {
    "2026-11-23T12:00:00+01:00[Europe/Berlin]".parse().unwrap()
}

pub fn options() -> Options {
    Options { clock: Clock::manual(noon()), turns_at_once: 4, ..Options::default() }
}

/// What a platform does with deliveries, and what it has seen of them.
#[derive(Clone, Default)]
pub struct Platform {
    pub window: Duration,
    pub pace: Pace,
    /// The messages that each delivery becomes; 0: one.
    pub parts: u32,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Peer, text and key, in the order of arrival.
    ledger: Vec<(String, String, String)>,
    attempts: Vec<(String, bool)>,
    /// What happens to a peer's next deliveries, before all goes well.
    script: HashMap<String, VecDeque<SendError>>,
    hangs: Vec<String>,
    /// The same for one part of each of a peer's deliveries.
    part: Option<(u32, VecDeque<SendError>)>,
    /// Whom it was shown that something takes long.
    busy: Vec<String>,
    when_busy: WhenBusy,
}

/// What a platform does when it is to show that something takes long.
#[derive(Clone, Copy, Default)]
pub enum WhenBusy {
    #[default]
    Shows,
    Hangs,
    Panics,
}

impl Platform {
    pub fn with_window(window: Duration) -> Platform {
        Platform { window, ..Platform::default() }
    }

    pub fn with_pace(pace: Pace) -> Platform {
        Platform { pace, ..Platform::default() }
    }

    pub fn in_parts(parts: u32) -> Platform {
        Platform { parts, ..Platform::default() }
    }

    pub fn fail(&self, peer: &str, errors: impl IntoIterator<Item = SendError>) {
        self.state.lock().unwrap().script.entry(peer.to_owned()).or_default().extend(errors);
    }

    pub fn hang(&self, peer: &str) {
        self.state.lock().unwrap().hangs.push(peer.to_owned());
    }

    /// What happens to the part of that number, before all goes well.
    pub fn fail_part(&self, part: u32, errors: impl IntoIterator<Item = SendError>) {
        self.state.lock().unwrap().part = Some((part, errors.into_iter().collect()));
    }

    pub fn when_busy(&self, does: WhenBusy) {
        self.state.lock().unwrap().when_busy = does;
    }

    /// How often a peer was shown that something takes long.
    pub fn busy(&self, peer: &str) -> usize {
        self.state.lock().unwrap().busy.iter().filter(|to| *to == peer).count()
    }

    pub fn unhang(&self) {
        self.state.lock().unwrap().hangs.clear();
    }

    /// What a peer has got.
    pub fn got(&self, peer: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.ledger.iter().filter(|(to, ..)| to == peer).map(|(_, text, _)| text.clone()).collect()
    }

    /// The peers in the order in which something arrived.
    pub fn peers(&self) -> Vec<String> {
        self.state.lock().unwrap().ledger.iter().map(|(to, ..)| to.clone()).collect()
    }

    /// Keys of all that arrived.
    pub fn keys(&self) -> Vec<String> {
        self.state.lock().unwrap().ledger.iter().map(|(.., key)| key.clone()).collect()
    }

    /// Key of each attempt, and whether it was marked as a repetition.
    pub fn attempts(&self) -> Vec<(String, bool)> {
        self.state.lock().unwrap().attempts.clone()
    }
}

impl Channel for Platform {
    fn name(&self) -> &str {
        "test"
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        let peer = delivery.address.peer.clone();
        let hangs = {
            let mut state = self.state.lock().unwrap();
            state.attempts.push((delivery.key.clone(), delivery.again));
            if let Some(error) = state.script.get_mut(&peer).and_then(VecDeque::pop_front) {
                return Err(error);
            }
            if let Some((_, errors)) = state.part.as_mut().filter(|(part, _)| *part == delivery.part)
                && let Some(error) = errors.pop_front()
            {
                return Err(error);
            }
            state.hangs.contains(&peer)
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        let text = delivery.what.plain();
        let text = delivery.what.agent().map_or(text.clone(), |agent| format!("{agent}: {text}"));
        let text = if self.parts > 1 { format!("{text} [{}]", delivery.part) } else { text };
        let mut state = self.state.lock().unwrap();
        state.ledger.push((peer, text, delivery.key.clone()));
        let messages = vec![format!("m{}", state.ledger.len())];
        Ok(Delivered { messages, more: delivery.part + 1 < self.parts })
    }

    async fn busy(&self, address: &Address) {
        let does = {
            let mut state = self.state.lock().unwrap();
            state.busy.push(address.peer.clone());
            state.when_busy
        };
        match does {
            WhenBusy::Shows => {}
            WhenBusy::Hangs => std::future::pending().await,
            WhenBusy::Panics => panic!("this platform shows nothing"),
        }
    }

    fn pace(&self) -> Pace {
        self.pace
    }

    fn burst_window(&self) -> Duration {
        self.window
    }
}

pub fn address(peer: &str) -> Address {
    Address { channel: "test".into(), peer: peer.into() }
}

pub fn arrival(peer: &str, key: &str, input: Input) -> Inbound {
    let (address, at) = (address(peer), noon().timestamp());
    Inbound { address, key: key.into(), at, customer: None, body: Body::Input { input, message: None } }
}

/// A customer writes.
pub async fn write<S: Store>(bot: &Runtime<S>, peer: &str, key: &str, text: &str) -> ConversationId {
    put(bot, peer, key, Input::text(text)).await
}

pub async fn put<S: Store>(bot: &Runtime<S>, peer: &str, key: &str, input: Input) -> ConversationId {
    bot.receive(vec![arrival(peer, key, input)]).await.unwrap()[0].conversation
}

/// Waits for what must come; a test that would wait for ever fails.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("waited for {what}"));
}
