//! Delivers to customers.
//!
//! What it is not: it keeps nothing in memory. Which thread is whose stands in the store, as that of a desk does.
use std::sync::Arc;
use std::time::Duration;

use bot_core::reply::{Button, Run};
use bot_runtime::channel::{Address, Channel, Delivered, Delivery, Outgoing, Pace, SendError};
use bot_runtime::files::{File, Files};
use bot_runtime::store::{EventId, SqliteStore, Store};
use serde_json::{Value as Json, json};

use crate::api::{Api, Failure};
use crate::files::file_name;
use crate::inbound::{BUTTON, Me, NAME};
use crate::private::Private;
use crate::send::{LONGEST, Letter, NONCE, id, is_id, parts, utf16, web};

/// Events among which the message is looked for that a reply in a channel is for.
const RECENT: i64 = 100_000;

/// Discord, as far as it delivers.
pub struct Discord {
    pub api: Api,
    pub me: Me,
    pub store: Arc<SqliteStore>,
    pub files: Files,
}

impl Channel for Discord {
    fn name(&self) -> &str {
        NAME
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        let private = Private { api: &self.api, me: &self.me, store: &self.store };
        let to = private.channel(&delivery.address).await?;
        let delivered = self.deliver_to(&to, delivery).await;
        Ok(match delivered {
            // The thread was deleted: the conversation goes on in a new one.
            Err(failure) if failure.is(&[10003]) && private.lost(&delivery.address).await? => {
                let to = private.channel(&delivery.address).await?;
                self.deliver_to(&to, delivery).await?
            }
            delivered => delivered?,
        })
    }

    async fn busy(&self, address: &Address) {
        let private = Private { api: &self.api, me: &self.me, store: &self.store };
        if let Ok(Some(to)) = private.known(address).await {
            let _ = self.api.post(&format!("channels/{to}/typing"), &json!({})).await;
        }
    }

    fn owns(&self, file: &str) -> bool {
        file_name(file).is_some()
    }

    async fn fetch(&self, file: &str) -> Result<File, SendError> {
        Ok(self.api.hand_out(file).await?)
    }

    /// What Discord bears: 50 a second, and about one a second in a channel.
    fn pace(&self) -> Pace {
        Pace { per_second: 45.0, per_peer: Duration::from_millis(500), at_once: 30 }
    }

    fn burst_window(&self) -> Duration {
        Duration::from_millis(1500)
    }
}

impl Discord {
    async fn deliver_to(&self, to: &str, delivery: &Delivery) -> Result<Delivered, Failure> {
        let runs = delivery.what.runs(|address| web(address).is_some());
        match &delivery.what {
            Outgoing::Bot { reply } => self.say(to, delivery, &runs, &reply.buttons).await,
            Outgoing::Agent { .. } => self.say(to, delivery, &runs, &[]).await,
            Outgoing::Files { files, text, .. } => {
                let caption = if text.trim().is_empty() { Vec::new() } else { parts(&runs) };
                self.copy(to, delivery, files, &caption).await
            }
            Outgoing::Edit { message, .. } => {
                let text = parts(&runs).into_iter().next().unwrap_or_default();
                let body = Letter::new(&text).body();
                self.api.patch(&format!("channels/{to}/messages/{message}"), &body).await?;
                Ok(Delivered::default())
            }
            Outgoing::Delete { message, .. } => {
                match self.api.delete(&format!("channels/{to}/messages/{message}")).await {
                    Err(failure) if !failure.is(&[10008]) => Err(failure),
                    _ => Ok(Delivered::default()),
                }
            }
        }
    }

    async fn say(
        &self,
        to: &str,
        delivery: &Delivery,
        runs: &[Run],
        buttons: &[Button],
    ) -> Result<Delivered, Failure> {
        let mut parts = parts(runs);
        if parts.is_empty() && !buttons.is_empty() {
            // Buttons can't stand alone.
            parts.push("…".to_owned());
        }
        let (Some(text), more) = nth(&parts, delivery.part) else { return Ok(Delivered::default()) };
        if let Some(message) = self.arrived(to, delivery, text).await? {
            return Ok(Delivered { messages: vec![message], more });
        }
        let mut letter =
            Letter::new(text).once(&nonce(delivery)).to(self.reply(delivery).await.as_deref(), false);
        if !buttons.is_empty() && !more {
            let keys = buttons.iter().map(|button| (button.label.as_str(), format!("{BUTTON}{}", button.id)));
            letter = letter.with(keys);
        }
        let sent = self.api.post(&format!("channels/{to}/messages"), &letter.body()).await?;
        Ok(Delivered { messages: vec![id(&sent)?], more })
    }

