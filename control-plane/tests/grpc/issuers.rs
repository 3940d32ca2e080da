//! Keys of issuers: fetched, rotated, kept while their issuer is silent, and never taken from where they must not come from.

use std::sync::{Arc, Mutex};

use proto::v1::{self, NodeKind};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};

use crate::harness::{DEADLINE, Plane, Watcher};

/// An issuer's web server, which answers whatever it was told to.
struct Idp {
    url: String,
    answer: Arc<Mutex<String>>,
    task: JoinHandle<()>,
}

impl Idp {
    async fn start(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(answer));
        let told = Arc::clone(&answer);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // The head of a request without a body comes in one piece here.
                let _ = stream.read(&mut [0; 4096]).await;
                let text = told.lock().unwrap().clone();
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        Self { url, answer, task }
    }

    fn answers(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }
}

impl Drop for Idp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// A set with one Ed25519 key of this id.
fn set(id: &str) -> String {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"{id}","x":"{x}"}}]}}"#)
}

fn document(jwks: &str) -> String {
    format!(
        "version: 1
gateway: {{ public_url: https://gw.example.com }}
servers: {{ tickets: {{ url: http://127.0.0.1:9/mcp }} }}
endpoints: {{ /tickets/mcp: {{ servers: [tickets] }} }}
identity:
  jwt: [ {{ issuer: https://idp.example.com, jwks: {jwks}, role: agent }} ]
roles: {{ agent: {{}} }}
"
    )
}

fn uri(idp: &Idp) -> String {
    document(&format!("{{ uri: \"{}/jwks\" }}", idp.url))
}

/// Waits for a snapshot whose issuers hold this text, or for one without any.
async fn told(watcher: &mut Watcher, wanted: &str) -> v1::Snapshot {
    loop {
        let snapshot = watcher.next().await;
        let jwks: String = snapshot
            .issuers
            .iter()
            .map(|issuer| String::from_utf8_lossy(&issuer.jwks).into_owned())
            .collect();
        if jwks.contains(wanted) {
            return snapshot;
        }
    }
}

/// How it stands with the issuer, once the control plane says so.
async fn report(plane: &Plane, fits: impl Fn(&v1::IssuerKeys) -> bool) -> v1::IssuerKeys {
    let asked = async {
        loop {
            let nodes = plane.admin().list_nodes(v1::ListNodesRequest {}).await.unwrap().into_inner();
            if let Some(issuer) = nodes.issuers.into_iter().find(&fits) {
                return issuer;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, asked).await.expect("the report comes")
}

#[tokio::test]
async fn keys_are_fetched_and_a_rotation_reaches_gateways_under_the_same_revision() {
    let idp = Idp::start(ok(&set("first"))).await;
    let plane = Plane::start().await;
    let revision = plane.apply(&uri(&idp)).await;
    let mut gateway = plane.watch(NodeKind::Gateway, "gateway").await;
    let snapshot = told(&mut gateway, "first").await;
    assert_eq!(
        (snapshot.revision, snapshot.issuers[0].issuer.as_str()),
        (revision, "https://idp.example.com")
    );
    idp.answers(ok(&set("second")));
    assert_eq!(plane.apply(&uri(&idp)).await, revision);
    assert_eq!(told(&mut gateway, "second").await.revision, revision);
    let adapter = plane.watch(NodeKind::Adapter, "adapter").await.next().await;
    assert!(adapter.issuers.is_empty());
}

#[tokio::test]
async fn a_silent_issuer_keeps_its_keys_also_over_a_restart() {
    let idp = Idp::start(ok(&set("kept"))).await;
    let plane = Plane::start().await;
    plane.apply(&uri(&idp)).await;
    told(&mut plane.watch(NodeKind::Gateway, "gateway").await, "kept").await;
    idp.answers("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned());
    plane.apply(&uri(&idp)).await;
    let issuer = report(&plane, |issuer| !issuer.problem.is_empty()).await;
    assert!(issuer.problem.contains("HTTP 500") && issuer.keys == 1, "{issuer:?}");
    let directory = plane.stop().await;
    drop(idp);
    let plane = Plane::start_in(directory).await;
    let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    assert_eq!(snapshot.issuers.len(), 1);
    report(&plane, |issuer| issuer.problem.contains("no connection")).await;
}

#[tokio::test]
async fn what_is_no_key_set_is_not_taken() {
    let long = ok(&format!("{{\"keys\":[],\"pad\":\"{}\"}}", "x".repeat(300_000)));
    for (answer, words) in [
        (ok("<html>"), "no key set"),
        (ok("{\"keys\":[]}"), "none of its keys"),
        (ok("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"), "none of its keys"),
        (ok(&set("a").replacen("\"kid\"", "\"kty\":\"OKP\",\"kid\"", 1)), "no key set"),
        (long, "longer than"),
        (
            "HTTP/1.1 302 Go\r\nlocation: http://example.com/jwks\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "redirects",
        ),
        (
            "HTTP/1.1 302 Go\r\nlocation: /jwks\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "more than 3 redirects",
        ),
    ] {
        let idp = Idp::start(answer).await;
        let plane = Plane::start().await;
        plane.apply(&uri(&idp)).await;
        let issuer = report(&plane, |issuer| !issuer.problem.is_empty()).await;
        assert!(issuer.problem.contains(words) && issuer.keys == 0, "{issuer:?}");
        let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
        assert!(snapshot.issuers.is_empty());
    }
}

#[tokio::test]
async fn keys_from_elsewhere_are_not_the_keys_of_this_place() {
    let idp = Idp::start(ok(&set("old-place"))).await;
    let plane = Plane::start().await;
    plane.apply(&uri(&idp)).await;
    let mut gateway = plane.watch(NodeKind::Gateway, "gateway").await;
    told(&mut gateway, "old-place").await;
    let file = plane.directory.path().join("keys.json");
    let moved = document(&format!("{{ file: {} }}", file.display()));
    let revision = plane.apply(&moved).await;
    assert!(gateway.until(revision).await.issuers.is_empty());
    std::fs::write(&file, set("in-a-file")).unwrap();
    plane.apply(&moved).await;
    told(&mut gateway, "in-a-file").await;
}
