//! The runtime as channels and desks see it, with a platform that keeps a ledger.
mod support;

use std::sync::Arc;

use bot_runtime::runtime::Runtime;
use bot_runtime::store::MemoryStore;

use support::*;

#[tokio::test]
async fn a_conversation_from_end_to_end() {
    let platform = Platform::default();
    let bot = Runtime::start(Arc::new(MemoryStore::new()), engine(BOT), options());
    bot.serve(platform.clone());
    let conversation = write(&bot, "ann", "1", "when are you open").await;
    bot.settled(conversation).await.unwrap();
    assert_eq!(platform.got("ann"), ["From 9 to 5."]);
    bot.stop().await.unwrap();
}
