//! Questions to a rate-limit service and its answers, in the messages of `envoy.service.ratelimit.v3`.

use std::time::Duration;

use engine::{LimitAnswer, LimitDescriptor, LimitQuestion};
use policy::limit::Unit;
use prost::Message;
use proto::ratelimit::{
    RateLimitDescriptor, RateLimitRequest, RateLimitResponse, RateLimitUnit,
    rate_limit_descriptor::{Entry, RateLimitOverride},
    rate_limit_response::Code,
};

/// The service.
pub const SERVICE: &str = "envoy.service.ratelimit.v3.RateLimitService";
/// Its only method.
pub const METHOD: &str = "ShouldRateLimit";
/// How long a request waits for its answer.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// The question as the service reads it.
#[must_use]
pub fn question(question: &LimitQuestion) -> Vec<u8> {
    let descriptors = question.descriptors.iter().map(descriptor).collect();
    RateLimitRequest { domain: question.domain.clone(), descriptors, hits_addend: 1 }.encode_to_vec()
}

fn descriptor(descriptor: &LimitDescriptor) -> RateLimitDescriptor {
    let entries = descriptor.entries.iter().cloned();
    let unit = match descriptor.unit {
        Unit::Second => RateLimitUnit::Second,
        Unit::Minute => RateLimitUnit::Minute,
        Unit::Hour => RateLimitUnit::Hour,
        Unit::Day => RateLimitUnit::Day,
    };
    RateLimitDescriptor {
        entries: entries.map(|(key, value)| Entry { key: key.to_owned(), value }).collect(),
        limit: Some(RateLimitOverride {
            requests_per_unit: u32::try_from(descriptor.count).unwrap_or(u32::MAX),
            unit: unit.into(),
        }),
    }
}

/// What the service says. What is no clear yes is no yes.
#[must_use]
pub fn answer(bytes: &[u8]) -> LimitAnswer {
    let Ok(response) = RateLimitResponse::decode(bytes) else { return LimitAnswer::Failed };
    match response.overall_code() {
        Code::Ok => LimitAnswer::Passes,
        Code::Unknown => LimitAnswer::Failed,
        Code::OverLimit => {
            let mut statuses = response.statuses.iter().enumerate();
            let found = statuses.find(|(_, status)| status.code() == Code::OverLimit);
            let reset = found.and_then(|(_, status)| status.duration_until_reset.as_ref());
            let retry_ms = reset.and_then(|time| {
                let nanos = u64::try_from(time.nanos).ok()?.div_ceil(1_000_000);
                Some(u64::try_from(time.seconds).ok()?.saturating_mul(1_000).saturating_add(nanos))
            });
            LimitAnswer::Exceeded { index: found.map_or(0, |(index, _)| index), retry_ms }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ratelimit::rate_limit_response::DescriptorStatus;

    #[test]
    fn a_question_names_the_limit_and_what_it_counts_by() {
        let asked = question(&LimitQuestion {
            cluster: None,
            domain: "d".to_owned(),
            descriptors: vec![LimitDescriptor {
                entries: vec![("limit", "30/min of allow s.x".to_owned()), ("subject", "key k".to_owned())],
                count: 30,
                unit: Unit::Minute,
            }],
        });
        let read = RateLimitRequest::decode(asked.as_slice()).unwrap();
        assert_eq!((read.domain.as_str(), read.hits_addend, read.descriptors.len()), ("d", 1, 1));
        let keys: Vec<&str> = read.descriptors[0].entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["limit", "subject"]);
        let limit = read.descriptors[0].limit.unwrap();
        assert_eq!((limit.requests_per_unit, limit.unit()), (30, RateLimitUnit::Minute));
    }

    #[track_caller]
    fn check(response: &RateLimitResponse, expected: LimitAnswer) {
        assert_eq!(answer(&response.encode_to_vec()), expected);
    }

    #[test]
    fn only_a_clear_yes_passes() {
        let code = |code: Code| RateLimitResponse { overall_code: code.into(), statuses: Vec::new() };
        check(&code(Code::Ok), LimitAnswer::Passes);
        check(&code(Code::Unknown), LimitAnswer::Failed);
        check(&code(Code::OverLimit), LimitAnswer::Exceeded { index: 0, retry_ms: None });
        check(&RateLimitResponse { overall_code: 99, statuses: Vec::new() }, LimitAnswer::Failed);
        assert_eq!(answer(b""), LimitAnswer::Failed);
        assert_eq!(answer(b"\xff\xff"), LimitAnswer::Failed);
    }

    #[test]
    fn the_first_limit_without_room_says_when_to_come_back() {
        let status = |code: Code, seconds: i64| DescriptorStatus {
            code: code.into(),
            limit_remaining: 0,
            duration_until_reset: Some(prost_types::Duration { seconds, nanos: 1 }),
        };
        let statuses = vec![status(Code::Ok, 5), status(Code::OverLimit, 7), status(Code::OverLimit, 9)];
        let response = RateLimitResponse { overall_code: Code::OverLimit.into(), statuses };
        check(&response, LimitAnswer::Exceeded { index: 1, retry_ms: Some(7_001) });
        let odd = RateLimitResponse {
            overall_code: Code::OverLimit.into(),
            statuses: vec![status(Code::OverLimit, -7)],
        };
        check(&odd, LimitAnswer::Exceeded { index: 0, retry_ms: None });
    }
}
