//! `identity:` to whose word is taken: every issuer, role, scope and header in it is checked.

use crate::document::Document;
use crate::document::identity::{Algorithm, RoleMap};
use crate::document::identity::{HostHeader, HostIdentity, HostPeer, HostToken, Jwks, JwtIssuer};
use crate::identity::{
    Audiences, DEFAULT_LEEWAY, HeaderTrust, Hierarchy, HostTrust, PeerTrust, Reading, RoleChoice, TokenTrust,
    Trust, TrustedIssuer, canonical,
};
use crate::problem::{Problems, did_you_mean, item, member};

/// Most seconds that clocks may differ.
const MOST_LEEWAY: u64 = 120;

/// Headers that have a meaning of their own, which no name of a caller may take over.
const TAKEN: [&str; 8] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "origin",
    "x-api-key",
];

/// Makes trust of a document, and adds what is wrong with it to the problems.
pub(super) fn trust(document: &Document, problems: &mut Problems) -> Trust {
    let mut reader = Reader { document, problems };
    let written = &document.identity;
    let needs_url =
        !written.jwt.is_empty() || written.host.as_ref().is_some_and(|host| host.jwt_authn.is_some());
    if needs_url && document.gateway.public_url.is_none() {
        let message =
            "expected the URL agents know the gateway by: clients with tokens find their issuer by it";
        reader.problems.add("gateway.public_url", message);
    }
    if let Some(url) =
        document.gateway.public_url.as_deref().filter(|url| needs_url && url.contains(['?', '#', '"', '\\']))
    {
        reader.problems.add(
            "gateway.public_url",
            format!("`{url}` is no URL of a resource; expected scheme, host and path alone"),
        );
    }
    for (broad, included) in &written.scopes {
        let place = member("identity.scopes", broad);
        reader.scope(&place, broad);
        reader.scopes(&place, included);
    }
    for (index, key) in document.keys.iter().enumerate() {
        reader.scopes(&member(&item("keys", index), "scopes"), key.scopes.as_deref().unwrap_or_default());
    }
    let issuers =
        written.jwt.iter().enumerate().map(|(index, issuer)| reader.issuer(index, issuer)).collect();
    let host = written.host.as_ref().map(|host| reader.host(host)).unwrap_or_default();
    Trust { issuers, host, hierarchy: Hierarchy::new(&written.scopes) }
}

struct Reader<'d> {
    document: &'d Document,
    problems: &'d mut Problems,
}

/// How a caller comes to its role, as written.
struct Acts<'d> {
    roles: Option<&'d String>,
    map: &'d RoleMap,
    role: Option<&'d String>,
}

