//! Two templates walked at once: the sentences that both accept.
//!
//! The states are pairs of nodes, each visited once, so that the time is bounded by the product of the templates' sizes
//! and not by how many sentences they stand for. Letters meet the same letters, a slot a slot that a common value fits, or
//! words that are read as a value; a gap takes whatever the other has. What it is not: the last word. What values are read
//! in a whole sentence, and what `not` refuses, is for the matcher: so sentences are given one after the other until one
//! is taken.
use rustc_hash::{FxHashMap, FxHashSet};

use super::net::{Label, Net};
use super::values::Values;
use crate::catalog::EntityId;
use crate::text::Language;

/// More pairs of nodes than this are not visited: 200 letters beside 200 letters, each pair.
const MOST_STATES: usize = 40_000;
/// How many different sentences are given, half of them beginning with what is written, half with what is left out.
const MOST_SENTENCES: usize = 64;
/// How many edges are gone over for them.
const MOST_STEPS: usize = 100_000;
/// What stands where both leave a gap.
const ANYTHING: &str = "something";

/// A template of the two.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub net: &'a Net,
    pub language: &'a Language,
    /// The entities that have a value somewhere in it; sorted.
    pub reads: &'a [EntityId],
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Walked<T> {
    /// What `take` made of the sentence it took.
    pub taken: Option<T>,
    /// Whether there was more than is looked at.
    pub cut_short: bool,
    /// How many pairs of nodes were visited.
    pub states: usize,
}

