//! Reads what the program has stored, as another process that shares the file.
use std::path::Path;

use bot_runtime::store::{EventId, Listed, SqliteStore, Store, StoreError, TicketFilter};

use super::record::Kept;

/// The store as another process sees it.
pub struct Reader {
    store: SqliteStore,
    tokio: tokio::runtime::Runtime,
    /// The desk that has topics.
    desk: Option<&'static str>,
}

const ALL: usize = 1_000_000;

impl Reader {
    /// Opens the file.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(path: &Path, desk: Option<&'static str>) -> anyhow::Result<Reader> {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let store = tokio.block_on(async { SqliteStore::open(path) })?;
        Ok(Reader { store, tokio, desk })
    }

    /// How many items wait, in all conversations.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn unsettled(&self) -> Result<usize, StoreError> {
        self.tokio.block_on(async {
            let mut sum = 0;
            for listed in self.store.list(ALL).await? {
                sum += self.store.unsettled(listed.id).await?;
            }
            Ok(sum)
        })
    }

    /// What a channel remembers under a name.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn memo(&self, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.tokio.block_on(self.store.memo(owner, name))
    }

    /// All conversations.
    ///
    /// # Errors
    /// The store can't be read.
    pub fn conversations(&self) -> Result<Vec<Kept>, StoreError> {
        self.tokio.block_on(async {
            let mut all = Vec::new();
            for listed in self.store.list(ALL).await? {
                all.push(self.read(listed).await?);
            }
            Ok(all)
        })
    }

    async fn read(&self, listed: Listed) -> Result<Kept, StoreError> {
        let id = listed.id;
        let loaded = self.store.load(id).await?;
        let filter = TicketFilter { conversation: Some(id), closed: true, limit: 0 };
        let mut tickets = self.store.tickets(filter).await?;
        tickets.sort_by_key(|ticket| ticket.number);
        let thread = match self.desk {
            Some(desk) => self.store.thread(desk, id).await?.and_then(|row| row.thread),
            None => None,
        };
        Ok(Kept {
            id,
            peer: listed.address.peer,
            tracker: loaded.map(|loaded| loaded.tracker).unwrap_or_default(),
            events: self.store.events(Some(id), EventId::default(), ALL).await?,
            tickets,
            thread,
            unsettled: self.store.unsettled(id).await?,
        })
    }
}
