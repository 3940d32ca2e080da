//! The two streams to the control plane, each opened again whenever it breaks: the policy comes in, decisions go out. And the
//! question whether a call passes the limits that several gateways share.
//!
//! Messages go through as bytes, as they do in the filter: what they mean is `node`'s.

use std::rc::Rc;
use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use engine::{LimitAnswer, LimitQuestion};
use http::uri::PathAndQuery;
use node::{Pause, Worker, rate_limit};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};

/// How often the outbox is looked at.
const TICK: Duration = Duration::from_millis(50);
/// Larger than any document that a person writes.
const LARGEST: usize = 64 << 20;

/// Where the control plane is.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) endpoint: Endpoint,
    pub(crate) token: MetadataValue<Ascii>,
}

/// A connection to it.
#[derive(Clone)]
pub(crate) struct Way {
    channel: Channel,
    token: MetadataValue<Ascii>,
}

/// Follows the policy for as long as it is polled.
pub(crate) async fn follow(worker: Rc<Worker>, way: Way) {
    let mut pause = Pause::default();
    loop {
        match watch(&worker, &way, &mut pause).await {
            Ok(()) => tracing::warn!("the policy stream ended; the last policy stays in force"),
            Err(status) => tracing::warn!(
                reason = status.message(),
                "the policy stream broke; the last policy stays in force"
            ),
        }
        tokio::time::sleep(Duration::from_millis(pause.broke())).await;
    }
}

async fn watch(worker: &Worker, way: &Way, pause: &mut Pause) -> Result<(), Status> {
    let (sender, snapshots) =
        way.open("/trigate.v1.PolicyService/Watch", node::hello(&worker.name, worker.revision_number()));
    let mut snapshots = snapshots.await?;
    while let Some(bytes) = snapshots.next().await.transpose()? {
        pause.works();
        let (answer, refused) = worker.on_snapshot(&bytes);
        if let Some(reason) = refused {
            tracing::error!(reason, "a policy was refused; the last one stays in force");
        }
        if sender.send(answer.into()).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Delivers decisions for as long as it is polled.
pub(crate) async fn deliver(worker: Rc<Worker>, way: Way) {
    let mut pause = Pause::default();
    loop {
        if let Err(status) = publish(&worker, &way, &mut pause).await {
            tracing::warn!(reason = status.message(), "the audit stream broke; decisions are kept");
        }
        tokio::time::sleep(Duration::from_millis(pause.broke())).await;
    }
}

async fn publish(worker: &Worker, way: &Way, pause: &mut Pause) -> Result<(), Status> {
    let mut tick = tokio::time::interval(TICK);
    let (mut sent, first) = loop {
        tick.tick().await;
        if let Some(batch) = worker.batch(worker.outbox.borrow().acknowledged()) {
            break batch;
        }
    };
    let (sender, acks) = way.open("/trigate.v1.AuditService/Publish", first);
    let mut acks = acks.await?;
    loop {
        tokio::select! {
            ack = acks.next() => match ack.transpose()? {
                Some(bytes) => {
                    pause.works();
                    worker.on_audit_ack(&bytes);
                }
                None => return Ok(()),
            },
            _ = tick.tick() => while let Some((last, batch)) = worker.batch(sent) {
                if sender.send(batch.into()).await.is_err() {
                    return Ok(());
                }
                sent = last;
            },
        }
    }
}

impl Upstream {
    /// A connection that is made when it is first used and again whenever it is lost, driven by this thread.
    pub(crate) fn connect(self) -> Way {
        Way { channel: self.endpoint.connect_lazy(), token: self.token }
    }
}

impl Way {
    /// Asks the control plane whether a call passes its shared limits. A cluster of Envoy's cannot be reached from here.
    pub(crate) async fn ask_limit(&self, question: &LimitQuestion) -> LimitAnswer {
        if question.cluster.is_some() {
            return LimitAnswer::Failed;
        }
        let mut request = Request::new(Bytes::from(rate_limit::question(question)));
        request.metadata_mut().insert("authorization", self.token.clone());
        let mut client = Grpc::new(self.channel.clone());
        let path = PathAndQuery::from_static("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit");
        let asked = async {
            client.ready().await.ok()?;
            Some(rate_limit::answer(&client.unary(request, path, Raw).await.ok()?.into_inner()))
        };
        let answer = tokio::time::timeout(rate_limit::PATIENCE, asked).await;
        answer.ok().flatten().unwrap_or(LimitAnswer::Failed)
    }

    /// Opens a stream whose first message is `first`: where further ones go, and the stream itself once it is open.
    fn open(
        &self,
        path: &'static str,
        first: Vec<u8>,
    ) -> (mpsc::Sender<Bytes>, impl Future<Output = Result<Streaming<Bytes>, Status>>) {
        let (sender, receiver) = mpsc::channel::<Bytes>(16);
        let messages = tokio_stream::once(Bytes::from(first)).chain(ReceiverStream::new(receiver));
        let mut request = Request::new(messages);
        request.metadata_mut().insert("authorization", self.token.clone());
        let mut client = Grpc::new(self.channel.clone()).max_decoding_message_size(LARGEST);
        let opened = async move {
            client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
            let opened = client.streaming(request, PathAndQuery::from_static(path), Raw).await?;
            Ok(opened.into_inner())
        };
        (sender, opened)
    }
}

/// Messages as bytes.
#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self::Encoder {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
