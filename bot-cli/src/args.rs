//! The command line: what may be typed, and the help that teaches it. What it is not: it does nothing.
use std::ops::RangeInclusive;
use std::path::PathBuf;

use bot_serve::args::{Folder, Logs, Serve};
use clap::{Parser, Subcommand, ValueEnum};
use jiff::Zoned;

use crate::clock;

/// A bot that support teams write in plain sentences: talk to it, check it, test it, ask it why, measure it.
#[derive(Debug, Parser)]
#[command(
    name = "bot",
    bin_name = "bot",
    version,
    after_help = "Examples:
  bot                                 talk to the bot in ./intents
  bot check                           look for mistakes in its files
  bot test                            run the tests in ./tests
  bot explain \"where is my parcel\"    see how a message is understood
  bot eval                            how well it understands, and where it doesn't
  bot chat --help                     more about a command"
)]
pub struct Args {
    #[command(flatten)]
    pub bot: Folder,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Talk to the bot (what `bot` alone does, too)
    #[command(
        after_help = "In the conversation: /why explains the last turn, /state shows slots and state, /help, /quit.

Examples:
  bot chat --lang de
  bot chat --store my.db                             leave, start again, go on where you were
  printf 'hi\\nwhere is my parcel\\n' | bot chat          a line in, its replies out
  printf 'hi\\n' | bot chat --json | jq .replies         one JSON object per line"
    )]
    Chat(Chat),
    /// Run the bot for customers: all channels that are configured, until it is told to stop
    #[command(after_help = bot_serve::args::help("bot serve"))]
    Serve(Serve),
    /// Take over from the bot: tickets and their customers, beside a `bot chat` or `bot serve` on the same store
    #[command(
        after_help = "At the desk: /list shows what is open, /claim takes it over; then what you type is said to the customer.
/note TEXT (or // TEXT) is for colleagues, /back gives the conversation back to the bot, /close ends it, /why tells why the
bot said what it said, /help lists the rest. The Tab key completes commands and numbers.

From a pipe, each line is carried out before the next one is read. Ends with 0, or with 1 if a line could not be carried out;
with 2 if the store can't be used.

Examples:
  bot desk --store my.db                              beside: bot chat --store my.db
  bot desk --store my.db --name Ann --team billing
  printf '/list\\n' | bot desk --store my.db           what is open now"
    )]
    Desk(Desk),
    /// Look for mistakes in the bot's files
    #[command(
        after_help = "Ends with 0 if there are no errors (with --strict: no warnings either), else with 1.

Examples:
  bot check
  bot check ../my-shop --strict
  bot check --format json | jq '.problems[].message'"
    )]
    Check(Check),
    /// Run tests: conversations and phrases
    #[command(after_help = "A test file is a list of tests:

  - test: refund of a delivered order
    talk:
      - user: I want my money back
      - bot: Which order is it?
  - intent: refund
    matches: [give me my money back]

Ends with 0 if all tests pass, else with 1.

Examples:
  bot test
  bot test tests/conversations/refund.yaml
  bot test my-bot my-tests                    the bot's folder and its tests")]
    Test(Test),
    /// Show how a message is understood, and why
    #[command(after_help = "Examples:
  bot explain \"I don't want to cancel my order\"
  bot explain --lang de \"wo ist mein Paket\"
  cat messages.txt | bot explain              one JSON object per line")]
    Explain(Explain),
    /// Measure how well messages are understood, and show where they are not
    #[command(
        after_help = "Without --test, the folder's own examples are held back in turn and met by a bot that has never seen them.
A test file has a line for each message, with tabs between the columns: intent and message, or split, intent and message.
A message that belongs to no intent has the label `oos`, or none.

Examples:
  bot eval                                                where the examples of ./intents go wrong
  bot eval --html report.html                             the same as a page with pictures
  bot eval --test messages.tsv --predictions out.tsv      real messages, and what each was taken for
  bot eval --test set.tsv --split valid,oos_valid --typos 1 --seed 7
  bot eval --test messages.tsv --format json | jq .accuracy"
    )]
    Eval(Eval),
    /// Make a bot's folder of what was written for another system
    #[command(after_help = "FILE is one of
  a table        intent<tab>text on each line; or split<tab>intent<tab>text, with --split
  Rasa           nlu.yml; or the project's folder, which takes the answers of domain.yml along
  nlp.js         a corpus in JSON; or a folder of them

DIR must not be there yet, or be empty. What could not be carried over is listed.

Examples:
  bot import questions.tsv --out my-bot
  bot import clinc150.tsv --split train,valid --out target/clinc
  bot import ../my-rasa-project --out my-bot --lang de")]
    Import(Import),
}

