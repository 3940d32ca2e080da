//! Waiting for a condition with a deadline, instead of sleeping for a guess.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take to start on a loaded machine.
pub const START: Duration = Duration::from_secs(60);

/// How long a running system may take to do what it does at once.
pub const SOON: Duration = Duration::from_secs(10);

const BETWEEN: Duration = Duration::from_millis(10);

/// Tries until there is a value, and returns it. An error ends the wait at once.
pub fn until<T>(what: &str, limit: Duration, mut attempt: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(value) = attempt()? {
            return Ok(value);
        }
        if started.elapsed() > limit {
            bail!("waited {limit:?} in vain for {what}");
        }
        sleep(BETWEEN);
    }
}
