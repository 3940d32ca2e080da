#!/usr/bin/env bash
# Proves README.md on a real Envoy: somebody's configuration, the insertions, and nothing else of ours in front.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

# README, step 1: the module and the insertions.
insert() { # insert FILE at the marked place, with the place's indentation
    awk -v file="$work/$1" -v mark="# <- $1" '
        index($0, mark) { match($0, /^ */); indent = substr($0, 1, RLENGTH); while ((getline line < file) > 0) print indent line; next }
        { print }'
}
for part in theirs filter cluster local_reply; do render "$part.yaml"; done
insert filter.yaml < "$work/theirs.yaml" | insert cluster.yaml | insert local_reply.yaml > "$work/envoy.yaml"

# Their MCP server, as it was; then steps 2 to 5: control plane, policy, Envoy, key.
start_server
start_control_plane
apply trigate.yaml
workers=2 start_envoy envoy.yaml
with_key "$(key_of shop_agent shop-bot)"

until_true "the first permitted list" list 200
[ "$(listed)" = '"name":"test_simple_text"' ] || fail "the list shows: $(listed)"
ok "the list shows what may be called, and nothing else"

call 200 test_simple_text && said '"result"' || fail "the permitted call: $(body)"
ok "a permitted call reaches their server"

call 200 test_image_content && said '"code":4030' || fail "the denied call: $(body)"
ok "a denied call is refused with a reason"

key= list 401 && said '"code":4010' || fail "the call without a key: $(body)"
ok "a call without a key is refused with a challenge"

[ "$(status "$url/anything")" = 200 ] && said 'the shop' || fail "their other routes changed"
ok "their other routes are as they were"

on_control_plane apikey revoke "$(cut -d_ -f2 <<< "$key")" > /dev/null
start=$(date +%s%N)
while ! list 401; do
    [ $(( ($(date +%s%N) - start) / 1000000 )) -lt 1000 ] || fail "the revoked key still works after 1 s"
done
ok "a revoked key is refused within a second"

rows=$(on_control_plane audit query --role shop_agent --output csv | grep -c shop-bot) || true
[ "$rows" -ge 3 ] || until_true "the audit's arrival" bash -c \
    "'$trigate' audit query --role shop_agent --output csv --token-file '$work/state/admin.token' | grep -q test_image_content"
ok "the audit trail has the decisions"

verified
