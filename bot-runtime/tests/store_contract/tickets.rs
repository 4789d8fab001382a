//! Tickets: numbers, places in the queue, their way.
use bot_core::catalog::Priority::{self, High, Low, Normal};
use bot_core::dialogue::Input;
use bot_core::handoff::Owner;
use bot_runtime::store::{ConversationId, Store, StoredTicket, TicketChange, TicketFilter};

use crate::harness::*;

async fn open(store: &impl Store, peer: &str, team: &str, priority: Priority) -> ConversationId {
    let id = write(store, peer, peer, "a person, please").await;
    turn(store, id, |commit| commit.ticket = vec![TicketChange::Open(Box::new(ticket(team, priority)))])
        .await;
    id
}

async fn change(store: &impl Store, id: ConversationId, seconds: i64, change: TicketChange) {
    turn(store, id, |commit| {
        commit.at = at(seconds);
        commit.ticket = vec![change];
    })
    .await;
}

async fn only(store: &impl Store) -> StoredTicket {
    let [only] = <[StoredTicket; 1]>::try_from(all_tickets(store).await).expect("there is one");
    only
}

pub async fn a_ticket_gets_its_number_and_its_place(store: impl Store) {
    let rows = [
        ("first", "sales", Normal, 0),
        ("the same, later", "sales", Normal, 1),
        ("more urgent", "sales", High, 0),
        ("less urgent", "sales", Low, 3),
        ("another team", "repairs", Low, 0),
    ];
    for (number, (peer, team, priority, ahead)) in (1..).zip(rows) {
        let id = open(&store, peer, team, priority).await;
        assert_eq!(waiting(&store, id).await, [Input::TicketOpened { ticket: number, ahead }], "{peer}");
    }
    let first = store.find(&address("first")).await.unwrap().unwrap();
    let second = store.find(&address("the same, later")).await.unwrap().unwrap();
    change(&store, first, 2, TicketChange::Claimed { agent: "Kim".to_owned() }).await;
    change(&store, second, 2, TicketChange::Closed).await;
    let late = open(&store, "late", "sales", Normal).await;
    assert_eq!(
        waiting(&store, late).await,
        [Input::TicketOpened { ticket: 6, ahead: 1 }],
        "only who waits is before"
    );
}

pub async fn a_ticket_goes_its_way(store: impl Store) {
    let id = open(&store, "ana", "sales", Normal).await;
    let expected = StoredTicket {
        number: 1,
        conversation: id,
        address: address("ana"),
        ticket: bot_core::handoff::Ticket { number: Some(1), ..ticket("sales", Normal) },
        owner: Owner::Waiting,
        agent: None,
        announced: at(1),
        closed: None,
        stars: None,
    };
    assert_eq!(only(&store).await, expected);
    change(&store, id, 10, TicketChange::Alerted).await;
    let expected = StoredTicket { announced: at(10), ..expected };
    assert_eq!(only(&store).await, expected);
    change(&store, id, 20, TicketChange::Claimed { agent: "Kim".to_owned() }).await;
    let expected = StoredTicket { owner: Owner::Person, agent: Some("Kim".to_owned()), ..expected };
    assert_eq!(only(&store).await, expected);
    change(&store, id, 30, TicketChange::Waiting).await;
    let expected = StoredTicket { owner: Owner::Waiting, ..expected };
    assert_eq!(only(&store).await, expected, "who had it last stays known");
    change(&store, id, 40, TicketChange::Closed).await;
    let expected = StoredTicket { owner: Owner::Closed, closed: Some(at(40)), ..expected };
    assert_eq!(only(&store).await, expected);

    let ben = open(&store, "ben", "sales", Normal).await;
    change(&store, ben, 50, TicketChange::Rated { ticket: 1, stars: 1 }).await;
    assert_eq!(all_tickets(&store).await[0].stars, None, "only whose ticket it is can rate it");
    turn(&store, id, |commit| {
        commit.at = at(60);
        let again = TicketChange::Open(Box::new(ticket("sales", Normal)));
        commit.ticket = vec![
            TicketChange::Rated { ticket: 1, stars: 5 },
            again,
            TicketChange::Claimed { agent: "Lu".to_owned() },
        ];
    })
    .await;
    let tickets = all_tickets(&store).await;
    assert_eq!(tickets[0], StoredTicket { stars: Some(5), ..expected }, "what is closed stays as it was");
    assert_eq!((tickets[2].owner, tickets[2].agent.as_deref()), (Owner::Person, Some("Lu")));
}

pub async fn tickets_are_listed_by_urgency(store: impl Store) {
    for (peer, priority) in
        [("low", Low), ("closed", High), ("normal", Normal), ("high", High), ("second", Normal)]
    {
        open(&store, peer, "sales", priority).await;
    }
    let closed = store.find(&address("closed")).await.unwrap().unwrap();
    change(&store, closed, 2, TicketChange::Closed).await;
    let all = TicketFilter::default();
    let rows = [
        ("open ones", all.clone(), "high normal second low"),
        ("closed ones, too", TicketFilter { closed: true, ..all.clone() }, "closed high normal second low"),
        ("some", TicketFilter { limit: 2, ..all.clone() }, "high normal"),
        ("of one", TicketFilter { conversation: Some(closed), ..all.clone() }, ""),
        ("all of one", TicketFilter { conversation: Some(closed), closed: true, limit: 9 }, "closed"),
    ];
    for (name, filter, expected) in rows {
        let tickets = store.tickets(filter).await.unwrap();
        let peers: Vec<_> = tickets.into_iter().map(|ticket| ticket.address.peer).collect();
        assert_eq!(peers.join(" "), expected, "{name}");
    }
}
