//! The bot's side: a channel as thin as one can be.
use std::io;
use std::time::Duration;

use anyhow::{Context, Result};
use bot_cli::serve::{Check, Finding, Kind, Need, Start};
use bot_core::dialogue::Customer;
use bot_runtime::channel::{self, Address, Channel, Delivery, Inbound, Outgoing, SendError};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::Store;
use jiff::Timestamp;
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::{Answer, Delivered, Part, Request, Stored, Written};

/// The entry for `bot-under-test`.
pub const KIND: Kind = Kind {
    name: NAME,
    needs: &[
        Need::setting("STANDIN_ADDR", "where the stand-in is, host:port"),
        Need::optional("STANDIN_PART", "what to receive: all, customers or agents"),
        Need::optional("STANDIN_CHECK", "how the stand-in shall say that it stands: fine or wrong"),
    ],
    check: Some(|check| Box::pin(async move { stands(&check) })),
    start: |start| Box::pin(run(start)),
};

/// The channel's name.
pub const NAME: &str = "standin";
/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(20);
/// Messages that are stored together.
const BATCH: usize = 256;

fn stands(check: &Check) -> Vec<Finding> {
    match check.settings.get("STANDIN_CHECK") {
        None => Vec::new(),
        Some("fine") => vec![Finding::fine("the stand-in is there")],
        Some(_) => vec![
            Finding::fine("the stand-in is there"),
            Finding::wrong("it does not let the bot in", "open the door"),
        ],
    }
}

async fn run(start: Start) -> Result<()> {
    let address = start.settings.get("STANDIN_ADDR").context("STANDIN_ADDR is required")?.to_owned();
    let part = match start.settings.get("STANDIN_PART") {
        Some(part) => {
            serde_json::from_value(part.into()).context("STANDIN_PART is none of all, customers, agents")?
        }
        None => Part::All,
    };
    start.runtime.serve(Standin { address: address.clone() });
    loop {
        tokio::select! {
            () = start.stop.cancelled() => return Ok(()),
            _ = receive(&start.runtime, &address, part) => sleep(PAUSE).await,
        }
    }
}

/// Takes in what customers write, until the connection breaks.
async fn receive<S: Store>(runtime: &Runtime<S>, address: &str, part: Part) -> Result<()> {
    let (read, mut write) = TcpStream::connect(address).await?.into_split();
    line(&mut write, &Request::Receive(part)).await?;
    let (sender, mut arrived) = mpsc::unbounded_channel::<Written>();
    let mut lines = BufReader::new(read).lines();
    let reading = async {
        while let Some(line) = lines.next_line().await? {
            sender.send(serde_json::from_str(&line)?)?;
        }
        anyhow::Ok(())
    };
    let storing = async {
        let mut batch = Vec::new();
        while arrived.recv_many(&mut batch, BATCH).await > 0 {
            runtime.receive(batch.iter().map(inbound).collect()).await?;
            for message in batch.drain(..) {
                line(&mut write, &Stored { key: message.key }).await?;
            }
        }
        anyhow::Ok(())
    };
    tokio::select! { ended = reading => ended, ended = storing => ended }
}

fn inbound(message: &Written) -> Inbound {
    Inbound {
        address: Address { channel: NAME.to_owned(), peer: message.peer.clone() },
        key: message.key.clone(),
        at: Timestamp::now(),
        customer: (!message.is_agents()).then(|| customer(message.name.as_ref().unwrap_or(&message.peer))),
        body: message.body.clone(),
    }
}

/// What the platform says of who writes.
pub fn customer(name: &str) -> Customer {
    Customer { name: Some(name.to_owned()), channel: Some(NAME.to_owned()), ..Customer::default() }
}

/// Delivers: a connection for each delivery, as with a platform that speaks HTTP.
struct Standin {
    address: String,
}

impl Channel for Standin {
    fn name(&self) -> &str {
        NAME
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<channel::Delivered, SendError> {
        let Ok(mut connection) = TcpStream::connect(&self.address).await else {
            return Err(SendError::Retry("no connection".to_owned()));
        };
        let answer = ask(&mut connection, &Request::Deliver(delivered(delivery))).await;
        match answer.map_err(|error| SendError::Doubt(error.to_string()))? {
            Answer::Accepted => Ok(channel::Delivered { messages: vec![delivery.key.clone()], more: false }),
            Answer::Busy => Err(SendError::Retry("busy".to_owned())),
            Answer::Blocked => Err(SendError::Final("the customer has blocked the bot".to_owned())),
        }
    }
}

fn delivered(delivery: &Delivery) -> Delivered {
    let (agent, text) = (delivery.what.agent().map(str::to_owned), delivery.what.plain());
    let shown = match &delivery.what {
        Outgoing::Bot { reply } => reply.buttons.as_slice(),
        _ => &[],
    };
    Delivered {
        key: delivery.key.clone(),
        peer: delivery.address.peer.clone(),
        agent,
        text,
        buttons: shown.iter().map(|button| button.label.clone()).collect(),
        presses: shown.iter().map(|button| button.id.clone()).collect(),
        again: delivery.again,
        process: std::process::id(),
    }
}

async fn ask(connection: &mut TcpStream, request: &Request) -> io::Result<Answer> {
    let text = serde_json::to_string(request)? + "\n";
    connection.write_all(text.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(serde_json::from_str(&answer)?)
}

async fn line(to: &mut OwnedWriteHalf, what: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(what)? + "\n";
    Ok(to.write_all(text.as_bytes()).await?)
}
