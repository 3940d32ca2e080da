//! What a SQLite file lets others do. There is no login; whoever may write the file may do everything.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::grade::{Finding, Grade, Severity};

/// Write permission of everybody.
const OTHERS_WRITE: u32 = 0o002;
/// Only the owner of a file may remove it from the folder.
const STICKY: u32 = 0o1000;

/// Grades a file. One that cannot be looked at is found out when it is opened.
pub(super) fn grade(path: &Path) -> Grade {
    let mode = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.mode()).unwrap_or_default();
    let mut findings = Vec::new();
    if mode(path) & OTHERS_WRITE != 0 {
        findings.push(Finding {
            severity: Severity::Warn,
            what: "is not needed: everybody on this host may write the file".to_owned(),
            why: "rights and limits hold only for those who come through the adapter",
            remedy: format!("chmod o-w {}", path.display()),
        });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if mode(folder) & (OTHERS_WRITE | STICKY) == OTHERS_WRITE {
        findings.push(Finding {
            severity: Severity::Warn,
            what: "is not needed: everybody on this host may put another file in its place".to_owned(),
            why: "rights and limits hold only for those who come through the adapter",
            remedy: format!("chmod o-w {}", folder.display()),
        });
    }
    Grade::of(findings)
}
