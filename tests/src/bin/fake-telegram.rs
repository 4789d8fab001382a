//! A stand-in for Telegram with a page to play customer and agent by hand.
//!
//! ```text
//! cargo run -p bot-tests --bin fake-telegram
//! ```
use anyhow::Context;
use bot_tests::telegram::Telegram;
use clap::Parser;

/// Starts a stand-in for Telegram on this machine, and a page to play customer and agent by hand.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8081)]
    port: u16,
    /// The id of the group of staff, a negative number.
    #[arg(long, default_value_t = -1_001_000_000_001, allow_negative_numbers = true)]
    staff: i64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let telegram = Telegram::start_on(options.port)
        .with_context(|| format!("port {} can't be had: give another with --port", options.port))?;
    telegram.customer(1, "Ann", "en");
    telegram.customer(2, "Bernd", "de");
    let staff = telegram.group(options.staff, "Shop staff");
    staff.agent(500_001, "Eve");
    staff.agent(500_002, "Frank");
    println!("Play customer and agent on   {}\n", telegram.url());
    println!("Start the bot with\n");
    println!(
        "    TELEGRAM_TOKEN={} TELEGRAM_API_URL={} TELEGRAM_STAFF={} cargo run -p bot-telegram\n",
        telegram.token(),
        telegram.url(),
        options.staff
    );
    println!("It forgets all when it is stopped (Ctrl-C).");
    loop {
        std::thread::park();
    }
}
