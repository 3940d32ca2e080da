//! What the adapter's login may do beyond reading and writing the tables of its database.

use mysql_async::prelude::Queryable;
use mysql_async::{Error, Value};

use super::connection::Session;
use crate::grade::{Finding, Grade, Severity};

/// Privileges over the whole server for which a database is not used, and why.
const REFUSED: &[(&str, &str)] = &[
    ("ALL PRIVILEGES", "it may do everything on the server, whatever the roles say"),
    ("SUPER", "it can change the server's settings and end other sessions"),
    ("FILE", "it can read and write files of the server, and with them load code into it"),
    ("CREATE USER", "it can make logins that may do more"),
    ("SHUTDOWN", "it can stop the server"),
    ("SYSTEM_VARIABLES_ADMIN", "it can change the server's settings"),
    ("SET USER", "it can act as any other login"),
    ("SET_USER_ID", "it can act as any other login"),
    ("SET_ANY_DEFINER", "it can act as any other login"),
];

/// Those that are said at start.
const WARNED: &[(&str, &str)] = &[
    ("PROCESS", "it can see the statements of every other session, with their values"),
    ("RELOAD", "it can reload the server's tables of privileges and flush its logs"),
    ("CONNECTION ADMIN", "it can end other sessions"),
    ("CONNECTION_ADMIN", "it can end other sessions"),
    ("SELECT", "it can read every database of the server, not only this one"),
    ("INSERT", "it can write to every database of the server, not only this one"),
    ("UPDATE", "it can write to every database of the server, not only this one"),
    ("DELETE", "it can write to every database of the server, not only this one"),
    ("EXECUTE", "it can run every routine of the server, with the rights of whoever made it"),
    ("TRIGGER", "it can make code that runs when somebody else writes"),
];

/// What the login may do, judged.
pub(super) async fn grade(session: &mut Session) -> Result<Grade, Error> {
    let grants: Vec<String> = session.conn.query("SHOW GRANTS").await?;
    let mut findings: Vec<Finding> = grants.iter().flat_map(|grant| judge(grant)).collect();
    let folders: Option<(Value, Value)> =
        session.conn.query_first("SELECT @@secure_file_priv, @@plugin_dir").await?;
    let may_use_files = findings
        .iter()
        .any(|finding| finding.what.contains("`FILE`") || finding.what.contains("`ALL PRIVILEGES`"));
    // NULL allows no folder at all; an empty text allows every folder, that of the plugins too.
    if may_use_files && matches!(folders, Some((Value::Bytes(folder), _)) if folder.is_empty()) {
        findings.push(Finding {
            severity: Severity::Refuse,
            what: "may use any folder of the server (`secure_file_priv` is empty)".to_owned(),
            why: "it can write a plugin into the server's folder and have it run",
            remedy: "set `secure_file_priv` to NULL or to a folder of its own".to_owned(),
        });
    }
    Ok(Grade::of(findings))
}

/// What is wrong with one line of SHOW GRANTS.
fn judge(grant: &str) -> Vec<Finding> {
    let Some((privileges, rest)) = grant.strip_prefix("GRANT ").and_then(|grant| grant.split_once(" ON "))
    else {
        // A role, or PROXY; what a role gives stands in lines of its own.
        return Vec::new();
    };
    let Some((place, holder)) = rest.split_once(" TO ") else { return Vec::new() };
    let mut findings = Vec::new();
    if holder.contains("WITH GRANT OPTION") {
        let why = "it can hand on what it has, and so undo the database's own protection";
        findings.push(finding(Severity::Refuse, "GRANT OPTION", place, why));
    }
    let names: Vec<&str> = privileges.split(',').map(str::trim).collect();
    let has = |name: &str| names.iter().any(|held| held.eq_ignore_ascii_case(name));
    if place == "*.*" {
        let severities = [(Severity::Refuse, REFUSED), (Severity::Warn, WARNED)];
        for (severity, list) in severities {
            let held = list.iter().filter(|(name, _)| has(name));
            findings.extend(held.map(|(name, why)| finding(severity, name, place, why)));
        }
    } else if place.starts_with("`mysql`.") && names != ["USAGE"] {
        let why = "it can read or change who may do what on the server";
        findings.push(finding(Severity::Refuse, names.first().copied().unwrap_or_default(), place, why));
    }
    findings
}

fn finding(severity: Severity, privilege: &str, place: &str, why: &'static str) -> Finding {
    Finding {
        severity,
        what: format!("has `{privilege}` on {place}"),
        why,
        remedy: format!(
            "run `REVOKE {privilege} ON {place} FROM` it, or give the adapter a login of its own"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(grant: &str, expected: &[(Severity, &str)]) {
        let findings = judge(grant);
        let found: Vec<(Severity, &str)> =
            findings.iter().map(|finding| (finding.severity, finding.what.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_login_that_may_use_its_tables_is_fine() {
        check("GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD 'x'", &[]);
        check("GRANT SELECT, INSERT, UPDATE (`a`, `b`) ON `shop`.* TO `app`@`%`", &[]);
        check("GRANT `reader`@`%` TO `app`@`%`", &[]);
    }

    #[test]
    fn power_over_the_server_is_refused() {
        check(
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
            &[
                (Severity::Refuse, "has `GRANT OPTION` on *.*"),
                (Severity::Refuse, "has `ALL PRIVILEGES` on *.*"),
            ],
        );
        check(
            "GRANT SELECT, FILE ON *.* TO `app`@`%`",
            &[(Severity::Refuse, "has `FILE` on *.*"), (Severity::Warn, "has `SELECT` on *.*")],
        );
        check("GRANT SELECT ON `mysql`.* TO `app`@`%`", &[(Severity::Refuse, "has `SELECT` on `mysql`.*")]);
    }

    #[test]
    fn handing_on_rights_to_one_database_is_refused_too() {
        check(
            "GRANT SELECT ON `shop`.* TO `app`@`%` WITH GRANT OPTION",
            &[(Severity::Refuse, "has `GRANT OPTION` on `shop`.*")],
        );
    }
}