impl Reader<'_> {
    fn issuer(&mut self, index: usize, written: &JwtIssuer) -> TrustedIssuer {
        let place = item("identity.jwt", index);
        self.issuer_name(&place, &written.issuer);
        let before = self.document.identity.jwt.iter().take(index);
        if before.into_iter().any(|other| other.issuer == written.issuer) {
            let message =
                format!("the issuer `{}` is given twice; give it several audiences instead", written.issuer);
            self.problems.add(member(&place, "issuer"), message);
        }
        let jwks = member(&place, "jwks");
        match &written.jwks {
            Jwks::Uri(uri) if !is_safe_url(uri) => self.problems.add(
                member(&jwks, "uri"),
                format!("`{uri}` is no URL of keys; expected https://host/path, or http:// on this machine"),
            ),
            Jwks::File(path) if path.is_empty() => {
                self.problems.add(member(&jwks, "file"), "expected the path of a file");
            }
            Jwks::File(_) | Jwks::Uri(_) => {}
        }
        if written.leeway.is_some_and(|leeway| leeway > MOST_LEEWAY) {
            self.problems.add(member(&place, "leeway"), format!("expected at most {MOST_LEEWAY} seconds"));
        }
        let acts = Acts { roles: written.roles.as_ref(), map: &written.map, role: written.role.as_ref() };
        self.grouped(&place, &acts);
        let algorithms =
            if written.algorithms.is_empty() { Algorithm::ALL.to_vec() } else { written.algorithms.clone() };
        TrustedIssuer {
            issuer: written.issuer.clone(),
            audiences: self.audiences(&member(&place, "audience"), &written.audience.0),
            algorithms,
            leeway: written.leeway.unwrap_or(DEFAULT_LEEWAY),
            reading: Reading {
                subject: written.subject.clone(),
                scopes: written.scopes.clone(),
                claims: written.claims.clone(),
                role: self.role(&place, &acts),
            },
        }
    }

    fn issuer_name(&mut self, place: &str, issuer: &str) {
        if !is_safe_url(issuer) || issuer.contains(['?', '#']) {
            let message =
                format!("`{issuer}` is no issuer; expected https://host, or http:// on this machine");
            self.problems.add(member(place, "issuer"), message);
        }
    }

    fn audiences(&mut self, place: &str, written: &[String]) -> Audiences {
        let base = self.document.gateway.public_url.as_deref().map(canonical).unwrap_or_default();
        let audiences = Audiences { named: written.iter().map(|value| canonical(value)).collect(), base };
        for value in &audiences.named {
            let serves =
                |path: &str| self.document.endpoints.keys().any(|known| known.trim_end_matches('/') == path);
            if value.trim().is_empty() {
                self.problems.add(place, "expected a value of `aud`");
            } else if let Some(path) = audiences.path(value).filter(|path| !serves(path)) {
                let hint = did_you_mean(path, self.document.endpoints.keys().map(String::as_str));
                self.problems.add(place, format!("no endpoint has the path `{path}`{hint}"));
            }
        }
        audiences
    }

    fn role(&mut self, place: &str, acts: &Acts<'_>) -> RoleChoice {
        if acts.roles.is_none() && acts.map.0.is_empty() && acts.role.is_none() {
            self.problems
                .add(place, "expected `roles`, `map` or `role`: without a role nobody may do anything");
        }
        for (group, role) in &acts.map.0 {
            self.known_role(&member(&member(place, "map"), group), role);
        }
        if let Some(role) = acts.role {
            self.known_role(&member(place, "role"), role);
        }
        // Without a claim that names roles, the name of a caller must not pass for one.
        let known = acts.roles.map(|_| self.document.roles.keys().cloned().collect());
        RoleChoice {
            source: acts.roles.cloned(),
            map: acts.map.0.clone(),
            fallback: acts.role.cloned(),
            known: known.unwrap_or_default(),
        }
    }

    /// A map of groups needs a claim that names them.
    fn grouped(&mut self, place: &str, acts: &Acts<'_>) {
        if acts.roles.is_none() && !acts.map.0.is_empty() {
            self.problems
                .add(member(place, "map"), "expected `roles` beside it: the claim that names the groups");
        }
    }

    fn known_role(&mut self, place: &str, role: &str) {
        if !self.document.roles.contains_key(role) {
            let hint = did_you_mean(role, self.document.roles.keys().map(String::as_str));
            self.problems.add(place, format!("no role is named `{role}`{hint}"));
        }
    }

    fn host(&mut self, written: &HostIdentity) -> HostTrust {
        let token = written.jwt_authn.as_ref().map(|token| self.host_token(token));
        let peer = written.mtls.as_ref().map(|peer| self.host_peer(peer));
        let header = written.header.as_ref().map(|header| self.host_header(header));
        HostTrust::new(token, peer, header)
    }

    fn host_token(&mut self, written: &HostToken) -> TokenTrust {
        let place = "identity.host.jwt_authn";
        self.issuer_name(place, &written.issuer);
        let acts = Acts { roles: written.roles.as_ref(), map: &written.map, role: written.role.as_ref() };
        self.grouped(place, &acts);
        TokenTrust {
            metadata: written.metadata.clone(),
            issuer: written.issuer.clone(),
            reading: Reading {
                subject: written.subject.clone(),
                scopes: written.scopes.clone(),
                claims: written.claims.clone(),
                role: self.role(place, &acts),
            },
        }
    }

    fn host_peer(&mut self, written: &HostPeer) -> PeerTrust {
        let acts = Acts { roles: None, map: &written.map, role: written.role.as_ref() };
        let role = self.role("identity.host.mtls", &acts);
        PeerTrust { name: written.subject.unwrap_or_default(), role }
    }

    fn host_header(&mut self, written: &HostHeader) -> HeaderTrust {
        let place = "identity.host.header";
        self.header(&member(place, "name"), &written.name);
        if let Some(roles) = &written.roles {
            self.header(&member(place, "roles"), roles);
        }
        let acts = Acts { roles: written.roles.as_ref(), map: &written.map, role: written.role.as_ref() };
        let mut role = self.role(place, &acts);
        role.source = role.source.map(|name| name.to_ascii_lowercase());
        HeaderTrust { name: written.name.to_ascii_lowercase(), role }
    }

    fn header(&mut self, place: &str, name: &str) {
        let lower = name.to_ascii_lowercase();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let plain = !name.is_empty() && name.bytes().all(token);
        let taken =
            TAKEN.contains(&lower.as_str()) || lower.starts_with("mcp-") || lower.starts_with("x-trigate-");
        if !plain || taken {
            self.problems.add(place, format!("`{name}` is no header that can name a caller"));
        }
    }

    fn scopes(&mut self, place: &str, written: &[String]) {
        for (index, scope) in written.iter().enumerate() {
            self.scope(&item(place, index), scope);
        }
    }

    fn scope(&mut self, place: &str, scope: &str) {
        if let Some(problem) = problem_of_scope(scope) {
            self.problems.add(place, problem);
        }
    }
}

/// What is wrong with a scope (RFC 6749 §3.3, `scope-token`).
pub(super) fn problem_of_scope(scope: &str) -> Option<String> {
    let plain = scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    let message = || format!("`{scope}` is no scope; expected printable ASCII without blanks, `\"` and `\\`");
    (scope.is_empty() || !plain).then(message)
}

/// Whether what is fetched from there cannot be changed on the way: `https`, or `http` on this machine.
#[must_use]
pub fn is_safe_url(url: &str) -> bool {
    super::compile::is_http_url(url) && (url.starts_with("https://") || is_loopback(url))
}

/// Whether a URL is on this machine.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
