//! The harness's own stand-in as a stage.
use std::time::Duration;

use bot_core::dialogue::Input;

use super::{Deed, Life, Stage};
use crate::kill::random::Random;
use crate::kill::record::{Kept, Topic};
use crate::standin::{Delivered, Fault, Ledger, Part, Platform};

pub(super) struct Standin {
    platform: Platform,
}

impl Standin {
    pub fn start() -> Standin {
        Standin { platform: Platform::start() }
    }
}

impl Stage for Standin {
    fn environment(&self, part: Part) -> Vec<(&'static str, String)> {
        self.platform.environment(part)
    }

    fn perform(&mut self, peer: &str, deed: &Deed) -> bool {
        match deed {
            Deed::Say(text) => drop(self.platform.say(peer, text)),
            Deed::Act(agent, act) | Deed::Button(agent, act) => {
                drop(self.platform.act(peer, agent, act.clone()))
            }
            Deed::Press(label) => match button(&self.lines(peer), label) {
                Some(id) => drop(self.platform.input(peer, Input::Press { id })),
                None => return false,
            },
            Deed::Album(..) | Deed::Edit(..) => unreachable!("this platform knows neither albums nor edits"),
        }
        true
    }

    fn lines(&self, peer: &str) -> Vec<Delivered> {
        self.platform.look(|ledger| ledger.lines.iter().filter(|line| line.peer == peer).cloned().collect())
    }

    fn is_confirmed(&self, peer: Option<&str>) -> bool {
        let is_others = |other: &str| peer.is_some_and(|peer| peer != other);
        self.platform.look(|ledger| ledger.unconfirmed.iter().all(|message| is_others(&message.peer)))
    }

    fn events(&self) -> u64 {
        self.platform.look(|ledger| ledger.events)
    }

    fn wait_for_event(&self, after: u64, at_most: Duration) -> u64 {
        self.platform.wait_for_event(after, at_most)
    }

    fn has_repeated(&self, life: &Life) -> bool {
        let repeats = |line: &Delivered| line.again && line.process == life.id;
        self.platform.look(|ledger| ledger.lines.iter().rev().any(repeats))
    }

    fn trouble(&mut self, random: &mut Random) {
        match random.below(8) {
            0 => self.platform.fault(Fault::Busy),
            1 => self.platform.fault(Fault::Unanswered),
            2 => self.platform.fault(Fault::Lost),
            3 | 4 => {
                let written = self.platform.look(|ledger| ledger.written.len() as u64);
                if written > 0 {
                    self.platform.repeat(&format!("m{}", random.between(1, written)));
                }
            }
            _ => {}
        }
    }

    fn sabotage(&mut self, fault: Fault) {
        self.platform.fault(fault);
    }

    fn ledger(&self, _conversations: &[Kept], _lives: &[Life]) -> Ledger {
        self.platform.look(Clone::clone)
    }

    fn topics(&self, _conversations: &[Kept], _lives: &[Life]) -> Vec<Topic> {
        Vec::new()
    }
}

/// What to send when the button with that label is pressed, under the last message that has it.
fn button(lines: &[Delivered], label: &str) -> Option<String> {
    let place = |line: &Delivered| line.buttons.iter().position(|button| button == label);
    lines.iter().rev().find_map(|line| line.presses.get(place(line)?).cloned())
}
