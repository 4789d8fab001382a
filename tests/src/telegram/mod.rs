//! A stand-in for Telegram: the Bot API 9.1 over HTTP, as far as a bot for customers with topics for agents uses it, and the
//! people who chat with it.
//!
//! It keeps state as Telegram does (chats, topics, rights, updates until they are confirmed), checks what it is asked, refuses with
//! the server's own words, and holds the bot to its pace. What goes wrong in life can be ordered ([`Fault`]). It is not a client's
//! view of Telegram, and knows nothing of channels, payments, inline mode or downloads.
//!
//! ```no_run
//! use bot_tests::telegram::Telegram;
//!
//! let telegram = Telegram::start().without_pace();
//! let ann = telegram.customer(1, "Ann", "en");
//! // Start the bot with telegram.url() and telegram.token(), then:
//! ann.writes("/start");
//! ann.waits_for("Hello");
//! ```
//!
//! Where the real server's behaviour isn't known for sure, it is as strict as the documentation: a topic's name of more than 128
//! characters is refused, where the server is said to cut it.
mod agent;
mod answer;
mod call;
pub mod control;
mod customer;
mod faults;
mod group;
mod media;
mod methods;
mod pace;
mod parameters;
mod server;
mod shared;
mod shown;
mod state;
mod updates;
mod webhook;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};

pub use agent::Agent;
pub use call::Call;
pub use customer::Customer;
pub use faults::{Fault, What};
pub use group::Group;
pub use media::Media;
use shared::Shared;
pub use shown::{Button, Shown};
use state::chat::Kind;
pub use state::chat::{GENERAL, Rights, Role, Topic};
pub use state::user::ANONYMOUS;
pub use state::{BOT, Press, Pressed, State};

/// A Telegram of one bot. It runs on threads of its own; dropped, it is gone.
pub struct Telegram {
    shared: Arc<Shared>,
    address: SocketAddr,
    /// Taken when it is dropped.
    runtime: Option<Runtime>,
}

impl Telegram {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// The machine has no port or no thread left.
    pub fn start() -> Telegram {
        Telegram::start_on(0).expect("a port for the stand-in")
    }

    /// Starts it on a port; 0 is a free one.
    ///
    /// # Errors
    /// The port is taken.
    ///
    /// # Panics
    /// The machine has no thread left.
    pub fn start_on(port: u16) -> io::Result<Telegram> {
        let shared = Arc::new(Shared::new("7000000001:AAstand-in-token-of-no-use-elsewhere".to_owned()));
        shared.change(|state| state.person(group::OWNER, "Olga", Some("en")));
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads for the stand-in");
        let address = runtime.block_on(server::start(Arc::clone(&shared), port))?;
        runtime.spawn(webhook::deliver(Arc::clone(&shared)));
        Ok(Telegram { shared, address, runtime: Some(runtime) })
    }

    /// Doesn't hold the bot to Telegram's pace, as for measuring what the bot itself can bear.
    pub fn without_pace(self) -> Telegram {
        self.shared.change(|state| state.pace.on = false);
        self
    }

    /// What the bot is given as its API's address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bot's token.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// A person with that language in the app (`""`: not known), who may chat with the bot.
    pub fn customer(&self, id: i64, name: &str, language: &str) -> Customer {
        let language = Some(language).filter(|language| !language.is_empty());
        self.shared.change(|state| state.person(id, name, language));
        Customer::new(Arc::clone(&self.shared), id)
    }

    /// A supergroup with topics, and the bot as an administrator with all rights. The id is negative, `-100…` in life.
    pub fn group(&self, id: i64, title: &str) -> Group {
        self.new_group(id, title, Kind::Supergroup, true, Role::Administrator(Rights::ALL))
    }

    /// A group without topics, and the bot as a plain member.
    pub fn basic_group(&self, id: i64, title: &str) -> Group {
        self.new_group(id, title, Kind::Group, false, Role::Member)
    }

    /// A group that is there, as after [`Group::migrates`].
    ///
    /// # Panics
    /// There is none of that id.
    pub fn group_at(&self, id: i64) -> Group {
        assert!(self.shared.read(|state| state.chat(id).is_some()), "there is no group {id}");
        Group::new(Arc::clone(&self.shared), id)
    }

    fn new_group(&self, id: i64, title: &str, kind: Kind, forum: bool, bot: Role) -> Group {
        assert!(id < 0, "a group's id is negative: {id}");
        self.shared.change(|state| {
            state.new_group(id, title, kind, forum, bot);
            state.member(id, group::OWNER, Role::Owner);
        });
        Group::new(Arc::clone(&self.shared), id)
    }

    /// Something is to go wrong.
    pub fn order(&self, fault: Fault) {
        self.shared.change(|state| state.order(fault));
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.change(|state| state.faults.clear());
    }

    /// Faults that are ordered and haven't happened as often as they should.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.read(|state| state.faults.ordered().to_vec())
    }

    /// The requests of the bot that have been answered, or met their fault.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.read(|state| state.calls().to_vec())
    }

    /// Forgets the calls that were noted, as between the parts of a long measurement.
    pub fn forget_calls(&self) {
        self.shared.change(|state| state.calls.clear());
    }

    /// Updates that wait to be confirmed.
    pub fn pending(&self) -> usize {
        self.shared.read(State::pending)
    }

    /// Looks at what is so at the moment.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.shared.read(look)
    }

    /// Waits until there is something; looked for after each change.
    ///
    /// # Panics
    /// It doesn't come within a minute: with what was waited for and the last calls.
    pub fn wait<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> T {
        self.shared.wait(what, look)
    }

    /// Puts the stand-in's clock forward: presses grow too old, a minute's budget is there again.
    pub fn passes(&self, time: Duration) {
        self.shared.change(|state| state.clock.skip(time));
    }

    /// Whether the bot sees in groups only what is meant for it while it is no administrator. It is so at first.
    pub fn privacy(&self, on: bool) {
        self.shared.change(|state| state.privacy = on);
    }

    /// The seconds between the tries of a webhook that fails (0, 2, 4, 8 … 120) become that many times as long: 0.01 for tests.
    pub fn webhook_scale(&self, scale: f64) {
        self.shared.change(|state| state.webhook_scale = scale);
    }

    /// From now on each request and its answer is shown to that, on the thread that answers it, before the bot gets the answer.
    /// It should note what it finds, and not panic: that would only look like a dropped connection to the bot.
    pub fn on_exchange(&self, hook: impl Fn(&Call) + Send + Sync + 'static) {
        self.shared.on_exchange.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(hook));
    }

    /// The same for each update, when it is put into the queue.
    pub fn on_update(&self, hook: impl Fn(&Value) + Send + Sync + 'static) {
        self.shared.on_update.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(hook));
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Polls hang in it, and a test may drop it inside a runtime of its own.
            runtime.shutdown_background();
        }
    }
}

/// `forward_origin` of somebody who doesn't show the account.
fn hidden_origin(name: &str, date: i64) -> Value {
    json!({"type": "hidden_user", "sender_user_name": name, "date": date})
}
