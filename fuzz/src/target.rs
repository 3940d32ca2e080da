//! What is fuzzed, and for how long: a target makes inputs and judges what becomes of each.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::dice::Dice;

/// After so many a run ends: more of them are seldom about something else.
const MOST_FINDINGS: usize = 20;
/// An input of some hundred thousand bytes that takes this long is not read in linear time, however slow the machine.
const TOO_LONG: Duration = Duration::from_secs(20);
/// How much of an input is shown.
const SHOWN: usize = 4000;

/// What became of an input.
pub(crate) enum Verdict {
    Passes,
    Refused,
    Wrong(String),
}

/// Something that takes inputs from strangers.
pub(crate) trait Target {
    type Input: Debug;

    fn next(&mut self, dice: &mut Dice) -> Self::Input;

    fn judge(&self, input: &Self::Input) -> Verdict;

    /// The input as a person wants to see it.
    fn show(&self, input: &Self::Input) -> String {
        format!("{input:?}")
    }
}

/// Tries inputs for some time. Whether all went well, and something was tried.
pub(crate) fn run(name: &str, mut target: impl Target, time: Duration, seed: u64) -> bool {
    // Said first: a stack that overflows leaves no time to say it.
    eprintln!("{name}: seed {seed}, {} s", time.as_secs());
    let mut dice = Dice::new(seed);
    let (until, mut told) = (Instant::now() + time, Instant::now());
    let (mut tried, mut passed, mut findings) = (0_u64, 0_u64, 0);
    while Instant::now() < until && findings < MOST_FINDINGS {
        let input = target.next(&mut dice);
        tried += 1;
        match watched(&target, &input) {
            Verdict::Passes => passed += 1,
            Verdict::Refused => {}
            Verdict::Wrong(why) => {
                findings += 1;
                let shown: String = target.show(&input).chars().take(SHOWN).collect();
                println!("{name}: seed {seed}, input {tried}: {why}\n{shown}\n");
            }
        }
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            eprintln!("{name}: {tried} inputs, {passed} of them pass, {findings} findings");
        }
    }
    println!("{name}: {tried} inputs with seed {seed}, {passed} of them pass, {findings} findings");
    // A run in which nothing passes, or everything, has tried nothing.
    findings == 0 && passed > 0 && passed < tried
}

fn watched<T: Target>(target: &T, input: &T::Input) -> Verdict {
    let started = Instant::now();
    match catch_unwind(AssertUnwindSafe(|| target.judge(input))) {
        Err(_) => Verdict::Wrong("it panics".to_owned()),
        Ok(_) if started.elapsed() > TOO_LONG => {
            Verdict::Wrong(format!("it takes {} s", started.elapsed().as_secs()))
        }
        Ok(verdict) => verdict,
    }
}
