use expect_test::{Expect, expect};

use super::read;
use crate::import::notes::Notes;
use crate::import::source::Input;
use crate::import::{files, plan};

/// The folder without bot.yaml, and the notes; it loads.
fn check(json: &str, want: Expect) {
    let mut draft = read(&[Input { name: "corpus.json".into(), bytes: json.into() }]).unwrap();
    let intents = plan::intents(&mut draft);
    let files = files::files("en", &intents, &draft.entities, &mut Notes::default());
    let mut shown: String = files.iter().skip(1).map(|file| file.text.clone()).collect();
    for (topic, notes) in draft.notes.by_topic() {
        shown.push_str(&format!("{topic:?}\n"));
        notes.iter().for_each(|(place, text)| shown.push_str(&format!("  {place} {text}\n")));
    }
    want.assert_eq(&shown);
    let sources =
        files.iter().map(|file| bot_core::catalog::Source::new(&file.name, file.text.as_str())).collect();
    bot_core::engine::Engine::load(sources).unwrap_or_else(|found| panic!("{:#?}\n{shown}", found.problems));
}

#[test]
fn intents_answers_and_references() {
    check(
        r##"{
  "name": "Corpus", "locale": "en-US", "contextData": "./x.json",
  "data": [
    { "intent": "greetings.bye", "utterances": ["goodbye for now", "bye bye 50% off 20%", 3], "answers": ["Till next time", { "answer": "see you!" }, { "answer": "Ciao", "opts": "lang === 'it'" }] },
    { "intent": "hero.city", "utterances": ["where does @hero live", "write to jo@mail.example", "%hero%", "call @phonenumber", "@hero_0 and @hero_1", "@age old"],
      "answers": ["{{ hero }} lives here, call {{phonenumber}}.", "{{ _data[entities.hero.option].city }}"], "actions": ["x"] },
    { "utterances": ["lost"] }
  ],
  "entities": {
    "hero": { "options": { "spiderman": ["spiderman", "spider-man"], "thor": ["thor"] } },
    "email": "/\\b(\\w+@\\w+)\\b/gi",
    "code": { "regex": ["/[a-z]{3}\\/\\d+/gi", "\\d{9}"] },
    "size": { "options": { "s": { "en": ["small"], "de": ["klein"] } } }
  }
}"##,
        expect![[r#"
            entities:
              code: { pattern: '(?:[a-z]{3}/\d+)|(?:\d{9})' }
              hero_0:
                values:
                  - spiderman
                  - thor
              hero_1:
                values:
                  - spiderman
                  - thor
              hero:
                values:
                  - spiderman
                  - thor
              size:
                values:
                  s: [small]
            intents:
              greetings_bye:
                title: Greetings bye
                examples:
                  - goodbye for now
                  - bye bye 50% off 20%
                say:
                  - Till next time
                  - see you!
            intents:
              hero_city:
                title: Hero city
                examples:
                  - where does {hero} live
                  - write to jo@mail.example
                  - "{hero}"
                  - call {phone}
                  - "{hero_0} and {hero_1}"
                  - "{age} old"
                say: "{{ hero }} lives here, call {{ phone }}."
            Unreadable
              corpus.json: data[0].utterances[2] “3” is no text
              corpus.json: data[2] there is no `intent` with a name
            Pattern
              corpus.json: entities.email `email` is built in here, as `email`: it is found without an expression
            AnyWords
              corpus.json: data[1].utterances[5] `age`: the corpus has no words and no expression for `age`
            Answer
              corpus.json: data[0].answers[2] `greetings.bye`: only where lang === 'it': “Ciao”
              corpus.json: data[1].answers[1] `hero.city`: nothing fills `_data`: “{{ _data[entities.hero.option].city }}”
            Conversation
              corpus.json: data[1].actions actions of `hero.city`
            Other
              corpus.json: contextData `contextData`
            Renamed
              corpus.json: data[0] `greetings.bye` is `greetings_bye`
              corpus.json: data[1] `hero.city` is `hero_city`
            Copied
              corpus.json: data[1].utterances[4] `hero_0` of `hero`
              corpus.json: data[1].utterances[4] `hero_1` of `hero`
        "#]],
    );
}

#[test]
fn slots_that_must_be_filled_are_asked_for() {
    check(
        r#"{ "locale": "en", "entities": { "fromCity": { "trim": [{ "position": "afterLast", "words": ["from"] }] }, "hero": { "options": { "thor": ["thor"] } } },
  "data": [
    { "intent": "travel", "utterances": ["I want to travel from @fromCity @date", "@fromCity"], "answers": ["From {{fromCity}} on {{date}}, with {{ hero_1 }}."],
      "slotFilling": { "fromCity": { "mandatory": true, "question": "Where from?" }, "date": "When do you want to leave {{ fromCity }}?",
                       "hero_1": { "mandatory": true, "question": { "en": "Who?", "de": "Wer?" } }, "seat": { "question": "Which seat?" }, "bag": { "mandatory": true } } }
  ] }"#,
        expect![[r#"
            entities:
              hero:
                values:
                  - thor
            intents:
              travel:
                title: Travel
                examples:
                  - I want to travel from {fromCity} {date}
                flow:
                  - ask: fromCity
                    say: Where from?
                  - ask: date
                    say: When do you want to leave {{ fromCity }}?
                  - ask: hero_1
                    type: hero
                    say: Who?
                  - say: From {{ fromCity }} on {{ date }}, with {{ hero_1 }}.
            Anything
              corpus.json: data[0].utterances[1] `{fromCity}`
            AnyWords
              corpus.json: entities.fromCity `fromCity`: nlp.js finds it by the words around it (`trim`); here an example with its slot does
            Conversation
              corpus.json: data[0].slotFilling.bag `bag` is mandatory and has no question
        "#]],
    );
}

#[test]
fn what_is_no_corpus_is_an_error() {
    for (json, want) in [
        ("[]", "is no corpus of nlp.js: it begins with no `{`"),
        ("{ \"data\": {} }", "there is no list `data` with `intent`"),
        ("{ \"data\": [", "`a.json` is no JSON"),
    ] {
        let error = read(&[Input { name: "a.json".into(), bytes: json.into() }]).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn one_language_is_taken() {
    let input = |name: &str, json: &str| Input { name: name.into(), bytes: json.into() };
    let corpora = [
        input("de.json", r#"{ "locale": "de-DE", "data": [{ "intent": "a", "utterances": ["eins"] }] }"#),
        input("en.json", r#"{ "locale": "en-US", "data": [{ "intent": "a", "utterances": ["one"] }] }"#),
        input("package.json", "{}"),
    ];
    let draft = read(&corpora).unwrap();
    assert_eq!((draft.language.as_deref(), draft.intents[0].examples.len()), (Some("de"), 1));
    let notes: Vec<_> = draft
        .notes
        .by_topic()
        .into_iter()
        .flat_map(|(_, notes)| notes)
        .map(|(at, _)| at.to_string())
        .collect();
    assert_eq!(notes, ["en.json", "package.json"]);
}
