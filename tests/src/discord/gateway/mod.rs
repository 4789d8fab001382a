//! The gateway of the stand-in for Discord: websockets, sessions, sequence numbers, replay, intents, close codes, and faults of
//! sockets to order.
//!
//! It knows nothing of channels and messages: what happens is given to it as events ([`Hub::emit`]), and whatever it must know
//! of the rest it asks its [`Home`].
mod clock;
mod codes;
mod connection;
mod events;
mod faults;
mod handshake;
mod identify;
mod intents;
mod limits;
mod members;
mod received;
mod record;
mod session;
mod settings;
mod socket;
mod state;
#[cfg(test)]
mod tests;
mod zlib;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::any;
use serde_json::Value;

pub use codes::Code;
pub use faults::SocketFault;
pub use intents::*;
pub use record::{Ended, Frame, Opened, Side};
pub use settings::Settings;
use state::State;

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(60);

/// Something that happened, as the gateway tells of it.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// The event's name: `MESSAGE_CREATE`.
    pub name: &'static str,
    /// Its data, complete: the gateway blanks what a session may not read.
    pub data: Value,
    /// The intents with any of which a session is told of it; 0: every session is.
    pub needs: u64,
    /// Of a direct channel: told to shard 0 only, and never blanked.
    pub is_direct: bool,
}

/// What the gateway must know of the rest of the stand-in. It is asked while the gateway holds no lock of its own.
pub trait Home: Send + Sync + 'static {
    /// The bot's token.
    fn token(&self) -> String;
    /// The bot's own user.
    fn bot(&self) -> Value;
    /// The bot's application: at least `id`, and `flags` if it has some.
    fn application(&self) -> Value;
    /// The data of a full GUILD_CREATE for each server that the bot is in.
    fn guilds(&self) -> Vec<Value>;
    /// Whether the developer portal lets the bot have these intents; else it is closed with 4014.
    fn may_use(&self, intents: u64) -> bool;
}

type Hooks = RwLock<Vec<Arc<dyn Fn(&Frame) + Send + Sync>>>;

/// The gateway.
pub struct Hub {
    state: Mutex<State>,
    changed: Condvar,
    hooks: Hooks,
}

impl Hub {
    /// A gateway with Discord's own limits.
    pub fn new() -> Arc<Hub> {
        let (changed, hooks) = Default::default();
        Arc::new(Hub { state: Mutex::new(State::new()), changed, hooks })
    }

    /// The websocket, to be merged into the stand-in's routes: at `/gateway`, and at `/gateway/resume` where sessions are to be
    /// resumed. It must be served by `axum::serve` on a `TcpListener`.
    pub fn routes(self: &Arc<Hub>, home: Arc<dyn Home>) -> Router {
        let given = handshake::Given { hub: Arc::clone(self), home };
        let mut routes = Router::new();
        for path in ["/gateway", "/gateway/", "/gateway/resume", "/gateway/resume/"] {
            routes = routes.route(path, any(handshake::asked));
        }
        routes.with_state(given)
    }

    /// Tells of something that happened: numbered and kept in every session that may know of it, sent where one is connected.
    pub fn emit(&self, event: Emitted) {
        self.change(|state| state.emit(&event));
    }

