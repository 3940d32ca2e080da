//! Who Envoy itself has verified: a token that its `jwt_authn` checked, the certificate of a client. What the gateway reads of
//! it is asked of the real Envoy's properties.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::audit;
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::Response;
use tests::process::Process;
use tests::upstream::Upstream;
use tests::wait::{START, until};
use tests::workspace;

const ISSUER: &str = "https://idp.test";
const NAME: &str = "spiffe://example.test/support-agent";
const TLS: &str = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";
const JWT_AUTHN: &str = "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";

/// A gateway, and beside it a second Envoy whose operator has changed its configuration.
struct Scene {
    gateway: Gateway,
    upstream: Upstream,
    address: SocketAddr,
    _envoy: Process,
}

impl Scene {
    fn start(host: &str, rules: &str, change: impl FnOnce(&mut Value, &Path) -> Result<()>) -> Result<Self> {
        let upstream = Upstream::echo()?;
        let document = Document::new()
            .top("gateway: { public_url: \"http://gateway.test\" }")
            .top(&format!("identity: {{ host: {host} }}"))
            .server("s", &upstream.url(), "")
            .role("reader", rules);
        let gateway = Plan::of(&document.text()).start()?;
        let mut bootstrap: Value = serde_json::from_slice(&fs::read(gateway.state("envoy.json"))?)?;
        let listener = bootstrap.pointer_mut("/static_resources/listeners/0").context("no listener")?;
        let address = workspace::free_address()?;
        *listener.pointer_mut("/address/socket_address/port_value").context("no port")? =
            json!(address.port());
        change(listener, gateway.folder())?;
        let path = gateway.folder().join("changed.json");
        fs::write(&path, bootstrap.to_string())?;
        let mut command = Command::new(workspace::envoy()?);
        command.arg("-c").arg(path).args(["--concurrency", "1", "--use-dynamic-base-id", "-l", "warn"]);
        let envoy = Process::start("the changed Envoy", command, &gateway.folder().join("changed.log"))?;
        upstream.forget();
        Ok(Self { gateway, upstream, address, _envoy: envoy })
    }

    /// Calls a tool with this `Authorization`, if any.
    fn call(&self, authorization: Option<&str>) -> Result<Response> {
        let url = format!("http://{}/s/mcp", self.address);
        let agent = Agent::modern(&url, None)?;
        let request = agent.request("tools/call", json!({"name": "echo", "arguments": {}}));
        let request = match authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        };
        request.send(&agent.url)
    }
}

fn key() -> Result<SigningKey> {
    Ok(SigningKey::from_slice(&[7; 32])?)
}

/// A key set of the issuer's one key.
fn key_set() -> Result<String> {
    let point = key()?.verifying_key().to_sec1_point(false);
    let part = |part: Option<&_>| part.map(|part: &p256::FieldBytes| URL_SAFE_NO_PAD.encode(part));
    let key = json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "k", "x": part(point.x()), "y": part(point.y())});
    Ok(json!({ "keys": [key] }).to_string())
}

/// A bearer token of the issuer that says this.
fn bearer(claims: &Value) -> Result<String> {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "k"})), part(claims));
    let signature: Signature = key()?.sign(signed.as_bytes());
    Ok(format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
}

/// Puts `jwt_authn` before the gateway's filter: it checks a token where there is one.
fn verifies_tokens(listener: &mut Value, _: &Path) -> Result<()> {
    let filters = listener
        .pointer_mut("/filter_chains/0/filters/0/typed_config/http_filters")
        .and_then(Value::as_array_mut)
        .context("no filters")?;
    let provider = json!({
        "issuer": ISSUER,
        "local_jwks": { "inline_string": key_set()? },
        "payload_in_metadata": "verified",
    });
    let config = json!({
        "@type": JWT_AUTHN,
        "providers": { "idp": provider },
        "rules": [{
            "match": { "prefix": "/" },
            "requires": { "requires_any": { "requirements": [{ "provider_name": "idp" }, { "allow_missing": {} }] } },
        }],
    });
    filters.insert(0, json!({ "name": "envoy.filters.http.jwt_authn", "typed_config": config }));
    Ok(())
}

