//! A stand-in for Discord: the API v10 over HTTP, as far as a bot for customers with threads for agents uses it, and the people who
//! chat with it. Its gateway is [`gateway`].
//!
//! It keeps state as Discord does (guilds, roles, channels, threads, messages, interactions), checks what it is asked, refuses
//! with the server's own codes and texts, and holds the bot to its limits. What goes wrong in life can be ordered ([`Fault`]). It is
//! not a client's view of Discord, and knows nothing of voice, forums, stickers, polls or moderation.
//!
//! ```no_run
//! use bot_tests::discord::Discord;
//!
//! let discord = Discord::start();
//! let guild = discord.guild(500);
//! let ann = discord.customer(1, "Ann", "en");
//! // Start the bot with discord.url() and discord.token(), then:
//! ann.writes("hello");
//! ann.waits_for("Hello");
//! ```
//!
//! Where the real server's behaviour isn't known for sure, it is as strict as the documentation.
mod agent;
mod answer;
mod attachments;
mod call;
pub mod control;
mod customer;
mod faults;
pub mod gateway;
mod guild;
mod limits;
mod place;
mod presses;
pub mod render;
mod request;
mod rest;
mod server;
mod shared;
mod shown;
mod state;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::runtime::{self, Runtime};

pub use agent::Agent;
pub use call::Call;
pub use customer::Customer;
pub use faults::{Fault, What};
pub use gateway::SocketFault;
use gateway::{self as intents, Emitted, Hub};
pub use guild::{Guild, Thread};
pub use place::Place;
use shared::Shared;
pub use shown::{Button, Select, Shown};
pub use state::file::File;
pub use state::interactions::Interaction;
pub use state::mentions::Pinged;
pub use state::permissions;
pub use state::{BOT, State};

/// A Discord of one bot. It runs on threads of its own; dropped, it is gone.
pub struct Discord {
    shared: Arc<Shared>,
    address: SocketAddr,
    /// Taken when it is dropped.
    runtime: Option<Runtime>,
}

impl Discord {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// The machine has no port or no thread left.
    pub fn start() -> Discord {
        Discord::start_on(0).expect("a port for the stand-in")
    }

    /// Starts it on a port; 0 is a free one.
    ///
    /// # Errors
    /// The port is taken.
    ///
    /// # Panics
    /// The machine has no thread left.
    pub fn start_on(port: u16) -> io::Result<Discord> {
        let shared = Arc::new(Shared::new(
            "MTAwMDAwMDAwMDAwMDAwMDAwMQ.GStand.in-of-no-use-elsewhere-0000000000000".to_owned(),
        ));
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads for the stand-in");
        let address = runtime.block_on(server::start(Arc::clone(&shared), port))?;
        Ok(Discord { shared, address, runtime: Some(runtime) })
    }

    /// Doesn't hold the bot to Discord's limits, as for measuring what the bot itself can bear.
    pub fn without_pace(self) -> Discord {
        self.shared.change(|state| state.limits.on = false);
        self
    }

    /// What the bot is given as its API's address: `http://127.0.0.1:PORT/api/v10`.
    pub fn url(&self) -> String {
        format!("http://{}/api/v10", self.address)
    }

    /// Where one plays by hand: `http://127.0.0.1:PORT`.
    pub fn page(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bot's token.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// The bot's application, which has the id of its account.
    pub fn application_id(&self) -> u64 {
        BOT
    }

    /// The gateway.
    pub fn gateway(&self) -> &Arc<Hub> {
        &self.shared.hub
    }

    /// A person with that language in the app, who is a member of all guilds.
    pub fn customer(&self, id: u64, name: &str, locale: &str) -> Customer {
        self.shared.change(|state| state.person(id, name, locale));
        Customer::new(Arc::clone(&self.shared), id)
    }

    /// A guild with the bot in it: with a role "Agents", a channel "staff" that agents and the bot see, and one "support" for
    /// everybody. The same again, if there is one of that id.
    pub fn guild(&self, id: u64) -> Guild {
        self.shared.change(|state| {
            if !state.guilds.contains_key(&id) {
                state.new_guild(id);
            }
        });
        Guild::new(Arc::clone(&self.shared), id)
    }

    /// Something is to go wrong with a request.
    pub fn order(&self, fault: Fault) {
        self.shared.change(|state| state.faults.order(fault));
    }

    /// Something is to go wrong with the gateway's sockets.
    pub fn socket(&self, fault: SocketFault) {
        self.shared.hub.order(fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.hub.clear_faults();
        self.shared.change(|state| state.faults.clear());
    }

    /// Faults of requests that are ordered and haven't happened as often as they should.
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

    /// How many requests of the last ten minutes were answered 401, 403 or 429: at 10,000 Discord bans.
    pub fn invalid_requests(&self) -> usize {
        self.read(State::invalid_requests)
    }

    /// Looks at what is so at the moment.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.shared.read(look)
    }

    /// The files of a message.
    pub fn files(&self, channel: u64, message: u64) -> Vec<File> {
        let found = |state: &State| {
            let attachments = &state.message(channel, message)?.attachments;
            Some(attachments.iter().map(|(_, file)| file.clone()).collect())
        };
        self.shared.read(found).unwrap_or_default()
    }

    /// Waits until there is something; looked for after each change.
    ///
    /// # Panics
    /// It doesn't come within a minute: with what was waited for and the last calls.
    pub fn wait<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> T {
        self.shared.wait(what, look)
    }

    /// Puts the stand-in's clock forward: interactions and files grow too old, limits are there again.
    pub fn passes(&self, time: Duration) {
        self.shared.change(|state| state.clock.skip(time));
        self.shared.hub.passes(time);
    }

    /// Whether the bot's application has the privileged intent for contents in the portal. It has at first.
    pub fn lets_read_contents(&self, on: bool) {
        self.portal(intents::MESSAGE_CONTENT, on);
    }

    /// Whether it has the one for members. It has at first.
    pub fn lets_know_members(&self, on: bool) {
        self.portal(intents::GUILD_MEMBERS, on);
    }

    /// Whether it has the one for presences. It has at first.
    pub fn lets_see_presences(&self, on: bool) {
        self.portal(intents::GUILD_PRESENCES, on);
    }

    fn portal(&self, intent: u64, on: bool) {
        self.shared
            .change(|state| state.portal = if on { state.portal | intent } else { state.portal & !intent });
    }

    /// So many threads may be active in a guild; 1,000 at first.
    pub fn most_threads(&self, most: usize) {
        self.shared.change(|state| state.most_threads = most);
    }

    /// From now on each request and its answer is shown to that, on the thread that answers it, before the bot gets the answer.
    /// It should note what it finds, and not panic: that would only look like a dropped connection to the bot.
    pub fn on_exchange(&self, hook: impl Fn(&Call) + Send + Sync + 'static) {
        self.shared.on_exchange.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(hook));
    }

    /// The same for each event that is handed to the gateway. It must not change the stand-in.
    pub fn on_event(&self, hook: impl Fn(&Emitted) + Send + Sync + 'static) {
        self.shared.on_event.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(hook));
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Requests may hang in it, and a test may drop it inside a runtime of its own.
            runtime.shutdown_background();
        }
    }
}
