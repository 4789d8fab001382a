//! The program as a process: arguments and input in; output, errors and exit code out.
use std::io::Write;
use std::process::{Command, Stdio};

use crate::root;

/// The program.
#[derive(Clone, Copy, Debug)]
pub struct Bot {
    /// Where it is.
    pub program: &'static str,
}

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// The standard output.
    pub out: String,
    /// The standard error.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

impl Bot {
    /// The program at that path.
    pub const fn new(program: &'static str) -> Bot {
        Bot { program }
    }

    /// The program with arguments (separated by blanks), in the root of the repository, with nothing of the tester's own
    /// settings.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(self.program);
        command.args(arguments.split_whitespace()).current_dir(root());
        without_own_settings(&mut command);
        command
    }

    /// Runs it without input.
    pub fn run(&self, arguments: &str) -> Run {
        self.pipe(arguments, b"")
    }

    /// Runs it with that input.
    pub fn pipe(&self, arguments: &str, input: &[u8]) -> Run {
        run(self.command(arguments), input)
    }
}

/// What the tester's own environment may hold, and no test may depend on.
pub(crate) fn without_own_settings(command: &mut Command) {
    let bot = ["BOT_INTENTS", "BOT_STORE", "BOT_LOG", "SHOP_URL", "SHOP_TOKEN"];
    let all = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let is_platforms = |name: &String| ["TELEGRAM_", "DISCORD_"].iter().any(|own| name.starts_with(own));
    for name in all.filter(is_platforms) {
        command.env_remove(name);
    }
    for name in bot.into_iter().chain(["NO_COLOR", "CLICOLOR_FORCE"]) {
        command.env_remove(name);
    }
}

/// Runs a command with that input.
///
/// # Panics
/// It can't be started.
pub fn run(mut command: Command, input: &[u8]) -> Run {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_vec();
    // A thread of its own: a program that writes while it reads would otherwise wait for this one to read, for ever. A
    // program that ends early does not read everything, which is its right.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer does not panic");
    Run {
        out: String::from_utf8(output.stdout).expect("the output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("the errors are UTF-8"),
        code: output.status.code().unwrap_or(-1),
    }
}
