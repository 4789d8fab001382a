//! How well messages were understood, as numbers. Pure: predictions in, numbers out.
//!
//! What it is not: it neither reads messages nor knows names.
use std::collections::BTreeMap;

use bot_core::catalog::IntentId;
use bot_core::engine::Decision;

use super::calibration::error;
use super::prediction::{Deed, Prediction};

/// All the numbers of a list of predictions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Messages that belong to an intent.
    pub messages: usize,
    /// Of those: the best intent is the right one.
    pub right: usize,
    /// The right one is among the first three.
    pub top3: usize,
    /// The mean F1 of the intents; none without messages.
    pub macro_f1: Option<f64>,
    /// What the bot would do with them.
    pub deeds: Deeds,
    /// Expected calibration error over them.
    pub ece: Option<f64>,
    /// Over all messages, those of no intent counted as wrong; only where there are some.
    pub ece_all: Option<f64>,
    /// Messages of no intent, if there are any.
    pub oos: Option<Oos>,
}

/// How many messages the bot would act on, ask about, refuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of `Deed`")]
pub struct Deeds {
    pub act_right: usize,
    pub act_wrong: usize,
    pub ask_right: usize,
    pub ask_wrong: usize,
    pub refuse: usize,
}

/// Messages of no intent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Oos {
    /// How many.
    pub messages: usize,
    /// The chance that a message with an intent has a higher confidence than one without. Needs both.
    pub auroc: Option<f64>,
    /// Refused, as they should be.
    pub refused: usize,
    /// Asked about.
    pub asked: usize,
    /// Acted on.
    pub acted: usize,
}

impl Measures {
    /// Of these predictions.
    pub fn of<'a>(predictions: impl IntoIterator<Item = &'a Prediction>) -> Measures {
        let (own, oos): (Vec<&Prediction>, Vec<&Prediction>) =
            predictions.into_iter().partition(|prediction| prediction.label.is_some());
        let count = |holds: fn(&&&Prediction) -> bool| own.iter().filter(holds).count();
        let judged = |predictions: &[&Prediction]| -> Vec<(f64, bool)> {
            predictions.iter().map(|it| (it.confidence(), it.is_right())).collect()
        };
        let all = [&own[..], &oos[..]].concat();
        Measures {
            messages: own.len(),
            right: count(|prediction| prediction.is_right()),
            top3: count(|prediction| prediction.is_among(3)),
            macro_f1: macro_f1(&own),
            deeds: Deeds::of(&own),
            ece: error(&judged(&own)),
            ece_all: error(&judged(&all)).filter(|_| !oos.is_empty()),
            oos: (!oos.is_empty()).then(|| Oos::of(&own, &oos)),
        }
    }

    /// A count as a share of the messages with an intent.
    pub fn share(&self, count: usize) -> Option<f64> {
        (self.messages > 0).then(|| count as f64 / self.messages as f64)
    }
}

impl Deeds {
    /// Of these predictions.
    pub fn of(predictions: &[&Prediction]) -> Deeds {
        let mut deeds = Deeds::default();
        for prediction in predictions {
            *match prediction.deed() {
                Deed::ActRight => &mut deeds.act_right,
                Deed::ActWrong => &mut deeds.act_wrong,
                Deed::AskRight => &mut deeds.ask_right,
                Deed::AskWrong => &mut deeds.ask_wrong,
                Deed::Refuse => &mut deeds.refuse,
            } += 1;
        }
        deeds
    }
}

impl Oos {
    fn of(own: &[&Prediction], oos: &[&Prediction]) -> Oos {
        let sums = |list: &[&Prediction]| -> Vec<f64> { list.iter().map(|it| it.any_intent()).collect() };
        let count = |decision: Decision| oos.iter().filter(|it| it.decision == decision).count();
        Oos {
            messages: oos.len(),
            auroc: auroc(&sums(own), &sums(oos)),
            refused: count(Decision::NotUnderstood),
            asked: count(Decision::Ask),
            acted: count(Decision::Act),
        }
    }
}

/// The chance that a positive has a higher score than a negative; equal ones count half (Mann and Whitney's U).
pub fn auroc(positives: &[f64], negatives: &[f64]) -> Option<f64> {
    if positives.is_empty() || negatives.is_empty() {
        return None;
    }
    let mut sorted = negatives.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins = |score: &f64| {
        let below = sorted.partition_point(|other| other < score);
        let not_above = sorted.partition_point(|other| other <= score);
        (below + not_above) as f64 / 2.0
    };
    let total: f64 = positives.iter().map(wins).sum();
    Some(total / (positives.len() as f64 * negatives.len() as f64))
}

/// An intent's messages and what was taken for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerIntent {
    /// Messages that mean it.
    pub messages: usize,
    /// Messages that were taken for it.
    pub taken: usize,
    /// Both.
    pub right: usize,
}

