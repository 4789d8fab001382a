use expect_test::{Expect, expect};

use super::read;
use crate::import::notes::Notes;
use crate::import::source::Input;
use crate::import::{files, plan, verify};

/// The folder without bot.yaml, and the notes.
fn check(inputs: &[(&str, &str)], want: Expect) {
    let input = |(name, text): &(&str, &str)| Input { name: (*name).into(), bytes: (*text).into() };
    let mut draft = read(&inputs.iter().map(input).collect::<Vec<_>>()).unwrap();
    verify::keep_words(&mut draft, &bot_core::text::Language::new("en"));
    let intents = plan::intents(&mut draft);
    let files = files::files("en", &intents, &draft.entities, &mut Notes::default());
    let mut shown: String = files.iter().skip(1).map(|file| file.text.clone()).collect();
    for (topic, notes) in draft.notes.by_topic() {
        shown.push_str(&format!("{topic:?}\n"));
        notes.iter().for_each(|(place, text)| shown.push_str(&format!("  {place} {text}\n")));
    }
    want.assert_eq(&shown);
}

#[test]
fn marked_words_become_slots() {
    check(
        &[(
            "nlu.yml",
            r#"version: "3.1"
nlu:
- intent: fly
  examples: |
    - fly to [Berlin](city)
    - fly from [NYC]{"entity": "city", "value": "New York", "role": "from"} [tomorrow](date)
    - fly [soonish](date)
    - [Berlin](city)
    - go (now) [or never
- synonym: New York
  examples: |
    - the big apple
- synonym: nothing
  examples: |
    - nil
- lookup: city
  examples: |
    - Paris
    - Berlin
"#,
        )],
        expect![[r#"
            entities:
              city_from:
                values:
                  Paris: [Paris]
                  Berlin: [Berlin]
                  New York: [NYC, the big apple]
              city:
                values:
                  Paris: [Paris]
                  Berlin: [Berlin]
                  New York: [NYC, the big apple]
            intents:
              fly:
                title: Fly
                examples:
                  - fly to {city}
                  - fly from {city_from} {date}
                  - fly soonish
                  - "{city}"
                  - go \(now\) \[or never
                say: (The answer to “Fly” is still to be written.)
            ValueNotFound
              nlu.yml:7 “fly soonish”
            Synonym
              nlu.yml:13 `nothing`
            Copied
              nlu.yml:6 `city_from` of `city`
            Elsewhere
              nlu.yml answers stand in domain.yml
        "#]],
    );
}

#[test]
fn expressions_become_patterns() {
    check(
        &[(
            "nlu.yml",
            r#"nlu:
- intent: track
  examples: |
    - track [12345678](order)
    - track [unknown](order)
    - zip [12345](zip)
- regex: order
  examples: |
    - (\d{4})(\d{4})
- regex: zip
  examples: |
    - \d(?=\d)
- regex: other
  examples: |
    - \d+
"#,
        )],
        expect![[r#"
            entities:
              order: { pattern: '((\d{4})(\d{4}))' }
              zip:
                values:
                  - "12345"
            intents:
              track:
                title: Track
                examples:
                  - track {order}
                  - track unknown
                  - zip {zip}
                say: (The answer to “Track” is still to be written.)
            ValueNotFound
              nlu.yml:5 “track unknown”
            Pattern
              nlu.yml:10 `zip`: look-around, including look-ahead and look-behind, is not supported: \d(?=\d)
              nlu.yml:13 `other` is no entity: \d+
            Closed
              nlu.yml:6 `zip`: 1 word: 12345
            Elsewhere
              nlu.yml answers stand in domain.yml
        "#]],
    );
}

#[test]
fn answers_come_from_the_domain() {
    check(
        &[
            (
                "data/nlu.yml",
                r#"nlu:
- intent: greet
  examples: |
    - hello
- intent: faq/name
  examples: |
    - what is your name
- intent: hours
  metadata: { sentiment: neutral }
  examples:
  - text: |
      when are you open
    metadata: { x: 1 }
- intent: challenge
  examples: |
    - are you real
- intent: refund
  examples: |
    - refund [12](number)
"#,
            ),
            (
                "domain.yml",
                r#"version: "3.1"
intents: [greet, faq, hours, challenge, refund, lost]
responses:
  utter_greet:
  - text: Hey!
    buttons: [{ title: a, payload: b }]
  - text: Hi!
  utter_faq/name:
  - text: "I am\n**Ada**."
  utter_iamabot: [{ text: A bot. }]
  utter_hours:
  - condition: [{ type: slot }]
    text: Late.
  - image: a.png
  utter_refund:
  - text: Refund of {number}, {name}?
  - text: Refund of {number}?
  utter_happy: [{ text: Great! }]
forms: { order_form: {} }
"#,
            ),
            (
                "data/rules.yml",
                "rules:\n- rule: a\n  steps:\n  - intent: challenge\n  - action: utter_iamabot\n- rule: b\n  steps: [{ intent: x }]\n",
            ),
            ("config.yml", "language: de\npipeline: []\n"),
            ("broken.yml", "a: [\n"),
        ],
        expect![[r#"
            intents:
              greet:
                title: Greet
                examples:
                  - hello
                say:
                  - Hey!
                  - Hi!
            intents:
              faq_name:
                title: Faq name
                examples:
                  - what is your name
                say: |-
                  I am
                  **Ada**.
            intents:
              hours:
                title: Hours
                examples:
                  - when are you open
                say: (The answer to “Hours” is still to be written.)
            intents:
              challenge:
                title: Challenge
                examples:
                  - are you real
                say: A bot.
            intents:
              refund:
                title: Refund
                examples:
                  - refund {number}
                say: Refund of {{ number }}?
            Unreadable
              broken.yml no YAML: line 2: while parsing a node, did not find expected node content
            Answer
              domain.yml:5 `utter_greet`: its buttons; the text was taken
              domain.yml:12 `utter_hours` has a condition: “Late.”
              domain.yml:14 `utter_hours`: image without a text
              domain.yml:16 `utter_refund`: nothing fills `name`: “Refund of {number}, {name}?”
              domain.yml:18 `utter_happy`: “Great!”
            Conversation
              domain.yml:19 1 form
              data/rules.yml:2 1 rule
            Other
              data/nlu.yml:8 the metadata of `hours`
              data/nlu.yml:13 the metadata of “when are you open”
              config.yml all of it: `language`, `pipeline`
              domain.yml:2 the intent `lost`, which has no examples
            Renamed
              data/nlu.yml:5 `faq/name` is `faq_name`
            Builtin
              data/nlu.yml:2 `greet`: it answers in yours
        "#]],
    );
}

#[test]
fn what_is_no_training_data_is_an_error() {
    for (name, text, want) in [
        ("a.yml", "responses: {}", "there is no `nlu:` with intents in `a.yml`"),
        ("a.yml", "nlu: [", "`a.yml` is no YAML: line"),
    ] {
        let error = read(&[Input { name: name.into(), bytes: text.into() }]).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
    }
}
