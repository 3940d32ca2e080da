//! Envoy's own tracing: gate 2's span of a call, sent to where the environment has the spans of the other gates sent.
//!
//! Envoy puts its span's id into `traceparent` before the request goes on, so that what is done upstream hangs below it.

use serde_json::{Value, json};

use crate::envoy::upstream::{Upstream, UpstreamError};
use crate::telemetry::settings::{self, Protocol, Signal, Target};

/// The receiver's cluster.
const CLUSTER: &str = "trigate_otlp";
/// How an error names the receiver's URL.
const NAME: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// The first Envoy whose spans can show what a filter kept beside the request.
const SHOWS_DECISIONS: (u32, u32) = (1, 37);
/// Attributes of the span, and what the filter keeps them as.
const DECISION: [(&str, &str); 5] = [
    ("mcp.method.name", "method"),
    ("trigate.decision.id", "decision"),
    ("trigate.decision.result", "result"),
    ("trigate.decision.rule", "rule"),
    ("trigate.server", "server"),
];

/// Where spans go, and which.
#[derive(Clone, Debug)]
pub(crate) struct Tracing {
    target: Target,
    receiver: Upstream,
    service: String,
    /// Percent of the traces begun here.
    kept: f64,
    has_attributes: bool,
    shows_decisions: bool,
}

impl Tracing {
    /// As the environment asks for it; none where it does not, or cannot be followed.
    pub(crate) fn asked_for(variable: &dyn Fn(&str) -> Option<String>, version: (u32, u32)) -> Option<Self> {
        // What cannot be followed was said when this process was set up.
        let target = settings::target(Signal::Traces, variable).ok()??;
        match Self::of(target, variable, version) {
            Ok(tracing) => Some(tracing),
            Err(error) => {
                tracing::warn!("Envoy's spans are not exported: {error}");
                None
            }
        }
    }

    fn of(
        target: Target,
        variable: &dyn Fn(&str) -> Option<String>,
        version: (u32, u32),
    ) -> Result<Self, UpstreamError> {
        Ok(Self {
            receiver: Upstream::parse(NAME, &target.url)?,
            target,
            service: variable("OTEL_SERVICE_NAME").unwrap_or_else(|| "trigate-gateway".to_owned()),
            kept: settings::kept(variable),
            has_attributes: variable("OTEL_RESOURCE_ATTRIBUTES").is_some(),
            shows_decisions: version >= SHOWS_DECISIONS,
        })
    }

    /// Whether spans have decisions among their attributes, so that the filter has to keep them.
    pub(crate) fn shows_decisions(&self) -> bool {
        self.shows_decisions
    }

    /// The receiver's cluster.
    pub(crate) fn cluster(&self) -> Result<Value, UpstreamError> {
        match self.target.protocol {
            Protocol::Grpc => self.receiver.grpc_cluster(NAME, CLUSTER),
            Protocol::Http => self.receiver.cluster(NAME, CLUSTER),
        }
    }

    /// The connection manager's `tracing`.
    pub(crate) fn of_connections(&self) -> Value {
        let patience = format!("{}s", self.target.patience.as_secs_f64());
        let mut tracer = json!({
            "@type": "type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig",
            "service_name": self.service
        });
        let (service, value) = match self.target.protocol {
            Protocol::Grpc => {
                let headers: Vec<Value> =
                    self.headers().map(|(key, value)| json!({ "key": key, "value": value })).collect();
                let grpc = json!({ "cluster_name": CLUSTER });
                (
                    "grpc_service",
                    json!({ "envoy_grpc": grpc, "timeout": patience, "initial_metadata": headers }),
                )
            }
            Protocol::Http => {
                let headers = self.headers().map(
                    |(key, value)| json!({ "header": { "key": key, "value": value }, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD" }),
                );
                let uri = json!({ "uri": self.target.url, "cluster": CLUSTER, "timeout": patience });
                let headers: Vec<Value> = headers.collect();
                ("http_service", json!({ "http_uri": uri, "request_headers_to_add": headers }))
            }
        };
        if let Value::Object(members) = &mut tracer {
            members.insert(service.to_owned(), value);
            if self.has_attributes {
                members.insert("resource_detectors".to_owned(), json!([{
                    "name": "envoy.tracers.opentelemetry.resource_detectors.environment",
                    "typed_config": { "@type": "type.googleapis.com/envoy.extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig" }
                }]));
            }
        }
        let kept = |(attribute, field): (&str, &str)| json!({ "tag": attribute, "value": format!("%FILTER_STATE(wasm.trigate.{field}:PLAIN)%") });
        let attributes: Vec<Value> =
            if self.shows_decisions { DECISION.into_iter().map(kept).collect() } else { Vec::new() };
        json!({
            "provider": { "name": "envoy.tracers.opentelemetry", "typed_config": tracer },
            "random_sampling": { "value": self.kept },
            "custom_tags": attributes
        })
    }

    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.target.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &'static [(&'static str, &'static str)], version: (u32, u32)) -> Tracing {
        let variable = move |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let target = settings::target(Signal::Traces, &variable).unwrap().unwrap();
        Tracing::of(target, &variable, version).unwrap()
    }

    #[test]
    fn grpc_goes_to_a_cluster_that_speaks_http_2() {
        let tracing = of(
            &[
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=acme"),
                ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
                ("OTEL_TRACES_SAMPLER_ARG", "0.5"),
            ],
            (1, 35),
        );
        let rendered = tracing.of_connections();
        let service = &rendered["provider"]["typed_config"]["grpc_service"];
        assert_eq!(service["envoy_grpc"]["cluster_name"], CLUSTER);
        assert_eq!(service["initial_metadata"][0]["value"], "acme");
        assert_eq!(rendered["random_sampling"]["value"], 50.0);
        assert_eq!(rendered["custom_tags"], json!([]));
        let cluster = tracing.cluster().unwrap().to_string();
        assert!(cluster.contains("explicit_http_config") && cluster.contains("http2_protocol_options"));
    }

    #[test]
    fn http_goes_to_the_path_of_traces_and_a_new_envoy_shows_decisions() {
        let tracing = of(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")], (1, 40));
        let rendered = tracing.of_connections();
        let tracer = &rendered["provider"]["typed_config"];
        assert_eq!(tracer["http_service"]["http_uri"]["uri"], "http://127.0.0.1:4318/v1/traces");
        assert_eq!(tracer["service_name"], "trigate-gateway");
        assert!(tracer.get("resource_detectors").is_none());
        assert!(tracing.shows_decisions());
        assert_eq!(rendered["custom_tags"][0]["value"], "%FILTER_STATE(wasm.trigate.method:PLAIN)%");
    }
}
