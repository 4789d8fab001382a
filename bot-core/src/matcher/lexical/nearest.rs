//! How near a message is to single examples: the cosine of their words, each weighted by how rare it is.
use super::corpus::Role;

/// A word or value of a text by its number in the vocabulary, and how much it counts.
pub(super) type Words = Vec<(u32, f32)>;

/// The words of all sentences of one kind, by intent.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// By intent: where its sentences start.
    intents: Vec<u32>,
    /// By sentence: where it comes from, and where its words start.
    sentences: Vec<(Role, u32)>,
    words: Words,
    /// By intent: all its words, in order.
    vocabularies: Vec<Box<[u32]>>,
}

/// The sentence nearest to a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Near {
    /// Where it comes from.
    pub role: Role,
    /// 0: no word in common; 1: the same words.
    pub similarity: f32,
}

/// A message's words for look-up.
#[derive(Debug)]
pub(super) struct Query {
    words: Words,
    by_word: Vec<f32>,
}

impl Query {
    /// Of words that are scaled already, out of a vocabulary of so many.
    pub fn new(words: Words, vocabulary: usize) -> Query {
        let mut by_word = vec![0.0; vocabulary];
        for &(word, value) in &words {
            by_word[word as usize] = value;
        }
        Query { words, by_word }
    }
}

impl Nearest {
    /// Adds the sentences of the next intent.
    pub fn add_intent(&mut self, sentences: impl Iterator<Item = (Role, Words)>) {
        self.intents.push(self.sentences.len() as u32);
        let start = self.words.len();
        for (role, words) in sentences {
            self.sentences.push((role, self.words.len() as u32));
            let length = words.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
            self.words
                .extend(words.into_iter().map(|(word, value)| (word, value / length.max(f32::MIN_POSITIVE))));
        }
        let mut vocabulary: Vec<u32> = self.words[start..].iter().map(|&(word, _)| word).collect();
        vocabulary.sort_unstable();
        vocabulary.dedup();
        self.vocabularies.push(vocabulary.into());
    }

    /// What share of a message the sentences of that intent have between them, the rare words counting more: 0 to 1.
    pub fn covered(&self, query: &Query, intent: u32) -> f32 {
        let vocabulary = &self.vocabularies[intent as usize];
        let own = query.words.iter().filter(|(word, _)| vocabulary.binary_search(word).is_ok());
        own.map(|(_, value)| value * value).sum()
    }

    /// The sentence of that intent that is nearest; `None` if it has none.
    pub fn find(&self, query: &Query, intent: u32) -> Option<Near> {
        let intent = intent as usize;
        let start = *self.intents.get(intent)? as usize;
        let end = self.intents.get(intent + 1).map_or(self.sentences.len(), |&next| next as usize);
        let mut best: Option<Near> = None;
        for index in start..end {
            let similarity =
                self.words(index).iter().map(|&(word, value)| value * query.by_word[word as usize]).sum();
            if best.is_none_or(|best| similarity > best.similarity) {
                best = Some(Near { role: self.sentences[index].0, similarity });
            }
        }
        best
    }

    fn words(&self, sentence: usize) -> &[(u32, f32)] {
        let start = self.sentences[sentence].1 as usize;
        let end = self.sentences.get(sentence + 1).map_or(self.words.len(), |next| next.1 as usize);
        &self.words[start..end]
    }
}
