use super::*;

const DOCUMENT: &str = "
version: 1
servers:
  tickets: { url: 'http://127.0.0.1:9001/base/mcp' }
  remote: { url: 'http://mcp.example.com/mcp' }
databases:
  shop: { url: 'sqlite:///tmp/shop.db' }
endpoints:
  /tickets/mcp: { servers: [tickets] }
  /remote: { servers: [remote] }
  /shop/mcp: { servers: [shop] }
  /mcp: { servers: [tickets, shop] }
";

fn rendered() -> Value {
    rendered_for(&Gate::Wasm("/opt/trigate_filter.wasm".into()))
}

fn rendered_for(gate: &Gate) -> Value {
    let source = policy::parse(DOCUMENT).unwrap();
    let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let addresses = Addresses {
        listen: address(10000),
        admin: None,
        adapter: address(10002),
        control_plane: address(10001),
    };
    let plan = Plan {
        document: &source.document,
        max_body: 4 << 20,
        addresses,
        gate,
        node: "host/envoy",
        token: "secret",
        tracing: None,
    };
    render(&plan).unwrap()
}

fn manager(bootstrap: &Value) -> &Value {
    bootstrap.pointer("/static_resources/listeners/0/filter_chains/0/filters/0/typed_config").unwrap()
}

fn route_to(bootstrap: &Value, path: &str) -> Value {
    let routes =
        manager(bootstrap).pointer("/route_config/virtual_hosts/0/routes").unwrap().as_array().unwrap();
    let route = routes.iter().find(|route| route["match"]["path"] == path);
    route.unwrap_or_else(|| panic!("no route for {path}"))["route"].clone()
}

#[test]
fn an_upstream_gets_its_own_path_and_host() {
    let route = route_to(&rendered(), "/tickets/mcp");
    assert_eq!(route["cluster"], "server_tickets");
    assert_eq!(route["prefix_rewrite"], "/base/mcp");
    assert_eq!(route["host_rewrite_literal"], "127.0.0.1:9001");
}

#[test]
fn a_database_is_served_by_the_adapter() {
    let route = route_to(&rendered(), "/shop/mcp");
    assert_eq!(route["cluster"], "trigate_adapter");
    assert_eq!(route["prefix_rewrite"], "/shop/mcp");
}

#[test]
fn of_several_servers_each_has_its_route_and_so_has_the_stream_of_changes() {
    let bootstrap = rendered();
    let routes =
        manager(&bootstrap).pointer("/route_config/virtual_hosts/0/routes").unwrap().as_array().unwrap();
    let shared = routes.iter().filter(|route| route["match"]["path"] == "/mcp");
    let found: Vec<_> = shared
        .map(|route| {
            assert_eq!(route["request_headers_to_remove"], json!([SERVER]));
            assert_eq!(
                (&route["route"]["timeout"], &route["route"]["idle_timeout"]),
                (&json!("0s"), &json!("0s"))
            );
            let server = &route["match"]["headers"][0]["string_match"]["exact"];
            let (cluster, path) = (&route["route"]["cluster"], &route["route"]["prefix_rewrite"]);
            [server, cluster, path].map(|text| text.as_str().unwrap_or_default())
        })
        .collect();
    let expected = [
        ["tickets", "server_tickets", "/base/mcp"],
        ["shop", "trigate_adapter", "/shop/mcp"],
        ["trigate.changes", "trigate_adapter", "/trigate.changes/mcp"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn no_route_cuts_a_stream_off() {
    let bootstrap = rendered();
    for path in ["/tickets/mcp", "/remote", "/shop/mcp"] {
        let route = route_to(&bootstrap, path);
        assert_eq!(route["timeout"], "0s", "{path}");
        assert_eq!(route["idle_timeout"], "0s", "{path}");
    }
    assert_eq!(manager(&bootstrap)["stream_idle_timeout"], "0s");
}

/// Every bound of time there is, with its value: one that is not listed here could end a stream.
#[test]
fn no_bound_of_time_applies_to_a_stream() {
    fn collect(value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if ["timeout", "duration", "interval", "deadline"].iter().any(|word| name.contains(word))
                    {
                        found.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
                    }
                    collect(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&rendered(), &mut found);
    for (name, value) in &found {
        let harmless = match name.as_str() {
            // How long a connection may take, a request's head and body, a connection without streams, and a ping.
            "connect_timeout" | "request_headers_timeout" | "request_timeout" | "interval" => true,
            "idle_timeout" => value == "0s" || value == "300s",
            "timeout" => value == "0s" || value == "5s",
            "stream_idle_timeout" => value == "0s",
            _ => false,
        };
        assert!(harmless, "{name}: {value} could end a stream");
    }
    // 300s is the connection's own and counts while it has no stream; 5s is the answer to a ping of the control plane.
    assert_eq!(found.iter().filter(|(name, value)| name == "idle_timeout" && value == "300s").count(), 1);
    assert_eq!(found.iter().filter(|(name, value)| name == "timeout" && value == "5s").count(), 1);
}

#[test]
fn every_other_path_is_not_found() {
    let bootstrap = rendered();
    let routes =
        manager(&bootstrap).pointer("/route_config/virtual_hosts/0/routes").unwrap().as_array().unwrap();
    let last = routes.last().unwrap();
    assert_eq!(last["match"]["prefix"], "/");
    assert_eq!(last["direct_response"]["status"], 404);
}

#[test]
fn the_filter_comes_first_and_holds_the_headers_until_the_body_is_judged() {
    let bootstrap = rendered();
    let filter = manager(&bootstrap).pointer("/http_filters/0/typed_config/config").unwrap();
    assert_eq!(filter["allow_on_headers_stop_iteration"], true);
    assert_eq!(filter["failure_policy"], "FAIL_RELOAD");
    let configuration: Value =
        serde_json::from_str(filter["configuration"]["value"].as_str().unwrap()).unwrap();
    assert_eq!(
        configuration,
        json!({"control_plane": "trigate_control_plane", "node": "host/envoy", "token": "secret"})
    );
}

#[test]
fn there_is_no_administration_port_unless_asked_for() {
    assert_eq!(rendered().get("admin"), None);
}

#[test]
fn the_buffer_holds_the_largest_body() {
    let bootstrap = rendered();
    let listener = bootstrap.pointer("/static_resources/listeners/0").unwrap();
    assert_eq!(listener["per_connection_buffer_limit_bytes"], 5 << 20);
}

#[test]
fn an_external_processor_stands_in_the_modules_place_and_fails_closed() {
    let bootstrap = rendered_for(&Gate::ExtProc(SocketAddr::from(([127, 0, 0, 1], 10003))));
    let filter = manager(&bootstrap).pointer("/http_filters/0/typed_config").unwrap();
    assert_eq!(filter["failure_mode_allow"], false);
    assert_eq!(filter["processing_mode"]["request_body_mode"], "BUFFERED");
    assert_eq!(filter["processing_mode"]["response_body_mode"], "STREAMED");
    let cluster = &filter["grpc_service"]["envoy_grpc"]["cluster_name"];
    let clusters = bootstrap["static_resources"]["clusters"].as_array().unwrap();
    assert!(clusters.iter().any(|one| one["name"] == *cluster));
    assert!(rendered()["static_resources"]["clusters"].as_array().unwrap().len() < clusters.len());
}
