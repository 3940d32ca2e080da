//! Tokens at the gate: which are accepted, where, and what is answered to the others.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]
// Keys are made with an operating system's means, which the wasm test target does not have.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/issuer.rs"]
mod issuer;
#[path = "tokens/scopes.rs"]
mod scopes;

use std::rc::Rc;

use engine::{DecisionId, Effect, Event, Exchange, Gauge, Head, Moment, Outcome, Record, Reply, Revision};
use issuer::{Key, key_sets};
use serde_json::{Value, json};

const IDP: &str = "https://idp.example.com";
const OTHER: &str = "https://other.example.com";
const NOW: u64 = 1_780_000_000;
const KEY: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

const DOCUMENT: &str = "version: 1
gateway: { public_url: https://gw.example.com, allowed_origins: [https://app.example.com], allowed_hosts: [gw] }
servers: { a: { url: http://h/a }, b: { url: http://h/b } }
endpoints: { /a/mcp: { servers: [a] }, /b/mcp: { servers: [b] } }
identity:
  jwt:
    - issuer: https://idp.example.com
      audience: [https://gw.example.com/a/mcp, https://gw.example.com/b/mcp, api://gw]
      jwks: { uri: https://idp.example.com/jwks }
      roles: groups
    - { issuer: https://other.example.com, audience: api://gw, algorithms: [ES256], jwks: { file: k }, role: agent }
    - { issuer: https://silent.example.com, audience: api://gw, jwks: { file: k }, role: agent }
keys: [ { id: aaaaaaaaaaaa, name: bot, role: agent, sha256: DIGEST } ]
roles: { agent: { tools: [ { allow: a.x }, { allow: b.x } ] } }
";

fn moment() -> Moment {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(KEY).iter().map(|byte| format!("{byte:02x}")).collect();
    let source =
        policy::parse(&DOCUMENT.replace("DIGEST", &digest)).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    let keys = key_sets(&[
        (
            IDP,
            json!([
                Key::Rsa.jwk("rsa"),
                Key::Ec(1).jwk("ec"),
                Key::Ed(1).jwk("ed"),
                Key::Shared(vec![7; 32]).jwk("oct")
            ]),
        ),
        (OTHER, json!([Key::Ec(2).jwk("ec2"), Key::Ed(2).jwk("ed2")])),
    ]);
    let revision = Revision::new(rules, Vec::new()).with_issuer_keys(keys);
    Moment { now_ms: NOW * 1000, revision: Some(Rc::new(revision)), audit: Gauge::Open }
}

fn claims() -> Value {
    json!({"iss": IDP, "sub": "ann", "aud": "api://gw", "exp": NOW + 300, "groups": ["agent"]})
}

fn header(key: &Key, id: &str) -> String {
    json!({"alg": key.algorithm(), "typ": "at+jwt", "kid": id}).to_string()
}

/// A token of the first issuer, signed with its EC key, with this member of its claims.
fn token_with(member: &str, value: Value) -> String {
    let mut claims = claims();
    claims[member] = value;
    Key::Ec(1).sign(&header(&Key::Ec(1), "ec"), &claims.to_string())
}

fn head(path: &str, pairs: &[(&str, &str)]) -> Head {
    let usual =
        [(":method", "POST"), (":path", path), (":authority", "gw"), ("content-type", "application/json")];
    let given = |name: &str| pairs.iter().any(|(other, _)| *other == name);
    let usual = usual.iter().filter(|(name, _)| !given(name));
    let headers = usual.chain(pairs).map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Head { headers: headers.collect(), ..Head::default() }
}

/// What becomes of a call of the tool `x` with this head.
fn call(head: &Head, moment: &Moment) -> (Effect, Option<Record>) {
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let step = exchange.handle(&Event::RequestHead(head), moment);
    if !matches!(step.effect, Effect::Hold) {
        return (step.effect, step.record);
    }
    let body = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}"#;
    let step = exchange.handle(&Event::RequestBody(body), moment);
    (step.effect, step.record)
}

fn shown(token: &str, path: &str) -> (Effect, Option<Record>) {
    call(&head(path, &[("authorization", &format!("Bearer {token}"))]), &moment())
}

#[track_caller]
fn check_accepted(token: &str) {
    let (effect, record) = shown(token, "/a/mcp");
    let record = record.expect("a decision is recorded");
    assert!(matches!(effect, Effect::Forward(_)), "{}", record.reason);
    assert_eq!((record.subject.as_str(), record.role.as_str(), record.key_id.as_str()), ("ann", "agent", ""));
}

fn refused(token: &str, path: &str) -> (Reply, Record) {
    let (effect, record) = shown(token, path);
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let record = record.expect("a refusal is recorded");
    assert_eq!(record.outcome, Outcome::Deny);
    for shown in [String::from_utf8_lossy(&reply.body).into_owned(), format!("{record:?}")] {
        assert!(token.len() < 20 || !shown.contains(token), "a refusal repeats the token: {shown}");
    }
    (reply, record)
}

/// A token that is refused with 401, the challenge of the endpoint, and these words.
#[track_caller]
fn check_refused(token: &str, words: &str) {
    let (reply, record) = refused(token, "/a/mcp");
    assert!(record.reason.contains(words), "{}", record.reason);
    let challenge =
        reply.headers.iter().find(|(name, _)| *name == "www-authenticate").map(|(_, value)| value.as_str());
    let expected = "Bearer resource_metadata=\"https://gw.example.com/.well-known/oauth-protected-resource/a/mcp\", error=\"invalid_token\"";
    assert_eq!((reply.status, challenge), (401, Some(expected)));
    assert_eq!((record.subject.as_str(), record.code), ("", 4010));
}

#[test]
fn a_token_signed_by_its_issuer_is_accepted() {
    for (key, id) in [(Key::Rsa, "rsa"), (Key::Ec(1), "ec"), (Key::Ed(1), "ed")] {
        check_accepted(&key.sign(&header(&key, id), &claims().to_string()));
        // No key id: one key of the set fits the algorithm.
        let plain = json!({"alg": key.algorithm()}).to_string();
        check_accepted(&key.sign(&plain, &claims().to_string()));
    }
    for kind in ["JWT", "jwt", "application/at+jwt"] {
        check_accepted(
            &Key::Ec(1).sign(&json!({"alg": "ES256", "typ": kind}).to_string(), &claims().to_string()),
        );
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    for name in ["none", "None", "NONE", ""] {
        let header = json!({"alg": name, "kid": "ec"}).to_string();
        check_refused(&Key::None.sign(&header, &claims().to_string()), "algorithm");
        check_refused(&Key::Ec(1).sign(&header, &claims().to_string()), "algorithm");
    }
    check_refused(&Key::None.sign(&header(&Key::Ec(1), "ec"), &claims().to_string()), "signature");
    check_refused(&Key::Ec(1).sign(&json!({"kid": "ec"}).to_string(), &claims().to_string()), "algorithm");
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let jwk = Key::Rsa.jwk("rsa").to_string().into_bytes();
    for (secret, id) in [(jwk, "rsa"), (vec![7; 32], "oct")] {
        let key = Key::Shared(secret);
        check_refused(&key.sign(&header(&key, id), &claims().to_string()), "algorithm");
        let lie = json!({"alg": "RS256", "kid": "rsa"}).to_string();
        check_refused(&key.sign(&lie, &claims().to_string()), "signature");
    }
    // The shared secret in the set is not a key of anything.
    check_refused(
        &Key::Shared(vec![7; 32])
            .sign(&json!({"alg": "ES256", "kid": "oct"}).to_string(), &claims().to_string()),
        "no key",
    );
}

#[test]
fn the_key_has_to_be_of_the_algorithm_and_of_the_issuer() {
    let sign = |algorithm: &str, id: &str| {
        Key::Ec(1).sign(&json!({"alg": algorithm, "kid": id}).to_string(), &claims().to_string())
    };
    check_refused(&sign("RS256", "ec"), "no key");
    check_refused(&sign("EdDSA", "ec"), "no key");
    check_refused(&sign("ES256", "rsa"), "no key");
    check_refused(&sign("ES256", "unknown"), "no key");
    check_refused(&sign("RS256", "rsa"), "signature");
    check_refused(&sign("ES384", "ec"), "algorithm");
    check_refused(&sign("PS256", "rsa"), "algorithm");
    // The other issuer's key is a key of the other issuer.
    check_refused(&Key::Ec(2).sign(&header(&Key::Ec(2), "ec2"), &claims().to_string()), "no key");
    check_refused(&Key::Ec(2).sign(&header(&Key::Ec(2), "ec"), &claims().to_string()), "signature");
    // An issuer's own list of algorithms counts, even where it has a key of another.
    let mut other = claims();
    other["iss"] = json!(OTHER);
    check_refused(&Key::Ed(2).sign(&header(&Key::Ed(2), "ed2"), &other.to_string()), "algorithm");
    check_accepted(&Key::Ec(2).sign(&header(&Key::Ec(2), "ec2"), &other.to_string()));
}

#[test]
fn headers_that_would_choose_a_key_are_not_read() {
    let own = Key::Ec(9);
    for member in ["jku", "x5u", "x5c", "jwk"] {
        let mut header = json!({"alg": "ES256", "kid": "ec"});
        header[member] = if member == "jwk" { own.jwk("ec") } else { json!("https://evil.example.com/jwks") };
        check_refused(&own.sign(&header.to_string(), &claims().to_string()), "signature");
        check_accepted(&Key::Ec(1).sign(&header.to_string(), &claims().to_string()));
    }
}

#[test]
fn what_would_have_to_be_understood_is_refused() {
    for extension in [json!(["exp"]), json!(["b64"]), json!([]), Value::Null] {
        let header = json!({"alg": "ES256", "kid": "ec", "crit": extension}).to_string();
        check_refused(&Key::Ec(1).sign(&header, &claims().to_string()), "critical");
    }
    for kind in [json!("oauth-id-jag+jwt"), json!("logout+jwt"), json!("dpop+jwt"), json!("")] {
        let header = json!({"alg": "ES256", "kid": "ec", "typ": kind}).to_string();
        check_refused(&Key::Ec(1).sign(&header, &claims().to_string()), "not an access token");
    }
}

#[test]
fn a_changed_token_is_refused() {
    let token = token_with("sub", json!("ann"));
    let parts: Vec<&str> = token.split('.').collect();
    let forged = token_with("sub", json!("root"));
    let payload = forged.split('.').nth(1).unwrap();
    check_refused(&format!("{}.{payload}.{}", parts[0], parts[2]), "signature");
    for at in 0..parts[2].len() - 1 {
        let mut signature = parts[2].to_owned();
        let other = if &signature[at..=at] == "A" { "B" } else { "A" };
        signature.replace_range(at..=at, other);
        check_refused(&format!("{}.{}.{signature}", parts[0], parts[1]), "signature");
    }
    for bad in [
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}=", parts[0], parts[1], parts[2]),
        format!("{}.{}.{}AAAA", parts[0], parts[1], parts[2]),
    ] {
        let (reply, _) = refused(&bad, "/a/mcp");
        assert_eq!(reply.status, 401, "{bad}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let token = token_with("sub", json!("ann"));
    let two = token.rsplit_once('.').unwrap().0;
    let five = format!("{token}.AAAA.AAAA");
    for bad in
        ["x", "a.b", ".", "..", "...", "e30.e30.", "ey!.e30.AA", two, &five, "bnVsbA.bnVsbA.AA", "W10.W10.AA"]
    {
        check_refused(bad, "neither an API key nor a signed JSON Web Token");
    }
    check_refused(&token_with("pad", json!("x".repeat(20_000))), "longer than 16384 bytes");
}

#[test]
fn a_member_that_comes_twice_is_refused() {
    let twice = |claims: String| Key::Ec(1).sign(&header(&Key::Ec(1), "ec"), &claims);
    let claims = claims().to_string();
    for name in ["sub", "s\\u0075b"] {
        let doubled = claims.replacen('{', &format!("{{\"{name}\":\"root\","), 1);
        check_refused(&twice(doubled), "neither an API key nor");
    }
    let doubled = "{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"ec\"}";
    check_refused(&Key::Ec(1).sign(doubled, &claims), "neither an API key nor");
    check_refused(&twice(format!("{claims} {claims}")), "neither an API key nor");
}

#[test]
fn issuer_audience_and_times_have_to_fit() {
    check_refused(&token_with("iss", json!("https://evil.example.com")), "issuer is not one");
    check_refused(&token_with("iss", json!("https://idp.example.com/")), "issuer is not one");
    check_refused(&token_with("iss", json!([IDP])), "neither an API key nor");
    check_refused(&token_with("aud", json!("api://other")), "audience");
    check_refused(&token_with("exp", json!(NOW - 61)), "expired");
    check_refused(&token_with("nbf", json!(NOW + 61)), "not valid yet");
    check_refused(&token_with("exp", Value::Null), "`exp`");
    check_refused(&token_with("sub", json!("")), "subject");
}

#[test]
fn a_token_for_one_endpoint_is_refused_at_another() {
    let token = token_with("aud", json!("https://gw.example.com/a/mcp"));
    check_accepted(&token);
    let (reply, record) = refused(&token, "/b/mcp");
    assert_eq!(reply.status, 401);
    assert!(record.reason.contains("audience"), "{}", record.reason);
    // The verdict that is kept does not carry over.
    let moment = moment();
    let at = |path: &str| call(&head(path, &[("authorization", &format!("Bearer {token}"))]), &moment).0;
    assert!(matches!(at("/a/mcp"), Effect::Forward(_)));
    assert!(matches!(at("/b/mcp"), Effect::Reply(_)));
    assert!(matches!(at("/a/mcp"), Effect::Forward(_)));
}

#[test]
fn a_kept_verdict_ends_with_the_token() {
    let token = token_with("exp", json!(NOW + 10));
    let request = head("/a/mcp", &[("authorization", &format!("Bearer {token}"))]);
    let mut moment = moment();
    assert!(matches!(call(&request, &moment).0, Effect::Forward(_)));
    moment.now_ms = (NOW + 69) * 1000;
    assert!(matches!(call(&request, &moment).0, Effect::Forward(_)));
    moment.now_ms = (NOW + 70) * 1000;
    assert!(matches!(call(&request, &moment).0, Effect::Reply(_)));
}

#[test]
fn a_stream_ends_when_the_token_does_or_its_issuer_is_gone() {
    let request =
        head("/a/mcp", &[("authorization", &format!("Bearer {}", token_with("exp", json!(NOW + 10))))]);
    let body = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}"#;
    let opened = || {
        let mut exchange = Exchange::new(DecisionId::new(1, 2));
        exchange.handle(&Event::RequestHead(&request), &moment());
        exchange.handle(&Event::RequestBody(body), &moment());
        exchange
    };
    let chunk = Event::ResponseChunk { bytes: b"x", last: false };
    let later = |seconds: u64| Moment { now_ms: (NOW + seconds) * 1000, ..moment() };
    assert!(!matches!(opened().handle(&chunk, &later(60)).effect, Effect::Cut));
    assert!(matches!(opened().handle(&chunk, &later(70)).effect, Effect::Cut));
    let source = policy::parse(
        "version: 1\nservers: { a: { url: http://h/a } }\nendpoints: { /a/mcp: { servers: [a] } }",
    )
    .unwrap();
    let rules = policy::RuleSet::compile(&source.document, 8).unwrap();
    let without = Moment { revision: Some(Rc::new(Revision::new(rules, Vec::new()))), ..moment() };
    assert!(matches!(opened().handle(&chunk, &without).effect, Effect::Cut));
}

#[test]
fn a_token_without_a_role_is_forbidden_and_one_without_keys_has_to_wait() {
    let (reply, record) = refused(&token_with("groups", json!(["strangers"])), "/a/mcp");
    assert_eq!((reply.status, record.code), (403, 4053));
    assert!(record.reason.contains("no role"), "{}", record.reason);
    let (reply, record) = refused(&token_with("iss", json!("https://silent.example.com")), "/a/mcp");
    assert_eq!((reply.status, record.code), (503, 4055));
    assert!(reply.headers.iter().any(|(name, _)| *name == "retry-after"));
}

#[test]
fn a_good_credential_does_not_save_a_bad_one() {
    let good = token_with("sub", json!("ann"));
    let two = |authorization: &str, key: &str| {
        call(&head("/a/mcp", &[("authorization", authorization), ("x-api-key", key)]), &moment()).0
    };
    assert!(matches!(two(&format!("Bearer {good}"), KEY), Effect::Reply(_)));
    assert!(matches!(two("Bearer x.y.z", KEY), Effect::Reply(_)));
    assert!(matches!(two(&format!("Bearer {KEY}"), &good), Effect::Reply(_)));
    // A token has no business in the header for keys, nor in the URL.
    assert!(matches!(call(&head("/a/mcp", &[("x-api-key", &good)]), &moment()).0, Effect::Reply(_)));
    let (effect, record) = call(&head(&format!("/a/mcp?access_token={good}"), &[]), &moment());
    let Effect::Reply(reply) = effect else { panic!("a query string passed") };
    assert_eq!(reply.status, 400);
    assert!(!format!("{record:?}").contains(&good), "the record repeats the query string");
    assert!(matches!(
        call(&head("/a/mcp", &[("authorization", &format!("Bearer {KEY}"))]), &moment()).0,
        Effect::Forward(_)
    ));
}

fn answered(pairs: &[(&str, &str)], path: &str) -> Reply {
    match call(&head(path, pairs), &moment()).0 {
        Effect::Reply(reply) => reply,
        other => panic!("{other:?}"),
    }
}

#[test]
fn metadata_stands_at_the_root_and_at_each_endpoint() {
    let get = |path: &str| answered(&[(":method", "GET")], path);
    let at = |path: &str| serde_json::from_slice::<Value>(&get(path).body).unwrap();
    let endpoint = at("/.well-known/oauth-protected-resource/a/mcp");
    assert_eq!(endpoint["resource"], "https://gw.example.com/a/mcp");
    assert_eq!(endpoint["authorization_servers"], json!([IDP, OTHER, "https://silent.example.com"]));
    assert_eq!(endpoint["bearer_methods_supported"], json!(["header"]));
    assert_eq!(at("/.well-known/oauth-protected-resource")["resource"], "https://gw.example.com");
    assert_eq!(get("/.well-known/oauth-protected-resource/nowhere").status, 404);
    assert_eq!(get("/.well-known/oauth-protected-resource/a/mcp/").status, 404);
}

#[test]
fn metadata_is_under_the_same_checks_as_endpoints() {
    let path = "/.well-known/oauth-protected-resource/a/mcp";
    assert_eq!(answered(&[(":method", "GET"), (":authority", "evil.example.com")], path).status, 403);
    assert_eq!(answered(&[(":method", "GET"), ("origin", "https://evil.example.com")], path).status, 403);
    assert_eq!(answered(&[(":method", "GET"), ("origin", "null")], path).status, 403);
    let page = answered(&[(":method", "GET"), ("origin", "https://app.example.com")], path);
    assert!(page.headers.contains(&("access-control-allow-origin", "https://app.example.com".to_owned())));
    assert_eq!(answered(&[(":method", "HEAD")], path).body, b"");
    assert_eq!(answered(&[(":method", "OPTIONS"), ("origin", "https://app.example.com")], path).status, 204);
    assert_eq!(answered(&[(":method", "POST")], path).status, 405);
}

#[test]
fn nobody_gets_a_challenge_without_an_error_code() {
    let reply = answered(&[], "/b/mcp");
    let challenge =
        "Bearer resource_metadata=\"https://gw.example.com/.well-known/oauth-protected-resource/b/mcp\"";
    assert_eq!(reply.status, 401);
    assert!(reply.headers.contains(&("www-authenticate", challenge.to_owned())), "{:?}", reply.headers);
}

/// What a forward removes of the head, and sets in it.
fn edits(
    pairs: &[(&str, &str)],
    credential: Option<(&str, &str)>,
    key: &[u8],
) -> (Vec<String>, Vec<(String, String)>) {
    let moment = moment();
    let rules = moment.revision.as_ref().unwrap().rules().clone();
    let credential = credential.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let secret = engine::ServerSecret { server: "a".into(), credential, assertion_key: key.to_vec() };
    let moment = Moment { revision: Some(Rc::new(Revision::new(rules, vec![secret]))), ..moment };
    let bearer = format!("Bearer {KEY}");
    let pairs: Vec<_> = [("authorization", bearer.as_str())].iter().chain(pairs).copied().collect();
    match call(&head("/a/mcp", &pairs), &moment).0 {
        Effect::Forward(forward) => {
            let (set, removed): (Vec<_>, Vec<_>) =
                forward.headers.into_iter().partition(|edit| edit.value.is_some());
            let set = set.into_iter().map(|edit| (edit.name, edit.value.unwrap_or_default())).collect();
            (removed.into_iter().map(|edit| edit.name).collect(), set)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_client_forges_of_itself_and_its_connection_is_dropped() {
    for name in [
        "x-trigate-assertion",
        "x_trigate_assertion",
        "x-forwarded-client-cert",
        "x-forwarded-user",
        "x_forwarded_user",
        "x-auth-request-groups",
        "remote-user",
        "proxy-authorization",
        "connection",
        "keep-alive",
        "te",
        "upgrade",
        "proxy-connection",
        "trailer",
        "transfer-encoding",
    ] {
        let (removed, _) = edits(&[(name, "root")], None, b"");
        assert!(removed.contains(&name.to_owned()), "{name} goes upstream");
    }
    for name in ["x-request-id", "traceparent", "user-agent", "accept", "x-forwarded-for"] {
        assert!(!edits(&[(name, "x")], None, b"").0.contains(&name.to_owned()), "{name} is dropped");
    }
}

#[test]
fn what_connection_names_is_dropped_unless_the_request_was_judged_by_it() {
    let (removed, _) =
        edits(&[("connection", "close, X-Private ,content-type"), ("x-private", "1")], None, b"");
    assert!(
        removed.contains(&"x-private".to_owned()) && !removed.contains(&"content-type".to_owned()),
        "{removed:?}"
    );
}

#[test]
fn the_servers_own_credential_stands_alone() {
    let (removed, set) = edits(
        &[("x_tickets_key", "forged"), ("x-tickets-key", "forged")],
        Some(("X-Tickets-Key", "own")),
        b"",
    );
    assert!(removed.contains(&"x_tickets_key".to_owned()) && removed.contains(&"authorization".to_owned()));
    assert_eq!(set, [("X-Tickets-Key".to_owned(), "own".to_owned())]);
}

#[test]
fn a_server_that_wants_to_know_gets_a_signed_assertion() {
    let key = b"0123456789abcdef0123456789abcdef";
    let (_, set) = edits(&[], None, key);
    assert_eq!(set[0].0, engine::assertion::HEADER);
    let said = engine::assertion::verify(&set[0].1, key, NOW * 1000).unwrap();
    assert_eq!((said.subject.as_str(), said.role.as_str(), said.server.as_str()), ("bot", "agent", "a"));
}
