//! Headers beside bodies: which agree, which do not, and what would set them right.

use mcp::Limits;
use policy::catalogue::tool::Tool;

use super::*;

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;
const STANDARD: [(&str, &str); 3] = [(VERSION, "2026-07-28"), (METHOD, "tools/call"), (NAME, "a")];

fn mirror(headers: &[(&str, &str)]) -> Mirror {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Mirror::of(&Head { headers: headers.collect(), ..Head::default() })
}

fn call(arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"a","arguments":{arguments},{META}}}}}"#
    )
}

fn edits(body: &str, headers: &[(&str, &str)], params: &[HeaderParam]) -> Vec<HeaderEdit> {
    let frame = Frame::parse(body.as_bytes(), &Limits::default()).unwrap();
    mirror(headers).mismatches(&frame, params).into_iter().map(Mismatch::fix).collect()
}

/// The headers that have to change, and to what.
#[track_caller]
fn check(body: &str, headers: &[(&str, &str)], expected: &[(&str, Option<&str>)]) {
    let edits = edits(body, headers, &[]);
    let edits: Vec<_> = edits.iter().map(|edit| (edit.name.as_str(), edit.value.as_deref())).collect();
    assert_eq!(edits, expected);
}

/// As above, for one argument that is mirrored into `Mcp-Param-X`.
#[track_caller]
fn check_param(kind: &str, value: &str, sent: &[&str], expected: Option<Option<&str>>) {
    let tool = format!(
        r#"{{"name":"a","inputSchema":{{"properties":{{"o":{{"properties":{{"x":{{"type":"{kind}","x-mcp-header":"X"}}}}}}}}}}}}"#
    );
    let tool = Tool::read(&tool).unwrap();
    let mut headers = STANDARD.to_vec();
    headers.extend(sent.iter().map(|value| ("mcp-param-x", *value)));
    let arguments = if value.is_empty() { "{}".to_owned() } else { format!(r#"{{"o":{{"x":{value}}}}}"#) };
    let edits = edits(&call(&arguments), &headers, tool.header_params());
    assert_eq!(edits.first().map(|edit| edit.value.as_deref()), expected, "{value} {sent:?}");
    assert!(edits.iter().all(|edit| edit.name == "mcp-param-x"));
}

#[test]
fn equal_headers_agree() {
    check(&call("{}"), &STANDARD, &[]);
    check(&call("{}"), &[STANDARD[0], STANDARD[1], (NAME, "=?base64?YQ==?=")], &[]);
    check(&call("{}"), &[STANDARD[0], STANDARD[1], (NAME, "  a\t")], &[]);
}

#[test]
fn a_missing_other_or_repeated_header_is_named_with_its_right_value() {
    let [version, method, name] = STANDARD;
    check(&call("{}"), &[method, name], &[(VERSION, Some("2026-07-28"))]);
    check(&call("{}"), &[(VERSION, "2025-11-25"), method, name], &[(VERSION, Some("2026-07-28"))]);
    check(&call("{}"), &[version, (METHOD, "Tools/call"), name], &[(METHOD, Some("tools/call"))]);
    check(&call("{}"), &[version, method], &[(NAME, Some("a"))]);
    check(&call("{}"), &[version, method, name, name], &[(NAME, Some("a"))]);
    check(&call("{}"), &[version, method, (NAME, "=?base64?YQ?=")], &[(NAME, Some("a"))]);
    check(&call("{}"), &[version, method, (NAME, "=?BASE64?YQ==?=")], &[(NAME, Some("a"))]);
    check(
        &call("{}"),
        &[],
        &[(VERSION, Some("2026-07-28")), (METHOD, Some("tools/call")), (NAME, Some("a"))],
    );
}

#[test]
fn a_name_that_does_not_fit_a_header_is_encoded() {
    let body = call("{}").replace(r#""name":"a""#, r#""name":"\u00e4""#);
    let [version, method, _] = STANDARD;
    check(&body, &[version, method, (NAME, "=?base64?w6Q=?=")], &[]);
    check(&body, &[version, method, (NAME, "\u{e4}")], &[(NAME, Some("=?base64?w6Q=?="))]);
}

#[test]
fn a_notification_may_do_without_a_method_but_not_name_another() {
    let body = format!(r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{{META}}}}}"#);
    check(&body, &[STANDARD[0]], &[]);
    check(&body, &STANDARD, &[(METHOD, Some("notifications/cancelled"))]);
}

#[test]
fn arguments_are_compared_as_what_they_are() {
    check_param("string", r#""Hello""#, &["Hello"], None);
    check_param("string", r#""Hello""#, &["=?base64?SGVsbG8=?="], None);
    check_param("string", r#""\u0048ello""#, &["Hello"], None);
    check_param("string", r#""=?base64?SGVsbG8=""#, &["=?base64?SGVsbG8="], None);
    check_param("string", r#""SGVsbG8=""#, &["SGVsbG8="], None);
    check_param("boolean", "true", &["true"], None);
    check_param("integer", "42", &["42"], None);
    check_param("integer", "42", &["42.0"], None);
    check_param("integer", "4.2e1", &["42"], None);
    check_param("integer", "-7", &["-7"], None);
    check_param("string", "null", &[], None);
    check_param("string", "", &[], None);
}

#[test]
fn what_differs_is_told_with_what_it_should_be() {
    check_param("string", r#""Hello""#, &["hello"], Some(Some("Hello")));
    check_param("string", r#""Hello""#, &[], Some(Some("Hello")));
    check_param("string", r#""Hello""#, &["Hello", "Hello"], Some(Some("Hello")));
    check_param("string", r#""Hello""#, &["=?base64?SGVsbG8?="], Some(Some("Hello")));
    check_param("string", r#""Hello""#, &["=?base64?SGVs!!!bG8=?="], Some(Some("Hello")));
    check_param("string", r#"" a""#, &["a"], Some(Some("=?base64?IGE=?=")));
    check_param(
        "string",
        r#""=?base64?YQ==?=""#,
        &["=?base64?YQ==?="],
        Some(Some("=?base64?PT9iYXNlNjQ/WVE9PT89?=")),
    );
    check_param("boolean", "true", &["True"], Some(Some("true")));
    check_param("integer", "42", &["43"], Some(Some("42")));
    check_param("integer", "42", &["042"], Some(Some("42")));
    check_param("integer", "42", &["\"42\""], Some(Some("42")));
    check_param("integer", "9007199254740993", &["9007199254740992"], Some(Some("9007199254740993")));
    check_param("string", "null", &["a"], Some(None));
    check_param("string", "", &["a"], Some(None));
    check_param("string", "[1]", &["[1]"], Some(None));
}
