//! A control plane on a socket of its own, its clients, and documents to feed it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use control_plane::{ControlPlane, CredentialSource, MAX_MESSAGE, Options, Tokens, tokens, tokens::Token};
use proto::{
    ratelimit::rate_limit_service_client::RateLimitServiceClient,
    v1::{
        self, admin_service_client::AdminServiceClient, audit_service_client::AuditServiceClient,
        policy_service_client::PolicyServiceClient, watch_request::Message,
    },
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Code, Request, Status, Streaming,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// Longer than anything takes, shorter than patience.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// Every kind of thing a document has.
pub(crate) const DOCUMENT: &str = r"version: 1
servers:
  tickets:
    url: http://upstream.internal:9001/mcp
    credential: { bearer: { env: TICKETS_TOKEN } }
databases:
  shop:
    url: sqlite:///secret/place/shop.db
endpoints:
  /tickets/mcp: { servers: [tickets] }
  /shop/mcp: { servers: [shop] }
roles:
  support_agent:
    description: Reads customers and orders
    tools:
      - allow: shop.query
      - deny: tickets.delete_*
    databases:
      shop:
        tables:
          customers: [read]
        deny_columns:
          customers: [ssn]
";

/// The smallest document.
pub(crate) const EMPTY: &str = "version: 1\n";

pub(crate) type Client = InterceptedService<Channel, Show>;

/// Shows a token, or none.
#[derive(Clone)]
pub(crate) struct Show(pub(crate) Option<String>);

impl Interceptor for Show {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            let value = MetadataValue::try_from(format!("Bearer {token}")).unwrap();
            request.metadata_mut().insert("authorization", value);
        }
        Ok(request)
    }
}

impl From<&Token> for Show {
    fn from(token: &Token) -> Self {
        Self(Some(token.text().to_owned()))
    }
}

/// A control plane that serves.
pub(crate) struct Plane {
    pub(crate) directory: TempDir,
    pub(crate) tokens: Tokens,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Plane {
    /// On a fresh store.
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    /// On a fresh store, with [`DOCUMENT`] applied.
    pub(crate) async fn with_document() -> Self {
        let plane = Self::start().await;
        plane.apply(DOCUMENT).await;
        plane
    }

    /// On the store of a directory.
    pub(crate) async fn start_in(directory: TempDir) -> Self {
        let variables = BTreeMap::from([("TICKETS_TOKEN".to_owned(), "upstream-secret".to_owned())]);
        Self::start_with(directory, CredentialSource::Variables(variables)).await
    }

    pub(crate) async fn start_with(directory: TempDir, credentials: CredentialSource) -> Self {
        Self::open(directory, Options { credentials, ..Options::default() }).await
    }

    /// With these options, and the directory's vault.
    pub(crate) async fn open(directory: TempDir, options: Options) -> Self {
        let tokens = tokens::load_or_create(directory.path()).unwrap();
        let vault = Some(control_plane::vault::Vault::open(directory.path()).unwrap());
        let options = Options { vault, ..options };
        let opened = ControlPlane::open(&url(&store_file(directory.path())), options).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shown = tokens.clone();
        let task = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or(()) };
            opened.serve(listener, shown, stopped).await.unwrap();
        });
        Self { directory, tokens, address, stop, task }
    }

    /// Stops it and gives back its directory.
    pub(crate) async fn stop(self) -> TempDir {
        self.stop.send(()).unwrap();
        timeout(DEADLINE, self.task).await.expect("it ends").unwrap();
        self.directory
    }

    pub(crate) fn url(&self) -> String {
        url(&store_file(self.directory.path()))
    }

    pub(crate) fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect_lazy()
    }

    pub(crate) fn rate_limits(&self, token: &Token) -> RateLimitServiceClient<Client> {
        RateLimitServiceClient::with_interceptor(self.channel(), Show::from(token))
    }

    pub(crate) fn admin(&self) -> AdminServiceClient<Client> {
        self.admin_showing(Show::from(&self.tokens.admin))
    }

    pub(crate) fn admin_showing(&self, show: Show) -> AdminServiceClient<Client> {
        AdminServiceClient::with_interceptor(self.channel(), show).max_decoding_message_size(MAX_MESSAGE)
    }

    pub(crate) fn policy_showing(&self, show: Show) -> PolicyServiceClient<Client> {
        PolicyServiceClient::with_interceptor(self.channel(), show)
    }

    pub(crate) fn audit_showing(&self, show: Show) -> AuditServiceClient<Client> {
        AuditServiceClient::with_interceptor(self.channel(), show)
    }

    pub(crate) async fn apply(&self, document: &str) -> u64 {
        let request = v1::ApplyPolicyRequest { document: document.to_owned(), ..Default::default() };
        self.admin().apply_policy(request).await.unwrap().into_inner().revision
    }

    pub(crate) async fn document(&self) -> String {
        self.admin().get_policy(v1::GetPolicyRequest { revision: 0 }).await.unwrap().into_inner().document
    }

    pub(crate) async fn create_key(&self, role: &str, name: &str) -> v1::CreateApiKeyResponse {
        let request = v1::CreateApiKeyRequest {
            role: role.to_owned(),
            name: name.to_owned(),
            expires: None,
            claims: Vec::new(),
        };
        self.admin().create_api_key(request).await.unwrap().into_inner()
    }

    /// A node that has said hello.
    pub(crate) async fn watch(&self, kind: v1::NodeKind, name: &str) -> Watcher {
        let hello = v1::Hello { kind: kind.into(), node: name.to_owned(), ..Default::default() };
        self.watch_saying(Message::Hello(hello)).await
    }

    pub(crate) async fn watch_saying(&self, first: Message) -> Watcher {
        let (say, requests) = mpsc::channel(8);
        let mut client = self.policy_showing(Show::from(&self.tokens.node));
        let snapshots = client.watch(ReceiverStream::new(requests)).await.unwrap().into_inner();
        let watcher = Watcher { say, snapshots };
        watcher.say(first).await;
        watcher
    }

    /// A stream of audit batches.
    pub(crate) async fn publisher(&self) -> Publisher {
        let (send, batches) = mpsc::channel(64);
        let mut client = self.audit_showing(Show::from(&self.tokens.node));
        let acks = client.publish(ReceiverStream::new(batches)).await.unwrap().into_inner();
        Publisher { send, acks }
    }

    /// Stores events, as a producer of its own.
    pub(crate) async fn publish(&self, producer: &str, events: Vec<v1::AuditEvent>) {
        let mut publisher = self.publisher().await;
        let last = events.len() as u64;
        assert_eq!(publisher.publish(batch(producer, 1, events)).await, last);
    }

    pub(crate) async fn query(&self, filter: v1::AuditFilter, limit: u32) -> Vec<v1::AuditEvent> {
        let request = v1::QueryAuditRequest { filter: Some(filter), limit };
        collect(self.admin().query_audit(request).await.unwrap().into_inner()).await
    }
}

