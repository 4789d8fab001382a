//! What an agent types, the same words on every desk. Pure text in, a command out.
use bot_core::schema::nearest;

use crate::store::ConversationId;

/// What an agent wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/claim`: take a conversation over; without a name the one in hand, or the most urgent.
    Claim(Option<Which>),
    /// `/reply TEXT`: an answer to the customer, where the platform lets commands be read and nothing else.
    Reply(String),
    /// `/note TEXT`, or a text that begins with `//`: written down for colleagues, the customer never sees it.
    Note(String),
    /// `/back`: give the conversation back to the bot.
    Back,
    /// `/close`: end the conversation.
    Close,
    /// `/why`: why did the bot say that.
    Why(Option<Which>),
    /// `/list`: what is open; `/list all`: what the bot leads, too. Only where there is no other list.
    List {
        /// What the bot leads, too.
        all: bool,
    },
    /// `/read`: all that was said.
    Read(Option<Which>),
    /// `/help`
    Help,
    /// `/quit`: leave the desk.
    Quit,
    /// Anything else is an answer to the customer.
    Say(String),
}

/// Which conversation is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// That of a ticket: `12` or `#12`.
    Ticket(u64),
    /// One without a ticket, by its number in the store: `c7`.
    Conversation(ConversationId),
}

/// A word with what it takes and what it does, for help and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word with its slash.
    pub word: &'static str,
    /// What may stand after it.
    pub takes: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// The words, in the order of a conversation's life.
pub const WORDS: [Word; 10] = [
    Word { word: "/list", takes: "[all]", does: "open tickets; with `all` what the bot leads, too" },
    Word {
        word: "/claim",
        takes: "[N]",
        does: "take a conversation over; without a number the most urgent ticket",
    },
    Word { word: "/read", takes: "[N]", does: "all that was said, and what could not be delivered" },
    Word { word: "/why", takes: "[N]", does: "why the bot said what it said" },
    Word { word: "/reply", takes: "TEXT", does: "answer the customer; what is no command does it, too" },
    Word {
        word: "/note",
        takes: "TEXT",
        does: "write something down that the customer never sees; `//` does it, too",
    },
    Word { word: "/back", takes: "", does: "give the conversation back to the bot" },
    Word { word: "/close", takes: "", does: "end the conversation" },
    Word { word: "/help", takes: "", does: "this" },
    Word { word: "/quit", takes: "", does: "leave; what you have claimed stays yours" },
];

/// What is no command, in words for the agent. None of it has been sent to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is nothing in it.
    #[error("there is nothing to send")]
    Empty,
    /// There is no such word.
    #[error("`{word}` is no command, and was not sent: {hint}")]
    Unknown {
        /// As typed.
        word: String,
        /// What may have been meant.
        hint: String,
    },
    /// What a word needs is missing, or it is something else.
    #[error("{0}")]
    Usage(String),
}

impl Command {
    /// Reads what an agent typed.
    ///
    /// ```
    /// use bot_runtime::desk::Command;
    ///
    /// assert_eq!(Command::parse("// is angry"), Ok(Command::Note("is angry".into())));
    /// assert_eq!(Command::parse("Hello!"), Ok(Command::Say("Hello!".into())));
    /// assert!(Command::parse("/clsoe").unwrap_err().to_string().contains("did you mean `/close`?"));
    /// ```
    ///
    /// # Errors
    /// What begins with `/` is never an answer: if it is no command, the error names the nearest one.
    pub fn parse(text: &str) -> Result<Command, CommandError> {
        let text = text.trim();
        if let Some(note) = text.strip_prefix("//") {
            return self::note(note);
        }
        match text.strip_prefix('/') {
            Some(_) => command(text),
            None if text.is_empty() => Err(CommandError::Empty),
            None if has_note(text) => Err(mixed()),
            None => Ok(Command::Say(text.to_owned())),
        }
    }
}

fn command(text: &str) -> Result<Command, CommandError> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let command = match word.to_lowercase().as_str() {
        "/claim" => Command::Claim(which(word, rest)?),
        "/read" => Command::Read(which(word, rest)?),
        "/why" => Command::Why(which(word, rest)?),
        "/list" => Command::List { all: all(rest)? },
        "/note" => return note(rest),
        "/reply" => return reply(rest),
        "/back" => alone(word, rest, Command::Back)?,
        "/close" => alone(word, rest, Command::Close)?,
        "/help" => alone(word, rest, Command::Help)?,
        "/quit" => alone(word, rest, Command::Quit)?,
        _ => return Err(unknown(word)),
    };
    Ok(command)
}

fn note(text: &str) -> Result<Command, CommandError> {
    match text.trim() {
        "" => Err(CommandError::Usage("a note needs a text: `/note TEXT` or `// TEXT`".to_owned())),
        text => Ok(Command::Note(text.to_owned())),
    }
}

fn reply(text: &str) -> Result<Command, CommandError> {
    match text {
        "" => Err(CommandError::Usage("an answer needs a text: `/reply TEXT`".to_owned())),
        _ if has_note(text) => Err(mixed()),
        text => Ok(Command::Reply(text.to_owned())),
    }
}

