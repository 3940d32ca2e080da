//! Moments as the store keeps them (microseconds of Unix time) and as the contract carries them.

use std::time::{SystemTime, UNIX_EPOCH};

use prost_types::Timestamp;

const MICROS: i64 = 1_000_000;

/// Now, in microseconds of Unix time.
pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX)
}

/// Now, in milliseconds of Unix time.
pub(crate) fn now_ms() -> u64 {
    u64::try_from(now().div_euclid(1000)).unwrap_or_default()
}

/// Now, in seconds of Unix time.
pub(crate) fn now_seconds() -> i64 {
    now().div_euclid(MICROS)
}

/// Milliseconds of Unix time as the store keeps moments.
pub(crate) fn micros_of_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX).saturating_mul(1000)
}

/// A moment of the contract for the store; what is finer than a microsecond is cut off.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.seconds.saturating_mul(MICROS).saturating_add(i64::from(time.nanos) / 1000)
}

/// A moment of the store for the contract.
pub(crate) fn timestamp(micros: i64) -> Timestamp {
    let nanos = i32::try_from(micros.rem_euclid(MICROS) * 1000).unwrap_or_default();
    Timestamp { seconds: micros.div_euclid(MICROS), nanos }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_the_store() {
        for micros_of_unix_time in [0, 1, -1, 1_763_000_000_123_456, -62_135_596_800_000_000] {
            assert_eq!(micros(timestamp(micros_of_unix_time)), micros_of_unix_time);
        }
    }
}
