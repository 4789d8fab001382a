//! The stateful stand-in for Discord as a stage: customers in direct messages, agents in the threads of a staff channel.
//!
//! What the bot did is noted as its requests are answered, with the time, which tells the process. What a request only repeats
//! (Discord tells by the nonce, and what is changed to what it is already stays as it is) nobody sees, and it is not noted.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bot_core::dialogue::{AttachmentKind, Input};
use bot_core::handoff::AgentAct;
use bot_runtime::channel::Body;
use bot_runtime::store::StoreError;
use serde_json::Value;

use super::arrivals::{Arrivals, Arrived, Place};
use super::diary::Diary;
use super::{Deed, Life, Stage};
use crate::discord::gateway::Emitted;
use crate::discord::render::{Kind, render};
use crate::discord::{self, Agent, Call, Customer, Fault, File, Guild, Shown, SocketFault, What};
use crate::kill::random::Random;
use crate::kill::record::{Kept, Topic};
use crate::kill::store::Reader;
use crate::standin::{Delivered, Ledger, Part};

const GUILD: u64 = 500;
/// The account of the first agent; those of customers are smaller.
const FIRST_AGENT: u64 = 5_000_000;
/// What customers are told when agents are called.
const COLLEAGUE: &str = "I'm getting a colleague for you.";
/// Below an answer that was delivered.
const DELIVERED: &str = "✅";
/// Stands in a text only to part what must not be read together.
const JOINER: char = '\u{2060}';
/// Messages are sent to it.
const MESSAGES: &str = "/channels/{channel_id}/messages";

pub(super) struct Discord {
    discord: discord::Discord,
    guild: Guild,
    customers: BTreeMap<String, (Customer, u64)>,
    agents: BTreeMap<&'static str, Agent>,
    diary: Diary,
    arrivals: Arrivals,
    book: Arc<Mutex<Book>>,
    last_file: u64,
}

/// What must be known to read requests.
#[derive(Default)]
struct Book {
    /// The direct channels of customers.
    directs: BTreeSet<u64>,
    /// What the bot has said in them, by message: the agent whose words they are, and the text as it is now.
    said: BTreeMap<u64, (Option<String>, String)>,
    /// Files by their names, which are unique: `CHANNEL/MESSAGE/FILE`.
    files: BTreeMap<String, String>,
    /// The files of each message.
    shown: BTreeMap<u64, Vec<String>>,
}

impl Discord {
    pub fn start() -> Discord {
        let discord = discord::Discord::start().without_pace();
        let guild = discord.guild(GUILD);
        let (arrivals, book) = (Arrivals::default(), Arc::<Mutex<Book>>::default());
        let (noting, reading) = (arrivals.clone(), book.clone());
        discord.on_exchange(move |call| {
            let (arrived, again) = lock(&reading).read(call);
            noting.note(arrived, call.what() == "GET /users/@me");
            if again {
                noting.note_again();
            }
        });
        let reading = book.clone();
        discord.on_event(move |event| lock(&reading).note_files(event));
        let (customers, agents) = Default::default();
        Discord { discord, guild, customers, agents, diary: Diary::default(), arrivals, book, last_file: 0 }
    }

    fn customer(&mut self, peer: &str) -> Customer {
        let id = peer.parse().expect("customers are called by their number");
        let known = self.customers.entry(peer.to_owned()).or_insert_with(|| {
            let customer = self.discord.customer(id, peer, "en");
            let channel = customer.dm().channel_id();
            lock(&self.book).directs.insert(channel);
            (customer, channel)
        });
        known.0.clone()
    }

    /// The direct chat of a customer who has written.
    fn place(&self, peer: &str) -> Option<Place> {
        self.customers.get(peer).map(|(_, channel)| place(*channel))
    }

    fn agent(&mut self, name: &'static str) -> Agent {
        let id = FIRST_AGENT + self.agents.len() as u64;
        self.agents.entry(name).or_insert_with(|| self.guild.agent(id, name)).clone()
    }

