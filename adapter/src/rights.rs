//! What the policy grants, in the form that `crates/sql` judges by. Both read entries alike: they add up.

use std::collections::{BTreeMap, BTreeSet};

use policy::DatabaseRights;
use policy::document::TableOperation;
use policy::ruleset::rights::DEFAULT_MAX_ROWS;
use sql::{Columns, Operation, Rights, TableRights};

/// The rights of a role.
pub(crate) fn of_role(granted: &DatabaseRights) -> Rights {
    let tables = granted.tables.iter().map(|(name, rights)| (name.clone(), convert(rights)));
    Rights { tables: tables.collect(), max_rows: granted.max_rows, ..Rights::default() }
}

/// Reading everything: the rights of a local caller without a role.
pub(crate) fn read_everything() -> Rights {
    let all = TableRights { operations: BTreeSet::from([Operation::Read]), ..TableRights::default() };
    Rights {
        tables: BTreeMap::from([("*".to_owned(), all)]),
        max_rows: DEFAULT_MAX_ROWS,
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
        ..TableRights::default()
    }
}
