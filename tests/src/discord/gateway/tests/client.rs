//! A client as plain as can be.
use std::time::Duration;

use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::identify;

/// Waiting that long means that it never comes.
const HANGS: Duration = Duration::from_secs(20);

/// What a client can see.
#[derive(Debug, PartialEq)]
pub enum Seen {
    Payload(Value),
    NoJson(String),
    Closed(u16),
    /// Without a close frame, by a reset or not.
    Gone {
        reset: bool,
    },
}

pub struct Client {
    socket: WebSocketStream<TcpStream>,
    inflate: Option<Decompress>,
}

impl Client {
    /// Connects; HELLO is still to be read.
    pub async fn connect(url: &str) -> Result<Client, Error> {
        let query = if url.contains('?') { "" } else { "?v=10&encoding=json" };
        let host = url.trim_start_matches("ws://").split('/').next().expect("a host");
        let stream = TcpStream::connect(host).await?;
        let (socket, _) = client_async(format!("{url}{query}"), stream).await?;
        let inflate = url.contains("compress=zlib-stream").then(|| Decompress::new(true));
        Ok(Client { socket, inflate })
    }

    /// Connects, and has read HELLO.
    pub async fn greeted(url: &str) -> Client {
        let mut client = Client::connect(url).await.expect("a websocket");
        assert_eq!(client.payload().await["op"], 10);
        client
    }

    /// Connects and identifies; what it was told until all servers were there is given, too.
    pub async fn ready(url: &str, intents: u64) -> (Client, Value) {
        let mut client = Client::greeted(url).await;
        client.send(&identify(intents)).await;
        let ready = client.payload().await;
        assert_eq!(ready["t"], "READY", "{ready}");
        for _ in 0..2 {
            assert_eq!(client.payload().await["t"], "GUILD_CREATE");
        }
        (client, ready)
    }

    pub async fn send(&mut self, payload: &Value) {
        self.send_text(&payload.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::Text(text.into())).await.expect("the socket is open");
    }

    pub async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.expect("the socket is open");
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// The next payload.
    pub async fn payload(&mut self) -> Value {
        match self.sees().await {
            Seen::Payload(payload) => payload,
            other => panic!("{other:?} where a payload is expected"),
        }
    }

    /// The next event's name, number and message id.
    pub async fn event(&mut self) -> (String, u64, String) {
        let payload = self.payload().await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&payload["t"]), payload["s"].as_u64().expect("a number"), text(&payload["d"]["id"]))
    }

    /// Whatever comes next.
    pub async fn sees(&mut self) -> Seen {
        let next = timeout(HANGS, self.socket.next()).await.expect("something comes in time");
        match next {
            Some(Ok(Message::Text(text))) => parsed(text.as_str()),
            Some(Ok(Message::Binary(piece))) => parsed(&self.inflated(&piece)),
            Some(Ok(Message::Close(Some(frame)))) => Seen::Closed(frame.code.into()),
            Some(Err(Error::Io(error))) => {
                Seen::Gone { reset: error.kind() == std::io::ErrorKind::ConnectionReset }
            }
            Some(Err(_)) | None => Seen::Gone { reset: false },
            other => panic!("{other:?}"),
        }
    }

    fn inflated(&mut self, piece: &[u8]) -> String {
        assert!(piece.ends_with(&[0, 0, 0xff, 0xff]), "a piece is flushed");
        let inflate = self.inflate.as_mut().expect("compression was asked for");
        let mut text = Vec::with_capacity(1 << 20);
        inflate.decompress_vec(piece, &mut text, FlushDecompress::Sync).expect("a zlib stream");
        String::from_utf8(text).expect("text")
    }

    /// Nothing more has come until a heartbeat is answered: what was on its way is what is given.
    pub async fn until_answered(&mut self) -> Vec<Value> {
        self.send(&json!({"op": 1, "d": null})).await;
        let mut came = Vec::new();
        loop {
            let payload = self.payload().await;
            if payload["op"] == 11 {
                return came;
            }
            came.push(payload);
        }
    }
}

fn parsed(text: &str) -> Seen {
    serde_json::from_str(text).map_or_else(|_| Seen::NoJson(text.to_owned()), Seen::Payload)
}
