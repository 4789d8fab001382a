//! A file of the folder is broken and mended while somebody chats.
#![cfg(unix)]
use std::fs;
use std::path::PathBuf;

use bot_tests::terminal::Terminal;
use bot_tests::{Bot, root};
use tempfile::TempDir;

const BOT: Bot = Bot::new(env!("CARGO_BIN_EXE_bot-under-test"));

/// A copy of the small bot, to be changed.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for entry in
            fs::read_dir(root().join("tests/fixtures/small")).expect("the small bot is there").flatten()
        {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
        }
        Folder { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("shop.yaml")
    }

    /// Saves as editors do: beside it, then renamed.
    fn change(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.file()).expect("it can be read");
        assert!(text.contains(from), "{from}");
        let beside = self.folder.path().join(".shop.yaml.new");
        fs::write(&beside, text.replace(from, to)).expect("it can be written");
        fs::rename(beside, self.file()).expect("it can be renamed");
    }

    fn chat(&self, term: &str) -> Terminal {
        let mut command = BOT.command("chat");
        command.arg("--intents").arg(self.folder.path()).env("TERM", term);
        Terminal::start(command)
    }
}

#[test]
fn a_broken_file_leaves_the_bot_as_it_was_and_a_mended_one_changes_it() {
    for term in ["xterm-256color", "dumb"] {
        let folder = Folder::new();
        let mut terminal = folder.chat(term);
        terminal.wait_for_prompt();
        terminal.line("refund 12345678");
        terminal.wait_for_prompt();

        folder.change("say: What is wrong", "sya: What is wrong");
        terminal.wait_for("sya");
        terminal.wait_for("the bot goes on as it was");
        terminal.wait_for_prompt();
        terminal.line("hm?");
        let still = terminal.wait_for_prompt();
        assert!(still.contains("It is broken"), "{term}: {still}");

        folder.change("sya: What is wrong", "say: What is the matter");
        folder.change("say: To which account shall", "say: Where shall");
        terminal.wait_for("reloaded");
        terminal.wait_for_prompt();
        terminal.line("2");
        let next = terminal.wait_for_prompt();
        assert!(next.contains("Where shall the money go?"), "{term}: {next}");
    }
}
