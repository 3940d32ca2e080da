//! Reading the audit: filters, limits, and following it.

use control_plane::ControlPlane;
use proto::v1::{
    self, AuditFilter, Decision, Gate, admin_service_client::AdminServiceClient,
    audit_service_client::AuditServiceClient,
};
use tokio::time::timeout;
use tonic::{Code, Streaming};

use crate::harness::{DEADLINE, Plane, batch, event, names, refused};

fn at(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

/// Six events, not in the order of their time.
fn six() -> Vec<v1::AuditEvent> {
    let support = |event| v1::AuditEvent {
        role: "support".into(),
        subject: "bot".into(),
        key_id: "k1".into(),
        ..event
    };
    vec![
        support(event(300, "third")),
        support(event(100, "first")),
        v1::AuditEvent { decision: Decision::Denied.into(), ..support(event(200, "second")) },
        v1::AuditEvent { gate: Gate::Database.into(), decision_id: "d4".into(), ..event(400, "fourth") },
        v1::AuditEvent { role: "analyst".into(), decision_id: "d4".into(), ..event(500, "fifth") },
        v1::AuditEvent { server: "shop".into(), decision: Decision::Failed.into(), ..event(600, "sixth") },
    ]
}

async fn with_six() -> Plane {
    let plane = Plane::start().await;
    plane.publish("worker", six()).await;
    plane
}

#[track_caller]
fn check(answer: &[v1::AuditEvent], expected: &[&str]) {
    assert_eq!(names(answer), expected);
}

#[tokio::test]
async fn every_condition_narrows_the_answer() {
    let plane = with_six().await;
    let any = AuditFilter::default;
    let denied = Decision::Denied.into();
    for (filter, expected) in [
        (any(), &["first", "second", "third", "fourth", "fifth", "sixth"] as &[_]),
        (AuditFilter { role: "support".into(), ..any() }, &["first", "second", "third"]),
        (AuditFilter { role: "suppor".into(), ..any() }, &[]),
        (AuditFilter { subject: "bot".into(), ..any() }, &["first", "second", "third"]),
        (AuditFilter { key_id: "k1".into(), ..any() }, &["first", "second", "third"]),
        (AuditFilter { server: "shop".into(), ..any() }, &["sixth"]),
        (AuditFilter { name: "fourth".into(), ..any() }, &["fourth"]),
        (AuditFilter { decision_id: "d4".into(), ..any() }, &["fourth", "fifth"]),
        (AuditFilter { decision: denied, ..any() }, &["second"]),
        (AuditFilter { decision: Decision::Failed.into(), ..any() }, &["sixth"]),
        (AuditFilter { gate: Gate::Database.into(), ..any() }, &["fourth"]),
        (AuditFilter { since: at(300), ..any() }, &["third", "fourth", "fifth", "sixth"]),
        (AuditFilter { until: at(300), ..any() }, &["first", "second"]),
        (AuditFilter { since: at(200), until: at(500), ..any() }, &["second", "third", "fourth"]),
        (AuditFilter { role: "support".into(), since: at(200), decision: denied, ..any() }, &["second"]),
        (AuditFilter { role: "analyst".into(), decision: denied, ..any() }, &[]),
    ] {
        check(&plane.query(filter, 0).await, expected);
    }
}

#[tokio::test]
async fn a_limit_takes_the_newest_and_gives_them_oldest_first() {
    let plane = with_six().await;
    check(&plane.query(AuditFilter::default(), 2).await, &["fifth", "sixth"]);
    check(
        &plane.query(AuditFilter { role: "support".into(), ..Default::default() }, 2).await,
        &["second", "third"],
    );
    check(
        &plane.query(AuditFilter { role: "support".into(), ..Default::default() }, 9).await,
        &["first", "second", "third"],
    );
}

#[tokio::test]
async fn an_answer_of_many_pages_is_complete_and_in_order() {
    let plane = Plane::start().await;
    // Several events in each moment, and more events than a few pages hold.
    let many = (0..2000).map(|number| event(number / 7, &number.to_string())).collect();
    plane.publish("worker", many).await;
    let all: Vec<_> = (0..2000).map(|number| number.to_string()).collect();
    for (limit, first) in [(0, 0), (1999, 1), (701, 1299), (256, 1744), (1, 1999), (5000, 0)] {
        let expected: Vec<_> = all[first..].iter().map(String::as_str).collect();
        check(&plane.query(AuditFilter::default(), limit).await, &expected);
    }
}

#[tokio::test]
async fn text_in_a_filter_is_never_sql() {
    let plane = with_six().await;
    for text in ["' OR 1=1 --", "%", "\"", "support' AND '1'='1", "\0"] {
        check(&plane.query(AuditFilter { role: text.into(), ..Default::default() }, 0).await, &[]);
    }
}

#[tokio::test]
async fn a_filter_that_cannot_hold_is_refused() {
    let plane = Plane::start().await;
    for (filter, says) in [
        (AuditFilter { since: at(2), until: at(1), ..Default::default() }, "`since` must be before `until`"),
        (AuditFilter { decision: 9, ..Default::default() }, "unknown decision `9`"),
        (AuditFilter { gate: 1, ..Default::default() }, "unknown gate `1`"),
    ] {
        let query = v1::QueryAuditRequest { filter: Some(filter.clone()), limit: 0 };
        refused(plane.admin().query_audit(query).await, Code::InvalidArgument, &[says]);
        let tail = v1::TailAuditRequest { filter: Some(filter), last: 0 };
        refused(plane.admin().tail_audit(tail).await, Code::InvalidArgument, &[says]);
    }
}

async fn tail(plane: &Plane, filter: AuditFilter, last: u32) -> Streaming<v1::AuditEvent> {
    let request = v1::TailAuditRequest { filter: Some(filter), last };
    plane.admin().tail_audit(request).await.unwrap().into_inner()
}

async fn next(events: &mut Streaming<v1::AuditEvent>) -> String {
    timeout(DEADLINE, events.message()).await.expect("an event comes").unwrap().unwrap().name
}

#[tokio::test]
async fn a_tail_begins_with_the_last_events_and_follows() {
    let plane = with_six().await;
    let mut events = tail(&plane, AuditFilter::default(), 2).await;
    assert_eq!(next(&mut events).await, "fifth");
    assert_eq!(next(&mut events).await, "sixth");
    for name in ["seventh", "eighth"] {
        plane.publish(name, vec![event(1, name)]).await;
        assert_eq!(next(&mut events).await, name);
    }
}

#[tokio::test]
async fn a_tail_shows_only_what_answers_its_filter() {
    let plane = with_six().await;
    let filter = AuditFilter { role: "support".into(), ..Default::default() };
    let mut events = tail(&plane, filter, 1).await;
    assert_eq!(next(&mut events).await, "third");
    let wanted = v1::AuditEvent { role: "support".into(), ..event(8, "wanted") };
    plane.publish("other", vec![event(7, "unwanted"), wanted]).await;
    assert_eq!(next(&mut events).await, "wanted");
}

#[tokio::test]
async fn a_tail_that_reads_slowly_misses_nothing() {
    let plane = Plane::start().await;
    plane.publish("before", vec![event(0, "start")]).await;
    let mut events = tail(&plane, AuditFilter::default(), 1).await;
    assert_eq!(next(&mut events).await, "start");
    let mut publisher = plane.publisher().await;
    for round in 0..30 {
        let some = (0..100).map(|number| event(1, &(round * 100 + number).to_string())).collect();
        publisher.publish(batch("worker", u64::try_from(round).unwrap() * 100 + 1, some)).await;
    }
    for number in 0..3000 {
        assert_eq!(next(&mut events).await, number.to_string());
    }
}

#[tokio::test]
async fn the_services_work_in_the_process_without_a_token() {
    let plane = ControlPlane::open("sqlite::memory:", control_plane::Options::default()).await.unwrap();
    let mut admin = AdminServiceClient::new(plane.admin_service());
    let request = v1::TailAuditRequest::default();
    let mut events = admin.tail_audit(request).await.unwrap().into_inner();
    let sent = tokio_stream::once(batch("worker", 1, vec![event(1, "here")]));
    let acks = AuditServiceClient::new(plane.audit_service()).publish(sent).await.unwrap();
    assert_eq!(acks.into_inner().message().await.unwrap().unwrap().sequence, 1);
    assert_eq!(next(&mut events).await, "here");
}
