//! From a test file to its tests: FORMAT's two kinds. All problems of a file at once.
use bot_core::catalog::{Catalog, Diagnostic, Source};

use super::decode::{Decoder, Entries};
use super::given;
use super::model::{Given, Phrase, Phrases, Talk, Test};
use super::turns;
use super::yaml::{self, Kind, Node, Place, Values};

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
    let (root, mut problems) = yaml::read(source);
    let Some(root) = root else {
        if problems.is_empty() {
            problems.push(empty(source));
        }
        return (Vec::new(), problems);
    };
    let mut reader = Reader { decoder: Decoder { file: &source.name, problems: Vec::new() }, names };
    let tests = reader.file(&root);
    problems.append(&mut reader.decoder.problems);
    (tests, problems)
}

fn empty(source: &Source) -> Diagnostic {
    let place = Place { line: 1, column: 1, ..Place::default() };
    yaml::problem(&source.name, place, "no-test", "this file holds no test", Some(LOOKS_LIKE))
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
            self.decoder.fail(
                node,
                "no-test",
                format!("this is {} and no test", node.described()),
                Some(LOOKS_LIKE),
            );
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
        Some(Talk { name: name?, file: self.decoder.file.to_owned(), given, turns: turns? })
    }

    fn phrases(&mut self, node: &Node) -> Option<Phrases> {
        let before = self.decoder.problems.len();
        let entries =
            self.decoder.map(node, "intent", &["intent", "language", "given", "matches", "rejects"]);
        let intent = self
            .required(node, &entries, "intent")
            .and_then(|intent| self.decoder.name(intent, "intent", &self.names.intents));
        let mut given = self.given(&entries);
        if let Some(language) = value(&entries, "language") {
            given.customer.language = given::language(&mut self.decoder, language);
        }
        let [matches, rejects] = ["matches", "rejects"].map(|key| self.phrase_list(&entries, key));
        let sound = self.decoder.problems.len() == before;
        if matches.is_empty() && rejects.is_empty() && sound {
            let message = "this test holds no phrase";
            self.decoder.fail(node, "no-test", message, Some("write some under `matches` or `rejects`"));
        }
        Some(Phrases { intent: intent?, file: self.decoder.file.to_owned(), given, matches, rejects })
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
            start.place.end = start.place.start;
            self.decoder.fail(&start, "missing-key", format!("this test has no `{key}`"), None);
        }
        found
    }
}

