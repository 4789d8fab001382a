//! The stand-in, as programs that are measured run on it.
use std::sync::Arc;

use bot_tests::discord::render::render;
use bot_tests::discord::{Customer, Discord};
use bot_tests::load::{Stand, Waiting};

/// The server of the channel for agents.
const GUILD: u64 = 500;

pub struct Load {
    pub discord: Discord,
}

impl Load {
    /// One that notes each answer.
    pub fn start(waiting: Arc<Waiting>) -> Load {
        let discord = Discord::start().without_pace();
        discord.on_exchange(move |call| {
            let is_message = call.what() == "POST /channels/{channel_id}/messages";
            if let Some(answer) = call.field("content").as_str().filter(|_| is_message) {
                waiting.note(answer, call.at);
            }
        });
        Load { discord }
    }
}

impl Stand for Load {
    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DISCORD_TOKEN", self.discord.token().to_owned()),
            ("DISCORD_API_URL", self.discord.url()),
            ("DISCORD_STAFF", self.discord.guild(GUILD).staff_channel().to_string()),
        ]
    }

    /// Who writes for the first time before is not heard.
    fn waits_for_program(&self) {
        self.discord.gateway().wait("the program is connected", |hub| (hub.ready() > 0).then_some(()));
    }

    fn writes(&self, customer: u32, text: &str) {
        self.discord.customer(customer.into(), "Ann", "en").writes(text);
    }

    fn forgets(&self) {
        self.discord.forget_calls();
        self.discord.gateway().forget_frames();
    }
}

/// The numbers of the messages that were answered.
pub fn heard(customer: &Customer) -> Vec<u64> {
    let number = |text: &str| render(text).text.strip_prefix("Heard t")?.strip_suffix('.')?.parse().ok();
    customer.answers().iter().filter_map(|shown| number(&shown.text)).collect()
}

/// How often an answer came before that to an earlier message.
pub fn inversions(heard: &[u64]) -> usize {
    heard.windows(2).filter(|pair| pair[0] > pair[1]).count()
}
