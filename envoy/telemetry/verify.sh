#!/usr/bin/env bash
# Proves docs/telemetry.md on a real Envoy: what its statistics, its access log and its spans show of the gate, and the trace that
# goes on.
# Needs what `make build filter tools` makes.
source "$(dirname "$0")/../common.sh"

"$python" "$root/tests/fixture" --port "${free[3]}" --record "$work/record.jsonl" > "$work/server.log" 2>&1 &
# A receiver of spans, which keeps what came: the text within protobuf can be searched as it is.
otlp=$("$python" -c 'import socket; held = socket.socket(); held.bind(("127.0.0.1", 0)); print(held.getsockname()[1])')
"$python" - "$otlp" "$work/spans" > "$work/receiver.log" 2>&1 <<'P' &
import http.server, sys
class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        with open(sys.argv[2], "ab") as kept:
            while size := int(self.rfile.readline(), 16): kept.write(self.rfile.read(size + 2))  # Envoy sends chunks
            self.rfile.readline()
        self.send_response(200); self.send_header("content-length", "0"); self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
P
start_control_plane
apply trigate.yaml
render envoy.yaml
sed -i "s|14318|$otlp|g" "$work/envoy.yaml"
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

trace=0af7651916cd43dd8448eb211c80319c
message tools/call '"name":"test_simple_text","arguments":{},' > "$work/traced"
post 200 "$(cat "$work/traced")" -H 'mcp-method: tools/call' -H 'mcp-name: test_simple_text' -H "authorization: Bearer $key" \
    -H "traceparent: 00-$trace-b7ad6b7169203331-01" || fail "the traced call: $(body)"
went_on() { "$python" - "$work/record.jsonl" "$trace" <<'P'
import re, sys
parents = re.findall(r'"traceparent", "00-%s-([0-9a-f]{16})-01"' % sys.argv[2], open(sys.argv[1]).read())
sys.exit(0 if parents and "b7ad6b7169203331" not in parents else 1)
P
}
until_true "the trace's going on, below Envoy's own span" went_on
ok "a trace goes on to the server below the span of gate 2"
told() { grep -qa trigate.decision.id "$work/spans" && grep -qa 'allow assistant.test_simple_text' "$work/spans" && ! grep -qaF "$key" "$work/spans"; }
until_true "the decision on Envoy's spans" told
ok "the span of gate 2 has the decision, and not the key"

verified
