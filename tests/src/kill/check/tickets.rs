//! Tickets, against the events that opened, claimed and closed them.
use std::collections::BTreeSet;

use bot_core::dialogue::Event;
use bot_core::handoff::Owner;
use bot_runtime::store::StoredTicket;

use super::super::record::{Kept, Record};
use super::{Findings, Rule};

/// No two tickets have the same number.
pub(super) fn numbers(record: &Record, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for kept in &record.conversations {
        for ticket in kept.tickets.iter().filter(|ticket| !seen.insert(ticket.number)) {
            found.note(Rule::Tickets, &kept.peer, format!("the number {} is given twice", ticket.number));
        }
    }
}

/// A ticket as it must be.
#[derive(Debug, PartialEq)]
struct State {
    number: Option<u64>,
    owner: Owner,
    agent: Option<String>,
    is_closed: bool,
    stars: Option<u8>,
}

/// Each hand-off is one ticket, which stands where its events say.
pub(super) fn states(kept: &Kept, found: &mut Findings) {
    let told = told(kept);
    let stored: Vec<State> = kept.tickets.iter().map(state_of).collect();
    if told != stored {
        let what = format!("tickets are\n{stored:?}\nits events tell of\n{told:?}");
        found.note(Rule::Tickets, &kept.peer, what);
    }
}

fn state_of(ticket: &StoredTicket) -> State {
    State {
        number: Some(ticket.number),
        owner: ticket.owner,
        agent: ticket.agent.clone(),
        is_closed: ticket.closed.is_some(),
        stars: ticket.stars,
    }
}

fn told(kept: &Kept) -> Vec<State> {
    let mut tickets: Vec<State> = Vec::new();
    for stored in &kept.events {
        tell(&mut tickets, &stored.event);
    }
    tickets
}

fn tell(tickets: &mut Vec<State>, event: &Event) {
    if matches!(event, Event::HandedOff(_)) {
        let owner = Owner::Waiting;
        return tickets.push(State { number: None, owner, agent: None, is_closed: false, stars: None });
    }
    match event {
        Event::TicketOpened { ticket, .. } => {
            // Two announcements of one ticket leave the next without a number, or are one too many.
            match tickets.iter_mut().find(|state| state.number.is_none()) {
                Some(state) => state.number = Some(*ticket),
                None => tickets.push(State {
                    number: Some(*ticket),
                    owner: Owner::Waiting,
                    agent: None,
                    is_closed: false,
                    stars: None,
                }),
            }
        }
        Event::Rated { ticket, stars } => {
            let rated = tickets.iter_mut().find(|state| state.number == Some(*ticket));
            rated.into_iter().for_each(|state| state.stars = Some(*stars));
        }
        _ => {
            let open = tickets.iter_mut().rev().find(|state| !state.is_closed);
            open.into_iter().for_each(|state| go_on(state, event));
        }
    }
}

fn go_on(ticket: &mut State, event: &Event) {
    match event {
        Event::Claimed { agent } => {
            ticket.owner = Owner::Person;
            ticket.agent = Some(agent.clone());
        }
        Event::Released { .. } | Event::OwnerChanged { owner: Owner::Waiting } => {
            ticket.owner = Owner::Waiting
        }
        Event::OwnerChanged { owner: Owner::Bot | Owner::Closed } => {
            ticket.owner = Owner::Closed;
            ticket.is_closed = true;
        }
        _ => {}
    }
}
