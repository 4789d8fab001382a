//! Runs conversations: takes turns, sends, calls, waits. Everything that channels and desks share.
use std::sync::Arc;

use bot_core::dialogue::{Event, Input, Tracker};
use bot_core::engine::Engine;
use bot_core::handoff::AgentAct;
use jiff::Zoned;

use crate::actions::Actions;
use crate::channel::{Channel, Inbound};
use crate::clock::Clock;
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
    inner: Arc<S>,
}

impl<S: Store> Clone for Runtime<S> {
    fn clone(&self) -> Self {
        Runtime { inner: self.inner.clone() }
    }
}

impl<S: Store> Runtime<S> {
    /// Starts: what the store holds is gone on with. Needs a tokio runtime around it.
    pub fn start(_store: Arc<S>, _engine: Arc<Engine>, _options: Options) -> Runtime<S> {
        todo!()
    }

    /// Delivers what is for this channel, from now on.
    pub fn serve<C: Channel>(&self, _channel: C) {
        todo!()
    }

    /// Takes in what a platform sent. When it returns, it is stored: confirm it to the platform then, and not before.
    ///
    /// # Errors
    /// Nothing was stored: don't confirm it.
    pub async fn receive(&self, _arrivals: Vec<Inbound>) -> Result<Vec<Received>, StoreError> {
        todo!()
    }

    /// An agent does something in a conversation. `key` identifies the deed: the same key changes nothing a second time.
    ///
    /// # Errors
    /// Nothing was stored.
    pub async fn act(
        &self,
        _conversation: ConversationId,
        _agent: &str,
        _act: AgentAct,
        _key: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Waits until nothing more happens in a conversation by itself, but for timers.
    ///
    /// # Errors
    /// The store can't be asked.
    pub async fn settled(&self, _conversation: ConversationId) -> Result<(), StoreError> {
        todo!()
    }

    /// The bot as it is now.
    pub fn engine(&self) -> Arc<Engine> {
        todo!()
    }

    /// Takes another bot from the next turn on.
    pub fn swap(&self, _engine: Arc<Engine>) {
        todo!()
    }

    /// The store.
    pub fn store(&self) -> &Arc<S> {
        &self.inner
    }

    /// Stops: turns and sends that have begun are finished, everything else stays in the store for the next start.
    ///
    /// # Errors
    /// The store could not be closed.
    pub async fn stop(&self) -> Result<(), StoreError> {
        todo!()
    }
}
