//! Every statement of the store finds what it wants by an index, however many conversations there are.
use rusqlite::Connection;

use super::super::{ConversationId, TicketFilter};
use super::{schema, tickets};

const SOURCES: [&str; 10] = [
    include_str!("commit.rs"),
    include_str!("erase.rs"),
    include_str!("inbox.rs"),
    include_str!("links.rs"),
    include_str!("memos.rs"),
    include_str!("outbox.rs"),
    include_str!("threads.rs"),
    include_str!("tickets.rs"),
    include_str!("traces.rs"),
    include_str!("views.rs"),
];

/// Small, or with one row.
const SMALL: [&str; 2] = ["SCAN workers", "SCAN sqlite_sequence"];

/// All threads of a desk, all messages of a conversation: an index, but the wrong one.
const TOO_MUCH: [&str; 2] =
    ["SEARCH threads USING PRIMARY KEY (desk=?)", "SEARCH twins USING PRIMARY KEY (conversation=?)"];

/// The statements in a source: literals that begin as one. Those that are put together are listed by hand.
fn statements(source: &str) -> impl Iterator<Item = &str> {
    let begins =
        |text: &&str| ["SELECT ", "UPDATE ", "DELETE ", "INSERT "].iter().any(|word| text.starts_with(word));
    source.split('"').filter(begins).filter(|text| !text.contains('{'))
}

fn put_together() -> Vec<String> {
    let of = [None, Some(ConversationId(1))];
    let filters = of
        .into_iter()
        .flat_map(|conversation| [false, true].map(|closed| TicketFilter { conversation, closed, limit: 0 }));
    // All tickets there ever were are sorted: who asks for all of them waits for all of them.
    let listings = filters.filter(|filter| filter.conversation.is_some() || !filter.closed);
    listings.map(|filter| tickets::listing(&filter)).collect()
}

fn plan(connection: &Connection, statement: &str) -> Vec<String> {
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let unbound = (0..plan.parameter_count()).map(|_| rusqlite::types::Null);
    let rows = plan.query_map(rusqlite::params_from_iter(unbound), |row| row.get(3)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn no_statement_goes_over_a_whole_table() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection, &schema::MIGRATIONS).unwrap();
    let mut all: Vec<_> = SOURCES.iter().flat_map(|source| statements(source)).map(str::to_owned).collect();
    all.extend(put_together());
    assert!(all.len() > 40, "they are found");
    for statement in all {
        for step in plan(&connection, &statement) {
            let goes_over =
                step.starts_with("SCAN") && !step.contains("USING") && !step.contains("CONSTANT ROW");
            assert!(!goes_over || SMALL.contains(&step.as_str()), "{step}: {statement}");
            let wants_all = statement.starts_with("DELETE") || statement.contains("SET conversation =");
            assert!(wants_all || !TOO_MUCH.contains(&step.as_str()), "{step}: {statement}");
        }
    }
}
