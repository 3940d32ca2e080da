//! Clusters: one for each upstream MCP server, one for the adapter, one for the control plane.

use std::net::SocketAddr;
use std::path::Path;

use http::Uri;
use serde_json::{Value, json};

/// Where the adapter's cluster is named in routes.
pub(crate) const ADAPTER: &str = policy::ADAPTER_CLUSTER;
/// Where the control plane's cluster is named in the filter's configuration.
pub(crate) const CONTROL_PLANE: &str = "trigate_control_plane";

/// Bundles of the authorities a system trusts, by the custom of the distributions.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Why no cluster can be made for a server.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum UpstreamError {
    #[error(
        "servers.{server}.url: `{url}` is no URL to send requests to: write http://HOST:PORT/PATH or https://HOST/PATH"
    )]
    NoUrl { server: String, url: String },
    #[error(
        "servers.{server}.url: `{url}` carries a query, which would replace the agent's own: leave it out"
    )]
    Query { server: String, url: String },
    #[error(
        "servers.{server}.url: https needs the system's certificate authorities, and none are installed: install the package ca-certificates"
    )]
    NoAuthorities { server: String },
}

/// An upstream's URL, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// Host without brackets or port.
    host: String,
    port: u16,
    tls: bool,
    /// What the `Host` header is to say.
    pub(crate) authority: String,
    /// Path to send requests to.
    pub(crate) path: String,
}

impl Upstream {
    /// Reads a server's URL.
    pub(crate) fn parse(server: &str, url: &str) -> Result<Upstream, UpstreamError> {
        let wrong = || UpstreamError::NoUrl { server: server.to_owned(), url: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(wrong());
        }
        if uri.query().is_some() {
            return Err(UpstreamError::Query { server: server.to_owned(), url: url.to_owned() });
        }
        Ok(Upstream {
            host: authority.host().trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
            authority: authority.to_string(),
            path: uri.path().to_owned(),
        })
    }

    /// Its cluster.
    pub(crate) fn cluster(&self, server: &str, name: &str) -> Result<Value, UpstreamError> {
        let mut cluster = cluster(name, &self.host, self.port);
        if !self.tls {
            set(&mut cluster, "typed_extension_protocol_options", http1());
            return Ok(cluster);
        }
        let bundle = BUNDLES
            .iter()
            .find(|path| Path::new(path).is_file())
            .ok_or_else(|| UpstreamError::NoAuthorities { server: server.to_owned() })?;
        set(&mut cluster, "transport_socket", tls(&self.host, bundle));
        set(
            &mut cluster,
            "typed_extension_protocol_options",
            protocol(json!({ "auto_config": { "http_protocol_options": {}, "http2_protocol_options": {} } })),
        );
        Ok(cluster)
    }
}

impl Upstream {
    /// Its cluster, spoken to in HTTP/2 alone, as gRPC is.
    pub(crate) fn grpc_cluster(&self, server: &str, name: &str) -> Result<Value, UpstreamError> {
        let mut cluster = self.cluster(server, name)?;
        let http2 = json!({ "explicit_http_config": { "http2_protocol_options": {} } });
        set(&mut cluster, "typed_extension_protocol_options", protocol(http2));
        Ok(cluster)
    }
}

/// The adapter's cluster.
pub(crate) fn adapter(address: SocketAddr) -> Value {
    let mut cluster = cluster(ADAPTER, &address.ip().to_string(), address.port());
    set(&mut cluster, "typed_extension_protocol_options", http1());
    cluster
}

/// The control plane's cluster.
pub(crate) fn control_plane(address: SocketAddr) -> Value {
    http2(CONTROL_PLANE, address)
}

/// A cluster of one of our own services: HTTP/2, with pings, so that a dead one is noticed.
pub(crate) fn http2(name: &str, address: SocketAddr) -> Value {
    let mut cluster = cluster(name, &address.ip().to_string(), address.port());
    let http2 = json!({ "connection_keepalive": { "interval": "10s", "timeout": "5s" } });
    set(
        &mut cluster,
        "typed_extension_protocol_options",
        protocol(json!({ "explicit_http_config": { "http2_protocol_options": http2 } })),
    );
    cluster
}

fn cluster(name: &str, host: &str, port: u16) -> Value {
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    json!({
        "name": name,
        "type": if is_address { "STATIC" } else { "STRICT_DNS" },
        "dns_lookup_family": "ALL",
        "connect_timeout": "5s",
        // An agent's stream is open for as long as it likes: the default of 1024 would refuse the next one.
        "circuit_breakers": { "thresholds": [{
            "max_connections": 65536, "max_pending_requests": 65536, "max_requests": 65536
        }] },
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": {
                "socket_address": { "address": host, "port_value": port }
            } } }] }]
        }
    })
}

fn http1() -> Value {
    protocol(json!({ "explicit_http_config": { "http_protocol_options": {} } }))
}

fn protocol(mut options: Value) -> Value {
    set(
        &mut options,
        "@type",
        json!("type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"),
    );
    json!({ "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options })
}

fn tls(host: &str, bundle: &str) -> Value {
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    let mut context = json!({
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "common_tls_context": { "validation_context": {
            "trusted_ca": { "filename": bundle },
            "match_typed_subject_alt_names": [{
                "san_type": if is_address { "IP_ADDRESS" } else { "DNS" }, "matcher": { "exact": host }
            }]
        } }
    });
    if !is_address {
        set(&mut context, "sni", json!(host));
    }
    json!({ "name": "envoy.transport_sockets.tls", "typed_config": context })
}

/// Sets a member of an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<(&str, u16, bool, &str, &str)>) {
        let parsed = Upstream::parse("s", url).ok();
        let parts = parsed.as_ref().map(|upstream| {
            (
                upstream.host.as_str(),
                upstream.port,
                upstream.tls,
                upstream.authority.as_str(),
                upstream.path.as_str(),
            )
        });
        assert_eq!(parts, expected);
    }

    #[test]
    fn urls_are_taken_apart() {
        check("http://127.0.0.1:9001/mcp", Some(("127.0.0.1", 9001, false, "127.0.0.1:9001", "/mcp")));
        check("https://mcp.example.com", Some(("mcp.example.com", 443, true, "mcp.example.com", "/")));
        check("http://[::1]:80/a/b", Some(("::1", 80, false, "[::1]:80", "/a/b")));
    }

    #[test]
    fn what_cannot_be_sent_to_is_refused() {
        for url in ["", "ftp://host/", "/mcp", "http://", "http://user:pw@host/mcp", "http://host/mcp?x=1"] {
            check(url, None);
        }
    }

    #[test]
    fn a_name_is_resolved_and_an_address_is_not() {
        let of = |url| Upstream::parse("s", url).unwrap().cluster("s", "c").unwrap();
        assert_eq!(of("http://localhost:1/mcp")["type"], "STRICT_DNS");
        assert_eq!(of("http://127.0.0.1:1/mcp")["type"], "STATIC");
    }
}
