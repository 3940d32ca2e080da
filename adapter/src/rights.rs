//! What the policy grants, in the form that `crates/sql` judges by. Both read entries alike: they add up.

use std::collections::{BTreeMap, BTreeSet};

use policy::DatabaseRights;
use policy::document::TableOperation;
use policy::ruleset::rights::DEFAULT_MAX_ROWS;
use sql::{Claim, Claims, Columns, Mask, Operation, Rights, TableRights};

/// The rights of a role.
pub(crate) fn of_role(granted: &DatabaseRights, mask_key: &str) -> Rights {
    let tables = granted.tables.iter().map(|(name, rights)| (name.clone(), convert(rights)));
    Rights {
        tables: tables.collect(),
        max_rows: granted.max_rows,
        max_affected: granted.max_affected,
        raw_sql: granted.raw_sql,
        ddl: granted.ddl,
        unconditional_writes: granted.unconditional_writes,
        mask_key: mask_key.to_owned(),
    }
}

/// Reading everything: the rights of a local caller without a role.
pub(crate) fn read_everything() -> Rights {
    let all = TableRights { operations: BTreeSet::from([Operation::Read]), ..TableRights::default() };
    Rights {
        tables: BTreeMap::from([("*".to_owned(), all)]),
        max_rows: DEFAULT_MAX_ROWS,
        raw_sql: true,
        ..Rights::default()
    }
}

fn convert(rights: &policy::TableRights) -> TableRights {
    let operations = rights.operations.iter().map(|operation| match operation {
        TableOperation::Delete => Operation::Delete,
        TableOperation::Insert => Operation::Insert,
        TableOperation::Read => Operation::Read,
        TableOperation::Update => Operation::Update,
    });
    TableRights {
        operations: operations.collect(),
        columns: match &rights.columns {
            policy::Columns::All => Columns::All,
            policy::Columns::Only(names) => Columns::Only(names.clone()),
        },
        denied: rights.denied.clone(),
        masks: rights.masks.iter().map(|(column, mask)| (column.clone(), convert_mask(mask))).collect(),
        rows: rights.rows.iter().cloned().collect(),
    }
}

fn convert_mask(mask: &policy::document::Mask) -> Mask {
    match mask {
        policy::document::Mask::Constant(text) => Mask::Constant(text.clone()),
        policy::document::Mask::Hash => Mask::Hash,
        policy::document::Mask::Last4 => Mask::Last4,
        policy::document::Mask::Null => Mask::Null,
    }
}

/// The claims of a caller.
pub(crate) fn of_caller(claims: &policy::Claims) -> Claims {
    Claims(claims.iter().map(|(name, claim)| (name.clone(), convert_claim(claim))).collect())
}

fn convert_claim(claim: &policy::Claim) -> Claim {
    match claim {
        policy::Claim::Boolean(value) => Claim::Boolean(*value),
        policy::Claim::List(list) => Claim::List(list.iter().map(convert_claim).collect()),
        policy::Claim::Number(value) => Claim::Number(value.to_string()),
        policy::Claim::Text(text) => Claim::Text(text.clone()),
    }
}
