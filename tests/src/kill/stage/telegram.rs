//! The stateful stand-in for Telegram as a stage: customers in private chats, agents in topics of a staff group.
//!
//! What the bot did is noted as its requests are answered, with the time, which tells the process.
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use bot_core::dialogue::{AttachmentKind, Input};
use bot_core::handoff::AgentAct;
use bot_runtime::channel::Body;
use serde_json::{Value, json};

use super::arrivals::{Arrivals, Arrived, Place};
use super::diary::Diary;
use super::{Deed, Life, Stage};
use crate::kill::random::Random;
use crate::kill::record::{Kept, Topic};
use crate::standin::{Delivered, Ledger, Part};
use crate::telegram::{self, Agent, Call, Customer, Fault, Group, Media, What};

/// The staff group.
const GROUP: i64 = -1_001_000_000_001;
/// The account of the first agent; those of customers are smaller.
const FIRST_AGENT: i64 = 5_000_000;
/// What customers are told when agents are called.
const COLLEAGUE: &str = "I'm getting a colleague for you.";
/// The secret of the webhook.
const SECRET: &str = "a-secret-of-no-use-elsewhere";

pub(super) struct Telegram {
    telegram: telegram::Telegram,
    group: Group,
    customers: BTreeMap<String, Customer>,
    agents: BTreeMap<&'static str, Agent>,
    diary: Diary,
    arrivals: Arrivals,
    /// The port at which the program waits for updates.
    webhook: Option<u16>,
}

impl Telegram {
    pub fn start(webhook: bool) -> Telegram {
        let telegram = telegram::Telegram::start().without_pace();
        telegram.webhook_scale(0.01);
        let group = telegram.group(GROUP, "Staff");
        let arrivals = noted(&telegram);
        Telegram {
            telegram,
            group,
            customers: BTreeMap::new(),
            agents: BTreeMap::new(),
            diary: Diary::default(),
            arrivals,
            webhook: webhook.then(free_port),
        }
    }

    fn customer(&mut self, peer: &str) -> Customer {
        let id = peer.parse().expect("customers are called by their number");
        let customer = self.customers.entry(peer.to_owned());
        customer.or_insert_with(|| self.telegram.customer(id, peer, "en")).clone()
    }

    fn agent(&mut self, name: &'static str) -> Agent {
        let id = FIRST_AGENT + self.agents.len() as i64;
        self.agents.entry(name).or_insert_with(|| self.group.agent(id, name)).clone()
    }

    fn say(&mut self, peer: &str, text: &str) {
        let message = self.customer(peer).writes(text);
        self.diary.wrote(peer, message, Input::text(text));
    }

    fn file_name(&self, chat: i64, message: i64) -> Vec<String> {
        self.telegram.read(|state| state.file_name(chat, message)).into_iter().collect()
    }

    /// Each picture is a message of its own; the platform says which belong together.
    fn album(&mut self, peer: &str, count: usize, caption: &str) {
        let customer = self.customer(peer);
        let messages = customer.sends_album(count, caption);
        let chat = customer.chat();
        let album = chat.iter().rev().find_map(|shown| shown.album.clone());
        for (index, message) in messages.into_iter().enumerate() {
            let input = Input::Attachment {
                kind: AttachmentKind::Picture,
                caption: (index == 0).then(|| caption.to_owned()),
                files: self.file_name(peer.parse().unwrap_or_default(), message),
                album: album.clone(),
            };
            self.diary.wrote(peer, message, input);
        }
    }

    fn edit(&mut self, peer: &str, before: &str, text: &str) -> bool {
        let customer = self.customer(peer);
        let own = |shown: &&telegram::Shown| !shown.by_bot && shown.text == before;
        let Some(message) = customer.chat().iter().rfind(own).map(|shown| shown.id) else { return false };
        customer.edits(message, text);
        let body = Body::Edit { message: message.to_string(), text: text.to_owned() };
        self.diary.put_down(peer, body);
        true
    }

    fn press(&mut self, peer: &str, label: &str) -> bool {
        let customer = self.customer(peer);
        let button = customer.chat().into_iter().rev().find_map(|shown| {
            let button = shown.buttons.iter().find(|button| button.label == label)?;
            Some((shown.id, button.data.clone()?))
        });
        let Some((message, data)) = button else { return false };
        customer.presses_data(message, &data);
        let id = data.strip_prefix("b:").unwrap_or(&data).to_owned();
        self.diary.wrote(peer, message, Input::Press { id });
        true
    }

