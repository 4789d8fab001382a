//! From a draft to the folder's contents: names are made ours, examples that can't be are left out, and what needs a look is
//! noted.
//!
//! What it is not: it writes no YAML.
use std::collections::{BTreeMap, BTreeSet};

use bot_core::catalog::{Builtin, BuiltinEntity};
use bot_core::text::{READ_LIMIT, squash};

use super::draft::{self, Draft, Entity, Example, Part, Place, Question};
use super::names::{self, Unique};
use super::notes::{Notes, Topic};
use super::text::{clean, has_words, short};

/// Built-in intents whose own words can't be changed: what they do is more than an answer.
const WORDLESS: [Builtin; 8] = [
    Builtin::Human,
    Builtin::Back,
    Builtin::Restart,
    Builtin::Repeat,
    Builtin::Skip,
    Builtin::DontKnow,
    Builtin::Why,
    Builtin::ForgetMe,
];

/// Names that other systems give to what is built in here.
const LIKE_BUILTIN: [(&str, &[&str]); 9] = [
    ("affirm", &["yes", "agree", "confirm", "affirmative"]),
    ("deny", &["no", "disagree", "negative", "decline"]),
    ("thanks", &["thank_you", "thankyou", "thank", "thanking"]),
    ("greet", &["greeting", "greetings", "hello", "hi", "welcome"]),
    ("goodbye", &["bye", "farewell"]),
    ("are_you_a_bot", &["bot_challenge", "are_you_human", "are_you_a_robot"]),
    ("human", &["agent", "handoff", "human_handoff", "talk_to_human", "talk_to_agent", "out_of_scope_human"]),
    ("cancel", &["stop", "abort"]),
    ("help", &["what_can_you_do", "what_can_i_ask_you", "ask_help"]),
];

/// An intent as it will be written.
#[derive(Debug)]
pub struct Intent {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its examples.
    pub examples: Vec<Example>,
    /// What it says.
    pub answers: Vec<String>,
    /// What it asks before.
    pub questions: Vec<Question>,
    /// Whether the engine itself knows what to do with it.
    pub builtin: bool,
}

impl Intent {
    /// Whether nobody has said what the bot answers.
    pub fn is_unanswered(&self) -> bool {
        self.answers.is_empty() && !self.builtin
    }
}

/// All of them; what is left out or worth a look goes to the notes.
pub fn intents(draft: &mut Draft) -> Vec<Intent> {
    let mut taken = Unique::default();
    let notes = &mut draft.notes;
    let known = known_slots(&draft.entities);
    let planned = std::mem::take(&mut draft.intents).into_iter();
    let intents: Vec<Intent> = planned.map(|intent| plan(intent, &mut taken, &known, notes)).collect();
    note_shared(&intents, notes);
    intents
}

/// The slots whose values are of some kind; all others take any words.
fn known_slots(entities: &[Entity]) -> BTreeSet<String> {
    let builtin = BuiltinEntity::ALL.into_iter().filter(|entity| *entity != BuiltinEntity::Text);
    builtin
        .map(|entity| entity.name().to_owned())
        .chain(entities.iter().map(|entity| entity.name.clone()))
        .collect()
}

fn plan(found: draft::Intent, taken: &mut Unique, known: &BTreeSet<String>, notes: &mut Notes) -> Intent {
    let name = taken.take(&names::intent(&found.name));
    if name != found.name {
        notes.add(Topic::Renamed, &found.at, format!("`{}` is `{name}`", clean(&found.name)));
    }
    let builtin = Builtin::named(&name);
    note_builtin(&name, builtin, &found, notes);
    let examples = examples(found.examples, known, notes);
    if examples.is_empty() && builtin.is_none() {
        notes.add(Topic::NoExamples, &found.at, format!("`{name}`"));
    }
    let speaks = !builtin.is_some_and(|builtin| WORDLESS.contains(&builtin));
    Intent {
        title: names::title(&found.name),
        examples,
        answers: if speaks { found.answers } else { Vec::new() },
        questions: found.questions,
        builtin: builtin.is_some(),
        name,
    }
}

