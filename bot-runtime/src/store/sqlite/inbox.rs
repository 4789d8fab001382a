//! What comes in: arrivals, their edits, timers that are due.
use bot_core::dialogue::{Customer, Input, Tracker};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::pairs::Done;
use super::super::{ConversationId, ITEMS, InboxId, Item, Loaded, Received, StoreError, rules};
use super::codec::{from_json, limit, nanoseconds, signed, time, to_json, unsigned};
use crate::channel::{Address, Body, Inbound, Message};

pub(super) fn receive(
    connection: &Connection,
    arrivals: Vec<Inbound>,
    now: i64,
) -> Result<Vec<Received>, StoreError> {
    arrivals.into_iter().map(|arrival| receive_one(connection, arrival, now)).collect()
}

fn receive_one(connection: &Connection, arrival: Inbound, now: i64) -> Result<Received, StoreError> {
    let Inbound { address, key, at, customer, body } = arrival;
    if let Some(conversation) = arrived_before(connection, &address.channel, &key)? {
        return Ok(Received { conversation, is_new: false });
    }
    let conversation = conversation_at(connection, &address, now, rules::is_from_customer(&body))?;
    if rules::is_from_agent(&body) && arrived_elsewhere(connection, conversation, &key)? {
        return Ok(Received { conversation, is_new: false });
    }
    let note = "INSERT INTO arrivals (channel, key, conversation, stored) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(note)?.execute(params![address.channel, key, conversation.0, now])?;
    let place = Place { connection, conversation, at: nanoseconds(at), now };
    place.meet(customer)?;
    match body {
        Body::Input { input, message } => place.add(&input, message.as_ref())?,
        Body::Edit { message, text } => place.edit(&message, text)?,
        Body::Delete { message } => place.delete(&message)?,
    }
    Ok(Received { conversation, is_new: true })
}

fn arrived_before(
    connection: &Connection,
    channel: &str,
    key: &str,
) -> Result<Option<ConversationId>, StoreError> {
    let known = "SELECT conversation FROM arrivals WHERE channel = ?1 AND key = ?2";
    let mut known = connection.prepare_cached(known)?;
    Ok(known.query_row(params![channel, key], |row| row.get(0).map(ConversationId)).optional()?)
}

/// Whether an agent's deed has arrived while the customer was at another of their addresses.
fn arrived_elsewhere(connection: &Connection, id: ConversationId, key: &str) -> Result<bool, StoreError> {
    let known = "SELECT EXISTS (SELECT 1 FROM addresses JOIN arrivals ON arrivals.channel = addresses.channel
                 WHERE addresses.conversation = ?1 AND arrivals.key = ?2)";
    Ok(connection.prepare_cached(known)?.query_row(params![id.0, key], |row| row.get(0))?)
}

/// `false`: it had arrived.
pub(super) fn keep_unread(
    connection: &Connection,
    channel: &str,
    key: &str,
    raw: &str,
    now: i64,
) -> Result<bool, StoreError> {
    if arrived_before(connection, channel, key)?.is_some() {
        return Ok(false);
    }
    let note = "INSERT INTO arrivals (channel, key, conversation, stored) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(note)?.execute(params![channel, key, rules::NOWHERE.0, now])?;
    let keep = "INSERT INTO unread (channel, key, stored, raw) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(keep)?.execute(params![channel, key, now, raw])?;
    Ok(true)
}

/// The conversation that is held there; something happens in it.
fn conversation_at(
    connection: &Connection,
    address: &Address,
    now: i64,
    is_customer: bool,
) -> Result<ConversationId, StoreError> {
    let known = "UPDATE conversations SET active = ?3 WHERE channel = ?1 AND peer = ?2 RETURNING id";
    let place = params![address.channel, address.peer, now];
    let known = connection.prepare_cached(known)?.query_row(place, |row| row.get(0)).optional()?;
    if let Some(id) = known {
        return Ok(ConversationId(id));
    }
    if let Some(id) = at_another(connection, address)? {
        // A turn that would answer where the customer was before must not fit any more.
        let moves = "UPDATE conversations SET channel = ?2, peer = ?3, active = ?4, revision = revision + 1
                     WHERE id = ?1 AND ?5";
        let place = params![id.0, address.channel, address.peer, now, is_customer];
        connection.prepare_cached(moves)?.execute(place)?;
        return Ok(id);
    }
    let new = "INSERT INTO conversations (channel, peer, active) VALUES (?1, ?2, ?3)";
    Ok(ConversationId(connection.prepare_cached(new)?.insert(place)?))
}

