//! The task of one connection: what the client sends goes into the state, and what the state says goes to the client.
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::codes::Code;
use super::connection::Out;
use super::events::Event;
use super::handshake::{Asked, Given};
use super::identify::{Identified, Known};
use super::members;
use super::received::{self, Received};
use super::record::{Ended, Frame, Side};
use super::state::State;
use super::zlib::Deflater;

/// How often it is looked whether the client is overdue.
const TICK: Duration = Duration::from_millis(100);
/// How long a client that is closed has to say so, too.
const FAREWELL: Duration = Duration::from_secs(1);

pub(super) async fn serve(given: Given, asked: Asked, socket: WebSocketStream<TcpStream>) {
    let (sender, out) = mpsc::unbounded_channel();
    let resume_url = format!("ws://{}/gateway/resume", asked.host);
    let number = given.hub.change(|state| state.connect(sender, &asked.path, &asked.query, resume_url));
    if let Err(code) = understood(&asked) {
        given.hub.change(|state| state.close(number, code));
    }
    let zlib =
        asked.parameter("compress").filter(|compress| *compress == "zlib-stream").map(|_| Deflater::new());
    let mut line = Line { given, number, socket, zlib };
    let ended = line.run(out).await;
    line.given.hub.change(|state| state.disconnect(number, ended));
}

/// JSON, v9 or v10, and one of the compressions that there are here.
fn understood(asked: &Asked) -> Result<(), Code> {
    if !matches!(asked.parameter("v"), Some("9" | "10") | None) {
        return Err(Code::INVALID_VERSION);
    }
    let json = matches!(asked.parameter("encoding"), Some("json") | None);
    let known = matches!(asked.parameter("compress"), Some("zlib-stream" | "") | None);
    if json && known { Ok(()) } else { Err(Code::DECODE_ERROR) }
}

struct Line {
    given: Given,
    number: u64,
    socket: WebSocketStream<TcpStream>,
    zlib: Option<Deflater>,
}

impl Line {
    async fn run(&mut self, mut out: UnboundedReceiver<Out>) -> Ended {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ended = tokio::select! {
                next = out.recv() => match next {
                    Some(next) => self.does(next).await,
                    // The state has let go of it, as when its session went on elsewhere.
                    None => Some(Ended::Cut),
                },
                message = self.socket.next() => self.hears(message),
                _ = ticks.tick() => {
                    self.given.hub.change(State::check);
                    None
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    async fn does(&mut self, out: Out) -> Option<Ended> {
        match out {
            Out::Text(side, text) => {
                // First, so that whatever the client has seen is in the record.
                self.note(side, text.clone());
                self.send(&text).await.err().map(|_| Ended::Lost)
            }
            Out::Close(code) => {
                self.close(code).await;
                Some(Ended::ByGateway(code.0))
            }
            Out::Cut => Some(Ended::Cut),
            Out::Reset => {
                // Where the system refuses, it becomes a plain end.
                let _ = self.socket.get_ref().set_zero_linger();
                Some(Ended::Cut)
            }
        }
    }

    async fn send(&mut self, text: &str) -> Result<(), Error> {
        let message = match &mut self.zlib {
            Some(zlib) => Message::Binary(zlib.deflate(text).into()),
            None => Message::Text(text.into()),
        };
        self.socket.send(message).await
    }

    /// Says why, and gives the client a moment to say that it has understood.
    async fn close(&mut self, code: Code) {
        let frame = CloseFrame { code: code.0.into(), reason: code.reason().into() };
        if self.socket.close(Some(frame)).await.is_ok() {
            // Whatever it says now means nothing any more.
            let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = self.socket.next().await {} }).await;
        }
    }

    fn hears(&mut self, message: Option<Result<Message, Error>>) -> Option<Ended> {
        match message {
            Some(Ok(Message::Text(text))) => self.heard(text.as_str()),
            Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => self.heard(text),
                Err(_) => self.given.hub.change(|state| state.close(self.number, Code::DECODE_ERROR)),
            },
            Some(Ok(Message::Close(frame))) => {
                return Some(Ended::ByBot(frame.map(|frame| frame.code.into())));
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Some(Ended::Lost),
        }
        None
    }

    fn heard(&self, text: &str) {
        self.note(Side::Bot, received::without_token(text));
        let (hub, number) = (&self.given.hub, self.number);
        let (in_time, longest) = hub.change(|state| (state.count_send(number), state.settings.payload));
        let read = match (in_time, text.len() > longest) {
            (false, _) => Err(Code::RATE_LIMITED),
            (_, true) => Err(Code::DECODE_ERROR),
            _ => received::read(text),
        };
        match read {
            Err(code) => hub.change(|state| state.close(number, code)),
            Ok(Received::Heartbeat) => hub.change(|state| state.heartbeat(number)),
            Ok(Received::Identify(asked)) => self.identify(&asked),
            Ok(Received::Resume(asked)) => {
                let known = self.known(0);
                hub.change(|state| state.resume(number, &asked, &known));
            }
            Ok(Received::Members(asked)) => self.members(&asked),
            Ok(Received::Harmless) => {
                self.session();
            }
        }
    }

    /// The home is asked without the gateway's lock: it may be emitting. What happens meanwhile comes after READY.
    fn identify(&self, asked: &received::Identify) {
        let (hub, number) = (&self.given.hub, self.number);
        let known = self.known(asked.intents);
        let identified = hub.change(|state| state.identify(number, asked, &known));
        if let Identified::Session(id) = identified {
            let guilds = self.given.home.guilds();
            hub.change(|state| state.ready_with(number, &id, asked, &known, &guilds));
        }
    }

    fn members(&self, asked: &Value) {
        let Some(session) = self.session() else { return };
        if let Some(chunk) = members::chunk(asked, &self.given.home.guilds()) {
            let event = Event::new("GUILD_MEMBERS_CHUNK", chunk);
            self.given.hub.change(|state| state.tell_own(&session, &event));
        }
    }

    /// The session that it has; without one it is closed.
    fn session(&self) -> Option<String> {
        self.given.hub.change(|state| {
            let session = state.connections.get(&self.number)?.session.clone();
            if session.is_none() {
                state.close(self.number, Code::NOT_AUTHENTICATED);
            }
            session
        })
    }

    fn known(&self, intents: u64) -> Known {
        let home = &self.given.home;
        let (bot, application) = (home.bot(), home.application());
        Known { token: home.token(), bot, application, may_use: home.may_use(intents) }
    }

    fn note(&self, side: Side, text: String) {
        let at = self.given.hub.read(|state| state.clock.now());
        self.given.hub.note(Frame { connection: self.number, side, text, at });
    }
}
