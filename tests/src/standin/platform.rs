//! The platform's side: what customers write goes to the bot, what the bot delivers goes into the ledger.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use bot_core::dialogue::Input;
use bot_core::handoff::AgentAct;
use bot_runtime::channel::Body;
use serde::Serialize;

use super::{Answer, Delivered, Part, Request, Stored, Written};

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
    /// The bot is told that it arrived, and it did not: as if the bot had taken it for sent. No platform does that; it shows
    /// that a loss is seen.
    Dropped,
    /// It arrives twice: as if the bot had sent it twice. It shows that this is seen.
    Doubled,
}

/// A platform. Dropped, it accepts no more.
pub struct Platform {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What the platform has written down.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What was written, in order.
    pub written: Vec<Written>,
    /// What the bot has not confirmed yet.
    pub unconfirmed: Vec<Written>,
    /// What was delivered, in order of arrival.
    pub lines: Vec<Delivered>,
    /// Lines for which the bot got no answer, because of a [`Fault`].
    pub unanswered: BTreeSet<usize>,
    /// Counts what happened: messages confirmed, deliveries arrived.
    pub events: u64,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ledger: Ledger,
    /// The bots' connections for receiving.
    bots: Vec<(Part, TcpStream)>,
    faults: VecDeque<Fault>,
    names: BTreeMap<String, String>,
    closed: bool,
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
                if accepting.lock().closed {
                    return;
                }
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

    /// The variables by which a program finds it.
    pub fn environment(&self, part: Part) -> Vec<(&'static str, String)> {
        vec![("STANDIN_ADDR", self.address()), ("STANDIN_PART", part.word().to_owned())]
    }

    /// Calls a customer by that name from now on.
    pub fn call(&self, peer: &str, name: &str) {
        self.shared.lock().names.insert(peer.to_owned(), name.to_owned());
    }

    /// A customer writes; returns the platform's id of the message.
    pub fn say(&self, peer: &str, text: &str) -> String {
        self.input(peer, Input::text(text))
    }

    /// A customer presses, sends a picture …; returns the platform's id of it.
    pub fn input(&self, peer: &str, input: Input) -> String {
        self.write(peer, |key| Body::Input { input, message: Some(key.into()) })
    }

    /// An agent does something in a customer's conversation; returns the platform's id of it.
    pub fn act(&self, peer: &str, agent: &str, act: AgentAct) -> String {
        self.input(peer, Input::Agent { agent: agent.to_owned(), act })
    }

    /// Something is written, made of the platform's id of it; returns that.
    pub fn write(&self, peer: &str, body: impl FnOnce(String) -> Body) -> String {
        let mut state = self.shared.lock();
        let key = format!("m{}", state.ledger.written.len() + 1);
        let (peer, name) = (peer.to_owned(), state.names.get(peer).cloned());
        let message = Written { key: key.clone(), peer, name, body: body(key.clone()) };
        state.ledger.written.push(message.clone());
        state.ledger.unconfirmed.push(message.clone());
        state.send(&message);
        key
    }

    /// The platform sends a message once more, though it may have been confirmed.
    pub fn repeat(&self, key: &str) {
        let mut state = self.shared.lock();
        let message = state.ledger.written.iter().find(|message| message.key == key).cloned();
        message.iter().for_each(|message| state.send(message));
    }

