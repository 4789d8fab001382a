//! A small bot, a platform for its customers, and a wall of threads for its agents. Time stands still unless all wait.
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bot_core::catalog::Source;
use bot_core::dialogue::{AttachmentKind, Customer, Input};
use bot_core::engine::Engine;
use bot_runtime::channel::{Address, Body, Channel, Delivered, Delivery, Inbound, Message, SendError};
use bot_runtime::clock::Clock;
use bot_runtime::desk::board::{Board, Heard, Place, Room, Spoken};
use bot_runtime::desk::decided;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{ConversationId, MemoryStore, Store};
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::shared::Shared;
use crate::wall::{Thread, Wall};

const BOT: &str = "
handoff: { teams: { support: {}, billing: {} }, rating: false }
intents:
  hours: { examples: [when are you open], say: From 9 to 5. }
  bill: { examples: [my bill is wrong], flow: [{ handoff: billing, reason: a bill }] }
  problem: { examples: [I have a problem], flow: [{ handoff: support, reason: a problem }] }
";

/// Where customers are.
#[derive(Clone, Default)]
pub struct Chats {
    state: Arc<Mutex<ChatState>>,
}

#[derive(Default)]
struct ChatState {
    got: BTreeMap<String, Vec<(String, Option<String>)>>,
    fails: VecDeque<SendError>,
    last: u32,
}

impl Channel for Chats {
    fn name(&self) -> &str {
        "test"
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        let mut state = self.state.lock().unwrap();
        if delivery.what.agent().is_some()
            && let Some(error) = state.fails.pop_front()
        {
            return Err(error);
        }
        state.last += 1;
        let id = format!("c{}", state.last);
        let text = delivery.what.plain();
        let text = delivery.what.agent().map_or(text.clone(), |agent| format!("{agent}: {text}"));
        state.got.entry(delivery.address.peer.clone()).or_default().push((text, delivery.quotes.clone()));
        Ok(Delivered { messages: vec![id], more: false })
    }
}

pub struct World {
    pub runtime: Runtime<Shared<MemoryStore>>,
    pub wall: Wall,
    pub board: Board<Shared<MemoryStore>, Wall>,
    rooms: Vec<Room>,
    chats: Chats,
    shows: Option<(JoinHandle<()>, CancellationToken)>,
    keys: u32,
}

pub fn room(id: &str, team: Option<&str>) -> Room {
    Room { id: id.to_owned(), team: team.map(str::to_owned) }
}

pub fn at(room: &str, thread: Option<&str>) -> Place {
    Place { room: room.to_owned(), thread: thread.map(str::to_owned) }
}

fn engine(bot: &str) -> Arc<Engine> {
    Arc::new(Engine::load(vec![Source::new("bot.yaml", bot)]).unwrap_or_else(|problems| panic!("{problems}")))
}

impl World {
    /// One room for all, as in most teams.
    pub fn new() -> World {
        World::with(Wall::default(), vec![room("room", None)])
    }

    pub fn with(wall: Wall, rooms: Vec<Room>) -> World {
        let mut world = World::asleep(wall, rooms);
        world.wakes();
        world
    }

    /// Nothing is shown yet.
    pub fn asleep(wall: Wall, rooms: Vec<Room>) -> World {
        World::on(Options::default(), wall, rooms)
    }

    /// One in which the clock on the wall stands still: a new process can't know how long ago the last one did something.
    pub fn timeless(wall: Wall, rooms: Vec<Room>) -> World {
        let clock = Clock::manual("2026-11-23T12:00:00+01:00[Europe/Berlin]".parse().unwrap());
        let mut world = World::on(Options { clock, ..Options::default() }, wall, rooms);
        world.wakes();
        world
    }

    /// One whose teams are these.
    pub fn of_teams(teams: &str) -> World {
        let bot = BOT.replace("{ support: {}, billing: {} }", teams);
        let mut world = World::made(&bot, Options::default(), Wall::default(), vec![room("room", None)]);
        world.wakes();
        world
    }

    fn on(options: Options, wall: Wall, rooms: Vec<Room>) -> World {
        World::made(BOT, options, wall, rooms)
    }

    fn made(bot: &str, options: Options, wall: Wall, rooms: Vec<Room>) -> World {
        let engine = engine(bot);
        let runtime = Runtime::start(Arc::new(Shared::new(MemoryStore::new())), engine, options);
        let chats = Chats::default();
        runtime.serve(chats.clone());
        let board = Board::new(runtime.clone(), wall.clone(), rooms.clone());
        World { runtime, wall, board, rooms, chats, shows: None, keys: 0 }
    }

    /// Other teams from now on.
    pub fn reloads(&self, teams: &str) {
        self.runtime.swap(engine(&BOT.replace("{ support: {}, billing: {} }", teams)));
    }

    pub fn store(&self) -> &Arc<Shared<MemoryStore>> {
        self.runtime.store()
    }

    /// A process that shows.
    pub fn wakes(&mut self) {
        self.board = Board::new(self.runtime.clone(), self.wall.clone(), self.rooms.clone());
        let (board, stop) = (self.board.clone(), CancellationToken::new());
        let stopped = stop.clone();
        let task = tokio::spawn(async move { board.run(&stopped).await });
        self.shows = Some((task, stop));
    }

