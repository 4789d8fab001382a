//! Discord's ids, which are times: milliseconds since 2015, and behind them 22 bits that tell ids of one millisecond apart
//! (Discord's reference, "Snowflakes").
use jiff::{SignedDuration, Timestamp};

const BITS: u32 = 22;

/// The first millisecond, since 1970.
const EPOCH: i64 = 1_420_070_400_000;

/// Where ids of that time begin.
pub fn since(time: Timestamp) -> u64 {
    u64::try_from(time.as_millisecond() - EPOCH).unwrap_or_default() << BITS
}

/// How far ids are apart that are made in that distance.
pub fn span(time: SignedDuration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or_default() << BITS
}
