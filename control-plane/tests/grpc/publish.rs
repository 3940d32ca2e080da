//! `Publish`: at least once on the wire, once in the store.

use proto::v1;
use tokio::time::timeout;
use tonic::Code;

use crate::harness::{DEADLINE, Plane, Publisher, batch, event, names};

fn events(numbers: std::ops::RangeInclusive<i64>) -> Vec<v1::AuditEvent> {
    numbers.map(|number| event(number, &number.to_string())).collect()
}

async fn stored(plane: &Plane) -> Vec<String> {
    let events = plane.query(v1::AuditFilter::default(), 0).await;
    names(&events).into_iter().map(str::to_owned).collect()
}

async fn refusal(publisher: &mut Publisher) -> tonic::Status {
    timeout(DEADLINE, publisher.acks.message()).await.unwrap().expect_err("refused")
}

#[tokio::test]
async fn each_batch_is_acknowledged_up_to_its_last_event() {
    let plane = Plane::start().await;
    let mut publisher = plane.publisher().await;
    assert_eq!(publisher.publish(batch("worker", 1, events(1..=3))).await, 3);
    assert_eq!(publisher.publish(batch("worker", 4, events(4..=4))).await, 4);
    assert_eq!(publisher.publish(batch("worker", 5, vec![])).await, 4);
    assert_eq!(stored(&plane).await, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn what_is_sent_again_after_a_reconnect_is_stored_once() {
    let plane = Plane::start().await;
    let mut publisher = plane.publisher().await;
    assert_eq!(publisher.publish(batch("worker", 1, events(1..=3))).await, 3);
    drop(publisher);
    let mut publisher = plane.publisher().await;
    assert_eq!(publisher.publish(batch("worker", 1, events(1..=3))).await, 3);
    assert_eq!(publisher.publish(batch("worker", 2, events(2..=5))).await, 5);
    assert_eq!(stored(&plane).await, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn what_is_sent_again_after_a_restart_is_stored_once() {
    let plane = Plane::start().await;
    assert_eq!(plane.publisher().await.publish(batch("worker", 1, events(1..=3))).await, 3);
    let plane = Plane::start_in(plane.stop().await).await;
    assert_eq!(plane.publisher().await.publish(batch("worker", 2, events(2..=4))).await, 4);
    assert_eq!(stored(&plane).await, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn producers_count_each_for_themselves() {
    let plane = Plane::start().await;
    plane.publish("one", events(1..=2)).await;
    plane.publish("two", events(3..=4)).await;
    assert_eq!(stored(&plane).await, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_producer_that_outlives_the_store_goes_on_where_it_was() {
    let plane = Plane::start().await;
    assert_eq!(plane.publisher().await.publish(batch("worker", 1000, events(1..=2))).await, 1001);
    assert_eq!(stored(&plane).await.len(), 2);
}

#[tokio::test]
async fn many_streams_at_once_lose_nothing() {
    let plane = Plane::start().await;
    let producers = (0..8).map(|number| {
        let plane = &plane;
        async move {
            let mut publisher = plane.publisher().await;
            for round in 0..20 {
                let first = round * 50 + 1;
                let sent = batch(&format!("worker-{number}"), first, events(1..=50));
                assert_eq!(publisher.publish(sent).await, first + 49);
            }
        }
    });
    futures::future::join_all(producers).await;
    assert_eq!(stored(&plane).await.len(), 8 * 20 * 50);
}

#[tokio::test]
async fn every_field_of_an_event_is_kept() {
    let plane = Plane::start().await;
    let sent = v1::AuditEvent {
        time: Some(prost_types::Timestamp { seconds: 1_763_000_000, nanos: 123_456_000 }),
        decision_id: "0decision".into(),
        trace_id: "0af7651916cd43dd8448eb211c80319c".into(),
        gate: v1::Gate::Database.into(),
        node: "adapter".into(),
        subject: "bot".into(),
        key_id: "k7f3q2m5x4aa".into(),
        role: "support_agent".into(),
        endpoint: "/shop/mcp".into(),
        server: "shop".into(),
        method: "tools/call".into(),
        name: "query".into(),
        decision: v1::Decision::Failed.into(),
        rule: "allow shop.query".into(),
        reason: "the database did not answer".into(),
        code: -32603,
        revision: 7,
        arguments_digest: "blake3:00".into(),
        arguments: r#"{"table":"customers"}"#.into(),
        statement: "SELECT 1".into(),
        tables: vec!["customers".into(), "a,\"b\"\n".into()],
        duration_us: 1234,
        rows: u64::MAX,
        findings: vec![v1::Finding { kind: "email".to_owned(), count: 2, mode: "redact".to_owned() }],
        issuer: "https://idp.example.com".into(),
        era: "modern".to_owned(),
    };
    plane.publish("adapter", vec![sent.clone()]).await;
    let expected = v1::AuditEvent { rows: i64::MAX as u64, ..sent };
    assert_eq!(plane.query(v1::AuditFilter::default(), 0).await, [expected]);
}

#[tokio::test]
async fn an_event_without_a_time_gets_that_of_its_arrival() {
    let plane = Plane::start().await;
    plane.publish("worker", vec![v1::AuditEvent { time: None, ..event(0, "timeless") }]).await;
    let since = Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 });
    assert_eq!(plane.query(v1::AuditFilter { since, ..Default::default() }, 0).await.len(), 1);
}

#[tokio::test]
async fn a_malformed_batch_is_refused_and_stores_nothing() {
    let plane = Plane::start().await;
    for (malformed, says) in [
        (batch("", 1, events(1..=1)), "`producer`"),
        (batch("worker", 0, events(1..=1)), "`first_sequence`"),
        (batch("worker", u64::MAX, events(1..=2)), "`first_sequence`"),
        (batch("worker", i64::MAX as u64, events(1..=2)), "`first_sequence`"),
    ] {
        let mut publisher = plane.publisher().await;
        publisher.send(malformed).await;
        publisher.send(batch("after", 1, events(1..=1))).await;
        let status = refusal(&mut publisher).await;
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().contains(says), "{status}");
    }
    assert!(stored(&plane).await.is_empty());
}

#[tokio::test]
async fn a_batch_longer_than_grpc_s_default_is_taken() {
    let plane = Plane::start().await;
    let long = v1::AuditEvent { arguments: "x".repeat(6 * 1024 * 1024), ..event(1, "long") };
    plane.publish("worker", vec![long]).await;
    assert_eq!(stored(&plane).await, ["long"]);
}