fn has_note(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("//"))
}

fn mixed() -> CommandError {
    let told = "a line of it begins with //, which makes a note: send the note and the answer one by one";
    CommandError::Usage(told.to_owned())
}

/// Who types `/close thank you` means the customer to read it: nothing is done rather than half of it.
fn alone(word: &str, rest: &str, command: Command) -> Result<Command, CommandError> {
    match rest {
        "" => Ok(command),
        _ => Err(CommandError::Usage(format!(
            "`{word}` stands alone: nothing was done or sent. Send the text first, then `{word}`"
        ))),
    }
}

fn all(rest: &str) -> Result<bool, CommandError> {
    match rest.to_lowercase().as_str() {
        "" => Ok(false),
        "all" => Ok(true),
        _ => Err(CommandError::Usage("write `/list`, or `/list all` for what the bot leads, too".to_owned())),
    }
}

fn which(word: &str, rest: &str) -> Result<Option<Which>, CommandError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let found = match rest.strip_prefix(['c', 'C']) {
        Some(number) => number.parse().ok().map(|id| Which::Conversation(ConversationId(id))),
        None => rest.strip_prefix('#').unwrap_or(rest).parse().ok().map(Which::Ticket),
    };
    let usage = || {
        CommandError::Usage(format!(
            "`{rest}` is no ticket: write its number, like `{word} 12`, or a conversation of `/list all`, like `{word} c7`"
        ))
    };
    found.map(Some).ok_or_else(usage)
}

fn unknown(word: &str) -> CommandError {
    let words = || WORDS.iter().map(|known| known.word);
    let hint = match nearest(word, words()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", words().collect::<Vec<_>>().join(", ")),
    };
    CommandError::Unknown { word: word.to_owned(), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agents_type() {
        let ticket = |number| Some(Which::Ticket(number));
        let say = |text: &str| Command::Say(text.to_owned());
        let note = |text: &str| Command::Note(text.to_owned());
        for (typed, want) in [
            ("/claim", Command::Claim(None)),
            ("/claim 12", Command::Claim(ticket(12))),
            ("  /Claim   #12 ", Command::Claim(ticket(12))),
            ("/claim c7", Command::Claim(Some(Which::Conversation(ConversationId(7))))),
            ("/read", Command::Read(None)),
            ("/read 3", Command::Read(ticket(3))),
            ("/why", Command::Why(None)),
            ("/why 3", Command::Why(ticket(3))),
            ("/list", Command::List { all: false }),
            ("/list all", Command::List { all: true }),
            ("/note is angry", note("is angry")),
            ("/note two\nlines", note("two\nlines")),
            ("// is angry", note("is angry")),
            ("//is angry", note("is angry")),
            ("// two\nlines", note("two\nlines")),
            ("/reply Hello!", Command::Reply("Hello!".to_owned())),
            ("/Reply  two\nlines", Command::Reply("two\nlines".to_owned())),
            ("/back", Command::Back),
            ("/CLOSE", Command::Close),
            ("/help", Command::Help),
            ("/quit", Command::Quit),
            ("Hello!", say("Hello!")),
            ("  Hello!\n", say("Hello!")),
            ("see https://x.example", say("see https://x.example")),
            ("either/or", say("either/or")),
            ("claim", say("claim")),
        ] {
            assert_eq!(Command::parse(typed), Ok(want), "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_command_is_explained() {
        for (typed, want) in [
            ("", "there is nothing to send"),
            (" \n", "there is nothing to send"),
            ("/clsoe", "`/clsoe` is no command, and was not sent: did you mean `/close`?"),
            ("/notes angry", "did you mean `/note`?"),
            ("/", "there are /list, /claim, "),
            ("/etc/passwd", "`/etc/passwd` is no command, and was not sent: there are /list, "),
            ("/ note angry", "`/` is no command"),
            ("/note", "a note needs a text"),
            ("//", "a note needs a text"),
            ("/reply", "an answer needs a text"),
            ("/reply Hello\n// is angry", "one by one"),
            ("/claim Ann", "`Ann` is no ticket: write its number, like `/claim 12`"),
            ("/claim 12 13", "`12 13` is no ticket"),
            ("/claim -1", "`-1` is no ticket"),
            ("/close thank you", "`/close` stands alone: nothing was done or sent"),
            ("/list mine", "`/list all`"),
            ("Hello\n// is angry", "one by one"),
        ] {
            let error = Command::parse(typed).unwrap_err().to_string();
            assert!(error.contains(want), "{typed:?}: {error}");
        }
    }

    /// Whatever begins with a slash never reaches the customer, and every word is known.
    #[test]
    fn each_word_is_read() {
        for Word { word, takes, .. } in WORDS {
            let typed = format!("{word} {}", takes.trim_matches(['[', ']']).replace('N', "1"));
            assert!(!matches!(Command::parse(&typed), Err(_) | Ok(Command::Say(_))), "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_slash_is_never_an_answer(rest in "\\PC{0,40}") {
            let parsed = Command::parse(&format!("/{rest}"));
            proptest::prop_assert!(!matches!(parsed, Ok(Command::Say(_))), "{:?}", parsed);
        }
    }
}