    /// It dies, wherever it is, and another one begins.
    pub async fn dies(&mut self) {
        if let Some((task, _)) = self.shows.take() {
            task.abort();
            let _ = task.await;
        }
    }

    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("u{}", self.keys)
    }

    /// So many of the next calls to the store that only desks make fail.
    pub fn locks(&self, calls: usize) {
        self.store().locked.store(calls, Ordering::SeqCst);
    }

    fn arrival(&mut self, peer: &str, body: Body) -> Inbound {
        let customer = Some(Customer { name: Some(peer.to_owned()), ..Customer::default() });
        let address = Address { channel: "test".to_owned(), peer: peer.to_owned() };
        Inbound { address, key: self.key(), at: Timestamp::now(), customer, body }
    }

    async fn arrives(&mut self, peer: &str, body: Body) -> ConversationId {
        let arrival = self.arrival(peer, body);
        let id = self.runtime.receive(vec![arrival]).await.unwrap()[0].conversation;
        decided(&**self.store(), id).await.unwrap();
        id
    }

    pub async fn customer(&mut self, peer: &str, text: &str) -> ConversationId {
        let message = Some(format!("{peer}/{text}").into());
        self.arrives(peer, Body::Input { input: Input::text(text), message }).await
    }

    pub async fn quotes(&mut self, peer: &str, text: &str, quotes: &str) {
        let message = Message { id: format!("{peer}/{text}"), desk: None, quotes: Some(quotes.to_owned()) };
        self.arrives(peer, Body::Input { input: Input::text(text), message: Some(message) }).await;
    }

    pub async fn sends(&mut self, peer: &str, files: &[&str], caption: &str) {
        let input = Input::Attachment {
            kind: AttachmentKind::Picture,
            caption: (!caption.is_empty()).then(|| caption.to_owned()),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
            album: None,
        };
        let message = Some(format!("{peer}/{}", files.join("+")).into());
        self.arrives(peer, Body::Input { input, message }).await;
    }

    pub async fn edits(&mut self, peer: &str, message: &str, text: &str) {
        let (message, text) = (format!("{peer}/{message}"), text.to_owned());
        self.arrives(peer, Body::Edit { message, text }).await;
    }

    pub async fn takes_back(&mut self, peer: &str, message: &str) {
        let message = format!("{peer}/{message}");
        self.arrives(peer, Body::Delete { message }).await;
    }

    /// Something is heard of a staff room.
    pub async fn heard(&mut self, place: &Place, agent: Option<&str>, what: Spoken) -> Option<String> {
        let heard = Heard {
            place: place.clone(),
            key: self.key(),
            at: Timestamp::now(),
            agent: agent.map(str::to_owned),
            what,
        };
        // What can't be stored is told again, as platforms do.
        let told = loop {
            if let Ok(told) = self.board.hear(heard.clone()).await {
                break told;
            }
        };
        for (id, _) in self.conversations().await {
            decided(&**self.store(), id).await.unwrap();
        }
        told
    }

    async fn conversations(&self) -> Vec<(ConversationId, Address)> {
        let listed = self.store().list(100).await.unwrap();
        listed.into_iter().map(|listed| (listed.id, listed.address)).collect()
    }

    /// An agent writes in a thread; returns the message.
    pub async fn agent(&mut self, place: &Place, agent: &str, text: &str) -> String {
        self.replies(place, agent, text, None).await
    }

    pub async fn replies(&mut self, place: &Place, agent: &str, text: &str, to: Option<&str>) -> String {
        let message = self.wall.writes(place, text, to);
        let (text, replies_to) = (text.to_owned(), to.map(str::to_owned));
        let what = Spoken::Text { message: message.clone(), text, replies_to };
        self.heard(place, Some(agent), what).await;
        message
    }

    pub async fn presses(&mut self, place: &Place, agent: &str, data: &str) -> Option<String> {
        self.heard(place, Some(agent), Spoken::Press { data: data.to_owned() }).await
    }

    /// What a customer has got from agents.
    pub fn got(&self, peer: &str) -> Vec<String> {
        let state = self.chats.state.lock().unwrap();
        let got = state.got.get(peer).cloned().unwrap_or_default();
        let from_agents = got.into_iter().filter(|(text, _)| text.contains(": "));
        from_agents
            .map(|(text, quotes)| text + &quotes.map(|id| format!(" ^{id}")).unwrap_or_default())
            .collect()
    }

    pub fn undeliverable(&self, errors: impl IntoIterator<Item = SendError>) {
        self.chats.state.lock().unwrap().fails.extend(errors);
    }

    /// Waits until nothing is done any more, for longer than any pause.
    pub async fn rests(&self) {
        self.rests_for(Duration::from_secs(200)).await;
    }

    pub async fn rests_for(&self, quiet: Duration) {
        let mut before = usize::MAX;
        loop {
            let calls = self.wall.calls().len();
            if calls == before {
                return;
            }
            before = calls;
            tokio::time::sleep(quiet).await;
        }
    }

    /// The only thread there is.
    pub fn thread(&self) -> (Place, Thread) {
        let mut threads = self.wall.threads();
        assert_eq!(threads.len(), 1, "{threads:?}");
        threads.remove(0)
    }

    /// What stands in the only thread, but for the card.
    pub fn texts(&self) -> Vec<String> {
        self.wall.texts(&self.thread().0)
    }
}
