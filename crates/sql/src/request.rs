//! What a caller asks of a database, as it arrives: names, filters and SQL are text still, values are JSON.

use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::catalogue::Type;
use crate::refusal::{Objection, Place, Refusal};
use crate::value;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Remove rows.
    Delete(Delete),
    /// Add rows.
    Insert(Insert),
    /// Rows, or groups of rows.
    Query(Query),
    /// SQL text.
    Sql(RawSql),
    /// Change rows.
    Update(Update),
}

/// Rows of one table, or what groups of them add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The table: `orders`, `sales.orders`.
    pub table: String,
    /// The columns wanted, in this order; none, or `*`, means every permitted one, and of groups the columns of `group`.
    /// Also `total AS amount`, `count(*)`, `count(distinct customer_id)`, `sum(total) AS sales`, and `avg`, `min` and
    /// `max`; without AS these are named `count`, `count_distinct_customer_id`, `sum_total`.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The condition rows must meet, in the grammar of [`crate::parse_filter`].
    #[serde(default)]
    pub filter: Option<String>,
    /// The columns whose equal values make one group.
    #[serde(default)]
    pub group: Vec<String>,
    /// The condition groups must meet; it speaks of the columns of `group`, the names of `fields`, and aggregates.
    #[serde(default)]
    pub having: Option<String>,
    /// The order of the rows: `total DESC, id`. The primary key decides between equals, and alone by default; between
    /// groups their columns do. NULLs are the largest.
    #[serde(default)]
    pub order: Option<String>,
    /// How many rows at most; the role's own maximum holds in any case.
    #[serde(default)]
    pub limit: Option<u64>,
    /// How many rows to skip.
    #[serde(default)]
    pub offset: Option<u64>,
    /// Where the page before ended: the `next_cursor` of its answer. The rest of the query must be the same.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Rows to add.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insert {
    /// The table.
    pub table: String,
    /// The rows, each an object of columns and values. A column that a row does not name gets its default.
    pub rows: Vec<Map<String, Value>>,
    /// For rows that are there already by these columns, which are unique together: their other columns are updated.
    /// MySQL cannot be told which, and takes any unique key of the table.
    #[serde(default)]
    pub on_conflict: Vec<String>,
    /// The columns of the new rows to give back.
    #[serde(default)]
    pub returning: Vec<String>,
}

/// Rows to change.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The table.
    pub table: String,
    /// The condition rows must meet.
    #[serde(default)]
    pub filter: Option<String>,
    /// The columns to set and their values.
    pub set: Map<String, Value>,
    /// The columns of the changed rows to give back.
    #[serde(default)]
    pub returning: Vec<String>,
}

/// Rows to remove.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// The table.
    pub table: String,
    /// The condition rows must meet.
    #[serde(default)]
    pub filter: Option<String>,
    /// The columns of the removed rows to give back.
    #[serde(default)]
    pub returning: Vec<String>,
}

/// One statement as text, in the database's own SQL.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSql {
    /// The text.
    pub sql: String,
    /// The values of its parameters: `$1` in PostgreSQL, `?` in MySQL and SQLite, `@p1` in SQL Server.
    #[serde(default)]
    pub params: Vec<Value>,
}

/// What makes a request one that cannot be done, whatever its caller may see.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// An aggregate of values that it is not made for.
    #[error("`{function}` of `{column}` is not possible: it holds {}", ty.described())]
    Aggregate {
        /// The function.
        function: &'static str,
        /// The column, which is permitted.
        column: String,
        /// What it holds.
        ty: Type,
    },
    /// A cursor that is none of this query's.
    #[error(
        "it does not belong to this query; repeat the query it came from (same table, filter and order), \
         or leave the cursor out to begin again"
    )]
    CursorForeign,
    /// A cursor and an offset.
    #[error("it already says where the page begins; leave `offset` out")]
    CursorOffset,
    /// A query that has no cursors.
    #[error(
        "this query has none: its order must end in the table's whole primary key, which the role must be able to \
         read, and it must not be grouped; page by `offset` instead"
    )]
    CursorUnknown,
    /// A field of a grouped query that has no one value in a group.
    #[error("`{0}` differs within a group; add it to `group`, or take count, sum, avg, min or max of it")]
    Differs(String),
    /// Neither rows nor columns.
    #[error("nothing is named; name at least one column")]
    Empty,
    /// An aggregate where rows are meant.
    #[error("`{0}` is of many rows; conditions on it go into `having`")]
    InFilter(String),
    /// An aggregate in the order of a query that has none.
    #[error("`{0}` is of many rows, but the fields are not; name aggregates or `group` to sort by it")]
    InOrder(String),
    /// Conditions on groups speak of what the groups have.
    #[error("`{0}` is neither a column of `group` nor the name of a field; name it there")]
    NotOfGroup(String),
    /// Something this engine cannot do.
    #[error("this database gives back no rows of a change; query them afterwards")]
    NoReturning,
    /// A row that names fewer columns than the others.
    #[error(
        "it lacks columns that other rows name; name the same columns in every row, or insert it by itself"
    )]
    Ragged,
    /// A value that its column cannot hold.
    #[error("`{column}` holds {}", if *.ty == Type::Bytes { "bytes: a string of base64" } else { ty.described() })]
    Stored {
        /// The column, which is permitted.
        column: String,
        /// What it holds.
        ty: Type,
    },
    /// More than can be taken at once.
    #[error("more than {0} values in one request; split it")]
    TooMany(usize),
}

impl RawSql {
    /// The values of the parameters, each as the literal it could stand for.
    pub(crate) fn values(&self) -> Result<Vec<value::Value>, Refusal> {
        let value = |(place, given): (usize, &Value)| match given {
            Value::Null => Ok(value::Value::Null),
            Value::Bool(is) => Ok(value::Value::Boolean(*is)),
            Value::Number(number) => Ok(match (number.as_i64(), number.as_f64()) {
                (None, Some(real)) if number.is_f64() => value::Value::Real(real),
                _ => value::Value::Number(number.to_string()),
            }),
            Value::String(text) => Ok(value::Value::Untyped(text.clone())),
            Value::Array(_) | Value::Object(_) => {
                let what = "a list or an object as a parameter".to_owned();
                let objection = Objection::Construct(what);
                Err(Refusal::Statement { place: Place::Parameter(place + 1), objection })
            }
        };
        self.params.iter().enumerate().map(value).collect()
    }
}
