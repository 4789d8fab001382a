//! A customer's conversation on the runtime: what they write goes in, and the store tells where it stands.
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bot_core::catalog::Source;
use bot_core::dialogue::{Customer, Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_runtime::actions::{Actions, Environment};
use bot_runtime::channel::{Address, Body, Inbound, Outgoing};
use bot_runtime::clock::Clock;
use bot_runtime::reload::Reload;
use bot_runtime::runtime::{Options, Runtime};
use bot_runtime::store::{ConversationId, EventId, Store, StoredEvent};
use jiff::Zoned;
use tokio::runtime::Handle;

use super::screen::{Screen, Show};
use crate::{clock, reload};

/// Events that are read at once.
const PAGE: usize = 1000;
/// A stop that takes longer is not waited for: what is left is gone on with at the next start.
const STOP: Duration = Duration::from_secs(5);

/// What a conversation is begun with.
pub struct Beginning<S> {
    /// Runs what waits.
    pub tokio: Handle,
    /// Keeps the conversation.
    pub store: Arc<S>,
    /// The bot.
    pub engine: Engine,
    /// What it was loaded from.
    pub sources: Vec<Source>,
    /// Where that was read.
    pub folder: PathBuf,
    /// Where the conversation is held.
    pub address: Address,
    /// What is known of the customer.
    pub customer: Customer,
    /// The time.
    pub clock: Clock,
}

/// A conversation on its way.
pub struct Chat<S: Store> {
    tokio: Handle,
    runtime: Runtime<S>,
    screen: Screen,
    address: Address,
    customer: Customer,
    clock: Clock,
    conversation: ConversationId,
    keys: Keys,
    _reload: Option<Reload>,
}

/// Who writes about the folder: each save's outcome in words, for the author.
pub type Tell = Box<dyn Fn(reload::Told) + Send>;

impl<S: Store> Chat<S> {
    /// Starts the runtime, and finds the customer's conversation or makes one.
    ///
    /// # Errors
    /// The store can't be read or written.
    pub fn begin(beginning: Beginning<S>, show: Show, tell: Tell) -> Result<Chat<S>> {
        let Beginning { tokio, store, engine, sources, folder, address, customer, clock } = beginning;
        let screen = Screen::new(&address.channel, show);
        let environment = Environment::from_variables(crate::variables());
        let actions = Some(Actions::new(environment));
        let options = Options { clock: clock.clone(), actions, ..Options::default() };
        let entered = tokio.enter();
        let runtime = Runtime::start(store, Arc::new(engine), options);
        runtime.serve(screen.clone());
        let found = tokio.block_on(runtime.store().find(&address))?;
        drop(entered);
        let _reload = reload::follow(&folder, sources, &runtime, tell);
        let conversation = found.unwrap_or(ConversationId(0));
        let keys = Keys::new();
        let mut chat = Chat { tokio, runtime, screen, address, customer, clock, conversation, keys, _reload };
        if found.is_none() {
            chat.receive(Input::Customer(chat.customer.clone()))?;
        }
        Ok(chat)
    }

    /// Takes in what the customer does. When it returns, it is stored.
    ///
    /// # Errors
    /// It could not be stored.
    pub fn receive(&mut self, input: Input) -> Result<()> {
        let arrival = Inbound {
            address: self.address.clone(),
            key: self.keys.next(),
            at: self.clock.timestamp(),
            customer: Some(self.customer.clone()).filter(|_| !matches!(input, Input::Customer(_))),
            body: Body::Input { input, message: None },
        };
        for received in self.tokio.block_on(self.runtime.receive(vec![arrival]))? {
            self.conversation = received.conversation;
        }
        Ok(())
    }

    /// Waits until everything is answered and shown, at most so long; whether it is.
    ///
    /// # Errors
    /// The store can't be asked, or what is said can't be shown any more.
    pub fn settle(&self, at_most: Duration) -> Result<bool> {
        let settled = self.tokio.block_on(async {
            tokio::select! {
                settled = self.runtime.settled(self.conversation) => settled.map(|()| true),
                () = self.screen.broken() => Ok(false),
                () = tokio::time::sleep(at_most) => Ok(false),
            }
        })?;
        self.screen.failure().map_or(Ok(settled), |error| Err(error.into()))
    }

    /// Where the conversation stands.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn tracker(&self) -> Result<Tracker> {
        let loaded = self.tokio.block_on(self.runtime.store().load(self.conversation))?;
        Ok(loaded.map_or_else(Tracker::default, |loaded| loaded.tracker))
    }

    /// What has happened in the conversation after that event.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn events(&self, mut after: EventId) -> Result<Vec<StoredEvent>> {
        let mut events = Vec::new();
        loop {
            let store = self.runtime.store();
            let page = self.tokio.block_on(store.events(Some(self.conversation), after, PAGE))?;
            let Some(last) = page.last() else { return Ok(events) };
            after = last.id;
            events.extend(page);
        }
    }

    /// The event that is the newest now.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn newest(&self) -> Result<EventId> {
        Ok(self.tokio.block_on(self.runtime.store().newest())?)
    }

    /// Shows again what was said since the customer's last message: they see nothing of an earlier screen.
    ///
    /// # Errors
    /// The store can't be read, or nothing can be shown.
    pub fn recall(&self) -> Result<()> {
        let events = self.events(EventId::default())?;
        let last = events.iter().rposition(|stored| matches!(stored.event, Event::CustomerSaid { .. }));
        let since = &events[last.unwrap_or(0)..];
        let mut said: Vec<_> = since.iter().filter_map(|stored| outgoing(&stored.event)).collect();
        if said.is_empty() {
            said.extend(self.tracker()?.said.into_iter().map(|reply| Outgoing::Bot { reply }));
        }
        Ok(self.screen.recall(said)?)
    }

    /// How much has been shown so far.
    pub fn shown(&self) -> u64 {
        self.screen.shown()
    }

    /// The bot as it is now.
    pub fn engine(&self) -> Arc<Engine> {
        self.runtime.engine()
    }

    /// The time now.
    pub fn now(&self) -> Zoned {
        self.clock.now()
    }

    /// Stops the runtime.
    pub fn stop(self) {
        let stopped = async { tokio::time::timeout(STOP, self.runtime.stop()).await };
        if let Ok(Err(error)) = self.tokio.block_on(stopped) {
            tracing::error!(%error, "the store could not be closed");
        }
    }
}

fn outgoing(event: &Event) -> Option<Outgoing> {
    Some(match event {
        Event::Said { reply } => Outgoing::Bot { reply: reply.clone() },
        Event::AgentSaid { agent, text, .. } => Outgoing::Agent { agent: agent.clone(), text: text.clone() },
        Event::AgentSent { agent, files, text, .. } => {
            Outgoing::Files { agent: agent.clone(), files: files.clone(), text: text.clone() }
        }
        Event::AgentEdited { agent, message, text, .. } => {
            Outgoing::Edit { agent: agent.clone(), message: message.clone(), text: text.clone() }
        }
        Event::AgentDeleted { agent, messages, before } => {
            let message = messages.first().cloned().unwrap_or_default();
            Outgoing::Delete { agent: agent.clone(), message, text: before.clone() }
        }
        _ => return None,
    })
}

/// Keys of arrivals, different from those of every other start.
struct Keys {
    start: String,
    last: u64,
}

impl Keys {
    fn new() -> Keys {
        let started = clock::now(None).timestamp().as_nanosecond();
        Keys { start: format!("{started:x}-{:x}", std::process::id()), last: 0 }
    }

    fn next(&mut self) -> String {
        self.last += 1;
        format!("{}-{}", self.start, self.last)
    }
}
