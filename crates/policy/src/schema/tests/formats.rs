//! Every format that is checked, with texts that have it and texts that do not.

use super::*;
use crate::schema::format::Format;

#[track_caller]
fn check(name: &str, has: &[&str], has_not: &[&str]) {
    let format = Format::named(name).unwrap();
    assert_eq!(format.name(), name);
    for (texts, expected) in [(has, true), (has_not, false)] {
        for text in texts {
            assert_eq!(format.holds(text), expected, "{name} {text:?}");
        }
    }
}

#[test]
fn times() {
    check(
        "date",
        &["2024-02-29", "0000-01-01"],
        &["2023-02-29", "2024-13-01", "2024-1-01", "24-01-01", "2024-01-01Z", "2024-04-31", "", "٢024-01-01"],
    );
    check(
        "time",
        &["12:00:00Z", "23:59:60z", "00:29:60+00:30", "12:00:00.123456789-23:59"],
        &[
            "12:00:00",
            "24:00:00Z",
            "12:00:60Z",
            "12:60:00Z",
            "12:00:00.Z",
            "12:00:00+24:00",
            "12:00Z",
            "12:00:00+0100",
            "1é:00:0Z",
        ],
    );
    check(
        "date-time",
        &["2024-02-29T12:00:00Z", "2024-02-29t12:00:00.5+01:00"],
        &["2024-02-29 12:00:00Z", "2024-02-29", "2024-02-30T12:00:00Z", "T"],
    );
    check(
        "duration",
        &["P1Y", "P1Y2M3D", "P2M3D", "PT1H", "PT1H2M3S", "P1DT5S", "P4W"],
        &["P", "PT", "1D", "P1Y3D", "PT1H3S", "P1W2D", "P1S", "PD", "P-1D", "P1D ", "P1.5D", "P1M1Y"],
    );
}

#[test]
fn hosts() {
    check("ipv4", &["127.0.0.1"], &["127.0.0.01", "127.0.1", "256.0.0.1", "127.0.0.1 ", ""]);
    check("ipv6", &["::1", "fe80::1:2", "::ffff:1.2.3.4"], &["::1%eth0", "[::1]", "1::2::3", ":", "12345::"]);
    let long = format!("{}.x", "a".repeat(64));
    check(
        "hostname",
        &["localhost", "a-b.example.com", "1.example", "xn--bcher-kva.example", "XN--BCHER-KVA"],
        &[
            "",
            ".",
            "a.",
            "-a",
            "a-",
            "a_b",
            "é.example",
            "a..b",
            &long,
            "ab--cd",
            "xn--",
            "xn--a",
            "xn--ll-0ea",
            "xn--hello-txk",
        ],
    );
    check(
        "email",
        &["a@example.com", "a.b+c@localhost", "a@[127.0.0.1]", "a@[IPv6:::1]"],
        &["nobody", "@b", "a@", ".a@b", "a..b@c", "a@b@c", "\"a b\"@c", "é@c", "a@[1.2.3]", "a b@c"],
    );
}

#[test]
fn names_of_things() {
    check(
        "uri",
        &[
            "http://a",
            "urn:x:y",
            "mailto:a@b",
            "http://u:p@[::1]:80/a%20b?c/?#d",
            "file:///x",
            "a:",
            "h://[v1.x:y]/",
        ],
        &[
            "",
            "//a",
            "a/b",
            "http://a b",
            "http://[::1",
            "http://a:b",
            "1a:b",
            "a:%2",
            "a:b#c#d",
            "http://é",
            "a:\\",
        ],
    );
    check("uri-reference", &["", "a/b:c", "//a", "?x", "#f", "./a:b"], &["1a:b", "\\", "a b", "%", "//["]);
    check(
        "uuid",
        &["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
        &[
            "2eb8aa08aa9811eab4aa73b441d16380",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
            "2eb8aa08-aa98-11ea-b4ag-73b441d16380",
            "",
        ],
    );
    check("json-pointer", &["", "/", "/a~0~1", "/a//b"], &["a", "/~", "/~2", "#/a"]);
}

#[test]
fn formats_are_of_texts_and_only_where_they_count() {
    let text = r#"{"format":"ipv4"}"#;
    assert_eq!(Schema::of_output(text).unwrap().meets(json("7")), Some(true));
    assert_eq!(Schema::of_output(text).unwrap().meets(json("\"x\"")), Some(false));
    assert_eq!(Schema::declared(text).unwrap().meets(json("\"x\"")), Some(true));
    assert_eq!(Schema::of_output(r#"{"format":"semver"}"#).unwrap().meets(json("\"x\"")), Some(true));
}
