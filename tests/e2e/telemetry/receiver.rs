//! A receiver of OTLP on the loopback address: it reads the real messages, over gRPC and over HTTP, and keeps them.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use tests::wire::{Body, read_head};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// What came.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) traces: Vec<ExportTraceServiceRequest>,
    pub(super) metrics: Vec<ExportMetricsServiceRequest>,
    pub(super) logs: Vec<ExportLogsServiceRequest>,
    /// Values of the header `x-tenant`.
    pub(super) tenants: Vec<String>,
}

impl Seen {
    /// Every byte that came, whatever it stands for.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let traces = self.traces.iter().map(Message::encode_to_vec);
        let metrics = self.metrics.iter().map(Message::encode_to_vec);
        let logs = self.logs.iter().map(Message::encode_to_vec);
        traces.chain(metrics).chain(logs).flatten().collect()
    }
}

/// The receiver.
#[derive(Debug)]
pub(super) struct Receiver {
    grpc: SocketAddr,
    http: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Receiver {
    /// Starts it, on two free ports.
    pub(super) fn start() -> Result<Self> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let grpc = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let desk = Desk(Arc::clone(&seen));
        thread::spawn(move || serve_grpc(listener, desk));
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let http = listener.local_addr()?;
        let desk = Desk(Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let desk = desk.clone();
                thread::spawn(move || serve_http(stream, &desk));
            }
        });
        Ok(Self { grpc, http, seen })
    }

    /// Its URL for gRPC.
    pub(super) fn grpc(&self) -> String {
        format!("http://{}", self.grpc)
    }

    /// Its URL for HTTP.
    pub(super) fn http(&self) -> String {
        format!("http://{}", self.http)
    }

    /// Looks at what came.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&lock(&self.seen))
    }
}

#[derive(Clone)]
struct Desk(Arc<Mutex<Seen>>);

impl Desk {
    fn take<T>(&self, request: Request<T>, keep: impl FnOnce(&mut Seen, T)) {
        let mut seen = lock(&self.0);
        if let Some(tenant) = request.metadata().get("x-tenant").and_then(|value| value.to_str().ok()) {
            seen.tenants.push(tenant.to_owned());
        }
        keep(&mut seen, request.into_inner());
    }
}

#[tonic::async_trait]
impl TraceService for Desk {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.take(request, |seen, came| seen.traces.push(came));
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Desk {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.take(request, |seen, came| seen.metrics.push(came));
        Ok(Response::new(Default::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Desk {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        self.take(request, |seen, came| seen.logs.push(came));
        Ok(Response::new(Default::default()))
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve_grpc(listener: TcpListener, desk: Desk) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(listener)?);
        let served = Server::builder()
            .add_service(TraceServiceServer::new(desk.clone()))
            .add_service(MetricsServiceServer::new(desk.clone()))
            .add_service(LogsServiceServer::new(desk));
        Ok(served.serve_with_incoming(incoming).await?)
    })
}

/// Answers requests of one connection until it ends.
fn serve_http(stream: TcpStream, desk: &Desk) {
    let mut reader = Some(BufReader::new(stream));
    while let Some(open) = reader.take() {
        reader = answer(open, desk).ok();
    }
}

fn answer(mut reader: BufReader<TcpStream>, desk: &Desk) -> Result<BufReader<TcpStream>> {
    let (line, headers) = read_head(&mut reader)?.context("the connection ended")?;
    let mut body = Body::of_request(reader, &headers)?;
    let came = body.rest()?;
    let path = line.split(' ').nth(1).context("no path")?;
    let mut seen = lock(&desk.0);
    seen.tenants.extend(headers.get("x-tenant").map(str::to_owned));
    match path {
        "/v1/traces" => seen.traces.push(ExportTraceServiceRequest::decode(came.as_slice())?),
        "/v1/metrics" => seen.metrics.push(ExportMetricsServiceRequest::decode(came.as_slice())?),
        "/v1/logs" => seen.logs.push(ExportLogsServiceRequest::decode(came.as_slice())?),
        other => anyhow::bail!("{other} is no path of OTLP"),
    }
    drop(seen);
    let mut reader = body.into_connection();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
    reader.get_mut().write_all(head.as_bytes())?;
    Ok(reader)
}