    /// An agent acts where the customer's topic is; without one they know nothing of the customer.
    fn act(&mut self, peer: &str, name: &'static str, act: &AgentAct, by_button: bool) -> bool {
        let Some(topic) = self.topic(peer) else { return false };
        let agent = self.agent(name);
        let card = by_button.then(|| self.card(peer, topic)).flatten();
        let message = match act {
            AgentAct::Claim => order(&agent, topic, card.as_ref(), "Claim", "/claim"),
            AgentAct::Back => order(&agent, topic, card.as_ref(), "Hand back", "/back"),
            AgentAct::Close => order(&agent, topic, card.as_ref(), "Close", "/close"),
            AgentAct::Note { text } => agent.writes(topic, &format!("// {text}")),
            AgentAct::Say { text } => agent.writes(topic, text),
            AgentAct::Send { text, .. } => agent.sends(topic, Media::Photo, text),
            AgentAct::Edit { before, text, .. } => match self.delivered(topic, before) {
                Some(message) => {
                    agent.edits(message, text);
                    message
                }
                None => return false,
            },
            // Telegram tells bots of no deletion.
            AgentAct::Delete { .. } => return false,
        };
        let act = match act {
            AgentAct::Send { text, .. } => {
                let files = self.file_name(GROUP, message);
                AgentAct::Send { files, text: text.clone(), album: None }
            }
            act => act.clone(),
        };
        self.diary.wrote(peer, message, Input::Agent { agent: name.to_owned(), act });
        true
    }

    /// The agent's message with these words, once it is marked as delivered: only then it can be changed.
    fn delivered(&self, topic: i64, text: &str) -> Option<i64> {
        let chat = self.group.topic(topic);
        let own = |shown: &&telegram::Shown| !shown.by_bot && shown.text == text && shown.reaction.is_some();
        chat.iter().rfind(own).map(|shown| shown.id)
    }

    /// The card of the ticket that is open, if each hand-off that the customer was told of has one: else the last card may be
    /// that of another ticket, whose buttons are for that one.
    fn card(&self, peer: &str, topic: i64) -> Option<telegram::Shown> {
        let told = self.lines(peer).into_iter().filter(|line| line.text == COLLEAGUE).map(|line| line.key);
        let posts = self.arrivals.at((GROUP, Some(topic)));
        let cards: BTreeSet<u64> = posts.iter().filter_map(Arrived::card).collect();
        let last = self.group.topic(topic).into_iter().rfind(|shown| !shown.buttons.is_empty());
        last.filter(|_| told.collect::<BTreeSet<_>>().len() == cards.len())
    }

    /// The topic in which a card names the customer.
    fn topic(&self, peer: &str) -> Option<i64> {
        let has = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == peer);
        let is_about = |topic: i64| {
            let posts = self.arrivals.at((GROUP, Some(topic)));
            posts.iter().any(|post| post.card().is_some() && has(&post.text))
        };
        self.group.topics().into_iter().map(|topic| topic.id).find(|topic| is_about(*topic))
    }
}

impl Stage for Telegram {
    fn environment(&self, _part: Part) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("TELEGRAM_TOKEN", self.telegram.token().to_owned()),
            ("TELEGRAM_API_URL", self.telegram.url()),
            ("TELEGRAM_STAFF", GROUP.to_string()),
            ("BOT_UNPACED", "1".to_owned()),
        ];
        if let Some(port) = self.webhook {
            variables.push(("TELEGRAM_WEBHOOK_URL", format!("http://127.0.0.1:{port}/telegram")));
            variables.push(("TELEGRAM_WEBHOOK_LISTEN", format!("127.0.0.1:{port}")));
            variables.push(("TELEGRAM_WEBHOOK_SECRET", SECRET.to_owned()));
        }
        variables
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
        place(peer).map(|place| self.arrivals.lines(place, peer)).unwrap_or_default()
    }

    fn is_confirmed(&self, peer: Option<&str>) -> bool {
        let Some(chat) = peer.and_then(|peer| peer.parse().ok()) else { return self.telegram.pending() == 0 };
        self.telegram.read(|state| state.pending_of(chat) + state.pending_of(GROUP) == 0)
    }

    fn events(&self) -> u64 {
        self.arrivals.events(self.telegram.pending())
    }

    fn wait_for_event(&self, after: u64, at_most: Duration) -> u64 {
        self.arrivals.wait_for(after, at_most, || self.events())
    }

    /// Every line that comes twice in a row is a repetition: the bot has none that does otherwise.
    fn has_repeated(&self, life: &Life) -> bool {
        self.arrivals.has_repeated(life.from)
    }

    fn trouble(&mut self, random: &mut Random) {
        let (method, what) = match random.below(16) {
            0 => ("sendMessage", What::TooManyRequests(1)),
            1 => ("sendMessage", What::Status(502)),
            2 => ("sendMessage", What::StatusAfterEffect(500)),
            3 => ("sendMessage", What::DropBefore),
            4 => ("sendMessage", What::DropAfterEffect),
            5 => ("createForumTopic", What::DropAfterEffect),
            6 => ("getUpdates", What::Status(502)),
            7 => ("getUpdates", What::Conflict409),
            8 | 9 => return self.telegram.order(Fault::new(What::DuplicateUpdate)),
            10 => return self.telegram.order(Fault::new(What::UnknownUpdate(json!({ "quantum": {} })))),
            // Far enough that no id is used again.
            11 => return self.telegram.order(Fault::new(What::JumpIds(1_000_000))),
            _ => return,
        };
        self.telegram.order(Fault::on(method, what));
    }

    fn sabotage(&mut self, fault: crate::standin::Fault) {
        self.diary.sabotage = Some(fault);
    }

    fn ledger(&self, conversations: &[Kept], lives: &[Life]) -> Ledger {
        let peers = self.customers.keys().filter_map(|peer| Some((place(peer)?, peer.as_str())));
        self.diary.ledger(&self.arrivals, peers, conversations, lives)
    }

    fn topics(&self, conversations: &[Kept], lives: &[Life]) -> Vec<Topic> {
        let topic = |topic: telegram::Topic| {
            let thread = topic.id.to_string();
            let kept = conversations.iter().find(|kept| kept.thread.as_deref() == Some(thread.as_str()));
            Topic {
                peer: kept.map(|kept| kept.peer.clone()),
                title: topic.name,
                posts: self.arrivals.posts((GROUP, Some(topic.id)), lives),
            }
        };
        self.group.topics().into_iter().map(topic).collect()
    }
}

