//! Which intents are taken for which, worst first, and the words that cause it. Pure: predictions in, lists out.
use std::collections::BTreeMap;

use bot_core::catalog::{Catalog, IntentId};
use bot_core::engine::Decision;

use super::measures::PerIntent;
use super::prediction::Prediction;

/// An intent that was taken for another.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// What the messages mean; `None`: no intent.
    pub right: Option<IntentId>,
    /// What they were taken for; `None`: nothing.
    pub taken: Option<IntentId>,
    /// The messages, by their place in the list; the surest first.
    pub messages: Vec<usize>,
    /// How many messages were confused the other way round.
    pub reverse: usize,
    /// The words that spoke for the wrong one, the strongest first.
    pub words: Vec<String>,
}

/// How many words are named.
const WORDS: usize = 4;

/// The confusions, the most frequent first. A message of no intent counts if the bot would act on it.
pub fn confusions(predictions: &[Prediction]) -> Vec<Confusion> {
    let mut pairs: BTreeMap<(Option<IntentId>, Option<IntentId>), Vec<usize>> = BTreeMap::new();
    for (index, prediction) in predictions.iter().enumerate() {
        let counts = if prediction.label.is_some() {
            !prediction.is_right()
        } else {
            prediction.decision == Decision::Act
        };
        if counts {
            pairs.entry((prediction.label, prediction.best())).or_default().push(index);
        }
    }
    let sizes: BTreeMap<_, usize> = pairs.iter().map(|(pair, messages)| (*pair, messages.len())).collect();
    let confusion = |((right, taken), mut messages): ((Option<IntentId>, Option<IntentId>), Vec<usize>)| {
        messages.sort_by(|&a, &b| predictions[b].confidence().total_cmp(&predictions[a].confidence()));
        let words = words(messages.iter().map(|&message| &predictions[message]));
        // What is nothing as a guess is no intent as a meaning: those have no other way round.
        let is_pair = right.is_some() && taken.is_some();
        let reverse = sizes.get(&(taken, right)).copied().filter(|_| is_pair).unwrap_or(0);
        Confusion { right, taken, messages, reverse, words }
    };
    let mut confusions: Vec<Confusion> = pairs.into_iter().map(confusion).collect();
    // Of as many messages, those first where the other way round happens too; then in the order of the catalog.
    confusions.sort_by_key(|it| (usize::MAX - it.messages.len(), usize::MAX - it.reverse));
    confusions
}

fn words<'a>(predictions: impl Iterator<Item = &'a Prediction>) -> Vec<String> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for (word, more) in
        predictions.filter_map(|prediction| prediction.rival.as_ref()).flat_map(|rival| &rival.words)
    {
        *sums.entry(word).or_default() += more;
    }
    let mut words: Vec<(&str, f64)> = sums.into_iter().collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    words.into_iter().take(WORDS).map(|(word, _)| word.to_owned()).collect()
}

/// Examples that are much like an example of another intent, and less like any other of their own: by their place in the
/// list, the clearest first.
pub fn nearer(predictions: &[Prediction]) -> Vec<usize> {
    let gap = |prediction: &Prediction| {
        let rival = prediction.rival.as_ref()?;
        let similarity =
            |near: &Option<super::prediction::Nearest>| near.as_ref().map_or(0.0, |near| near.similarity);
        let gap = similarity(&rival.nearest) - similarity(&rival.own);
        (similarity(&rival.nearest) >= ALIKE && gap >= NEARER).then_some(gap)
    };
    let mut found: Vec<(usize, f64)> = predictions
        .iter()
        .enumerate()
        .filter_map(|(index, prediction)| Some((index, gap(prediction)?)))
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.into_iter().map(|(index, _)| index).collect()
}

/// From here on, two sentences are much alike: 0 is no word in common, 1 the same words. With less, one of three of the
/// sample's examples was nearer to another intent, and an author could do nothing about it.
const ALIKE: f64 = 0.6;

/// How much nearer is worth telling.
const NEARER: f64 = 0.1;

/// An intent that needs more examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weak {
    /// The intent.
    pub intent: IntentId,
    /// How many examples it has.
    pub examples: usize,
    /// How it did.
    pub measured: PerIntent,
}

/// So many examples are too few.
const FEW: usize = 5;

/// A smaller recall is low.
const LOW: f64 = 0.6;

/// The intents with few examples or of whose messages many are not found, the worst first.
pub fn weak(
    catalog: &Catalog,
    intents: impl Iterator<Item = IntentId>,
    measured: &BTreeMap<IntentId, PerIntent>,
) -> Vec<Weak> {
    let look = |intent: IntentId| Weak {
        intent,
        examples: catalog.intent(intent).examples.len(),
        measured: measured.get(&intent).copied().unwrap_or_default(),
    };
    let recall = |weak: &Weak| weak.measured.recall().unwrap_or(0.0);
    let is_low = |weak: &Weak| weak.measured.recall().is_some_and(|recall| recall < LOW);
    let found = intents.map(look).filter(|weak| weak.examples > 0 && (weak.examples < FEW || is_low(weak)));
    let mut found: Vec<Weak> = found.collect();
    found.sort_by(|a, b| recall(a).total_cmp(&recall(b)).then(a.examples.cmp(&b.examples)));
    found
}

#[cfg(test)]
mod tests {
    use super::super::prediction::made_up::prediction;
    use super::super::prediction::{Nearest, Rival};
    use super::*;

    fn id(intent: u32) -> Option<IntentId> {
        Some(IntentId(intent))
    }

    fn with_rival(mut prediction: Prediction, words: &[(&str, f64)], theirs: f64, own: f64) -> Prediction {
        let near = |similarity| Some(Nearest { text: "x".into(), place: "a.yaml:1".into(), similarity });
        let words = words.iter().map(|(word, more)| ((*word).to_owned(), *more)).collect();
        prediction.rival = Some(Rival { intent: IntentId(9), words, nearest: near(theirs), own: near(own) });
        prediction
    }

    #[test]
    fn worst_first_with_their_words() {
        let predictions = [
            prediction(Some(0), &[(0, 0.9)]),
            with_rival(prediction(Some(0), &[(1, 0.5)]), &[("order", 0.5), ("my", 0.2)], 0.5, 0.5),
            with_rival(prediction(Some(0), &[(1, 0.7)]), &[("my", 0.4)], 0.6, 0.3),
            prediction(Some(1), &[(0, 0.6)]),
            prediction(Some(2), &[]),
            prediction(None, &[(2, 0.8)]),
            prediction(None, &[(2, 0.4)]),
        ];
        let found: Vec<_> = confusions(&predictions)
            .into_iter()
            .map(|it| (it.right, it.taken, it.messages, it.reverse, it.words))
            .collect();
        let want = [
            (id(0), id(1), vec![2, 1], 1, vec!["my".to_owned(), "order".to_owned()]),
            (id(1), id(0), vec![3], 2, vec![]),
            (None, id(2), vec![5], 0, vec![]),
            (id(2), None, vec![4], 0, vec![]),
        ];
        assert_eq!(found, want);
        assert_eq!(nearer(&predictions), [2]);
    }
}
