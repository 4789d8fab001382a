//! What customers and agents of a stage have done, and the ledger that comes of it.
use bot_core::dialogue::Input;
use bot_runtime::channel::Body;

use super::Life;
use super::arrivals::{Arrivals, Place};
use crate::kill::record::Kept;
use crate::standin::{Fault, Ledger, Written};

/// What they have done, in order.
#[derive(Default)]
pub(super) struct Diary {
    written: Vec<Written>,
    /// What no platform does.
    pub sabotage: Option<Fault>,
}

impl Diary {
    /// An input, by a message of the platform.
    pub fn wrote(&mut self, peer: &str, message: impl ToString, input: Input) {
        let body = Body::Input { input, message: Some(message.to_string().into()) };
        self.put_down(peer, body);
    }

    /// Anything.
    pub fn put_down(&mut self, peer: &str, body: Body) {
        let key = format!("w{}", self.written.len() + 1);
        self.written.push(Written { key, peer: peer.to_owned(), name: None, body });
    }

    /// With what arrived at these customers.
    pub fn ledger<'a>(
        &self,
        arrivals: &Arrivals,
        peers: impl Iterator<Item = (Place, &'a str)>,
        conversations: &[Kept],
        lives: &[Life],
    ) -> Ledger {
        let mut ledger = Ledger { written: self.written.clone(), ..Ledger::default() };
        for (place, peer) in peers {
            let kept = conversations.iter().find(|kept| kept.peer == peer);
            arrivals.align((place, peer), kept, lives, &mut ledger);
        }
        match self.sabotage.filter(|_| !ledger.lines.is_empty()) {
            Some(Fault::Dropped) => drop(ledger.lines.remove(0)),
            Some(Fault::Doubled) => ledger.lines.insert(0, ledger.lines[0].clone()),
            _ => {}
        }
        ledger
    }
}
