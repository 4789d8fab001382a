//! What the board answers agents in words: lists, transcripts, help.
use bot_core::catalog::Priority;
use jiff::Zoned;

use crate::desk::{Around, WORDS, card, transcript};
use crate::store::{StoredEvent, StoredTicket};

/// Words that make no sense where each customer has a thread.
const ELSEWHERE: [&str; 1] = ["/quit"];

/// The open tickets, a line each, the most urgent first as the store has them.
pub(super) fn list(tickets: &[&StoredTicket], now: &Zoned) -> String {
    if tickets.is_empty() {
        return "no open tickets".to_owned();
    }
    let line = |about: &&StoredTicket| {
        let priority = if about.ticket.priority == Priority::High { " HIGH" } else { "" };
        let standing = card::standing(about, Around::default(), now);
        let (number, ticket, customer) = (about.number, &about.ticket, card::customer(about));
        format!("#{number}{priority}, {standing}: {customer}, {}: {}", ticket.team, ticket.reason)
    };
    tickets.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// All that was said in a conversation.
pub(super) fn read(events: &[StoredEvent], now: &Zoned) -> String {
    let line = |stored: &StoredEvent, told: String| {
        format!("{} {told}", stored.at.to_zoned(now.time_zone().clone()).strftime("%-d %b %H:%M"))
    };
    let lines = transcript(events).into_iter().map(|(stored, told)| line(stored, told.to_string()));
    let all = lines.collect::<Vec<_>>().join("\n");
    if all.is_empty() { "nothing was said yet".to_owned() } else { all }
}

/// What agents can do.
pub(super) fn help() -> String {
    let words = WORDS.iter().filter(|word| !ELSEWHERE.contains(&word.word));
    let rows = words.map(|word| format!("{} {}: {}", word.word, word.takes, word.does).replace(" : ", ": "));
    let rows: Vec<_> = rows.collect();
    format!(
        "What you write in a customer's thread goes to that customer, but for:\n{}",
        rows.join("\n").replace(" [N]", "").replace("; without a number the most urgent ticket", "")
    )
}
