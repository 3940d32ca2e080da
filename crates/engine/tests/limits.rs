//! Limits from the outside: calls of several callers at several workers, and which of them pass.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "limits/bench.rs"]
mod bench;
#[path = "limits/shared.rs"]
mod shared;
#[path = "limits/window.rs"]
mod window;

use engine::{Effect, Event, Outcome};
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, Worker};

/// A role whose only rule has this limit.
fn rule(limit: &str) -> Bench {
    Bench::new(&format!("{{ tools: [ {{ allow: s.*, limit: {limit} }} ] }}"), "", "")
}

#[test]
fn a_burst_passes_and_then_one_call_an_interval() {
    let bench = rule("{ rate: 30/min, burst: 3 }");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 10), 3);
    bench.clock.set(bench.clock.get() + 1_999);
    assert_eq!(bench.passed(&worker, "one", 10), 0);
    bench.clock.set(bench.clock.get() + 1);
    assert_eq!(bench.passed(&worker, "one", 10), 1);
    bench.clock.set(bench.clock.get() + 60_000);
    assert_eq!(bench.passed(&worker, "one", 10), 3);
}

#[test]
fn workers_share_one_bucket_and_callers_do_not() {
    let bench = rule("5/h");
    let (left, right) = (bench.worker(), bench.worker());
    assert_eq!(bench.passed(&left, "one", 3) + bench.passed(&right, "one", 3), 5);
    assert_eq!(bench.passed(&right, "two", 9), 5);
    assert_eq!(bench.passed(&left, "two", 9), 0);
}

#[test]
fn a_refusal_says_what_the_limit_is_and_when_to_come_back() {
    let bench = rule("{ rate: 30/min, burst: 1 }");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 1), 1);
    bench.clock.set(bench.clock.get() + 500);
    let (effect, record, _) = worker.call("one", "x");
    let Effect::Reply(reply) = effect else { panic!("it passes") };
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &body["id"], &body["error"]["code"]), (200, &1.into(), &4060.into()));
    assert_eq!(
        body["error"]["message"],
        "`x` on server `s`: the limit is reached: 30 calls a minute for each caller, by allow s.*; try again in 2 s"
    );
    let data = &body["error"]["data"];
    assert_eq!(data["limit"], "30 calls a minute for each caller, by allow s.*");
    assert_eq!((&data["retryAfterMs"], &data["rule"]), (&1_500.into(), &"limit 30/min of allow s.*".into()));
    assert!(data["decision"].is_string());
    assert!(reply.headers.contains(&("retry-after", "2".to_owned())), "{:?}", reply.headers);
    assert_eq!((record.outcome, record.code), (Outcome::Deny, 4060));
    assert_eq!(record.rule, "limit 30/min of allow s.*");
    assert!(record.reason.contains("30 calls a minute"), "{}", record.reason);
}

#[test]
fn what_one_limit_refuses_no_other_counts() {
    let bench = rule("[ { rate: 100/day, burst: 4 }, { quota: 3/day } , { concurrent: 9 } ]");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 3), 3);
    // Fifty calls that the quota refuses leave the bucket as it was: one more fits once the day is over.
    assert_eq!(bench.passed(&worker, "one", 50), 0);
    bench.clock.set(bench.midnight());
    assert_eq!(bench.passed(&worker, "one", 3), 3);
}

#[test]
fn limits_of_server_endpoint_and_role_hold_beside_those_of_rules() {
    let bench = Bench::new(
        "{ tools: [ { allow: s.* } ], limits: { quota: 3/day } }",
        ", limits: { quota: 5/day }",
        ", limits: { quota: 1000/day }",
    );
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 9), 3);
    // The role counts each caller, the server all of them together.
    assert_eq!(bench.passed(&worker, "two", 9), 2);
    let (_, record, _) = worker.call("two", "x");
    assert_eq!(record.rule, "limit 5 in a calendar day of server s");
}