fn note_builtin(name: &str, builtin: Option<Builtin>, found: &draft::Intent, notes: &mut Notes) {
    match builtin {
        Some(builtin) if WORDLESS.contains(&builtin) && !found.answers.is_empty() => {
            let text = format!(
                "`{name}` does something of its own here and says nothing: {}",
                short(&found.answers[0])
            );
            notes.add(Topic::Answer, &found.at, text);
        }
        Some(_) => {
            let says = if found.answers.is_empty() {
                "the bot answers in its own words"
            } else {
                "it answers in yours"
            };
            notes.add(Topic::Builtin, &found.at, format!("`{name}`: {says}"));
        }
        None => {
            let lower = name.to_lowercase();
            let like = LIKE_BUILTIN.iter().find(|(_, names)| names.contains(&lower.as_str()));
            if let Some((builtin, _)) = like {
                notes.add(Topic::LikeBuiltin, &found.at, format!("`{name}` is like `{builtin}`"));
            }
        }
    }
}

fn examples(found: Vec<Example>, known: &BTreeSet<String>, notes: &mut Notes) -> Vec<Example> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut kept = Vec::with_capacity(found.len());
    for example in found {
        match refused(&example, known) {
            Some((topic, text)) => notes.add(topic, &example.at, text),
            None if seen.insert(key(&example)) => kept.push(example),
            None => notes.repeated += 1,
        }
    }
    kept
}

/// Why an example can't be one of ours.
fn refused(example: &Example, known: &BTreeSet<String>) -> Option<(Topic, String)> {
    let words = example.words().collect::<Vec<_>>().join(" ");
    if !has_words(&words) && !example.slots().any(|slot| known.contains(slot)) {
        let slots: Vec<_> = example.slots().map(|slot| format!("`{{{slot}}}`")).collect();
        return Some(match slots.as_slice() {
            [] => (Topic::Wordless, short(&words)),
            _ => (Topic::Anything, slots.join(" ")),
        });
    }
    let length = words.chars().count();
    (length > READ_LIMIT).then(|| (Topic::TooLong, format!("{length} characters: {}", short(&words))))
}

fn key(example: &Example) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => words.clone(),
        Part::Slot(name) => format!("\u{0}{name}\u{0}"),
    };
    example.parts.iter().map(part).collect()
}

/// Sentences that two intents accept word by word.
fn note_shared(intents: &[Intent], notes: &mut Notes) {
    let mut owners: BTreeMap<String, (usize, &Example)> = BTreeMap::new();
    let mut found: Vec<(Place, String)> = Vec::new();
    for (index, intent) in intents.iter().enumerate() {
        for example in intent.examples.iter().filter(|example| example.slots().next().is_none()) {
            let sentence: String = example.words().collect();
            match owners.get(&squash(&sentence)) {
                Some((other, first)) if *other != index => {
                    let other = &intents[*other].name;
                    found.push((
                        example.at.clone(),
                        format!("{}: `{}`, and `{other}` in {}", short(&sentence), intent.name, first.at),
                    ));
                }
                Some(_) => {}
                None => {
                    owners.insert(squash(&sentence), (index, example));
                }
            }
        }
    }
    for (place, text) in found {
        notes.add(Topic::Shared, &place, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(lines: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut draft = Draft::default();
        for (number, (label, text)) in lines.iter().enumerate() {
            let at = Place::file("a.tsv").line(number + 1);
            draft.intent(label, &at).examples.push(Example::plain(*text, at.clone()));
        }
        let intents = intents(&mut draft);
        let shown =
            intents.iter().map(|intent| format!("{}: {}", intent.name, intent.examples.len())).collect();
        let notes = draft.notes.by_topic().into_iter().flat_map(|(_, notes)| notes);
        (shown, notes.map(|(place, text)| format!("{place} {text}")).collect())
    }

    #[test]
    fn what_needs_a_look_is_noted() {
        let long = "a ".repeat(2_001);
        let (intents, notes) = planned(&[
            ("a.b", "one"),
            ("a/b", "One!"),
            ("yes", "yes"),
            ("goodbye", "ciao"),
            ("empty", "?!"),
            ("a.b", "one"),
            ("a.b", &long),
        ]);
        assert_eq!(intents, ["a_b: 1", "a_b_2: 1", "yes: 1", "goodbye: 1", "empty: 0"]);
        assert_eq!(
            notes,
            [
                "a.tsv:5 “?!”",
                "a.tsv:7 4002 characters: “a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a…”",
                "a.tsv:1 `a.b` is `a_b`",
                "a.tsv:2 `a/b` is `a_b_2`",
                "a.tsv:4 `goodbye`: the bot answers in its own words",
                "a.tsv:3 `yes` is like `affirm`",
                "a.tsv:2 “One!”: `a_b_2`, and `a_b` in a.tsv:1",
                "a.tsv:5 `empty`",
            ]
        );
    }
}
