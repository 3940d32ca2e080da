//! The module imports only what Envoy's proxy-wasm 0.2.1 host offers, and exports what it calls.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use tests::workspace;
use wasmparser::{Parser, Payload, TypeRef};

/// Host calls of proxy-wasm 0.2.1, all offered by the Envoy family.
const HOST: [&str; 43] = [
    "proxy_add_header_map_value",
    "proxy_call_foreign_function",
    "proxy_clear_route_cache",
    "proxy_close_stream",
    "proxy_continue_request",
    "proxy_continue_response",
    "proxy_continue_stream",
    "proxy_define_metric",
    "proxy_dequeue_shared_queue",
    "proxy_done",
    "proxy_enqueue_shared_queue",
    "proxy_get_buffer_bytes",
    "proxy_get_buffer_status",
    "proxy_get_configuration",
    "proxy_get_current_time_nanoseconds",
    "proxy_get_header_map_pairs",
    "proxy_get_header_map_size",
    "proxy_get_header_map_value",
    "proxy_get_log_level",
    "proxy_get_metric",
    "proxy_get_property",
    "proxy_get_shared_data",
    "proxy_get_status",
    "proxy_grpc_call",
    "proxy_grpc_cancel",
    "proxy_grpc_close",
    "proxy_grpc_send",
    "proxy_grpc_stream",
    "proxy_http_call",
    "proxy_increment_metric",
    "proxy_log",
    "proxy_record_metric",
    "proxy_register_shared_queue",
    "proxy_remove_header_map_value",
    "proxy_replace_header_map_value",
    "proxy_resolve_shared_queue",
    "proxy_send_local_response",
    "proxy_set_buffer_bytes",
    "proxy_set_effective_context",
    "proxy_set_header_map_pairs",
    "proxy_set_property",
    "proxy_set_shared_data",
    "proxy_set_tick_period_milliseconds",
];

/// WASI calls that Envoy implements; files and sockets are not among them.
const SYSTEM: [&str; 6] =
    ["clock_time_get", "environ_get", "environ_sizes_get", "fd_write", "proc_exit", "random_get"];

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

#[test]
fn every_import_is_a_call_the_host_offers() -> Result<()> {
    let module = read()?;
    assert!(!module.imports.is_empty(), "a filter that calls nothing decides nothing");
    for (from, name) in &module.imports {
        let offered: &[&str] = match from.as_str() {
            "env" => &HOST,
            "wasi_snapshot_preview1" => &SYSTEM,
            _ => &[],
        };
        assert!(offered.contains(&name.as_str()), "the host does not offer `{from}.{name}`");
    }
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