#[test]
fn a_day_is_a_day_of_utc() {
    let bench = rule("{ quota: 2/day }");
    let worker = bench.worker();
    bench.clock.set(bench.midnight() - 1_000);
    assert_eq!(bench.passed(&worker, "one", 5), 2);
    let (effect, ..) = worker.call("one", "x");
    let Effect::Reply(reply) = effect else { panic!("it passes") };
    assert!(reply.headers.contains(&("retry-after", "1".to_owned())), "{:?}", reply.headers);
    bench.clock.set(bench.clock.get() + 1_000);
    assert_eq!(bench.passed(&worker, "one", 5), 2);
    // Another worker's clock is a moment behind: it goes on in the day that has begun, and does not bring the old one back.
    bench.clock.set(bench.clock.get() - 2);
    assert_eq!(bench.passed(&bench.worker(), "one", 5), 0);
    bench.clock.set(bench.clock.get() + 4);
    assert_eq!(bench.passed(&worker, "one", 5), 0);
}

#[test]
fn a_clock_that_goes_back_costs_a_burst_at_most() {
    for limit in ["{ rate: 1/s, burst: 2 }", "{ quota: 2/day }"] {
        let bench = rule(limit);
        let worker = bench.worker();
        let right = bench.clock.get();
        bench.clock.set(right + 10 * 365 * 86_400_000);
        assert_eq!(bench.passed(&worker, "one", 5), 2);
        bench.clock.set(right);
        let back = bench.passed(&worker, "one", 5);
        bench.clock.set(right + 86_400_000);
        assert_eq!((back <= 2, bench.passed(&worker, "one", 5)), (true, 2), "{limit}");
    }
    // A small step back gives nothing.
    let bench = rule("{ rate: 1/s, burst: 2 }");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 5), 2);
    bench.clock.set(bench.clock.get() - 60_000);
    assert_eq!(bench.passed(&worker, "one", 5), 0);
    bench.clock.set(bench.clock.get() + 2_000);
    assert_eq!(bench.passed(&worker, "one", 5), 2);
}

#[test]
fn clocks_at_their_ends_stop_nothing_from_being_counted() {
    for now in [0, 1, u64::MAX / 1_000_000 - 1] {
        let bench = rule("{ rate: 1/h, burst: 2, quota: 2/h }");
        bench.clock.set(now);
        assert_eq!(bench.passed(&bench.worker(), "one", 9), 2, "at {now}");
    }
}

#[test]
fn what_runs_at_a_time_is_counted_until_it_ends() {
    let bench = rule("{ concurrent: 2 }");
    let (left, right) = (bench.worker(), bench.worker());
    let (first, _, one) = left.call("one", "x");
    let (second, _, two) = right.call("one", "x");
    assert!(matches!((first, second), (Effect::Forward(_), Effect::Forward(_))));
    assert_eq!(bench.passed(&left, "one", 3) + bench.passed(&right, "one", 3), 0);
    // Another caller has room of its own.
    assert_eq!(bench.passed(&right, "two", 1), 1);
    drop(one);
    let (third, _, three) = right.call("one", "x");
    assert!(matches!(third, Effect::Forward(_)));
    assert_eq!(bench.passed(&left, "one", 1), 0);
    drop((two, three));
    // Calls that end one after the other never stand in each other's way.
    assert_eq!(bench.passed(&left, "one", 50), 50);
}

#[test]
fn a_slot_comes_back_from_an_exchange_that_is_refused_later() {
    let bench = rule("[ { concurrent: 1 }, { quota: 1/day } ]");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 1), 1);
    let (_, record, _) = worker.call("one", "x");
    assert_eq!(record.rule, "limit 1 in a calendar day of allow s.*");
    // Had the refused call kept its slot, this would be refused by the other limit.
    bench.clock.set(bench.midnight());
    assert_eq!(bench.passed(&worker, "one", 1), 1);
}

#[test]
fn what_a_dead_worker_had_running_is_free_again_and_what_a_live_one_has_is_not() {
    let bench = rule("{ concurrent: 2 }");
    let (alive, dead) = (bench.worker(), bench.worker());
    let (.., held) = alive.call("one", "x");
    let (.., lost) = dead.call("one", "x");
    dead.dies(lost);
    for _ in 0..12 {
        bench.clock.set(bench.clock.get() + 5_000);
        alive.limiter.renew(bench.clock.get());
    }
    let (effect, _, next) = alive.call("one", "x");
    assert!(matches!(effect, Effect::Forward(_)), "the dead worker still holds its slot");
    assert_eq!(bench.passed(&bench.worker(), "one", 1), 0, "a call of a minute lost its slot");
    drop((held, next));
    assert_eq!(bench.passed(&bench.worker(), "one", 1), 1);
}