    /// The next delivery that has no fault yet goes wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.lock().faults.push_back(fault);
    }

    /// What has been delivered so far, in the order of arrival.
    pub fn ledger(&self) -> Vec<Delivered> {
        self.look(|ledger| ledger.lines.clone())
    }

    /// What has been delivered to a customer so far, the texts alone.
    pub fn texts(&self, peer: &str) -> Vec<String> {
        self.ledger().into_iter().filter(|line| line.peer == peer).map(|line| line.text).collect()
    }

    /// Looks at what is written down. Nothing arrives meanwhile.
    pub fn look<R>(&self, look: impl FnOnce(&Ledger) -> R) -> R {
        look(&self.shared.lock().ledger)
    }

    /// Waits until something happens after so many events, at most so long; returns how many there are now.
    pub fn wait_for_event(&self, after: u64, at_most: Duration) -> u64 {
        let end = Instant::now() + at_most;
        let mut state = self.shared.lock();
        while state.ledger.events <= after {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.shared.changed.wait_timeout(state, left).expect(NO_PANIC).0;
        }
        state.ledger.events
    }

    /// Waits until the bot has confirmed every message.
    ///
    /// # Panics
    /// It does not.
    pub fn wait_until_confirmed(&self) {
        drop(self.wait("every message is confirmed", |ledger| ledger.unconfirmed.is_empty()));
    }

    /// Waits until the ledger is as wanted; returns it.
    ///
    /// # Panics
    /// It never is.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&[Delivered]) -> bool) -> Vec<Delivered> {
        self.wait(what, |ledger| wanted(&ledger.lines)).ledger.lines.clone()
    }

    fn wait(&self, what: &str, wanted: impl Fn(&Ledger) -> bool) -> MutexGuard<'_, State> {
        let waits = |state: &mut State| !wanted(&state.ledger);
        let (state, waited) =
            self.shared.changed.wait_timeout_while(self.shared.lock(), HANGS, waits).expect(NO_PANIC);
        let Ledger { unconfirmed, lines, .. } = &state.ledger;
        assert!(!waited.timed_out(), "{what}: does not come; unconfirmed {unconfirmed:?}, {lines:#?}");
        state
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closed = true;
        state.bots.clear();
        drop(state);
        // The thread that accepts wakes up, sees it, and lets go of the port.
        let _ = TcpStream::connect(self.address);
    }
}

const NO_PANIC: &str = "no thread of the platform panics";

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(NO_PANIC)
    }

    fn talk(&self, connection: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(connection.try_clone()?).lines();
        let Some(first) = lines.next().transpose()? else { return Ok(()) };
        match serde_json::from_str(&first)? {
            Request::Deliver(delivered) => self.deliver(connection, delivered),
            Request::Receive(part) => {
                self.lock().connect(part, connection);
                for line in lines {
                    let Stored { key } = serde_json::from_str(&line?)?;
                    self.lock().confirm(&key);
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
            state.arrive(delivered, fault);
            fault
        };
        self.changed.notify_all();
        match fault {
            None | Some(Fault::Dropped | Fault::Doubled) => line(&mut connection, &Answer::Accepted),
            Some(Fault::Busy) => line(&mut connection, &Answer::Busy),
            Some(Fault::Blocked) => line(&mut connection, &Answer::Blocked),
            Some(Fault::Lost | Fault::Unanswered) => Ok(()),
        }
    }
}

impl State {
    fn connect(&mut self, part: Part, bot: TcpStream) {
        self.bots.push((part, bot));
        for message in self.ledger.unconfirmed.clone() {
            self.send(&message);
        }
    }

    /// To a bot that is gone it is sent again when it comes back.
    fn send(&mut self, message: &Written) {
        self.bots.retain_mut(|(part, bot)| !part.has(message) || line(bot, message).is_ok());
    }

    fn confirm(&mut self, key: &str) {
        self.ledger.unconfirmed.retain(|message| message.key != key);
        self.ledger.events += 1;
    }

    fn arrive(&mut self, delivered: Delivered, fault: Option<Fault>) {
        self.ledger.events += 1;
        if fault == Some(Fault::Unanswered) {
            self.ledger.unanswered.insert(self.ledger.lines.len());
        }
        let times = match fault {
            None | Some(Fault::Unanswered) => 1,
            Some(Fault::Busy | Fault::Blocked | Fault::Lost | Fault::Dropped) => 0,
            Some(Fault::Doubled) => 2,
        };
        self.ledger.lines.extend(std::iter::repeat_n(delivered, times));
    }
}

fn line(to: &mut TcpStream, what: &impl Serialize) -> std::io::Result<()> {
    to.write_all(format!("{}\n", serde_json::to_string(what)?).as_bytes())
}