    /// A file for each part; the first carries what is written under them, or the beginning of it.
    async fn copy(
        &self,
        to: &str,
        delivery: &Delivery,
        files: &[String],
        caption: &[String],
    ) -> Result<Delivered, Failure> {
        let (Some(file), more) = nth(files, delivery.part) else { return Ok(Delivered::default()) };
        let text = caption.first().filter(|_| delivery.part == 0).map_or("", String::as_str);
        let text = if utf16(text) < LONGEST { text } else { "" };
        let letter =
            Letter::new(text).once(&nonce(delivery)).to(self.reply(delivery).await.as_deref(), false);
        let message = self.api.show(&self.files, to, file, letter).await?;
        Ok(Delivered { messages: vec![message], more })
    }

    /// What an earlier attempt has made. Discord itself tells a repetition for some minutes only.
    async fn arrived(&self, to: &str, delivery: &Delivery, text: &str) -> Result<Option<String>, Failure> {
        if !delivery.again {
            return Ok(None);
        }
        let known = self.twins(&delivery.address).await.unwrap_or_default();
        let last = known.iter().map(|(message, _)| number(message)).max().unwrap_or_default();
        let recent = self.api.get(&format!("channels/{to}/messages?after={last}&limit=100")).await?;
        let is_it = |message: &&Json| {
            let is_same = message["nonce"] == nonce(delivery).as_str() || message["content"] == text;
            message["author"]["id"] == self.me.id.as_str() && is_same
        };
        Ok(recent.as_array().into_iter().flatten().find(is_it).and_then(|found| id(found).ok()))
    }

    /// What the message replies to; in an open channel also what the bot says, as it talks to one of many.
    async fn reply(&self, delivery: &Delivery) -> Option<String> {
        let quotes = match &delivery.quotes {
            _ if delivery.part > 0 => None,
            None if delivery.address.peer.contains(':') => {
                let twins = self.twins(&delivery.address).await?;
                twins
                    .into_iter()
                    .filter(|(_, is_customer)| *is_customer)
                    .map(|(message, _)| message)
                    .next_back()
            }
            quotes => quotes.clone(),
        };
        quotes.filter(|message| is_id(message))
    }

    /// The messages of a conversation, and whether each is the customer's.
    async fn twins(&self, address: &Address) -> Option<Vec<(String, bool)>> {
        let conversation = self.store.find(address).await.ok()??;
        let after = EventId(self.store.newest().await.ok()?.0 - RECENT);
        let traces = self.store.traces(conversation, after, usize::MAX).await.ok()?;
        let of = |trace: bot_runtime::store::Trace| {
            let is_customer = trace.fate.is_none();
            let twins = trace.twins.into_iter().filter(|twin| twin.desk.is_none());
            twins.map(move |twin| (twin.message, is_customer))
        };
        Some(traces.into_iter().flat_map(of).collect())
    }
}

fn number(message: &str) -> u64 {
    message.parse().unwrap_or_default()
}

/// The same for each attempt at the same part.
fn nonce(delivery: &Delivery) -> String {
    let nonce = match delivery.part {
        0 => delivery.key.clone(),
        part => format!("{}.{part}", delivery.key),
    };
    nonce[nonce.len().saturating_sub(NONCE)..].to_owned()
}

/// A part, and whether there are more.
fn nth<T>(parts: &[T], part: u32) -> (Option<&T>, bool) {
    let part = usize::try_from(part).unwrap_or(usize::MAX);
    (parts.get(part), part.saturating_add(1) < parts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_nonce_of_its_own_that_is_short_enough() {
        let nonce = |key: &str, part| {
            let address = Address { channel: NAME.to_owned(), peer: "1".to_owned() };
            let what = Outgoing::Agent { agent: String::new(), text: String::new() };
            nonce(&Delivery { address, what, key: key.to_owned(), again: false, part, quotes: None })
        };
        assert_eq!((nonce("m10-1", 0).as_str(), nonce("m10-1", 2).as_str()), ("m10-1", "m10-1.2"));
        let longest = "m1y2p0ij32e8e7-y2p0ij32e8e";
        assert_eq!(nonce(&longest[..25], 3).len(), NONCE);
        assert_ne!(nonce(&longest[..25], 3), nonce(&longest[..25], 4));
    }
}
