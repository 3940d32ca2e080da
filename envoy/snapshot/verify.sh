#!/usr/bin/env bash
# Proves README.md on a real Envoy: a filter without a control plane, its policy in its configuration, its decisions in the log.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

start_server
start_control_plane
apply trigate.yaml
with_key "$(key_of shop_agent shop-bot)"
"$trigate" policy snapshot --node edge-1 --token-file "$work/state/node.token" > "$work/snapshot.json"
kill $control_plane; wait $control_plane 2>/dev/null || true
render envoy.yaml
"$python" - "$work" <<'P'
import pathlib, sys
work = pathlib.Path(sys.argv[1])
text = (work / "envoy.yaml").read_text()
(work / "envoy.yaml").write_text(text.replace("SNAPSHOT", (work / "snapshot.json").read_text().strip()))
P
start_envoy envoy.yaml

until_true "the first permitted list" list 200
[ "$(listed)" = '"name":"test_simple_text"' ] || fail "the list shows: $(listed)"
call 200 test_simple_text && said '"result"' || fail "the permitted call: $(body)"
call 200 test_image_content && said '"code":4030' || fail "the denied call: $(body)"
key= list 401 && said '"code":4010' || fail "the call without a key: $(body)"
ok "the policy holds without a control plane"

logged() { grep -o '{"[^ ]*"decision":"denied".*}' "$work/envoy.log" | grep -q '"name":"test_image_content"'; }
until_true "the decision in the log" logged
ok "decisions are lines of JSON in the proxy's log"

sed "s|\"snapshot\":\"....|\"snapshot\":\"////|" "$work/envoy.yaml" > "$work/broken.yaml"
kill $envoy_process; wait $envoy_process 2>/dev/null || true
start_envoy broken.yaml broken
until_true "the refusal" call 503 test_simple_text
said '"code":4034' || fail "under a broken snapshot: $(body)"
ok "a snapshot that cannot be read denies everything"

verified
