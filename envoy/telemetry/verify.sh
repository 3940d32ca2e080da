#!/usr/bin/env bash
# Proves docs/telemetry.md on a real Envoy: what its statistics and its access log show of the gate, and the trace that goes on.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

"$python" "$root/tests/fixture" --port "${free[3]}" --record "$work/record.jsonl" > "$work/server.log" 2>&1 &
start_control_plane
apply trigate.yaml
render envoy.yaml
start_envoy envoy.yaml
with_key "$(key_of shop_agent shop-bot)"
until_true "the first permitted list" list 200
call 200 test_simple_text || fail "the permitted call: $(body)"
call 200 test_image_content || fail "the denied call: $(body)"

logged() { "$python" - "$work/access.log" "$@" <<'P'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
wanted = dict(pair.split("=", 1) for pair in sys.argv[2:])
sys.exit(0 if any(row["decision"] and all(row.get(name) == value for name, value in wanted.items()) for row in rows) else 1)
P
}
until_true "the permitted call in the access log" logged result=allowed subject=shop-bot role=shop_agent server=assistant \
    method=tools/call name=test_simple_text "rule=allow assistant.test_simple_text"
until_true "the denied call in the access log" logged result=denied name=test_image_content
ok "the access log says who called what, by which rule, and the decision's id"

scraped() { curl -s -m 5 "$admin/stats/prometheus" > "$work/scrape" && grep -Eq "$1" "$work/scrape"; }
until_true "the decisions among the statistics" scraped '^trigate_decisions_allowed\{[^}]*\} [1-9]'
until_true "the refusals by code" scraped '^trigate_refused\{[^}]*code="4030"[^}]*\} 1$'
until_true "the revision" scraped '^trigate_policy_revision\{[^}]*\} [1-9]'
for name in decisions_denied policy_age_seconds audit_buffered; do
    scraped "^trigate_$name\{" || fail "$name is not among: $(grep trigate "$work/scrape")"
done
spent() { call 200 test_simple_text; scraped '^trigate_spent_us_count\{[^}]*\} [1-9]'; }
until_true "the time spent" spent
ok "Prometheus sees decisions, refusals by code, time spent, the policy's age and revision, the audit's buffer"

trace=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
message tools/call '"name":"test_simple_text","arguments":{},' | sed "s|\"_meta\":{|\"_meta\":{\"traceparent\":\"$trace\",|" > "$work/traced"
post 200 "$(cat "$work/traced")" -H 'mcp-method: tools/call' -H 'mcp-name: test_simple_text' -H "authorization: Bearer $key" \
    || fail "the traced call: $(body)"
grep -q "\"traceparent\", \"$trace\"" "$work/record.jsonl" || fail "the server did not get the trace"
ok "a trace that only the message names reaches the server as a header"

verified
