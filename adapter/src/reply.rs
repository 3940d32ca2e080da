//! What a tool gave, as the JSON of an MCP result: written once, from text to text.

use mcp::write_string;

use crate::cell;
use crate::db::Commit;
use crate::db::rows::Rows;
use crate::failure::Failure;
use crate::tools::{Changed, Content};

/// Where a refusal's details are within `_meta`.
pub(crate) const REFUSAL: &str = "trigate/refusal";

/// The generations of the protocol, as far as results differ.
pub(crate) use mcp::revision::Era;

/// The tool's result as a JSON object.
pub(crate) fn of_content(content: Content) -> Vec<u8> {
    match content {
        Content::Changed(changed) => of_change(&changed),
        Content::Object(json) => json,
        Content::Rows(rows) => {
            let mut json = Vec::with_capacity(rows.json.len() + 160);
            json.push(b'{');
            members(&mut json, &rows);
            json.push(b'}');
            json
        }
    }
}

fn members(json: &mut Vec<u8>, rows: &Rows) {
    let head = format!("\"count\":{},\"truncated\":{}", rows.count, rows.cut.is_some());
    json.extend_from_slice(head.as_bytes());
    if let Some(cut) = rows.cut {
        json.extend_from_slice(b",\"hint\":");
        cell::text(json, cut.hint());
    }
    if let Some(cursor) = &rows.next_cursor {
        json.extend_from_slice(b",\"next_cursor\":");
        cell::text(json, cursor);
    }
    json.extend_from_slice(b",\"rows\":");
    json.extend_from_slice(&rows.json);
}

fn of_change(changed: &Changed) -> Vec<u8> {
    let mut json = format!("{{\"affected\":{}", changed.affected).into_bytes();
    if changed.commit == Commit::DryRun {
        json.extend_from_slice(b",\"dry_run\":true");
    }
    if let Some(rows) = &changed.rows {
        json.extend_from_slice(b",\"rows\":");
        json.extend_from_slice(&rows.json);
    }
    json.push(b'}');
    json
}

/// A refusal in one text, for a model.
pub(crate) fn refusal(failure: &Failure, decision_id: &str) -> String {
    format!("{} (decision {decision_id})", failure.in_full())
}

/// The whole message that answers a call: the result as structure and as text.
pub(crate) fn message(id: &[u8], era: Era, json: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(json.len() * 2 + json.len() / 4 + 192);
    begin(&mut out, id, era);
    // Rows are written by us and are UTF-8 always; without the text copy there is no answer.
    write_string(&mut out, str::from_utf8(json).ok()?);
    out.extend_from_slice(br#"}],"structuredContent":"#);
    out.extend_from_slice(json);
    out.extend_from_slice(br#","isError":false}}"#);
    Some(out)
}

/// The whole message that answers a call which failed.
pub(crate) fn failed(id: &[u8], era: Era, failure: &Failure, decision_id: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    begin(&mut out, id, era);
    write_string(&mut out, &refusal(failure, decision_id));
    out.extend_from_slice(br#"}],"isError":true,"_meta":{""#);
    out.extend_from_slice(REFUSAL.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(serde_json::Value::Object(failure.context(decision_id)).to_string().as_bytes());
    out.extend_from_slice(b"}}}");
    out
}

fn begin(out: &mut Vec<u8>, id: &[u8], era: Era) {
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id);
    out.extend_from_slice(br#","result":{"#);
    if era == Era::Modern {
        out.extend_from_slice(br#""resultType":"complete","#);
    }
    out.extend_from_slice(br#""content":[{"type":"text","text":"#);
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::db::rows::Cut;

    fn rows() -> Rows {
        Rows {
            json: br#"[{"a":"x \" y"}]"#.to_vec(),
            count: 1,
            cut: Some(Cut::Rows),
            next_cursor: Some("c\"1".into()),
        }
    }

    #[test]
    fn text_and_structure_say_the_same() {
        let json = of_content(Content::Rows(rows()));
        let message: Value = serde_json::from_slice(&message(b"7", Era::Modern, &json).unwrap()).unwrap();
        let result = &message["result"];
        let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!((&text, message["id"].as_u64()), (&result["structuredContent"], Some(7)));
        assert_eq!(text["rows"][0]["a"], "x \" y");
        assert_eq!((&text["truncated"], &text["next_cursor"]), (&true.into(), &"c\"1".into()));
        assert_eq!(result["resultType"], "complete");
    }

    #[test]
    fn a_legacy_result_has_no_type() {
        let message = message(b"\"a\"", Era::Legacy, b"{}").unwrap();
        assert!(!String::from_utf8(message).unwrap().contains("resultType"));
    }

    #[test]
    fn a_change_says_how_much_and_whether_it_stays() {
        let of = |commit, rows| {
            let json = of_content(Content::Changed(Changed { affected: 2, rows, commit }));
            String::from_utf8(json).unwrap()
        };
        assert_eq!(of(Commit::Commit, None), r#"{"affected":2}"#);
        assert_eq!(
            of(Commit::DryRun, Some(rows())),
            r#"{"affected":2,"dry_run":true,"rows":[{"a":"x \" y"}]}"#
        );
    }

    #[test]
    fn a_refusal_carries_its_decision_and_what_is_missing() {
        let refusal =
            sql::Refusal::Statement { place: sql::Place::Statement, objection: sql::Objection::RawSql };
        let failure = Failure::Query(refusal);
        let message: Value = serde_json::from_slice(&failed(b"1", Era::Modern, &failure, "01hf")).unwrap();
        let result = &message["result"];
        assert_eq!(result["isError"], true);
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains("raw_sql: true") && text.ends_with("(decision 01hf)"), "{text}");
        let context = &result["_meta"][REFUSAL];
        assert_eq!((&context["reason"], &context["decision"]), (&"raw_sql".into(), &"01hf".into()));
        assert!(context["missing"].is_string() && context["grant"].is_string(), "{context}");
    }
}
