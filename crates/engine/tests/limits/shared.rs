//! Limits that several proxies share: what the rate-limit service is asked, and what becomes of its answer.

use engine::{Effect, Event, Exchange, LimitAnswer, LimitQuestion, Moment, Outcome, Step};
use policy::limit::Unit;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, Worker};

const SHARED: &str = "{ rate: 30/min, shared: true }";

fn bench(service: &str, limit: &str) -> Bench {
    Bench::under(service, &format!("{{ tools: [ {{ allow: s.*, limit: {limit} }} ] }}"), "", "")
}

/// A call of `one` that waits for the service.
fn asked(worker: &Worker) -> (LimitQuestion, Exchange) {
    let (step, exchange) = worker.begin("one", &Worker::body("x"));
    assert!(step.record.is_none(), "what waits is not decided: {step:?}");
    let Effect::AskLimit(question) = step.effect else { panic!("nobody is asked: {step:?}") };
    (question, exchange)
}

fn told(bench: &Bench, exchange: &mut Exchange, answer: LimitAnswer) -> Step {
    exchange.handle(&Event::LimitAnswer(answer), &bench.moment())
}

fn code(step: &Step) -> (u16, i64) {
    let Effect::Reply(reply) = &step.effect else { panic!("it is not refused: {step:?}") };
    let body: Value = serde_json::from_slice(&reply.body).expect("a refusal is JSON");
    assert_eq!(step.record.as_ref().map(|record| record.outcome), Some(Outcome::Deny));
    (reply.status, body.pointer("/error/code").and_then(Value::as_i64).expect("a refusal has a code"))
}

#[test]
fn the_service_learns_the_limit_and_what_it_counts_by() {
    let bench = bench("", SHARED);
    let (question, mut exchange) = asked(&bench.worker());
    assert_eq!((question.cluster, question.domain.as_str()), (None, "trigate"));
    let [descriptor] = question.descriptors.as_slice() else { panic!("one limit is shared") };
    assert_eq!((descriptor.count, descriptor.unit), (30, Unit::Minute));
    let [limit, (id, digits), subject] = descriptor.entries.as_slice() else { panic!("{descriptor:?}") };
    assert_eq!(limit, &("limit", "30/min of allow s.*".to_owned()));
    assert!(*id == "id" && digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(subject, &("subject", "key oneoneoneone".to_owned()));
    let step = told(&bench, &mut exchange, LimitAnswer::Passes);
    assert!(matches!(step.effect, Effect::Forward(_)));
    assert_eq!(step.record.unwrap().outcome, Outcome::Allow);
}

#[test]
fn a_cluster_of_ones_own_is_asked_under_its_domain() {
    let bench = bench("rate_limit_service: { cluster: limits, domain: agents }\n", SHARED);
    let (question, _) = asked(&bench.worker());
    assert_eq!((question.cluster.as_deref(), question.domain.as_str()), (Some("limits"), "agents"));
}

#[test]
fn a_no_is_a_refusal_that_says_when_to_come_back() {
    let bench = bench("", SHARED);
    let (_, mut exchange) = asked(&bench.worker());
    let step = told(&bench, &mut exchange, LimitAnswer::Exceeded { index: 0, retry_ms: Some(7_100) });
    assert_eq!(code(&step), (200, 4060));
    let Effect::Reply(reply) = &step.effect else { panic!("it passes") };
    assert!(reply.headers.contains(&("retry-after", "8".to_owned())), "{:?}", reply.headers);
    assert!(String::from_utf8_lossy(&reply.body).contains("at all gateways together"));
    // A service that does not say it leaves the limit's own time.
    let (_, mut exchange) = asked(&bench.worker());
    let step = told(&bench, &mut exchange, LimitAnswer::Exceeded { index: 9, retry_ms: None });
    let Effect::Reply(reply) = &step.effect else { panic!("it passes") };
    assert!(reply.headers.contains(&("retry-after", "60".to_owned())), "{:?}", reply.headers);
}

#[test]
fn an_outage_denies_unless_the_document_allows() {
    let closed = bench("", SHARED);
    let (_, mut exchange) = asked(&closed.worker());
    assert_eq!(code(&told(&closed, &mut exchange, LimitAnswer::Failed)), (503, 4061));
    let open = bench("rate_limit_service: { on_failure: allow }\n", SHARED);
    let (_, mut exchange) = asked(&open.worker());
    let step = told(&open, &mut exchange, LimitAnswer::Failed);
    assert!(matches!(step.effect, Effect::Forward(_)));
    // The setting is about outages: a no stays a no.
    let (_, mut exchange) = asked(&open.worker());
    let step = told(&open, &mut exchange, LimitAnswer::Exceeded { index: 0, retry_ms: None });
    assert_eq!(code(&step), (200, 4060));
}

#[test]
fn what_the_service_refuses_is_counted_nowhere() {
    let bench = bench("", "[ { quota: 1/day }, { concurrent: 1 }, { rate: 9/s, shared: true } ]");
    let worker = bench.worker();
    for _ in 0..5 {
        let (_, mut exchange) = asked(&worker);
        let step = told(&bench, &mut exchange, LimitAnswer::Exceeded { index: 0, retry_ms: None });
        assert_eq!(code(&step), (200, 4060));
    }
    let (_, mut exchange) = asked(&worker);
    assert!(matches!(told(&bench, &mut exchange, LimitAnswer::Passes).effect, Effect::Forward(_)));
    drop(exchange);
    // What the proxy itself refuses, the service is not asked about.
    assert_eq!(worker.call("one", "x").1.rule, "limit 1 in a calendar day of allow s.*");
}

#[test]
fn a_request_that_waits_holds_whatever_arrives() {
    let bench = bench("", SHARED);
    let worker = bench.worker();
    let (_, mut exchange) = asked(&worker);
    for event in [Event::RequestTrailers, Event::RequestGrew(9), Event::RequestBody(b"x")] {
        assert!(matches!(exchange.handle(&event, &bench.moment()).effect, Effect::Hold), "{event:?}");
    }
    assert!(matches!(told(&bench, &mut exchange, LimitAnswer::Passes).effect, Effect::Forward(_)));
    // A second answer has nothing to let through.
    assert!(!matches!(told(&bench, &mut exchange, LimitAnswer::Passes).effect, Effect::Forward(_)));
}

#[test]
fn a_caller_who_is_revoked_while_waiting_is_refused() {
    let bench = bench("", SHARED);
    let (_, mut exchange) = asked(&bench.worker());
    let moment = Moment { revision: None, ..bench.moment() };
    let step = exchange.handle(&Event::LimitAnswer(LimitAnswer::Passes), &moment);
    assert!(matches!(step.effect, Effect::Reply(_)), "{step:?}");
}
