# Shared by the scenarios' verify.sh: the real programs on free ports, and what is asked of them.
# A scenario's files carry the ports of this table; `render` puts free ones in their place.
# shellcheck shell=bash
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
root=$(cd "$here/../.." && pwd)
trigate=${TRIGATE:-$root/target/debug/trigate}
module=${TRIGATE_FILTER:-$root/target/debug/trigate_filter.wasm}
envoy=${TRIGATE_ENVOY:-$root/.tools/envoy/bin/envoy}
python=${PYTHON:-$root/.tools/python/bin/python}

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

# control plane, ext-proc, listener, their server, administration
given=(10001 10003 19080 19090 19901)
read -r -a free < <("$python" -c '
import socket
held = [socket.socket() for _ in range(5)]
for one in held: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])')
plane=http://127.0.0.1:${free[0]} processor=127.0.0.1:${free[1]} url=http://127.0.0.1:${free[2]} admin=http://127.0.0.1:${free[4]}
export TRIGATE_CONTROL_PLANE=$plane

fail() { echo "FAILED: $*" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }
ok() { echo "ok  $*"; }
until_true() { # until_true WHAT COMMAND...: polls for at most 30 s
    local what=$1; shift
    for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
    fail "$what did not happen within 30 s"
}
render() { # render FILE [NAME]: into the work folder, with free ports and the module's path
    local script="s|/etc/envoy/trigate_filter.wasm|$module|;s|/etc/envoy/|$work/|"
    for at in "${!given[@]}"; do script+=";s|${given[$at]}|${free[$at]}|g"; done
    sed "$script" "$here/$1" > "$work/${2:-$1}"
}

start_server() { "$python" "$root/tests/fixture" --port "${free[3]}" > "$work/server.log" 2>&1 & }
start_control_plane() {
    "$trigate" control-plane --listen "127.0.0.1:${free[0]}" --state-dir "$work/state" > "$work/control-plane.log" 2>&1 &
    control_plane=$!
    until_true "the control plane's start" test -s "$work/state/node.token"
}
on_control_plane() { "$trigate" "$@" --token-file "$work/state/admin.token"; }
apply() { render "$1"; until_true "the policy's arrival" on_control_plane policy apply "$work/$1"; }
key_of() { on_control_plane apikey create --role "$1" --name "$2" --output json | grep -o 'tg_[a-z2-7]*_[a-z2-7]*'; }
start_envoy() { # start_envoy FILE [LOG]: with one worker, or as many as `workers` says
    TRIGATE_NODE_TOKEN=$(cat "$work/state/node.token") "$envoy" -c "$work/$1" --concurrency "${workers:-1}" --use-dynamic-base-id \
        --disable-hot-restart -l warning --component-log-level wasm:info > "$work/${2:-envoy}.log" 2>&1 &
    envoy_process=$!
}

message() { # message METHOD PARAMS
    printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":{%s"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}' "$1" "$2"
}
status() { curl -s -o "$work/body" -D "$work/head" -w '%{http_code}' -m 10 "$@"; }
post() { # post STATUS BODY [curl options]: whether the answer has this status
    local expected=$1 body=$2; shift 2
    local got; got=$(status "$url/assistant/mcp" -H 'content-type: application/json' \
        -H 'accept: application/json, text/event-stream' -H 'mcp-protocol-version: 2026-07-28' "$@" -d "$body") || true
    [ "$got" = "$expected" ]
}
with_key() { key=$1; }
list() { post "$1" "$(message tools/list '')" -H 'mcp-method: tools/list' ${key:+-H "authorization: Bearer $key"}; }
call() { # call STATUS TOOL
    post "$1" "$(message tools/call "\"name\":\"$2\",\"arguments\":{},")" -H 'mcp-method: tools/call' -H "mcp-name: $2" \
        ${key:+-H "authorization: Bearer $key"}
}
said() { grep -q "$1" "$work/body"; }
body() { cat "$work/body"; }
listed() { grep -o '"name":"test_[a-z_]*"' "$work/body" | sort -u; }
verified() { echo "verified: $("$envoy" --version | grep -o '/[0-9.]*/' | tr -d /)"; }