/// A node's end of a `Watch` stream.
pub(crate) struct Watcher {
    say: mpsc::Sender<v1::WatchRequest>,
    pub(crate) snapshots: Streaming<v1::Snapshot>,
}

impl Watcher {
    pub(crate) async fn say(&self, message: Message) {
        self.say.send(v1::WatchRequest { message: Some(message) }).await.unwrap();
    }

    pub(crate) async fn next(&mut self) -> v1::Snapshot {
        timeout(DEADLINE, self.snapshots.message()).await.expect("a snapshot comes").unwrap().unwrap()
    }

    /// Waits for a revision, whatever comes before it.
    pub(crate) async fn until(&mut self, revision: u64) -> v1::Snapshot {
        loop {
            let snapshot = self.next().await;
            if snapshot.revision >= revision {
                return snapshot;
            }
        }
    }

    pub(crate) async fn end(&mut self) -> Status {
        loop {
            match timeout(DEADLINE, self.snapshots.message()).await.expect("the stream ends") {
                Ok(Some(_)) => {}
                Ok(None) => return Status::ok(""),
                Err(status) => return status,
            }
        }
    }
}

/// A producer's end of a `Publish` stream.
pub(crate) struct Publisher {
    send: mpsc::Sender<v1::AuditBatch>,
    pub(crate) acks: Streaming<v1::AuditAck>,
}

impl Publisher {
    pub(crate) async fn send(&self, batch: v1::AuditBatch) {
        self.send.send(batch).await.unwrap();
    }

    /// Sends a batch and waits for its acknowledgement.
    pub(crate) async fn publish(&mut self, batch: v1::AuditBatch) -> u64 {
        self.send(batch).await;
        timeout(DEADLINE, self.acks.message()).await.expect("an ack comes").unwrap().unwrap().sequence
    }
}

pub(crate) fn batch(producer: &str, first_sequence: u64, events: Vec<v1::AuditEvent>) -> v1::AuditBatch {
    v1::AuditBatch { producer: producer.to_owned(), first_sequence, events, dropped: 0 }
}

/// An event of one second of Unix time.
pub(crate) fn event(seconds: i64, name: &str) -> v1::AuditEvent {
    v1::AuditEvent {
        time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
        gate: v1::Gate::Mcp.into(),
        decision: v1::Decision::Allowed.into(),
        name: name.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn names(events: &[v1::AuditEvent]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

pub(crate) async fn collect<T>(mut stream: Streaming<T>) -> Vec<T> {
    let mut items = Vec::new();
    while let Some(item) = timeout(DEADLINE, stream.message()).await.expect("the stream ends").unwrap() {
        items.push(item);
    }
    items
}

/// The refusal of a call, which must have this code and say all of this.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code, says: &[&str]) {
    let status = answer.expect_err("refused");
    assert_eq!(status.code(), code, "{status}");
    for text in says {
        assert!(status.message().contains(text), "`{text}` is not in: {}", status.message());
    }
}

/// Polls until the condition holds.
pub(crate) async fn eventually<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let holding = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(DEADLINE, holding).await.expect("it comes to hold");
}

pub(crate) fn store_file(directory: &Path) -> PathBuf {
    directory.join("control-plane.db")
}

pub(crate) fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}
