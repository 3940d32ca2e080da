//! Envoy's configuration in each variant. They differ in the HTTP filters before the router and in nothing else.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use crate::frames::CALLED_TOOL;
use crate::gateway::plane::Plane;

/// The cluster of the control plane.
const CONTROL_PLANE: &str = "control_plane";

/// The addresses of one Envoy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    pub(crate) listen: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) upstream: SocketAddr,
}

/// Envoy without a filter of ours.
pub(crate) fn plain(addresses: Addresses) -> Value {
    bootstrap(addresses, Vec::new(), Vec::new())
}

/// Envoy's own MCP filter with its policy by RBAC on the metadata it makes.
pub(crate) fn native(addresses: Addresses) -> Value {
    let mcp = json!({ "name": "envoy.filters.http.mcp", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.mcp.v3.Mcp",
        "traffic_mode": "REJECT_NO_MCP",
        // The default of 8 KiB refuses the large call.
        "max_request_body_size": 1 << 20
    } });
    let is_call = metadata(&["method"], json!({ "exact": "tools/call" }));
    let policies = json!({
        "other_methods": { "principals": [{ "any": true }], "permissions": [{ "not_rule": is_call }] },
        "tools": { "principals": [{ "any": true }], "permissions": [
            metadata(&["params", "name"], json!({ "exact": CALLED_TOOL })),
            metadata(&["params", "name"], json!({ "prefix": "tool_" }))
        ] }
    });
    let rbac = json!({ "name": "envoy.filters.http.rbac", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
        "rules": { "action": "ALLOW", "policies": policies }
    } });
    bootstrap(addresses, vec![mcp, rbac], Vec::new())
}

fn metadata(path: &[&str], value: Value) -> Value {
    let path: Vec<Value> = path.iter().map(|key| json!({ "key": key })).collect();
    json!({ "sourced_metadata": { "metadata_matcher": {
        "filter": "envoy.filters.http.mcp", "path": path, "value": { "string_match": value }
    } } })
}

/// Our filter, as `trigate up` configures it.
pub(crate) fn trigate(addresses: Addresses, module: &Path, plane: &Plane) -> Value {
    let configuration =
        json!({ "control_plane": CONTROL_PLANE, "node": "bench", "token": plane.node_token }).to_string();
    let filter = wasm("trigate", module, &configuration);
    bootstrap(addresses, vec![filter], vec![cluster(CONTROL_PLANE, plane.address, "http2_protocol_options")])
}

/// Envoy with a wasm filter that does nothing.
pub(crate) fn noop(addresses: Addresses, module: &Path) -> Value {
    bootstrap(addresses, vec![wasm("noop", module, "")], Vec::new())
}

fn wasm(name: &str, module: &Path, configuration: &str) -> Value {
    json!({ "name": name, "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": {
            "name": name,
            "root_id": name,
            "failure_policy": "FAIL_RELOAD",
            "allow_on_headers_stop_iteration": true,
            "vm_config": {
                "vm_id": name,
                "runtime": "envoy.wasm.runtime.v8",
                "code": { "local": { "filename": module } }
            },
            "configuration": { "@type": "type.googleapis.com/google.protobuf.StringValue", "value": configuration }
        }
    } })
}

/// The same, with what goes upstream sent to this path.
pub(crate) fn rewritten(mut config: Value, path: &str) -> Value {
    let route = "/static_resources/listeners/0/filter_chains/0/filters/0/typed_config/route_config/virtual_hosts/0/routes/0/route";
    if let Some(Value::Object(route)) = config.pointer_mut(route) {
        route.insert(
            "regex_rewrite".to_owned(),
            json!({ "pattern": { "regex": "^.*$" }, "substitution": path }),
        );
    }
    config
}

fn bootstrap(addresses: Addresses, filters: Vec<Value>, more_clusters: Vec<Value>) -> Value {
    let router = json!({ "name": "envoy.filters.http.router", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
    } });
    let http_filters: Vec<Value> = filters.into_iter().chain([router]).collect();
    let upstream = cluster("upstream", addresses.upstream, "http_protocol_options");
    let clusters: Vec<Value> = std::iter::once(upstream).chain(more_clusters).collect();
    let route = json!({ "match": { "prefix": "/" }, "route": { "cluster": "upstream", "timeout": "0s" } });
    let manager = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "normalize_path": true,
        "merge_slashes": true,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "use_remote_address": true,
        "internal_address_config": {},
        "route_config": { "virtual_hosts": [{ "name": "bench", "domains": ["*"], "routes": [route] }] },
        "http_filters": http_filters
    });
    json!({
        "node": { "id": "bench", "cluster": "bench" },
        "admin": { "address": socket(addresses.admin) },
        "static_resources": {
            "listeners": [{
                "name": "bench",
                "address": socket(addresses.listen),
                "per_connection_buffer_limit_bytes": 5 << 20,
                "filter_chains": [{ "filters": [{
                    "name": "envoy.filters.network.http_connection_manager", "typed_config": manager
                }] }]
            }],
            "clusters": clusters
        }
    })
}

fn cluster(name: &str, address: SocketAddr, protocol: &str) -> Value {
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": { "cluster_name": name, "endpoints": [{ "lb_endpoints": [
            { "endpoint": { "address": socket(address) } }
        ] }] },
        "typed_extension_protocol_options": { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": { protocol: {} }
        } }
    })
}

fn socket(address: SocketAddr) -> Value {
    json!({ "socket_address": { "address": address.ip().to_string(), "port_value": address.port() } })
}
