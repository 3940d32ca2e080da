//! What every command that serves shares: signals, logging, the sentence for a taken port.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use anyhow::Context;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::Directive;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::telemetry;

/// Who sends records to a receiver says nothing to it: each record would be the cause of the next.
const SENDERS: [&str; 6] =
    ["opentelemetry", "opentelemetry_otlp", "opentelemetry_sdk", "h2", "hyper", "tonic"];

/// Logs to standard error, so that standard output stays the command's own. RUST_LOG chooses what; without
/// it, `default` does.
pub(crate) fn log_to_stderr(default: &str) {
    let text = fmt::layer().with_writer(io::stderr).with_ansi(false).with_filter(wanted(default));
    // A second call (two serving parts in one process) keeps the first.
    let _ = tracing_subscriber::registry().with(text).try_init();
}

/// The same, and tells what this process does by OpenTelemetry, if the environment says to whom. `service` is its name there.
pub(crate) fn tell(service: &'static str, default: &str) {
    let (records, problems) = telemetry::start(service);
    let text = fmt::layer().with_writer(io::stderr).with_ansi(false).with_filter(wanted(default));
    let told = records.map(|records| {
        let silent = |sender: &str| format!("{sender}=off").parse::<Directive>().ok();
        let filter = SENDERS.into_iter().filter_map(silent).fold(wanted(default), EnvFilter::add_directive);
        OpenTelemetryTracingBridge::new(&records).with_filter(filter)
    });
    let _ = tracing_subscriber::registry().with(text).with(told).try_init();
    for problem in problems {
        tracing::warn!("{problem:#}");
    }
}

fn wanted(default: &str) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}

/// Comes true at Ctrl-C, SIGTERM, or when the terminal goes away.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let watch = |kind| signal(kind).context("cannot watch for signals");
    let mut interrupt = watch(SignalKind::interrupt())?;
    let mut terminate = watch(SignalKind::terminate())?;
    let mut hangup = watch(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

/// Why an address cannot be listened on, and which option chooses another.
pub(crate) fn cannot_listen(address: SocketAddr, option: &str, source: io::Error) -> anyhow::Error {
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().wrapping_add(1));
            anyhow::anyhow!(
                "{address} is taken: stop what listens there, or choose another address with {option}, such as \
                 {option} {other}"
            )
        }
        io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("no permission to listen on {address}: choose a port above 1023 with {option}")
        }
        io::ErrorKind::AddrNotAvailable => {
            anyhow::anyhow!("this machine has no address {}: choose another with {option}", address.ip())
        }
        _ => anyhow::Error::from(source).context(format!("cannot listen on {address} ({option})")),
    }
}

/// The name of a part on this machine, for the control plane and the audit.
pub(crate) fn node(part: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    format!("{}/{part}", if host.is_empty() { "localhost" } else { host })
}
