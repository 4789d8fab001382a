//! From signals to a confidence: the chance that an intent is meant.
//!
//! It is a product: the chance that the message means one of the intents that come into question, times the share of one
//! intent among them. A `not` phrase and a negation lower that share.
//!
//! The constants come from `bot eval --calibrate`: folders drawn from CLINC150 and BANKING77 (12 to 100 intents, 5, 10 or
//! 100 examples each), half of the messages with a typo, three in ten cut down to one to six words, 20 of 100 belonging to
//! no intent: three of ten of those to intents that were held out, seven to the other set. Fitted to one of the sets, the
//! calibration error (10 bins) on the other was 0.02 to 0.03. Held-out intents alone made the bot sure of what has nothing
//! to do with the folder; whole messages alone made it sure of the topic of a single word. The lead over the next intent
//! made the chance of any intent a little truer and messages that belong to none harder to tell, so it is left to the share.
use super::numbers::{exp, logistic};
use crate::matcher::Constants;

/// Never surer than this without an example that spells the message out.
pub(in crate::matcher) const MOST: f64 = 0.99;

/// The log odds that any intent is meant: a constant, and what the signals of the best contender add; all of it the less
/// the shorter the message is.
const BASE: f64 = -4.4;
const SCORE: f64 = 1.14;
/// A higher score says no more: scores grow with the number of examples.
const MOST_SCORE: f64 = 4.0;
const NEAREST: f64 = 4.98;
const COVERED: f64 = 1.68;

/// How much of the shares a point of score and of similarity are. The score of a single word is worth a third of that.
const SHARE_SCORE: f64 = 2.17;
const SHARE_NEAREST: f64 = 4.0;

/// Those that are fitted.
pub(in crate::matcher) const IN_USE: Constants =
    Constants { odds: [BASE, SCORE, NEAREST, COVERED], share: [SHARE_SCORE, SHARE_NEAREST] };

/// What is taken from the log odds of a message that is a single stop word.
const EMPTY: f64 = 2.5;

/// The most that the log odds of a message are which names a thing and nothing that is wanted: it has to be asked.
const BARE_ODDS: f64 = 0.0;
/// With more stop words beside the value it may be a question after all: "how are you today".
const BARE_WORDS: usize = 2;
/// Unless an example is this similar, typos aside.
const SPELLED_OUT: f64 = 0.9;
const BARE: &str = "it names something, and not what is wanted";

/// A message of so few known words that is near an example names a topic. Though the chance of each of its intents is
/// small, asking which is right: the confidence is lifted to this times the root of the similarity.
const TOPIC: f64 = 0.6;
const TOPIC_WORDS: usize = 2;
const TOPIC_NEAREST: f64 = 0.33;

/// A `not` phrase that is this much nearer than the nearest example counts fully, and weighs e^-2 against the intent.
/// Authors write there what belongs to the neighbouring intent, so that being near to one is no evidence by itself.
const NOT_NEARER: f64 = 0.2;
const NOT: f64 = 2.0;
/// What is wholly in what the customer does not want weighs e^-1.8: 0.97 becomes 0.27.
const NEGATED: f64 = 1.8;
/// How much of what is taken from an intent so belongs to none; the rest goes to the others.
const TO_NONE: f64 = 0.5;

/// What is known of a message as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Whole {
    /// How many words it has.
    pub words: usize,
    /// How many of them are no stop words.
    pub content: usize,
    /// How many of these are values.
    pub values: usize,
    /// The share of it that the folder's words cover, 0 to 1.
    pub known: f64,
}

/// What is known of an intent that comes into question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Contender {
    /// Its score: 0 where nothing speaks for it or against it, about 5 where it is surely meant.
    pub score: f64,
    /// The similarity to its nearest example, 0 to 1.
    pub nearest: f64,
    /// The share of the message that the words of its examples cover, 0 to 1.
    pub covered: f64,
    /// The similarity to its nearest `not` phrase, 0 to 1.
    pub not: f64,
    /// The share of what speaks for it that the customer does not want, 0 to 1.
    pub negated: f64,
}

/// A part of the log odds that the message means any intent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::matcher) struct Part {
    /// What it is.
    pub name: &'static str,
    /// What it adds.
    pub value: f64,
}

/// The log odds that the message means any intent.
pub(in crate::matcher) type Odds = [Part; 6];

/// How a confidence came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::matcher) struct Estimate {
    /// The chance that the message means one of the intents that come into question.
    pub any: f64,
    /// What that is made from.
    pub odds: Odds,
    /// The share of this intent among them.
    pub share: f64,
    /// The least that a message which only names a topic has.
    pub topic: f64,
    /// What a `not` phrase leaves of its weight among the others; 1 if there is none.
    pub not: f64,
    /// What a negation leaves of it.
    pub negated: f64,
}

