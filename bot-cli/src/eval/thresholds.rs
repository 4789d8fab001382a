//! What the bot would do with other thresholds: by the dialogue's own decision, over rankings made before.
//!
//! What it is not: sentences of a long message are not read anew for each threshold, so a share may be off by a few messages.
use bot_core::catalog::Catalog;
use bot_core::engine::decide;

use super::measures::Deeds;
use super::prediction::Prediction;

/// How many steps there are from 0 to 1.
const STEPS: usize = 50;

/// What the bot would do with messages of an intent if it acted from a confidence on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The confidence.
    pub act: f64,
    /// What it would do.
    pub deeds: Deeds,
}

/// The steps from 0 to 1. Intents' own thresholds are left aside; `ask` is never above `act`.
pub fn curve(catalog: &Catalog, predictions: &[Prediction]) -> Vec<Step> {
    let mut catalog = catalog.clone();
    catalog.intents.iter_mut().for_each(|intent| intent.act = None);
    let ask = catalog.settings.understanding.ask;
    let mut own: Vec<Prediction> =
        predictions.iter().filter(|prediction| prediction.label.is_some()).cloned().collect();
    let step = |step: usize| {
        let act = step as f64 / STEPS as f64;
        catalog.settings.understanding.act = act;
        catalog.settings.understanding.ask = ask.min(act);
        for prediction in &mut own {
            prediction.decision = decide(&catalog, &prediction.ranking);
        }
        Step { act, deeds: Deeds::of(&own.iter().collect::<Vec<_>>()) }
    };
    (0..=STEPS).map(step).collect()
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::{Source, load};

    use super::super::prediction::made_up::prediction;
    use super::*;

    #[test]
    fn the_higher_the_threshold_the_less_is_acted_on() {
        let yaml = "intents: { a: { examples: [a], say: A, act: 0.9 }, b: { examples: [b], say: B } }";
        let (catalog, _) = load(vec![Source::new("a.yaml", yaml)]).unwrap();
        let predictions = [
            prediction(Some(0), &[(0, 0.7)]),
            prediction(Some(0), &[(1, 0.5)]),
            prediction(None, &[(1, 0.9)]),
        ];
        let curve = curve(&catalog, &predictions);
        let at = |act: f64| curve.iter().find(|step| (step.act - act).abs() < 1e-9).unwrap().deeds;
        assert_eq!(at(0.4), Deeds { act_right: 1, act_wrong: 1, ..Deeds::default() });
        assert_eq!(at(0.6), Deeds { act_right: 1, ask_wrong: 1, ..Deeds::default() });
        assert_eq!(at(1.0), Deeds { ask_right: 1, ask_wrong: 1, ..Deeds::default() });
    }
}
