//! What there is to learn from: the sentences of a folder's examples, as terms.
use std::collections::BTreeSet;

use super::super::spread::spread;
use super::features::{key, stem_key};
use super::negation;
use super::terms::{Languages, Lexicon, Term};
use crate::catalog::phrase::Piece;
use crate::catalog::{BuiltinEntity, Catalog, EntityId, Example, Intent};
use crate::text::{Language, Utterance};

/// Sentences of a template that are learnt from; more of them say little more.
const SENTENCES: usize = 16;

/// The sentences of a folder.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    /// Their words.
    pub lexicon: Lexicon,
    /// The sentences, by intent.
    pub documents: Vec<Document>,
    /// By intent: the words that its examples take back themselves, by key.
    pub taken_back: Vec<BTreeSet<u64>>,
    /// By intent: the stems of its name and title, by key.
    pub names: Vec<Vec<u64>>,
    /// The folder's languages.
    pub languages: Vec<Language>,
}

/// A sentence to learn from.
#[derive(Debug)]
pub(super) struct Document {
    /// The intent it belongs to, or must not have.
    pub intent: u32,
    /// The sentences of one example weigh 1 together.
    pub weight: f32,
    /// Where it comes from.
    pub role: Role,
    words: Vec<Code>,
}

/// Where a sentence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matcher) enum Role {
    /// An example, by its index.
    Example(u32),
    /// The intent's name or title.
    Name,
    /// A `not` phrase, by its index.
    Not(u32),
}

/// A term by number.
#[derive(Clone, Copy, Debug)]
enum Code {
    Word(u32),
    Value(EntityId),
    Gap,
}

impl Corpus {
    /// All there is to learn from a folder.
    pub fn of(catalog: &Catalog) -> Corpus {
        let mut corpus = Corpus { languages: catalog.settings.languages.clone(), ..Corpus::default() };
        for (index, intent) in catalog.intents.iter().enumerate() {
            corpus.add_intent(catalog, index as u32, intent);
        }
        corpus
    }

    /// The terms of a document.
    pub fn terms<'a>(&'a self, document: &Document, terms: &mut Vec<Term<'a>>) {
        terms.clear();
        terms.extend(document.words.iter().map(|&code| self.term(code)));
    }

    /// Every term that is in any document, words first.
    pub fn all_terms(&self) -> impl Iterator<Item = Term<'_>> {
        let words = (0..self.lexicon.entries.len() as u32).map(|word| self.lexicon.term(word));
        let others = self.documents.iter().flat_map(|document| &document.words);
        words.chain(others.filter(|code| matches!(code, Code::Value(_))).map(|&code| self.term(code)))
    }

    fn term(&self, code: Code) -> Term<'_> {
        match code {
            Code::Word(word) => self.lexicon.term(word),
            Code::Value(entity) => Term::Value(entity),
            Code::Gap => Term::Gap,
        }
    }

    fn add_intent(&mut self, catalog: &Catalog, intent: u32, written: &Intent) {
        self.taken_back.push(BTreeSet::new());
        for (index, example) in written.examples.iter().enumerate() {
            self.add_example(intent, example, Role::Example(index as u32));
        }
        let mut stems = BTreeSet::new();
        for (language, name) in names(catalog, written) {
            let words = self.words(&name, language);
            stems.extend(words.iter().filter_map(|&code| key(self.term(code))));
            self.add(intent, 1.0, Role::Name, words);
        }
        self.names.push(stems.into_iter().collect());
        let taken_back = self.taken_back.last().cloned();
        for (index, example) in written.not.iter().enumerate() {
            self.add_example(intent, example, Role::Not(index as u32));
        }
        self.taken_back.truncate(intent as usize);
        self.taken_back.extend(taken_back);
    }

    fn add_example(&mut self, intent: u32, example: &Example, role: Role) {
        let all = example.phrase.sentences();
        let chosen = spread(all.len(), SENTENCES);
        let weight = 1.0 / chosen.len().max(1) as f32;
        for index in chosen {
            let words = self.sentence(&all[index], &example.language);
            self.add(intent, weight, role, words);
        }
    }

    fn add(&mut self, intent: u32, weight: f32, role: Role, words: Vec<Code>) {
        if !words.is_empty() {
            self.documents.push(Document { intent, weight, role, words });
        }
    }

    fn sentence(&mut self, pieces: &[Piece], language: &Language) -> Vec<Code> {
        let mut codes = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Words(words) => codes.extend(self.words(words, language)),
                Piece::Slot { entity, .. } if *entity == BuiltinEntity::Text.id() => codes.push(Code::Gap),
                Piece::Slot { entity, .. } => codes.push(Code::Value(*entity)),
            }
        }
        codes
    }

    fn words(&mut self, text: &str, language: &Language) -> Vec<Code> {
        let utterance = Utterance::new(text, language);
        self.note_taken_back(&utterance);
        let language = language_of(&self.languages, language);
        let tokens = utterance.tokens().iter();
        tokens.map(|token| Code::Word(self.lexicon.intern(&token.word, &token.stem, language))).collect()
    }

    fn note_taken_back(&mut self, utterance: &Utterance) {
        let Some(taken_back) = self.taken_back.last_mut() else { return };
        let negated = negation::negated(utterance).into_iter().zip(utterance.tokens());
        let tokens = negated.filter(|(negated, _)| *negated).map(|(_, token)| token);
        taken_back.extend(tokens.map(|token| stem_key(&token.stem)));
    }
}

/// The set of that language; none if the folder does not speak it.
pub(super) fn language_of(languages: &[Language], language: &Language) -> Languages {
    languages.iter().position(|other| other == language).map(Languages::one).unwrap_or_default()
}

/// The intent's name and title in words, and the title's translations: authors choose them well. As one more example
/// they gave 0.6 points at ten examples an intent and 2.6 to 4.4 at five.
fn names<'a>(catalog: &'a Catalog, intent: &Intent) -> Vec<(&'a Language, String)> {
    let name = intent.name.replace('_', " ");
    let title = intent.title.0.as_str();
    let mut names = vec![(catalog.language(), name.clone())];
    for language in &catalog.settings.languages {
        let text = catalog.translations.get(language, &intent.name, title);
        let is_new = language == catalog.language() || text != title;
        if is_new && !text.contains("{{") && !text.eq_ignore_ascii_case(&name) {
            names.push((language, text.to_owned()));
        }
    }
    names
}
