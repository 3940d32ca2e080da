#!/usr/bin/env bash
# Proves README.md on a real Envoy: its ext_proc filter, `trigate ext-proc`, and nothing passes without the service.
# Needs what `make build tools` makes.
source "$(dirname "$0")/../common.sh"

start_server
start_control_plane
apply trigate.yaml
start_processor() {
    "$trigate" ext-proc --listen "$processor" --token-file "$work/state/node.token" --node edge-1 --threads 2 \
        >> "$work/ext-proc.log" 2>&1 &
    processor_process=$!
}
start_processor
render envoy.yaml
sed -i "s|NODE_TOKEN|$(cat "$work/state/node.token")|" "$work/envoy.yaml"
start_envoy envoy.yaml
with_key "$(key_of shop_agent shop-bot)"

until_true "the first permitted list" list 200
[ "$(listed)" = '"name":"test_simple_text"' ] || fail "the list shows: $(listed)"
ok "the list shows what may be called, and nothing else"

call 200 test_simple_text && said '"result"' || fail "the permitted call: $(body)"
ok "a permitted call reaches the server"

call 200 test_image_content && said '"code":4030' || fail "the denied call: $(body)"
ok "a denied call is refused with a reason"

key= list 401 && said '"code":4010' || fail "the call without a key: $(body)"
ok "a call without a key is refused with a challenge"

kill -9 $processor_process
until_true "the refusal without the service" call 503 test_simple_text
ok "without the service nothing passes"

start_processor
until_true "the service's return" call 200 test_simple_text
ok "it heals by itself"

sed "s|Bearer $(cat "$work/state/node.token")|Bearer somebody|" "$work/envoy.yaml" > "$work/stranger.yaml"
kill $envoy_process; wait $envoy_process 2>/dev/null || true
start_envoy stranger.yaml stranger
until_true "the refusal of a stranger" call 503 test_simple_text
ok "an Envoy that does not show the token gets nothing through"

for change in 's|request_body_mode: BUFFERED|request_body_mode: NONE|' 's|request_header_mode: SEND|request_header_mode: SKIP|' \
    's|response_body_mode: STREAMED|response_body_mode: NONE|'; do
    sed "$change" "$work/envoy.yaml" > "$work/less.yaml"
    kill $envoy_process; wait $envoy_process 2>/dev/null || true
    start_envoy less.yaml less
    until_true "the refusal under $change" call 503 test_simple_text
    call 503 test_image_content || fail "under $change: $(body)"
done
ok "a filter that shows less than is judged gets nothing through"

until_true "the audit's arrival" bash -c \
    "'$trigate' audit query --role shop_agent --output csv --token-file '$work/state/admin.token' | grep -q test_image_content"
ok "the audit trail has the decisions"

verified
