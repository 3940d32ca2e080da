//! `envoy.service.ratelimit.v3.RateLimitService`, for the limits that several gateways share.

use std::sync::Arc;

use proto::ratelimit::{
    RateLimitDescriptor, RateLimitRequest, RateLimitResponse, RateLimitUnit,
    rate_limit_response::{Code, DescriptorStatus},
    rate_limit_service_server::RateLimitService,
};
use tonic::{Request, Response, Status};

use super::status;
use crate::{
    Shared,
    rate_limits::{Asked, Found, Uncounted},
};

/// The service.
pub struct RateLimitDesk {
    shared: Arc<Shared>,
}

impl RateLimitDesk {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[tonic::async_trait]
impl RateLimitService for RateLimitDesk {
    async fn should_rate_limit(
        &self,
        request: Request<RateLimitRequest>,
    ) -> Result<Response<RateLimitResponse>, Status> {
        let RateLimitRequest { domain, descriptors, hits_addend } = request.into_inner();
        if domain.is_empty() || descriptors.is_empty() {
            return Err(status::invalid("expected a domain and at least one descriptor"));
        }
        let asked: Vec<Asked> = descriptors.iter().map(asked).collect::<Option<_>>().ok_or_else(|| {
            status::invalid("expected in each descriptor an entry `id` and a limit with its unit")
        })?;
        let counted = self.shared.rate_limits.count(&domain, &asked, u64::from(hits_addend.max(1))).await;
        let found = counted.map_err(|uncounted| match &uncounted {
            Uncounted::Malformed(_) => status::invalid(uncounted.to_string()),
            Uncounted::Memory | Uncounted::Redis(_) => Status::unavailable(uncounted.to_string()),
        })?;
        let over = found.iter().any(|found| !found.has_room);
        let overall_code = if over { Code::OverLimit } else { Code::Ok };
        let statuses = found.into_iter().map(told).collect();
        Ok(Response::new(RateLimitResponse { overall_code: overall_code.into(), statuses }))
    }
}

/// A descriptor of ours: which limit it is, and the rest of its entries as one key.
fn asked(descriptor: &RateLimitDescriptor) -> Option<Asked> {
    let limit = descriptor.limit?;
    let seconds = match limit.unit() {
        RateLimitUnit::Unknown => return None,
        RateLimitUnit::Second => 1,
        RateLimitUnit::Minute => 60,
        RateLimitUnit::Hour => 3_600,
        RateLimitUnit::Day => 86_400,
    };
    let id = descriptor.entries.iter().find(|entry| entry.key == "id")?.value.clone();
    let values = descriptor.entries.iter().filter(|entry| entry.key != "id" && entry.key != "limit");
    // With its length, no value can pass for the end of another.
    let key = values.map(|entry| format!("{}={}:{};", entry.key, entry.value.len(), entry.value)).collect();
    Some(Asked { id, key, count: u64::from(limit.requests_per_unit), seconds })
}

fn told(found: Found) -> DescriptorStatus {
    let code = if found.has_room { Code::Ok } else { Code::OverLimit };
    DescriptorStatus {
        code: code.into(),
        limit_remaining: u32::try_from(found.remaining).unwrap_or(u32::MAX),
        duration_until_reset: Some(prost_types::Duration {
            seconds: i64::try_from(found.resets_in.as_secs()).unwrap_or(i64::MAX),
            nanos: i32::try_from(found.resets_in.subsec_nanos()).unwrap_or_default(),
        }),
    }
}