/// The value of a key.
pub fn value<'n>(entries: &Entries<'n>, key: &str) -> Option<&'n Node> {
    entries.iter().find(|(name, ..)| *name == key).map(|(_, _, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Names { intents: list(&["refund", "hours"]), actions: list(&["order"]), teams: list(&["support"]) }
    }

    fn read(yaml: &str) -> (Vec<Test>, Vec<Diagnostic>) {
        tests(&Source { name: "x.yaml".into(), bytes: yaml.into() }, &names())
    }

    #[test]
    fn reads_all_that_a_test_may_say() {
        let (tests, problems) = read(include_str!("everything.yaml"));
        assert!(problems.is_empty(), "{problems:?}");
        let [Test::Talk(talk), Test::Phrases(phrases)] = &tests[..] else { panic!("{tests:?}") };
        let acts: Vec<_> = talk.turns.iter().map(|turn| format!("{:?}", turn.act)).collect();
        assert_eq!(
            acts,
            [
                "Start",
                "User(\"I want my money back\")",
                "User(\"12345678\")",
                "Press(\"It is broken\")",
                "Wait(2h)",
                "User(\"yes\")",
                "Agent(Some(\"Kim\"), Claim)",
                "Agent(None, Say { text: \"Hello, this is Kim.\" })",
                "Agent(Some(\"Lou\"), Say { text: \"And this is Lou.\" })",
                "Agent(None, Note { text: \"wants a refund\" })",
                "Undelivered(\"blocked by the customer\")",
                "Agent(None, Back)",
                "Agent(Some(\"Kim\"), Close)"
            ]
        );
        let told: Vec<_> = talk.turns.iter().map(|turn| (turn.expected.len(), turn.checks.len())).collect();
        assert_eq!(
            told,
            [
                (1, 0),
                (1, 1),
                (2, 2),
                (1, 0),
                (0, 0),
                (1, 8),
                (0, 1),
                (0, 0),
                (0, 0),
                (0, 0),
                (0, 0),
                (0, 0),
                (0, 0)
            ]
        );
        assert_eq!(talk.given.queue, 2);
        assert_eq!(talk.given.customer.name.as_deref(), Some("Ann"));
        assert_eq!(talk.given.now.to_string(), "2026-11-24T10:00:00+01:00[+01:00]");
        assert_eq!((talk.given.actions.len(), talk.given.facts.len()), (1, 1));
        assert_eq!((phrases.matches.len(), phrases.rejects.len()), (2, 1));
        assert_eq!(phrases.given.customer.language, Some(bot_core::text::Language::new("de")));
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is() {
        for (yaml, place, want) in [
            ("", "1:1", "holds no test"),
            ("intents: {}", "1:1", "a list of tests, and this is a map"),
            ("- hello", "1:3", "a text and no test"),
            ("- given: {}", "1:3", "neither kind of test"),
            ("- test: x", "1:3", "has no `talk`"),
            ("- test: x\n  tlak: []\n  talk: [{user: hi}]", "2:3", "did you mean `talk`?"),
            ("- test: x\n  talk: hi", "2:9", "`talk` takes a list of entries"),
            ("- test: x\n  talk: []", "2:9", "this talk is empty"),
            ("- test: x\n  talk:\n    - usr: hi", "3:7", "did you mean `user`?"),
            ("- test: x\n  talk:\n    - user:", "3:11", "takes a text, and this is nothing"),
            ("- test: x\n  talk:\n    - bot: [Yes]", "3:12", "needs quotes around it"),
            ("- test: x\n  talk:\n    - user: a\n      press: b", "4:7", "two entries"),
            ("- test: x\n  talk:\n    - wait: soon", "3:13", "takes a time span"),
            ("- test: x\n  talk:\n    - user: a\n    - buttons: [b]", "4:16", "belong to no `bot:`"),
            ("- test: x\n  talk:\n    - user: a\n    - intent: refnd", "4:15", "did you mean `refund`?"),
            ("- test: x\n  talk:\n    - user: a\n    - confidence: high", "4:19", "takes a number up to 1"),
            ("- test: x\n  talk:\n    - user: a\n    - handoff: suport", "4:16", "did you mean `support`?"),
            ("- test: x\n  talk:\n    - user: a\n    - ended: maybe", "4:14", "takes true or false"),
            ("- test: x\n  talk:\n    - user: a\n    - owner: me", "4:14", "bot, waiting, person or closed"),
            ("- test: x\n  talk:\n    - user: a\n      name: Kim", "4:13", "belongs to no agent"),
            ("- test: x\n  talk:\n    - back: Kim", "3:13", "takes true or false"),
            ("- test: x\n  given: {queue: many}\n  talk: [{user: a}]", "2:18", "how many people"),
            ("- test: x\n  given: {now: noon}\n  talk: [{user: a}]", "2:16", "takes a time such as"),
            ("- test: x\n  given: {language: english}\n  talk: [{user: a}]", "2:21", "a code such as `de`"),
            (
                "- test: x\n  given: {actions: {ordr: failed}}\n  talk: [{user: a}]",
                "2:21",
                "did you mean `order`?",
            ),
            (
                "- test: x\n  given: {customer: {age: 3}}\n  talk: [{user: a}]",
                "2:22",
                "it may have name, verified",
            ),
            ("- intent: refnd\n  matches: [a]", "1:11", "did you mean `refund`?"),
            ("- intent: refund", "1:3", "holds no phrase"),
            ("- intent: refund\n  matches: [[a]]", "2:13", "takes a text, and this is a list"),
        ] {
            let (tests, problems) = read(yaml);
            let [problem, ..] = &problems[..] else { panic!("no problem in {yaml}") };
            let shown = format!("{} / {:?}", problem.message, problem.help);
            assert_eq!(
                (format!("{}:{}", problem.line, problem.column), tests.len()),
                (place.to_owned(), 0),
                "{yaml}: {shown}"
            );
            assert!(shown.contains(want), "{yaml}: {shown}");
        }
    }

    #[test]
    fn the_traps_of_yaml_are_explained() {
        for (yaml, place, want) in [
            ("- test: x\n  talk:\n    - user: a\n      user: b", "4:7", "written twice here"),
            ("- test: x\n  talk:\n    - bot: Note: it is free", "3:12", "`- bot: \\\"Note: it is free\\\"`"),
            ("- test: x\n  talk:\n    - bot: *thanks*", "3:12", "begins with `*`"),
            ("- test: x\n---\n- test: y", "2:1", "second document"),
        ] {
            let problem = &read(yaml).1[0];
            let shown = format!("{} / {:?}", problem.message, problem.help);
            assert_eq!(format!("{}:{}", problem.line, problem.column), place, "{yaml}: {shown}");
            assert!(shown.contains(want), "{yaml}: {shown}");
        }
    }

    #[test]
    fn one_bad_test_does_not_hide_the_others() {
        let (tests, problems) = read(
            "- intent: refnd\n  matches: [a]\n- intent: hours\n  mtches: [b]\n- intent: hours\n  matches: [c]",
        );
        assert_eq!((tests.len(), problems.len()), (1, 2));
    }
}
