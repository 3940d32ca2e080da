//! `fuzz`: mutates the corpora of useful statements and attacks for some time and judges what the guard makes of each text.
//!
//!     make fuzz-smoke                     # a minute
//!     make fuzz-smoke SECONDS=36000       # a night
//!
//! What must hold of every text, `judge` says. A text for which it does not hold is printed, with the seed by which the same
//! texts come again, and the exit code is 1. With `--features oracle`, PostgreSQL's own grammar is asked as well; that needs
//! libclang and a C compiler (Debian: apt-get install libclang-dev clang).

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

/// The stack that a caller's text is planned on, as in the adapter.
const STACK: usize = 64 << 20;
/// After so many the run ends: more of them are seldom about something else.
const MOST_FINDINGS: usize = 20;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(seconds)), seed) = (numbers.next(), numbers.next().transpose()) else {
        eprintln!("usage: fuzz SECONDS [SEED]");
        return ExitCode::from(2);
    };
    let Ok(seed) = seed else {
        eprintln!("expected a number as the seed");
        return ExitCode::from(2);
    };
    let seed =
        seed.unwrap_or_else(|| std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_nanos() as u64));
    let run = move || run(Duration::from_secs(seconds), seed);
    match std::thread::Builder::new().stack_size(STACK).spawn(run).map(std::thread::JoinHandle::join) {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        Ok(Ok(false) | Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

fn run(time: Duration, seed: u64) -> bool {
    // Said first: a stack that overflows leaves no time to say it.
    eprintln!("seed {seed}, {} s", time.as_secs());
    let guards = Guarded::all();
    let mut mutator = Mutator::new(seed, &guards);
    let (until, mut told) = (Instant::now() + time, Instant::now());
    let (mut tried, mut passed, mut findings) = (0_u64, 0_u64, 0);
    while Instant::now() < until && findings < MOST_FINDINGS {
        let (guard, text) = mutator.next(&guards);
        tried += 1;
        match guard.judge(&text) {
            Verdict::Passes => passed += 1,
            Verdict::Refused => {}
            Verdict::Wrong(why) => {
                findings += 1;
                println!("seed {seed}, text {tried}, {}: {why}\n{text}\n", guard.name);
            }
        }
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            eprintln!("{tried} texts, {passed} of them pass, {findings} findings");
        }
    }
    println!("{tried} texts with seed {seed}, {passed} of them pass, {findings} findings");
    // A run in which nothing passes, or everything, has not tried the guard.
    findings == 0 && passed > 0 && passed < tried
}