/// The conversation that is held there, while its customer has written elsewhere last.
pub(super) fn at_another(
    connection: &Connection,
    address: &Address,
) -> Result<Option<ConversationId>, StoreError> {
    let mut held =
        connection.prepare_cached("SELECT conversation FROM addresses WHERE channel = ?1 AND peer = ?2")?;
    let held = held.query_row([&address.channel, &address.peer], |row| row.get(0).map(ConversationId));
    Ok(held.optional()?)
}

/// Puts an input into a conversation's inbox.
pub(super) fn append(
    connection: &Connection,
    conversation: ConversationId,
    input: &Input,
    at: i64,
    stored: i64,
) -> Result<InboxId, StoreError> {
    append_message(connection, conversation, input, None, at, stored)
}

/// The same with the message that it is.
fn append_message(
    connection: &Connection,
    conversation: ConversationId,
    input: &Input,
    message: Option<&Message>,
    at: i64,
    stored: i64,
) -> Result<InboxId, StoreError> {
    let item = "INSERT INTO inbox (conversation, at, stored, input, message, desk, quotes)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let item = connection.prepare_cached(item)?.insert(params![
        conversation.0,
        at,
        stored,
        to_json(input)?,
        message.map(|message| &message.id),
        message.and_then(|message| message.desk.as_ref()),
        message.and_then(|message| message.quotes.as_ref())
    ])?;
    let head = "UPDATE conversations SET head = ?2 WHERE id = ?1 AND head IS NULL";
    connection.prepare_cached(head)?.execute(params![conversation.0, item])?;
    Ok(InboxId(item))
}

/// Where and when something comes in.
struct Place<'a> {
    connection: &'a Connection,
    conversation: ConversationId,
    at: i64,
    now: i64,
}

/// A message of the customer, as it was before an edit.
struct Known {
    item: InboxId,
    text: String,
    waits: Option<String>,
}

