//! SQLite's authorizer as a second opinion: while a statement is prepared, only its own accesses are permitted.
//!
//! A view may read what its definition says, which is part of the database; SQLite names the view as the accessor only
//! outside common table expressions, so a statement that reads a view may read every table, and still only read. What a
//! trigger does is part of the database too: it is permitted where SQLite names a trigger as the accessor and the statement
//! itself has no such name. The authorizer does not see columns behind `JOIN … USING`, so it is never the only line; the
//! printed statement is. The callback is set once per handle, because setting it again would expire every prepared statement.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use sql::Operation;

/// What may be prepared at the moment.
#[derive(Clone, Default)]
pub(super) struct Permitted(Arc<Mutex<Permission>>);

/// What a statement needs.
#[derive(Clone, Debug, Default)]
pub(super) enum Permission {
    /// Nothing.
    #[default]
    Closed,
    /// To change the schema.
    Ddl,
    /// The catalogue.
    Introspection,
    /// These accesses to tables.
    Statement(Accesses),
    /// To begin or end a transaction.
    Transaction,
    /// Reading a view, and whatever it reads.
    View,
}

/// The tables of a statement, named as the catalogue names them.
#[derive(Clone, Debug, Default)]
pub(super) struct Accesses {
    pub(super) tables: Vec<(String, Operation)>,
    /// Triggers that act on their own account.
    pub(super) triggers: Arc<HashSet<String>>,
    /// Tables and columns, both in lower case, at either end of a foreign key: a change makes the engine look there.
    pub(super) keys: Arc<HashSet<(String, String)>>,
}

/// Ends the permission when it is dropped.
pub(super) struct Granted<'a>(&'a Permitted);

/// Functions that reach beyond the statement's tables, or tell of the library and its connection. Which functions a
/// statement may use at all is decided where it is planned.
const FORBIDDEN: [&str; 9] = [
    "changes",
    "edit",
    "fts3_tokenizer",
    "last_insert_rowid",
    "load_extension",
    "readfile",
    "total_changes",
    "writefile",
    "zeroblob",
];
/// Relations that are functions of their arguments.
const FUNCTIONS: [&str; 2] = ["json_each", "json_tree"];

impl Permitted {
    /// Installs the callback.
    pub(super) fn guard(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let permitted = Arc::clone(&self.0);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            permitted.lock().unwrap_or_else(PoisonError::into_inner).judge(&context)
        }))
    }

    /// Permits what one statement needs.
    pub(super) fn grant(&self, permission: Permission) -> Granted<'_> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = permission;
        Granted(self)
    }
}

impl Drop for Granted<'_> {
    fn drop(&mut self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = Permission::Closed;
    }
}

impl Permission {
    fn judge(&self, context: &AuthContext<'_>) -> Authorization {
        let permitted = match self {
            Permission::Closed => false,
            Permission::Ddl => changes_schema(&context.action),
            Permission::Introspection => matches!(
                context.action,
                AuthAction::Select
                    | AuthAction::Read { .. }
                    | AuthAction::Function { .. }
                    | AuthAction::Pragma { .. }
            ),
            Permission::Statement(accesses) => accesses.permit(context),
            Permission::Transaction => matches!(context.action, AuthAction::Transaction { .. }),
            // The schema is not trusted: functions with side effects are refused by the engine itself.
            Permission::View => matches!(
                context.action,
                AuthAction::Select
                    | AuthAction::Read { .. }
                    | AuthAction::Function { .. }
                    | AuthAction::Recursive
            ),
        };
        if permitted { Authorization::Allow } else { Authorization::Deny }
    }
}

impl Accesses {
    fn permit(&self, context: &AuthContext<'_>) -> bool {
        let by_trigger = context.accessor.is_some_and(|accessor| self.triggers.contains(accessor));
        let may = |table: &str, operation: Operation| {
            by_trigger
                || self.tables.iter().any(|(own, what)| *what == operation && own.eq_ignore_ascii_case(table))
        };
        match context.action {
            AuthAction::Select | AuthAction::Recursive => true,
            // A relation of the statement itself of which no column is read; tables are printed with their database.
            AuthAction::Read { column_name: "", .. } if context.database_name.is_none() => true,
            AuthAction::Read { table_name, column_name } => {
                may(table_name, Operation::Read)
                    || FUNCTIONS.contains(&table_name)
                    || self.keys.contains(&(table_name.to_lowercase(), column_name.to_lowercase()))
            }
            AuthAction::Function { function_name } => !FORBIDDEN.contains(&function_name),
            AuthAction::Insert { table_name } => may(table_name, Operation::Insert),
            AuthAction::Update { table_name, .. } => may(table_name, Operation::Update),
            AuthAction::Delete { table_name } => may(table_name, Operation::Delete),
            _ => false,
        }
    }
}

/// What a change of the schema does, to the schema's own table too; nothing outside the file, no code, no settings.
fn changes_schema(action: &AuthAction<'_>) -> bool {
    matches!(
        action,
        AuthAction::AlterTable { .. }
            | AuthAction::CreateIndex { .. }
            | AuthAction::CreateTable { .. }
            | AuthAction::CreateView { .. }
            | AuthAction::Delete { .. }
            | AuthAction::DropIndex { .. }
            | AuthAction::DropTable { .. }
            | AuthAction::DropTrigger { .. }
            | AuthAction::DropView { .. }
            | AuthAction::Function { .. }
            | AuthAction::Insert { .. }
            | AuthAction::Read { .. }
            | AuthAction::Reindex { .. }
            | AuthAction::Select
            | AuthAction::Update { .. }
    )
}
