//! The program `shop`: the back end of the sample shop, for trying out actions.
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use jiff::{SignedDuration, Zoned};
use shop::{Options, TO_TRY};
use tokio::net::TcpListener;

/// The back end of the sample shop: a handful of orders over HTTP, on this computer only.
#[derive(Parser)]
struct Arguments {
    /// The port; 0 takes any that is free.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// The token that callers have to show; an empty one: everybody may call.
    #[arg(long, default_value = "demo")]
    token: String,
    /// Answers everything with 503, to see what the bot does then.
    #[arg(long)]
    fail: bool,
    /// Takes so long for every answer, such as 10s.
    #[arg(long, default_value = "0s")]
    slow: SignedDuration,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await;
    let listener = listener
        .with_context(|| format!("can't listen on port {}; --port 0 takes a free one", arguments.port))?;
    let url = format!("http://{}", listener.local_addr()?);
    let token = Some(arguments.token).filter(|token| !token.is_empty());
    println!("listening on {url}");
    println!(
        "for the bot, in its terminal:  export SHOP_URL={url} SHOP_TOKEN={}",
        token.as_deref().unwrap_or("none")
    );
    let orders = TO_TRY.map(|(number, what)| format!("{number} {what}"));
    println!("orders: {}", orders.join(", "));
    let slow = Duration::try_from(arguments.slow).context("--slow is a time, such as 10s")?;
    let options = Options { token, fail: arguments.fail, slow, ..Options::new(Zoned::now().date()) };
    shop::serve(listener, options, stopped()).await.context("the shop stopped")
}

/// Ctrl-C or SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
