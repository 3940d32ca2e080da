//! What a session is held to: at connect, and again with every transaction, because behind a proxy a session is not ours alone.
//!
//! `sql_mode` is ours whatever the server's default: backslashes escape and double quotes delimit strings (that is how the
//! check in `crates/sql` reads the print), `||` is OR, values that do not fit are errors. ONLY_FULL_GROUP_BY is not in it:
//! the values of a statement are parameters, and the server does not see that `date_format(d, ?)` in GROUP BY is the one in
//! the list of outputs, so it would refuse what every analyst writes.

use std::time::Duration;

use crate::config::Bounds;

/// Seconds to wait for a lock of another session.
const LOCK_WAIT: u64 = 5;

/// Which of the two servers it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Server {
    MariaDb,
    MySql,
}

impl Server {
    /// By what `version()` gives.
    pub(super) fn of(version: &str) -> Self {
        match version.to_ascii_lowercase().contains("mariadb") {
            true => Server::MariaDb,
            false => Server::MySql,
        }
    }

    /// The setting of how long a statement may run. MySQL's is for reads only; our own deadline covers the rest.
    fn deadline(self, limit: Duration) -> String {
        match self {
            Server::MariaDb => format!("max_statement_time = {}", limit.as_secs_f64()),
            Server::MySql => format!("max_execution_time = {}", limit.as_millis()),
        }
    }

    /// The settings of a session.
    pub(super) fn pin(self, bounds: &Bounds) -> String {
        format!(
            "SET NAMES utf8mb4; \
             SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,\
             NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', autocommit = 1, sql_auto_is_null = 0, \
             sql_select_limit = 18446744073709551615, foreign_key_checks = 1, unique_checks = 1, \
             group_concat_max_len = 1048576, lock_wait_timeout = {LOCK_WAIT}, \
             innodb_lock_wait_timeout = {LOCK_WAIT}, {}; \
             SET SESSION TRANSACTION READ ONLY",
            self.deadline(bounds.statement)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: &str, expected: &str) {
        let bounds = Bounds { statement: Duration::from_millis(1500), ..Bounds::default() };
        let pin = Server::of(version).pin(&bounds);
        assert!(pin.contains(expected), "{pin}");
    }

    #[test]
    fn each_server_has_its_own_deadline() {
        check("10.11.19-MariaDB-0+deb12u1", "max_statement_time = 1.5;");
        check("8.4.2", "max_execution_time = 1500;");
    }
}
