//! SQLite's authorizer as a second opinion: while a statement is prepared, only its own tables may be read.
//!
//! It does not see columns behind `JOIN … USING`, so it is never the only line; the printed statement is. The callback
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
    pub(super) fn statement(&self, tables: &[String]) -> Granted<'_> {
        self.set(Permission::Tables(tables.to_vec()))
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
            Permission::Tables(tables) => reads_only(context, tables),
        };
        if permitted { Authorization::Allow } else { Authorization::Deny }
    }
}

fn reads_only(context: &AuthContext<'_>, tables: &[String]) -> bool {
    let is_permitted = |name: &str| tables.iter().any(|table| same_table(table, name));
    // What a permitted view reads is the view's business: its definition is part of the database.
    let within_view = context.accessor.is_some_and(is_permitted);
    match context.action {
        AuthAction::Select => true,
        AuthAction::Read { table_name, .. } => within_view || is_permitted(table_name),
        AuthAction::Function { function_name } => within_view || FUNCTIONS.contains(&function_name),
        AuthAction::Recursive => within_view,
        _ => false,
    }
}

/// A statement names its tables `main.orders` or `orders`; the authorizer says `orders`.
fn same_table(listed: &str, name: &str) -> bool {
    let bare = listed.strip_prefix("main.").unwrap_or(listed);
    bare.eq_ignore_ascii_case(name)
}