impl PerIntent {
    /// Of its messages, the share that was taken for it.
    pub fn recall(&self) -> Option<f64> {
        (self.messages > 0).then(|| self.right as f64 / self.messages as f64)
    }

    /// Of what was taken for it, the share that means it.
    pub fn precision(&self) -> Option<f64> {
        (self.taken > 0).then(|| self.right as f64 / self.taken as f64)
    }

    /// The harmonic mean of both; 0 if nothing is right.
    pub fn f1(&self) -> f64 {
        let all = self.messages + self.taken;
        if all == 0 { 0.0 } else { 2.0 * self.right as f64 / all as f64 }
    }
}

/// The intents that messages mean or were taken for. Messages of no intent don't count.
pub fn per_intent<'a>(
    predictions: impl IntoIterator<Item = &'a Prediction>,
) -> BTreeMap<IntentId, PerIntent> {
    let mut intents: BTreeMap<IntentId, PerIntent> = BTreeMap::new();
    for prediction in predictions {
        let Some(label) = prediction.label else { continue };
        let intent = intents.entry(label).or_default();
        intent.messages += 1;
        intent.right += usize::from(prediction.is_right());
        if let Some(best) = prediction.best() {
            intents.entry(best).or_default().taken += 1;
        }
    }
    intents
}

/// The mean of the F1 of all intents that messages mean or were taken for, as scikit-learn has it.
fn macro_f1(predictions: &[&Prediction]) -> Option<f64> {
    let intents = per_intent(predictions.iter().copied());
    let sum: f64 = intents.values().map(PerIntent::f1).sum();
    (!intents.is_empty()).then(|| sum / intents.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::prediction::made_up::prediction;
    use super::*;

    #[test]
    fn areas_with_ties() {
        for (positives, negatives, want) in [
            (&[0.9, 0.8][..], &[0.1, 0.2][..], Some(1.0)),
            (&[0.1], &[0.9], Some(0.0)),
            (&[0.5, 0.5], &[0.5], Some(0.5)),
            // 0.9 beats both, 0.4 ties with one and beats the other: (2 + 1.5) / 4.
            (&[0.9, 0.4], &[0.4, 0.1], Some(0.875)),
            (&[], &[0.4], None),
            (&[0.4], &[], None),
        ] {
            assert_eq!(auroc(positives, negatives), want, "{positives:?} {negatives:?}");
        }
    }

    /// Intent 0: 3 messages, 2 right, taken 3 times: F1 = 4/6. Intent 1: 3 messages, 1 right, taken once: 2/4. Intent 2: taken
    /// once, wrongly: 0. The last message has no best intent.
    #[test]
    fn numbers_by_hand() {
        let predictions = [
            prediction(Some(0), &[(0, 0.9)]),
            prediction(Some(0), &[(0, 0.5), (1, 0.4)]),
            prediction(Some(0), &[(2, 0.7), (0, 0.2)]),
            prediction(Some(1), &[(1, 0.2), (0, 0.1)]),
            prediction(Some(1), &[(0, 0.45), (2, 0.4)]),
            prediction(Some(1), &[]),
            prediction(None, &[(0, 0.65)]),
            prediction(None, &[(0, 0.35)]),
            prediction(None, &[]),
        ];
        let measures = Measures::of(&predictions);
        assert_eq!((measures.messages, measures.right, measures.top3), (6, 3, 4));
        let f1 = (4.0 / 6.0 + 2.0 / 4.0 + 0.0) / 3.0;
        assert!((measures.macro_f1.unwrap() - f1).abs() < 1e-12, "{:?}", measures.macro_f1);
        let deeds = Deeds { act_right: 1, act_wrong: 1, ask_right: 1, ask_wrong: 1, refuse: 2 };
        assert_eq!(measures.deeds, deeds);
        let oos = measures.oos.unwrap();
        assert_eq!((oos.messages, oos.acted, oos.asked, oos.refused), (3, 1, 1, 1));
        // The sums 0.9, 0.9, 0.9 and 0.85 beat three, 0.3 beats one, 0 ties with one.
        assert!((oos.auroc.unwrap() - (3.0 + 3.0 + 3.0 + 3.0 + 1.0 + 0.5) / 18.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_gives_no_numbers() {
        let measures = Measures::of(&[]);
        assert_eq!(
            (measures.macro_f1, measures.ece, measures.oos, measures.share(0)),
            (None, None, None, None)
        );
        let only_oos = Measures::of(&[prediction(None, &[(0, 0.5)])]);
        assert_eq!((only_oos.oos.unwrap().auroc, only_oos.ece, only_oos.ece_all), (None, None, Some(0.5)));
    }
}
