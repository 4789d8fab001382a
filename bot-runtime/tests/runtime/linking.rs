//! One customer on two channels.
use std::sync::{Arc, Mutex};

use bot_core::dialogue::Input;
use bot_runtime::channel::{Address, Body, Channel, Delivered, Delivery, Inbound, SendError};
use bot_runtime::runtime::Runtime;
use bot_runtime::store::{ConversationId, EventId, Store};

use crate::shared::Shared;
use crate::support::*;

on_each_store!(who_links_two_channels_has_one_conversation, one_channel_alone_has_nothing_to_link);

/// A channel of that name, and what it has delivered.
#[derive(Clone)]
struct Named(&'static str, Arc<Mutex<Vec<String>>>);

impl Channel for Named {
    fn name(&self) -> &str {
        self.0
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Delivered, SendError> {
        assert_eq!(delivery.address.channel, self.0);
        self.1.lock().unwrap().push(format!("{}: {}", delivery.address.peer, delivery.what.plain()));
        Ok(Delivered::default())
    }
}

impl Named {
    fn new(name: &'static str) -> Named {
        Named(name, Arc::default())
    }

    fn last(&self) -> String {
        self.1.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

async fn writes<S: Store>(bot: &Runtime<S>, channel: &Named, peer: &str, text: &str) -> ConversationId {
    let address = Address { channel: channel.0.to_owned(), peer: peer.to_owned() };
    let body = Body::Input { input: Input::text(text), message: None };
    let arrival = Inbound { address, key: text.to_owned(), at: jiff::Timestamp::now(), customer: None, body };
    let id = bot.receive(vec![arrival]).await.unwrap()[0].conversation;
    bot.settled(id).await.unwrap();
    id
}

async fn who_links_two_channels_has_one_conversation(store: Shared<impl Store>) {
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    let (raven, pigeon) = (Named::new("raven"), Named::new("pigeon"));
    bot.serve(raven.clone());
    bot.serve(pigeon.clone());
    let first = writes(&bot, &raven, "ann", "/link").await;
    let told = raven.last();
    let code = told.split("/link ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
    assert!(told.starts_with("ann: To go on") && code.len() == 9 && !code.contains('•'), "{told}");
    for stored in store.events(None, EventId(0), 100).await.unwrap() {
        assert!(!format!("{stored:?}").contains(&code), "the code is in no event: {stored:?}");
    }
    writes(&bot, &pigeon, "42", &format!("/link {}", code.to_lowercase())).await;
    bot.settled(first).await.unwrap();
    assert!(pigeon.last().starts_with("42: Done: what we wrote here and there"), "{}", pigeon.last());

    assert_eq!(writes(&bot, &raven, "ann", "where is my order").await, first);
    assert_eq!(raven.last(), "ann: Which number?");
    assert_eq!(writes(&bot, &pigeon, "42", "stop").await, first);
    assert!(pigeon.last().starts_with("42: All right, I've stopped."), "{}", pigeon.last());
    writes(&bot, &pigeon, "43", &format!("/link {code}")).await;
    assert!(pigeon.last().starts_with("43: This code is wrong, was used before"), "{}", pigeon.last());
    bot.stop().await.unwrap();
}

async fn one_channel_alone_has_nothing_to_link(store: Shared<impl Store>) {
    let bot = Runtime::start(Arc::new(store.clone()), engine(BOT), options());
    let raven = Named::new("raven");
    bot.serve(raven.clone());
    writes(&bot, &raven, "ann", "/link").await;
    assert!(!raven.last().contains("another channel"), "{}", raven.last());
    bot.stop().await.unwrap();
}
