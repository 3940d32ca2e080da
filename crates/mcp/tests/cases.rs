//! The Markdown cases of `tests/cases`: what a reader of the protocol sees is what is checked.
//!
//! A case is a second-level heading with an input block and a block `expect`. Inputs are `frame`
//! (the message as it stands), `input` (a message with marks), `list` (a response with marks, to be
//! filtered by the names in a block `keep`) and `stream` (an event stream with marks). A mark
//! `⟦EF BB⟧` stands for bytes in hexadecimal, a mark `⟦5×text⟧` for a repeated text. The cases run
//! natively and as WebAssembly.
#![expect(clippy::expect_used, reason = "outside of test functions too, this is a test")]

#[path = "support/case.rs"]
mod case;
#[path = "support/show.rs"]
mod show;

use case::cases;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Runs every case of a file and reports all that differ.
#[track_caller]
fn check(file: &str) {
    let mut differing = Vec::new();
    let mut count = 0;
    for case in cases(file) {
        count += 1;
        let actual = show::outcome(&case);
        let expected = case.block("expect").unwrap_or_default();
        if actual != expected {
            differing.push(format!("## {}\nexpected:\n{expected}\nactual:\n{actual}\n", case.name));
        }
    }
    assert!(count > 0, "no case found");
    assert!(differing.is_empty(), "{} of {count} cases differ\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn messages_are_read_as_written() {
    check(include_str!("cases/messages.md"));
}

#[test]
fn ambiguous_and_malformed_messages_are_refused() {
    check(include_str!("cases/refusals.md"));
}

#[test]
fn lists_show_only_what_is_kept() {
    check(include_str!("cases/lists.md"));
}

#[test]
fn event_streams_are_decoded() {
    check(include_str!("cases/streams.md"));
}
