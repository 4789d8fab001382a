//! Measures the program for Telegram against the stand-in: how soon an update is answered, and what memory that takes.
//!
//! `cargo run --release -p bot-tests --bin telegram-load` prints the figures that README.md reports; with
//! `--features baseline` and `--baseline` those of a bot on teloxide's own dispatcher beside them. From the moment in which an
//! update is there for the bot until its answer arrives at the stand-in, which holds it to no pace.
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use bot_tests::load::{Measure, Options, Stand, Waiting};
use bot_tests::telegram::Telegram;
use clap::Parser;

/// With it in the environment this is one of the programs that are measured, and nothing else.
const PROGRAM: &str = "TELEGRAM_LOAD_PROGRAM";

/// How soon updates are answered, and what that takes
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    options: Options,
    /// Updates are sent to the program, and not fetched by it
    #[arg(long)]
    webhook: bool,
}

fn main() -> ExitCode {
    match std::env::var(PROGRAM).as_deref() {
        Ok("telegram") => return bot_serve::main("bot-telegram", &[bot_telegram::KIND]),
        #[cfg(feature = "baseline")]
        Ok("baseline") => return bot_tests::baseline::code(bot_tests::baseline::telegram::main()),
        _ => {}
    }
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("telegram-load: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let Args { options, webhook } = args;
    one(if *webhook { "bot-telegram, webhook" } else { "bot-telegram" }, "telegram", options, *webhook)?;
    if options.baseline {
        one("teloxide's dispatcher", "baseline", options, false)?;
    }
    Ok(())
}

fn one(title: &str, program: &'static str, options: &Options, webhook: bool) -> Result<()> {
    let program = options.program((PROGRAM, program))?;
    println!("{title}");
    let mut measure = Measure::start(&program, options.paced, |waiting| Load::start(waiting, webhook))?;
    options.steady(&mut measure)?;
    options.chats(&mut measure)
}

struct Load {
    telegram: Telegram,
    /// Where updates are sent to.
    port: Option<u16>,
}

impl Load {
    fn start(waiting: Arc<Waiting>, webhook: bool) -> Result<Load> {
        let telegram = Telegram::start().without_pace();
        telegram.on_exchange(move |call| {
            if let Some(answer) = call.parameter("text").as_str().filter(|_| call.method == "sendMessage") {
                waiting.note(answer, call.at);
            }
        });
        let port = || Ok::<_, anyhow::Error>(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
        Ok(Load { telegram, port: webhook.then(port).transpose()? })
    }
}

impl Stand for Load {
    fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("TELEGRAM_TOKEN", self.telegram.token().to_owned()),
            ("TELEGRAM_API_URL", self.telegram.url()),
        ];
        if let Some(port) = self.port {
            variables.push(("TELEGRAM_WEBHOOK_URL", format!("http://127.0.0.1:{port}/telegram")));
            variables.push(("TELEGRAM_WEBHOOK_LISTEN", format!("127.0.0.1:{port}")));
            variables.push(("TELEGRAM_WEBHOOK_SECRET", "a-secret-of-no-use-elsewhere".to_owned()));
        }
        variables
    }

    fn writes(&self, customer: u32, text: &str) {
        self.telegram.customer(customer.into(), "Ann", "en").writes(text);
    }

    fn forgets(&self) {
        self.telegram.forget_calls();
    }
}
