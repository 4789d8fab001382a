//! The program that is killed, as a process.
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::root;

/// How the program is called.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What makes it serve; `None`: it does nothing else.
    pub command: Option<&'static str>,
    /// A variable that it needs, beyond those of `bot serve`.
    pub variable: Option<(&'static str, &'static str)>,
    /// The bot's folder, from the root of the repository.
    pub intents: PathBuf,
    /// What it is to log.
    pub log: &'static str,
}

/// What a process is started with.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The file with the store.
    pub store: &'a Path,
    /// What it finds the platform by: variables and their values.
    pub platform: &'a [(&'static str, String)],
    /// Where the back end is.
    pub back_end: &'a str,
    /// `NAME:N`, where it dies.
    pub dies_at: Option<&'a str>,
    /// Where its log goes, behind what is there.
    pub log: &'a Path,
}

/// A process. Dropped, it is killed.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// When it was started.
    pub started: Instant,
}

impl Program {
    /// `bot` at that path, with the harness's own folder.
    pub fn new(path: impl Into<PathBuf>) -> Program {
        Program {
            path: path.into(),
            command: Some("serve"),
            variable: None,
            intents: super::FOLDER.into(),
            log: "info",
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// It can't be started.
    pub fn start(&self, start: Start) -> io::Result<Process> {
        let log = File::options().append(true).create(true).open(start.log)?;
        let mut command = Command::new(&self.path);
        command
            .args(self.command)
            .args(["--log", self.log, "--intents"])
            .arg(&self.intents)
            .arg("--store")
            .arg(start.store)
            .current_dir(root())
            .envs(start.platform.iter().map(|(name, value)| (name, value)))
            .env("BACKEND_URL", start.back_end)
            .env("BOT_PRIVATE_HOSTS", "127.0.0.1")
            .env("NO_COLOR", "1")
            .env_remove("BOT_KILL_AT")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        command.envs(self.variable);
        command.envs(start.dies_at.map(|place| ("BOT_KILL_AT", place)));
        Ok(Process { child: command.spawn()?, started: Instant::now() })
    }
}

impl Process {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it has ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Tells it to stop, and waits so long until it has; `None`: it has not.
    pub fn terminate(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let _ = Command::new("kill").arg(self.id().to_string()).status();
        let end = Instant::now() + at_most;
        while Instant::now() < end {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
