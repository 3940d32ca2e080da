//! Which era a server speaks, and what it says of itself.
//!
//! A modern server answers `server/discover`. One that refuses it, says nothing to it, or ends because of it, gets the legacy
//! handshake. What was found once is tried first after a restart.

use std::sync::Arc;
use std::time::Duration;

use mcp::revision::{self, Era};
use mcp::{Frame, Outcome};
use serde_json::{Value, json};

use super::link::{Gone, Hello, Link};
use super::rewrite::LIMITS;

/// How long a server may say nothing to `server/discover` before it is greeted in the old way as well.
const PROBE: Duration = Duration::from_secs(5);

/// How a server was found to be greeted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habit(Option<Era>);

/// Why a server cannot be served.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unmet {
    #[error("{0}")]
    Gone(#[from] Gone),
    #[error("it refuses both `server/discover` and `initialize`: {0}")]
    Refused(String),
}

/// Finds out what the server speaks.
pub(super) async fn greet(link: &Arc<Link>, habit: &mut Habit) -> Result<Hello, Unmet> {
    let known = habit.0;
    if known.is_none() {
        // A server that ends at the first question gets the other one next time.
        habit.0 = Some(Era::Legacy);
    }
    let hello = match known {
        Some(Era::Legacy) => match initialize(link).await? {
            Ok(hello) => hello,
            Err(why) => discover(link).await?.map_err(|_| Unmet::Refused(why))?,
        },
        Some(Era::Modern) => match discover(link).await? {
            Ok(hello) => hello,
            Err(_) => initialize(link).await?.map_err(Unmet::Refused)?,
        },
        None => either(link).await?,
    };
    habit.0 = Some(hello.era);
    Ok(hello)
}

async fn either(link: &Arc<Link>) -> Result<Hello, Unmet> {
    let discovery = discover(link);
    tokio::pin!(discovery);
    match tokio::time::timeout(PROBE, &mut discovery).await {
        Ok(found) => match found? {
            Ok(hello) => Ok(hello),
            Err(_) => initialize(link).await?.map_err(Unmet::Refused),
        },
        Err(_) => {
            let handshake = initialize(link);
            tokio::pin!(handshake);
            tokio::select! {
                found = &mut discovery => match found? {
                    Ok(hello) => Ok(hello),
                    Err(_) => handshake.await?.map_err(Unmet::Refused),
                },
                met = &mut handshake => match met? {
                    Ok(hello) => Ok(hello),
                    Err(why) => discovery.await?.map_err(|_| Unmet::Refused(why)),
                },
            }
        }
    }
}

/// Asks in the modern way; the inner error is the server's refusal.
async fn discover(link: &Arc<Link>) -> Result<Result<Hello, String>, Gone> {
    let meta = json!({
        revision::VERSION_KEY: revision::MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": who(),
    });
    let answer = link.ask("server/discover", json!({ "_meta": meta })).await?.answered().await?;
    let modern = |_| Hello { era: Era::Modern, revision: revision::MODERN.to_owned(), result: Vec::new() };
    Ok(result(&answer).map(modern))
}

/// Greets in the legacy way.
async fn initialize(link: &Arc<Link>) -> Result<Result<Hello, String>, Gone> {
    let offered = revision::LEGACY.first().copied().unwrap_or(revision::UNNAMED);
    let params = json!({ "protocolVersion": offered, "capabilities": {}, "clientInfo": who() });
    let answer = link.ask("initialize", params).await?.answered().await?;
    let mut said = match result(&answer) {
        Ok(said) => said,
        Err(why) => return Ok(Err(why)),
    };
    link.tell("notifications/initialized").await?;
    let revision = said.get("protocolVersion").and_then(Value::as_str).unwrap_or(offered).to_owned();
    withhold(&mut said);
    Ok(Ok(Hello { era: Era::Legacy, revision, result: said.to_string().into_bytes() }))
}

fn who() -> Value {
    json!({ "name": "trigate", "version": env!("CARGO_PKG_VERSION") })
}

fn result(answer: &[u8]) -> Result<Value, String> {
    match Frame::parse(answer, &LIMITS) {
        Ok(Frame::Response(response)) => match response.outcome {
            Outcome::Result(result) => serde_json::from_str(result.text()).map_err(|error| error.to_string()),
            Outcome::Error(error) => Err(error.text().chars().take(300).collect()),
        },
        _ => Err("it answered with what is no answer".to_owned()),
    }
}

/// Leaves out what one process cannot do for several clients.
fn withhold(said: &mut Value) {
    let Some(capabilities) = said.get_mut("capabilities").and_then(Value::as_object_mut) else { return };
    capabilities.remove("logging");
    if let Some(resources) = capabilities.get_mut("resources").and_then(Value::as_object_mut) {
        resources.remove("subscribe");
    }
}
