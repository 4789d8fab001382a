//! What the play needs of a platform: people who write, answer and press there, and a server whose requests can go wrong.
use std::fmt::Debug;
use std::path::Path;
use std::process::Command;

use super::matrix::Point;
use crate::Bot;

/// A customer, an agent, and what they see.
pub trait People {
    /// Which case's they are.
    fn number(&self) -> usize;

    /// The customer writes.
    fn writes(&self, text: &str);
    /// The customer changes an own message that begins so.
    fn edits(&self, own: &str, text: &str);
    /// The customer answers what the bot has told.
    fn answers(&self, told: &str, text: &str);
    /// The customer presses a button.
    fn presses(&self, label: &str);
    /// The customer sends a picture.
    fn sends_picture(&self, caption: &str);
    /// How often the bot has told the customer something with that in it.
    fn times_told(&self, text: &str) -> usize;

    /// The agent writes in the customer's thread.
    fn agent_writes(&self, text: &str);
    /// The agent changes an own message that begins so.
    fn agent_edits(&self, own: &str, text: &str);
    /// The agent answers what stands in the thread.
    fn agent_answers(&self, posted: &str, text: &str);
    /// The agent sends a file.
    fn agent_sends_file(&self, caption: &str);
    /// The agent presses a button of the newest card.
    fn agent_presses(&self, label: &'static str);
    /// Whether that stands in the thread.
    fn is_posted(&self, text: &str) -> bool;
    /// Whether the customer's picture stands there.
    fn has_picture(&self) -> bool;
    /// Whether the newest card has these buttons.
    fn card_has(&self, labels: &[&str]) -> bool;
    /// Whether the customer has the agent's message, and it is marked so.
    fn is_delivered(&self, text: &str) -> bool;
    /// Whether the customer has a thread.
    fn has_thread(&self) -> bool;

    /// What the customer and the agents see, in words that don't differ between runs.
    fn seen(&self) -> (Vec<String>, Vec<String>);

    /// Whether the bot has told the customer that.
    fn is_told(&self, text: &str) -> bool {
        self.times_told(text) > 0
    }
}

/// A request of the bot.
pub struct Request {
    /// What was asked for, as the platform names it.
    pub method: String,
    /// For agents, or for the customer; `None`: for neither.
    pub staff: Option<bool>,
}

/// A platform's stand-in.
pub trait Platform {
    /// The people of a case.
    type Scene: People;
    /// What can go wrong.
    type What: Clone + Debug;

    /// A new one, that holds nobody to its limits.
    fn begin() -> Self;
    /// People that no other case has.
    fn scene(&self, number: usize) -> Self::Scene;
    /// The program for these people.
    fn command(&self, bot: Bot, folder: &Path, scenes: &[Self::Scene]) -> Command;
    /// Whether the program is told of what happens from now on.
    fn is_connected(&self) -> bool {
        true
    }
    /// What goes wrong at each request.
    fn faults() -> Vec<Self::What>;
    /// Whether people may see something once more after that, because the bot can't know whether it was done.
    fn may_repeat(point: &Point, what: &Self::What) -> bool;
    /// That goes wrong there.
    fn order(&self, scene: &Self::Scene, point: &Point, what: Self::What);
    /// These requests name no chat: they meet some cases, and nothing may depend on them.
    fn order_elsewhere(&self);
    /// The bot's requests, in order.
    fn requests(&self, scene: &Self::Scene) -> Vec<Request>;
    /// What the server itself has refused, with its reason.
    fn refused(&self) -> Vec<(String, String)>;
    /// The agent presses once more where the last press was answered so.
    fn agent_obeys(&self, _scene: &Self::Scene) {}
}
