//! Languages of every family: five intents of a shop with four examples each must be found in other words, inflections,
//! without accents and with typos. The sentences are in `languages/`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use bot_core::catalog::{Catalog, Source, load};
use bot_core::dialogue::Tracker;
use bot_core::engine::Engine;
use bot_core::matcher::Matcher;
use bot_core::text::{Language, Utterance};
use serde_json::{Value, json};

/// From here up the bot asks what is meant, at least.
const ASK: f64 = 0.30;

const FILES: &[(&str, &str)] = &[
    ("ar", include_str!("languages/ar.yaml")),
    ("el", include_str!("languages/el.yaml")),
    ("es", include_str!("languages/es.yaml")),
    ("fr", include_str!("languages/fr.yaml")),
    ("he", include_str!("languages/he.yaml")),
    ("hi", include_str!("languages/hi.yaml")),
    ("ja", include_str!("languages/ja.yaml")),
    ("ko", include_str!("languages/ko.yaml")),
    ("pl", include_str!("languages/pl.yaml")),
    ("ru", include_str!("languages/ru.yaml")),
    ("th", include_str!("languages/th.yaml")),
    ("tr", include_str!("languages/tr.yaml")),
    ("vi", include_str!("languages/vi.yaml")),
    ("zh", include_str!("languages/zh.yaml")),
];

type Topics = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// A shop that speaks that language only.
struct Shop {
    language: Language,
    topics: Topics,
    engine: Engine,
}

impl Shop {
    fn new(language: &str, sentences: &str) -> Shop {
        let topics: Topics = serde_yaml::from_str(sentences).unwrap();
        let intent = |(name, topic): (&String, &BTreeMap<String, Vec<String>>)| {
            (name.clone(), json!({ "examples": topic["examples"], "say": "Fine." }))
        };
        let intents: serde_json::Map<String, Value> = topics.iter().map(intent).collect();
        let file =
            |name: &str, content: Value| Source { name: name.into(), bytes: content.to_string().into() };
        let sources = vec![
            file("bot.yaml", json!({ "languages": [language] })),
            file("shop.yaml", json!({ "intents": intents })),
        ];
        Shop { language: Language::new(language), topics, engine: Engine::load(sources).unwrap() }
    }

    /// What the message is taken for, and how sure that is.
    fn best(&self, message: &str) -> (&str, f64) {
        let now = "2026-11-23T10:00:00[UTC]".parse().unwrap();
        let tracker = Tracker { language: Some(self.language.clone()), ..Tracker::default() };
        let understood = self.engine.understand(&tracker, message, &now);
        let name = |intent| self.engine.catalog().intent(intent).name.as_str();
        understood.ranking.first().map_or(("", 0.0), |best| (name(best.intent), best.confidence))
    }
}

#[test]
fn every_language_is_understood() {
    let mut failed = String::new();
    for (language, sentences) in FILES {
        let shop = Shop::new(language, sentences);
        for (topic, phrases) in &shop.topics {
            for message in &phrases["messages"] {
                let (best, confidence) = shop.best(message);
                if best != topic || confidence < ASK {
                    failed.push_str(&format!("{language} {topic}: {message}: {best} {confidence:.2}\n"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// The catalog of a bot that speaks English and that language.
fn bilingual(language: &str) -> Catalog {
    let settings = json!({ "languages": ["en", language] });
    let bot = Source { name: "bot.yaml".into(), bytes: settings.to_string().into() };
    load(vec![bot]).unwrap().0
}

fn originals(catalog: &Catalog, language: &str) -> BTreeSet<(String, String)> {
    let scopes = &catalog.translations.texts[&Language::new(language)];
    let texts =
        scopes.iter().flat_map(|(scope, texts)| texts.keys().map(|text| (scope.clone(), text.clone())));
    texts.collect()
}

#[test]
fn the_built_in_intents_and_texts_are_complete_in_each_of_their_languages() {
    let expected = originals(&bilingual("de"), "de");
    for language in ["es", "fr", "it", "nl", "pt"] {
        let catalog = bilingual(language);
        assert_eq!(originals(&catalog, language), expected, "{language}");
        for intent in catalog.intents.iter() {
            let own = intent.examples.iter().filter(|example| example.language.code() == language).count();
            assert!(own >= 7, "{language}: {} has {own} examples", intent.name);
        }
    }
}

/// A keyword that a text of the bot tells customers to type is understood.
#[test]
fn what_the_bot_says_to_type_works() {
    for (language, words) in [
        ("de", "Mensch Abbrechen"),
        ("es", "persona parar atrás saltar"),
        ("fr", "conseiller arrêter arrière passer"),
        ("it", "persona stop indietro saltare"),
        ("nl", "medewerker stop stoppen terug overslaan"),
        ("pt", "pessoa parar voltar saltar"),
    ] {
        let catalog = bilingual(language);
        let matcher = Matcher::new(&catalog);
        for word in words.split(' ') {
            let utterance = Utterance::new(word, &Language::new(language));
            let best = matcher.rank(&utterance, &[], &|_| true, 1).remove(0);
            assert_eq!(best.confidence, 1.0, "{language}: {word}");
        }
    }
}
