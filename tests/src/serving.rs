//! `bot serve`, or a channel's own program, as a process that is started, stopped and killed.
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::Bot;
use crate::discord::Discord;
use crate::standin::Platform;
use crate::telegram::Telegram;

/// Waiting that long means that it hangs: nothing is timed.
const HANGS: Duration = Duration::from_secs(60);

/// A bot that serves. Dropped, it is killed.
pub struct Serving {
    child: Child,
    /// Lines of its log as they are written.
    lines: Receiver<String>,
    /// Those that have been read.
    log: String,
}

impl Serving {
    /// `bot serve` of that folder, on that store, for that platform.
    pub fn command(bot: Bot, intents: &str, store: &Path, platform: &Platform) -> Command {
        let mut command = bot.command(&format!("serve --log debug --intents {intents}"));
        command.arg("--store").arg(store).env("STANDIN_ADDR", platform.address());
        command
    }

    /// `bot-telegram` with that folder, on that store, for that Telegram, as fast as it goes.
    pub fn on_telegram(bot: Bot, intents: &str, store: &Path, telegram: &Telegram) -> Command {
        let mut command = bot.command(&format!("--log debug --intents {intents}"));
        command.arg("--store").arg(store).env("BOT_UNPACED", "1");
        command.env("TELEGRAM_API_URL", telegram.url()).env("TELEGRAM_TOKEN", telegram.token());
        command
    }

    /// `bot-discord` with that folder, on that store, for that Discord, as fast as it goes.
    pub fn on_discord(bot: Bot, intents: &str, store: &Path, discord: &Discord) -> Command {
        let mut command = bot.command(&format!("--log debug --intents {intents}"));
        command.arg("--store").arg(store).env("BOT_UNPACED", "1");
        command.env("DISCORD_API_URL", discord.url()).env("DISCORD_TOKEN", discord.token());
        command
    }

    /// Starts it.
    ///
    /// # Panics
    /// It can't be started.
    pub fn start(mut command: Command) -> Serving {
        let piped = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the program starts");
        let errors = child.stderr.take().expect("they are piped");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            // Read to the end, also when nobody listens: a full pipe would stop the program.
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Serving { child, lines, log: String::new() }
    }

    /// Waits for a line of the log that has that in it.
    ///
    /// # Panics
    /// It does not come.
    pub fn wait_for_log(&mut self, text: &str) {
        let until = Instant::now() + HANGS;
        loop {
            let line = self.lines.recv_timeout(until.saturating_duration_since(Instant::now()));
            let Ok(line) = line else { panic!("{text:?} is not logged:\n{}", self.log) };
            let found = line.contains(text);
            self.log += &(line + "\n");
            if found {
                return;
            }
        }
    }

    /// Tells it to stop, and waits until it has; returns its exit code and its whole log.
    ///
    /// # Panics
    /// It does not stop.
    pub fn terminate(mut self) -> (i32, String) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill is there");
        assert!(told.success(), "it has ended before it was told to: {}", self.rest());
        let status = self.wait();
        (status.code().unwrap_or(-1), self.rest())
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it has ended by itself; returns how.
    ///
    /// # Panics
    /// It does not end.
    pub fn wait(&mut self) -> ExitStatus {
        let until = Instant::now() + HANGS;
        loop {
            match self.child.try_wait().expect("it can be waited for") {
                Some(status) => return status,
                None if Instant::now() > until => panic!("it does not end:\n{}", self.rest()),
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn rest(&mut self) -> String {
        self.log.extend(self.lines.try_iter().map(|line| line + "\n"));
        self.log.clone()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