/// Gives sentences that both templates may accept to `take`, until it takes one.
pub(super) fn common<T>(
    sides: [Side<'_>; 2],
    values: &Values,
    take: &mut dyn FnMut(&str) -> Option<T>,
) -> Walked<T> {
    let mut walk = Walk::new(sides, values);
    walk.explore();
    let (taken, gone_over) = walk.sentences(take);
    let cut_short = taken.is_none() && (walk.states.len() > MOST_STATES || !gone_over);
    Walked { taken, cut_short, states: walk.states.len() }
}

/// Nodes of the two, and whether the second has gone on alone since both took something: edges that take nothing are gone
/// along by the first before the second, so that each sentence comes up by one way.
type State = (u32, u32, bool);

#[derive(Clone, Copy)]
enum Shown {
    Nothing,
    First(u32),
    Second(u32),
    /// From the pool.
    Value(u32),
}

struct Walk<'a> {
    sides: [Side<'a>; 2],
    values: &'a Values<'a>,
    states: Vec<State>,
    index: FxHashMap<State, u32>,
    /// By state.
    steps: Vec<Vec<(u32, Shown)>>,
    pool: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(sides: [Side<'a>; 2], values: &'a Values<'a>) -> Walk<'a> {
        let start = (0, 0, false);
        let (mut index, steps, pool) = (FxHashMap::default(), Vec::new(), Vec::new());
        index.insert(start, 0);
        Walk { sides, values, states: vec![start], index, steps, pool }
    }

    fn explore(&mut self) {
        let mut next = 0;
        while next < self.states.len() && self.states.len() <= MOST_STATES {
            let moves = self.moves(self.states[next]);
            let steps = moves.into_iter().map(|(state, shown)| (self.number(state), shown)).collect();
            self.steps.push(steps);
            next += 1;
        }
        self.steps.resize_with(self.states.len(), Vec::new);
    }

    fn number(&mut self, state: State) -> u32 {
        *self.index.entry(state).or_insert_with(|| {
            self.states.push(state);
            (self.states.len() - 1) as u32
        })
    }

    fn moves(&mut self, state: State) -> Vec<(State, Shown)> {
        let mut moves = Vec::new();
        self.both(state, &mut moves);
        self.words_as_value(state, &mut moves);
        self.first_alone(state, &mut moves);
        self.second_alone(state, &mut moves);
        self.both_gaps(state, &mut moves);
        moves
    }

    fn both(&mut self, (x, y, _): State, moves: &mut Vec<(State, Shown)>) {
        let [first, second] = self.sides;
        for &(a, to_a) in first.net.edges(x) {
            for &(b, to_b) in second.net.edges(y) {
                let shown = match (a, b) {
                    (Label::Letter(a, text), Label::Letter(b, _)) if a == b => Some(Shown::First(text)),
                    (Label::Letter(_, text), Label::Any) => Some(Shown::First(text)),
                    (Label::Any, Label::Letter(_, text)) => Some(Shown::Second(text)),
                    (Label::Value(a), Label::Value(b)) => self.value(|walk| walk.common(a, b)),
                    (Label::Value(entity), Label::Any) => self.value(|walk| walk.sample(0, entity)),
                    (Label::Any, Label::Value(entity)) => self.value(|walk| walk.sample(1, entity)),
                    _ => None,
                };
                moves.extend(shown.map(|shown| ((to_a, to_b, false), shown)));
            }
        }
    }

    /// Last, so that the sentences with the fewest words come first.
    fn both_gaps(&mut self, (x, y, _): State, moves: &mut Vec<(State, Shown)>) {
        let [first, second] = self.sides;
        for &(a, to_a) in first.net.edges(x) {
            for &(b, to_b) in second.net.edges(y) {
                if (a, b) == (Label::Any, Label::Any) && (x, y) != (to_a, to_b) {
                    let shown = self.value(|_| Some(ANYTHING.to_owned()));
                    moves.extend(shown.map(|shown| ((to_a, to_b, false), shown)));
                }
            }
        }
    }

    /// A slot of one and words of the other.
    fn words_as_value(&mut self, (x, y, _): State, moves: &mut Vec<(State, Shown)>) {
        for (slot, words, from, other) in [(0, 1, x, y), (1, 0, y, x)] {
            for &(label, to) in self.sides[slot].net.edges(from) {
                let Label::Value(entity) = label else { continue };
                for (text, end) in self.read(words, other, entity) {
                    let state = if slot == 0 { (to, end, false) } else { (end, to, false) };
                    self.pool.push(text);
                    moves.push((state, Shown::Value((self.pool.len() - 1) as u32)));
                }
            }
        }
    }

    /// The words of a side, from a node on, that are read as a value.
    fn read(&self, side: usize, from: u32, entity: EntityId) -> Vec<(String, u32)> {
        let Side { net, language, reads } = self.sides[side];
        if !net.is_boundary(from) || reads.binary_search(&entity).is_err() {
            return Vec::new();
        }
        let is_bare_slot = |end: u32| net.edges(from).contains(&(Label::Value(entity), end));
        let mut runs = net.runs(from, &|entity| self.sample(side, entity));
        runs.retain(|(text, end)| !is_bare_slot(*end) && self.values.is_whole(entity, text, language));
        runs
    }

    fn first_alone(&self, (x, y, second_moved): State, moves: &mut Vec<(State, Shown)>) {
        let [first, second] = self.sides;
        for &(label, to) in first.net.edges(x) {
            match label {
                _ if second_moved => {}
                Label::Free(text) => moves.push(((to, y, false), Shown::First(text))),
                Label::Edge if second.net.is_boundary(y) => moves.push(((to, y, false), Shown::Nothing)),
                _ => {}
            }
        }
    }

    fn second_alone(&self, (x, y, _): State, moves: &mut Vec<(State, Shown)>) {
        let [first, second] = self.sides;
        for &(label, to) in second.net.edges(y) {
            match label {
                Label::Free(text) if first.net.in_gap(x) => moves.push(((x, to, true), Shown::Second(text))),
                Label::Free(_) => moves.push(((x, to, true), Shown::Nothing)),
                Label::Edge if first.net.is_boundary(x) => moves.push(((x, to, true), Shown::Nothing)),
                _ => {}
            }
        }
    }

    fn value(&mut self, text: impl Fn(&Self) -> Option<String>) -> Option<Shown> {
        let text = text(self)?;
        self.pool.push(text);
        Some(Shown::Value((self.pool.len() - 1) as u32))
    }

    fn sample(&self, side: usize, entity: EntityId) -> Option<String> {
        self.values.sample(entity, self.sides[side].language)
    }

    fn common(&self, a: EntityId, b: EntityId) -> Option<String> {
        let [first, second] = self.sides.map(|side| side.language);
        self.values.common(a, b, first).or_else(|| self.values.common(a, b, second))
    }

    /// From which states the end of both can be reached.
    fn alive(&self) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.states.len()];
        for (from, steps) in self.steps.iter().enumerate() {
            steps.iter().for_each(|&(to, _)| before[to as usize].push(from));
        }
        let ends = [self.sides[0].net.end(), self.sides[1].net.end()];
        let mut alive: Vec<bool> = self.states.iter().map(|&(x, y, _)| [x, y] == ends).collect();
        let mut open: Vec<usize> = (0..alive.len()).filter(|&state| alive[state]).collect();
        while let Some(state) = open.pop() {
            for &from in &before[state] {
                if !std::mem::replace(&mut alive[from], true) {
                    open.push(from);
                }
            }
        }
        alive
    }

    /// What was taken, and whether all sentences were given.
    fn sentences<T>(&self, take: &mut dyn FnMut(&str) -> Option<T>) -> (Option<T>, bool) {
        let alive = self.alive();
        if !alive[0] {
            return (None, true);
        }
        let mut given = FxHashSet::default();
        for (backwards, most) in [(false, MOST_SENTENCES / 2), (true, MOST_SENTENCES)] {
            let mut ways =
                Ways { walk: self, alive: &alive, backwards, open: vec![Place::default()], steps: 0 };
            while given.len() < most
                && let Some(sentence) = ways.next()
            {
                let taken = given.insert(sentence.clone()).then(|| take(&sentence)).flatten();
                if taken.is_some() {
                    return (taken, true);
                }
            }
            if ways.open.is_empty() {
                return (None, true);
            }
        }
        (None, false)
    }
}

/// Goes all ways from the start to the end, one after the other: there are no circles.
struct Ways<'a> {
    walk: &'a Walk<'a>,
    alive: &'a [bool],
    backwards: bool,
    open: Vec<Place>,
    steps: usize,
}

