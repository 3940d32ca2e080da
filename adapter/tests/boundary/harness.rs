//! An adapter on a port of its own, its control plane, and a client that sends exactly what it is told to.

mod client;
mod control;
mod postgres;

use std::time::{Duration, Instant};

use adapter::{Bounds, Config, Node, Transport};
use policy::ApiKeyText;
use proto::v1::audit_service_server::AuditServiceServer;
use proto::v1::policy_service_server::PolicyServiceServer;
use proto::v1::{AuditEvent, ServerSecret, Snapshot};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(crate) use client::{Reply, Request, Stream};
pub(crate) use control::Control;
pub(crate) use postgres::Cluster;

/// The key of assertions for database `shop`.
pub(crate) const ASSERTION_KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// A running adapter.
pub(crate) struct Adapter {
    address: String,
    control: Control,
    _stop: oneshot::Sender<()>,
}

/// The key of a role, the same in every test.
pub(crate) fn key(role: &str) -> ApiKeyText {
    let mut entropy = [0; 40];
    for (place, byte) in entropy.iter_mut().zip(role.bytes().cycle()) {
        *place = byte;
    }
    ApiKeyText::generate(&entropy)
}

/// A document with one database `shop` and the roles given as YAML, each with a key.
pub(crate) fn document(url: &str, roles: &str) -> String {
    let names = roles.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    let keys: String = names
        .filter(|name| !name.starts_with(' '))
        .map(|role| {
            let key = key(role);
            format!(
                "  - {{ id: {}, name: {role}-key, role: {role}, sha256: {} }}\n",
                key.id(),
                key.digest_hex()
            )
        })
        .collect();
    format!(
        "version: 1\naudit: {{ arguments: full }}\ndatabases:\n  shop: {{ url: \"{url}\", allow_unsafe_login: true }}\nkeys:\n{keys}roles:\n{roles}"
    )
}

/// A snapshot as the control plane pushes it to an adapter.
pub(crate) fn snapshot(document: &str, revision: u64) -> Snapshot {
    let document =
        policy::parse(document).expect("the test's document is in order").document.for_adapter().to_json();
    let secret = |server: &str, key: &[u8]| ServerSecret {
        server: server.into(),
        assertion_key: key.into(),
        ..ServerSecret::default()
    };
    Snapshot {
        revision,
        digest: blake3::hash(&document).to_hex().to_string(),
        document,
        secrets: vec![secret("shop", ASSERTION_KEY), secret("other", b"another key, for another server")],
        ..Snapshot::default()
    }
}

impl Adapter {
    /// Starts one under a document, and waits until it is in force.
    pub(crate) async fn start(document: &str) -> Self {
        Self::start_with(document, Bounds::default()).await
    }

    /// Starts one with bounds of its own.
    pub(crate) async fn start_with(document: &str, bounds: Bounds) -> Self {
        let adapter = Self::without_policy(bounds).await;
        adapter.push(document, 1).await;
        adapter
    }

    /// Starts one that gets no policy.
    pub(crate) async fn without_policy(bounds: Bounds) -> Self {
        let control = Control::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let node = Node {
            policy: Transport::in_process(PolicyServiceServer::new(control.clone())),
            audit: Transport::in_process(AuditServiceServer::new(control.clone())),
            name: "test/adapter".into(),
        };
        let (stop, stopped) = oneshot::channel();
        let config =
            Config { listener, node, allowed_hosts: vec!["adapter.test".into()], bounds, launcher: None };
        tokio::spawn(adapter::serve(config, async {
            let _ = stopped.await;
        }));
        Self { address, control, _stop: stop }
    }

    /// Pushes a revision and waits until it is acknowledged.
    pub(crate) async fn push(&self, document: &str, revision: u64) {
        self.control.push(snapshot(document, revision));
        self.control.until(|seen| seen.acknowledged >= revision).await;
    }

    /// Its control plane.
    pub(crate) fn control(&self) -> &Control {
        &self.control
    }

    /// Pushes a snapshot as it is, and gives the reason for which it is refused.
    pub(crate) async fn push_refused(&self, snapshot: Snapshot) -> String {
        let revision = snapshot.revision;
        self.control.push(snapshot);
        self.control.until(|seen| seen.refused.iter().any(|(number, _)| *number == revision)).await;
        self.control.with(|seen| seen.refused.last().map(|(_, reason)| reason.clone())).unwrap_or_default()
    }

    /// The audit events that match, once there is one.
    pub(crate) async fn events(&self, matches: impl Fn(&AuditEvent) -> bool) -> Vec<AuditEvent> {
        self.control.until(|seen| seen.events.iter().any(&matches)).await;
        self.control.with(|seen| seen.events.iter().filter(|event| matches(event)).cloned().collect())
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request) -> Reply {
        client::send(&self.address, request).await
    }

    /// Sends a request whose reply may take its time.
    pub(crate) async fn open(&self, request: Request) -> Stream {
        client::open(&self.address, request).await
    }

    /// What a tool gives that has to succeed, and that the text copy says the same.
    pub(crate) async fn done(&self, role: &str, tool: &str, arguments: &str) -> serde_json::Value {
        let result = self.call(role, tool, arguments).await;
        assert_eq!(result["isError"], false, "{result}");
        let text: serde_json::Value =
            serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text, result["structuredContent"], "the text copy differs");
        text
    }

    /// Why a tool refuses: the fixed word, and the text.
    pub(crate) async fn refused(&self, role: &str, tool: &str, arguments: &str) -> (String, String) {
        let result = self.call(role, tool, arguments).await;
        assert_eq!(result["isError"], true, "{result}");
        let reason = result["_meta"]["trigate/refusal"]["reason"].as_str().unwrap();
        (reason.to_owned(), result["content"][0]["text"].as_str().unwrap().to_owned())
    }

    /// Calls a tool by the modern protocol with a role's key.
    pub(crate) async fn call(&self, role: &str, tool: &str, arguments: &str) -> serde_json::Value {
        let reply = self.send(Request::tool(tool, arguments).key(role)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["result"].clone()
    }

    /// The rows of a query that has to succeed.
    pub(crate) async fn rows(&self, role: &str, arguments: &str) -> serde_json::Value {
        self.done(role, "query", arguments).await
    }

    /// The text of a query that has to be refused.
    pub(crate) async fn refusal(&self, role: &str, arguments: &str) -> String {
        let result = self.call(role, "query", arguments).await;
        assert_eq!(result["isError"], true, "{result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        let context = &result["_meta"]["trigate/refusal"];
        let decision = format!(" (decision {})", context["decision"].as_str().unwrap());
        text.strip_suffix(&decision).unwrap_or_else(|| panic!("no decision in {text}")).to_owned()
    }
}

/// Asks until the answer is yes; fails after ten seconds.
pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not happen within 10 s");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
