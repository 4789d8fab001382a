//! Where a customer is written to: the channel itself, or in a channel for support the private thread that is theirs.
//!
//! Which thread is whose stands in the store beside where desks show conversations, and is erased like it. A thread that may
//! have been made, by a process that died, is found again by its name, which no other has.
use std::sync::Arc;
use std::time::Duration;

use bot_runtime::channel::{Address, SendError};
use bot_runtime::store::{ConversationId, EventId, SqliteStore, Store, StoreError, Thread};
use serde_json::{Value as Json, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Failure};
use crate::inbound::{Me, Where};
use crate::send::id;
use crate::threads::{ASIDE, PRIVATE, active};

/// The name in the store.
pub const OWNER: &str = "discord-private";

/// What the bot must be allowed in a channel for support, with Discord's bits, and how Discord calls it.
pub const RIGHTS: [(u64, &str); 7] = [
    (1 << 10, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 38, "Send Messages in Threads"),
    (1 << 36, "Create Private Threads"),
    (1 << 34, "Manage Threads"),
    (1 << 16, "Read Message History"),
    (1 << 15, "Attach Files"),
];

/// Characters of a thread's name.
const TITLE: usize = 100;

/// How often what was forgotten is looked for; a last word in it can be read until then.
const SWEPT: Duration = Duration::from_secs(3600);

/// The private threads.
pub struct Private<'a> {
    pub api: &'a Api,
    pub me: &'a Me,
    pub store: &'a Arc<SqliteStore>,
}

/// `CHANNEL/USER`
fn support(peer: &str) -> Option<(&str, &str)> {
    peer.split_once('/')
}

/// `CHANNEL`, `CHANNEL:USER`
fn open(peer: &str) -> &str {
    peer.split(':').next().unwrap_or_default()
}

impl Private<'_> {
    /// Where a customer is written to. A thread is made if there is none.
    pub async fn channel(&self, address: &Address) -> Result<String, Failure> {
        let Some((channel, user)) = support(&address.peer) else {
            return Ok(open(&address.peer).to_owned());
        };
        let row = self.row(address).await.map_err(unsettled)?;
        let is_joined = row.as_ref().is_some_and(|row| row.state["joined"] == true);
        let thread = match row.and_then(|row| row.thread) {
            Some(thread) if is_joined => return Ok(thread),
            Some(thread) => thread,
            None => self.thread(channel, user).await?,
        };
        // What is written there is known to be theirs before they can write it.
        self.keep(address, channel, &thread, json!({ "user": user })).await.map_err(unsettled)?;
        self.api.put(&format!("channels/{thread}/thread-members/{user}"), &Json::Null).await?;
        let joined = json!({ "user": user, "joined": true });
        self.keep(address, channel, &thread, joined).await.map_err(unsettled)?;
        Ok(thread)
    }

    async fn thread(&self, channel: &str, user: &str) -> Result<String, Failure> {
        let title = self.title(user).await?;
        match self.found(channel, &title).await? {
            Some(thread) => Ok(thread),
            None => self.make(channel, &title).await,
        }
    }

    async fn row(&self, address: &Address) -> Result<Option<Thread>, StoreError> {
        let Some(conversation) = self.store.find(address).await? else { return Ok(None) };
        self.store.thread(OWNER, conversation).await
    }

    /// The same, if it is there.
    pub async fn known(&self, address: &Address) -> Result<Option<String>, StoreError> {
        if support(&address.peer).is_none() {
            return Ok(Some(open(&address.peer).to_owned()));
        }
        Ok(self.row(address).await?.and_then(|row| row.thread))
    }

    /// The thread is not there any more. `false`: there was none.
    pub async fn lost(&self, address: &Address) -> Result<bool, SendError> {
        let conversation =
            self.store.find(address).await.map_err(|error| SendError::Retry(error.to_string()))?;
        let Some(conversation) = conversation.filter(|_| support(&address.peer).is_some()) else {
            return Ok(false);
        };
        let dropped = self.store.drop_thread(OWNER, conversation).await;
        dropped.map(|()| true).map_err(|error| SendError::Retry(error.to_string()))
    }

    /// Nobody else has that name on Discord.
    async fn title(&self, user: &str) -> Result<String, Failure> {
        let user = self.api.get(&format!("users/{user}")).await?;
        let own = user["username"].as_str().unwrap_or_default();
        let title = match user["global_name"].as_str().filter(|name| *name != own) {
            Some(name) => {
                let room = TITLE - own.chars().count().min(TITLE - 3) - 3;
                format!("{} ({own})", name.chars().take(room).collect::<String>())
            }
            None => own.to_owned(),
        };
        Ok(title)
    }

    async fn found(&self, channel: &str, title: &str) -> Result<Option<String>, Failure> {
        let is_it = |thread: &&Json| thread["owner_id"] == self.me.id.as_str() && thread["name"] == title;
        let active = active(self.api, channel).await?;
        Ok(active.iter().find(is_it).and_then(|thread| id(thread).ok()))
    }

    async fn make(&self, channel: &str, title: &str) -> Result<String, Failure> {
        let body =
            json!({ "name": title, "type": PRIVATE, "invitable": false, "auto_archive_duration": ASIDE });
        id(&self.api.post(&format!("channels/{channel}/threads"), &body).await?)
    }

    async fn keep(
        &self,
        address: &Address,
        channel: &str,
        thread: &str,
        state: Json,
    ) -> Result<(), StoreError> {
        let Some(conversation) = self.store.find(address).await? else { return Ok(()) };
        let (desk, room, thread) = (OWNER.to_owned(), channel.to_owned(), Some(thread.to_owned()));
        let row = Thread { desk, conversation, room, thread, shown: EventId(0), state };
        self.store.keep_thread(row, Vec::new()).await
    }
}

/// Whose thread of those channels that is; `None`: it is none of them. One whose customer was forgotten is nobody's.
///
/// # Errors
/// The store can't be read.
pub async fn whose(
    store: &SqliteStore,
    channels: &[String],
    thread: &str,
) -> Result<Option<Where>, StoreError> {
    for channel in channels {
        let Some(row) = store.thread_at(OWNER, channel, thread).await? else { continue };
        let user = row.state["user"].as_str().map(str::to_owned);
        if user.is_none() {
            forget(store, row.conversation).await?;
        }
        return Ok(Some(Where::Support { channel: channel.clone(), user }));
    }
    Ok(None)
}

/// Deletes the threads of customers who were forgotten, now and then, until the program is told to stop.
pub async fn sweep(api: &Api, store: &SqliteStore, stop: &CancellationToken) {
    loop {
        for row in store.stale_threads(OWNER).await.unwrap_or_default() {
            let thread = row.thread.unwrap_or_default();
            let erased = api.delete(&format!("channels/{thread}")).await;
            if erased.is_ok() || matches!(&erased, Err(failure) if failure.is(&[10003])) {
                let _ = forget(store, row.conversation).await;
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(SWEPT) => {}
        }
    }
}

async fn forget(store: &SqliteStore, conversation: ConversationId) -> Result<(), StoreError> {
    store.drop_thread(OWNER, conversation).await
}

fn unsettled(error: StoreError) -> Failure {
    SendError::Retry(error.to_string()).into()
}
