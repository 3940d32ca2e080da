//! Starts the parts and joins them: policy watch, audit publisher and the server in front.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use engine::KeptArguments;
use policy::document::Arguments;
use policy::{Claims, Subject};
use rmcp::ServiceExt as _;
use sql::Checker;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::audit::Publisher;
use crate::changes;
use crate::config::{Config, Means, Node, StdioConfig};
use crate::gate::{Gate, REMEMBERED, new_decision_id};
use crate::handler::{Asked, DatabaseServer};
use crate::http::beat::STREAMS;
use crate::http::router;
use crate::offers;
use crate::planner::Planner;
use crate::replay::Seen;
use crate::session::{Caller, Session, Target, Via};
use crate::telemetry::{self, Origin};
use crate::watch::follow;

/// How long a stop waits for requests that are under way, and for the audit to be stored.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a local session waits for its first policy.
const FIRST_POLICY: Duration = Duration::from_secs(10);

/// Why the adapter stopped although nobody asked it to, or did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the adapter stopped listening: {0}")]
    Listener(#[source] std::io::Error),
    /// No policy came.
    #[error("no policy came from the control plane within {} s; check that it runs", FIRST_POLICY.as_secs())]
    NoPolicy,
    /// The role is not in the policy.
    #[error("no role `{0}` in the policy; `trigate role list` shows those there are")]
    Role(String),
    /// The MCP session on standard input could not begin.
    #[error("the MCP session on standard input could not begin: {0}")]
    Session(Box<rmcp::service::ServerInitializeError>),
    /// The session ended abnormally.
    #[error("the MCP session on standard input ended abnormally: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Serves MCP and REST until `shutdown` resolves. Ready as soon as it is polled: until the first policy arrives, every
/// request is refused with a reason.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let means = Means { bounds: config.bounds, launcher: config.launcher };
    let (gate, background) = start(config.node, means, config.allowed_hosts);
    let (audit, current) = (gate.audit.clone(), gate.current.clone());
    let stopped = async move {
        shutdown.await;
        let revision = current.borrow().clone();
        if let Some(revision) = revision {
            revision.stop_servers().await;
        }
    };
    let result = listen(config.listener, gate, stopped).await;
    audit.drain(FAREWELL).await;
    drop(background);
    result
}

async fn listen(
    listener: TcpListener,
    gate: Arc<Gate>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (asked, told) = watch::channel(());
    let server = axum::serve(listener, router(gate)).with_graceful_shutdown(async move {
        shutdown.await;
        drop(asked);
    });
    let overdue = async {
        let mut told = told;
        // The sender goes when the stop is asked for.
        while told.changed().await.is_ok() {}
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        result = server => result.map_err(ServeError::Listener),
        () = overdue => Ok(()),
    }
}

/// Serves MCP on standard input and output until the client closes it.
///
/// # Errors
/// The policy did not come or does not have the role, or the session could not begin or ended abnormally.
pub async fn serve_stdio(config: StdioConfig) -> Result<(), ServeError> {
    let (gate, background) = start(config.node, Means { bounds: config.bounds, launcher: None }, Vec::new());
    let mut current = gate.current.clone();
    let first = tokio::time::timeout(FIRST_POLICY, current.wait_for(Option::is_some)).await;
    let known = match first {
        Ok(Ok(revision)) => {
            let rules =
                |role: &String| revision.as_ref().is_some_and(|revision| revision.rules().has_role(role));
            config.role.as_ref().is_none_or(rules)
        }
        Ok(Err(_)) | Err(_) => return Err(ServeError::NoPolicy),
    };
    if !known {
        return Err(ServeError::Role(config.role.unwrap_or_default()));
    }
    let audit = gate.audit.clone();
    let server = DatabaseServer::Local(Arc::new(local(gate, config.role, config.claims)));
    let running = server
        .serve(rmcp::transport::io::stdio())
        .await
        .map_err(|error| ServeError::Session(Box::new(error)))?;
    running.waiting().await?;
    audit.drain(FAREWELL).await;
    drop(background);
    Ok(())
}

/// Sessions of the one local caller, each under the revision in force when it begins.
fn local(gate: Arc<Gate>, role: Option<String>, claims: Claims) -> impl Fn(Asked<'_>) -> Option<Session> {
    let via = if role.is_some() { Via::Direct } else { Via::Owner };
    let subject = Subject {
        name: "local".to_owned(),
        role: role.unwrap_or_else(|| "admin-local".to_owned()),
        claims,
        ..Subject::default()
    };
    move |asked| {
        let revision = gate.revision()?;
        let keep: Arguments = revision.rules().audit().arguments;
        Some(Session {
            gate: Arc::clone(&gate),
            revision,
            caller: Caller {
                subject: subject.clone(),
                via,
                decision_id: new_decision_id().to_string(),
                trace_id: String::new(),
                endpoint: "stdio".to_owned(),
                origin: Origin::default(),
            },
            target: Target::All,
            method: asked.method.to_owned(),
            arguments: asked
                .arguments
                .map_or_else(KeptArguments::default, |bytes| KeptArguments::of(bytes, keep)),
        })
    }
}

/// The shared state, and the tasks behind it; they end when the set is dropped.
fn start(node: Node, means: Means, allowed_hosts: Vec<String>) -> (Arc<Gate>, JoinSet<()>) {
    let (sender, current) = watch::channel(None);
    let audit = Publisher::new(format!("{}/{}", node.name, new_decision_id()));
    let mut background = JoinSet::new();
    background.spawn(audit.clone().run(node.audit.clone()));
    let name = node.name.clone();
    background.spawn(follow(node.clone(), means, sender));
    let gate = Gate {
        current,
        audit,
        node: name,
        seen: Seen::default(),
        allowed_hosts,
        subscriptions: Semaphore::new(changes::SUBSCRIPTIONS),
        streams: Arc::new(Semaphore::new(STREAMS)),
        checker: Checker::new(REMEMBERED),
        planner: Planner::default(),
    };
    let gate = Arc::new(gate);
    telemetry::watch(&gate);
    background.spawn(offers::tell(node, Arc::clone(&gate)));
    (gate, background)
}
