//! The login of a role, and how each engine makes one.

use crate::dialect::Dialect;
use crate::print;

use super::Script;

/// The most characters of a login's name that every engine takes.
const LONGEST: usize = 32;

/// `trigate_` and the role, with what is not a letter, a digit or `_` replaced.
pub(super) fn name(role: &str) -> String {
    let plain = role.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    "trigate_".chars().chain(plain).take(LONGEST).collect()
}

impl Script {
    /// The login as grants name it.
    pub(super) fn grantee(&self) -> String {
        match self.dialect {
            Dialect::MySql => format!("'{}'@'%'", self.account),
            Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => {
                print::quoted(&self.account, self.dialect)
            }
        }
    }

    /// How the login is made. A comment, for only the administrator knows how it proves itself.
    pub(super) fn account_made(&mut self, writes: bool) {
        let account = self.grantee();
        match self.dialect {
            Dialect::MySql => {
                self.comment(&format!("CREATE USER {account} IDENTIFIED BY '…' REQUIRE SSL;"));
            }
            Dialect::Postgres => self.postgres_account(&account, writes),
            Dialect::SqlServer => {
                self.comment(&format!("CREATE LOGIN {account} WITH PASSWORD = '…';"));
                self.comment(&format!("CREATE USER {account} FOR LOGIN {account};"));
            }
            Dialect::Sqlite => {}
        }
    }

    fn postgres_account(&mut self, account: &str, writes: bool) {
        self.comment(&format!(
            "CREATE ROLE {account} LOGIN PASSWORD '…' NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION \
             NOBYPASSRLS;"
        ));
        self.comment("What PUBLIC may do, every login may do. On a database of your own, take it away:");
        self.comment("REVOKE CREATE ON SCHEMA \"public\" FROM PUBLIC;");
        self.comment("REVOKE TEMPORARY ON DATABASE … FROM PUBLIC;");
        self.line(&format!("ALTER ROLE {account} SET search_path = '';"));
        self.line(&format!("ALTER ROLE {account} SET statement_timeout = '60s';"));
        self.line(&format!("ALTER ROLE {account} SET idle_in_transaction_session_timeout = '60s';"));
        let read_only = if writes { "off" } else { "on" };
        self.line(&format!("ALTER ROLE {account} SET default_transaction_read_only = {read_only};"));
    }
}
