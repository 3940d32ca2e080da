//! Bodies and answers that arrive in pieces, cut at every byte, have the effects they have in one piece.

#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

#[path = "support/scene.rs"]
mod scene;

use engine::Head;
use scene::{AGENT, Answer, Scene, Seen, WHOLLY, answers, head, head_of, requests, stream_of};

/// What the exchange leads to with the answer in these pieces.
fn answered(
    scene: &Scene,
    request: (&Head, &[u8]),
    head: &Head,
    pieces: Vec<&[u8]>,
    end_apart: bool,
) -> Seen {
    scene.run(request.0, request.1, &[], Some(&Answer { head, pieces, end_apart }))
}

/// Every cut in two, and one byte at a time, with the end in the last piece and after it.
#[track_caller]
fn check_cuts(scene: &Scene, request: (&Head, &[u8]), head: &Head, body: &[u8]) -> Seen {
    let whole = answered(scene, request, head, vec![body], false);
    let said = String::from_utf8_lossy(body);
    for end_apart in [false, true] {
        let bytes = answered(scene, request, head, body.chunks(1).collect(), end_apart);
        assert_eq!(bytes, whole, "byte by byte: {said}");
    }
    for cut in 0..=body.len() {
        let halves = answered(scene, request, head, vec![&body[..cut], &body[cut..]], cut % 2 == 0);
        assert_eq!(halves, whole, "cut at {cut}: {said}");
    }
    whole
}

#[test]
fn a_request_cut_anywhere_has_the_same_effects() {
    let scene = Scene::new();
    let (mut forwarded, mut refused) = (0, 0);
    for body in requests() {
        for (path, key) in [("/s/mcp", AGENT), ("/fix/mcp", AGENT), ("/s/mcp", WHOLLY), ("/shop/mcp", AGENT)]
        {
            let head = head_of(path, key, body.as_bytes());
            let whole = scene.run(&head, body.as_bytes(), &[], None);
            assert_eq!(whole.records.len(), 1, "one decision: {body}");
            for cut in 0..=body.len() {
                assert_eq!(scene.run(&head, body.as_bytes(), &[cut], None), whole, "cut at {cut}: {body}");
            }
            let sizes: Vec<usize> = (0..=body.len()).collect();
            assert_eq!(scene.run(&head, body.as_bytes(), &sizes, None), whole, "byte by byte: {body}");
            *(if whole.forwarded { &mut forwarded } else { &mut refused }) += 1;
        }
    }
    assert!(forwarded > 30 && refused > 30, "{forwarded} forwarded, {refused} refused");
}

/// Requests whose answers are read for different reasons: a list, a call, a task, a stream of notifications.
fn asking() -> Vec<&'static str> {
    let first = |method: &str| {
        let named = format!("\"method\":\"{method}\"");
        requests().into_iter().find(|body| body.contains(&named) && body.contains("protocolVersion\":\"2026"))
    };
    ["tools/list", "tools/call", "tasks/get", "subscriptions/listen"].into_iter().filter_map(first).collect()
}

#[test]
fn a_json_answer_cut_anywhere_has_the_same_effects() {
    let scene = Scene::new();
    let json = head(&[(":status", "200"), ("content-type", "application/json")]);
    let mut edited = 0;
    for body in asking() {
        let request = head_of("/s/mcp", AGENT, body.as_bytes());
        for answer in answers() {
            let seen = check_cuts(&scene, (&request, body.as_bytes()), &json, answer.as_bytes());
            edited += usize::from(seen.forwarded && seen.answer != answer.as_bytes());
        }
    }
    assert!(edited > 5, "only {edited} answers were edited: the cuts show nothing");
}

#[test]
fn a_stream_cut_anywhere_has_the_same_effects() {
    let scene = Scene::new();
    let events = head(&[(":status", "200"), ("content-type", "text/event-stream")]);
    let mut edited = 0;
    for body in asking() {
        let request = head_of("/s/mcp", AGENT, body.as_bytes());
        for (answer, ending) in answers().into_iter().zip(["\n", "\r\n", "\r"].into_iter().cycle()) {
            let stream = stream_of(answer, ending);
            let seen = check_cuts(&scene, (&request, body.as_bytes()), &events, &stream);
            edited += usize::from(seen.forwarded && seen.answer != stream);
        }
    }
    assert!(edited > 5, "only {edited} streams were edited: the cuts show nothing");
}
