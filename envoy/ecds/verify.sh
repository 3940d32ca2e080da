#!/usr/bin/env bash
# Proves README.md on a real Envoy: the filter comes by discovery, and another configuration of it is taken without a restart.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

start_server
start_control_plane
apply trigate.yaml
render envoy.yaml
echo 'version_info: "0"' > "$work/filter.yaml" # nothing is delivered yet
start_envoy envoy.yaml
with_key "$(key_of shop_agent shop-bot)"

until_true "Envoy's start" curl -s -m 2 "$admin/ready"
call 200 test_simple_text && fail "a call passes although the filter has not come: $(body)"
ok "before the filter has come nothing passes"

deliver() { mv "$work/$1" "$work/filter.yaml"; } # a file that is moved into place is one change
render filter.yaml first.yaml
deliver first.yaml
until_true "the first permitted call" call 200 test_simple_text
said '"result"' || fail "the permitted call: $(body)"
call 200 test_image_content && said '"code":4030' || fail "the denied call: $(body)"
ok "the delivered filter allows and denies"

nodes() { on_control_plane nodes --output json; }
nodes | grep -q '"edge-1#' || fail "the nodes are: $(nodes)"
render filter.yaml second.yaml
sed -i 's|version_info: "1"|version_info: "2"|; s|"node": "edge-1"|"node": "edge-2"|' "$work/second.yaml"
deliver second.yaml
until_true "the new configuration" bash -c \
    "'$trigate' nodes --output json --token-file '$work/state/admin.token' | grep -q 'edge-2#'"
until_true "the next permitted call" call 200 test_simple_text
ok "another configuration is taken without a restart"

sed -e 's|version_info: "1"|version_info: "3"|' -e 's|envoy.wasm.runtime.v8|envoy.wasm.runtime.none|' "$here/filter.yaml" > "$work/third.yaml"
deliver third.yaml
rejected() { curl -s -m 2 "$admin/stats?filter=config_reload|update_rejected|config_fail" | grep -E '(config_fail|update_rejected|config_conflict): [1-9]'; }
until_true "the refusal of a configuration that Envoy cannot use" rejected
call 200 test_simple_text && said '"result"' || fail "after a bad configuration: $(body)"
call 200 test_image_content && said '"code":4030' || fail "after a bad configuration: $(body)"
ok "a configuration that cannot be used leaves the one before in force"

verified
