//! Sharing one process: numbers of our own outside, the callers' ids and tokens inside.

use std::time::Duration;

use tokio::time::timeout;

use super::*;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn sent(lines: &mut mpsc::Receiver<Vec<u8>>) -> String {
    text(&timeout(Duration::from_secs(5), lines.recv()).await.unwrap().unwrap())
}

async fn asked(link: &Arc<Link>, who: &str, id: &str, token: &str) -> Call {
    let body = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":{id},\n\"method\":\"tools/call\",\"params\":{{\"_meta\":{{\"progressToken\":{token}}}}}}}"
    );
    link.call(who.to_owned(), id.as_bytes(), body.as_bytes()).await.unwrap()
}

#[tokio::test]
async fn two_callers_may_use_the_same_id_and_token() {
    let link = Arc::new(Link::new("s".to_owned()));
    let mut lines = link.up();
    let mut one = asked(&link, "one", "7", "\"t\"").await;
    let mut two = asked(&link, "two", "7", "\"t\"").await;
    let line = sent(&mut lines).await;
    assert!(
        line.contains("\"id\":1") && line.contains("\"progressToken\":1") && !line.contains('\n'),
        "{line}"
    );
    assert!(sent(&mut lines).await.contains("\"id\":2"));

    link.receive(
        br#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1}}"#,
    );
    link.receive(br#"{"jsonrpc":"2.0","id":2,"result":{"of":"two"}}"#);
    link.receive(br#"{"jsonrpc":"2.0","id":1,"result":{"of":"one"}}"#);
    let Some(Said::Note(note)) = two.next().await else { panic!("no note") };
    assert!(text(&note).contains("\"progressToken\":\"t\""));
    let Some(Said::Answer(answer)) = two.next().await else { panic!("no answer") };
    assert_eq!(text(&answer), r#"{"jsonrpc":"2.0","id":7,"result":{"of":"two"}}"#);
    let Some(Said::Answer(answer)) = one.next().await else { panic!("no answer") };
    assert_eq!(text(&answer), r#"{"jsonrpc":"2.0","id":7,"result":{"of":"one"}}"#);
    assert!(one.next().await.is_none());
}

#[tokio::test]
async fn a_cancellation_finds_the_request_of_its_own_caller() {
    let link = Arc::new(Link::new("s".to_owned()));
    let mut lines = link.up();
    let one = asked(&link, "one", "7", "1").await;
    let two = asked(&link, "two", "7", "1").await;
    let _ = (sent(&mut lines).await, sent(&mut lines).await);
    link.cancel("nobody", b"7");
    link.cancel("two", b"7");
    assert!(sent(&mut lines).await.contains("\"requestId\":2"));
    // Whoever goes away cancels as well.
    drop(one);
    assert!(sent(&mut lines).await.contains("\"requestId\":1"));
    drop(two);
}

#[tokio::test]
async fn an_end_is_told_to_everybody_at_once() {
    let link = Arc::new(Link::new("s".to_owned()));
    let _lines = link.up();
    let mut call = asked(&link, "one", "7", "1").await;
    link.down("its program ended".to_owned());
    let Some(Said::Gone(gone)) = call.next().await else { panic!("no end") };
    assert_eq!(gone.to_string(), "server `s` is not running: its program ended");
    assert!(link.call("one".to_owned(), b"1", b"{\"id\":1}").await.is_err());
    assert_eq!(link.hello().await.unwrap_err(), gone);
}

#[tokio::test]
async fn what_belongs_to_nobody_goes_to_nobody_but_news() {
    let link = Arc::new(Link::new("s".to_owned()));
    let mut lines = link.up();
    let mut news = link.listen();
    let mut call = asked(&link, "one", "\"x\"", "1").await;
    let _ = sent(&mut lines).await;
    link.receive(br#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"of somebody"}}"#);
    link.receive(
        br#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":99,"progress":1}}"#,
    );
    link.receive(br#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#);
    link.receive(b"no JSON at all");
    link.receive(br#"{"jsonrpc":"2.0","id":"a","method":"sampling/createMessage","params":{}}"#);
    let refused = sent(&mut lines).await;
    assert!(refused.contains("-32601") && refused.contains("\"id\":\"a\""), "{refused}");
    link.receive(br#"{"jsonrpc":"2.0","id":5,"method":"ping"}"#);
    assert!(sent(&mut lines).await.contains("\"result\":{}"));
    assert!(text(&news.recv().await.unwrap()).contains("tools/list_changed"));
    assert!(news.try_recv().is_err());
    link.receive(br#"{"jsonrpc":"2.0","id":1,"result":{},"result":{}}"#);
    let Some(Said::Answer(answer)) = call.next().await else { panic!("no answer") };
    assert!(text(&answer).contains("could not be read") && text(&answer).contains("\"id\":\"x\""));
}

#[tokio::test]
async fn a_subscription_is_told_under_its_own_id() {
    let link = Arc::new(Link::new("s".to_owned()));
    let _lines = link.up();
    let mut news = link.listen();
    let mut call = asked(&link, "one", "\"sub\"", "1").await;
    link.receive(br#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1}}}"#);
    let Some(Said::Note(note)) = call.next().await else { panic!("no note") };
    assert!(text(&note).contains("\"io.modelcontextprotocol/subscriptionId\":\"sub\""));
    assert!(news.try_recv().is_err());
}
