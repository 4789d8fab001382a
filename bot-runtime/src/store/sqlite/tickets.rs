//! Tickets: how they change, and how they are listed.
use bot_core::dialogue::Input;
use bot_core::handoff::{Owner, Ticket};
use rusqlite::{Connection, Row, ToSql, params};

use super::super::{ConversationId, StoreError, StoredTicket, TicketChange, TicketFilter};
use super::codec::{from_json, limit, owner, owner_word, rank, signed, time, to_json, unsigned};
use super::inbox;
use crate::channel::Address;

pub(super) fn change(
    connection: &Connection,
    conversation: ConversationId,
    change: &TicketChange,
    at: i64,
) -> Result<(), StoreError> {
    let set = |sql: &str, values: &[&dyn ToSql]| -> Result<(), StoreError> {
        connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    };
    let id = conversation.0;
    match change {
        TicketChange::Open(ticket) => open(connection, conversation, ticket, at),
        TicketChange::Claimed { agent } => set(
            "UPDATE tickets SET owner = 'person', agent = ?2 WHERE conversation = ?1 AND closed IS NULL",
            &[&id, agent],
        ),
        TicketChange::Waiting => {
            set("UPDATE tickets SET owner = 'waiting' WHERE conversation = ?1 AND closed IS NULL", &[&id])
        }
        TicketChange::Alerted => {
            set("UPDATE tickets SET announced = ?2 WHERE conversation = ?1 AND closed IS NULL", &[&id, &at])
        }
        TicketChange::Closed => set(
            "UPDATE tickets SET owner = 'closed', closed = ?2 WHERE conversation = ?1 AND closed IS NULL",
            &[&id, &at],
        ),
        TicketChange::Rated { ticket, stars } => set(
            "UPDATE tickets SET stars = ?3 WHERE conversation = ?1 AND number = ?2",
            &[&id, &signed(*ticket), stars],
        ),
    }
}

fn open(
    connection: &Connection,
    conversation: ConversationId,
    ticket: &Ticket,
    at: i64,
) -> Result<(), StoreError> {
    let ahead = "SELECT count(*) FROM tickets
                 WHERE closed IS NULL AND priority >= ?1 AND owner = 'waiting' AND team = ?2";
    let urgency = rank(ticket.priority);
    let ahead =
        connection.prepare_cached(ahead)?.query_row(params![urgency, ticket.team], |row| row.get(0))?;
    let open = "INSERT INTO tickets (conversation, team, priority, owner, announced, ticket)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let number = connection.prepare_cached(open)?.insert(params![
        conversation.0,
        ticket.team,
        urgency,
        owner_word(Owner::Waiting),
        at,
        to_json(ticket)?
    ])?;
    let opened = Input::TicketOpened { ticket: unsigned(number), ahead };
    inbox::append(connection, conversation, &opened, at, at)?;
    Ok(())
}

pub(super) fn list(connection: &Connection, filter: &TicketFilter) -> Result<Vec<StoredTicket>, StoreError> {
    let mut tickets = connection.prepare_cached(&listing(filter))?;
    let most = if filter.limit == 0 { -1 } else { limit(filter.limit) };
    let mut rows =
        tickets.query(params![most, filter.conversation.map_or(0, |conversation| conversation.0)])?;
    let mut listed = Vec::new();
    while let Some(row) = rows.next()? {
        listed.push(stored(row)?);
    }
    Ok(listed)
}

/// The conditions stand in the text, so that there is an index for each of the listings.
pub(super) fn listing(filter: &TicketFilter) -> String {
    let of = if filter.conversation.is_some() { "conversation = ?2" } else { "?2 = 0" };
    let open = if filter.closed { "" } else { " AND closed IS NULL" };
    format!(
        "SELECT number, conversation, channel, peer, tickets.owner, agent, announced, closed, stars, ticket
         FROM tickets JOIN conversations ON id = conversation
         WHERE {of}{open} ORDER BY priority DESC, number LIMIT ?1"
    )
}

fn stored(row: &Row<'_>) -> Result<StoredTicket, StoreError> {
    let number: i64 = row.get(0)?;
    let ticket: String = row.get(9)?;
    let ticket: Ticket = from_json("ticket", number, &ticket)?;
    Ok(StoredTicket {
        number: unsigned(number),
        conversation: ConversationId(row.get(1)?),
        address: Address { channel: row.get(2)?, peer: row.get(3)? },
        ticket: Ticket { number: Some(unsigned(number)), ..ticket },
        owner: owner(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
        agent: row.get(5)?,
        announced: time(row.get(6)?),
        closed: row.get::<_, Option<i64>>(7)?.map(time),
        stars: row.get(8)?,
    })
}
