//! What a run is made of: from a seed to the deaths of each program, and how many customers come meanwhile.
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use super::random::Random;
use super::stage::Site;
use crate::standin::{Fault, Part};

/// How a program dies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kill {
    /// At a named point, when it gets there for the so-manieth time.
    At {
        /// The point.
        point: &'static str,
        /// From 1.
        nth: u64,
    },
    /// From outside, once so much has happened since its start: messages confirmed, deliveries arrived.
    After {
        /// How much; 0: before it has begun.
        events: u64,
    },
    /// From outside, once it has delivered something again that was in doubt, and so much has happened since then.
    Again {
        /// How much.
        events: u64,
    },
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kill::At { point, nth } => write!(f, "{point}:{nth}"),
            Kill::After { events } => write!(f, "after {events} events"),
            Kill::Again { events } => write!(f, "{events} events after a repetition"),
        }
    }
}

/// What a world is to go through.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// Where it takes place.
    pub site: Site,
    /// The programs that run side by side on one file: what each receives, and how each dies, one death after the other.
    pub programs: Vec<(Part, VecDeque<Kill>)>,
    /// Customers who come whenever a program is started.
    pub newcomers: u64,
    /// What the platform does to one delivery that no platform does, to show that it is seen.
    pub sabotage: Option<Fault>,
    /// Everything must have come to rest by then. Nothing is timed: this is for what hangs.
    pub patience: Duration,
}

/// Deaths in a row before everything comes to rest.
pub const DEATHS: usize = 20;

impl Plan {
    /// One program that dies so many times.
    pub fn one(seed: u64, deaths: usize) -> Plan {
        Plan::at(Site::default(), seed, deaths)
    }

    /// One program on that platform that dies so many times.
    pub fn at(site: Site, seed: u64, deaths: usize) -> Plan {
        Plan::of(site, seed, vec![(Part::All, kills(seed, &site.points(), deaths))])
    }

    /// Two programs on one file; both die, one more often than the other.
    pub fn two(seed: u64, parts: [Part; 2], deaths: [usize; 2]) -> Plan {
        let (site, [first, second]) = (Site::default(), deaths);
        let points = site.points();
        let programs =
            vec![(parts[0], kills(seed, &points, first)), (parts[1], kills(!seed, &points, second))];
        Plan::of(site, seed, programs)
    }

    fn of(site: Site, seed: u64, programs: Vec<(Part, VecDeque<Kill>)>) -> Plan {
        Plan { seed, site, programs, newcomers: 3, sabotage: None, patience: Duration::from_secs(90) }
    }

    /// How many deaths.
    pub fn deaths(&self) -> usize {
        self.programs.iter().map(|(_, kills)| kills.len()).sum()
    }

    /// Whether agents come in by another door than customers.
    pub fn agents_apart(&self) -> bool {
        self.site.parts_agents() || self.programs.iter().any(|(part, _)| *part == Part::Agents)
    }
}

/// Two in three at named points, which come round so that none is left out; one in twenty in the middle of a repetition.
fn kills(seed: u64, points: &[&'static str], deaths: usize) -> VecDeque<Kill> {
    let mut random = Random::new(seed ^ 0x6b69_6c6c);
    let mut point = random.below(points.len() as u64) as usize;
    let mut kill = |index: usize| {
        if index % DEATHS == DEATHS / 2 {
            return Kill::Again { events: random.below(4) };
        }
        if random.once_in(3) {
            return Kill::After { events: random.below(40) };
        }
        point = (point + 1) % points.len();
        Kill::At { point: points[point], nth: nth(&mut random, points[point]) }
    };
    (0..deaths).map(&mut kill).collect()
}

/// What happens often is let happen a while; the steps of a hand-off are rare.
fn nth(random: &mut Random, point: &str) -> u64 {
    match point.split('.').next() {
        Some("handoff" | "timer") => random.between(1, 2),
        Some("call" | "receive") => random.between(1, 4),
        _ => random.between(1, 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_and_no_point_is_left_out() {
        let plan = |seed| Plan::one(seed, 200).programs;
        assert_eq!(plan(7), plan(7));
        assert_ne!(plan(7), plan(8));
        let points: std::collections::BTreeSet<_> = plan(7)[0]
            .1
            .iter()
            .filter_map(|kill| match kill {
                Kill::At { point, .. } => Some(*point),
                _ => None,
            })
            .collect();
        assert_eq!(points.len(), Site::Standin.points().len());
    }
}