impl Place<'_> {
    fn append(&self, input: &Input) -> Result<InboxId, StoreError> {
        append(self.connection, self.conversation, input, self.at, self.now)
    }

    fn meet(&self, arrived: Option<Customer>) -> Result<(), StoreError> {
        let Some(arrived) = arrived else { return Ok(()) };
        let (stored, tracker) = self.customers()?;
        let Some(news) = rules::news(Some(arrived), stored.as_ref(), &tracker) else { return Ok(()) };
        let note = "INSERT INTO states (conversation, customer) VALUES (?1, ?2)
                    ON CONFLICT DO UPDATE SET customer = excluded.customer";
        self.connection.prepare_cached(note)?.execute(params![self.conversation.0, to_json(&news)?])?;
        self.append(&Input::Customer(news))?;
        Ok(())
    }

    /// The one that was stored last, and the one whom the tracker knows, which is not looked at if it does not count.
    fn customers(&self) -> Result<(Option<Customer>, Customer), StoreError> {
        let id = self.conversation.0;
        let column = |column| {
            let sql = format!("SELECT {column} FROM states WHERE conversation = ?1");
            let mut states = self.connection.prepare_cached(&sql)?;
            states.query_row([id], |row| row.get::<_, Option<String>>(0)).optional().map(Option::flatten)
        };
        if let Some(stored) = column("customer")? {
            return Ok((Some(from_json("the customer of conversation", id, &stored)?), Customer::default()));
        }
        let tracker = column("tracker")?;
        let tracker = tracker.map(|json| from_json::<Tracker>("conversation", id, &json)).transpose()?;
        Ok((None, tracker.unwrap_or_default().customer))
    }

    fn add(&self, input: &Input, message: Option<&Message>) -> Result<(), StoreError> {
        let item = append_message(self.connection, self.conversation, input, message, self.at, self.now)?;
        if !rules::is_message(input) {
            return Ok(());
        }
        let text = rules::text_of(input);
        let message = rules::name_of(message).filter(|_| text.is_some());
        let text = text.filter(|_| message.is_some()).unwrap_or_default();
        if message.is_none() {
            self.forget_unnamed()?;
        }
        let add =
            "INSERT INTO messages (item, conversation, stored, message, text) VALUES (?1, ?2, ?3, ?4, ?5)";
        let message = params![item.0, self.conversation.0, self.now, message, text];
        self.connection.prepare_cached(add)?.execute(message)?;
        Ok(())
    }

    /// Of messages that can't be edited, only the newest counts.
    fn forget_unnamed(&self) -> Result<(), StoreError> {
        let forget = "DELETE FROM messages WHERE conversation = ?1 AND message IS NULL";
        self.connection.prepare_cached(forget)?.execute([self.conversation.0])?;
        Ok(())
    }

    fn known(&self, message: &str) -> Result<Option<Known>, StoreError> {
        let known = "SELECT messages.item, messages.text, inbox.input
                     FROM messages LEFT JOIN inbox ON inbox.id = messages.item
                     WHERE messages.conversation = ?1 AND messages.message = ?2
                     ORDER BY messages.item DESC LIMIT 1";
        let mut known = self.connection.prepare_cached(known)?;
        let known = known.query_row(params![self.conversation.0, message], |row| {
            Ok(Known { item: InboxId(row.get(0)?), text: row.get(1)?, waits: row.get(2)? })
        });
        Ok(known.optional()?)
    }

    fn edit(&self, message: &str, text: String) -> Result<(), StoreError> {
        let Some(known) = self.known(message)?.filter(|known| known.text != text) else { return Ok(()) };
        let note = "UPDATE messages SET text = ?2 WHERE item = ?1";
        self.connection.prepare_cached(note)?.execute(params![known.item.0, text])?;
        if let Some(waits) = known.waits {
            let input: Input = from_json("item", known.item.0, &waits)?;
            return self.replace(known.item, &rules::reworded(input, text));
        }
        let last = self.is_last(known.item)?;
        self.append(&Input::Edited { before: known.text, text, last })?;
        Ok(())
    }

    fn is_last(&self, item: InboxId) -> Result<bool, StoreError> {
        let newest = "SELECT max(item) FROM messages WHERE conversation = ?1";
        let mut newest = self.connection.prepare_cached(newest)?;
        Ok(newest.query_row([self.conversation.0], |row| row.get::<_, i64>(0))? == item.0)
    }

    fn delete(&self, message: &str) -> Result<(), StoreError> {
        let Some(known) = self.known(message)? else { return Ok(()) };
        let deleted = Input::Deleted { before: known.text };
        if known.waits.is_some() {
            let gone = "DELETE FROM messages WHERE item = ?1";
            self.connection.prepare_cached(gone)?.execute([known.item.0])?;
            return self.replace(known.item, &deleted);
        }
        let gone = "UPDATE messages SET message = NULL, text = '' WHERE item = ?1";
        self.connection.prepare_cached(gone)?.execute([known.item.0])?;
        self.append(&deleted)?;
        Ok(())
    }

    /// Another input in the place of one that waits. A turn with that one must not fit any more.
    fn replace(&self, item: InboxId, input: &Input) -> Result<(), StoreError> {
        let replace = "UPDATE inbox SET input = ?2 WHERE id = ?1";
        self.connection.prepare_cached(replace)?.execute(params![item.0, to_json(input)?])?;
        let count = "UPDATE conversations SET revision = revision + 1 WHERE id = ?1";
        self.connection.prepare_cached(count)?.execute([self.conversation.0])?;
        Ok(())
    }
}

pub(super) fn ready(connection: &Connection, most: usize) -> Result<Vec<ConversationId>, StoreError> {
    let ready = "SELECT id FROM conversations WHERE head IS NOT NULL ORDER BY head LIMIT ?1";
    let mut ready = connection.prepare_cached(ready)?;
    let ready = ready.query_map([limit(most)], |row| row.get(0).map(ConversationId))?;
    Ok(ready.collect::<Result<_, _>>()?)
}

/// A conversation as it stands in the file. It is read where it is needed, not on the thread that all share.
pub(super) struct LoadedRow {
    id: ConversationId,
    address: Address,
    revision: u64,
    tracker: Option<String>,
    inbox: Vec<ItemRow>,
}

struct ItemRow {
    id: i64,
    at: i64,
    stored: i64,
    attempts: u32,
    input: String,
}

