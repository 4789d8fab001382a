//! An example as a tree: what `how (much|expensive) is [the] shipping to {country}` accepts.
use super::EntityId;

/// A compiled example. Fragments are already put in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Its parts, one after the other.
    pub parts: Vec<Part>,
}

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words, as the author wrote them, with the spaces around them: two parts without a space between them are
    /// one word (`order[s]`).
    Words(String),
    /// `{slot}`: a value of that slot.
    Slot {
        /// The slot's name.
        name: String,
        /// What its values look like.
        entity: EntityId,
    },
    /// `[x]`: may be left out.
    Optional(Phrase),
    /// `(a|b)`: one of them.
    Choice(Vec<Phrase>),
}

/// A part of one sentence that a phrase accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words, one space between them, none around them. Two of these never follow each other.
    Words(String),
    /// A value of a slot.
    Slot {
        /// The slot's name.
        name: String,
        /// What its values look like.
        entity: EntityId,
    },
}

impl Phrase {
    /// All sentences the phrase accepts. The first is the phrase as written: every optional part there, the first of
    /// every choice; then the later parts vary before the earlier ones. At most 4,096: no more get through loading.
    ///
    /// ```
    /// use bot_core::catalog::phrase::{Part, Phrase, Piece};
    ///
    /// let word = |word: &str| Phrase { parts: vec![Part::Words(word.into())] };
    /// let phrase = Phrase { parts: vec![Part::Words("track ".into()), Part::Optional(word("my ")), Part::Words("order".into())] };
    /// let sentences = phrase.sentences();
    /// assert_eq!(sentences, [[Piece::Words("track my order".into())], [Piece::Words("track order".into())]]);
    /// ```
    pub fn sentences(&self) -> Vec<Vec<Piece>> {
        self.expand().iter().map(|pieces| tidy(pieces)).collect()
    }

    /// Whether a `{slot}` stands anywhere in it.
    pub fn has_slots(&self) -> bool {
        !self.slots().is_empty()
    }

    /// The slots in it, each once, in the order written.
    pub fn slots(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect_slots(&mut names);
        names
    }

    /// How many sentences it accepts; stops counting at the greatest number.
    pub fn count(&self) -> usize {
        self.parts.iter().map(Part::count).fold(1, usize::saturating_mul)
    }

    /// Whether one of its sentences is empty.
    pub fn accepts_nothing(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Words(words) => words.trim().is_empty(),
            Part::Slot { .. } => false,
            Part::Optional(_) => true,
            Part::Choice(choices) => choices.iter().any(Phrase::accepts_nothing),
        })
    }

    fn expand(&self) -> Vec<Vec<Piece>> {
        let mut sentences = vec![Vec::new()];
        for part in &self.parts {
            let tails = part.expand();
            let joined = sentences
                .iter()
                .flat_map(|head: &Vec<Piece>| tails.iter().map(|tail| [&head[..], tail].concat()));
            sentences = joined.collect();
        }
        sentences
    }

    fn collect_slots<'a>(&'a self, names: &mut Vec<&'a str>) {
        for part in &self.parts {
            match part {
                Part::Words(_) => {}
                Part::Slot { name, .. } if names.contains(&name.as_str()) => {}
                Part::Slot { name, .. } => names.push(name),
                Part::Optional(phrase) => phrase.collect_slots(names),
                Part::Choice(choices) => choices.iter().for_each(|phrase| phrase.collect_slots(names)),
            }
        }
    }
}

impl Part {
    fn count(&self) -> usize {
        match self {
            Part::Words(_) | Part::Slot { .. } => 1,
            Part::Optional(phrase) => phrase.count().saturating_add(1),
            Part::Choice(choices) => choices.iter().map(Phrase::count).fold(0, usize::saturating_add),
        }
    }

    fn expand(&self) -> Vec<Vec<Piece>> {
        match self {
            Part::Words(words) => vec![vec![Piece::Words(words.clone())]],
            Part::Slot { name, entity } => vec![vec![Piece::Slot { name: name.clone(), entity: *entity }]],
            Part::Optional(phrase) => phrase.expand().into_iter().chain([Vec::new()]).collect(),
            Part::Choice(choices) => choices.iter().flat_map(Phrase::expand).collect(),
        }
    }
}

/// Joins words that follow each other and takes needless spaces out.
fn tidy(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Words(before)), Piece::Words(words)) => before.push_str(words),
            _ => joined.push(piece.clone()),
        }
    }
    for piece in &mut joined {
        if let Piece::Words(words) = piece {
            *words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }
    joined.retain(|piece| !matches!(piece, Piece::Words(words) if words.is_empty()));
    joined
}
