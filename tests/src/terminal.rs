//! The program in a pseudo-terminal.
use std::process::Command;
use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Captures, Eof, Error, Expect, Regex};

/// Waiting that long means that it hangs: nothing is timed.
const HANGS: Duration = Duration::from_secs(60);

/// The program in a terminal.
pub struct Terminal {
    session: OsSession,
}

impl Terminal {
    /// Starts it.
    ///
    /// # Panics
    /// It can't be started.
    pub fn start(command: Command) -> Terminal {
        let mut session = OsSession::spawn(command).expect("the program starts in a terminal");
        session.set_expect_timeout(Some(HANGS));
        Terminal { session }
    }

    /// Waits for that text; returns what stood before it.
    ///
    /// # Panics
    /// It does not come.
    pub fn wait_for(&mut self, text: &str) -> String {
        match self.session.expect(text) {
            Ok(found) => before(&found),
            Err(error) => panic!("{text:?} does not come: {error}"),
        }
    }

    /// Waits for what a regular expression matches; returns what stood before it, and that.
    ///
    /// # Panics
    /// It does not come.
    pub fn wait_for_match(&mut self, pattern: &str) -> String {
        match self.session.expect(Regex(pattern)) {
            Ok(found) => before(&found) + &String::from_utf8_lossy(found.get(0).unwrap_or_default()),
            Err(error) => panic!("{pattern:?} does not come: {error}"),
        }
    }

    /// Waits for the prompt at the end of what is shown, or for the end; returns what stood before it.
    ///
    /// # Panics
    /// It does not come.
    pub fn wait_for_prompt(&mut self) -> String {
        let escape = r"(?:\r|\x1b\[[0-9;?]*[A-Za-z])*";
        match self.session.expect(Regex(format!("(?:^|\n){escape}> {escape}$"))) {
            Ok(found) => before(&found),
            Err(Error::Eof) => self.rest(),
            Err(error) => panic!("the prompt does not come: {error}"),
        }
    }

    /// Types keys.
    ///
    /// # Panics
    /// The program has ended.
    pub fn keys(&mut self, keys: &str) {
        self.session.send(keys).expect("the program reads");
    }

    /// Types a line.
    pub fn line(&mut self, line: &str) {
        self.keys(line);
        self.keys("\r");
    }

    /// Ends it as a power cut would, and waits until it is gone.
    pub fn kill(mut self) {
        let process = self.session.get_process().pid().to_string();
        // It may have ended.
        let _ = Command::new("kill").args(["-KILL", &process]).status();
        let _ = self.session.get_process_mut().wait();
    }

    /// Waits for its end; returns what it still showed.
    ///
    /// # Panics
    /// It does not end.
    pub fn end(mut self) -> String {
        self.rest()
    }

    fn rest(&mut self) -> String {
        match self.session.expect(Eof) {
            Ok(found) => String::from_utf8_lossy(found.get(0).unwrap_or_default()).into_owned(),
            Err(error) => panic!("the program does not end: {error}"),
        }
    }
}

fn before(found: &Captures) -> String {
    String::from_utf8_lossy(found.before()).into_owned()
}
