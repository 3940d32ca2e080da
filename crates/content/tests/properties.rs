//! What holds for any text and any message, however its parts meet.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test stops at the first surprise")]

use content::{Inspected, Kind, Mode, Outcome, Rules, inspect, inspect_value};
use mcp::{Json, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

const LIMITS: Limits = Limits { bytes: 1 << 20, depth: 64, members: 100_000 };

fn look(document: &[u8], rules: &Rules) -> Inspected {
    inspect(Json::parse(document, &LIMITS).unwrap(), rules)
}

/// A value after everything was redacted; none where it was refused.
fn redacted(value: &Value) -> Option<Value> {
    let document = serde_json::to_vec(value).unwrap();
    match look(&document, &Rules::of(Mode::Redact, Mode::Redact)).outcome {
        Outcome::Kept => Some(value.clone()),
        Outcome::Redacted(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Outcome::Refused(_) => None,
    }
}

fn text_redacted(text: &str) -> String {
    redacted(&json!({ "result": [text] })).unwrap()["result"][0].as_str().unwrap().to_owned()
}

/// What is found in a text.
fn found(text: &str) -> Vec<Kind> {
    let document = serde_json::to_vec(&json!([text])).unwrap();
    let json = Json::parse(&document, &LIMITS).unwrap();
    let inspected = inspect_value(json, &Rules::of(Mode::Observe, Mode::Observe));
    inspected.found.iter().map(|(kind, _)| kind).collect()
}

/// Digits with the check digit of a card behind them.
fn with_luhn(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A German account number with its check digits.
fn iban(account: u64) -> String {
    let account = format!("{account:018}");
    let rest = format!("{account}131400")
        .bytes()
        .fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

fn grouped(text: &str, separator: char) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(&separator.to_string())
}

prop_compose! {
    fn card()(digits in "4[0-9]{5}[1-9][0-9]{8}|5[1-5][0-9]{4}[1-9][0-9]{8}", separator in "[ -]?") -> String {
        let card = with_luhn(&digits);
        separator.chars().next().map_or_else(|| card.clone(), |separator| grouped(&card, separator))
    }
}

prop_compose! {
    fn account()(number in 0_u64..1_000_000_000_000_000_000, spaced in any::<bool>()) -> String {
        if spaced { grouped(&iban(number), ' ') } else { iban(number) }
    }
}

/// Something that is found, with its kind.
fn instance() -> impl Strategy<Value = (Kind, String)> {
    let of = |kind| move |text| (kind, text);
    prop_oneof![
        card().prop_map(of(Kind::Card)),
        account().prop_map(of(Kind::Iban)),
        "[a-z][a-z0-9._+]{0,10}[a-z0-9]@[a-z][a-z0-9]{1,8}(\\.[a-z]{2,6}){0,1}\\.(com|de|org)"
            .prop_map(of(Kind::Email)),
        "(00[1-9]|[1-5][0-9]{2}|[78][0-9]{2})-(0[1-9]|[1-9][0-9])-(000[1-9]|[1-9][0-9]{3})"
            .prop_map(of(Kind::Ssn)),
        "\\+49 (30|89|171) [1-9][0-9]{6}".prop_map(of(Kind::Phone)),
        "\\([2-9][0-8][0-9]\\) [2-9][02-9][0-9]-[0-9]{4}".prop_map(of(Kind::Phone)),
        "AKIA[A-Z2-7]{16}".prop_map(of(Kind::AwsKey)),
        "gh[pousr]_[A-Za-z0-9]{36}".prop_map(of(Kind::GithubToken)),
        "glpat-[A-Za-z0-9]{20}".prop_map(of(Kind::GitlabToken)),
        "sk_live_[A-Za-z0-9]{24}".prop_map(of(Kind::StripeKey)),
        "npm_[A-Za-z0-9]{36}".prop_map(of(Kind::NpmToken)),
        "eyJ[A-Za-z0-9_]{20}\\.eyJ[A-Za-z0-9_]{30}\\.[A-Za-z0-9_]{43}".prop_map(of(Kind::Jwt)),
        "AIza[A-Za-z0-9_]{34}[A-Za-z0-9]".prop_map(of(Kind::GcpKey)),
        "tg_[a-z2-7]{12}_[a-z2-7]{52}".prop_map(of(Kind::TrigateKey)),
    ]
}

/// Text in which findings stand beside each other, nearly there, and where they do not belong.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => instance().prop_map(|(_, text)| text),
        2 => "[a-z]{1,8}",
        2 => "[0-9]{1,16}",
        3 => "[ .,:;=@/()+\"'<>{}-]{1,3}",
        1 => "password|token|phone|ssn|api_key|Authorization: Bearer|://|https://u:pw@|-----BEGIN PRIVATE KEY-----|%40",
        1 => "\\PC{1,3}",
        1 => "[\u{200b}\u{ad}\u{a0}\u{2011}\u{ff11}\n\t\\\\]",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "4[0-9]{5}[1-9][0-9]{8}".prop_map(|digits| Value::from(with_luhn(&digits).parse::<u64>().unwrap())),
        Just(Value::Null),
    ];
    let name =
        prop_oneof![4 => "[a-z]{1,6}", 2 => "password|phone|ssn|api_key|data|blob|id|method", 1 => text()];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_redacted_is_not_found_again(text in text()) {
        let once = text_redacted(&text);
        prop_assert_eq!(found(&once), [], "{} -> {}", text, once);
        prop_assert_eq!(text_redacted(&once), once.clone(), "{}", text);
    }

    #[test]
    fn text_outside_of_findings_is_untouched(text in text()) {
        let out = text_redacted(&text);
        let mut rest = text.as_str();
        let mut pieces = out.split("[redacted:");
        let first = pieces.next().unwrap();
        prop_assert!(rest.starts_with(first), "{} -> {}", text, out);
        rest = rest.strip_prefix(first).unwrap();
        for piece in pieces {
            let (kind, piece) = piece.split_once(']').unwrap();
            prop_assert!(Kind::from_name(kind).is_some());
            let place = rest.find(piece);
            prop_assert!(place.is_some(), "{} -> {}", text, out);
            rest = rest.get(place.unwrap() + piece.len()..).unwrap();
        }
        prop_assert!(out.is_ascii() || out.ends_with(rest) || text.ends_with(rest));
    }

    #[test]
    fn every_instance_is_found((kind, instance) in instance(), before in "|[a-z]{1,5} |\\(|\"|: |, |\n", behind in "| [a-z]{1,5}|\\)|\"|\\.|, |\n|;") {
        let text = format!("{before}{instance}{behind}");
        prop_assert_eq!(found(&text), [kind], "{}", text);
    }

    #[test]
    fn a_structure_and_its_copies_as_text_lose_the_same(value in value()) {
        let copies = [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()];
        let content: Vec<Value> = copies.iter().map(|copy| json!({ "type": "text", "text": copy })).collect();
        let message = json!({ "jsonrpc": "2.0", "id": 1, "result": { "content": content, "structuredContent": value } });
        let Some(out) = redacted(&message) else { return Ok(()) };
        let result = &out["result"];
        if value.is_object() || value.is_array() {
            for copy in result["content"].as_array().unwrap() {
                let copy: Value = serde_json::from_str(copy["text"].as_str().unwrap()).unwrap();
                prop_assert_eq!(&copy, &result["structuredContent"]);
            }
        }
        prop_assert_eq!(redacted(&out), Some(out.clone()));
    }

    #[test]
    fn any_text_leaves_valid_json(text in "\\PC{0,40}", name in "\\PC{0,8}") {
        let out = redacted(&json!({ "result": { name: text } }));
        prop_assert!(out.is_some());
    }
}
