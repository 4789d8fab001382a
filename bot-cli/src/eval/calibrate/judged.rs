//! How true the confidences are that some constants give. Pure: messages in, numbers out.
//!
//! What it is not: what `bot eval` measures. A confidence here is the plain product of the two chances, without what the core
//! does about topics, stop words, `not` and negations.
use bot_core::matcher::Constants;

use super::super::calibration::BINS;
use super::super::measures::auroc;
use super::choice::dot;
use super::fit::Observed;

/// No loss is larger than that of a confidence of this: a single message must not outweigh the others.
const LEAST: f64 = 1e-4;

/// The numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The mean of -ln of the chance that was given to what was so: 0 is best.
    pub loss: f64,
    /// By how much a confidence is off on average, in bins.
    pub ece: f64,
    /// Of messages with an intent: the share whose best contender is the right one.
    pub accuracy: f64,
    /// The chance that a message with an intent has a higher confidence than one without.
    pub auroc: Option<f64>,
}

/// Judges constants.
pub fn judge(observed: &[&Observed], constants: &Constants) -> Judged {
    let verdicts: Vec<Verdict> = observed.iter().map(|message| Verdict::of(message, constants)).collect();
    let confidences = |known: bool| -> Vec<f64> {
        verdicts.iter().filter(|it| it.known == known).map(|it| it.confidence).collect()
    };
    let known = || verdicts.iter().filter(|it| it.known);
    Judged {
        loss: mean(verdicts.iter().map(|it| (it.weight, it.loss()))),
        ece: error(&verdicts),
        accuracy: mean(known().map(|it| (it.weight, f64::from(u8::from(it.right))))),
        auroc: auroc(&confidences(true), &confidences(false)),
    }
}

#[derive(Clone, Copy, Debug)]
struct Verdict {
    confidence: f64,
    right: bool,
    known: bool,
    weight: f64,
}

impl Verdict {
    fn of(message: &Observed, constants: &Constants) -> Verdict {
        let (best, share) = message.best(&constants.share);
        let any = 1.0 / (1.0 + (-dot(&message.odds_terms(best), &constants.odds)).exp());
        Verdict {
            confidence: (any * share).clamp(LEAST, Constants::MOST),
            right: message.right == Some(best),
            known: message.known,
            weight: message.weight,
        }
    }

    fn loss(&self) -> f64 {
        -(if self.right { self.confidence } else { 1.0 - self.confidence }).ln()
    }
}

/// The calibration error, where messages count differently.
fn error(verdicts: &[Verdict]) -> f64 {
    let mut off = [0.0; BINS];
    for it in verdicts {
        let bin = ((it.confidence * BINS as f64) as usize).min(BINS - 1);
        off[bin] += it.weight * (it.confidence - f64::from(u8::from(it.right)));
    }
    let all: f64 = verdicts.iter().map(|it| it.weight).sum();
    off.iter().map(|off| off.abs()).sum::<f64>() / all
}

/// The mean of (weight, value) pairs.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (all, sum) =
        values.fold((0.0, 0.0), |(all, sum), (weight, value)| (all + weight, sum + weight * value));
    sum / all
}

#[cfg(test)]
mod tests {
    use bot_core::catalog::IntentId;
    use bot_core::matcher::Signal;

    use super::*;

    /// One contender, for which nothing speaks: its share is 1, and with these constants the chance of any is a half of what
    /// a message of one word has.
    #[test]
    fn numbers_by_hand() {
        let signal = Signal { intent: IntentId(0), score: 0.0, nearest: 0.0, covered: 0.0 };
        let message = |right: Option<usize>, weight| Observed {
            words: 1,
            contenders: vec![signal],
            right,
            known: right.is_some(),
            weight,
        };
        let (yes, no) = (message(Some(0), 3.0), message(None, 1.0));
        // A message of one word has half the log odds: ln 4 / 2 = ln 2, a chance of 2/3.
        let constants = Constants { odds: [4.0_f64.ln(), 0.0, 0.0, 0.0], share: [1.0, 1.0] };
        let judged = judge(&[&yes, &no], &constants);
        let want = (3.0 * 1.5_f64.ln() + 3.0_f64.ln()) / 4.0;
        assert!((judged.loss - want).abs() < 1e-12, "{judged:?}");
        // One bin: mean confidence 2/3, three of four right.
        assert!((judged.ece - (0.75 - 2.0 / 3.0)).abs() < 1e-12, "{judged:?}");
        assert_eq!((judged.accuracy, judged.auroc), (1.0, Some(0.5)));
    }
}
