//! From a test file to its tests: FORMAT's two kinds. All problems of a file at once.
use bot_core::catalog::{Catalog, Diagnostic, Source};

use super::decode::{Decoder, Entries};
use super::given;
use super::model::{Given, Phrase, Phrases, Talk, Test};
use super::turns;
use super::yaml::{self, Kind, Node, Place};

/// The names that a test may mention.
#[derive(Debug, Default)]
pub struct Names {
    /// Intents, the built-in ones too.
    pub intents: Vec<String>,
    /// Actions.
    pub actions: Vec<String>,
    /// Teams.
    pub teams: Vec<String>,
}

impl Names {
    /// Those of a bot.
    pub fn of(catalog: &Catalog) -> Names {
        Names {
            intents: catalog.intents.iter().map(|intent| intent.name.clone()).collect(),
            actions: catalog.actions.keys().cloned().collect(),
            teams: catalog.settings.handoff.teams.clone(),
        }
    }
}

/// Reads a file. A test with a problem is left out.
pub fn tests(source: &Source, names: &Names) -> (Vec<Test>, Vec<Diagnostic>) {
    let root = match yaml::parse(&source.name, &source.bytes) {
        Ok(Some(root)) => root,
        Ok(None) => return (Vec::new(), vec![empty(source)]),
        Err(problem) => return (Vec::new(), vec![*problem]),
    };
    let mut reader = Reader { decoder: Decoder { file: &source.name, problems: Vec::new() }, names };
    let tests = reader.file(&root);
    (tests, reader.decoder.problems)
}

fn empty(source: &Source) -> Diagnostic {
    let place = Place { line: 1, column: 1, span: 0..0 };
    *yaml::problem(&source.name, place, "no-test", "this file holds no test", Some(LOOKS_LIKE))
}

const LOOKS_LIKE: &str = "a test begins with `- test: its name` or `- intent: its intent`";

/// Reads tests against the names of a bot.
pub struct Reader<'a> {
    /// Notes what is wrong.
    pub decoder: Decoder<'a>,
    /// What the bot has.
    pub names: &'a Names,
}

impl Reader<'_> {
    fn file(&mut self, root: &Node) -> Vec<Test> {
        let Kind::List(items) = &root.kind else {
            let message = format!("a test file is a list of tests, and this is {}", root.described());
            self.decoder.fail(root, "no-test", message, Some(LOOKS_LIKE));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.sound(|reader| reader.test(item))).collect()
    }

    /// What `read` gives, if it found nothing wrong.
    fn sound<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.decoder.problems.len();
        read(self).filter(|_| self.decoder.problems.len() == before)
    }

    fn test(&mut self, node: &Node) -> Option<Test> {
        let Kind::Map(entries) = &node.kind else {
            self.decoder.fail(node, "no-test", format!("this is {} and no test", node.described()), Some(LOOKS_LIKE));
            return None;
        };
        let has = |name: &str| entries.iter().any(|(key, _)| key.key() == name);
        if has("test") || has("talk") {
            self.talk(node).map(Test::Talk)
        } else if has("intent") || has("matches") || has("rejects") {
            self.phrases(node).map(Test::Phrases)
        } else {
            self.decoder.fail(node, "no-test", "this is neither kind of test", Some(LOOKS_LIKE));
            None
        }
    }

    fn talk(&mut self, node: &Node) -> Option<Talk> {
        let entries = self.decoder.map(node, "test", &["test", "given", "talk"]);
        let name = self.required(node, &entries, "test").and_then(|name| self.decoder.text(name, "test"));
        let given = self.given(&entries);
        let turns = self.required(node, &entries, "talk").map(|talk| turns::read(self, talk));
        Some(Talk { name: name?, file: self.decoder.file.to_owned(), line: node.place.line, given, turns: turns? })
    }

    fn phrases(&mut self, node: &Node) -> Option<Phrases> {
        let entries = self.decoder.map(node, "intent", &["intent", "language", "given", "matches", "rejects"]);
        let intent = self
            .required(node, &entries, "intent")
            .and_then(|intent| self.decoder.name(intent, "intent", &self.names.intents));
        let mut given = self.given(&entries);
        if let Some(language) = value(&entries, "language") {
            given.customer.language = given::language(&mut self.decoder, language);
        }
        let [matches, rejects] = ["matches", "rejects"].map(|key| self.phrase_list(&entries, key));
        if matches.is_empty() && rejects.is_empty() {
            let message = "this test holds no phrase";
            self.decoder.fail(node, "no-test", message, Some("write some under `matches` or `rejects`"));
        }
        let (file, line) = (self.decoder.file.to_owned(), node.place.line);
        Some(Phrases { intent: intent?, file, line, given, matches, rejects })
    }

    fn phrase_list(&mut self, entries: &Entries, key: &str) -> Vec<Phrase> {
        let Some(list) = value(entries, key) else { return Vec::new() };
        let items = self.decoder.list(list, key);
        let phrase = |node| {
            let text = self.decoder.text(node, key)?;
            Some(Phrase { text, line: node.place.line })
        };
        items.iter().filter_map(phrase).collect()
    }

    fn given(&mut self, entries: &Entries) -> Given {
        value(entries, "given").map(|node| given::read(self, node)).unwrap_or_default()
    }

    fn required<'n>(&mut self, node: &Node, entries: &Entries<'n>, key: &str) -> Option<&'n Node> {
        let found = value(entries, key);
        if found.is_none() {
            let mut start = node.clone();
            start.place.span.end = start.place.span.start;
            self.decoder.fail(&start, "missing-key", format!("this test has no `{key}`"), None);
        }
        found
    }
}

/// The value of a key.
pub fn value<'n>(entries: &Entries<'n>, key: &str) -> Option<&'n Node> {
    entries.iter().find(|(name, ..)| *name == key).map(|(_, _, value)| *value)
}
