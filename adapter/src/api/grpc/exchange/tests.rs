//! Calls of real servers, over HTTP/2: what reaches them, and what their answers are told as.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::HeaderValue;
use policy::document::Only;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tonic::Response;
use tonic::body::Body;
use tonic::server::{NamedService, UnaryService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use super::super::{read, tests};
use super::*;

/// What the shop saw.
#[derive(Debug)]
enum Seen {
    Called(MetadataMap),
    Cancelled,
}

/// The tests' own service: says every order as it is, but for some.
#[derive(Clone)]
struct Shop(UnboundedSender<Seen>);

impl NamedService for Shop {
    const NAME: &'static str = "shop.v1.Shop";
}

impl tower::Service<http::Request<Body>> for Shop {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let shop = self.clone();
        Box::pin(async move { Ok(tonic::server::Grpc::new(Whole).unary(shop, request).await) })
    }
}

impl UnaryService<Bytes> for Shop {
    type Response = Bytes;
    type Future = BoxFuture<'static, Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let seen = self.0.clone();
        Box::pin(async move {
            seen.send(Seen::Called(request.metadata().clone())).unwrap();
            let order = request.into_inner();
            let text = String::from_utf8_lossy(&order).into_owned();
            match text.trim_start_matches(|char: char| char.is_ascii_control()) {
                "none" => Err(Status::not_found(
                    "no such order\n\u{1b}[31m\u{202e}".to_owned() + &"x".repeat(EXCERPT),
                )),
                "bad" => Ok(Response::new(Bytes::from_static(&[0xff]))),
                "huge" => Ok(Response::new(Bytes::from(vec![0; ANSWER + 1]))),
                "slow" => {
                    let _told = Told(seen);
                    std::future::pending().await
                }
                _ => Ok(Response::new(order)),
            }
        })
    }
}

/// Tells when a call is dropped.
struct Told(UnboundedSender<Seen>);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.0.send(Seen::Cancelled);
    }
}

/// A shop and a health service on one port: its URL, and what the shop sees.
async fn server() -> (String, UnboundedReceiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, watched) = unbounded_channel();
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("shop", tonic_health::ServingStatus::NotServing).await;
    let incoming = TcpIncoming::from(listener);
    tokio::spawn(Server::builder().add_service(Shop(seen)).add_service(health).serve_with_incoming(incoming));
    (url, watched)
}

fn service(descriptors: &[u8]) -> Service {
    let tools = read(descriptors, &Only::default()).unwrap().tools;
    Service::of(tools.into_iter().map(|(tool, method)| (tool.name.to_string(), method)).collect())
}

async fn call(service: &Service, url: &str, tool: &str, arguments: Value) -> Result<CallToolResult, Broken> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static("Bearer secret"));
    headers.insert("grpc-timeout", HeaderValue::from_static("1n"));
    let method = service.method(tool).unwrap();
    service.call((method, url), headers, arguments.as_object().unwrap()).await
}

async fn place(url: &str, id: &str) -> Result<CallToolResult, Broken> {
    call(&service(&tests::shop()), url, "shop.v1.Shop.Place", json!({ "id": id })).await
}

fn text(result: &CallToolResult) -> &str {
    &result.content[0].as_text().unwrap().text
}

#[tokio::test]
async fn a_call_shows_the_credential_and_the_deadline() {
    let (url, mut seen) = server().await;
    let result = place(&url, "7").await.unwrap();
    assert_eq!(result.structured_content.unwrap()["id"], "7");
    let Some(Seen::Called(metadata)) = seen.recv().await else { panic!("no call") };
    assert_eq!(metadata.get("authorization").unwrap(), "Bearer secret");
    assert_eq!(metadata.get_all("grpc-timeout").iter().count(), 1);
    assert_eq!(metadata.get("grpc-timeout").unwrap(), "120000m");
    assert!(metadata.get("user-agent").unwrap().to_str().unwrap().starts_with(AGENT));
}

#[tokio::test]
async fn a_status_is_an_error_in_plain_words() {
    let (url, _seen) = server().await;
    let result = place(&url, "none").await.unwrap();
    assert_eq!(result.is_error, Some(true));
    let told = text(&result);
    assert!(told.starts_with("gRPC NOT_FOUND: there is no such thing\nno such order\\u000a"), "{told}");
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}') && told.ends_with(" …"), "{told}");
    assert!(told.len() < EXCERPT + 200);
    let unknown = call(&service(&tests::shop()), "http://127.0.0.1:1", "shop.v1.Shop.Place", json!({})).await;
    assert!(matches!(unknown, Err(Broken::Web(why)) if why.contains("no connection to `127.0.0.1:1`")));
}

#[tokio::test]
async fn too_much_or_nothing_sound_is_refused() {
    let (url, mut seen) = server().await;
    let long = "x".repeat(REQUEST);
    assert!(matches!(place(&url, &long).await, Err(Broken::Long)));
    assert!(matches!(place(&url, "huge").await, Err(Broken::LongAnswer)));
    assert!(matches!(place(&url, "bad").await, Err(Broken::Answer(Unreadable::Bytes { .. }))));
    let unfit =
        call(&service(&tests::shop()), &url, "shop.v1.Shop.Place", json!({ "authorization": "x" })).await;
    assert_eq!(
        unfit.unwrap_err().to_string(),
        "the arguments are no `shop.v1.Order`: there is no field `authorization`"
    );
    // Nothing but what was sound has reached the server.
    seen.close();
    let mut calls = 0;
    while seen.recv().await.is_some() {
        calls += 1;
    }
    assert_eq!(calls, 2);
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_cancelled_at_the_server() {
    let (url, mut seen) = server().await;
    let call = tokio::spawn(async move { place(&url, "slow").await });
    assert!(matches!(seen.recv().await, Some(Seen::Called(_))));
    call.abort();
    assert!(matches!(seen.recv().await, Some(Seen::Cancelled)));
}

#[tokio::test]
async fn the_published_health_service_is_called() {
    let (url, _seen) = server().await;
    let health = service(tonic_health::pb::FILE_DESCRIPTOR_SET);
    let check = |arguments| call(&health, &url, "grpc.health.v1.Health.Check", arguments);
    let status = check(json!({ "service": "shop" })).await.unwrap();
    assert_eq!(status.structured_content, Some(json!({ "status": "NOT_SERVING" })));
    let status = check(json!({})).await.unwrap();
    assert_eq!(status.structured_content, Some(json!({ "status": "SERVING" })));
    let unknown = check(json!({ "service": "none" })).await.unwrap();
    assert!(text(&unknown).starts_with("gRPC NOT_FOUND: there is no such thing"), "{}", text(&unknown));
}
