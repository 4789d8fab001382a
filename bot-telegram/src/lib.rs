//! Telegram for the bot: customers in private chats, agents in a group with topics.
use bot_serve::{Kind, Need};

/// The entry for the programs that serve.
pub const KIND: Kind = Kind {
    name: "telegram",
    needs: &[Need::secret("TELEGRAM_TOKEN", "the bot's token, from @BotFather")],
    check: None,
    start: |_| Box::pin(async { anyhow::bail!("not built yet") }),
};
