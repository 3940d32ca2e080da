//! Schemas made at random, held against those of the `jsonschema` crate: both say the same of every value.

mod made;

use std::cell::Cell;

use jsonschema::PatternOptions;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::*;
use made::Tape;

/// What the oracle makes of a schema; formats count.
pub(super) fn oracle(schema: &Value) -> Option<jsonschema::Validator> {
    jsonschema::options()
        .with_draft(if schema["$schema"].as_str().is_some_and(|uri| uri.contains("draft-07")) {
            jsonschema::Draft::Draft7
        } else {
            jsonschema::Draft::Draft202012
        })
        .offline()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(schema)
        .ok()
}

#[test]
fn both_say_the_same() {
    let (met, unmet, circles) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u32));
    let one_more = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    let cases = Config::default().cases.saturating_mul(4);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(any::<u8>(), 0..400), |bytes| {
        let mut tape = Tape::new(&bytes);
        while !tape.is_over() {
            let text = made::schema(&mut tape).to_string();
            let schema: Value = serde_json::from_str(&text).unwrap();
            let ours = match Schema::of_output(&text) {
                Ok(ours) => ours,
                Err(error) if error.message.contains("leads back to itself") => {
                    one_more(&circles);
                    continue;
                }
                Err(error) => return Err(TestCaseError::fail(format!("{text}: {error}"))),
            };
            let theirs = oracle(&schema).ok_or_else(|| TestCaseError::fail(format!("{text}: only ours")))?;
            for _ in 0..10 {
                let value = made::value(&mut tape, 3);
                let expected = theirs.is_valid(&value);
                if ours.meets(json(&value.to_string())) != Some(expected) {
                    return Err(TestCaseError::fail(format!("{text} of {value}: not {expected}")));
                }
                one_more(if expected { &met } else { &unmet });
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (met, unmet, circles) = (met.get(), unmet.get(), circles.get());
    assert!(
        met > unmet / 4 && unmet > met / 4 && met > circles,
        "{met} met, {unmet} unmet, {circles} circles"
    );
}
