//! The row rules of a table as a condition of a row policy: literals written out, for a policy takes no parameters.

use crate::bind;
use crate::claims::Claims;
use crate::dialect::Dialect;
use crate::print::{self, Printed};
use crate::refusal::Refusal;
use crate::scope::ScopedTable;
use crate::value::Bind;

/// All rules of the table, each in parentheses. One that speaks of claims gives [`Refusal::Claim`].
pub(super) fn condition(table: &ScopedTable) -> Result<String, Refusal> {
    let rules = table.rows.iter().map(|rule| {
        let expr = bind::row_rule(rule, table, &Claims::default(), Dialect::Postgres)?;
        Ok(format!("({})", with_literals(&print::condition(&expr, Dialect::Postgres))))
    });
    Ok(rules.collect::<Result<Vec<String>, Refusal>>()?.join(" AND "))
}

/// The text with its parameters replaced. What stands in quotes is no parameter.
fn with_literals(printed: &Printed) -> String {
    let mut text = String::with_capacity(printed.sql.len());
    let mut quote = None;
    let mut rest = printed.sql.chars().peekable();
    while let Some(c) = rest.next() {
        match quote {
            None if c == '$' => {
                let mut number = 0;
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    rest.next();
                }
                let value = number.checked_sub(1).and_then(|place| printed.values.get(place));
                text.push_str(&value.and_then(|value| value.bind()).map_or("NULL".to_owned(), literal));
                continue;
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        text.push(c);
    }
    text
}

fn literal(value: Bind) -> String {
    match value {
        Bind::Bool(value) => if value { "TRUE" } else { "FALSE" }.to_owned(),
        Bind::Bytes(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("'\\x{digits}'")
        }
        Bind::Integer(value) => value.to_string(),
        Bind::Real(value) => format!("'{value}'"),
        Bind::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}