#[derive(Default)]
struct Place {
    state: usize,
    /// How many of its steps have been taken.
    done: usize,
    shown: String,
    after_value: bool,
}

impl Ways<'_> {
    fn next(&mut self) -> Option<String> {
        let ends = [self.walk.sides[0].net.end(), self.walk.sides[1].net.end()];
        while let Some(place) = self.open.last_mut() {
            self.steps += 1;
            if self.steps >= MOST_STEPS {
                return None;
            }
            let steps = &self.walk.steps[place.state];
            let (x, y, _) = self.walk.states[place.state];
            let is_new = place.done == 0;
            if place.done == steps.len() {
                let finished = self.open.pop()?;
                if [x, y] == ends && steps.is_empty() {
                    return Some(tidy(&finished.shown));
                }
                continue;
            }
            let index = if self.backwards { steps.len() - 1 - place.done } else { place.done };
            place.done += 1;
            let (to, shown) = steps[index];
            let next = (self.alive[to as usize] && to as usize != place.state)
                .then(|| place.then(to as usize, shown, self.walk));
            let sentence = (is_new && [x, y] == ends).then(|| tidy(&place.shown));
            self.open.extend(next);
            if sentence.is_some() {
                return sentence;
            }
        }
        None
    }
}

impl Place {
    fn then(&self, state: usize, shown: Shown, walk: &Walk) -> Place {
        let (text, is_value) = match shown {
            Shown::Nothing => ("", false),
            Shown::First(index) => (walk.sides[0].net.text(index), false),
            Shown::Second(index) => (walk.sides[1].net.text(index), false),
            Shown::Value(index) => (walk.pool[index as usize].as_str(), true),
        };
        let glued = is_value && self.after_value && self.shown.ends_with(char::is_alphanumeric);
        let shown = [self.shown.as_str(), if glued { " " } else { "" }, text].concat();
        Place { state, done: 0, shown, after_value: is_value || (self.after_value && text.is_empty()) }
    }
}

fn tidy(sentence: &str) -> String {
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}
