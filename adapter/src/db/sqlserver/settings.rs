//! What a session is held to: at connect, and again with every transaction, because behind a proxy a session is not ours alone.
//!
//! Double quotes are names, NULL equals nothing, an error ends the transaction, a lock is waited for five seconds, dates are
//! read year first, and no count of rows, language or trigger setting of the server's defaults shines through.

/// The settings of a session.
pub(super) const SESSION: &str = "\
    SET QUOTED_IDENTIFIER ON; SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON; \
    SET CONCAT_NULL_YIELDS_NULL ON; SET NUMERIC_ROUNDABORT OFF; SET XACT_ABORT ON; SET NOCOUNT OFF; \
    SET IMPLICIT_TRANSACTIONS OFF; SET ROWCOUNT 0; SET LOCK_TIMEOUT 5000; SET LANGUAGE us_english; \
    SET DATEFORMAT ymd; SET DATEFIRST 7; SET NOEXEC OFF; SET FMTONLY OFF; \
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;";

/// A database that keeps versions of its rows lets a transaction see one moment, without locks.
const ISOLATION: &str = "\
    IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) \
    SET TRANSACTION ISOLATION LEVEL SNAPSHOT;";

/// Begins a transaction. Values longer than `value_bytes` are not sent whole; the server itself refuses what it expects to
/// take longer than `max_cost` (0: nothing).
pub(super) fn begin(value_bytes: usize, max_cost: u32) -> String {
    format!(
        "{SESSION} SET TEXTSIZE {value_bytes}; SET QUERY_GOVERNOR_COST_LIMIT {max_cost}; {ISOLATION} BEGIN TRANSACTION"
    )
}

/// Ends one, whatever became of it: an error may have ended it already.
pub(super) const ROLLBACK: &str = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION";
