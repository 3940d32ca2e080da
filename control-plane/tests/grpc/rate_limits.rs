//! The rate-limit service: what is counted together, and who may ask.

use std::collections::BTreeSet;

use proto::ratelimit::{
    RateLimitDescriptor, RateLimitRequest, RateLimitResponse, RateLimitUnit,
    rate_limit_descriptor::{Entry, RateLimitOverride},
    rate_limit_response::{Code, DescriptorStatus},
    rate_limit_service_client::RateLimitServiceClient,
};
use tonic::Status;

use crate::harness::{Client, Plane};

pub(crate) fn descriptor(id: &str, subject: &str, count: u32) -> RateLimitDescriptor {
    let entry = |key: &str, value: &str| Entry { key: key.to_owned(), value: value.to_owned() };
    RateLimitDescriptor {
        entries: vec![entry("limit", "words"), entry("id", id), entry("subject", subject)],
        limit: Some(RateLimitOverride { requests_per_unit: count, unit: RateLimitUnit::Day.into() }),
    }
}

pub(crate) async fn ask(
    client: &RateLimitServiceClient<Client>,
    descriptors: Vec<RateLimitDescriptor>,
) -> Result<RateLimitResponse, Status> {
    let request = RateLimitRequest { domain: "trigate".to_owned(), descriptors, hits_addend: 0 };
    Ok(client.clone().should_rate_limit(request).await?.into_inner())
}

fn first(said: &RateLimitResponse) -> &DescriptorStatus {
    said.statuses.first().expect("a status for each descriptor")
}

/// Asks a hundred times at once, of these in turn, and afterwards of `late`, which counts with them.
pub(crate) async fn check_parallel(
    asked: &[RateLimitServiceClient<Client>],
    late: &RateLimitServiceClient<Client>,
) {
    let questions = asked.iter().cycle().take(100).map(|client| {
        let client = client.clone();
        tokio::spawn(
            async move { ask(&client, vec![descriptor("ab", "one", 25)]).await.unwrap().overall_code() },
        )
    });
    let mut passed = 0;
    for question in questions.collect::<Vec<_>>() {
        passed += usize::from(question.await.unwrap() == Code::Ok);
    }
    assert_eq!(passed, 25);
    let refused = ask(late, vec![descriptor("ab", "one", 25)]).await.unwrap();
    let reset = first(&refused).duration_until_reset.unwrap().seconds;
    assert!(refused.overall_code() == Code::OverLimit && (86_000..=86_400).contains(&reset), "{refused:?}");
    let other = ask(late, vec![descriptor("ab", "two", 25)]).await.unwrap();
    assert_eq!((other.overall_code(), first(&other).limit_remaining), (Code::Ok, 24));
}

#[tokio::test]
async fn of_parallel_questions_exactly_the_count_passes() {
    let plane = Plane::start().await;
    let client = plane.rate_limits(&plane.tokens.node);
    check_parallel(std::slice::from_ref(&client), &client).await;
}

/// Asks by two limits, of which one has no room.
pub(crate) async fn check_all_or_none(client: &RateLimitServiceClient<Client>) {
    let both = || vec![descriptor("aa", "s", 3), descriptor("bb", "s", 1)];
    assert_eq!(ask(client, both()).await.unwrap().overall_code(), Code::Ok);
    for _ in 0..9 {
        let refused = ask(client, both()).await.unwrap();
        let codes: Vec<Code> = refused.statuses.iter().map(|status| status.code()).collect();
        assert_eq!((refused.overall_code(), codes), (Code::OverLimit, vec![Code::Ok, Code::OverLimit]));
    }
    let alone = || vec![descriptor("aa", "s", 3)];
    for expected in [Code::Ok, Code::Ok, Code::OverLimit] {
        assert_eq!(ask(client, alone()).await.unwrap().overall_code(), expected);
    }
}

#[tokio::test]
async fn what_one_limit_refuses_no_other_counts() {
    let plane = Plane::start().await;
    check_all_or_none(&plane.rate_limits(&plane.tokens.node)).await;
}

#[tokio::test]
async fn only_nodes_may_ask_and_only_what_is_a_limit() {
    let plane = Plane::start().await;
    let stranger = plane.rate_limits(&plane.tokens.admin);
    let refused = ask(&stranger, vec![descriptor("ab", "s", 1)]).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unauthenticated);
    let client = plane.rate_limits(&plane.tokens.node);
    let unlimited = RateLimitDescriptor { limit: None, ..descriptor("ab", "s", 1) };
    for descriptors in
        [vec![], vec![descriptor("", "s", 1)], vec![descriptor("a + b", "s", 1)], vec![unlimited]]
    {
        assert_eq!(ask(&client, descriptors).await.unwrap_err().code(), tonic::Code::InvalidArgument);
    }
    let keys: BTreeSet<&str> = BTreeSet::from(["a", "a=1:b", "b"]);
    for key in keys {
        assert_eq!(
            ask(&client, vec![descriptor("cc", key, 1)]).await.unwrap().overall_code(),
            Code::Ok,
            "{key}"
        );
    }
}