impl Default for Command {
    fn default() -> Command {
        Command::Chat(Chat::default())
    }
}

#[derive(Debug, Default, clap::Args)]
pub struct Chat {
    /// One JSON object per turn: replies, intent, confidence, slots, state, owner
    #[arg(long)]
    pub json: bool,
    /// Keep the conversation in this file (SQLite), and go on with it at the next start; without it, it is forgotten
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// Whose conversation it is: the bot calls them so, and they come back to it by that name
    #[arg(long, value_name = "NAME")]
    pub customer: Option<String>,
    #[command(flatten)]
    pub world: World,
    #[command(flatten)]
    pub logs: Logs,
}

/// Where agents work.
#[derive(Debug, clap::Args)]
pub struct Desk {
    /// The file (SQLite) that `bot chat` or `bot serve` keeps conversations in; it is made if it is not there yet
    #[arg(long, value_name = "FILE", env = "BOT_STORE", default_value = "bot.db")]
    pub store: PathBuf,
    /// Your name, as customers and colleagues see it; else that of the user who is signed in
    #[arg(long, value_name = "NAME", env = "BOT_AGENT")]
    pub name: Option<String>,
    #[arg(long, hide = true, env = "USER")]
    pub user: Option<String>,
    /// Only tickets of this team
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    #[command(flatten)]
    pub logs: Logs,
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// The bot's folder, in place of --intents
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Warnings count as errors
    #[arg(long)]
    pub strict: bool,
    /// For people (text) or for programs (json)
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub struct Test {
    /// Test files, or folders of them; a folder with a bot.yaml is the bot to test
    #[arg(value_name = "PATH", default_value = "tests")]
    pub paths: Vec<PathBuf>,
    /// For people (text) or for programs (json)
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// What a customer might write; without it, messages are read from the standard input, one a line
    #[arg(value_name = "MESSAGE")]
    pub message: Option<String>,
    #[command(flatten)]
    pub world: World,
    /// For people (text) or for programs (json)
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub struct Eval {
    /// Messages and what they mean; without it, the folder's own examples are held back in turn
    #[arg(long, value_name = "FILE", group = "messages")]
    pub test: Option<PathBuf>,
    /// For those who develop the matcher: fit the constants of its confidence to two public sets or more
    #[arg(
        long,
        value_name = "FILE",
        num_args = 1..,
        group = "messages",
        conflicts_with_all = ["folds", "builtins", "typos", "predictions", "html", "now"]
    )]
    pub calibrate: Vec<PathBuf>,
    /// The splits to take, of a file that has some; with --calibrate those of the messages, `valid` if none is named
    #[arg(long, value_name = "NAME", value_delimiter = ',', requires = "messages")]
    pub split: Vec<String>,
    /// Into how many parts the examples are dealt, when they are held back in turn
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_two, conflicts_with = "test")]
    pub folds: usize,
    /// Let built-in intents that the folder doesn't mention take part
    #[arg(long)]
    pub builtins: bool,
    /// Put so many typing errors into each message
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = at_most_a_hundred)]
    pub typos: usize,
    /// Which typing errors, and with --calibrate which folders: the same number gives the same on every machine
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Write what each message was taken for, with tabs between the columns
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,
    /// Write a page with pictures for a browser
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub world: World,
    /// For people (text) or for programs (json)
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

fn at_least_two(text: &str) -> Result<usize, String> {
    within(text, 2..=1000)
}

fn at_most_a_hundred(text: &str) -> Result<usize, String> {
    within(text, 0..=100)
}

fn within(text: &str, range: RangeInclusive<usize>) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("write a number from {} to {}", range.start(), range.end()))
}

#[derive(Debug, clap::Args)]
pub struct Import {
    /// What to import
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Of a table with three columns: the lines whose first is this; several with commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub split: Vec<String>,
    /// The language it is in, such as `de`; else what the file says, else English
    #[arg(long, value_name = "CODE")]
    pub lang: Option<String>,
    /// The format, where it can't be told from the file
    #[arg(long, value_enum)]
    pub from: Option<ImportFormat>,
}

/// A format of another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// A table of intent<tab>text
    Tsv,
    /// nlu.yml of Rasa 2 or 3, or a project
    Rasa,
    /// A corpus of nlp.js in JSON
    Nlpjs,
}

/// What is outside of the conversation.
#[derive(Debug, Default, clap::Args)]
pub struct World {
    /// The customer's language, such as `de`
    #[arg(long, value_name = "CODE")]
    pub lang: Option<String>,
    /// A fixed time in place of the clock, such as 2026-11-23T10:00:00+01:00
    #[arg(long, value_name = "TIME", value_parser = clock::parse)]
    pub now: Option<Zoned>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}
