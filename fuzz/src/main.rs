//! `fuzz`: mutates corpora for some time and judges what becomes of each input.
//!
//!     make fuzz-smoke                                         # two minutes, all targets, the same inputs each time
//!     make fuzz-smoke TARGETS=exchange SECONDS=36000 SEED=    # one of them, a night, new inputs
//!
//! An input for which something does not hold is printed, with the seed by which the same inputs come again, and the exit
//! code is 1. With `--features oracle`, PostgreSQL's own grammar is asked as well; that needs libclang and a C compiler
//! (Debian: apt-get install libclang-dev clang).

mod bytes;
mod dice;
mod exchange;
mod frame;
mod guard;
#[path = "../../crates/engine/tests/support/scene.rs"]
mod scene;
mod snapshot;
mod stream;
mod target;

use std::process::ExitCode;
use std::time::Duration;

/// The stack that a caller's text is planned on, as in the adapter.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers = arguments.iter().skip(1).map(|text| text.parse::<u64>().ok()).collect::<Option<Vec<_>>>();
    let (Some(name), Some(numbers)) = (arguments.first().cloned(), numbers) else { return usage() };
    let (seconds, seed) = match numbers[..] {
        [seconds] => (seconds, std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_nanos() as u64)),
        [seconds, seed] => (seconds, seed),
        _ => return usage(),
    };
    let run = move || run(&name, Duration::from_secs(seconds), seed);
    match std::thread::Builder::new().stack_size(STACK).spawn(run).map(std::thread::JoinHandle::join) {
        Ok(Ok(Some(true))) => ExitCode::SUCCESS,
        Ok(Ok(None)) => usage(),
        Ok(Ok(Some(false)) | Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: fuzz sql|frame|sse|exchange|snapshot SECONDS [SEED]");
    ExitCode::from(2)
}

/// Whether the target holds; none where there is no such target.
fn run(name: &str, time: Duration, seed: u64) -> Option<bool> {
    Some(match name {
        "exchange" => target::run(name, exchange::Exchanges::new(), time, seed),
        "frame" => target::run(name, frame::Frames::new(), time, seed),
        "snapshot" => target::run(name, snapshot::Snapshots::new(), time, seed),
        "sql" => target::run(name, guard::Guards::new(seed), time, seed),
        "sse" => target::run(name, stream::Streams::new(), time, seed),
        _ => return None,
    })
}
