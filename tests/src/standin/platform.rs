//! The platform's side: what customers write goes to the bot, what the bot delivers goes into the ledger.
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::{Answer, Delivered, Request, Stored, Written};

/// Waiting that long means that it hangs: nothing is timed.
const HANGS: Duration = Duration::from_secs(60);

/// What goes wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused, and may be tried again.
    Busy,
    /// It is refused for good: the customer has blocked the bot.
    Blocked,
    /// It does not arrive, and the bot gets no answer.
    Lost,
    /// It arrives, and the bot gets no answer.
    Unanswered,
}

/// A platform. Dropped, it accepts no more.
pub struct Platform {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What was written, in order.
    written: Vec<Written>,
    /// What the bot has not confirmed yet.
    unconfirmed: Vec<Written>,
    /// The bot's connection for receiving.
    bot: Option<TcpStream>,
    ledger: Vec<Delivered>,
    faults: VecDeque<Fault>,
}

impl Platform {
    /// Starts it, on a free port of this machine.
    ///
    /// # Panics
    /// There is none.
    pub fn start() -> Platform {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared::default());
        let accepting = shared.clone();
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let shared = accepting.clone();
                // A bot that dies in the middle of a line is what this is for.
                thread::spawn(move || drop(shared.talk(connection)));
            }
        });
        Platform { address, shared }
    }

    /// Where it is: what `STANDIN_ADDR` must say.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// A customer writes; returns the platform's id of the message.
    pub fn say(&self, peer: &str, text: &str) -> String {
        let mut state = self.shared.lock();
        let key = format!("m{}", state.written.len() + 1);
        let message = Written { key: key.clone(), peer: peer.to_owned(), text: text.to_owned() };
        state.written.push(message.clone());
        state.send(&message);
        state.unconfirmed.push(message);
        key
    }

    /// The platform sends a message once more, though it may have been confirmed.
    pub fn repeat(&self, key: &str) {
        let mut state = self.shared.lock();
        let message = state.written.iter().find(|message| message.key == key).cloned();
        message.iter().for_each(|message| state.send(message));
    }

    /// The next delivery that has no fault yet goes wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.lock().faults.push_back(fault);
    }

    /// What has been delivered so far, in the order of arrival.
    pub fn ledger(&self) -> Vec<Delivered> {
        self.shared.lock().ledger.clone()
    }

    /// What has been delivered to a customer so far, the texts alone.
    pub fn texts(&self, peer: &str) -> Vec<String> {
        self.ledger().into_iter().filter(|line| line.peer == peer).map(|line| line.text).collect()
    }

    /// Waits until the bot has confirmed every message.
    ///
    /// # Panics
    /// It does not.
    pub fn wait_until_confirmed(&self) {
        drop(self.wait("every message is confirmed", |state| state.unconfirmed.is_empty()));
    }

    /// Waits until the ledger is as wanted; returns it.
    ///
    /// # Panics
    /// It never is.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&[Delivered]) -> bool) -> Vec<Delivered> {
        self.wait(what, |state| wanted(&state.ledger)).ledger.clone()
    }

    fn wait(&self, what: &str, wanted: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let (state, waited) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), HANGS, |state| !wanted(state))
            .expect("no thread of the platform panics");
        assert!(
            !waited.timed_out(),
            "{what}: does not come; unconfirmed {:?}, {:#?}",
            state.unconfirmed,
            state.ledger
        );
        state
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread of the platform panics")
    }

    fn talk(&self, connection: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(connection.try_clone()?).lines();
        let Some(first) = lines.next().transpose()? else { return Ok(()) };
        match serde_json::from_str(&first)? {
            Request::Deliver(delivered) => self.deliver(connection, delivered),
            Request::Receive => {
                self.lock().connect(connection);
                for line in lines {
                    let Stored { key } = serde_json::from_str(&line?)?;
                    self.lock().unconfirmed.retain(|message| message.key != key);
                    self.changed.notify_all();
                }
                Ok(())
            }
        }
    }

    fn deliver(&self, mut connection: TcpStream, delivered: Delivered) -> std::io::Result<()> {
        let fault = {
            let mut state = self.lock();
            let fault = state.faults.pop_front();
            if matches!(fault, None | Some(Fault::Unanswered)) {
                state.ledger.push(delivered);
            }
            fault
        };
        self.changed.notify_all();
        match fault {
            None => line(&mut connection, &Answer::Accepted),
            Some(Fault::Busy) => line(&mut connection, &Answer::Busy),
            Some(Fault::Blocked) => line(&mut connection, &Answer::Blocked),
            Some(Fault::Lost | Fault::Unanswered) => Ok(()),
        }
    }
}

impl State {
    fn connect(&mut self, bot: TcpStream) {
        self.bot = Some(bot);
        for message in self.unconfirmed.clone() {
            self.send(&message);
        }
    }

    /// To a bot that is gone it is sent again when it comes back.
    fn send(&mut self, message: &Written) {
        if let Some(bot) = &mut self.bot
            && line(bot, message).is_err()
        {
            self.bot = None;
        }
    }
}

fn line(to: &mut TcpStream, what: &impl Serialize) -> std::io::Result<()> {
    to.write_all(format!("{}\n", serde_json::to_string(what)?).as_bytes())
}
