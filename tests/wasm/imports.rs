//! The module imports a fixed list, which every host declares that is spoken of in `envoy`, and exports what they call.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use tests::workspace;
use wasmparser::{Parser, Payload, TypeRef};

/// What the runtime of Kong 3.4 to 3.10 makes of a host call: there it is declared either way, so that a module loads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kong {
    /// It carries it out.
    Does,
    /// A call ends the instance. The first releases at least; the filter makes none of these without a control plane.
    Ends,
}

use Kong::{Does, Ends};

/// What the module imports of proxy-wasm 0.2.1, which the Envoy family (Envoy, Istio, Envoy Gateway, Gloo) offers whole.
/// The SDK imports what it has a method for, called or not.
const HOST: [(&str, Kong); 35] = [
    ("proxy_add_header_map_value", Does),
    ("proxy_call_foreign_function", Ends),
    ("proxy_close_stream", Ends),
    ("proxy_continue_stream", Does),
    ("proxy_define_metric", Ends),
    ("proxy_dequeue_shared_queue", Does),
    ("proxy_done", Ends),
    ("proxy_enqueue_shared_queue", Does),
    ("proxy_get_buffer_bytes", Does),
    ("proxy_get_current_time_nanoseconds", Does),
    ("proxy_get_header_map_pairs", Does),
    ("proxy_get_header_map_value", Does),
    ("proxy_get_property", Does),
    ("proxy_get_shared_data", Does),
    ("proxy_get_status", Ends),
    ("proxy_grpc_call", Ends),
    ("proxy_grpc_cancel", Ends),
    ("proxy_grpc_close", Ends),
    ("proxy_grpc_send", Ends),
    ("proxy_grpc_stream", Ends),
    ("proxy_http_call", Does),
    ("proxy_increment_metric", Ends),
    ("proxy_log", Does),
    ("proxy_record_metric", Ends),
    ("proxy_register_shared_queue", Does),
    ("proxy_remove_header_map_value", Does),
    ("proxy_replace_header_map_value", Does),
    ("proxy_resolve_shared_queue", Ends),
    ("proxy_send_local_response", Does),
    ("proxy_set_buffer_bytes", Does),
    ("proxy_set_effective_context", Does),
    ("proxy_set_header_map_pairs", Does),
    ("proxy_set_property", Does),
    ("proxy_set_shared_data", Does),
    ("proxy_set_tick_period_milliseconds", Does),
];

/// What it imports of WASI. Files and sockets are not among them, nor a clock. All hosts have these; the environment is
/// empty in Kong.
const SYSTEM: [&str; 5] = ["environ_get", "environ_sizes_get", "fd_write", "proc_exit", "random_get"];

/// The only files that may make a call which ends an instance in Kong: what uses them is made with a control plane alone.
const STREAMS_AND_METRICS: [&str; 3] =
    ["filter/src/link.rs", "filter/src/streams.rs", "filter/src/metrics.rs"];

/// What Envoy looks for.
const EXPORTS: [&str; 7] = [
    "proxy_abi_version_0_2_1",
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_memory_allocate",
    "proxy_on_request_body",
    "proxy_on_request_headers",
    "proxy_on_tick",
];

#[derive(Default)]
struct Module {
    imports: BTreeSet<(String, String)>,
    exports: BTreeSet<String>,
    imports_memory: bool,
}

fn read() -> Result<Module> {
    let bytes = fs::read(workspace::filter()?)?;
    let mut module = Module::default();
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    module.imports_memory |= matches!(import.ty, TypeRef::Memory(_));
                    module.imports.insert((import.module.to_owned(), import.name.to_owned()));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    module.exports.insert(export?.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(module)
}

/// A new one, by us or by an update of the SDK, could keep the module from loading somewhere: it has to be looked up first.
#[test]
fn the_module_imports_exactly_what_every_host_declares() -> Result<()> {
    let imports = read()?.imports;
    let host = HOST.iter().map(|(name, _)| ("env".to_owned(), (*name).to_owned()));
    let system = SYSTEM.iter().map(|name| ("wasi_snapshot_preview1".to_owned(), (*name).to_owned()));
    assert_eq!(imports, host.chain(system).collect());
    Ok(())
}

/// What of `host.rs` ends in a call that Kong does not carry out is used by the streams and the metrics, and to cut off an
/// exchange, which the end of the instance does as well.
#[test]
fn what_kong_does_not_carry_out_is_asked_for_by_few() -> Result<()> {
    for name in ["open_stream", "send", "cancel", "counter", "gauge", "histogram", "add", "set"] {
        let call = format!("host::{name}(");
        for entry in fs::read_dir(workspace::existing("filter/src")?)? {
            let path = entry?.path();
            let shown = format!("filter/src/{}", path.file_name().unwrap_or_default().to_string_lossy());
            let calls = fs::read_to_string(&path)?.contains(&call);
            assert!(!calls || STREAMS_AND_METRICS.contains(&shown.as_str()), "`{shown}` calls `{call}`");
        }
    }
    assert_eq!(HOST.iter().filter(|(_, kong)| *kong == Ends).count(), 13);
    Ok(())
}

#[test]
fn the_host_finds_what_it_calls() -> Result<()> {
    let module = read()?;
    for name in EXPORTS {
        assert!(module.exports.contains(name), "the module does not export `{name}`");
    }
    Ok(())
}

#[test]
fn memory_is_the_modules_own() -> Result<()> {
    let module = read()?;
    assert!(!module.imports_memory && module.exports.contains("memory"));
    Ok(())
}

#[test]
fn the_shipped_module_cannot_be_told_to_fail() -> Result<()> {
    let mark = b"x-trigate-fault";
    let has = |module: &[u8]| module.windows(mark.len()).any(|bytes| bytes == mark);
    assert!(has(&fs::read(workspace::filter_with_faults()?)?), "the mark is not what this test looks for");
    assert!(!has(&fs::read(workspace::filter()?)?), "the module that is handed out fails on demand");
    Ok(())
}
