//! Two conversations of one customer become one, by a code.
use bot_core::catalog::Priority::Normal;
use bot_core::dialogue::{Event, Input, LinkOutcome, Tracker};
use bot_core::handoff::{AgentAct, Owner};
use bot_runtime::channel::{Address, Body, Inbound};
use bot_runtime::store::{
    Commit, ConversationId, EventId, LinkChange, NewEntry, Store, Thread, TicketChange, Work,
};
use jiff::Timestamp;

use crate::harness::*;

fn elsewhere(peer: &str) -> Address {
    Address { channel: "pigeon".to_owned(), peer: peer.to_owned() }
}

async fn arrives(store: &impl Store, address: Address, key: &str, body: Body) -> (ConversationId, bool) {
    let arrival = Inbound { address, key: key.to_owned(), at: at(0), customer: None, body };
    let received = store.receive(vec![arrival], at(0)).await.unwrap().remove(0);
    (received.conversation, received.is_new)
}

async fn coos(store: &impl Store, peer: &str, key: &str, words: &str) -> ConversationId {
    let body = Body::Input { input: Input::text(words), message: Some(key.into()) };
    arrives(store, elsewhere(peer), key, body).await.0
}

fn offer(commit: &mut Commit, until: Timestamp) {
    commit.link = Some(LinkChange::Offer { hash: "h4sh".to_owned(), until });
}

fn try_it(commit: &mut Commit) {
    commit.link = Some(LinkChange::Try { hash: "h4sh".to_owned() });
}

/// Ana, who wrote at the terminal first and by pigeon then, with something said in both.
async fn ana(store: &impl Store) -> (ConversationId, ConversationId) {
    let old = write(store, "ana", "1", "hello").await;
    turn(store, old, |commit| {
        commit.events = vec![customer_said("hello")];
        commit.tracker = tracker_with("kept", "yes");
    })
    .await;
    let new = coos(store, "ana", "9", "hi there").await;
    turn(store, new, |commit| commit.events = vec![customer_said("hi there")]).await;
    (old, new)
}

/// Has a code of one tried in the other; returns what is told, and where.
async fn link(store: &impl Store, of: ConversationId, by: ConversationId) -> Option<LinkOutcome> {
    turn(store, of, |commit| offer(commit, at(600))).await;
    turn(store, by, try_it).await;
    answer(store, store.linked(by).await.unwrap().unwrap_or(by)).await
}

async fn answer(store: &impl Store, id: ConversationId) -> Option<LinkOutcome> {
    waiting(store, id).await.into_iter().find_map(|input| match input {
        Input::LinkAnswered { outcome } => Some(outcome),
        _ => None,
    })
}

pub async fn the_older_one_goes_on_with_all_of_both(store: impl Store) {
    for is_given_by_the_older in [true, false] {
        let name = if is_given_by_the_older { "ana" } else { "ben" };
        let old = write(&store, name, &format!("1{name}"), "hello").await;
        turn(&store, old, |commit| {
            commit.events = vec![customer_said("hello")];
            commit.tracker = tracker_with("kept", "yes");
        })
        .await;
        let new = coos(&store, name, &format!("9{name}"), "hi there").await;
        turn(&store, new, |commit| {
            commit.events = vec![customer_said("hi there")];
            commit.tracker = tracker_with("lost", "yes");
            commit.timers_set = vec![(1, at(5))];
            let what = to_send("late").what;
            commit.outbox = vec![NewEntry { route: "pigeon".to_owned(), what, event: Some(0) }];
        })
        .await;
        let (of, by) = if is_given_by_the_older { (old, new) } else { (new, old) };
        assert_eq!(link(&store, of, by).await, Some(LinkOutcome::Done));

        let kept = load(&store, old).await;
        assert_eq!(kept.tracker, tracker_with("kept", "yes"));
        let here = if is_given_by_the_older { elsewhere(name) } else { address(name) };
        assert_eq!(kept.address, here, "they are answered where they wrote the code");
        for place in [address(name), elsewhere(name)] {
            assert_eq!(store.find(&place).await.unwrap(), Some(old));
        }
        assert_eq!(store.load(new).await.unwrap(), None);
        assert_eq!(store.linked(new).await.unwrap(), Some(old));
        assert_eq!(store.linked(old).await.unwrap(), None);
        let events = store.events(Some(old), EventId(0), 100).await.unwrap();
        let said = |stored: &bot_runtime::store::StoredEvent| stored.event.clone();
        assert_eq!(
            events.iter().map(said).collect::<Vec<_>>(),
            [customer_said("hello"), customer_said("hi there")]
        );
        assert_eq!(store.event_of(old, None, &format!("9{name}")).await.unwrap(), Some(events[1].id));
        assert!(!store.list(100).await.unwrap().iter().any(|listed| listed.id == new));
        assert_eq!(store.fire(at(9)).await.unwrap().0, 0, "timers of what is given up do not ring");
        let late = store.take("pigeon", &worker("w"), &[], at(9), 9).await.unwrap().0;
        assert_eq!((late[0].conversation, &late[0].address), (old, &elsewhere(name)));
        store.settle(vec![(late[0].id, SENT)], at(9)).await.unwrap();
    }
}

