//! A snapshot that cannot be read is refused, said and counted, whoever sent it: what was in force stays in force.
//!
//! The control plane is the test's own, in the place of the real one: that one would not send such things.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result};
use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::policy_service_server::{PolicyService, PolicyServiceServer};
use proto::v1::watch_request::Message;
use proto::v1::{Hello, NodeKind, OfferRequest, OfferResponse, Snapshot, WatchRequest};
use serde_json::json;
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::Plan;
use tests::process::Process;
use tests::upstream::Upstream;
use tests::wait::{START, until};
use tokio::sync::broadcast;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

/// A control plane that sends what the test tells it to, and tells what it heard.
struct Plane {
    sends: broadcast::Sender<Snapshot>,
    heard: mpsc::Sender<Message>,
}

#[tonic::async_trait]
impl PolicyService for Plane {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<Snapshot, Status>> + Send>>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let (heard, mut sends) = (self.heard.clone(), self.sends.subscribe());
        let mut messages = request.into_inner();
        tokio::spawn(async move {
            while let Ok(Some(WatchRequest { message: Some(message) })) = messages.message().await {
                if heard.send(message).is_err() {
                    return;
                }
            }
        });
        let (to, from) = tokio::sync::mpsc::channel(8);
        tokio::spawn(async move {
            while let Ok(snapshot) = sends.recv().await {
                if to.send(Ok(snapshot)).await.is_err() {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(tokio_stream::wrappers::ReceiverStream::new(from))))
    }

    async fn offer(&self, _: Request<OfferRequest>) -> Result<Response<OfferResponse>, Status> {
        Ok(Response::new(OfferResponse { wanted: Vec::new(), known: true }))
    }
}

fn serve(at: SocketAddr) -> Result<(broadcast::Sender<Snapshot>, mpsc::Receiver<Message>)> {
    let (sends, _) = broadcast::channel(8);
    let (heard, hears) = mpsc::channel();
    let plane = Plane { sends: sends.clone(), heard };
    std::thread::spawn(move || -> Result<()> {
        let serving =
            tonic::transport::Server::builder().add_service(PolicyServiceServer::new(plane)).serve(at);
        Ok(tokio::runtime::Runtime::new()?.block_on(serving)?)
    });
    Ok((sends, hears))
}

/// What the real control plane sends a gateway.
fn snapshot(url: &str, token: &str) -> Result<Snapshot> {
    let hello = Hello {
        kind: NodeKind::Gateway.into(),
        node: "test".to_owned(),
        revision: 0,
        version: "1".to_owned(),
        takes_key_changes: false,
    };
    let messages = tokio_stream::once(WatchRequest { message: Some(Message::Hello(hello)) })
        .chain(tokio_stream::pending());
    let mut request = Request::new(messages);
    request.metadata_mut().insert("authorization", format!("Bearer {}", token.trim()).parse()?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut client = PolicyServiceClient::connect(url.to_owned()).await?;
        client.watch(request).await?.into_inner().message().await?.context("no snapshot")
    })
}

fn digested(document: &[u8], like: &Snapshot) -> Snapshot {
    Snapshot {
        document: document.to_vec(),
        digest: blake3::hash(document).to_hex().to_string(),
        ..like.clone()
    }
}

/// Each with a word that the refusal has to say.
fn unreadable(good: &Snapshot) -> Vec<(Snapshot, &'static str)> {
    let text = String::from_utf8_lossy(&good.document).into_owned();
    let cut = good.document.get(..good.document.len() / 2).unwrap_or_default();
    vec![
        (Snapshot { digest: "0".repeat(64), ..good.clone() }, "digest"),
        (Snapshot { document: cut.to_vec(), ..good.clone() }, "digest"),
        (digested(b"", good), "read"),
        (digested(&[0xff; 64], good), "read"),
        (digested(cut, good), "read"),
        (digested(format!("{}{text}", "[".repeat(100_000)).as_bytes(), good), "read"),
        (digested(text.replacen('{', "{\"surprise\":1,", 1).as_bytes(), good), "surprise"),
        (digested(text.replace("s.echo", "nowhere.echo").as_bytes(), good), "nowhere"),
    ]
}

fn tools(agent: &Agent) -> Result<(u16, Option<i64>)> {
    let allowed = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?;
    let denied = agent.send("tools/call", json!({"name": "other", "arguments": {}}))?.message()?;
    Ok((allowed.status, error_code(&denied)))
}

#[test]
fn an_unreadable_snapshot_is_refused_and_what_was_in_force_stays() -> Result<()> {
    let upstream = Upstream::echo()?;
    let document =
        Document::new().server("s", &upstream.url(), "").role("agent", "tools: [{ allow: s.echo }]");
    let mut gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let url = gateway.connect.control_plane.clone();
    let good = snapshot(&url, &std::fs::read_to_string(gateway.state("node.token"))?)?;
    let command = gateway.envoy_alone()?;
    let (sends, hears) = serve(url.strip_prefix("http://").context("an address")?.parse()?)?;
    let mut envoy = Process::start("Envoy", command, &gateway.folder().join("alone.log"))?;
    until("Envoy to listen", START, || {
        envoy.running()?;
        Ok(agent.send("tools/call", json!({"name": "echo"})).ok())
    })?;
    // Envoy's main thread is a node beside its worker: all that listen have to give the same answer.
    let answers = |snapshot: &Snapshot| -> Result<Vec<Message>> {
        let listening = sends.send(snapshot.clone())?;
        let said = std::iter::repeat_with(|| hears.recv_timeout(Duration::from_secs(10)));
        let answers = said.filter(|message| !matches!(message, Ok(Message::Hello(_)))).take(listening);
        Ok(answers.collect::<Result<_, _>>()?)
    };
    assert!(matches!(hears.recv_timeout(START)?, Message::Hello(_)));

    let refused = |expected: (u16, Option<i64>)| -> Result<()> {
        for (bad, word) in unreadable(&good) {
            for said in answers(&bad)? {
                assert!(
                    matches!(&said, Message::Nack(nack) if nack.reason.contains(word)),
                    "{word}: {said:?}"
                );
            }
            assert_eq!(tools(&agent)?, expected, "after a snapshot without its {word}");
        }
        Ok(())
    };
    // Before there was one, everything is denied; afterwards the last good one stays.
    refused((503, Some(4034)))?;
    assert!(answers(&good)?.iter().all(|said| matches!(said, Message::Ack(_))));
    assert_eq!(tools(&agent)?, (200, Some(4030)));
    refused((200, Some(4030)))?;
    envoy.running()
}
