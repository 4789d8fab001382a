//! Runs conversations: takes turns, sends, calls, waits. Everything that channels and desks share.
//!
//! Each part is a task that sleeps until there is something to do: `turns` takes what came in, `outlet` has sent and
//! called what goes out, `timers` watches the clock, `workers` those who share the store. They know of each other only
//! through the store: whatever one of them forgets is found there again.
mod aside;
mod burst;
mod busy;
mod calls;
mod code;
mod inner;
mod keys;
mod outlet;
mod panics;
mod plan;
mod sender;
mod timers;
pub(crate) mod trouble;
mod turn;
mod turns;
mod workers;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_core::handoff::AgentAct;
use jiff::Zoned;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::calls::Calls;
use self::inner::{Inner, Nudge, locked};
use self::outlet::Outlet;
use self::sender::Deliveries;
use self::turns::Turns;
use crate::actions::Actions;
use crate::channel::{Body, Channel, Inbound, Message};
use crate::clock::Clock;
use crate::files::Files;
use crate::kill;
use crate::store::{ConversationId, Received, Store, StoreError};

/// How a turn is taken: [`Engine::turn`], or what a test puts in its place.
pub type TakeTurn = fn(&Engine, &Tracker, &Input, &Zoned) -> Vec<Event>;

/// What a runtime is made of.
pub struct Options {
    /// Where the time comes from.
    pub clock: Clock,
    /// Who answers calls of actions; `None`: this process leaves them to another one that shares the store.
    pub actions: Option<Actions>,
    /// How a turn is taken.
    pub turn: TakeTurn,
    /// How many turns are taken at the same time.
    pub turns_at_once: usize,
}

impl Default for Options {
    /// The system's clock, no actions, as many turns as there are cores.
    fn default() -> Options {
        let turns_at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Options { clock: Clock::System, actions: None, turn: Engine::turn, turns_at_once }
    }
}

/// A running bot. Clones are the same runtime.
pub struct Runtime<S: Store> {
    inner: Arc<Inner<S>>,
}

impl<S: Store> Clone for Runtime<S> {
    fn clone(&self) -> Self {
        Runtime { inner: self.inner.clone() }
    }
}

/// How long a stop waits for what has begun.
const STOP: Duration = Duration::from_secs(10);

/// How often a conversation is asked for whether it is settled, should nobody say that the store has changed.
const SETTLED: Duration = Duration::from_secs(1);

impl<S: Store> Runtime<S> {
    /// Starts: what the store holds is gone on with. Needs a tokio runtime around it.
    ///
    /// # Panics
    /// Without a tokio runtime around it.
    pub fn start(store: Arc<S>, engine: Arc<Engine>, options: Options) -> Runtime<S> {
        panics::install_hook();
        let (nudges, nudged) = mpsc::unbounded_channel();
        let inner = Arc::new(Inner {
            store,
            engine: ArcSwap::new(engine),
            clock: options.clock,
            turn: options.turn,
            turns_at_once: options.turns_at_once.max(1),
            actions: options.actions,
            worker: inner::new_worker(),
            dead: Mutex::default(),
            channels: Mutex::default(),
            files: Files::default(),
            busy: Mutex::default(),
            nudges,
            stopping: CancellationToken::new(),
            stopped: CancellationToken::new(),
            tasks: TaskTracker::new(),
            is_stopped: tokio::sync::Mutex::new(false),
            timers: Notify::new(),
            swapped: Notify::new(),
        });
        let tasks = &inner.tasks;
        tasks.spawn(Turns::new(inner.clone(), nudged).run());
        tasks.spawn(timers::fire(inner.clone()));
        tasks.spawn(timers::expire(inner.clone()));
        if inner.actions.is_some() {
            tasks.spawn(Outlet::new(inner.clone(), Calls::new(inner.clone())).run());
        }
        tokio::spawn(workers::beat(inner.clone()));
        Runtime { inner }
    }

    /// Delivers what is for this channel, from now on. With the second one, customers can link their conversations.
    pub fn serve<C: Channel>(&self, channel: C) {
        let channel = Arc::new(channel);
        locked(&self.inner.busy).insert(channel.name().to_owned(), busy::shows(channel.clone()));
        self.inner.files.add(&channel);
        let window = if kill::is_unpaced() { Duration::ZERO } else { channel.burst_window() };
        self.inner.adopt(channel.name(), Some(window));
        self.inner.allow_links(&self.engine());
        self.inner.tasks.spawn(Outlet::new(self.inner.clone(), Deliveries::new(channel)).run());
    }

