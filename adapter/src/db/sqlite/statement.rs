//! A checked statement in the parts that the thread of a handle needs, which may outlive its caller.

use std::collections::HashSet;
use std::sync::Arc;

use sql::{Bind, Checked, Effect, Operation, OutputColumn, Type};

use super::authorizer::{Accesses, Permission};
use crate::db::{Commit, Run};

/// What the last look at the catalogue has found beside the tables.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) views: Arc<HashSet<String>>,
    pub(super) triggers: Arc<HashSet<String>>,
    /// What foreign keys refer from and to.
    pub(super) keys: Arc<HashSet<(String, String)>>,
}

/// The statement.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) binds: Vec<Bind>,
    pub(super) types: Vec<Type>,
    pub(super) effect: Effect,
    pub(super) commit: Commit,
    pub(super) permission: Permission,
}

impl Statement {
    /// Of a run.
    pub(super) fn of(run: &Run<'_>, known: &Known) -> Self {
        let checked = run.statement;
        Self {
            permission: permission(checked, known),
            sql: checked.sql().to_owned(),
            binds: checked.binds().to_vec(),
            types: checked.columns().iter().map(|column: &OutputColumn| column.ty).collect(),
            effect: checked.effect().clone(),
            commit: run.commit,
        }
    }
}

fn permission(checked: &Checked, known: &Known) -> Permission {
    let has_view = checked.accesses().iter().any(|access| known.views.contains(&access.table));
    match checked.effect() {
        Effect::Ddl => Permission::Ddl,
        Effect::Read if has_view => Permission::View,
        Effect::Read => Permission::Statement(Accesses { tables: accesses(checked), ..Accesses::default() }),
        Effect::Write(_) => {
            let sql = checked.sql();
            // A relation that the statement names itself would pass for the trigger of that name.
            let own = known.triggers.iter().filter(|trigger| !sql.contains(&format!("\"{trigger}\"")));
            let triggers = Arc::new(own.cloned().collect());
            Permission::Statement(Accesses {
                tables: accesses(checked),
                triggers,
                keys: Arc::clone(&known.keys),
            })
        }
    }
}

fn accesses(checked: &Checked) -> Vec<(String, Operation)> {
    checked.accesses().iter().map(|access| (access.table.clone(), access.operation)).collect()
}
