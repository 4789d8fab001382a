//! Messages as customers type them in haste: half have a typing error, three in ten are cut down to a few words.
//!
//! Public sets hold whole sentences. Constants fitted to those alone were too sure of the topic of a single word. What it is
//! not: it knows no intents.
use super::super::random::Random;
use super::super::typos::mistyped;

/// Of ten messages, so many are cut down.
const CUT: usize = 3;

/// To one up to so many words.
const MOST_WORDS: usize = 6;

/// The message as it might have been typed.
pub fn typed(text: &str, random: &mut Random) -> String {
    let seed = random.below(usize::MAX) as u64;
    let text = if random.below(2) == 0 { mistyped(text, 1, seed) } else { text.to_owned() };
    if random.below(10) < CUT { cut(&text, 1 + random.below(MOST_WORDS)) } else { text }
}

/// So many words that stand side by side, those with the most letters: they say most.
fn cut(text: &str, count: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let letters = |words: &&[&str]| words.iter().map(|word| word.chars().count()).sum::<usize>();
    words.windows(count).max_by_key(letters).map_or_else(|| text.to_owned(), |words| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_words_are_kept() {
        for (text, count, want) in [
            ("i am still waiting on my card", 1, "waiting"),
            ("i am still waiting on my card", 2, "still waiting"),
            ("card", 2, "card"),
            ("", 1, ""),
        ] {
            assert_eq!(cut(text, count), want, "{text} {count}");
        }
    }

    #[test]
    fn about_half_have_a_typing_error_and_a_third_are_cut() {
        let text = "one two three four five six seven eight nine";
        let mut random = Random::new(1, "");
        let typed: Vec<String> = (0..1000).map(|_| typed(text, &mut random)).collect();
        let count = |holds: &dyn Fn(&str) -> bool| typed.iter().filter(|typed| holds(typed)).count();
        let cut = count(&|typed| typed.len() < text.len() - 1);
        let same = count(&|typed| typed == text);
        assert!((250..350).contains(&cut) && (300..400).contains(&same), "{cut} {same}");
    }
}
