//! SQLite's authorizer as a second opinion: while a statement is prepared, only its own tables may be read.
//!
//! A view may read what its definition says, which is part of the database; SQLite names the view as the accessor only
//! outside common table expressions, so a statement that reads a view may read every table, and still only read.
//! The authorizer does not see columns behind `JOIN … USING`, so it is never the only line; the printed statement is. The callback
//! is set once per handle, because setting it again would expire every prepared statement.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// What may be prepared at the moment.
#[derive(Clone, Default)]
pub(super) struct Permitted(Arc<Mutex<Permission>>);

#[derive(Default)]
enum Permission {
    /// Nothing.
    #[default]
    Closed,
    /// The catalogue.
    Introspection,
    /// Reading these tables, named as the catalogue names them.
    Tables(Vec<String>),
    /// Reading a view, and whatever it reads.
    View,
}

/// Ends the permission when it is dropped.
pub(super) struct Granted<'a>(&'a Permitted);

/// The functions that printed statements use.
const FUNCTIONS: [&str; 5] = ["instr", "like", "lower", "substr", "length"];

impl Permitted {
    /// Installs the callback.
    pub(super) fn guard(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let permitted = Arc::clone(&self.0);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            permitted.lock().unwrap_or_else(PoisonError::into_inner).judge(&context)
        }))
    }

    /// Permits reading the tables of one statement.
    pub(super) fn tables(&self, tables: &[String]) -> Granted<'_> {
        self.set(Permission::Tables(tables.to_vec()))
    }

    /// Permits reading a view.
    pub(super) fn view(&self) -> Granted<'_> {
        self.set(Permission::View)
    }

    /// Permits reading the catalogue.
    pub(super) fn introspection(&self) -> Granted<'_> {
        self.set(Permission::Introspection)
    }

    fn set(&self, permission: Permission) -> Granted<'_> {
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
            Permission::Introspection => matches!(
                context.action,
                AuthAction::Select
                    | AuthAction::Read { .. }
                    | AuthAction::Function { .. }
                    | AuthAction::Pragma { .. }
            ),
            Permission::Tables(tables) => match context.action {
                AuthAction::Select => true,
                AuthAction::Read { table_name, .. } => {
                    tables.iter().any(|table| same_table(table, table_name))
                }
                AuthAction::Function { function_name } => FUNCTIONS.contains(&function_name),
                _ => false,
            },
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

/// A statement names its tables `main.orders` or `orders`; the authorizer says `orders`.
fn same_table(listed: &str, name: &str) -> bool {
    let bare = listed.strip_prefix("main.").unwrap_or(listed);
    bare.eq_ignore_ascii_case(name)
}