impl Estimate {
    /// The chance that the intent is meant.
    pub fn confidence(&self) -> f64 {
        let chance = (self.any * self.share).max(self.topic).min(MOST);
        // Six digits survive being written as JSON and read again by any parser.
        (chance * 1e6).round() / 1e6
    }
}

/// The estimates of all that come into question, in their order.
pub(super) fn estimates(contenders: &[Contender], whole: Whole) -> Vec<Estimate> {
    let weights = weights(contenders, whole);
    let not: Vec<f64> = contenders.iter().map(|it| exp(-NOT * against(it))).collect();
    let negated: Vec<f64> = contenders.iter().map(|it| exp(-NEGATED * it.negated)).collect();
    let left = |at: usize| weights[at] * not[at] * negated[at];
    let taken = |at: usize| weights[at] - left(at);
    let all: f64 = (0..weights.len()).map(|at| left(at) + TO_NONE * taken(at)).sum();
    let odds = odds(contenders, &weights, whole);
    let any = logistic(odds.iter().map(|part| part.value).sum());
    let each = contenders.iter().enumerate().map(|(at, contender)| Estimate {
        any,
        odds,
        share: left(at) / all,
        topic: topic(contender, left(at), whole),
        not: not[at],
        negated: negated[at],
    });
    each.collect()
}

/// How much each weighs against the others; the best has 1.
fn weights(contenders: &[Contender], whole: Whole) -> Vec<f64> {
    let rate = |contender: &Contender| {
        let [score, nearest] = share_terms(whole.words, contender.score, contender.nearest);
        SHARE_SCORE * score + SHARE_NEAREST * nearest
    };
    let best = contenders.iter().map(rate).fold(f64::MIN, f64::max);
    contenders.iter().map(|contender| exp(rate(contender) - best)).collect()
}

/// What the constants of the share are multiplied by.
pub(in crate::matcher) fn share_terms(words: usize, score: f64, nearest: f64) -> [f64; 2] {
    let words = words as f64;
    [words / (words + 2.3) * score, nearest]
}

/// What the constants of the log odds are multiplied by.
pub(in crate::matcher) fn odds_terms(words: usize, score: f64, nearest: f64, covered: f64) -> [f64; 4] {
    let words = words as f64;
    let length = (words + 1.0) / (words + 3.0);
    [1.0, score.min(MOST_SCORE), nearest, covered].map(|signal| length * signal)
}

fn odds(contenders: &[Contender], weights: &[f64], whole: Whole) -> Odds {
    let best = weights.iter().position(|&weight| weight == 1.0).unwrap_or(0);
    let contender = contenders.get(best).copied().unwrap_or_default();
    let [base, score, nearest, covered] =
        odds_terms(whole.words, contender.score, contender.nearest, contender.covered);
    let part = |name, value| Part { name, value };
    let is_empty = whole.words == 1 && whole.content == 0;
    let parts = [
        part("where every estimate starts", BASE * base),
        part("how well the words of the message fit the best intent", SCORE * score),
        part("how near its nearest example is", NEAREST * nearest),
        part("the share of the message that its examples' words cover", COVERED * covered),
        part("it is a single word that names no topic", if is_empty { -EMPTY } else { 0.0 }),
    ];
    let is_bare = is_bare(whole) && contender.nearest < SPELLED_OUT;
    let odds: f64 = parts.iter().map(|part| part.value).sum();
    let bare = part(BARE, if is_bare { BARE_ODDS.min(odds) - odds } else { 0.0 });
    let [start, score, nearest, covered, empty] = parts;
    [start, score, nearest, covered, empty, bare]
}

/// Whether the message is a single word, or a value with hardly a word beside it.
fn is_bare(whole: Whole) -> bool {
    let besides = whole.words - whole.values;
    whole.words == 1 || whole.values > 0 && whole.content <= whole.values && besides <= BARE_WORDS
}

fn topic(contender: &Contender, weight: f64, whole: Whole) -> f64 {
    let is_topic = whole.words <= TOPIC_WORDS && whole.content > 0 && whole.known == 1.0;
    if is_topic && contender.nearest > TOPIC_NEAREST {
        TOPIC * contender.nearest.min(1.0).sqrt() * weight
    } else {
        0.0
    }
}

/// How much a `not` phrase counts, 0 to 1.
fn against(contender: &Contender) -> f64 {
    ((contender.not - contender.nearest) / NOT_NEARER).clamp(0.0, 1.0)
}
