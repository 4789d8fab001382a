//! Languages of every family: five intents of a shop with four examples each must be found in other words, inflections,
//! without accents and with typos. The sentences are in `languages/`.
use std::collections::BTreeMap;

use bot_core::catalog::{Catalog, Source, load};
use bot_core::entity::Recognizer;
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
    catalog: Catalog,
    matcher: Matcher,
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
        let (catalog, _) = load(sources).unwrap();
        let matcher = Matcher::new(&catalog);
        Shop { language: Language::new(language), topics, catalog, matcher }
    }

    /// What the message is taken for, and how sure that is.
    fn best(&self, message: &str) -> (&str, f64) {
        let utterance = Utterance::new(message, &self.language);
        let now = "2026-11-23T10:00:00[UTC]".parse().unwrap();
        let values = Recognizer::new(&self.catalog).find(&utterance, &now);
        let ranking = self.matcher.rank(&utterance, &values, &|_| true, 1);
        ranking
            .first()
            .map_or(("", 0.0), |best| (self.catalog.intent(best.intent).name.as_str(), best.confidence))
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
