//! Latencies and memory, for the programs that measure.
use std::fmt;
use std::time::Duration;

/// How long replies took.
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Of these replies.
    pub fn new(mut latencies: Vec<Duration>) -> Latencies {
        latencies.sort();
        Latencies(latencies)
    }

    /// How long the given share of them took at most, in milliseconds.
    pub fn at(&self, share: f64) -> f64 {
        let index = ((self.0.len() as f64 - 1.0) * share).round().max(0.0) as usize;
        self.0.get(index).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1000.0)
    }
}

impl fmt::Display for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (median, p99, most) = (self.at(0.5), self.at(0.99), self.at(1.0));
        write!(f, "{} replies, median {median:.1} ms, 99 % {p99:.1} ms, at most {most:.1} ms", self.0.len())
    }
}

/// The most memory that this process has taken so far, in MB; 0 where the system doesn't tell.
pub fn memory_mb() -> u64 {
    memory("self", "VmHWM:")
}

/// The memory that a process takes now, in MB; 0 where the system doesn't tell.
pub fn memory_of(process: u32) -> u64 {
    memory(&process.to_string(), "VmRSS:")
}

fn memory(process: &str, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kb = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kb.unwrap_or(0) / 1024
}