    fn say(&mut self, peer: &str, text: &str) {
        let message = self.customer(peer).writes(text);
        self.diary.wrote(peer, message, Input::text(text));
    }

    /// Nobody else's file has that name.
    fn file(&mut self) -> File {
        self.last_file += 1;
        File::new(&format!("picture-{}.png", self.last_file), b"a picture")
    }

    /// The files of a message, by the names by which all can be fetched.
    fn files(&self, message: u64) -> Vec<String> {
        lock(&self.book).shown.get(&message).cloned().unwrap_or_default()
    }

    fn album(&mut self, peer: &str, count: usize, caption: &str) {
        let files: Vec<File> = (0..count).map(|_| self.file()).collect();
        let message = self.customer(peer).sends(&files, caption);
        let input = Input::Attachment {
            kind: AttachmentKind::Picture,
            caption: Some(caption.to_owned()),
            files: self.files(message),
            album: None,
        };
        self.diary.wrote(peer, message, input);
    }

    fn edit(&mut self, peer: &str, before: &str, text: &str) -> bool {
        let customer = self.customer(peer);
        let own = |shown: &&Shown| !shown.by_bot && shown.text == before;
        let Some(message) = customer.chat().iter().rfind(own).map(|shown| shown.id) else { return false };
        customer.edits(message, text);
        let body = Body::Edit { message: message.to_string(), text: text.to_owned() };
        self.diary.put_down(peer, body);
        true
    }

    fn press(&mut self, peer: &str, label: &str) -> bool {
        let customer = self.customer(peer);
        let chosen = customer.chat().into_iter().rev().find_map(|shown| chosen(&shown, label));
        let Some((message, data, is_option)) = chosen else { return false };
        if is_option {
            customer.picks(label);
        } else {
            customer.presses_at(message, label);
        }
        let id = data.strip_prefix("b:").unwrap_or(&data).to_owned();
        self.diary.wrote(peer, message, Input::Press { id });
        true
    }

    /// An agent acts where the customer's thread is; without one they know nothing of the customer.
    fn act(&mut self, peer: &str, name: &'static str, act: &AgentAct, by_button: bool) -> bool {
        let Some(thread) = self.thread(peer) else { return false };
        let agent = self.agent(name);
        let card = by_button.then(|| self.card(peer, thread)).flatten();
        let message = match act {
            AgentAct::Claim => order(&agent, thread, card.as_ref(), "Claim", "claim"),
            AgentAct::Back => order(&agent, thread, card.as_ref(), "Hand back", "back"),
            AgentAct::Close => order(&agent, thread, card.as_ref(), "Close", "close"),
            AgentAct::Note { text } => agent.writes(thread, &format!("// {text}")),
            AgentAct::Say { text } => agent.writes(thread, text),
            AgentAct::Send { text, .. } => {
                let file = self.file();
                agent.sends(thread, &[file], text)
            }
            AgentAct::Edit { before, text, .. } => {
                let Some(message) = self.delivered(thread, before) else { return false };
                agent.edits(thread, message, text);
                message
            }
            AgentAct::Delete { before, .. } => {
                let Some(message) = self.delivered(thread, before) else { return false };
                agent.deletes(thread, message);
                message
            }
        };
        let act = match act {
            AgentAct::Send { text, .. } => {
                AgentAct::Send { files: self.files(message), text: text.clone(), album: None }
            }
            act => act.clone(),
        };
        self.diary.wrote(peer, message, Input::Agent { agent: name.to_owned(), act });
        true
    }

    /// The agent's message with these words, once it is marked as delivered: only then it can be changed.
    fn delivered(&self, thread: u64, text: &str) -> Option<u64> {
        let own = |shown: &&Shown| {
            !shown.by_bot && shown.text == text && shown.reactions.iter().any(|mark| mark == DELIVERED)
        };
        self.guild.thread(thread).iter().rfind(own).map(|shown| shown.id)
    }

