//! The play of [`crate::faults`] on Telegram's stand-in.
mod scene;
mod transcript;

use std::path::Path;
use std::process::Command;

pub use self::scene::Scene;
use crate::Bot;
pub use crate::faults::folder;
use crate::faults::{Platform, Point, Request};
use crate::serving::Serving;
use crate::telegram::{Fault, Telegram, What};

/// Each of them, once.
const FAULTS: [What; 6] = [
    What::TooManyRequests(1),
    What::Status(500),
    What::StatusAfterEffect(500),
    What::DropBefore,
    What::DropAfterEffect,
    What::TimeOutAfterEffect,
];

impl Platform for Telegram {
    type Scene = Scene;
    type What = What;

    fn begin() -> Telegram {
        Telegram::start().without_pace()
    }

    fn scene(&self, number: usize) -> Scene {
        Scene::new(self, number)
    }

    fn command(&self, bot: Bot, folder: &Path, scenes: &[Scene]) -> Command {
        let intents = folder.to_str().expect("a plain name");
        let mut command = Serving::on_telegram(bot, intents, &folder.join("bot.db"), self);
        let staff: Vec<String> = scenes.iter().map(Scene::staff).collect();
        command.env("TELEGRAM_STAFF", staff.join(","));
        command
    }

    fn faults() -> Vec<What> {
        FAULTS.to_vec()
    }

    /// Telegram knows no key for what is sent: once more is right.
    fn may_repeat(_: &Point, what: &What) -> bool {
        matches!(what, What::StatusAfterEffect(_) | What::DropAfterEffect | What::TimeOutAfterEffect)
    }

    fn order(&self, scene: &Scene, point: &Point, what: What) {
        let chat = if point.staff { scene.group.id() } else { scene.customer.id() };
        Telegram::order(self, Fault::on(&point.method, what).chat(chat).after(point.after));
    }

    fn order_elsewhere(&self) {
        for (after, what) in (0..).step_by(3).zip(FAULTS) {
            Telegram::order(self, Fault::on("answerCallbackQuery", what).after(after));
        }
    }

    fn requests(&self, scene: &Scene) -> Vec<Request> {
        let calls = self.calls().into_iter().filter(|call| call.method != "getUpdates");
        let of = |chat: Option<i64>| match chat {
            Some(chat) if chat == scene.group.id() => Some(true),
            Some(chat) if chat == scene.customer.id() => Some(false),
            _ => None,
        };
        calls.map(|call| Request { staff: of(call.chat()), method: call.method }).collect()
    }

    fn refused(&self) -> Vec<(String, String)> {
        let calls = self.calls().into_iter().filter(|call| call.fault.is_none());
        let refused = calls.filter_map(|call| {
            let why = call.refusal()?.to_owned();
            Some((format!("{} {}", call.method, call.parameters), why))
        });
        refused.collect()
    }

    fn agent_obeys(&self, scene: &Scene) {
        scene.agent_obeys(self);
    }
}
