//! The play of [`crate::faults`] on Discord's stand-in.
mod scene;
mod transcript;

use std::path::Path;
use std::process::Command;

pub use self::scene::Scene;
pub use self::transcript::plain;
use crate::Bot;
use crate::discord::{Call, Discord, Fault, What};
pub use crate::faults::folder;
use crate::faults::{Platform, Point, Request};
use crate::serving::Serving;

/// Each of them, once.
const FAULTS: [What; 7] = [
    What::TooManyRequests { seconds: 1.0, global: false },
    What::Status(502),
    What::StatusAfterEffect(500),
    What::DropBefore,
    What::DropAfterEffect,
    What::TimeOutAfterEffect,
    What::TooManyRequests { seconds: 0.5, global: true },
];

/// What names no channel.
const ELSEWHERE: [(&str, &str); 2] = [
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
];

impl Platform for Discord {
    type Scene = Scene;
    type What = What;

    fn begin() -> Discord {
        Discord::start().without_pace()
    }

    fn scene(&self, number: usize) -> Scene {
        Scene::new(self, number)
    }

    fn command(&self, bot: Bot, folder: &Path, scenes: &[Scene]) -> Command {
        let intents = folder.to_str().expect("a plain name");
        let mut command = Serving::on_discord(bot, intents, &folder.join("bot.db"), self);
        let staff: Vec<String> = scenes.iter().map(Scene::staff).collect();
        command.env("DISCORD_STAFF", staff.join(","));
        command
    }

    /// Who writes to a bot for the first time while it isn't connected can't be found again.
    fn is_connected(&self) -> bool {
        self.gateway().identifies_left() < 1000
    }

    fn faults() -> Vec<What> {
        FAULTS.to_vec()
    }

    /// Nobody sees anything twice: Discord knows what is sent by its nonce.
    fn may_repeat(_point: &Point, _what: &What) -> bool {
        false
    }

    fn order(&self, scene: &Scene, point: &Point, what: What) {
        let (method, route) = point.method.split_once(' ').expect("a method and a route");
        let fault = Fault::on(method, route, what).after(point.after);
        Discord::order(
            self,
            match point.staff {
                true => fault.around(scene.channel),
                false => fault.channel(scene.customer.channel_id()),
            },
        );
    }

    fn order_elsewhere(&self) {
        let faults = FAULTS.into_iter().chain([What::Code(404, 10062)]);
        for (after, what) in (0..).step_by(3).zip(faults) {
            for (method, route) in ELSEWHERE {
                Discord::order(self, Fault::on(method, route, what.clone()).after(after));
            }
        }
    }

    fn requests(&self, scene: &Scene) -> Vec<Request> {
        let direct = scene.customer.channel_id();
        let of = |call: &Call| call.channel().map(|channel| channel != direct);
        self.calls().iter().map(|call| Request { method: call.what(), staff: of(call) }).collect()
    }

    fn refused(&self) -> Vec<(String, String)> {
        let calls = self.calls().into_iter().filter(|call| call.fault.is_none() && call.status >= 400);
        // A global limit that was ordered is for all.
        let calls = calls.filter(|call| call.status != 429);
        calls
            .map(|call| (format!("{} {} {}", call.method, call.path, call.body), call.answer.to_string()))
            .collect()
    }

    fn agent_obeys(&self, scene: &Scene) {
        scene.agent_obeys();
    }
}