    /// The card of the ticket that is open, if each hand-off that the customer was told of has one: else the last card may be
    /// that of another ticket, whose buttons are for that one.
    fn card(&self, peer: &str, thread: u64) -> Option<Shown> {
        let told = self.lines(peer).into_iter().filter(|line| line.text == COLLEAGUE).map(|line| line.key);
        let posts = self.arrivals.at(place(thread));
        let cards: BTreeSet<u64> = posts.iter().filter_map(Arrived::card).collect();
        let last = self.guild.thread(thread).into_iter().rfind(|shown| !shown.buttons.is_empty());
        last.filter(|_| told.collect::<BTreeSet<_>>().len() == cards.len())
    }

    /// The thread in which a card names the customer.
    fn thread(&self, peer: &str) -> Option<u64> {
        let has = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == peer);
        let is_about = |thread: &u64| {
            let posts = self.arrivals.at(place(*thread));
            posts.iter().any(|post| post.card().is_some() && has(&post.text))
        };
        self.guild.threads().into_iter().map(|thread| thread.id).find(is_about)
    }

    /// How far the program has come, as its store says: the number of the last event of its session.
    fn sequence(&self, store: &Reader) -> Result<Option<u64>, StoreError> {
        let name = format!("position/{}", self.discord.application_id());
        let memo = store.memo("discord", &name)?;
        let position: Value = memo.and_then(|memo| serde_json::from_str(&memo).ok()).unwrap_or_default();
        Ok(position["session"]["sequence"].as_u64())
    }
}

impl Stage for Discord {
    fn environment(&self, _part: Part) -> Vec<(&'static str, String)> {
        vec![
            ("DISCORD_TOKEN", self.discord.token().to_owned()),
            ("DISCORD_API_URL", self.discord.url()),
            ("DISCORD_STAFF", self.guild.staff_channel().to_string()),
            ("BOT_UNPACED", "1".to_owned()),
        ]
    }

    fn perform(&mut self, peer: &str, deed: &Deed) -> bool {
        match deed {
            Deed::Say(text) => self.say(peer, text),
            Deed::Album(count, caption) => self.album(peer, *count, caption),
            Deed::Edit(before, text) => return self.edit(peer, before, text),
            Deed::Press(label) => return self.press(peer, label),
            Deed::Act(agent, act) => return self.act(peer, agent, act, false),
            Deed::Button(agent, act) => return self.act(peer, agent, act, true),
        }
        true
    }

    fn lines(&self, peer: &str) -> Vec<Delivered> {
        self.place(peer).map(|place| self.arrivals.lines(place, peer)).unwrap_or_default()
    }

    /// All events come in one order, so nobody overtakes anybody.
    fn is_confirmed(&self, peer: Option<&str>) -> bool {
        peer.is_some() || self.is_connected()
    }

    fn is_connected(&self) -> bool {
        self.discord.gateway().ready() > 0
    }

    /// A customer whom the bot does not know yet is heard only by a session that is gone on with.
    fn is_open(&self, store: &Reader) -> Result<bool, StoreError> {
        Ok(self.sequence(store)?.is_some())
    }

    fn is_stored(&self, store: &Reader) -> Result<bool, StoreError> {
        Ok(self.sequence(store)? == Some(self.discord.gateway().sequence()))
    }

    /// Direct messages have a channel's address, and their customer a name.
    fn called(&self, address: &str) -> String {
        let own = self.customers.iter().find(|(_, (_, channel))| channel.to_string() == address);
        own.map_or(address, |(peer, _)| peer).to_owned()
    }

    fn events(&self) -> u64 {
        self.arrivals.events(0)
    }

    fn wait_for_event(&self, after: u64, at_most: Duration) -> u64 {
        self.arrivals.wait_for(after, at_most, || self.events())
    }