pub async fn who_is_linked_is_answered_where_they_wrote_last(store: impl Store) {
    let (old, new) = ana(&store).await;
    link(&store, old, new).await;
    turn(&store, old, |_| {}).await;
    assert_eq!(write(&store, "ana", "2", "I am here").await, old);
    assert_eq!(load(&store, old).await.address, address("ana"));
    let begun = done(&load(&store, old).await);
    assert_eq!(coos(&store, "ana", "10", "and now here").await, old);
    assert!(!store.commit(begun).await.unwrap(), "it would answer where they are not any more");
    let loaded = load(&store, old).await;
    assert_eq!(loaded.address, elsewhere("ana"));
    assert_eq!(loaded.inbox.len(), 2);
    // Each goes to the address on its route.
    turn(&store, old, |commit| {
        let send = |route: &str| NewEntry { route: route.to_owned(), ..to_send(route) };
        commit.outbox = vec![send("terminal"), send("pigeon")];
    })
    .await;
    for (route, place) in [("terminal", address("ana")), ("pigeon", elsewhere("ana"))] {
        let taken = store.take(route, &worker("w"), &[], at(9), 9).await.unwrap().0;
        assert_eq!(taken.iter().map(|entry| entry.address.clone()).collect::<Vec<_>>(), [place]);
    }
    // Edits are found wherever the message was, and what agents do does not move anybody.
    let edit = Body::Edit { message: "1".to_owned(), text: "hello!".to_owned() };
    arrives(&store, address("ana"), "3", edit).await;
    let act = |key: &'static str, address| {
        let input = Input::Agent { agent: "Kim".to_owned(), act: AgentAct::Claim };
        arrives(&store, address, key, Body::Input { input, message: None })
    };
    assert_eq!(act("desk/1", elsewhere("ana")).await, (old, true));
    assert_eq!(
        act("desk/1", address("ana")).await,
        (old, false),
        "the same deed, after the customer has moved"
    );
    assert_eq!(load(&store, old).await.address, elsewhere("ana"));
    let inputs = waiting(&store, old).await;
    assert!(matches!(&inputs[..], [Input::Edited { .. }, Input::Agent { .. }]), "{inputs:?}");
}

pub async fn a_code_is_good_once_and_not_for_long(store: impl Store) {
    let (old, new) = ana(&store).await;
    turn(&store, new, try_it).await;
    assert_eq!(answer(&store, new).await, Some(LinkOutcome::Unknown), "there is none");
    turn(&store, old, |commit| offer(commit, at(600))).await;
    turn(&store, new, |commit| {
        commit.at = at(600);
        try_it(commit);
    })
    .await;
    assert_eq!(answer(&store, new).await, Some(LinkOutcome::Unknown), "it is too old");
    turn(&store, old, |commit| offer(commit, at(600))).await;
    turn(&store, old, |commit| {
        commit.link = Some(LinkChange::Offer { hash: "another".to_owned(), until: at(600) });
    })
    .await;
    turn(&store, new, try_it).await;
    assert_eq!(answer(&store, new).await, Some(LinkOutcome::Unknown), "there is a newer one");
    assert_eq!(link(&store, old, old).await, Some(LinkOutcome::Here));
    turn(&store, new, try_it).await;
    assert_eq!(answer(&store, new).await, Some(LinkOutcome::Unknown), "it is used up");
    let neighbour = write(&store, "ben", "7", "hello").await;
    assert_eq!(link(&store, old, neighbour).await, Some(LinkOutcome::Here), "on the same channel");
    assert_eq!(store.linked(neighbour).await.unwrap(), None);
}

