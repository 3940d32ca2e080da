//! What MySQL or MariaDB expects a statement to cost, from EXPLAIN FORMAT=JSON.
//!
//! MySQL and MariaDB from 11 say a cost. MariaDB 10 says only how many rows it expects of each table: the product of those
//! that are joined, summed over the parts of the statement, is what it would look at. What says neither has no cost, and a
//! role with a limit then gets no answer.

use serde_json::Value;

/// The cost, or nothing if the plan does not say.
pub(super) fn of_plan(plan: &str) -> Option<f64> {
    let plan: Value = serde_json::from_str(plan).ok()?;
    let block = plan.get("query_block");
    let told = block
        .and_then(|block| block.pointer("/cost_info/query_cost").or_else(|| block.get("cost")))
        .or_else(|| plan.get("estimated_total_cost"))
        .or_else(|| plan.pointer("/query_plan/estimated_total_cost"));
    match told {
        Some(cost) => number(cost),
        None => rows(block?).filter(|rows| rows.is_finite()),
    }
    .filter(|cost| *cost >= 0.0)
}

/// The rows that a part of the plan looks at; nothing if it names a table without saying how many.
fn rows(part: &Value) -> Option<f64> {
    match part {
        Value::Array(parts) => parts.iter().map(rows).sum(),
        Value::Object(fields) => {
            let mut total = 0.0;
            for (name, field) in fields {
                total += match (name.as_str(), field) {
                    ("nested_loop", Value::Array(joined)) => {
                        // A join looks at every combination; what stands below a table is looked at on its own.
                        joined
                            .iter()
                            .map(|step| rows(step).map(|rows| rows.max(1.0)))
                            .product::<Option<f64>>()?
                    }
                    ("table", Value::Object(table)) => {
                        let below: f64 = table.values().map(rows).sum::<Option<f64>>()?;
                        // What is only written to, or never looked at, is not read in any way.
                        let is_read = table.contains_key("access_type") || table.contains_key("rows");
                        below + if is_read { number(table.get("rows")?)? } else { 0.0 }
                    }
                    _ => rows(field)?,
                };
            }
            Some(total)
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => Some(0.0),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::of_plan;

    #[track_caller]
    fn check(plan: &str, expected: Option<f64>) {
        assert_eq!(of_plan(plan), expected);
    }

    #[test]
    fn a_cost_that_is_said_is_the_cost() {
        check(r#"{"query_block": {"cost_info": {"query_cost": "12.50"}, "table": {}}}"#, Some(12.5));
        check(r#"{"query_block": {"select_id": 1, "cost": 0.25, "nested_loop": []}}"#, Some(0.25));
    }

    #[test]
    fn without_one_it_is_the_rows_that_are_looked_at() {
        check(
            r#"{"query_block": {"select_id": 1, "nested_loop": [
                {"table": {"table_name": "a", "rows": 100}}, {"table": {"table_name": "b", "rows": 20}}]}}"#,
            Some(2000.0),
        );
        check(
            r#"{"query_block": {"union_result": {"query_specifications": [
                {"query_block": {"table": {"rows": 3}}}, {"query_block": {"table": {"rows": 4}}}]}}}"#,
            Some(7.0),
        );
        check(r#"{"query_block": {"table": {"message": "Impossible WHERE"}}}"#, Some(0.0));
        check(r#"{"query_block": {"table": {"table_name": "written"}}}"#, Some(0.0));
    }

    #[test]
    fn a_plan_that_does_not_say_has_no_cost() {
        check(r#"{"query_block": {"table": {"table_name": "a", "access_type": "ALL"}}}"#, None);
        check(r#"{"query_block": {"cost": "much"}}"#, None);
        check("{}", None);
        check("", None);
    }
}
