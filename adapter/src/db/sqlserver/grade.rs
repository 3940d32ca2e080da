//! What the adapter's login may do beyond reading and writing the tables of its database.

use super::super::DatabaseError;
use super::connection::Session;
use super::execute::texts;
use crate::grade::{Finding, Grade, Severity};

/// One question of the login's power, and what follows from "yes".
struct Power {
    severity: Severity,
    what: &'static str,
    why: &'static str,
    remedy: &'static str,
}

const fn refuse(what: &'static str, why: &'static str, remedy: &'static str) -> Power {
    Power { severity: Severity::Refuse, what, why, remedy }
}

const fn warn(what: &'static str, why: &'static str, remedy: &'static str) -> Power {
    Power { severity: Severity::Warn, what, why, remedy }
}

/// One row; each field is `1` for yes. The order is that of [`POWERS`].
const QUESTIONS: &str = "\
SELECT CAST(IS_SRVROLEMEMBER(N'sysadmin') AS nvarchar(1)),
       CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'CONTROL SERVER') AS nvarchar(1)),
       CAST(IS_SRVROLEMEMBER(N'securityadmin') AS nvarchar(1)),
       CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'IMPERSONATE ANY LOGIN') AS nvarchar(1)),
       CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'ADMINISTER BULK OPERATIONS') AS nvarchar(1)),
       CAST(IS_ROLEMEMBER(N'db_owner') AS nvarchar(1)),
       CAST(HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'CONTROL') AS nvarchar(1)),
       CAST(IS_ROLEMEMBER(N'db_securityadmin') AS nvarchar(1)),
       CAST(IS_ROLEMEMBER(N'db_accessadmin') AS nvarchar(1)),
       CAST(IS_ROLEMEMBER(N'db_ddladmin') AS nvarchar(1)),
       CAST(HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER STATE') AS nvarchar(1))";

const POWERS: [Power; 11] = [
    refuse("is a member of `sysadmin`", "it may do everything on the server", "take it out of the role"),
    refuse("has `CONTROL SERVER`", "it may do everything on the server", "revoke `CONTROL SERVER`"),
    refuse("is a member of `securityadmin`", "it can make itself anything", "take it out of the role"),
    refuse("has `IMPERSONATE ANY LOGIN`", "it can act as any other login", "revoke `IMPERSONATE ANY LOGIN`"),
    refuse(
        "has `ADMINISTER BULK OPERATIONS`",
        "it can read files of the server",
        "revoke `ADMINISTER BULK OPERATIONS`",
    ),
    refuse("is a member of `db_owner`", "it may do everything in the database", "take it out of the role"),
    refuse("has `CONTROL` of the database", "it may do everything in the database", "revoke `CONTROL`"),
    refuse("is a member of `db_securityadmin`", "it can give itself any right", "take it out of the role"),
    refuse("is a member of `db_accessadmin`", "it can let others in", "take it out of the role"),
    warn("is a member of `db_ddladmin`", "it can change every table", "take it out of the role"),
    warn("has `VIEW SERVER STATE`", "it can see the statements of others", "revoke `VIEW SERVER STATE`"),
];

/// What the login may do, judged.
pub(super) async fn grade(session: &mut Session) -> Result<Grade, DatabaseError> {
    let answers = texts(session, QUESTIONS).await?.into_iter().next().unwrap_or_default();
    if answers.len() != POWERS.len() {
        return Err(DatabaseError::Changed);
    }
    let held = POWERS.iter().zip(answers).filter(|(_, answer)| answer.as_deref() == Some("1"));
    Ok(Grade::of(
        held.map(|(power, _)| Finding {
            severity: power.severity,
            what: power.what.to_owned(),
            why: power.why,
            remedy: power.remedy.to_owned(),
        })
        .collect(),
    ))
}
