//! What a message was taken for, beside what it means. What it is not: it measures nothing.
use bot_core::catalog::IntentId;
use bot_core::engine::Decision;
use bot_core::matcher::Candidate;

/// What a message was taken for.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// What it means; `None`: no intent of the bot.
    pub label: Option<IntentId>,
    /// The intents, best first.
    pub ranking: Vec<Candidate>,
    /// What the bot would do.
    pub decision: Decision,
    /// What "Do you mean …?" would offer.
    pub offered: Vec<IntentId>,
    /// Why another intent than the right one was near; only where that was looked at.
    pub rival: Option<Rival>,
}

/// Another intent than the right one, the best of them, and what spoke for it.
#[derive(Clone, Debug)]
pub struct Rival {
    /// The intent.
    pub intent: IntentId,
    /// The words that spoke more for it than for the right intent, and by how much; the strongest first.
    pub words: Vec<(String, f64)>,
    /// Its example that is nearest to the message, and where it stands.
    pub nearest: Option<Nearest>,
    /// The right intent's.
    pub own: Option<Nearest>,
}

/// An example near to a message.
#[derive(Clone, Debug)]
pub struct Nearest {
    /// As written.
    pub text: String,
    /// File and line.
    pub place: String,
    /// 0: no word in common; 1: the same words.
    pub similarity: f64,
}

/// What the bot would do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Act on the right intent.
    ActRight,
    /// Act on another.
    ActWrong,
    /// Ask, the right intent among the offers.
    AskRight,
    /// Ask without it.
    AskWrong,
    /// Say that it did not understand.
    Refuse,
}

impl Prediction {
    /// The best intent.
    pub fn best(&self) -> Option<IntentId> {
        self.ranking.first().map(|best| best.intent)
    }

    /// How sure the bot is of the best intent; 0 without one.
    pub fn confidence(&self) -> f64 {
        self.ranking.first().map_or(0.0, |best| best.confidence)
    }

    /// How sure the bot is that the message means any intent: confidences are chances, and they add up.
    pub fn any_intent(&self) -> f64 {
        self.ranking.iter().map(|candidate| candidate.confidence).sum::<f64>().min(1.0)
    }

    /// Whether the best intent is the right one. For a message of no intent nothing is.
    pub fn is_right(&self) -> bool {
        self.label.is_some() && self.best() == self.label
    }

    /// Whether the right intent is among the first `count`.
    pub fn is_among(&self, count: usize) -> bool {
        self.ranking.iter().take(count).any(|candidate| Some(candidate.intent) == self.label)
    }

    /// What the bot would do.
    pub fn deed(&self) -> Deed {
        let offers_right = self.label.is_some_and(|label| self.offered.contains(&label));
        match self.decision {
            Decision::Act if self.is_right() => Deed::ActRight,
            Decision::Act => Deed::ActWrong,
            Decision::Ask if offers_right => Deed::AskRight,
            Decision::Ask => Deed::AskWrong,
            Decision::NotUnderstood => Deed::Refuse,
        }
    }
}

#[cfg(test)]
pub mod made_up {
    //! Predictions by hand.
    use bot_core::matcher::Stage;

    use super::*;

    /// A prediction with the thresholds 0.60 and 0.30 and no ties.
    pub fn prediction(label: Option<u32>, ranking: &[(u32, f64)]) -> Prediction {
        let candidate = |&(intent, confidence): &(u32, f64)| Candidate {
            intent: IntentId(intent),
            confidence,
            stage: Stage::Lexical,
            slots: Vec::new(),
        };
        let near = ranking.iter().filter(|(_, confidence)| *confidence >= 0.3).take(3);
        Prediction {
            label: label.map(IntentId),
            ranking: ranking.iter().map(candidate).collect(),
            decision: match ranking.first().map_or(0.0, |best| best.1) {
                best if best >= 0.6 => Decision::Act,
                best if best >= 0.3 => Decision::Ask,
                _ => Decision::NotUnderstood,
            },
            offered: near.map(|(intent, _)| IntentId(*intent)).collect(),
            rival: None,
        }
    }
}