#[test]
fn lists_and_what_ends_something_are_not_held_back_by_limits_of_calls() {
    let bench = Bench::new("{ everything: true, limits: 1/day }", "", "");
    let worker = bench.worker();
    assert_eq!(bench.passed(&worker, "one", 5), 1);
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    assert!(matches!(worker.post("one", list).0, Effect::Forward(_)));
    let bench = Bench::new("{ everything: true, limits: { rate: 1/day, counts: requests } }", "", "");
    let worker = bench.worker();
    assert!(matches!(worker.post("one", list).0, Effect::Forward(_)));
    assert!(matches!(worker.post("one", list).0, Effect::Reply(_)));
    let cancelled = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#;
    assert!(matches!(worker.post("one", cancelled).0, Effect::Forward(_)));
}

#[test]
fn calls_that_rules_refuse_count_nothing() {
    let bench = Bench::new("{ tools: [ { allow: s.x, limit: 2/day } ], limits: 2/day }", "", "");
    let worker = bench.worker();
    for _ in 0..9 {
        assert_eq!(worker.call("one", "y").1.code, 4030);
    }
    assert_eq!(bench.passed(&worker, "one", 9), 2);
}

#[test]
fn names_in_another_case_and_invented_ones_share_a_bucket() {
    let bench = rule("{ rate: 2/day, per: [subject, tool] }");
    let worker = bench.worker();
    let names = ["delete", "Delete", "DELETE", "dElete"];
    let passed = names.iter().filter(|name| matches!(worker.call("one", name).0, Effect::Forward(_)));
    assert_eq!(passed.count(), 2);
}

#[test]
fn what_nobody_can_count_is_refused() {
    let bench = rule("1000/s");
    let head = Worker::head("one");
    let mut exchange = engine::Exchange::new(engine::DecisionId::new(1, 2));
    assert!(matches!(exchange.handle(&Event::RequestHead(&head), &bench.moment()).effect, Effect::Hold));
    let step = exchange.handle(&Event::RequestBody(Worker::body("x").as_bytes()), &bench.moment());
    let Effect::Reply(reply) = step.effect else { panic!("it passes") };
    assert_eq!((reply.status, step.record.unwrap().code), (503, 4061));
    // A store in which others always get ahead is left after a while.
    bench.store.contended.set(true);
    assert_eq!(bench.worker().call("one", "x").1.code, 4061);
    bench.store.contended.set(false);
    assert_eq!(bench.passed(&bench.worker(), "one", 1), 1);
}

#[test]
fn another_ahead_now_and_then_loses_no_count() {
    let bench = rule("20/day");
    let workers = [bench.worker(), bench.worker(), bench.worker()];
    bench.store.stumbles.set(true);
    let passed: usize = workers.iter().cycle().take(60).map(|worker| bench.passed(worker, "one", 1)).sum();
    assert_eq!(passed, 20);
}

#[test]
fn counts_have_an_end_and_what_is_over_makes_room() {
    let bench = rule("{ rate: 1/s, burst: 5, per: [subject, tool] }");
    let worker = bench.worker();
    for tool in 0..3_000 {
        worker.call("one", &format!("t{tool}"));
    }
    let (before, slots) = (bench.store.size(), bench.store.slots());
    bench.clock.set(bench.clock.get() + 60_000);
    for tool in 0..3_000 {
        worker.call("one", &format!("u{tool}"));
    }
    assert!(bench.store.size() <= before * 2 && slots <= 4096, "{} after {before}", bench.store.size());
    // A slot that is full lets nothing in, and nothing out of bounds.
    bench.store.crowd(bench.clock.get());
    assert_eq!(worker.call("one", "t0").1.code, 4061);
}