    /// A channel of that name will be served soon: files of it that are to be shown elsewhere wait for that.
    pub fn awaits(&self, channel: &str) {
        self.inner.files.awaits(channel);
    }

    /// The files of all channels of this process.
    pub fn files(&self) -> Files {
        self.inner.files.clone()
    }

    /// Takes in what a platform sent. When it returns, it is stored: confirm it to the platform then, and not before.
    ///
    /// # Errors
    /// Nothing was stored: don't confirm it.
    pub async fn receive(&self, arrivals: Vec<Inbound>) -> Result<Vec<Received>, StoreError> {
        for arrival in &arrivals {
            self.inner.adopt(&arrival.address.channel, None);
        }
        self.put_in(arrivals).await
    }

    /// An agent does something in a conversation. `key` identifies the deed: the same key changes nothing a second time.
    ///
    /// # Errors
    /// Nothing was stored; there is no such conversation (any more).
    pub async fn act(
        &self,
        conversation: ConversationId,
        agent: &str,
        act: AgentAct,
        key: &str,
    ) -> Result<(), StoreError> {
        self.act_as(conversation, agent, act, key, None).await
    }

    /// The same, for what is a message on a desk: its edits, its fate and what quotes it are found by that.
    ///
    /// # Errors
    /// Nothing was stored; there is no such conversation (any more).
    pub async fn act_as(
        &self,
        conversation: ConversationId,
        agent: &str,
        act: AgentAct,
        key: &str,
        message: Option<Message>,
    ) -> Result<(), StoreError> {
        let loaded = self.inner.store.load(conversation).await?;
        let gone = || StoreError::Other(format!("there is no conversation {} any more", conversation.0));
        let address = loaded.ok_or_else(gone)?.address;
        let body = Body::Input { input: Input::Agent { agent: agent.to_owned(), act }, message };
        // A platform's keys are its own: none begins like this.
        let key = format!("desk/{key}");
        let at = self.inner.clock.timestamp();
        self.put_in(vec![Inbound { address, key, at, customer: None, body }]).await?;
        Ok(())
    }

    async fn put_in(&self, arrivals: Vec<Inbound>) -> Result<Vec<Received>, StoreError> {
        kill::point("receive.before");
        let received = self.inner.store.receive(arrivals, self.inner.clock.timestamp()).await?;
        kill::point("receive.after");
        let conversations: BTreeSet<_> = received.iter().map(|received| received.conversation).collect();
        conversations.into_iter().for_each(|conversation| self.inner.nudge(Nudge::One(conversation)));
        Ok(received)
    }

    /// Waits until nothing more happens in a conversation by itself, but for timers.
    ///
    /// # Errors
    /// The store can't be asked.
    pub async fn settled(&self, conversation: ConversationId) -> Result<(), StoreError> {
        let mut changes = self.inner.store.changes();
        loop {
            changes.borrow_and_update();
            if self.inner.store.unsettled(conversation).await? == 0 {
                return Ok(());
            }
            // Changed, or too long without news, or the store is closed: ask it.
            let _ = timeout(SETTLED, changes.changed()).await;
        }
    }

    /// The bot as it is now.
    pub fn engine(&self) -> Arc<Engine> {
        self.inner.engine.load_full()
    }

    /// Takes another bot from the next turn on.
    pub fn swap(&self, engine: Arc<Engine>) {
        self.inner.allow_links(&engine);
        self.inner.engine.store(engine);
        self.inner.swapped.notify_waiters();
    }

    /// Ends when another bot is taken, from now on.
    pub fn swapped(&self) -> impl Future<Output = ()> + Send {
        // Made before the first poll: nothing is missed meanwhile.
        self.inner.swapped.notified()
    }

    /// Where the time comes from.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The store.
    pub fn store(&self) -> &Arc<S> {
        &self.inner.store
    }

    /// Stops: turns and sends that have begun are finished, everything else stays in the store for the next start.
    ///
    /// # Errors
    /// The store could not be closed.
    pub async fn stop(&self) -> Result<(), StoreError> {
        let mut is_stopped = self.inner.is_stopped.lock().await;
        if *is_stopped {
            return Ok(());
        }
        self.inner.stopping.cancel();
        self.inner.tasks.close();
        if timeout(STOP * 2, self.inner.tasks.wait()).await.is_err() {
            tracing::warn!(
                "not everything that had begun was finished: it is gone on with at the next start"
            );
        }
        self.inner.stopped.cancel();
        *is_stopped = true;
        self.inner.store.leave(&self.inner.worker).await?;
        self.inner.store.close().await
    }
}
