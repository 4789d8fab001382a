//! A stand-in for Discord with a page to play customer and agent by hand.
//!
//! ```text
//! cargo run -p bot-tests --bin fake-discord
//! ```
use anyhow::Context;
use bot_tests::discord::Discord;
use clap::Parser;

/// Starts a stand-in for Discord on this machine, and a page to play customer and agent by hand.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8082)]
    port: u16,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let discord = Discord::start_on(options.port)
        .with_context(|| format!("port {} can't be had: give another with --port", options.port))?;
    let guild = discord.guild(500_000_000_000_000_001);
    discord.customer(600_000_000_000_000_001, "Ann", "en");
    discord.customer(600_000_000_000_000_002, "Bernd", "de");
    guild.agent(700_000_000_000_000_001, "Eve");
    guild.agent(700_000_000_000_000_002, "Frank");
    println!("Play customer and agent on   {}\n", discord.page());
    println!("Start the bot with\n");
    println!(
        "    DISCORD_TOKEN={} DISCORD_API_URL={} DISCORD_STAFF={} cargo run -p bot-discord\n",
        discord.token(),
        discord.url(),
        guild.staff_channel()
    );
    println!(
        "The support channel is {}, the role of agents {}.",
        guild.support_channel(),
        guild.role("Agents")
    );
    println!("It forgets all when it is stopped (Ctrl-C).");
    loop {
        std::thread::park();
    }
}
