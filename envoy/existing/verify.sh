#!/usr/bin/env bash
# Proves README.md on a real Envoy: somebody's configuration, the insertions, and nothing else of ours in front.
# Needs what `make build filter tools` makes. Ports 10001, 19080, 19090 and 19901 of the loopback interface must be free.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
trigate=${TRIGATE:-$root/target/debug/trigate}
module=${TRIGATE_FILTER:-$root/target/debug/trigate_filter.wasm}
envoy=${TRIGATE_ENVOY:-$root/.tools/envoy/bin/envoy}
python=${PYTHON:-$root/.tools/python/bin/python}

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }
ok() { echo "ok  $*"; }
until_true() { # until_true WHAT COMMAND...: polls for at most 30 s
    local what=$1; shift
    for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
    fail "$what did not happen within 30 s"
}

# README, step 1: the module and the insertions.
sed "s|/etc/envoy/trigate_filter.wasm|$module|" "$here/filter.yaml" > "$work/filter.yaml"
insert() { # insert FILE at the marked place, with the place's indentation
    awk -v file="$1" -v mark="# <- $(basename "$1")" '
        index($0, mark) { match($0, /^ */); indent = substr($0, 1, RLENGTH); while ((getline line < file) > 0) print indent line; next }
        { print }'
}
insert "$work/filter.yaml" < "$here/theirs.yaml" | insert "$here/cluster.yaml" | insert "$here/local_reply.yaml" > "$work/envoy.yaml"

# Their MCP server, as it was.
"$python" "$root/tests/fixture" --port 19090 > "$work/server.log" 2>&1 &

# Steps 2 to 5: control plane, policy, Envoy, key.
"$trigate" control-plane --listen 127.0.0.1:10001 --state-dir "$work/state" > "$work/control-plane.log" 2>&1 &
export TRIGATE_CONTROL_PLANE=http://127.0.0.1:10001
until_true "the control plane's start" test -s "$work/state/node.token"
on_control_plane() { "$trigate" "$@" --token-file "$work/state/admin.token"; }
until_true "the policy's arrival" on_control_plane policy apply "$here/trigate.yaml"
TRIGATE_NODE_TOKEN=$(cat "$work/state/node.token") "$envoy" -c "$work/envoy.yaml" --concurrency 2 \
    --disable-hot-restart -l warning > "$work/envoy.log" 2>&1 &
created=$(on_control_plane apikey create --role shop_agent --name shop-bot --output json)
key=$(grep -o 'tg_[a-z2-7]*_[a-z2-7]*' <<< "$created")
id=$(cut -d_ -f2 <<< "$key")

url=http://127.0.0.1:19080
status() { curl -s -o "$work/body" -w '%{http_code}' -m 10 "$@"; }
call() { # call STATUS BODY [curl options]
    local expected=$1 body=$2; shift 2
    local got; got=$(status "$url/assistant/mcp" -H 'content-type: application/json' \
        -H 'accept: application/json, text/event-stream' -H 'mcp-protocol-version: 2026-07-28' "$@" -d "$body") || true
    [ "$got" = "$expected" ]
}
message() { # message METHOD PARAMS
    printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":{%s"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}' "$1" "$2"
}
with_key=(-H "authorization: Bearer $key")
list=$(message tools/list '')
allowed=$(message tools/call '"name":"test_simple_text","arguments":{},')
denied=$(message tools/call '"name":"test_image_content","arguments":{},')
on_list=("${with_key[@]}" -H 'mcp-method: tools/list')
on_allowed=("${with_key[@]}" -H 'mcp-method: tools/call' -H 'mcp-name: test_simple_text')
on_denied=("${with_key[@]}" -H 'mcp-method: tools/call' -H 'mcp-name: test_image_content')

until_true "the first permitted list" call 200 "$list" "${on_list[@]}"
names=$(grep -o '"name":"test_[a-z_]*"' "$work/body" | sort -u)
[ "$names" = '"name":"test_simple_text"' ] || fail "the list shows: $names"
ok "the list shows what may be called, and nothing else"

call 200 "$allowed" "${on_allowed[@]}" && grep -q '"result"' "$work/body" || fail "the permitted call: $(cat "$work/body")"
ok "a permitted call reaches their server"

call 200 "$denied" "${on_denied[@]}" && grep -q '"code":4030' "$work/body" || fail "the denied call: $(cat "$work/body")"
ok "a denied call is refused with a reason"

call 401 "$list" && grep -q '"code":4010' "$work/body" || fail "the call without a key: $(cat "$work/body")"
ok "a call without a key is refused with a challenge"

[ "$(status "$url/anything")" = 200 ] && grep -q 'the shop' "$work/body" || fail "their other routes changed"
ok "their other routes are as they were"

on_control_plane apikey revoke "$id" > /dev/null
start=$(date +%s%N)
while ! call 401 "$list" "${on_list[@]}"; do
    [ $(( ($(date +%s%N) - start) / 1000000 )) -lt 1000 ] || fail "the revoked key still works after 1 s"
done
ok "a revoked key is refused within a second"

rows=$(on_control_plane audit query --role shop_agent --output csv | grep -c shop-bot) || true
[ "$rows" -ge 3 ] || until_true "the audit's arrival" bash -c \
    "'$trigate' audit query --role shop_agent --output csv --token-file '$work/state/admin.token' | grep -q test_image_content"
ok "the audit trail has the decisions"

echo "verified: $("$envoy" --version | grep -o '/[0-9.]*/' | tr -d /)"
