//! OpenTelemetry: where the spans, measurements and log records of this process go, by the usual variables, OTEL_*.
//!
//! Where none of them names a receiver nothing is set up, and nothing is measured. What is set up waits for no receiver: it
//! collects in bounded memory, sends from threads of its own, and drops what there is no room for.

mod client;
pub(crate) mod settings;

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::global;
use opentelemetry_otlp::{
    LogExporter, MetricExporter, SpanExporter, WithHttpConfig as _, WithTonicConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tonic::transport::ClientTlsConfig;

use crate::args;
use client::Client;
use settings::{Protocol, Signal, Target};

/// How long the end of the process waits for what is still to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

static PROVIDERS: OnceLock<Providers> = OnceLock::new();

/// What collects and sends.
#[derive(Debug, Default)]
struct Providers {
    spans: Option<SdkTracerProvider>,
    measurements: Option<SdkMeterProvider>,
    records: Option<SdkLoggerProvider>,
}

/// Sets up what the environment asks for, under the name of a service where the environment has none. Gives what log
/// records go to, and what could not be set up.
pub(crate) fn start(service: &'static str) -> (Option<SdkLoggerProvider>, Vec<anyhow::Error>) {
    let mut problems = Vec::new();
    let mut target = |signal| match settings::target(signal, &args::variable) {
        Ok(target) => target,
        Err(error) => {
            problems.push(anyhow::Error::from(error));
            None
        }
    };
    let targets = (target(Signal::Traces), target(Signal::Metrics), target(Signal::Logs));
    let mut keep = |outcome: anyhow::Result<()>| problems.extend(outcome.err());
    let resource = resource(service);
    let mut providers = Providers::default();
    if let Some(target) = targets.0 {
        keep(spans(&target).map(|exporter| {
            let provider = SdkTracerProvider::builder().with_resource(resource.clone());
            providers.spans = Some(provider.with_batch_exporter(exporter).build());
        }));
    }
    if let Some(target) = targets.1 {
        keep(measurements(&target).map(|exporter| {
            let provider = SdkMeterProvider::builder().with_resource(resource.clone());
            providers.measurements = Some(provider.with_periodic_exporter(exporter).build());
        }));
    }
    if let Some(target) = targets.2 {
        keep(records(&target).map(|exporter| {
            let provider = SdkLoggerProvider::builder().with_resource(resource.clone());
            providers.records = Some(provider.with_batch_exporter(exporter).build());
        }));
    }
    (install(providers), problems)
}

/// Makes them those of the process, once.
fn install(providers: Providers) -> Option<SdkLoggerProvider> {
    if PROVIDERS.get().is_some() {
        return None;
    }
    let records = providers.records.clone();
    let is_told = providers.spans.is_some() || providers.measurements.is_some();
    if let Some(spans) = &providers.spans {
        global::set_tracer_provider(spans.clone());
    }
    if let Some(measurements) = &providers.measurements {
        global::set_meter_provider(measurements.clone());
    }
    if is_told {
        adapter::observe();
        control_plane::observe();
    }
    let _ = PROVIDERS.set(providers);
    records
}

/// Sends what is still to be sent, for a moment: a receiver that is gone does not hold up the end.
pub(crate) async fn stop() {
    let Some(Providers { spans, measurements, records }) = PROVIDERS.get() else { return };
    let (done, ended) = tokio::sync::oneshot::channel();
    // A thread that nobody waits for: one of the runtime's would be waited for.
    let sent = std::thread::Builder::new().name("telemetry".to_owned()).spawn(move || {
        // What fails here has no one left to be told to.
        let _ = spans.as_ref().map(|spans| spans.shutdown_with_timeout(FAREWELL));
        let _ = measurements.as_ref().map(|measurements| measurements.shutdown_with_timeout(FAREWELL));
        let _ = records.as_ref().map(|records| records.shutdown_with_timeout(FAREWELL));
        let _ = done.send(());
    });
    if sent.is_ok() {
        let _ = tokio::time::timeout(FAREWELL, ended).await;
    }
}

/// What everything is said to come from: the environment's word before ours.
fn resource(service: &'static str) -> Resource {
    let attribute = |name| move |pair: &str| pair.split('=').next().is_some_and(|key| key.trim() == name);
    let given = args::variable("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let mut resource = Resource::builder();
    if args::variable("OTEL_SERVICE_NAME").is_none() && !given.split(',').any(attribute("service.name")) {
        resource = resource.with_service_name(service);
    }
    if !given.split(',').any(attribute("service.version")) {
        let version = opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        resource = resource.with_attribute(version);
    }
    resource.build()
}

fn spans(target: &Target) -> anyhow::Result<SpanExporter> {
    let built = match target.protocol {
        Protocol::Grpc if target.is_encrypted() => {
            SpanExporter::builder().with_tonic().with_tls_config(tls()).build()
        }
        Protocol::Grpc => SpanExporter::builder().with_tonic().build(),
        Protocol::Http => SpanExporter::builder().with_http().with_http_client(Client::new(target)).build(),
    };
    built.context("spans are not exported")
}

fn measurements(target: &Target) -> anyhow::Result<MetricExporter> {
    let built = match target.protocol {
        Protocol::Grpc if target.is_encrypted() => {
            MetricExporter::builder().with_tonic().with_tls_config(tls()).build()
        }
        Protocol::Grpc => MetricExporter::builder().with_tonic().build(),
        Protocol::Http => MetricExporter::builder().with_http().with_http_client(Client::new(target)).build(),
    };
    built.context("measurements are not exported")
}

fn records(target: &Target) -> anyhow::Result<LogExporter> {
    let built = match target.protocol {
        Protocol::Grpc if target.is_encrypted() => {
            LogExporter::builder().with_tonic().with_tls_config(tls()).build()
        }
        Protocol::Grpc => LogExporter::builder().with_tonic().build(),
        Protocol::Http => LogExporter::builder().with_http().with_http_client(Client::new(target)).build(),
    };
    built.context("log records are not exported")
}

/// TLS to whom the system's authorities vouch for.
fn tls() -> ClientTlsConfig {
    ClientTlsConfig::new().with_enabled_roots()
}
