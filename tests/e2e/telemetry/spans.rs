//! What a receiver got, as tests ask for it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::receiver;

/// One span.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) service: String,
    pub(super) name: String,
    pub(super) trace: String,
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// Ids of spans that are linked.
    pub(super) links: Vec<String>,
}

/// All that came until now.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) spans: Vec<Told>,
    /// Names of metrics.
    pub(super) metrics: BTreeSet<String>,
    /// Rules that decided.
    pub(super) rules: BTreeSet<String>,
    /// Names of services that sent log records.
    pub(super) services_of_logs: BTreeSet<String>,
    /// What resources say of where they run.
    pub(super) environments: BTreeSet<String>,
}

impl Seen {
    pub(super) fn of(seen: &receiver::Seen) -> Self {
        let mut all = Self::default();
        for of_resource in seen.traces.iter().flat_map(|request| &request.resource_spans) {
            let resource = all.resource(of_resource.resource.as_ref());
            let spans = of_resource.scope_spans.iter().flat_map(|scope| &scope.spans);
            all.spans.extend(spans.map(|span| told(&resource, span)));
        }
        for of_resource in seen.metrics.iter().flat_map(|request| &request.resource_metrics) {
            all.resource(of_resource.resource.as_ref());
            for metric in of_resource.scope_metrics.iter().flat_map(|scope| &scope.metrics) {
                all.metrics.insert(metric.name.clone());
                if let Some(Data::Sum(sum)) = &metric.data {
                    let rules = sum.data_points.iter().map(|point| attributes(&point.attributes));
                    all.rules.extend(rules.filter_map(|mut point| point.remove("trigate.decision.rule")));
                }
            }
        }
        for of_resource in seen.logs.iter().flat_map(|request| &request.resource_logs) {
            let service = all.resource(of_resource.resource.as_ref());
            all.services_of_logs.insert(service);
        }
        all
    }

    /// The span of a service in a trace.
    pub(super) fn span(&self, trace: &str, service: &str) -> Result<&Told> {
        let found = self.spans.iter().find(|span| span.trace == trace && span.service == service);
        found.with_context(|| format!("no span of {service} in {:?}", self.spans))
    }

    /// The span of a name in a trace.
    pub(super) fn span_named(&self, trace: &str, name: &str) -> Result<&Told> {
        let found = self.spans.iter().find(|span| span.trace == trace && span.name == name);
        found.with_context(|| format!("no span `{name}` in {:?}", self.spans))
    }

    /// Notes what a resource says, and gives the name of its service.
    fn resource(&mut self, resource: Option<&Resource>) -> String {
        let mut said = resource.map(|resource| attributes(&resource.attributes)).unwrap_or_default();
        self.environments.extend(said.remove("deployment.environment.name"));
        said.remove("service.name").unwrap_or_default()
    }
}

fn told(service: &str, span: &Span) -> Told {
    Told {
        service: service.to_owned(),
        name: span.name.clone(),
        trace: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        attributes: attributes(&span.attributes),
        links: span.links.iter().map(|link| hex(&link.span_id)).collect(),
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    pairs.iter().map(|pair| (pair.key.clone(), text(pair.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
