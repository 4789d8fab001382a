//! Intents: the folder's own, and the built-in ones with what the folder adds to them.
use std::collections::BTreeMap;

use super::check::Scope;
use super::entities::{Entities, pattern};
use super::example::Fragments;
use super::load::{origin, unique};
use super::values::in_words;
use super::{Action, Body, Builtin, Example, Intent, IntentId, Pattern, Say, Settings};
use super::{flow, settings};
use crate::schema::read::{Words, unknown};
use crate::schema::report::{Place, Report};
use crate::schema::written::{self, Contents};
use crate::template::Text;
use crate::text::Language;

/// The language of the crate's own intents.
pub(super) const BUILTIN_LANGUAGE: &str = "en";

/// The intents by name, known before any of them is compiled.
pub(super) struct Declared<'a> {
    /// In the order of the catalog: what the folder says of it, and what the crate says.
    list: Vec<(Option<&'a written::Intent>, Option<&'a written::Intent>)>,
    ids: BTreeMap<&'a str, IntentId>,
}

impl<'a> Declared<'a> {
    pub fn collect(report: &Report, contents: &'a [Contents]) -> Declared<'a> {
        let all = || contents.iter().flat_map(|contents| &contents.intents);
        let is_builtin = |intent: &&written::Intent| report.file(intent.name.place).builtin;
        let builtin: Vec<_> = all().filter(is_builtin).collect();
        let own =
            unique(report, "the intent", all().filter(|intent| !is_builtin(intent)), |intent| &intent.name);
        let mut own: Vec<_> = own.into_values().collect();
        own.sort_by_key(|intent| intent.name.place);
        let crates = |name: &str| builtin.iter().copied().find(|intent| intent.name.text == name);
        let is_new =
            |intent: &&&written::Intent| !own.iter().any(|other| other.name.text == intent.name.text);
        let mut list: Vec<_> = own.iter().map(|intent| (Some(*intent), crates(&intent.name.text))).collect();
        list.extend(builtin.iter().filter(is_new).map(|intent| (None, Some(*intent))));
        let names =
            list.iter().filter_map(|(own, crates)| own.or(*crates)).map(|intent| intent.name.text.as_str());
        let ids = names.enumerate().map(|(index, name)| (name, IntentId(index as u32))).collect();
        Declared { list, ids }
    }

    pub fn intent(&self, name: &str) -> Option<IntentId> {
        self.ids.get(name).copied()
    }

    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.ids.keys().copied()
    }

    /// What is written of an intent: by the folder, and by the crate.
    pub fn written(&self, name: &str) -> [Option<&'a written::Intent>; 2] {
        let Some(id) = self.intent(name) else { return [None, None] };
        let (own, crates) = self.list[id.0 as usize];
        [own, crates]
    }
}

/// All that compiling an intent takes.
pub(super) struct Compiler<'a> {
    pub report: &'a Report,
    pub scope: &'a Scope<'a>,
    pub settings: &'a Settings,
    pub entities: &'a Entities,
    pub fragments: &'a Fragments<'a>,
    pub declared: &'a Declared<'a>,
    pub actions: &'a BTreeMap<String, Action>,
}

