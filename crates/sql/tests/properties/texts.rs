//! Texts as callers send them: sound ones, and pieces put together without sense.

use proptest::prelude::*;
use sql::Dialect;

use super::DIALECTS;

pub(crate) fn dialects() -> impl Strategy<Value = Dialect> {
    prop::sample::select(DIALECTS.to_vec())
}

/// Pieces that filters are made of, put together without sense.
pub(crate) fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "id",
            "name",
            "\"Name\"",
            "\"odd \"\"name\"\"\"",
            "\"x.y\"",
            "über",
            "items.",
            "zzhidden",
            "total",
            "flag",
            "and",
            "or",
            "not",
            "in",
            "like",
            "between",
            "is",
            "null",
            "contains",
            "starts with",
            "count(*)",
            "sum(total)",
            "max (distinct id)",
            "as",
            "claims.region",
            "desc",
            "*",
            "(",
            ")",
            ",",
            "=",
            "<>",
            "<=",
            "1",
            "-2.5",
            "'a'",
            "'%_!\\\\'",
            "true",
            "--",
            "/*",
            ";",
            "'",
            "\"",
        ])
        .prop_map(str::to_owned),
        ".{0,4}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.join(" "))
}

/// Filters that are sound.
pub(crate) fn filters() -> impl Strategy<Value = String> {
    let text = "[a-z%_!\\\\;\" ]{0,8}".prop_map(|text| format!("'{text}'"));
    let words = prop::sample::select(vec!["\"Name\"", "\"odd \"\"name\"\"\"", "\"x.y\"", "items.über"]);
    let matching = prop::sample::select(vec!["=", "<>", ">", "contains", "starts with", "not ends with"]);
    let condition = prop_oneof![
        (words, matching, text).prop_map(|(name, test, text)| format!("{name} {test} {text}")),
        any::<i64>().prop_map(|number| format!("id >= {number}")),
        (any::<i32>(), any::<i32>()).prop_map(|(low, high)| format!("total not between {low} and {high}.5")),
        prop::collection::vec(any::<i16>(), 1..5).prop_map(|all| format!(
            "id in ({})",
            all.iter().map(i16::to_string).collect::<Vec<_>>().join(",")
        )),
        any::<bool>().prop_map(|flag| format!("flag = {flag}")),
        Just("total is not null".to_owned()),
    ];
    condition.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not ({inner})")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| format!("({})", all.join(" and "))),
            prop::collection::vec(inner, 2..4).prop_map(|all| format!("({})", all.join(" or "))),
        ]
    })
}
