use super::*;
use crate::ir::At;
use crate::name::Part;
use crate::value::Value;

const DIALECTS: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

#[test]
fn every_table_is_sorted_so_that_each_entry_is_found_in_any_case() {
    for dialect in DIALECTS {
        for function in table(dialect) {
            for name in [function.name.to_owned(), function.name.to_ascii_uppercase()] {
                assert!(find(dialect, &name) == Some(function), "{dialect:?} {name}");
            }
            assert!(function.least <= function.most, "{dialect:?} {}", function.name);
        }
    }
}

#[test]
fn what_reaches_beyond_the_rows_is_in_no_table() {
    let denied = "
        benchmark binary_upgrade_create_empty_extension changes col_description connection_id currval current_catalog
        current_database current_role current_schema current_setting current_user cursor_to_xml database database_to_xml
        db_id db_name dblink dblink_connect dblink_exec default edit eval fn_get_sql fn_trace_gettable fn_xe_file_target_read_file
        found_rows fts3_tokenizer get_lock get_raw_page getpgusername gin_clean_pending_list has_table_privilege host_id
        host_name ident_current inet_client_addr inet_server_addr inet_server_port is_free_lock is_used_lock
        last_insert_id last_insert_rowid lastval lo_export lo_from_bytea lo_get lo_import lo_put load_extension load_file
        lowrite loread master_pos_wait name_const nextval obj_description object_definition object_id object_name openquery openrowset
        opendatasource opendatasource original_login pg_advisory_lock pg_advisory_xact_lock pg_backend_pid
        pg_cancel_backend pg_ls_dir pg_ls_waldir pg_notify pg_read_binary_file pg_read_file pg_reload_conf pg_relation_size
        pg_size_pretty pg_sleep pg_sleep_for pg_sleep_until pg_stat_file pg_stat_get_activity pg_switch_wal
        pg_terminate_backend pg_typeof pwdcompare pwdencrypt query_to_xml query_to_xmlschema randomblob readfile
        release_all_locks release_lock row_count row_security_active schema schema_name schema_to_xml scope_identity
        serverproperty session_context session_user session_id set_config setseed setval shobj_description sleep
        sp_executesql sqlite_compileoption_get sqlite_log sqlite_source_id sqlite_version suser_name suser_sname
        sys_eval sys_exec sys_get system_user table_to_xml to_regclass to_regproc to_regrole to_regtype total_changes
        ts_stat txid_current txid_status uncompress updatexml extractvalue user user_name uuid_short values version
        wait_for_executed_gtid_set writefile xmlagg xp_cmdshell xp_dirtree xp_fileexist xp_regread xpath zeroblob array_fill
        xml_is_well_formed session_user";
    for dialect in DIALECTS {
        for name in denied.split_whitespace() {
            assert!(find(dialect, name).is_none(), "{dialect:?} {name}");
        }
        for prefix in
            ["pg_", "lo_", "dblink", "xp_", "sp_", "fn_", "inet_server", "has_", "txid_", "sqlite_", "to_reg"]
        {
            let offender = table(dialect).iter().find(|function| function.name.starts_with(prefix));
            assert!(offender.is_none(), "{dialect:?} {offender:?}");
        }
    }
}

#[test]
fn names_of_other_dialects_are_not_found() {
    check_absent(Dialect::Postgres, "ifnull");
    check_absent(Dialect::MySql, "date_trunc");
    check_absent(Dialect::Sqlite, "now");
    check_absent(Dialect::SqlServer, "length");
    check_absent(Dialect::Postgres, "");
    check_absent(Dialect::Postgres, "cöunt");
}

#[track_caller]
fn check_absent(dialect: Dialect, name: &str) {
    assert!(find(dialect, name).is_none(), "{dialect:?} {name}");
}

#[test]
fn a_length_is_a_small_literal() {
    check("lpad", &[column(), number("8")], None);
    check("lpad", &[column(), number("10000"), text("0")], None);
    check("lpad", &[column(), number("10001")], Some(Excess::Count(1)));
    check("lpad", &[column(), column()], Some(Excess::Count(1)));
    check("rpad", &[column(), text("8")], Some(Excess::Count(1)));
}

#[test]
fn only_literals_and_columns_are_repeated() {
    check("repeat", &[text("*"), number("5")], None);
    check("repeat", &[column(), number("5")], None);
    check("repeat", &[Expr::Not(Box::new(column())), number("5")], Some(Excess::Repeated));
    check("repeat", &[text("*"), number("1e9")], Some(Excess::Count(1)));
    check("repeat", &[text("*"), number("nan")], Some(Excess::Count(1)));
}

#[test]
fn formats_are_literal_and_narrow() {
    check("format", &[text("%s: %10s"), column()], None);
    check("format", &[text("%1000s"), column()], Some(Excess::Format(0)));
    check("format", &[text("%*s"), number("1000000000"), column()], Some(Excess::Format(0)));
    check("format", &[column(), column()], Some(Excess::Format(0)));
}

#[test]
fn a_series_of_literals_is_short() {
    check("generate_series", &[number("1"), number("100000")], None);
    check("generate_series", &[number("1"), number("1000000000")], Some(Excess::Series));
    check("generate_series", &[number("1"), number("1000000000"), number("10000")], None);
    check("generate_series", &[number("1000000000"), number("1"), number("-1")], Some(Excess::Series));
    check("generate_series", &[number("1"), number("10"), number("0")], Some(Excess::Series));
    check("generate_series", &[column(), column(), column()], None);
}

#[track_caller]
fn check(name: &str, arguments: &[Expr], expected: Option<Excess>) {
    let function = find(Dialect::Postgres, name).unwrap();
    assert_eq!(function.excess(arguments), expected);
}

fn column() -> Expr {
    Expr::Column { name: vec![Part { text: "c".to_owned(), quoted: true }], at: At::default() }
}

fn number(digits: &str) -> Expr {
    Expr::Literal(Value::Number(digits.to_owned()))
}

fn text(text: &str) -> Expr {
    Expr::Literal(Value::Untyped(text.to_owned()))
}
