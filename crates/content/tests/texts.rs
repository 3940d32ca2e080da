//! What is found in texts, and what of daily life is not.

#![expect(clippy::panic, reason = "a test stops at the first surprise")]

use content::{Mode, Outcome, Rules, inspect};
use mcp::{Json, Limits};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What a text becomes where everything is redacted.
fn redacted(text: &str) -> String {
    let mut message = br#"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"#.to_vec();
    mcp::write_string(&mut message, text);
    message.extend_from_slice(b"}]}}");
    let Ok(json) = Json::parse(&message, &Limits::default()) else { panic!("not JSON: {text}") };
    let bytes = match inspect(json, &Rules::of(Mode::Redact, Mode::Redact)).outcome {
        Outcome::Kept => message.clone(),
        Outcome::Redacted(bytes) => bytes,
        Outcome::Refused(why) => panic!("refused: {why}"),
    };
    let Ok(json) = Json::parse(&bytes, &Limits::default()) else { panic!("no longer JSON: {text}") };
    let text = json
        .member("result")
        .and_then(|result| result.member("content")?.array()?.first()?.member("text")?.as_str());
    text.unwrap_or_default().into_owned()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(redacted(text), expected);
}

#[track_caller]
fn untouched(texts: &[&str]) {
    for text in texts {
        assert_eq!(redacted(text), *text);
    }
}

/// The text around a finding stays, whatever the surroundings are.
#[track_caller]
fn found(kind: &str, values: &[&str]) {
    for value in values {
        for (before, behind) in [
            ("", ""),
            ("It is ", "."),
            ("(", ")"),
            ("a\n", "\nb"),
            ("„", "“, and"),
            ("x, ", "; y"),
            ("<b>", "</b>"),
        ] {
            check(&format!("{before}{value}{behind}"), &format!("{before}[redacted:{kind}]{behind}"));
        }
    }
}