    fn has_repeated(&self, life: &Life) -> bool {
        self.arrivals.has_repeated(life.from)
    }

    /// No session is lost, and events keep their order: what is said then is another rule's.
    fn trouble(&mut self, random: &mut Random) {
        let on = |method, route, what| self.discord.order(Fault::on(method, route, what));
        let socket = |fault| self.discord.socket(fault);
        match random.below(18) {
            0 => on("POST", MESSAGES, What::TooManyRequests { seconds: 1.0, global: false }),
            1 => on("POST", MESSAGES, What::Status(502)),
            2 => on("POST", MESSAGES, What::StatusAfterEffect(500)),
            3 => on("POST", MESSAGES, What::DropBefore),
            4 => on("POST", MESSAGES, What::DropAfterEffect),
            5 => on("POST", "/channels/{channel_id}/threads", What::DropAfterEffect),
            6 => on("POST", MESSAGES, What::TooManyRequests { seconds: 0.5, global: true }),
            7 => socket(SocketFault::Drop),
            8 => socket(SocketFault::Reset),
            9 => socket(SocketFault::Reconnect),
            10 => socket(SocketFault::InvalidSession { resumable: true }),
            11 => socket(SocketFault::Double),
            12 => socket(SocketFault::DoubleSame),
            13 => socket(SocketFault::Unparseable),
            14 => socket(SocketFault::Unknown),
            15 => socket(SocketFault::NotJson),
            _ => {}
        }
    }

    fn sabotage(&mut self, fault: crate::standin::Fault) {
        self.diary.sabotage = Some(fault);
    }

    fn ledger(&self, conversations: &[Kept], lives: &[Life]) -> Ledger {
        let peers = self.customers.iter().map(|(peer, (_, channel))| (place(*channel), peer.as_str()));
        self.diary.ledger(&self.arrivals, peers, conversations, lives)
    }

    fn topics(&self, conversations: &[Kept], lives: &[Life]) -> Vec<Topic> {
        let topic = |thread: discord::Thread| {
            let id = thread.id.to_string();
            let kept = conversations.iter().find(|kept| kept.thread.as_deref() == Some(id.as_str()));
            Topic {
                peer: kept.map(|kept| kept.peer.clone()),
                title: thread.name,
                posts: self.arrivals.posts(place(thread.id), lives),
            }
        };
        self.guild.threads().into_iter().map(topic).collect()
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().expect("no thread that holds it panics")
}

fn place(channel: u64) -> Place {
    (channel.cast_signed(), None)
}

/// The message, what is sent, and whether it is an option of a menu and no button.
fn chosen(shown: &Shown, label: &str) -> Option<(u64, String, bool)> {
    let button = shown.buttons.iter().find(|button| button.label == label);
    if let Some(data) = button.and_then(|button| button.custom_id.clone()) {
        return Some((shown.id, data, false));
    }
    let mut options = shown.selects.iter().flat_map(|select| &select.options);
    let (_, data) = options.find(|(known, _)| known == label)?.clone();
    Some((shown.id, data, true))
}

/// Presses the button; or gives the command, or types it while the bot has not told Discord its commands.
fn order(agent: &Agent, thread: u64, card: Option<&Shown>, label: &str, command: &str) -> u64 {
    let place = agent.in_channel(thread);
    match card.filter(|card| card.labels().contains(&label)) {
        Some(card) => place.presses_at(card.id, label),
        None if place.offered().iter().any(|offered| offered == command) => place.commands(command, &[]),
        None => place.writes(&format!("/{command}")),
    }
}

impl Book {
    /// The files of a message, as Discord tells of it.
    fn note_files(&mut self, event: &Emitted) {
        let message = &event.data;
        let (Some(id), "MESSAGE_CREATE") = (id(message), event.name) else { return };
        let text = |json: &Value| json.as_str().unwrap_or_default().to_owned();
        for file in message["attachments"].as_array().into_iter().flatten() {
            let name = format!("{}/{id}/{}", text(&message["channel_id"]), text(&file["id"]));
            self.files.entry(text(&file["filename"])).or_insert_with(|| name.clone());
            self.shown.entry(id).or_default().push(name);
        }
    }