impl Compiler<'_> {
    pub fn intents(&self, contents: &[Contents]) -> Vec<Intent> {
        let translations = contents.iter().flat_map(|contents| &contents.translations);
        let mut by_intent: BTreeMap<&str, Vec<&written::Translation>> = BTreeMap::new();
        for translation in translations {
            by_intent.entry(&translation.intent.text).or_default().push(translation);
        }
        let translated = |name: &str| by_intent.get(name).map_or(&[][..], Vec::as_slice);
        let each = self.declared.list.iter().filter_map(|(own, crates)| {
            let name = &own.or(*crates)?.name.text;
            self.intent(*own, *crates, translated(name))
        });
        each.collect()
    }

    fn intent(
        &self,
        own: Option<&written::Intent>,
        crates: Option<&written::Intent>,
        translations: &[&written::Translation],
    ) -> Option<Intent> {
        let both = [own, crates];
        let name = &own.or(crates)?.name;
        let first = |key: fn(&written::Intent) -> Option<&Words>| {
            both.iter().flatten().find_map(|intent| key(intent))
        };
        let slots = own
            .and_then(|intent| intent.flow.as_ref())
            .map(|(_, steps)| flow::slots(self, steps))
            .unwrap_or_default();
        let entity = |slot: &str| slots.get(slot).copied().unwrap_or_else(|| self.entities.of_slot(slot));
        let title = first(|intent| intent.title.as_ref());
        let when = first(|intent| intent.when.as_ref());
        let act = both.iter().flatten().find_map(|intent| intent.act);
        let phrases = |list: fn(&written::Intent) -> &Vec<Words>,
                       translated: fn(&written::Translation) -> &Vec<Words>| {
            let mut found = Vec::new();
            for intent in both.iter().flatten() {
                found.extend(self.examples(list(intent), &self.language_of(intent.name.place), &entity));
            }
            for translation in translations {
                found.extend(self.examples(
                    translated(translation),
                    &Language::new(&translation.language.text),
                    &entity,
                ));
            }
            found
        };
        let patterns = both.iter().flatten().flat_map(|intent| &intent.patterns);
        let spoken =
            translations.iter().filter(|translation| self.speaks(&Language::new(&translation.language.text)));
        let patterns = patterns.chain(spoken.flat_map(|translation| &translation.patterns));
        Some(Intent {
            name: name.text.clone(),
            title: title.map_or_else(|| Text::new(in_words(&name.text)), |words| self.scope.text(words)),
            builtin: Builtin::named(&name.text),
            examples: phrases(|intent| &intent.examples, |translation| &translation.examples),
            not: phrases(|intent| &intent.not, |translation| &translation.not),
            patterns: patterns.filter_map(|words| self.pattern(words)).collect(),
            when: when.map(|words| self.scope.expression(words)),
            act: act.and_then(|act| settings::threshold(self.report, act, "`act`")),
            body: self.body(own, crates)?,
            origin: origin(self.report, name.place),
        })
    }

    fn language_of(&self, place: Place) -> Language {
        let builtin = self.report.file(place).builtin;
        if builtin { Language::new(BUILTIN_LANGUAGE) } else { self.settings.languages[0].clone() }
    }

    pub fn speaks(&self, language: &Language) -> bool {
        self.settings.languages.contains(language)
    }

    /// The examples in one language; none if the bot does not speak it.
    fn examples(
        &self,
        written: &[Words],
        language: &Language,
        entity: &dyn Fn(&str) -> super::EntityId,
    ) -> Vec<Example> {
        if !self.speaks(language) {
            return Vec::new();
        }
        let example = |words: &Words| {
            let phrase = self.fragments.phrase(self.report, words, entity)?;
            let origin = origin(self.report, words.place);
            Some(Example { language: language.clone(), source: words.text.clone(), phrase, origin })
        };
        written.iter().filter_map(example).collect()
    }

    fn pattern(&self, words: &Words) -> Option<Pattern> {
        Some(Pattern { regex: pattern(self.report, words)?, origin: origin(self.report, words.place) })
    }

    fn body(&self, own: Option<&written::Intent>, crates: Option<&written::Intent>) -> Option<Body> {
        let name = &own.or(crates)?.name;
        let own_body = own.filter(|intent| intent.has_body);
        let intent = own_body.or(crates).or(own)?;
        if let (Some(say), Some((place, _))) = (&intent.say, &intent.flow) {
            let message = format!("the intent `{}` has a `say` and a `flow`", name.text);
            let help = "put the text into the flow, as its first step: `- say: …`".to_owned();
            let place = say.variants.first().map_or(*place, |words| words.place);
            self.report.error(place, "wrong-type", message, help);
        }
        match (&intent.say, &intent.flow) {
            (_, Some((place, steps))) => Some(Body::Flow(flow::compile(self, *place, steps))),
            (Some(say), None) => Some(Body::Say(self.say(say))),
            (None, None) if crates.is_some() || Builtin::named(&name.text).is_some() => Some(Body::Builtin),
            (None, None) if intent.has_body => Some(Body::Say(Say::default())),
            (None, None) => {
                let message = format!("nothing says what the bot does for the intent `{}`", name.text);
                self.report.error(
                    name.place,
                    "missing-key",
                    message,
                    "write `say:` with an answer, or a `flow:`".to_owned(),
                );
                Some(Body::Say(Say::default()))
            }
        }
    }

    pub fn say(&self, say: &written::Say) -> Say {
        let texts = |list: &[Words]| list.iter().map(|words| self.scope.text(words)).collect();
        Say { variants: texts(&say.variants), buttons: texts(&say.buttons) }
    }

    pub fn check_action(&self, action: &Words) {
        if !self.actions.contains_key(&action.text) {
            let message = format!("there is no action `{}`", action.text);
            let known = self.actions.keys().map(String::as_str);
            unknown(
                self.report,
                "unknown-action",
                action.place,
                message,
                &action.text,
                known,
                "write it under `actions:`",
            );
        }
    }
}