#[test]
fn a_token_that_jwt_authn_has_verified_names_the_caller() -> Result<()> {
    let host = format!(
        "{{ jwt_authn: {{ metadata: verified, issuer: \"{ISSUER}\", roles: realm.groups, map: {{ staff: reader }}, \
         claims: [region] }} }}"
    );
    let rules = "tools: [{ allow: s.echo, when: 'claims.region == \"EU\"', scopes: [tools:call] }]";
    let scene = Scene::start(&host, rules, verifies_tokens)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({"iss": ISSUER, "sub": "ann", "exp": now + 300, "region": "EU", "scope": "tools:call other",
        "realm": { "groups": ["guests", "staff"] }});
    let with = |member: &str, value: Value| {
        let mut claims = claims.clone();
        claims[member] = value;
        bearer(&claims)
    };

    let passed = until("the second Envoy to serve", START, || {
        Ok(scene.call(Some(&bearer(&claims)?)).ok().filter(|response| response.status != 503))
    })?;
    ensure!(passed.status == 200 && passed.message()?.get("result").is_some(), "{}", passed.text());
    let [received] = scene.upstream.received().try_into().map_err(|more| anyhow::anyhow!("{more:?}"))?;
    ensure!(received.headers.get("authorization").is_none(), "{received:?}");
    let rows = audit::at_least(&scene.gateway, 1, &["--name", "echo"])?;
    ensure!(
        (audit::text(&rows[0], "subject"), audit::text(&rows[0], "issuer")) == ("ann", ISSUER),
        "{rows:?}"
    );

    let elsewhere = scene.call(Some(&with("region", json!("US"))?))?.message()?;
    ensure!(error_code(&elsewhere) == Some(4041), "{elsewhere}");
    let narrow = scene.call(Some(&with("scope", json!("other"))?))?;
    ensure!(narrow.status == 403, "{}", narrow.text());
    let stranger = scene.call(Some(&with("realm", json!({"groups": ["guests"]}))?))?;
    ensure!(stranger.status == 403 || stranger.status == 401, "{}", stranger.text());
    let nobody = scene.call(None)?;
    ensure!(nobody.status == 401, "{}", nobody.text());
    // The signature of one under the words of another.
    let (good, other) = (bearer(&claims)?, with("sub", json!("eve"))?);
    let words = other.rsplit_once('.').context("no signature")?.0;
    let forged = format!("{words}.{}", good.rsplit('.').next().unwrap_or_default());
    let forged = scene.call(Some(&forged))?;
    ensure!(forged.status == 401, "{} {}", forged.status, forged.text());
    ensure!(scene.upstream.received().len() == 1, "{:?}", scene.upstream.received());
    Ok(())
}

/// Writes what both sides of a connection need: `ca.pem`, and a certificate and a key for each.
fn certificates(folder: &Path) -> Result<()> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "the tests' authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    fs::write(folder.join("ca.pem"), authority.pem())?;
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()])?;
    let mut client = CertificateParams::new(Vec::new())?;
    client.subject_alt_names = vec![SanType::URI(NAME.try_into()?)];
    for (who, params) in [("server", server), ("client", client)] {
        let key = KeyPair::generate()?;
        fs::write(folder.join(format!("{who}.pem")), params.signed_by(&key, &authority)?.pem())?;
        fs::write(folder.join(format!("{who}.key")), key.serialize_pem())?;
    }
    Ok(())
}

/// Makes the listener ask clients for a certificate of the authority; who shows none may come all the same.
fn verifies_certificates(listener: &mut Value, folder: &Path) -> Result<()> {
    certificates(folder)?;
    let file = |name: &str| json!({ "filename": folder.join(name) });
    let tls = json!({
        "@type": TLS,
        "require_client_certificate": false,
        "common_tls_context": {
            "tls_certificates": [{ "certificate_chain": file("server.pem"), "private_key": file("server.key") }],
            "validation_context": { "trusted_ca": file("ca.pem") },
        },
    });
    let chain = listener.pointer_mut("/filter_chains/0").and_then(Value::as_object_mut);
    let socket = json!({ "name": "envoy.transport_sockets.tls", "typed_config": tls });
    chain.context("no filter chain")?.insert("transport_socket".to_owned(), socket);
    Ok(())
}

/// Calls a tool over TLS; gives the status and the message. The certificate is the client's, if it shows one.
fn called(scene: &Scene, shown: bool) -> Result<(String, Value)> {
    let url = format!("https://{}/s/mcp", scene.address);
    let agent = Agent::modern(&url.replace("https:", "http:"), None)?;
    let request = agent.request("tools/call", json!({"name": "echo", "arguments": {}}));
    let folder = scene.gateway.folder();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--max-time", "10", "--write-out", "\n%{http_code}", "--cacert"]);
    curl.arg(folder.join("ca.pem")).arg("--data-binary").arg(String::from_utf8(request.body.clone())?);
    for (name, value) in &request.headers.0 {
        curl.arg("--header").arg(format!("{name}: {value}"));
    }
    if shown {
        curl.arg("--cert").arg(folder.join("client.pem")).arg("--key").arg(folder.join("client.key"));
    }
    let output = curl.arg(url).output()?;
    let text = String::from_utf8(output.stdout)?;
    let (body, status) = text.rsplit_once('\n').context("curl said nothing")?;
    Ok((status.to_owned(), serde_json::from_str(body).unwrap_or_default()))
}

#[test]
fn the_certificate_of_a_client_names_the_caller() -> Result<()> {
    let host = format!("{{ mtls: {{ map: {{ \"{NAME}\": reader }} }} }}");
    let scene = Scene::start(&host, "tools: [{ allow: s.echo }]", verifies_certificates)?;
    let (status, message) = until("the second Envoy to serve", START, || {
        Ok(called(&scene, true).ok().filter(|(status, _)| status != "503" && status != "000"))
    })?;
    ensure!(status == "200" && message.get("result").is_some(), "{status} {message}");
    let rows = audit::at_least(&scene.gateway, 1, &["--name", "echo"])?;
    ensure!(
        (audit::text(&rows[0], "subject"), audit::text(&rows[0], "issuer")) == (NAME, "mtls"),
        "{rows:?}"
    );
    let (status, message) = called(&scene, false)?;
    ensure!(status == "401" && error_code(&message) == Some(4010), "{status} {message}");
    ensure!(scene.upstream.received().len() == 1, "{:?}", scene.upstream.received());
    Ok(())
}