    /// Changes limits and times; what is connected keeps the heartbeat interval that it was told.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        self.change(|state| change(&mut state.settings));
    }

    /// How many more IDENTIFYs the bot has today.
    pub fn identifies_left(&self) -> u32 {
        self.read(State::identifies_left)
    }

    /// `session_start_limit` of `GET /gateway/bot`.
    pub fn session_start_limit(&self) -> Value {
        self.read(State::session_start_limit)
    }

    /// Whether more IDENTIFYs were sent in a day than are allowed: Discord then takes the token away.
    pub fn is_token_reset(&self) -> bool {
        self.read(|state| state.is_token_reset)
    }

    /// Something is to go wrong: at once, or, where nobody is connected, as soon as somebody is ready.
    pub fn order(&self, fault: SocketFault) {
        self.change(|state| state.order(fault));
    }

    /// The same, right after that many more events have been told to a session.
    pub fn order_after(&self, events: usize, fault: SocketFault) {
        self.change(|state| state.order_after(events, fault));
    }

    /// Nothing that was ordered goes wrong any more.
    pub fn clear_faults(&self) {
        self.change(State::clear_faults);
    }

    /// From now on events are kept back; the sessions learn of them with [`Hub::release`], in order.
    pub fn hold_back(&self) {
        self.change(|state| state.holds_back = true);
    }

    /// Tells what was kept back, by [`Hub::hold_back`] or because it waited for another to be swapped with.
    pub fn release(&self) {
        self.change(State::release);
    }

    /// Every connection breaks off, and new ones are refused until [`Hub::comes_up`]. Sessions go on, and what happens is kept in
    /// them.
    pub fn goes_down(&self) {
        self.change(State::goes_down);
    }

    /// Connections are taken again.
    pub fn comes_up(&self) {
        self.change(|state| state.is_down = false);
    }

    /// Whether connections are refused.
    pub fn is_down(&self) -> bool {
        self.read(|state| state.is_down)
    }

    /// Asks all who are connected for a heartbeat at once.
    pub fn asks_for_heartbeats(&self) {
        self.change(State::asks_for_heartbeats);
    }

    /// Puts the gateway's clock forward: sessions expire, a day's IDENTIFYs are there again. Nobody misses a heartbeat by it.
    pub fn passes(&self, time: Duration) {
        self.change(|state| state.passes(time));
    }

    /// All sessions that nobody is connected to are forgotten, as after some minutes.
    pub fn expire_sessions(&self) {
        self.change(State::expire_sessions);
    }

    /// All sessions are forgotten, also of those who are connected: whoever resumes is told to identify, as after a failure on
    /// Discord's side.
    pub fn forget_sessions(&self) {
        self.change(State::forget_sessions);
    }

    /// How many IDENTIFYs were sent, whatever came of them.
    pub fn identifies(&self) -> usize {
        self.read(|state| state.identifies)
    }

    /// How many sessions were resumed with success.
    pub fn resumes(&self) -> usize {
        self.read(|state| state.resumes)
    }

    /// How many are connected with a session.
    pub fn ready(&self) -> usize {
        self.read(State::ready)
    }

    /// Events that were numbered in the newest session so far.
    pub fn sequence(&self) -> u64 {
        self.read(State::sequence)
    }

    /// The connections that there were, in order, with how each ended.
    pub fn connections(&self) -> Vec<Opened> {
        self.read(|state| state.opened.clone())
    }

    /// All that was sent and received, in order.
    pub fn frames(&self) -> Vec<Frame> {
        self.read(|state| state.frames.clone())
    }

    /// Forgets them, as between the parts of a long measurement.
    pub fn forget_frames(&self) {
        self.change(|state| state.frames.clear());
    }

    /// From now on each frame is shown to that, on the thread that has sent or received it. It should note what it finds, and not
    /// panic.
    pub fn on_frame(&self, hook: impl Fn(&Frame) + Send + Sync + 'static) {
        self.hooks.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(hook));
    }

    /// Waits until something about the gateway is so; looked at after each change.
    ///
    /// # Panics
    /// It isn't so within a minute: with the last frames.
    pub fn wait<T>(&self, what: &str, mut look: impl FnMut(&Hub) -> Option<T>) -> T {
        let until = Instant::now() + HANGS;
        loop {
            let seen = self.read(|state| state.version);
            if let Some(found) = look(self) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited {HANGS:?} in vain for {what}; the last frames:\n{}",
                self.story()
            );
            let state = self.lock();
            // Whatever happened since it was looked at wakes at once.
            let waited = self.changed.wait_timeout_while(state, left, |state| state.version == seen);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn story(&self) -> String {
        let frames = self.frames();
        let lines =
            frames.iter().map(|frame| format!("  {} {:?} {:.300}", frame.connection, frame.side, frame.text));
        let lines: Vec<String> = lines.collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        state.version += 1;
        drop(state);
        self.changed.notify_all();
        result
    }

    /// Notes a frame, and shows it to whoever wants to see them.
    fn note(&self, frame: Frame) {
        let hooks = self.hooks.read().unwrap_or_else(PoisonError::into_inner).clone();
        hooks.iter().for_each(|hook| hook(&frame));
        self.change(|state| state.frames.push(frame));
    }
}