pub(super) fn load(connection: &Connection, id: ConversationId) -> Result<Option<LoadedRow>, StoreError> {
    let known = "SELECT channel, peer, revision, tracker
                 FROM conversations LEFT JOIN states ON conversation = id WHERE id = ?1 AND linked IS NULL";
    let mut known = connection.prepare_cached(known)?;
    let known = known.query_row([id.0], |row| {
        let address = Address { channel: row.get(0)?, peer: row.get(1)? };
        let revision = unsigned(row.get(2)?);
        Ok(LoadedRow { id, address, revision, tracker: row.get(3)?, inbox: Vec::new() })
    });
    let Some(known) = known.optional()? else { return Ok(None) };
    Ok(Some(LoadedRow { inbox: items(connection, id)?, ..known }))
}

fn items(connection: &Connection, id: ConversationId) -> Result<Vec<ItemRow>, StoreError> {
    let items =
        "SELECT id, at, stored, attempts, input FROM inbox WHERE conversation = ?1 ORDER BY id LIMIT ?2";
    let mut items = connection.prepare_cached(items)?;
    let items = items.query_map(params![id.0, limit(ITEMS)], |row| {
        let (id, at, stored) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(ItemRow { id, at, stored, attempts: row.get(3)?, input: row.get(4)? })
    })?;
    Ok(items.collect::<Result<_, _>>()?)
}

impl LoadedRow {
    pub fn read(self) -> Result<Loaded, StoreError> {
        let LoadedRow { id, address, revision, tracker, inbox } = self;
        let tracker = tracker.map(|json| from_json("conversation", id.0, &json)).transpose()?;
        let inbox = inbox.into_iter().map(ItemRow::read).collect::<Result<_, _>>()?;
        Ok(Loaded { id, address, revision, tracker: tracker.unwrap_or_default(), inbox })
    }
}

impl ItemRow {
    fn read(self) -> Result<Item, StoreError> {
        let input = from_json("item", self.id, &self.input)?;
        let (at, stored): (Timestamp, Timestamp) = (time(self.at), time(self.stored));
        Ok(Item { id: InboxId(self.id), at, stored, input, attempts: self.attempts })
    }
}

/// Takes an item out of a conversation's inbox.
pub(super) fn finish(
    connection: &Connection,
    id: ConversationId,
    item: InboxId,
) -> Result<Option<Done>, StoreError> {
    let done = "DELETE FROM inbox WHERE id = ?1 AND conversation = ?2 RETURNING input, message, desk, quotes";
    let mut done = connection.prepare_cached(done)?;
    let mut rows = done.query([item.0, id.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let input: String = row.get(0)?;
    let (desk, quotes) = (row.get(2)?, row.get(3)?);
    let message = row.get::<_, Option<String>>(1)?.map(|id| Message { id, desk, quotes });
    let input = from_json("item", item.0, &input)?;
    // A row that was deleted is only gone when no further one is found.
    while rows.next()?.is_some() {}
    Ok(Some(Done { input, message }))
}

pub(super) fn failed(connection: &Connection, item: InboxId) -> Result<u32, StoreError> {
    let failed = "UPDATE inbox SET attempts = attempts + 1 WHERE id = ?1 RETURNING attempts";
    let mut failed = connection.prepare_cached(failed)?;
    Ok(failed.query_row([item.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

pub(super) fn fire(connection: &Connection, now: i64) -> Result<(usize, Option<Timestamp>), StoreError> {
    let due = due(connection, now)?;
    for (conversation, timer, at) in &due {
        let done = "DELETE FROM timers WHERE conversation = ?1 AND timer = ?2";
        connection.prepare_cached(done)?.execute(params![conversation.0, signed(*timer)])?;
        append(connection, *conversation, &Input::TimerDue { timer: *timer }, *at, now)?;
    }
    let mut next = connection.prepare_cached("SELECT min(at) FROM timers")?;
    let next: Option<i64> = next.query_row([], |row| row.get(0))?;
    Ok((due.len(), next.map(time)))
}

fn due(connection: &Connection, now: i64) -> Result<Vec<(ConversationId, u64, i64)>, StoreError> {
    let due = "SELECT conversation, timer, at FROM timers WHERE at <= ?1 ORDER BY at, conversation, timer";
    let mut due = connection.prepare_cached(due)?;
    let due =
        due.query_map([now], |row| Ok((ConversationId(row.get(0)?), unsigned(row.get(1)?), row.get(2)?)))?;
    Ok(due.collect::<Result<_, _>>()?)
}
