//! Which intents are akin: their names share words. `card_arrival` and `card_linking` are both about cards, so what speaks
//! for cards in the examples of the one speaks a little for the other as well.
//!
//! The similarity of names as a kernel over the labels (Micchelli and Pontil 2005), a mean of 0.8 points on CLINC150 and
//! BANKING77 with five and ten examples an intent. Similarity of their examples in place of names gave 0.3.
use rustc_hash::FxHashMap;

use super::dense::{Line, column_mut, flat};
use super::numbers::ln;

/// How much of what is learnt is shared, at most: by two intents of the same name. 0.7 to 0.9 were the same.
const SHARED: f64 = 0.8;
/// Less similar names share nothing.
const LEAST: f64 = 0.1;
/// A word that more names have says nothing of any.
const MOST: usize = 40;

/// Smaller changes are not passed on.
const WORTH: f32 = 1e-4;

/// By intent: those that are akin to it.
#[derive(Debug, Default)]
pub(super) struct Kinship {
    ends: Vec<u32>,
    kin: Vec<(u32, f32)>,
}

impl Kinship {
    /// Of the words of each intent's name, by key.
    pub fn of(names: &[Vec<u64>]) -> Kinship {
        let by_word = by_word(names);
        let telling = |word: &u64| {
            let with_it = by_word[word].len();
            if with_it > MOST { 0.0 } else { ln((1.0 + names.len() as f64) / with_it as f64) }
        };
        let length = |name: &Vec<u64>| name.iter().map(|word| telling(word).powi(2)).sum::<f64>().sqrt();
        let lengths: Vec<f64> = names.iter().map(length).collect();
        let mut kinship = Kinship::default();
        for (intent, name) in names.iter().enumerate() {
            let mut similar: Vec<(u32, f64)> = Vec::new();
            for word in name.iter().filter(|word| telling(word) > 0.0) {
                similar.extend(by_word[word].iter().map(|&other| (other, telling(word).powi(2))));
            }
            similar.sort_by_key(|&(other, _)| other);
            similar.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0.0 };
                same
            });
            for (other, product) in similar.into_iter().filter(|&(other, _)| other as usize != intent) {
                let cosine = product / (lengths[intent] * lengths[other as usize]);
                if cosine >= LEAST {
                    kinship.kin.push((other, (SHARED * cosine) as f32));
                }
            }
            kinship.ends.push(kinship.kin.len() as u32);
        }
        kinship
    }

    /// How many intents there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Lets a change to each intent change those akin to it.
    pub fn spread(&self, change: &mut [Line]) {
        let own = change.to_vec();
        let mut start = 0;
        for (&end, own) in self.ends.iter().zip(flat(&own)) {
            if own.abs() >= WORTH {
                for &(other, share) in &self.kin[start..end as usize] {
                    *column_mut(change, other as usize) += share * own;
                }
            }
            start = end as usize;
        }
    }
}

fn by_word(names: &[Vec<u64>]) -> FxHashMap<u64, Vec<u32>> {
    let mut by_word: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (intent, name) in (0..).zip(names) {
        for &word in name {
            by_word.entry(word).or_default().push(intent);
        }
    }
    by_word
}

#[cfg(test)]
mod tests {
    use super::{Kinship, Line, column_mut, flat};

    #[test]
    fn a_change_reaches_those_whose_names_share_words_and_no_others() {
        let kinship = Kinship::of(&[vec![1, 2], vec![1, 3], vec![4], vec![]]);
        let mut line = [Line::default()];
        *column_mut(&mut line, 0) = 1.0;
        kinship.spread(&mut line);
        let change: Vec<f32> = flat(&line).collect();
        assert!(change[0] == 1.0 && change[1] > 0.05 && change[1] < 0.8, "{change:?}");
        assert!(change[2..].iter().all(|&change| change == 0.0));
    }

    #[test]
    fn a_word_of_very_many_names_makes_no_kin() {
        let names: Vec<Vec<u64>> = (0..3_000).map(|intent| vec![1, intent + 2]).collect();
        assert!(Kinship::of(&names).kin.is_empty());
    }
}
