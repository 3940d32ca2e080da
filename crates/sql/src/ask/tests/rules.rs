//! Conditions on rows with claims in them.

use super::{claims, scope};
use crate::bind::row_rule;
use crate::dialect::Dialect;
use crate::filter::parse_row_rule;
use crate::ir::{Body, Delete, TargetTable};
use crate::print::print;

/// The rule as it is printed, with its values, or the refusal.
#[track_caller]
fn check(rule: &str, expected: &str) {
    let scope = scope(Dialect::Postgres);
    let said = match row_rule(rule, scope.table("t").unwrap(), &claims(), Dialect::Postgres) {
        Ok(expr) => {
            let table = TargetTable { name: Vec::new(), alias: None, at: Default::default() };
            let delete = Delete { with: None, table, filter: Some(expr), returning: Vec::new() };
            let printed = print(&Body::Delete(delete), Dialect::Postgres);
            let (_, condition) = printed.sql.split_once(" WHERE ").unwrap();
            format!("{condition} with {:?}", printed.values)
        }
        Err(refusal) => format!("{}: {refusal}", refusal.code()),
    };
    assert_eq!(said, expected);
}

#[test]
fn claims_are_values_of_the_columns_type() {
    check("name = claims.region", r#""t"."name" = CAST($1 AS TEXT) with [Text("EU")]"#);
    check("id < claims.level", r#""t"."id" < CAST($1 AS BIGINT) with [Integer(3)]"#);
    check("paid = claims.staff", r#""t"."paid" = TRUE with []"#);
    check(
        "name in claims.teams",
        r#""t"."name" IN (CAST($1 AS TEXT), CAST($2 AS TEXT)) with [Text("a"), Text("b")]"#,
    );
    check(
        "name in (claims.region, 'x')",
        r#""t"."name" IN (CAST($1 AS TEXT), CAST($2 AS TEXT)) with [Text("EU"), Text("x")]"#,
    );
    check(
        "name starts with claims.region",
        r#""t"."name" ILIKE CAST($1 AS TEXT) ESCAPE '!' with [Text("EU%")]"#,
    );
}

#[test]
fn a_rule_may_speak_of_columns_that_the_role_cannot_see() {
    check("hidden = claims.region", r#""t"."hidden" = CAST($1 AS TEXT) with [Text("EU")]"#);
}

#[test]
fn no_row_is_among_none() {
    check("name in claims.none", "CAST($1 AS BIGINT) = CAST($2 AS BIGINT) with [Integer(1), Integer(0)]");
    check(
        "name not in claims.none",
        "NOT (CAST($1 AS BIGINT) = CAST($2 AS BIGINT)) with [Integer(1), Integer(0)]",
    );
}

#[test]
fn a_claim_that_is_missing_or_of_another_type_permits_no_row() {
    let rules = [
        ("name = claims.other", "other"),
        ("name = claims.Region", "Region"),
        ("name in claims.region", "region"),
        ("name in claims.other", "other"),
        ("name = claims.teams", "teams"),
        ("id = claims.region", "region"),
        ("id in claims.teams", "teams"),
        ("name contains claims.other", "other"),
    ];
    for (rule, claim) in rules {
        let text = format!(
            "missing_claim: the rows of `t` are chosen by the claim `{claim}`, which the caller lacks or which does not \
             fit the column it is compared with; give the key this claim"
        );
        check(rule, &text);
    }
}

#[test]
fn a_rule_that_does_not_fit_permits_no_row() {
    for rule in ["nope = 1", "name =", "id = 'x'", "count(*) > 1", ""] {
        check(
            rule,
            "row_rule: the condition on the rows of `t` does not fit the table, so no row can be given; the operator \
             finds it under `rows` in the role's section for this database",
        );
    }
}

#[test]
fn rules_are_read_without_a_table() {
    for rule in
        ["region = claims.region", "team IN claims.teams AND level <= claims.level", "claims = 1", "a = b"]
    {
        assert_eq!(parse_row_rule(rule), Ok(()), "{rule}");
    }
    for rule in ["", "region = claims.", "region = claims.a.b", "name like claims.region", "a = 1 or"] {
        assert!(parse_row_rule(rule).is_err(), "{rule}");
    }
}
