//! `/list`: what is open, a line each, in columns.
use bot_core::catalog::Priority;
use bot_core::handoff::Owner;
use bot_runtime::desk::{Around, card};
use bot_runtime::store::{Listed, StoredTicket};
use jiff::Zoned;

/// The tickets, the most urgent first as the store has them.
pub fn tickets(tickets: &[StoredTicket], now: &Zoned) -> String {
    let row = |about: &StoredTicket| {
        let priority = match about.ticket.priority {
            Priority::Low => "low",
            Priority::Normal => "",
            Priority::High => "HIGH",
        };
        vec![
            format!("#{}", about.number),
            priority.to_owned(),
            card::standing(about, Around::default(), now),
            card::customer(about),
            format!("{}: {}", about.ticket.team, about.ticket.reason),
        ]
    };
    columns(tickets.iter().map(row).collect())
}

/// Conversations that nobody has or waits for.
pub fn conversations(listed: &[Listed], now: &Zoned) -> String {
    let free = listed.iter().filter(|listed| matches!(listed.owner, Owner::Bot | Owner::Closed));
    let row = |listed: &Listed| {
        let who = if listed.owner == Owner::Closed { "closed" } else { "with the bot" };
        vec![
            format!("c{}", listed.id.0),
            who.to_owned(),
            format!("since {}", card::when(listed.active, now)),
            format!("{} on {}", listed.address.peer, listed.address.channel),
        ]
    };
    columns(free.map(row).collect())
}

/// Rows of the same length, each column as wide as it needs.
fn columns(mut rows: Vec<Vec<String>>) -> String {
    for column in 0..rows.first().map_or(0, Vec::len) {
        let width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        for row in &mut rows {
            let missing = width - row[column].chars().count();
            row[column].push_str(&" ".repeat(missing));
        }
    }
    let line =
        |row: Vec<String>| row.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("  ");
    rows.into_iter().map(|row| line(row).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_need() {
        let rows = [["#1", "", "a", "b"], ["#12", "", "äöü", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(rows.to_vec()), "#1   a    b\n#12  äöü");
    }
}
