//! A message as the model reads it: typos mended, values recognised, unknown words noted.
use super::Lexical;
use super::confidence::Whole;
use super::corpus::language_of;
use super::features::{key, stem_key};
use super::nearest::Query;
use super::negation;

use super::terms::{Entry, Languages, Term};
use super::vocabulary::Part;
use crate::catalog::{BuiltinEntity, EntityId};
use crate::entity::EntityMatch;
use crate::text::{Token, Utterance, is_stemmed, is_stopword};

/// How much a mended word counts as known.
const MENDED: f32 = 0.8;
/// Shorter parts of a joined word may be chance.
const SHORTEST_PART: usize = 4;
/// Longer words are not parted.
const LONGEST_PARTED: usize = 32;

/// A message as the model reads it.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// Its words and values.
    pub terms: Vec<Term<'a>>,
    /// For each term the token it comes from; for a value its first.
    pub tokens: Vec<usize>,
    /// What is known of it.
    pub parts: Vec<Part>,
    /// Its words alone, for the nearest example.
    pub query: Query,
    /// What share of it the folder's words cover, the rare counting more. 0 to 1.
    pub known: f32,
    /// Tokens that no example has.
    pub unknown: Vec<usize>,
    /// Tokens and the known words that were meant.
    pub mended: Vec<(usize, &'a str)>,
    /// How many words and values it has.
    pub words: usize,
    /// How many of them name a topic.
    pub content: usize,
    /// By token: whether the customer does *not* want that. Empty if there is no such word.
    pub negated: Vec<bool>,
}

impl Reading<'_> {
    /// What is known of it as a whole.
    pub fn whole(&self) -> Whole {
        Whole {
            words: self.words,
            content: self.content,
            values: self.terms.iter().filter(|term| matches!(term, Term::Value(_))).count(),
            known: f64::from(self.known),
        }
    }
}

/// What the model makes of a token.
struct Read<'a> {
    term: Term<'a>,
    known: f32,
}

impl Lexical {
    /// Reads a message.
    pub(super) fn read<'a>(&'a self, utterance: &'a Utterance, entities: &[EntityMatch]) -> Reading<'a> {
        let mut reader = Reader::new(self, utterance);
        reader.read(&self.values(entities));
        reader.finish()
    }

    /// The values whose entities the examples use, in order; where they overlap the longest, and of the same words the value
    /// of the folder's own entity: an order number is a number, too, but that says less.
    fn values<'m>(&self, entities: &'m [EntityMatch]) -> Vec<&'m EntityMatch> {
        let is_used = |found: &&EntityMatch| self.number(Term::Value(found.entity)).is_some();
        let mut values: Vec<&EntityMatch> = entities.iter().filter(is_used).collect();
        let is_builtin = |entity: EntityId| (entity.0 as usize) < BuiltinEntity::ALL.len();
        values.sort_by_key(|found| {
            (found.span.start, usize::MAX - found.span.end, is_builtin(found.entity), found.entity)
        });
        let mut end = 0;
        values.retain(|found| {
            let free = found.span.start >= end;
            end = if free { found.span.end } else { end };
            free
        });
        values
    }

    fn number(&self, term: Term<'_>) -> Option<u32> {
        key(term).and_then(|key| self.vocabulary.number(key))
    }
}

