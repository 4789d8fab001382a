//! What is measured, as the programs' options say it, and how it is printed.
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::measure::{Measure, Stand};
use crate::kill::{FOLDER, Program};

/// The options.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Messages a second, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1, 30, 200])]
    rates: Vec<u32>,
    /// How long, for each
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Chats in which something is written once, for the memory that they take; 0: none
    #[arg(long, default_value_t = 10_000)]
    chats: u32,
    /// The program keeps to the pace that the platform asks for
    #[arg(long)]
    pub paced: bool,
    /// A bot on a library's own client, which stores nothing
    #[arg(long)]
    pub baseline: bool,
    /// The bot's folder
    #[arg(long, default_value = FOLDER)]
    intents: PathBuf,
}

impl Options {
    /// This program, told by that variable to be the one that is measured.
    ///
    /// # Errors
    /// There is no baseline in this program, or the system does not say where it is.
    pub fn program(&self, variable: (&'static str, &'static str)) -> Result<Program> {
        if self.baseline && cfg!(not(feature = "baseline")) {
            bail!("--baseline needs `cargo run --features baseline`");
        }
        Ok(Program {
            variable: Some(variable),
            command: None,
            intents: self.intents.clone(),
            log: "warn",
            ..Program::new(std::env::current_exe()?)
        })
    }

    /// Prints how soon what comes steadily is answered.
    ///
    /// # Errors
    /// Not all is.
    pub fn steady<S: Stand>(&self, measure: &mut Measure<S>) -> Result<()> {
        println!("  idle       {} MB", measure.memory());
        for rate in &self.rates {
            // So many that no chat gets more than one a second.
            let replies = measure.steady(*rate, self.seconds, rate * 4)?;
            println!("  {rate:4}/s     {replies}; {} MB", measure.memory());
        }
        Ok(())
    }

    /// Prints what memory many chats take.
    ///
    /// # Errors
    /// Not all are answered.
    pub fn chats<S: Stand>(&self, measure: &mut Measure<S>) -> Result<()> {
        if self.chats > 0 {
            measure.steady(200, self.chats.div_ceil(200), self.chats)?;
            println!("  {} chats, each written in once: {} MB", self.chats, measure.memory());
        }
        Ok(())
    }
}
