//! How often a bot may ask: per route and channel, in all, and how often it may be refused.
//!
//! Discord tells the limits of routes by headers, and they change; here they are of the order that is seen in life. A window begins
//! with the first request of a bucket. What is refused counts for nothing but the ban.
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::answer::{Limited, Refusal};

/// In all, in a second.
const ALL: usize = 50;
const SECOND: Duration = Duration::from_secs(1);
/// So many 401, 403 and 429 within [`BAN`] are a ban.
const INVALID: usize = 10_000;
const BAN: Duration = Duration::from_secs(600);
/// Names and topics of a channel: so many within [`BAN`].
const RENAMES: usize = 2;

/// What was asked when.
pub struct Limits {
    pub on: bool,
    /// All is refused until then.
    pub frozen: Option<Duration>,
    buckets: BTreeMap<String, Bucket>,
    all: VecDeque<Duration>,
    invalid: VecDeque<Duration>,
    renames: BTreeMap<u64, VecDeque<Duration>>,
}

struct Bucket {
    used: u32,
    ends: Duration,
}

/// A route's limit: so many in so many milliseconds.
pub type Limit = (u32, u64);

/// What the headers of an answer say about its bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headers {
    about: Option<About>,
}

#[derive(Clone, Debug, PartialEq)]
struct About {
    name: String,
    limit: u32,
    remaining: u32,
    /// Seconds, from now and since 1970.
    reset_after: f64,
    reset: f64,
}

/// The time, and the time in milliseconds since 1970.
#[derive(Clone, Copy)]
pub struct Now {
    pub now: Duration,
    pub millis: i64,
}

impl Limits {
    pub fn new() -> Limits {
        Limits {
            on: true,
            frozen: None,
            buckets: BTreeMap::new(),
            all: VecDeque::new(),
            invalid: VecDeque::new(),
            renames: BTreeMap::new(),
        }
    }

    /// One request more of a bucket. `counted`: it counts among all, as answers to interactions don't.
    pub fn spend(
        &mut self,
        (route, place): (&str, &str),
        (limit, millis): Limit,
        counted: bool,
        at: Now,
    ) -> (Result<(), Refusal>, Headers) {
        if let Err(refusal) = self.free(counted, at.now) {
            return (Err(refusal), Headers::default());
        }
        let limit = if self.on { limit } else { 1_000_000 };
        let window = Duration::from_millis(millis);
        let bucket =
            self.buckets.entry(format!("{route} {place}")).or_insert(Bucket { used: 0, ends: at.now });
        if bucket.ends <= at.now {
            *bucket = Bucket { used: 0, ends: at.now + window };
        }
        let fits = bucket.used < limit;
        bucket.used += u32::from(fits);
        let wait = (bucket.ends - at.now).as_secs_f64();
        let headers = Headers::new(route, limit, limit - bucket.used, wait, at.millis);
        if !fits {
            return (Err(Refusal::too_many(rounded(wait), false)), headers);
        }
        if counted {
            self.all.push_back(at.now);
        }
        (Ok(()), headers)
    }

    /// Nothing holds back all requests.
    fn free(&mut self, counted: bool, now: Duration) -> Result<(), Refusal> {
        if let Some(until) = self.frozen.filter(|until| *until > now) {
            return Err(Refusal::too_many(rounded((until - now).as_secs_f64()), true));
        }
        self.frozen = None;
        if self.on && self.invalid_requests(now) >= INVALID {
            let wait = self.invalid.front().map_or(BAN, |first| *first + BAN - now);
            return Err(Refusal::too_many(rounded(wait.as_secs_f64()), true));
        }
        forget(&mut self.all, SECOND, now);
        match self.all.front() {
            Some(first) if self.on && counted && self.all.len() >= ALL => {
                Err(Refusal::too_many(rounded((*first + SECOND - now).as_secs_f64()), true))
            }
            _ => Ok(()),
        }
    }

    /// A channel is renamed, or gets another topic: seconds to wait where that is too often.
    pub fn rename(&mut self, channel: u64, now: Duration) -> Result<(), Refusal> {
        let renames = self.renames.entry(channel).or_default();
        forget(renames, BAN, now);
        match renames.front() {
            Some(first) if self.on && renames.len() >= RENAMES => {
                Err(Refusal::too_many(rounded((*first + BAN - now).as_secs_f64()), false))
            }
            _ => {
                renames.push_back(now);
                Ok(())
            }
        }
    }

    /// Notes what was answered.
    pub fn answered(&mut self, status: u16, now: Duration) {
        if [401, 403, 429].contains(&status) {
            self.invalid.push_back(now);
        }
    }

    /// How many requests of the last ten minutes were answered 401, 403 or 429.
    pub fn invalid_requests(&self, now: Duration) -> usize {
        self.invalid.iter().filter(|at| **at + BAN > now).count()
    }
}

fn forget(times: &mut VecDeque<Duration>, window: Duration, now: Duration) {
    while times.front().is_some_and(|at| *at + window <= now) {
        times.pop_front();
    }
}

/// As Discord gives it: with three decimals, and never too short.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).ceil() / 1000.0
}

impl Headers {
    fn new(route: &str, limit: u32, remaining: u32, wait: f64, millis: i64) -> Headers {
        let name = format!("{:032x}", hash(route));
        let reset = millis as f64 / 1000.0 + wait;
        Headers { about: Some(About { name, limit, remaining, reset_after: wait, reset }) }
    }

    /// All that belong to an answer.
    pub fn all(&self, limited: Option<&Limited>) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        if let Some(about) = &self.about {
            all.push(("x-ratelimit-limit", about.limit.to_string()));
            all.push(("x-ratelimit-remaining", about.remaining.to_string()));
            all.push(("x-ratelimit-reset", format!("{:.3}", about.reset)));
            all.push(("x-ratelimit-reset-after", format!("{:.3}", about.reset_after)));
            all.push(("x-ratelimit-bucket", about.name.clone()));
        }
        if let Some(limited) = limited {
            all.push(("retry-after", limited.retry_after.ceil().to_string()));
            all.push(("via", "1.1 google".to_owned()));
            let scope = if limited.global { "global" } else { "user" };
            all.push(("x-ratelimit-scope", scope.to_owned()));
            if limited.global {
                all.push(("x-ratelimit-global", "true".to_owned()));
            } else if self.about.is_none() {
                all.push(("x-ratelimit-reset-after", format!("{:.3}", limited.retry_after)));
            }
        }
        all
    }
}

/// FNV-1a: the same name in each run.
pub fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
