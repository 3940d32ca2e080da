//! `fuzz`: mutates the corpora of useful statements and attacks for some time and judges what the guard makes of each.
//!
//!     make fuzz-smoke                     # a minute
//!     make fuzz-smoke SECONDS=36000       # a night
//!
//! What must hold of every text, see `judge`. A text for which it does not hold is printed with the seed that made it, and
//! the exit code is 1.

mod judge;
mod mutate;
#[cfg(feature = "oracle")]
mod oracle;
#[path = "../../crates/sql/tests/shop/schema.rs"]
mod shop;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use judge::{Guarded, Verdict};
use mutate::Mutator;

/// The stack that caller's text is planned on, as in the adapter.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(seconds)), seed) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: fuzz SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let seed = match seed {
        Some(Ok(seed)) => seed,
        _ => std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_nanos() as u64),
    };
    let run = std::thread::Builder::new().stack_size(STACK).spawn(move || run(Duration::from_secs(seconds), seed));
    match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        Ok(Ok(false)) => ExitCode::FAILURE,
        // The text that broke it was printed by the panic's hook.
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

fn run(time: Duration, seed: u64) -> bool {
    let guards = Guarded::all();
    let mut mutator = Mutator::new(seed, &guards);
    let (until, mut told) = (Instant::now() + time, Instant::now());
    let (mut tried, mut passed) = (0_u64, 0_u64);
    while Instant::now() < until {
        let (guard, text) = mutator.next(&guards);
        judge::watch(guard.name, &text);
        tried += 1;
        match guard.judge(&text) {
            Verdict::Passes => passed += 1,
            Verdict::Refused => {}
            Verdict::Wrong(why) => {
                eprintln!("seed {seed}, {} on {}:\n{text}\n", why, guard.name);
                return false;
            }
        }
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            eprintln!("{tried} texts, {passed} of them pass");
        }
    }
    println!("{tried} texts with seed {seed}, {passed} of them pass; nothing is wrong");
    // A run in which nothing passes, or everything, has not tried the guard.
    passed > 0 && passed < tried
}