    /// What a request has made for people to see; and whether it was one that only makes sure.
    fn read(&mut self, call: &Call) -> (Option<Arrived>, bool) {
        let Some(channel) = call.channel() else { return (None, false) };
        let is_direct = self.directs.contains(&channel);
        let is_of_messages = call.route == MESSAGES;
        let seen = match call.method.as_str() {
            "GET" => return (None, is_direct && is_of_messages),
            "POST" if is_of_messages => match id(&call.answer) {
                Some(message) if self.said.contains_key(&message) => return (None, true),
                message => message.and_then(|message| self.said(message, call, is_direct)),
            },
            "PATCH" if is_direct => id(&call.answer).and_then(|message| self.changed(message, call)),
            "DELETE" if is_direct => self.deleted(call),
            _ => None,
        };
        let arrived = seen.map(|(agent, text)| Arrived {
            at: Instant::now(),
            place: place(channel),
            agent,
            text,
            buttons: buttons(&call.body),
            unanswered: call.fault.is_some(),
        });
        (arrived, false)
    }

    fn said(&mut self, message: u64, call: &Call, is_direct: bool) -> Option<(Option<String>, String)> {
        let (agent, words) = signed(call);
        let seen = match (call.files.is_empty(), is_direct) {
            (true, true) => (agent, words),
            (true, false) => (None, shown(call)),
            (false, true) => (agent, format!("[file] {words}").trim_end().to_owned()),
            (false, false) => {
                let name = |file: &String| self.files.get(file).map_or("?", String::as_str);
                let files = call.files.iter().map(|file| format!("file {}", name(file)));
                (None, files.collect::<Vec<_>>().join("\n"))
            }
        };
        self.said.insert(message, seen.clone());
        Some(seen)
    }

    fn changed(&mut self, message: u64, call: &Call) -> Option<(Option<String>, String)> {
        let now = signed(call);
        let before = self.said.insert(message, now.clone());
        (before.as_ref() != Some(&now)).then_some(now)
    }

    fn deleted(&mut self, call: &Call) -> Option<(Option<String>, String)> {
        let is_unanswered = call.fault.as_ref().is_some_and(|fault| fault.contains("AfterEffect"));
        let is_done = call.answer.is_null() && (call.status == 204 || is_unanswered);
        let message = call.path.rsplit('/').next()?.parse().ok().filter(|_| is_done)?;
        let (agent, text) = self.said.get(&message)?.clone();
        Some((agent, format!("[deletion] {text}")))
    }
}

fn id(json: &Value) -> Option<u64> {
    json["id"].as_str()?.parse().ok()
}

fn shown(call: &Call) -> String {
    render(call.field("content").as_str().unwrap_or_default()).text.replace(JOINER, "")
}

/// An agent's words come behind the agent's name in bold: `Ida: …`.
fn signed(call: &Call) -> (Option<String>, String) {
    let text = shown(call);
    let first = render(call.field("content").as_str().unwrap_or_default()).spans.into_iter().next();
    let name = first.filter(|span| span.kind == Kind::Bold).and_then(|span| {
        let name = span.text.strip_suffix(':')?;
        let words = text.strip_prefix(name)?.strip_prefix(": ")?;
        Some((Some(name.to_owned()), words.to_owned()))
    });
    name.unwrap_or((None, text))
}

fn buttons(body: &Value) -> Vec<(String, String)> {
    let rows = body["components"].as_array().into_iter().flatten();
    let all = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let of = |button: &Value, name: &str| button[name].as_str().unwrap_or_default().to_owned();
    all.map(|button| (of(button, "label"), of(button, "custom_id"))).collect()
}
