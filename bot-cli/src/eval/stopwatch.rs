//! How long something takes, and how much memory it took. What it is not: it decides nothing by it.
use std::fs;
use std::time::Instant;

/// A running stopwatch.
#[derive(Debug)]
pub struct Stopwatch {
    wall: Instant,
    cpu: Option<f64>,
}

/// What a stopwatch shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lap {
    /// Milliseconds that went by.
    pub wall: f64,
    /// Milliseconds of them that this thread had a processor; absent where the system doesn't tell.
    pub cpu: Option<f64>,
}

impl Stopwatch {
    /// Starts one.
    pub fn start() -> Stopwatch {
        Stopwatch { wall: Instant::now(), cpu: cpu() }
    }

    /// Reads it.
    pub fn lap(&self) -> Lap {
        let wall = self.wall.elapsed().as_secs_f64() * 1e3;
        Lap { wall, cpu: self.cpu.zip(cpu()).map(|(start, end)| end - start) }
    }
}

/// Milliseconds of processor time of this thread so far. Linux counts them in steps of a few milliseconds.
fn cpu() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}

/// The most memory this process has had so far, in MB of 2^20 bytes; absent where the system doesn't tell.
pub fn peak_memory() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// The value that this share of the values is not above; sorts them. None of none.
pub fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() as f64 * share).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_came_up() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        for (share, want) in [(0.5, 100.0), (0.99, 198.0), (0.0, 1.0), (1.0, 200.0)] {
            assert_eq!(percentile(&mut values, share), Some(want), "{share}");
        }
        assert_eq!(percentile(&mut [], 0.5), None);
        assert_eq!(percentile(&mut [7.0], 0.99), Some(7.0));
    }
}
