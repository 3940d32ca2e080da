//! How a column looks in JSON, as a schema: the same for the tools of one table and for OpenAPI.

use serde_json::{Map, Value, json};
use sql::{Column, Type};

/// Schema of a column's values.
pub(crate) fn schema(column: &Column) -> Value {
    let mut schema = of_type(column.ty);
    if column.nullable
        && let Some(ty) = schema.get_mut("type")
    {
        let mut types = match ty.take() {
            Value::Array(types) => types,
            one => vec![one],
        };
        types.push(json!("null"));
        *ty = Value::Array(types);
    }
    if let Some(comment) = &column.comment {
        schema.insert("description".to_owned(), json!(comment));
    }
    Value::Object(schema)
}

/// Schemas of columns, by name.
pub(crate) fn properties<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Value {
    let columns = columns.into_iter().map(|column| (column.name.clone(), schema(column)));
    Value::Object(columns.collect())
}

fn of_type(ty: Type) -> Map<String, Value> {
    let schema = match ty {
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        // What a double would change comes as a string.
        Type::Decimal | Type::Real => json!({ "type": ["number", "string"] }),
        Type::Integer => json!({ "type": ["integer", "string"] }),
        Type::Json | Type::Other => json!({}),
        Type::Text => json!({ "type": "string" }),
        Type::Time => json!({ "type": "string", "format": "time" }),
        Type::Timestamp | Type::TimestampTz => json!({ "type": "string", "format": "date-time" }),
        Type::Uuid => json!({ "type": "string", "format": "uuid" }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: Type, nullable: bool, expected: Value) {
        let column = Column {
            name: "c".into(),
            type_name: "t".into(),
            ty,
            nullable,
            primary_key: false,
            comment: None,
        };
        assert_eq!(schema(&column), expected);
    }

    #[test]
    fn a_column_that_may_be_empty_may_be_null() {
        check(Type::Text, false, json!({ "type": "string" }));
        check(Type::Text, true, json!({ "type": ["string", "null"] }));
        check(Type::Integer, true, json!({ "type": ["integer", "string", "null"] }));
    }

    #[test]
    fn what_may_be_anything_is_not_narrowed() {
        check(Type::Json, true, json!({}));
    }
}
