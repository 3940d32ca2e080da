//! What a PostgreSQL login may do beyond reading and changing rows.

use deadpool_postgres::Object;
use tokio_postgres::{Error, Row};

use crate::grade::{Finding, Grade, Severity};

const LOGIN: &str = "\
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication, r.rolcreatedb,
       ARRAY (SELECT g.rolname::text FROM pg_catalog.pg_roles g
              WHERE g.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',
                                  'pg_read_all_data', 'pg_write_all_data')
                AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER') ORDER BY 1),
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND pg_catalog.pg_has_role(r.oid, c.relowner, 'MEMBER')),
       ARRAY (SELECT n.nspname::text FROM pg_catalog.pg_namespace n
              WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE') ORDER BY 1 LIMIT 5),
       pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CREATE'),
       pg_catalog.current_setting('server_version_num')::int, r.rolname::text
FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER";

/// The first minor versions that keep planner statistics from telling what row policies hide (CVE-2025-8713).
const PATCHED: [(i32, i32); 5] = [(13, 22), (14, 19), (15, 14), (16, 10), (17, 6)];

/// Grades the login of the session.
pub(super) async fn grade(client: &Object) -> Result<Grade, Error> {
    let rows = client.query_typed(LOGIN, &[]).await?;
    let Some(row) = rows.first() else { return Ok(Grade::default()) };
    let mut findings = Vec::new();
    if row.try_get(0)? {
        // A superuser is and may everything else; one sentence says it.
        findings.push(refuse(
            row,
            "is a superuser",
            "it may read and write every file and run programs on the database's host",
            "NOSUPERUSER",
        )?);
    } else {
        attributes(row, &mut findings)?;
        memberships(row, &mut findings)?;
        ownership(row, &mut findings)?;
    }
    findings.extend(version(row.try_get(9)?));
    Ok(Grade::of(findings))
}

fn refuse(row: &Row, what: &str, why: &'static str, remedy: &str) -> Result<Finding, Error> {
    let login: &str = row.try_get(10)?;
    let remedy = format!("ALTER ROLE {} {remedy};", quoted(login));
    Ok(Finding { severity: Severity::Refuse, what: what.to_owned(), why, remedy })
}

fn attributes(row: &Row, findings: &mut Vec<Finding>) -> Result<(), Error> {
    if row.try_get(1)? {
        let why = "the database's own row policies do not hold for it";
        findings.push(refuse(row, "has BYPASSRLS", why, "NOBYPASSRLS")?);
    }
    if row.try_get(2)? {
        let why = "it may give itself the rights of other roles";
        findings.push(refuse(row, "has CREATEROLE", why, "NOCREATEROLE")?);
    }
    if row.try_get(3)? {
        let why = "it may copy the whole cluster";
        findings.push(refuse(row, "has REPLICATION", why, "NOREPLICATION")?);
    }
    if row.try_get(4)? {
        let why = "it may fill the disk with databases of its own";
        let finding = refuse(row, "has CREATEDB", why, "NOCREATEDB")?;
        findings.push(Finding { severity: Severity::Warn, ..finding });
    }
    Ok(())
}

fn memberships(row: &Row, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let (memberships, login): (Vec<&str>, &str) = (row.try_get(5)?, row.try_get(10)?);
    for role in memberships {
        let (severity, why) = match role {
            "pg_execute_server_program" => (Severity::Refuse, "it may run programs on the database's host"),
            "pg_read_server_files" => (Severity::Refuse, "it may read every file of the database's host"),
            "pg_write_server_files" => (Severity::Refuse, "it may write files of the database's host"),
            _ => (Severity::Warn, "it may reach tables that were never granted to it"),
        };
        findings.push(Finding {
            severity,
            what: format!("is a member of {role}"),
            why,
            remedy: format!("REVOKE {role} FROM {};", quoted(login)),
        });
    }
    Ok(())
}

fn ownership(row: &Row, findings: &mut Vec<Finding>) -> Result<(), Error> {
    let owned: i64 = row.try_get(6)?;
    if owned > 0 {
        findings.push(Finding {
            severity: Severity::Warn,
            what: format!("owns {owned} tables or views"),
            why: "an owner may drop and alter them, and row policies do not hold for it unless they are forced",
            remedy: "let another role own them, and GRANT what is needed; `trigate db grants` prints it"
                .to_owned(),
        });
    }
    let (schemas, login): (Vec<&str>, &str) = (row.try_get(7)?, row.try_get(10)?);
    if !schemas.is_empty() {
        let schemas: Vec<String> = schemas.into_iter().map(quoted).collect();
        let schemas = schemas.join(", ");
        findings.push(Finding {
            severity: Severity::Warn,
            what: format!("may create in the schema {schemas}"),
            why: "it needs that only for roles with `ddl`",
            remedy: format!("REVOKE CREATE ON SCHEMA {schemas} FROM PUBLIC, {};", quoted(login)),
        });
    }
    if row.try_get(8)? {
        findings.push(Finding {
            severity: Severity::Warn,
            what: "may create schemas".to_owned(),
            why: "it needs that for nothing",
            remedy: format!("REVOKE CREATE ON DATABASE … FROM PUBLIC, {};", quoted(login)),
        });
    }
    Ok(())
}

/// A finding for a server whose version is known to leak.
fn version(number: i32) -> Option<Finding> {
    let (major, minor) = (number / 10_000, number % 10_000);
    let oldest = PATCHED.first().map_or(0, |(major, _)| *major);
    let patched = PATCHED.iter().find(|(line, _)| *line == major).map(|(_, minor)| *minor);
    let remedy = match patched {
        Some(patched) if minor < patched => format!("update to {major}.{patched} or later"),
        None if major < oldest => "update to a version that is still maintained".to_owned(),
        _ => return None,
    };
    Some(Finding {
        severity: Severity::Warn,
        what: format!("is on PostgreSQL {major}.{minor}"),
        why: "planner statistics there can tell values of rows that row policies hide (CVE-2025-8713)",
        remedy,
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[track_caller]
    fn check(number: i32, remedy: Option<&str>) {
        assert_eq!(version(number).map(|finding| finding.remedy).as_deref(), remedy);
    }

    #[test]
    fn old_versions_are_found() {
        check(150_013, Some("update to 15.14 or later"));
        check(150_014, None);
        check(180_000, None);
        check(120_022, Some("update to a version that is still maintained"));
    }
}
