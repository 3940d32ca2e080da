//! A real client signs in at a real authorization server, knowing nothing but the endpoint's URL, and steps up when it has to.
//! What it was given appears nowhere afterwards.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::gateway::{Gateway, Plan};
use tests::http::{Request, Url};
use tests::process::Process;
use tests::workspace;

const PACKAGES: &str = ".tools/clients";

struct Scene {
    fixture: Fixture,
    gateway: Gateway,
    _issuer: Process,
    /// Envoy's own administration.
    admin: String,
    _folder: tempfile::TempDir,
}

fn scene() -> Result<Scene> {
    let folder = tempfile::tempdir()?;
    let (listen, issuing, admin) =
        (workspace::free_address()?, workspace::free_address()?, workspace::free_address()?);
    let (public, issuer) = (format!("http://{listen}"), format!("http://{issuing}"));
    let mut command = Command::new(workspace::node()?);
    command
        .arg(workspace::existing("tests/clients/issuer.mjs")?)
        .arg(workspace::existing(PACKAGES)?)
        .args([issuing.port().to_string(), format!("{public}/fixture/mcp")]);
    let mut running = Process::start("the authorization server", command, &folder.path().join("issuer.log"))?;
    running.line("ready")?;
    let fixture = Fixture::guarded()?;
    let rules = "tools: [{ allow: fixture.test_simple_text, scopes: [fixture:read] }, \
        { allow: fixture.echo, scopes: [fixture:read, fixture:echo] }]";
    let document = Document::new()
        .top(&format!("gateway: {{ public_url: \"{public}\" }}"))
        .top(&format!(
            "identity: {{ jwt: [{{ issuer: \"{issuer}\", jwks: {{ uri: \"{issuer}/jwks\" }}, algorithms: [ES256], \
             roles: groups, map: {{ staff: reader }} }}] }}"
        ))
        .server("fixture", fixture.url(), ", credential: { bearer: { env: FIXTURE_TOKEN } }")
        .role("reader", rules);
    let plan = Plan::of(&document.text()).variable("FIXTURE_TOKEN", CREDENTIAL).workers(2);
    let gateway = plan.listen(listen).envoy_admin(admin).start()?;
    Ok(Scene { fixture, gateway, _issuer: running, admin: format!("http://{admin}"), _folder: folder })
}

/// What the client of tests/clients/oauth.mjs found.
fn signed_in(scene: &Scene) -> Result<Value> {
    let package = workspace::existing(PACKAGES)?.join("node_modules/@modelcontextprotocol/client");
    let output = Command::new(workspace::node()?)
        .arg(workspace::existing("tests/clients/oauth.mjs")?)
        .args([Path::new(scene.gateway.url("/fixture/mcp")?), &package])
        .output()?;
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "the client failed: {told}");
    serde_json::from_slice(&output.stdout).with_context(|| told)
}

/// Every file below a folder that holds one of these texts.
fn holding(folder: &Path, texts: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(holding(&path, texts)?);
            continue;
        }
        // A socket or a lock is no file to read.
        let Ok(bytes) = fs::read(&path) else { continue };
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        found.extend(
            texts.iter().filter(|text| holds(text)).map(|text| format!("{}: {text}", path.display())),
        );
    }
    Ok(found)
}

#[test]
fn a_client_signs_in_and_steps_up_and_its_tokens_are_nowhere_afterwards() -> Result<()> {
    let scene = scene()?;
    let found = signed_in(&scene)?;
    let resource = scene.gateway.url("/fixture/mcp")?;
    let asked: Vec<(&str, &str, &str)> = found["asked"]
        .as_array()
        .context("no sign-in")?
        .iter()
        .map(|asked| {
            ["scope", "resource", "pkce"].map(|name| asked[name].as_str().unwrap_or_default()).into()
        })
        .collect();
    ensure!(asked.len() == 2, "{found}");
    // The client wants to stay signed in; the rest is what the gateway told it. The step up asks for all that the call needs.
    ensure!(asked[0] == ("fixture:read offline_access", resource, "S256"), "{found}");
    ensure!(asked[1] == ("fixture:read fixture:echo offline_access", resource, "S256"), "{found}");
    ensure!(found["listed"] == json!(["test_simple_text", "echo"]), "{found}");
    ensure!(
        found["first"] == "This is a simple text response for testing." && found["denied"] == 4030,
        "{found}"
    );
    ensure!(found["stepped"].as_str().is_some_and(|text| text.contains("hello")), "{found}");

    let token = found["token"].as_str().context("no token")?;
    let parts: Vec<&str> = token.split('.').collect();
    ensure!(parts.len() == 3, "the token is no JWT");
    let canaries = [token, parts[1], parts[2]];
    for request in scene.fixture.received()? {
        let seen = format!("{:?}", request.headers());
        ensure!(canaries.iter().all(|canary| !seen.contains(canary)), "the token went upstream: {seen}");
    }
    let audit = scene.gateway.told(&["audit", "query", "--output", "json"])?;
    ensure!(
        audit.contains("ann") && audit.contains("insufficient") | audit.contains("needs the scopes"),
        "{audit}"
    );
    let stats = Request::new("GET", "").send(&Url::parse(&format!("{}/stats", scene.admin))?)?;
    let stats = String::from_utf8_lossy(&stats.body).into_owned();
    ensure!(
        canaries.iter().all(|canary| !audit.contains(canary) && !stats.contains(canary)),
        "the token is kept"
    );
    // The upstream's credential is in Envoy's memory and in no file; the token is in neither.
    let secrets = [canaries.as_slice(), &[CREDENTIAL]].concat();
    let found = holding(scene.gateway.folder(), &secrets)?;
    ensure!(found.is_empty(), "secrets in files: {found:?}");
    Ok(())
}

#[test]
fn the_endpoint_says_where_to_get_a_token_and_takes_no_other() -> Result<()> {
    let scene = scene()?;
    let url = Url::parse(scene.gateway.url("/fixture/mcp")?)?;
    let post = || Request::new("POST", "{}").header("Content-Type", "application/json");
    let nobody = post().send(&url)?;
    let challenge = nobody.headers.get("www-authenticate").unwrap_or_default().to_owned();
    let metadata = format!("http://{}/.well-known/oauth-protected-resource/fixture/mcp", url.authority);
    ensure!(nobody.status == 401, "{nobody:?}");
    ensure!(
        challenge == format!("Bearer resource_metadata=\"{metadata}\", scope=\"fixture:read\""),
        "{challenge}"
    );
    let said = Request::new("GET", "").send(&Url::parse(&metadata)?)?;
    let said: Value = serde_json::from_slice(&said.body)?;
    ensure!(said["resource"] == scene.gateway.url("/fixture/mcp")?, "{said}");
    for token in ["eyJhbGciOiJub25lIn0.e30.", "x.y.z", "nothing"] {
        let refused = post().header("Authorization", &format!("Bearer {token}")).send(&url)?;
        ensure!(refused.status == 401, "{refused:?}");
    }
    Ok(())
}