pub async fn what_a_person_or_an_action_has_is_not_linked(store: impl Store) {
    for (number, by_the_older) in [(1, true), (2, false)] {
        for what in ["ticket", "owner", "call"] {
            let name = format!("{what}{number}");
            let old = write(&store, &name, &format!("a{name}"), "hello").await;
            let new = coos(&store, &name, &format!("b{name}"), "hi").await;
            let busy = if by_the_older { old } else { new };
            turn(&store, busy, |commit| match what {
                "ticket" => commit.ticket = vec![TicketChange::Open(Box::new(ticket("sales", Normal)))],
                "owner" => commit.tracker = Tracker { owner: Owner::Waiting, ..Tracker::default() },
                _ => {
                    let what = Work::Call { call: 1, action: "order".to_owned(), with: 1.into() };
                    commit.outbox = vec![NewEntry { route: "call".to_owned(), what, event: None }];
                }
            })
            .await;
            assert_eq!(link(&store, old, new).await, Some(LinkOutcome::Busy), "{name}");
            assert_eq!(store.linked(new).await.unwrap(), None);
        }
    }
}

pub async fn closed_tickets_and_threads_come_along(store: impl Store) {
    let (old, new) = ana(&store).await;
    turn(&store, new, |commit| commit.ticket = vec![TicketChange::Open(Box::new(ticket("sales", Normal)))])
        .await;
    turn(&store, new, |commit| commit.ticket = vec![TicketChange::Closed]).await;
    let shown = store.newest().await.unwrap();
    let both = Thread { desk: "both".to_owned(), ..thread(old, shown) };
    for kept in [
        thread(new, EventId(1)),
        both.clone(),
        Thread { conversation: new, thread: Some("8".to_owned()), ..both.clone() },
    ] {
        store.keep_thread(kept, Vec::new()).await.unwrap();
    }
    assert_eq!(link(&store, old, new).await, Some(LinkOutcome::Done));
    let tickets = all_tickets(&store).await;
    assert_eq!((tickets[0].conversation, &tickets[0].address), (old, &elsewhere("ana")));
    assert_eq!(store.thread("staff", old).await.unwrap(), Some(thread(old, shown)), "nothing is shown again");
    assert_eq!(store.thread("staff", new).await.unwrap(), None);
    assert_eq!(store.thread("both", old).await.unwrap(), Some(both));
    // What a board had under way for it comes too late.
    store.keep_thread(thread(new, shown), Vec::new()).await.unwrap();
    assert_eq!(store.thread("staff", new).await.unwrap(), None);
    let left = store.thread_at("both", "-100", "8").await.unwrap().unwrap();
    assert_eq!(left.conversation, new, "whoever writes there is told where it goes on");
}

pub async fn who_is_forgotten_is_forgotten_everywhere(store: impl Store) {
    let (old, new) = ana(&store).await;
    for (id, name) in [(old, "7"), (new, "8")] {
        let kept = Thread { thread: Some(name.to_owned()), ..thread(id, EventId(0)) };
        store.keep_thread(kept, Vec::new()).await.unwrap();
    }
    link(&store, old, new).await;
    turn(&store, old, |commit| offer(commit, at(600))).await;
    turn(&store, old, |commit| {
        commit.events = vec![Event::Forgotten];
        commit.tracker = Tracker::default();
        commit.forget = true;
    })
    .await;
    assert_eq!(all_events(&store).await, [Event::Forgotten]);
    let stale = store.stale_threads("staff").await.unwrap();
    assert_eq!(stale.iter().filter_map(|thread| thread.thread.as_deref()).collect::<Vec<_>>(), ["7", "8"]);
    assert_eq!(store.find(&elsewhere("ana")).await.unwrap(), Some(old), "they are told here");
    assert_eq!(store.find(&address("ana")).await.unwrap(), None);
    let again = write(&store, "ana", "5", "hello again").await;
    assert!(again != old && again != new, "that they are the same customer is forgotten, too");
    turn(&store, again, try_it).await;
    assert_eq!(answer(&store, again).await, Some(LinkOutcome::Unknown));
}

pub async fn a_turn_of_either_that_has_begun_does_not_fit(store: impl Store) {
    let (old, new) = ana(&store).await;
    turn(&store, old, |commit| offer(commit, at(600))).await;
    write(&store, "ana", "2", "and").await;
    let begun = done(&load(&store, old).await);
    turn(&store, new, try_it).await;
    assert!(!store.commit(begun).await.unwrap());
    let inputs = waiting(&store, old).await;
    assert_eq!(inputs.len(), 2, "{inputs:?}");
    assert_eq!(store.ready(9).await.unwrap(), [old]);
    turn(&store, old, |_| {}).await;
    let (again, third) = (coos(&store, "cem", "30", "hi").await, old);
    assert_eq!(link(&store, third, again).await, Some(LinkOutcome::Here), "one address on each channel");
}
