//! The configuration Envoy starts with, rendered from the document: one listener, the filter, a route for each endpoint.
//!
//! Envoy reads JSON where it reads YAML, so nothing is pasted into text here. The result holds the node's token: whoever
//! writes it to a file gives that file mode 0600.

use std::net::SocketAddr;

use policy::document::Server;
use policy::{Document, default_cluster};
use serde_json::{Value, json};

use crate::envoy::gate::Gate;
use crate::envoy::local_reply;
use crate::envoy::tracing::Tracing;
use crate::envoy::upstream::{self, Upstream, UpstreamError};

/// Room for headers and framing beside the largest body.
const MARGIN: u64 = 1 << 20;

/// The header in which the filter says which of an endpoint's servers a request is for.
const SERVER: &str = "x-trigate-server";

/// What the bootstrap is made of.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'a> {
    /// Servers, databases and endpoints.
    pub(crate) document: &'a Document,
    /// Largest request body.
    pub(crate) max_body: u64,
    /// Addresses of the parts.
    pub(crate) addresses: Addresses,
    /// What carries gate 2.
    pub(crate) gate: &'a Gate,
    /// Name of this Envoy for the control plane.
    pub(crate) node: &'a str,
    /// The token it connects to the control plane with.
    pub(crate) token: &'a str,
    /// Where its spans go, if they go anywhere.
    pub(crate) tracing: Option<&'a Tracing>,
}

/// Who listens where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// Agents connect here.
    pub(crate) listen: SocketAddr,
    /// Envoy's own administration, where it is wanted.
    pub(crate) admin: Option<SocketAddr>,
    /// The database adapter.
    pub(crate) adapter: SocketAddr,
    /// The control plane.
    pub(crate) control_plane: SocketAddr,
}

/// Renders the bootstrap.
pub(crate) fn render(plan: &Plan<'_>) -> Result<Value, UpstreamError> {
    let mut clusters = vec![
        upstream::control_plane(plan.addresses.control_plane),
        upstream::adapter(plan.addresses.adapter),
    ];
    clusters.extend(plan.gate.clusters());
    if let Some(tracing) = plan.tracing {
        clusters.push(tracing.cluster()?);
    }
    for (name, server) in &plan.document.servers {
        // The adapter serves the others.
        let Some(url) = url_of(plan.document, name) else { continue };
        clusters.push(Upstream::parse(name, url)?.cluster(name, &cluster_name(name, server))?);
    }
    let mut bootstrap = json!({
        "node": { "id": plan.node, "cluster": "trigate" },
        "static_resources": { "listeners": [listener(plan)?], "clusters": clusters },
        "overload_manager": { "resource_monitors": [{
            "name": "envoy.resource_monitors.global_downstream_max_connections",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                "max_active_downstream_connections": 50_000
            }
        }] }
    });
    if let (Some(admin), Value::Object(members)) = (plan.addresses.admin, &mut bootstrap) {
        members.insert("admin".to_owned(), json!({ "address": socket(admin) }));
    }
    Ok(bootstrap)
}

fn listener(plan: &Plan<'_>) -> Result<Value, UpstreamError> {
    Ok(json!({
        "name": "trigate",
        "address": socket(plan.addresses.listen),
        "per_connection_buffer_limit_bytes": plan.max_body.saturating_add(MARGIN).min(u64::from(u32::MAX)),
        "filter_chains": [{ "filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": connection_manager(plan)?
        }] }]
    }))
}

fn connection_manager(plan: &Plan<'_>) -> Result<Value, UpstreamError> {
    let shows_decisions = plan.tracing.is_some_and(Tracing::shows_decisions);
    let mut manager = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "trigate",
        // Agents keep streams open without a byte for as long as they like.
        "stream_idle_timeout": "0s",
        "request_headers_timeout": "30s",
        // For the request alone, not for its answer: bodies wait in memory until they are judged.
        "request_timeout": "60s",
        "common_http_protocol_options": {
            // Connections without a stream; streams may last.
            "idle_timeout": "300s",
            // `x_api_key` is not `x-api-key` to the filter but would be to many a server.
            "headers_with_underscores_action": "REJECT_REQUEST"
        },
        // Rules go by the path: it must be the path the upstream will see.
        "normalize_path": true,
        "merge_slashes": true,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "use_remote_address": true,
        // Nobody, not even a caller on this machine, steers the router by x-envoy-* headers.
        "internal_address_config": {},
        "http2_protocol_options": {
            "max_concurrent_streams": 100,
            "initial_stream_window_size": 1 << 20,
            "initial_connection_window_size": 16 << 20
        },
        "local_reply_config": local_reply::render(),
        "route_config": {
            "name": "endpoints",
            "virtual_hosts": [{ "name": "endpoints", "domains": ["*"], "routes": routes(plan)? }]
        },
        "http_filters": [plan.gate.filter(plan.node, plan.token, shows_decisions), {
            "name": "envoy.filters.http.router",
            "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" }
        }]
    });
    if let (Some(tracing), Value::Object(members)) = (plan.tracing, &mut manager) {
        members.insert("tracing".to_owned(), tracing.of_connections());
    }
    Ok(manager)
}

fn routes(plan: &Plan<'_>) -> Result<Vec<Value>, UpstreamError> {
    let mut routes = Vec::new();
    for (path, endpoint) in &plan.document.endpoints {
        match endpoint.servers.as_slice() {
            [server] => routes.push(json!({ "match": { "path": path }, "route": action(plan, server)? })),
            // The filter says which of several a request is for, in a header that no client can set. What it answers itself
            // needs no route; the stream on which it tells of changes is kept open by the adapter.
            servers => {
                for server in servers.iter().map(String::as_str).chain([policy::CHANGES]) {
                    routes.push(json!({
                        "match": { "path": path, "headers": [
                            { "name": SERVER, "string_match": { "exact": server } }
                        ] },
                        "route": action(plan, server)?,
                        "request_headers_to_remove": [SERVER]
                    }));
                }
            }
        }
    }
    routes.push(json!({ "match": { "prefix": "/" }, "direct_response": { "status": 404 } }));
    Ok(routes)
}

/// Where a server is, unless the adapter serves it.
fn url_of<'d>(document: &'d Document, server: &str) -> Option<&'d str> {
    document.servers.get(server).filter(|server| !server.is_bridged())?.url.as_deref()
}

/// The name of an upstream server's cluster: the filter asks it by that.
fn cluster_name(name: &str, server: &Server) -> String {
    server.cluster.clone().unwrap_or_else(|| default_cluster(name))
}

/// Where requests for a server or database go.
fn action(plan: &Plan<'_>, server: &str) -> Result<Value, UpstreamError> {
    let declared = plan.document.servers.get(server);
    let (cluster, path, host) = match declared.zip(url_of(plan.document, server)) {
        Some((declared, url)) => {
            let upstream = Upstream::parse(server, url)?;
            (cluster_name(server, declared), upstream.path, upstream.authority)
        }
        None => (
            upstream::ADAPTER.to_owned(),
            format!("/{server}/mcp"),
            // The filter has judged the agent's Host; the adapter judges what it gets by the same rule as any other.
            plan.addresses.adapter.to_string(),
        ),
    };
    Ok(json!({
        "cluster": cluster, "prefix_rewrite": path, "host_rewrite_literal": host,
        "timeout": "0s", "idle_timeout": "0s"
    }))
}

fn socket(address: SocketAddr) -> Value {
    json!({ "socket_address": { "address": address.ip().to_string(), "port_value": address.port() } })
}

#[cfg(test)]
mod tests;