/// Presses the button, or types the word.
fn order(agent: &Agent, topic: i64, card: Option<&telegram::Shown>, label: &str, word: &str) -> i64 {
    match card.filter(|card| card.labels().contains(&label)) {
        Some(card) => {
            agent.presses(card.id, label);
            card.id
        }
        None => agent.writes(topic, word),
    }
}

/// What arrives there from now on.
fn noted(telegram: &telegram::Telegram) -> Arrivals {
    let arrivals = Arrivals::default();
    let noting = arrivals.clone();
    telegram.on_exchange(move |call| {
        if call.method != "getUpdates" {
            noting.note(arrived(call), call.method == "getMe");
        }
    });
    let counting = arrivals.clone();
    telegram.on_update(move |_| counting.note_update());
    arrivals
}

/// The chat of a customer.
fn place(peer: &str) -> Option<Place> {
    Some((peer.parse().ok()?, None))
}

/// What a request has made for people to see, if it has. What is changed before agents makes nothing.
fn arrived(call: &Call) -> Option<Arrived> {
    call.result()?;
    let chat = call.chat()?;
    let (agent, text) = match call.method.as_str() {
        "sendMessage" => signed(call, "text", "entities")?,
        "editMessageText" if chat > 0 => signed(call, "text", "entities")?,
        "copyMessage" | "copyMessages" if chat > 0 => {
            let (agent, caption) = signed(call, "caption", "caption_entities").unwrap_or_default();
            (agent, format!("[file] {caption}").trim_end().to_owned())
        }
        "copyMessage" | "copyMessages" => (None, files(call)),
        _ => return None,
    };
    Some(Arrived {
        at: Instant::now(),
        place: (chat, call.parameter("message_thread_id").as_i64().filter(|_| chat < 0)),
        agent,
        text,
        buttons: buttons(call),
        unanswered: call.fault.is_some(),
    })
}

fn buttons(call: &Call) -> Vec<(String, String)> {
    let rows = call.parameter("reply_markup")["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons = rows.iter().filter_map(Value::as_array).flatten().map(|button| {
        let of = |name: &str| button[name].as_str().unwrap_or_default().to_owned();
        (of("text"), of("callback_data"))
    });
    buttons.collect()
}

/// The names of the files that are copied, one a line.
fn files(call: &Call) -> String {
    let one = std::slice::from_ref(call.parameter("message_id"));
    let messages = call.parameter("message_ids").as_array().map_or(one, Vec::as_slice);
    let names = messages.iter().map(|message| format!("file {}/{message}", call.parameter("from_chat_id")));
    names.collect::<Vec<_>>().join("\n")
}

/// An agent's words come behind the agent's name, which alone is bold: `Ida: …`.
fn signed(call: &Call, text: &str, entities: &str) -> Option<(Option<String>, String)> {
    let text = call.parameter(text).as_str()?;
    let first = &call.parameter(entities)[0];
    let bold = first["type"] == "bold" && first["offset"] == 0;
    let name = text.split_once(": ").filter(|(name, _)| bold && first["length"] == name.len() + 1);
    Some(match name {
        Some((name, rest)) => (Some(name.to_owned()), rest.to_owned()),
        None => (None, text.to_owned()),
    })
}

/// Free now; who takes it meanwhile spoils a run, and none is known to.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