struct Reader<'a> {
    model: &'a Lexical,
    language: Languages,
    /// Whether a word that only another language's examples have is likelier a typo.
    own_language: bool,
    /// Whether unknown words may be typos.
    mends: bool,
    utterance: &'a Utterance,
    terms: Vec<Term<'a>>,
    tokens: Vec<usize>,
    /// Known words inside values: they count too, but stand apart.
    aside: Vec<(Term<'a>, usize)>,
    unknown: Vec<usize>,
    mended: Vec<(usize, &'a str)>,
    mass: f32,
    known_mass: f32,
}

impl<'a> Reader<'a> {
    fn new(model: &'a Lexical, utterance: &'a Utterance) -> Reader<'a> {
        let mut reader = Reader {
            model,
            language: language_of(&model.languages, utterance.language()),
            own_language: false,
            mends: false,
            utterance,
            terms: Vec::with_capacity(utterance.tokens().len()),
            tokens: Vec::new(),
            aside: Vec::new(),
            unknown: Vec::new(),
            mended: Vec::new(),
            mass: 0.0,
            known_mass: 0.0,
        };
        reader.own_language = reader.is_in_own_language();
        reader.mends = reader.may_mend();
        reader
    }

    /// A typo is believed among known words: "wheres my parcle". Where most words are unknown the message is about
    /// something else, and a word like a known one is a coincidence: "purple elephants dance slowly" says no "danke".
    fn may_mend(&self) -> bool {
        let tokens = self.utterance.tokens();
        let known = tokens.iter().filter(|token| self.entry(token).is_some()).count();
        2 * (known + 1) >= tokens.len()
    }

    /// Whether most of the words are known in the language that the message is read in.
    fn is_in_own_language(&self) -> bool {
        let entries = self.utterance.tokens().iter().filter_map(|token| self.entry(token));
        let (own, foreign): (Vec<_>, Vec<_>) =
            entries.partition(|entry| entry.languages.meets(self.language));
        own.len() > foreign.len()
    }

    fn entry(&self, token: &Token) -> Option<&'a Entry> {
        let lexicon = &self.model.lexicon;
        lexicon.with_stem(&token.word, &token.stem).or_else(|| lexicon.get(&token.word))
    }

    fn read(&mut self, values: &[&EntityMatch]) {
        let mut values = values.iter().peekable();
        let mut inside: Option<&EntityMatch> = None;
        for (index, token) in self.utterance.tokens().iter().enumerate() {
            inside = inside.filter(|value| value.span.end > token.span.start);
            while let Some(value) = values.next_if(|value| value.span.start < token.span.end) {
                if value.span.overlaps(token.span) {
                    inside = Some(value);
                    self.push(Read { term: Term::Value(value.entity), known: 1.0 }, index);
                }
            }
            match inside {
                Some(_) => self.set_aside(index, token),
                None => self.read_word(index, token),
            }
        }
    }

    fn push(&mut self, read: Read<'a>, token: usize) {
        let rarity = self.model.number(read.term).map(|number| self.model.vocabulary.rarity(number));
        let rarity = rarity.unwrap_or(self.model.vocabulary.unknown);
        self.mass += rarity * rarity;
        self.known_mass += rarity * rarity * read.known;
        self.terms.push(read.term);
        self.tokens.push(token);
    }

    fn set_aside(&mut self, index: usize, token: &'a Token) {
        if let Some(term) = self.known(token) {
            self.aside.push((term, index));
        }
    }

    fn read_word(&mut self, index: usize, token: &'a Token) {
        if let Some(term) = self.known(token) {
            return self.push(Read { term, known: 1.0 }, index);
        }
        if let Some(words) = self.parted(token) {
            let words = words.map(|entry| Read { term: Term::Known(entry), known: 1.0 });
            return words.into_iter().for_each(|read| self.push(read, index));
        }
        let new = self.model.number(Term::New { word: &token.word, stem: &token.stem });
        let read = match new {
            Some(_) => Read { term: Term::New { word: &token.word, stem: &token.stem }, known: 1.0 },
            None if self.mends => self.mend(index, token),
            None => self.unknown(index, token),
        };
        self.push(read, index);
    }

    /// Two known words written as one: "login", "trackorder". Short ones only if the examples have them side by side, for
    /// chance makes "in form" of "inform".
    fn parted(&self, token: &'a Token) -> Option<[&'a Entry; 2]> {
        let side_by_side = self.model.vocabulary.number(stem_key(&token.stem)).is_some();
        let lexicon = &self.model.lexicon;
        let word = token.word.as_str();
        let cuts = word.char_indices().skip(1).take(LONGEST_PARTED).map(|(at, _)| word.split_at(at));
        let is_long = |part: &str| part.chars().nth(SHORTEST_PART - 1).is_some();
        let mut cuts = cuts.filter(|(first, second)| side_by_side || is_long(first) && is_long(second));
        cuts.find_map(|(first, second)| Some([lexicon.get(first)?, lexicon.get(second)?]))
    }

    /// The word if the examples have it or its stem, be it in another language.
    fn known(&self, token: &'a Token) -> Option<Term<'a>> {
        match self.entry(token) {
            Some(entry) if self.own_language && !entry.languages.meets(self.language) => {
                // "my oder": rather the typo of an English word than a German one.
                let meant = self.model.mender.mend(&self.model.lexicon, &token.word, self.language);
                let is_typo = meant.is_some_and(|meant| meant.languages.meets(self.language));
                (!is_typo).then_some(Term::Known(entry))
            }
            Some(entry) => Some(Term::Known(entry)),
            None => {
                let is_word = |number: &u32| (*number as usize) < self.model.vocabulary.words;
                let number = self.model.vocabulary.number(stem_key(&token.stem)).filter(is_word);
                number.map(|_| Term::New { word: &token.word, stem: &token.stem })
            }
        }
    }

    fn mend(&mut self, index: usize, token: &'a Token) -> Read<'a> {
        match self.meant(token) {
            Some(entry) => {
                self.mended.push((index, &entry.word));
                Read { term: Term::Known(entry), known: MENDED }
            }
            None => self.unknown(index, token),
        }
    }

    /// The known word that is meant by an unknown one. Stop words are seldom a typo of another word, even if no example
    /// has them: "nos hemos mudado" says no "vemos". The ending may differ as well: "larms" for "alarm".
    fn meant(&self, token: &'a Token) -> Option<&'a Entry> {
        if is_stopword(self.utterance.language().code(), &token.word) {
            return None;
        }
        let mend = |word: &str| self.model.mender.mend(&self.model.lexicon, word, self.language);
        let stem = || mend(&token.stem).filter(|_| token.stem != token.word);
        let ending = || self.model.mender.with_other_ending(&self.model.lexicon, &token.word);
        let is_stemmed = is_stemmed(self.utterance.language());
        mend(&token.word).or_else(|| if is_stemmed { stem() } else { ending() })
    }

    fn unknown(&mut self, index: usize, token: &'a Token) -> Read<'a> {
        self.unknown.push(index);
        Read { term: Term::New { word: &token.word, stem: &token.stem }, known: 0.0 }
    }

    fn finish(mut self) -> Reading<'a> {
        let query = self.query();
        let words = self.terms.len();
        let content = self.terms.iter().filter(|term| self.is_content(term)).count();
        for (term, token) in std::mem::take(&mut self.aside) {
            self.terms.extend([Term::Gap, term]);
            self.tokens.extend([token, token]);
        }
        Reading {
            parts: self.model.vocabulary.parts(&self.terms),
            query,
            words,
            content,
            known: if self.mass > 0.0 { self.known_mass / self.mass } else { 0.0 },
            negated: negation::negated(self.utterance),
            terms: self.terms,
            tokens: self.tokens,
            unknown: self.unknown,
            mended: self.mended,
        }
    }

    fn is_content(&self, term: &Term<'_>) -> bool {
        match term {
            Term::Known(entry) => self.is_topic(&entry.word),
            Term::New { word, .. } => self.is_topic(word),
            Term::Value(_) => true,
            Term::Gap => false,
        }
    }

    fn is_topic(&self, word: &str) -> bool {
        !is_stopword(self.utterance.language().code(), word) && !self.is_foreign_stopword(word)
    }

    /// Whether only another language of the folder has that word, and there it names no topic.
    fn is_foreign_stopword(&self, word: &str) -> bool {
        let entry = self.model.lexicon.get(word).filter(|entry| !entry.languages.meets(self.language));
        let languages = || self.model.languages.iter().any(|language| is_stopword(language.code(), word));
        entry.is_some() && languages()
    }

    /// The words alone; the unknown make all others count less.
    fn query(&self) -> Query {
        let mut words: Vec<(u32, f32)> = Vec::with_capacity(self.terms.len());
        for number in self.terms.iter().filter_map(|&term| self.model.number(term)) {
            // A joined word may be known as a pair alone: "login" where the examples write "log in".
            let is_word = (number as usize) < self.model.vocabulary.words;
            if is_word && words.iter().all(|&(other, _)| other != number) {
                words.push((number, self.model.vocabulary.rarity(number)));
            }
        }
        let known: f32 = words.iter().map(|(_, rarity)| rarity * rarity).sum();
        let unknown = self.unknown.len() as f32 * self.model.vocabulary.unknown.powi(2);
        let length = (known + unknown).sqrt().max(f32::MIN_POSITIVE);
        words.iter_mut().for_each(|(_, rarity)| *rarity /= length);
        Query::new(words, self.model.vocabulary.words)
    }
}
