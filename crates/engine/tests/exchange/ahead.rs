//! Heads that go on before their bodies are judged, and traces that only a message names.

use engine::Keeps;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

/// A host that lets heads go before bodies are judged.
fn ahead(head: &Head, body: &str) -> (Effect, Effect, Exchange) {
    let (mut exchange, moment) = (exchange().on_host_that(Keeps::Body), moment());
    let first = exchange.handle(&Event::RequestHead(head), &moment).effect;
    let second = exchange.handle(&Event::RequestBody(body.as_bytes()), &moment).effect;
    (first, second, exchange)
}

#[test]
fn a_head_that_goes_ahead_has_the_servers_credential_and_not_the_agents() {
    let (first, second, _) = ahead(&post("/tickets/mcp", &[("x-api-key", KEY)]), &call("create"));
    let Effect::Advance(edits) = first else { panic!("{first:?}") };
    let value = |name: &str| edits.iter().rfind(|edit| edit.name == name).map(|edit| edit.value.as_deref());
    assert_eq!((value("authorization"), value("x-api-key")), (Some(Some("Bearer upstream")), Some(None)));
    let Effect::Forward(forward) = second else { panic!("{second:?}") };
    assert_eq!((forward.headers.len(), forward.body), (0, None));
}

#[test]
fn a_body_whose_head_has_gone_is_judged_all_the_same() {
    let (_, second, _) = ahead(&post("/tickets/mcp", &[]), &call("read_secret"));
    assert!(matches!(second, Effect::Reply(_)), "{second:?}");
}

#[test]
fn what_cannot_be_sent_any_more_is_refused_and_says_why() {
    let (first, _, _) = ahead(&post("/shop/mcp", &[]), &call("query"));
    let Effect::Reply(reply) = first else { panic!("a database without its assertion: {first:?}") };
    assert!(String::from_utf8(reply.body).unwrap().contains("strict mode"));
}

#[test]
fn an_answer_to_a_body_that_nobody_has_judged_is_cut() {
    let (mut exchange, moment) = (exchange().on_host_that(Keeps::Body), moment());
    exchange.handle(&Event::RequestHead(&post("/tickets/mcp", &[])), &moment);
    let early = head(&[(":status", "200"), ("content-type", "application/json")]);
    assert!(exchange.reads_head());
    assert!(matches!(exchange.handle(&Event::ResponseHead(&early), &moment).effect, Effect::Cut));
}

#[test]
fn a_trace_that_only_the_message_names_goes_on_as_a_header() {
    let traced = |trace: &str| {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"create","_meta":{{"traceparent":"{trace}"}}}}}}"#
        );
        let (effect, record, _) = request(&post("/tickets/mcp", &[]), &body, &moment());
        let header = edits(effect).into_iter().find(|(name, _)| name == "traceparent");
        (header.and_then(|(_, value)| value), record.trace_id)
    };
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_eq!(traced(good), (Some(good.to_owned()), "0af7651916cd43dd8448eb211c80319c".to_owned()));
    // What a header could be smuggled in by goes no further.
    for bad in [
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "zz",
        "00-0af7651916cd43dd8448eb211c80319c\\r\\nx: y",
    ] {
        assert_eq!(traced(bad).0, None, "{bad}");
    }
}
