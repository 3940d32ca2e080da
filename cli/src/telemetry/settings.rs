//! What the variables of OpenTelemetry ask for: which signal goes where, how, and which calls are traced.

use std::time::Duration;

/// How long a receiver may take, where nothing else is said.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Log records.
    Logs,
    /// Measurements.
    Metrics,
    /// Spans.
    Traces,
}

/// How a receiver is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// OTLP over gRPC.
    Grpc,
    /// OTLP over HTTP, in protobuf.
    Http,
}

/// Where a signal goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The URL, with the signal's own path where HTTP has one.
    pub(crate) url: String,
    /// How.
    pub(crate) protocol: Protocol,
    /// Names and values of headers.
    pub(crate) headers: Vec<(String, String)>,
    /// How long the receiver may take.
    pub(crate) patience: Duration,
}

/// Why a signal goes nowhere although something was asked for.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum SettingsError {
    #[error(
        "OTEL_EXPORTER_OTLP_PROTOCOL: `{0}` is not there: write grpc or http/protobuf; nothing is exported"
    )]
    Protocol(String),
    #[error("OTEL_{0}_EXPORTER: `{1}` is not there: write otlp or none; nothing is exported")]
    Exporter(&'static str, String),
}

impl Signal {
    const fn word(self) -> &'static str {
        match self {
            Signal::Logs => "LOGS",
            Signal::Metrics => "METRICS",
            Signal::Traces => "TRACES",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Signal::Logs => "v1/logs",
            Signal::Metrics => "v1/metrics",
            Signal::Traces => "v1/traces",
        }
    }
}

impl Target {
    /// Whether TLS is spoken.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.starts_with("https:")
    }
}

/// Where a signal goes; none where nobody asked for it.
pub(crate) fn target(
    signal: Signal,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Target>, SettingsError> {
    if variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    match variable(&format!("OTEL_{}_EXPORTER", signal.word())).as_deref() {
        Some("none") => return Ok(None),
        None | Some("otlp") => {}
        Some(other) => return Err(SettingsError::Exporter(signal.word(), other.to_owned())),
    }
    let own = |name: &str| variable(&format!("OTEL_EXPORTER_OTLP_{}_{name}", signal.word()));
    let either = |name: &str| own(name).or_else(|| variable(&format!("OTEL_EXPORTER_OTLP_{name}")));
    let Some(endpoint) = either("ENDPOINT") else { return Ok(None) };
    let protocol = match either("PROTOCOL").as_deref() {
        Some("grpc") => Protocol::Grpc,
        None | Some("http/protobuf") => Protocol::Http,
        Some(other) => return Err(SettingsError::Protocol(other.to_owned())),
    };
    // A signal's own endpoint is taken as it stands.
    let url = match (protocol, own("ENDPOINT")) {
        (Protocol::Http, None) => format!("{}/{}", endpoint.trim_end_matches('/'), signal.path()),
        _ => endpoint,
    };
    let patience =
        either("TIMEOUT").and_then(|text| text.parse().ok()).map_or(PATIENCE, Duration::from_millis);
    let headers = either("HEADERS").map(|text| headers(&text)).unwrap_or_default();
    Ok(Some(Target { url, protocol, headers, patience }))
}

/// `name=value,name=value`, the values percent-encoded.
fn headers(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), decoded(value.trim())))
    };
    text.split(',').filter_map(pair).filter(|(name, _)| !name.is_empty()).collect()
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match escaped.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent of the traces begun here that are kept.
pub(crate) fn kept(variable: &dyn Fn(&str) -> Option<String>) -> f64 {
    let ratio =
        || variable("OTEL_TRACES_SAMPLER_ARG").and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0);
    match variable("OTEL_TRACES_SAMPLER").as_deref() {
        Some("always_off" | "parentbased_always_off") => 0.0,
        Some("traceidratio" | "parentbased_traceidratio") => ratio().clamp(0.0, 1.0) * 100.0,
        _ => 100.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(signal: Signal, variables: &[(&str, &str)]) -> Result<Option<Target>, SettingsError> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        target(signal, &variable)
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<(&str, Protocol)>) {
        let target = of(Signal::Traces, variables).unwrap();
        assert_eq!(target.as_ref().map(|target| (target.url.as_str(), target.protocol)), expected);
    }

    const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel:4318/");

    #[test]
    fn without_an_endpoint_nothing_is_exported() {
        check(&[], None);
        check(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_SERVICE_NAME", "mine")], None);
        check(&[("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://otel:4318/m")], None);
        check(&[ENDPOINT, ("OTEL_SDK_DISABLED", "true")], None);
        check(&[ENDPOINT, ("OTEL_TRACES_EXPORTER", "none")], None);
    }

    #[test]
    fn each_signal_has_its_path_over_http_unless_it_has_an_endpoint_of_its_own() {
        check(&[ENDPOINT], Some(("http://otel:4318/v1/traces", Protocol::Http)));
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:1/in");
        check(&[ENDPOINT, own], Some(("http://traces:1/in", Protocol::Http)));
        let grpc = ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        check(&[ENDPOINT, grpc], Some(("http://otel:4318/", Protocol::Grpc)));
    }

    #[test]
    fn what_is_not_there_is_said_and_not_guessed() {
        let json = [ENDPOINT, ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")];
        assert_eq!(of(Signal::Logs, &json), Err(SettingsError::Protocol("http/json".to_owned())));
        let zipkin = [ENDPOINT, ("OTEL_TRACES_EXPORTER", "zipkin")];
        assert!(of(Signal::Traces, &zipkin).unwrap_err().to_string().contains("OTEL_TRACES_EXPORTER"));
    }

    #[test]
    fn headers_are_decoded() {
        let with =
            [ENDPOINT, ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20a%3Db, x-tenant=acme,,=no")];
        let headers = of(Signal::Traces, &with).unwrap().unwrap().headers;
        let expected = [("authorization", "Bearer a=b"), ("x-tenant", "acme")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_sampler_says_how_many_traces_begin_here() {
        let of = |sampler: &'static str, ratio: &'static str| {
            kept(&move |name: &str| match name {
                "OTEL_TRACES_SAMPLER" => Some(sampler.to_owned()),
                "OTEL_TRACES_SAMPLER_ARG" => Some(ratio.to_owned()),
                _ => None,
            })
        };
        let kept = [of("parentbased_traceidratio", "0.25"), of("always_off", "1"), of("always_on", "0")];
        assert!(kept.iter().zip([25.0, 0.0, 100.0]).all(|(kept, wanted)| (kept - wanted).abs() < 1e-9));
    }
}