#[test]
fn keys_and_tokens_of_known_services_are_found() {
    let letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6jK9mN2pQ5sT8vW1yZ4bC7dE0fG3hJ6kL9";
    let of = |prefix: &str, length: usize| format!("{prefix}{}", letters.get(..length).unwrap_or_default());
    found("aws_key", &["AKIAIOSFODNN7EXAMPLE", "ASIAY34FZKBOKMUTVV7A"]);
    found("gcp_key", &[&of("AIza", 35), &of("GOCSPX-", 28), &of("ya29.", 60)]);
    found("github_token", &[&of("ghp_", 36), &of("ghs_", 36), &of("github_pat_", 60)]);
    found("gitlab_token", &[&of("glpat-", 20), &of("glrt-", 26)]);
    found(
        "slack_token",
        &[
            "xoxb-123456789012-1234567890123-aBcDeFgHiJkLmNoPqRsTuVwX",
            "hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        ],
    );
    found("stripe_key", &[&of("sk_live_", 24), &of("rk_test_", 24), &of("whsec_", 32)]);
    found(
        "ai_key",
        &[
            &of("sk-", 48),
            &of("sk-proj-", 60),
            "sk-ant-api03-aB3dE6gH9jK2mN5pQ8sT1v_W4yZ7bC0dF-3gH6jK9mN2pQ5sT8vAA",
        ],
    );
    found("npm_token", &[&of("npm_", 36)]);
    found("pypi_token", &[&of("pypi-AgEIcHlwaS5vcmc", 60)]);
    found(
        "service_token",
        &[&of("hf_", 34), "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
    );
    found("trigate_key", &["tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
    found(
        "jwt",
        &["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"],
    );
}

#[test]
fn private_keys_are_found_whole_or_cut() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\nVJTUt9Us8cKj\n";
    check(
        &format!("before\n-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\nafter"),
        "before\n[redacted:private_key]\nafter",
    );
    check(&format!("-----BEGIN PRIVATE KEY-----\n{body}"), "[redacted:private_key]\n");
    check(
        r"key: -----BEGIN EC PRIVATE KEY-----\nMHcCAQEEII\n-----END EC PRIVATE KEY-----\n.",
        r"key: [redacted:private_key]\n.",
    );
    untouched(&[
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl8\n-----END CERTIFICATE-----",
        "----- BEGIN PRIVATE KEY",
    ]);
}

#[test]
fn passwords_in_urls_are_found_and_the_rest_of_the_url_stays() {
    check(
        "postgres://app:s3cr3t@db.example.com:5432/shop",
        "postgres://app:[redacted:url_password]@db.example.com:5432/shop",
    );
    check("use mongodb+srv://u:p@ss@h/x?y=1 now", "use mongodb+srv://u:[redacted:url_password]@h/x?y=1 now");
    untouched(&[
        "postgres://app@db.example.com:5432/shop",
        "postgres://app:${PASSWORD}@db/shop",
        "http://127.0.0.1:8080/a:b@c",
    ]);
}

#[test]
fn names_announce_passwords_and_credentials() {
    check("PGPASSWORD=swordfish psql", "PGPASSWORD=[redacted:password] psql");
    check(
        "Server=db;User Id=sa;Password=hunter2;Encrypt=no",
        "Server=db;User Id=sa;Password=[redacted:password];Encrypt=no",
    );
    check("password: \"correcthorse\", user: x", "password: \"[redacted:password]\", user: x");
    check("Password: hunter2!", "Password: [redacted:password]!");
    check("<password>hunter2</password>", "<password>[redacted:password]</password>");
    check("{'passwd': 'hunter2'}", "{'passwd': '[redacted:password]'}");
    check(
        "Authorization: Bearer 8f14e45fceea167a5a36dedd4bea2543",
        "Authorization: Bearer [redacted:credential]",
    );
    check(
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "aws_secret_access_key = [redacted:credential]",
    );
    check("?api_key=9aB3dE6gH9jK2mN5pQ&x=1", "?api_key=[redacted:credential]&x=1");
    untouched(&[
        "Password: must be at least 8 characters",
        "password = get_password()",
        "password=${DB_PASSWORD}",
        "password: ********",
        "The password is required.",
        "Token: expired",
        "secret: none",
        "token_type: bearer",
        "next_page_token: CAUQAA8f14e45fceea167a5a36dedd4bea2543",
        "Passwords: 3 changed",
        "pub Password: LSA_UNICODE_STRING,",
        "password = self.password",
        "OLDPWD=/home/user/project",
        "using llvm::Pass::doInitialization;",
        "colon2_token: node.colon2_token,",
        "private_key: ed25519.Ed25519PrivateKey, x",
        "http://username:password@host.com:80/path",
    ]);
}

#[test]
fn addresses_are_found() {
    found(
        "email",
        &["alice@example.com", "a.b+c_d@mail.example.co.uk", "jörg@exämple.de", "x@163.com", "A@B.museum"],
    );
    check("mailto:alice@example.com?subject=x", "mailto:[redacted:email]?subject=x");
    check(
        "Alice <alice@example.com>, Bob <bob@example.com>",
        "Alice <[redacted:email]>, Bob <[redacted:email]>",
    );
    check("邮箱alice@example.com谢谢", "邮箱[redacted:email]谢谢");
    check("alice@example.com-Infinity", "[redacted:email]-Infinity");
    check("alice@example.com.5 or alice@b.de-1.2", "[redacted:email].5 or [redacted:email]-1.2");
    untouched(&[
        "react@18.2.0-beta.rc",
        "react@18.2.0-beta.rc.1",
        "logo@2x.png-old",
        "logo@2x.png",
        "git@github.com:owner/name.git",
        "@user mentioned you",
        "a @ b.com",
        "me@localhost",
        "x@y",
        "5@3.50",
        "actions/checkout@v4.1.1",
        "SELECT @@version",
        "user@",
        "ssh://git@example.com/x",
    ]);
}

#[test]
fn cards_are_found_in_the_groups_people_write() {
    found(
        "card",
        &[
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "5555555555554444",
            "378282246310005",
            "3782 822463 10005",
            "6011111111111117",
            "3530111333300000",
            "30569309025904",
            "3056 930902 5904",
            "2223003122003222",
        ],
    );
    check("4111 1111 1111 1111 12/27 123", "[redacted:card] 12/27 123");
    untouched(&[
        "4111111111111112",
        "4111-1111-1111-111",
        "0.4111111111111111",
        "41111111111111113",
        "a4111111111111111",
        "4111111111111111.5",
        "4000000000000000006",
    ]);
}

#[test]
fn accounts_are_found() {
    found(
        "iban",
        &[
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 00",
            "GB29 NWBK 6016 1331 9268 19",
            "FR1420041010050500013M02606",
            "NO9386011117947",
            "nl91abna0417164300",
        ],
    );
    untouched(&[
        "DE88370400440532013000",
        "DE89 3704 0044 0532",
        "XX89370400440532013000",
        "DE893704004405320130001",
    ]);
}

#[test]
fn social_security_numbers_are_found() {
    found("ssn", &["123-45-6789", "123 45 6789"]);
    check("SSN: 123456789", "SSN: [redacted:ssn]");
    untouched(&[
        "000-45-6789",
        "666-45-6789",
        "900-45-6789",
        "123-00-6789",
        "123-45-0000",
        "078-05-1120",
        "123-45-67890",
        "0123-45-6789",
        "123456789",
    ]);
}

#[test]
fn telephone_numbers_are_found() {
    found(
        "phone",
        &[
            "+1 415 555 2671",
            "+14155552671",
            "+49 30 1234567",
            "+49 (0)30 1234567",
            "+44 20 7946 0958",
            "+33 1 23 45 67 89",
            "+1 (415) 555-2671",
            "+41-44-668-18-00",
            "(415) 555-2671",
            "415-555-2671",
            "415.555.2671",
            "1-800-555-0199",
            "06 12 34 56 78",
            "020 7946 0958",
            "030 12345678",
            "0171-1234567",
        ],
    );
    check("Tel.: 4155552671, phone=030/123456", "Tel.: [redacted:phone], phone=[redacted:phone]");
    check("phone: 4155552671", "phone: [redacted:phone]");
    untouched(&[
        "+1",
        "+2024",
        "+0530",
        "a+4915112345678b",
        "1+14155552671",
        "+12345678",
        "x = 5 +10000000",
        "+262142-12-31",
        "+10000-01-02 10:00",
    ]);
}

#[test]
fn numbers_of_daily_life_are_not_found() {
    untouched(&[
        "2024-11-21",
        "2024-11-21T17:38:51.123456Z",
        "21.11.2024 17:38",
        "11/21/2024",
        "1700000000",
        "1700000000000",
        "1732210731123456789",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "9094114",
        "v1.2.3-rc.1+build.5",
        "order 1000012345",
        "Order #4111-22",
        "invoice 2024-000123",
        "EUR 1,234.56",
        "$1,299.00",
        "1 234 567,89",
        "12 345 678 901",
        "192.168.100.200",
        "10.0.0.1:8080",
        "2001:db8::1",
        "978-3-16-148410-0",
        "ISBN 0-306-40615-2",
        "3.14159265358979",
        "-122.4194155, 37.7749295",
        "1,2,3,4,5,6,7,8,9,10",
        "0x4111111111111111",
        "100 200 3000 400",
        "1-2-3-4",
        "AB12 3456",
        "PO-2024-11-0042",
        "SKU 4006381333931",
        "tracking 1Z999AA10123456784",
        "1e10",
        "16:9",
        "50%",
        "room 415-555",
        "#123456",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "DE-BY",
        "GB-2024",
        "IT99",
        "CVE-2026-59822",
        "RFC 9110",
        "sk-learn-is-a-nice-library-for-you",
        "task-eyJ",
        "eyJ",
        "AKIA",
        "ghp_",
        "key=value",
        "a=b&c=d",
        "15 000 000 people",
        "2 415 555 2671 99",
        "| 234 | 567 | 8901 |",
        "12 34 56 78 90 12 34",
        "1580661436132757504",
        "428195038491049984",
    ]);
}

#[test]
fn what_hides_a_value_does_not_help() {
    check("alice\u{200b}@exam\u{ad}ple.com", "[redacted:email]");
    check("４１１１ １１１１ １１１１ １１１１", "[redacted:card]");
    check("4111\u{a0}1111\u{2009}1111\u{202f}1111", "[redacted:card]");
    check("4111\u{2011}1111\u{2011}1111\u{2011}1111", "[redacted:card]");
    check("mail alice\\u0040example.com now", "mail [redacted:email] now");
    check("https://x.test/?q=alice%40example.com&y", "https://x.test/?q=[redacted:email]&y");
    check("ghp_\u{feff}aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6", "[redacted:github_token]");
    check(
        "{\"a\":\"{\\\"b\\\":\\\"alice\\\\u0040example.com\\\"}\"}",
        "{\"a\":\"{\\\"b\\\":\\\"[redacted:email]\\\"}\"}",
    );
}
