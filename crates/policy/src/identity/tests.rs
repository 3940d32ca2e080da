//! Claims to callers: times, audiences, roles, scopes, and what a host says.

use mcp::Limits;

use super::*;
use crate::claims::Claim;
use crate::ruleset::RuleSet;
use crate::subject::Subject;

const DOCUMENT: &str = "
version: 1
gateway: { public_url: https://gw.example.com }
servers: { a: { url: http://h/a }, b: { url: http://h/b } }
endpoints: { /a/mcp: { servers: [a] }, /b/mcp: { servers: [b] } }
identity:
  jwt:
    - issuer: https://idp.example.com
      audience: [https://gw.example.com/a/mcp, https://gw.example.com/b/mcp, api://gw]
      jwks: { file: keys.json }
      leeway: 30
      roles: realm.groups
      map: { zoo: writer, ants: reader }
      claims: [region, level, teams, ratio, nested]
    - { issuer: https://plain.example.com, jwks: { file: k }, roles: groups, role: reader }
    - { issuer: https://bare.example.com, jwks: { file: k }, roles: https://example.com/roles }
  scopes: { a:all: [a:write], a:write: [a:read] }
  host:
    jwt_authn: { metadata: payload, issuer: https://idp.example.com, roles: realm.groups, claims: [region] }
    mtls: { map: { spiffe://example.com/bot: writer } }
    header: { name: X-User, map: { ann: writer } }
roles: { reader: {}, writer: {} }
";

const NOW: u64 = 1_000_000;

fn rules() -> RuleSet {
    let source = crate::parse(DOCUMENT).unwrap_or_else(|problems| panic!("{problems}"));
    source.compile(1).unwrap_or_else(|problems| panic!("{problems}"))
}

fn judged(issuer: &str, claims: &str) -> Result<Accepted, ClaimsRefused> {
    let rules = rules();
    let claims = Json::parse(claims.as_bytes(), &Limits::default()).unwrap();
    rules.trust().accept(rules.trust().issuer(issuer).unwrap(), claims, NOW)
}

/// A token of the first issuer with these members in place of its own.
fn with(changes: &str) -> Result<Accepted, ClaimsRefused> {
    let own = [
        ("\"sub\"", "\"ann\""),
        ("\"aud\"", "\"api://gw\""),
        ("\"exp\"", "1000100"),
        ("\"realm\"", "{\"groups\":[\"ants\"]}"),
    ];
    let mut members: Vec<String> = own
        .iter()
        .filter(|(name, _)| !changes.contains(name))
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    members.extend((!changes.is_empty()).then(|| changes.to_owned()));
    judged("https://idp.example.com", &format!("{{{}}}", members.join(",")))
}

#[track_caller]
fn check(changes: &str, expected: Result<(), ClaimsRefused>) {
    assert_eq!(with(changes).map(|_| ()), expected, "{changes}");
}

#[test]
fn times_hold_within_the_leeway() {
    check("", Ok(()));
    check("\"exp\":999971", Ok(()));
    check("\"exp\":999970", Err(ClaimsRefused::Expired));
    check("\"exp\":999970.9", Err(ClaimsRefused::Expired));
    check("\"nbf\":1000030", Ok(()));
    check("\"nbf\":1000031", Err(ClaimsRefused::Early));
    check("\"iat\":1000031", Err(ClaimsRefused::Early));
    assert_eq!(with("").unwrap().ends, 1_000_130);
}

#[test]
fn times_that_could_be_read_in_two_ways_are_malformed() {
    for exp in ["\"1000100\"", "1e9", "-1", "null", "[1000100]", "99999999999999999999999"] {
        check(&format!("\"exp\":{exp}"), Err(ClaimsRefused::Malformed("exp")));
    }
    check("\"nbf\":\"0\"", Err(ClaimsRefused::Malformed("nbf")));
    check("\"iat\":true", Err(ClaimsRefused::Malformed("iat")));
    let eternal = "{\"sub\":\"ann\",\"aud\":\"api://gw\",\"realm\":{\"groups\":[\"ants\"]}}";
    assert_eq!(judged("https://idp.example.com", eternal), Err(ClaimsRefused::Malformed("exp")));
}

#[test]
fn the_audience_has_to_be_ours() {
    check("\"aud\":[\"x\",\"api://gw\"]", Ok(()));
    check("\"aud\":\"HTTPS://GW.example.com/a/mcp/\"", Ok(()));
    for aud in [
        "\"x\"",
        "[]",
        "\"\"",
        "\"api:gw\"",
        "\"https://gw.example.com\"",
        "\"https://gw.example.com.evil/a/mcp\"",
        "\"https://gw.example.com/A/mcp\"",
    ] {
        check(&format!("\"aud\":{aud}"), Err(ClaimsRefused::Audience));
    }
    for aud in ["null", "1", "[1]", "{\"api://gw\":1}"] {
        check(&format!("\"aud\":{aud}"), Err(ClaimsRefused::Malformed("aud")));
    }
}

#[test]
fn the_url_of_an_endpoint_opens_that_endpoint_alone() {
    let reach = with("\"aud\":\"https://gw.example.com/a/mcp\"").unwrap().reach;
    assert!(reach.has("/a/mcp") && !reach.has("/b/mcp") && !reach.has("/a/mcp/x"));
    assert!(with("").unwrap().reach.has("/b/mcp"));
    // Without a list of audiences, each endpoint's URL is its own.
    let claims = |aud: &str| format!("{{\"sub\":\"ann\",\"exp\":1000100,\"aud\":\"{aud}\"}}");
    let own = judged("https://plain.example.com", &claims("https://gw.example.com/b/mcp")).unwrap().reach;
    assert!(own.has("/b/mcp") && !own.has("/a/mcp"));
    for other in ["https://gw.example.com", "https://other.example.com/b/mcp", "api://gw"] {
        let refused = judged("https://plain.example.com", &claims(other));
        assert_eq!(refused, Err(ClaimsRefused::Audience), "{other}");
    }
}

#[test]
fn the_first_entry_of_the_map_that_fits_gives_the_role() {
    let role = |realm: &str| with(&format!("\"realm\":{realm}")).map(|accepted| accepted.subject.role);
    assert_eq!(role("{\"groups\":[\"ants\",\"zoo\"]}").as_deref(), Ok("writer"));
    assert_eq!(role("{\"groups\":\"ants\"}").as_deref(), Ok("reader"));
    // A group that is no key of the map is no role, whatever it is called.
    for realm in ["{\"groups\":[\"writer\"]}", "{\"groups\":[]}", "{\"groups\":[1,\"zoo\"]}", "{}", "null"] {
        assert_eq!(role(realm), Err(ClaimsRefused::Roleless), "{realm}");
    }
}

#[test]
fn without_a_map_names_are_roles_and_then_comes_the_fallback() {
    let role = |groups: &str| {
        let claims =
            format!("{{\"sub\":\"ann\",\"exp\":1000100,\"aud\":\"https://gw.example.com/a/mcp\",{groups}}}");
        judged("https://plain.example.com", &claims).unwrap().subject.role
    };
    assert_eq!(role("\"groups\":[\"nobody\",\"writer\",\"reader\"]"), "writer");
    assert_eq!(role("\"groups\":[\"nobody\"]"), "reader");
    let claims = "{\"sub\":\"ann\",\"exp\":1000100,\"aud\":\"https://gw.example.com/a/mcp\",\"https://example.com/roles\":[\"writer\"]}";
    assert_eq!(judged("https://bare.example.com", claims).unwrap().subject.role, "writer");
}

#[test]
fn a_token_needs_a_name() {
    for sub in ["\"\"", "\" \"", "7", "null", "\"a\\nb\""] {
        check(&format!("\"sub\":{sub}"), Err(ClaimsRefused::Nameless));
    }
}

#[test]
fn scopes_bring_what_they_include() {
    let scopes = |written: &str| match with(written).unwrap().subject.scopes {
        Scopes::Granted(scopes) => scopes.iter().cloned().collect::<Vec<_>>().join(" "),
        other => panic!("{other:?}"),
    };
    assert_eq!(scopes("\"scope\":\"a:all  other\""), "a:all a:read a:write other");
    assert_eq!(scopes("\"scp\":[\"a:write\"]"), "a:read a:write");
    assert_eq!(scopes("\"scope\":\"a:read\",\"scp\":[\"a:all\"]"), "a:read");
    assert_eq!(scopes("\"scope\":{\"a:all\":true}"), "");
}

#[test]
fn only_the_claims_that_are_named_reach_rules() {
    let members = "\"region\":\"EU\",\"level\":3,\"teams\":[\"x\",true],\"ratio\":0.5,\"nested\":{\"a\":1},\"secret\":\"s\"";
    let claims = with(members).unwrap().subject.claims;
    let text = |text: &str| Claim::Text(text.to_owned());
    let expected = [
        ("level".to_owned(), Claim::Number(3)),
        ("region".to_owned(), text("EU")),
        ("teams".to_owned(), Claim::List(vec![text("x"), Claim::Boolean(true)])),
    ];
    assert_eq!(claims, expected.into_iter().collect());
}

/// Answers to what the shell is asked to read, by the last part of a property's path.
fn vouched(told: &[(&str, &[u8])], name: Option<&str>) -> Option<Result<Subject, ClaimsRefused>> {
    let rules = rules();
    let answer = |path: &Vec<String>| {
        told.iter()
            .find(|(end, _)| path.last().map(String::as_str) == Some(*end))
            .map(|(_, value)| value.to_vec())
    };
    let answers: Vec<_> = rules.trust().host().asks().iter().map(|ask| ask.iter().find_map(answer)).collect();
    rules.trust().vouched(&Peer { answers: &answers, name, groups: &[] })
}

#[test]
fn a_payload_of_the_host_names_a_caller() {
    let groups = b"\x02\0\0\0\x01\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0x\0\0writer\0\0";
    let told: &[(&str, &[u8])] = &[
        ("iss", b"https://idp.example.com"),
        ("sub", b"ann"),
        ("groups", groups),
        ("scope", b"a:write b"),
        ("region", b"EU"),
    ];
    let subject = vouched(told, Some("zed")).unwrap().unwrap();
    assert_eq!((subject.name.as_str(), subject.role.as_str()), ("ann", "writer"));
    assert_eq!(subject.identity(), "token https://idp.example.com ann");
    assert!(subject.scopes.hold(&["a:read".to_owned(), "b".to_owned()]));
    assert_eq!(subject.claims["region"], Claim::Text("EU".into()));
    let other = &[("iss", b"https://other.example.com".as_slice()), ("sub", b"ann"), ("groups", groups)];
    assert_eq!(vouched(other, None), None);
    assert_eq!(vouched(&told[..2], None), Some(Err(ClaimsRefused::Roleless)));
}

#[test]
fn a_certificate_or_a_header_names_a_caller_where_it_is_configured() {
    let uri: &[(&str, &[u8])] = &[("uri_san_peer_certificate", b"spiffe://example.com/bot")];
    let subject = vouched(uri, Some("ann")).unwrap().unwrap();
    assert_eq!(
        (subject.identity().as_str(), subject.role.as_str()),
        ("token mtls spiffe://example.com/bot", "writer")
    );
    let other: &[(&str, &[u8])] = &[("uri_san_peer_certificate", b"spiffe://example.com/other")];
    assert_eq!(vouched(other, Some("ann")), Some(Err(ClaimsRefused::Roleless)));
    let subject = vouched(&[], Some("ann")).unwrap().unwrap();
    assert_eq!((subject.identity().as_str(), subject.scopes), ("token header ann", Scopes::All));
    // Whoever is called like a role is not in it.
    assert_eq!(vouched(&[], Some("writer")), Some(Err(ClaimsRefused::Roleless)));
    assert_eq!(vouched(&[], None), None);
}
