//! The filter's own failures on demand, for the tests that show what a proxy does with them.
//!
//! Built with the feature `faults` only, which no build that is handed out has: `tests/wasm` looks for the header's name in
//! the module. The header says what fails and where, such as `panic request-body`.

use engine::{Event, Head};

/// Who sends this header to a filter with faults gets what it says.
const HEADER: &str = "x-trigate-fault";
/// What one allocation takes; it is never touched, so that only the VM's own bound counts.
const BLOCK: usize = 16 << 20;

/// What an exchange was told to fail with, and where.
#[derive(Default)]
pub(crate) struct Fault(String);

impl Fault {
    /// Fails if the exchange is where it was told to.
    pub(crate) fn strike(&mut self, event: &Event<'_>) {
        let place = match event {
            Event::RequestHead(head) => {
                self.0 = told(head);
                "request-head"
            }
            Event::RequestBody(_) => "request-body",
            Event::ResponseHead(_) => "response-head",
            Event::ResponseChunk { .. } => "response-body",
            Event::Answer { .. }
            | Event::Closed
            | Event::LimitAnswer(_)
            | Event::RequestGrew(_)
            | Event::RequestTrailers
            | Event::ResponseTrailers => {
                return;
            }
        };
        match self.0.split_once(' ') {
            Some((what, at)) if at == place => fail(what),
            _ => {}
        }
    }
}

fn told(head: &Head) -> String {
    head.one(HEADER).unwrap_or_default().to_owned()
}

#[expect(clippy::panic, reason = "it is what was asked for")]
fn fail(what: &str) {
    match what {
        "panic" => panic!("a fault was asked for"),
        // Until the allocator gives up.
        "memory" => loop {
            std::mem::forget(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK)));
        },
        "stack" => drop(std::hint::black_box(descend(1))),
        #[cfg(target_family = "wasm")]
        "trap" => core::arch::wasm32::unreachable(),
        _ => {}
    }
}

/// Calls itself without end.
#[expect(unconditional_recursion, reason = "it is what was asked for")]
fn descend(depth: u64) -> u64 {
    let below = std::hint::black_box([depth; 64]);
    descend(depth + 1) + below.iter().sum::<u64>()
}
