#!/usr/bin/env bash
# Proves README.md on a real Envoy without `allow_on_headers_stop_iteration`: what holds, what is lost, and that it is refused.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

"$python" "$root/tests/fixture" --port "${free[3]}" --record "$work/record.jsonl" > "$work/server.log" 2>&1 &
start_control_plane
apply trigate.yaml
render envoy.yaml
start_envoy envoy.yaml
with_key "$(key_of shop_agent shop-bot)"
reached() { # reached TEXT: whether a request with this text in a header or its body has come to the server
    "$python" - "$work/record.jsonl" "$1" <<'P'
import base64, json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
texts = [str(line["headers"]) + base64.b64decode(line["body"]).decode() for line in lines]
sys.exit(0 if any(sys.argv[2] in text for text in texts) else 1)
P
}

until_true "the first permitted list" list 200
[ "$(listed)" = '"name":"test_simple_text"' ] || fail "the list shows: $(listed)"
ok "the list shows what may be called, and nothing else"

call 200 test_simple_text && said '"result"' || fail "the permitted call: $(body)"
ok "a permitted call reaches the server"

reached test_simple_text || fail "the record does not have the permitted call"
! reached "$key" || fail "the agent's key has reached the server"
ok "the agent's credential does not"

call 200 test_image_content && said '"code":4030' || fail "the denied call: $(body)"
! reached '"name":"test_image_content"' || fail "the body of a denied call has reached the server"
ok "a denied call is refused with a reason, and its body stays here"

key= list 401 && said '"code":4010' || fail "the call without a key: $(body)"
ok "a call without a key is refused with a challenge"

post_to() { # post_to PATH
    status "$url$1" -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' \
        -H 'mcp-protocol-version: 2026-07-28' -H 'mcp-method: tools/list' -H "authorization: Bearer $key" -d "$(message tools/list '')"
}
[ "$(post_to /shop/mcp)" = 502 ] && said 'strict mode' || fail "the database: $(body)"
ok "a database is refused: its signed assertion follows from the body"

legacy() { # legacy BODY [curl options]
    local sent=$1; shift
    status "$url/assistant/mcp" -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' \
        -H "authorization: Bearer $key" "$@" -d "$sent"
}
[ "$(legacy '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"v","version":"1"}}}')" = 200 ] \
    || fail "initialize: $(body)"
session=$(grep -i '^mcp-session-id:' "$work/head" | tr -d '\r' | cut -d' ' -f2)
if [ -n "$session" ]; then
    [ "$(legacy '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' -H "mcp-session-id: $session" -H 'mcp-protocol-version: 2025-06-18')" = 502 ] \
        && said 'strict mode' || fail "the session: $(body)"
    ok "a session of a legacy server is refused: its sealed id would have to be opened in a head that has gone"
fi

verified
