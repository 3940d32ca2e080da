use proptest::prelude::*;

use super::*;
use crate::value::Value;

mod form;

const DIALECTS: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

/// What the text means, with the names as they are in a catalogue.
#[track_caller]
fn body(sql: &str, values: &[Value], dialect: Dialect) -> Body {
    lower(sql, Author::Caller(values), dialect).unwrap()
}

fn statement(body: Body) -> Statement {
    Statement {
        body,
        guards: Vec::new(),
        columns: Vec::new(),
        tables: vec!["t".to_owned()],
        accesses: Vec::new(),
        row_limit: 10,
        max_affected: 3,
        cursor: None,
    }
}

/// Changes the print and says whether it still reads back.
#[track_caller]
fn reads_back_with(body: &Body, dialect: Dialect, from: &str, to: &str) -> bool {
    let printed = print(body, dialect);
    assert!(printed.sql.contains(from), "`{from}` is not in {}", printed.sql);
    let altered = Printed { sql: printed.sql.replacen(from, to, 1), values: printed.values };
    reads_back(&altered, body, dialect)
}

fn sample(dialect: Dialect) -> Body {
    let (open, close) = match dialect {
        Dialect::MySql => ("`", "`"),
        Dialect::Postgres | Dialect::Sqlite => ("\"", "\""),
        Dialect::SqlServer => ("[", "]"),
    };
    let text = "SELECT {t}.{id} AS {id}, COUNT(*) AS {n} FROM (SELECT {t}.{id} AS {id}, {t}.{s} AS {s} \
                FROM {main}.{t} AS {t}) AS {t} \
                WHERE {t}.{id} = 1 AND ({t}.{s} = 'a' OR {t}.{s} LIKE 'b' ESCAPE '!') AND NOT {t}.{id} > 2.5 \
                GROUP BY {t}.{id} ORDER BY {t}.{id}";
    let mut body = body(&text.replace('{', open).replace('}', close), &[], dialect);
    if let Body::Query(query) = &mut body {
        query.page = crate::ir::Page { limit: Some(11), offset: Some(5), fenced: false };
    }
    body
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_printed_reads_back_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for dialect in DIALECTS {
            let body = form::body(&bytes, dialect);
            let Printed { sql, values } = print(&body, dialect);
            let read = lower(&sql, Author::Printer(&values), dialect);
            prop_assert_eq!(read.as_ref(), Ok(&body), "{:?}: {}", dialect, sql);
        }
    }

    #[test]
    fn the_remembering_check_says_what_the_plain_one_says(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        for dialect in DIALECTS {
            let (checker, statement) = (Checker::new(4), statement(form::body(&bytes, dialect)));
            let plain = check(&statement, dialect);
            prop_assert_eq!(&checker.check(&statement, dialect), &plain);
            prop_assert_eq!(&checker.check(&statement, dialect), &plain);
        }
    }
}

#[test]
fn a_print_that_says_something_else_does_not_read_back() {
    let changes = [
        (" AS \"n\"", " AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "\"id\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "t.\"id\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "\"t\".\"ssn\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "*"),
        ("\"t\".\"id\" AS \"id\"", "\"t\".*"),
        ("\"t\".\"id\" AS \"id\"", "lower(\"t\") AS \"id\""),
        ("count(*)", "count(DISTINCT 1)"),
        ("count(*)", "max(1)"),
        ("SELECT ", "SELECT DISTINCT "),
        ("\"main\".\"t\" AS", "\"t\" AS"),
        ("\"main\".\"t\" AS", "\"temp\".\"t\" AS"),
        ("\"main\".\"t\" AS", "\"main\".\"u\" AS"),
        ("\"main\".\"t\" AS \"t\"", "\"main\".\"t\" AS \"t\", \"main\".\"u\" AS \"u\""),
        ("\"main\".\"t\" AS \"t\"", "\"main\".\"t\" AS \"t\" JOIN \"main\".\"u\" AS \"u\" ON 1"),
        ("\"main\".\"t\" AS \"t\")", "\"main\".\"t\" AS \"t\" WHERE 1)"),
        ("\"main\".\"t\" AS \"t\")", "\"main\".\"t\" AS \"t\" UNION SELECT 1)"),
        (" AND (", " OR ("),
        ("((\"t\".\"s\" = ", "(NOT (\"t\".\"s\" = "),
        ("NOT (", "("),
        (" = ", " <> "),
        ("?1", "?2"),
        ("?1", "'a'"),
        ("?1", "1"),
        ("?1", "$1"),
        ("?1", "?99"),
        ("LIKE ?2", "LIKE 'b'"),
        ("LIKE ?2", "GLOB ?2"),
        ("ESCAPE '!'", "ESCAPE '%'"),
        (" ESCAPE '!'", ""),
        ("2.5", "2.50"),
        ("2.5", "-2.5"),
        (" GROUP BY \"t\".\"id\"", ""),
        (" ASC", " DESC"),
        (" ASC", " ASC NULLS LAST"),
        (" OFFSET ?4", ""),
        ("LIMIT ?3", "LIMIT 1"),
        (" OFFSET ?4", " OFFSET ?4; DROP TABLE t"),
        (" OFFSET ?4", " OFFSET ?4 UNION SELECT 1"),
        ("SELECT ", "WITH x AS (SELECT 1) SELECT "),
    ];
    let sample = sample(Dialect::Sqlite);
    assert!(reads_back_with(&sample, Dialect::Sqlite, "SELECT", "SELECT"));
    for (from, to) in changes {
        assert!(!reads_back_with(&sample, Dialect::Sqlite, from, to), "`{from}` -> `{to}`");
    }
}

#[test]
fn a_parameter_under_another_cast_does_not_read_back() {
    let changes = [
        ("LIMIT CAST($3 AS BIGINT)", "LIMIT $3"),
        ("LIMIT CAST($3 AS BIGINT)", "LIMIT CAST($3 AS TEXT)"),
        ("LIMIT CAST($3 AS BIGINT)", "LIMIT CAST(CAST($3 AS BIGINT) AS regclass)"),
        (" = $1", " = CAST($1 AS TEXT)"),
        (" = $1", " = CAST($1 AS regclass)"),
        ("LIKE", "ILIKE"),
        ("pg_catalog.count", "count"),
        ("pg_catalog.count", "evil.count"),
        (" OFFSET CAST($4 AS BIGINT)", " OFFSET CAST($4 AS BIGINT) FOR UPDATE"),
        ("(\"t\".\"id\" = ", "(\"t\".\"id\" OPERATOR(evil.=) "),
    ];
    let sample = sample(Dialect::Postgres);
    for (from, to) in changes {
        assert!(!reads_back_with(&sample, Dialect::Postgres, from, to), "`{from}` -> `{to}`");
    }
}

#[test]
fn what_only_separates_statements_in_t_sql_does_not_read_back() {
    let sample = sample(Dialect::SqlServer);
    for (from, to) in [(" AS [id]", " SHUTDOWN"), (" AS [t])", ") WITH (TABLOCKX)"), (" AS [n]", " INTO [n]")]
    {
        assert!(!reads_back_with(&sample, Dialect::SqlServer, from, to), "`{from}` -> `{to}`");
    }
}

#[test]
fn a_name_that_breaks_out_of_its_quotes_does_not_read_back() {
    let sample = sample(Dialect::SqlServer);
    let attack = " AS [x]], ssn FROM t --]";
    assert!(!reads_back_with(&sample, Dialect::SqlServer, " AS [id]", &attack.replace("]]", "]")));
}

#[test]
fn a_write_brings_its_guards_verified() {
    let dialect = Dialect::Postgres;
    let guard =
        body("SELECT count(*) AS \"n\" FROM \"s\".\"t\" AS \"t\" WHERE \"t\".\"a\" = 'x'", &[], dialect);
    let update =
        body("UPDATE \"s\".\"t\" SET \"a\" = 'y' WHERE \"a\" = 'x' RETURNING \"a\" AS \"a\"", &[], dialect);
    let planned = Statement { guards: vec![guard], ..statement(update) };
    let checked = check(&planned, dialect).unwrap();
    let text = |text: &str| Bind::Text(text.to_owned());
    assert_eq!(checked.binds(), [text("y"), text("x")]);
    let Effect::Write(write) = checked.effect() else { panic!("no write: {checked:?}") };
    assert_eq!((write.max_affected, write.returns_rows, write.guards.len()), (3, true, 1));
    assert_eq!(write.guards[0].binds, [text("x")]);
}

#[test]
fn a_form_no_text_of_the_dialect_says_is_refused() {
    let form = body("SELECT \"a\" || \"b\" AS \"c\" FROM \"t\"", &[], Dialect::Postgres);
    assert_eq!(check(&statement(form.clone()), Dialect::MySql), Err(Refusal::Unverified));
    let guarded = Statement { guards: vec![form.clone()], ..statement(sample(Dialect::MySql)) };
    assert_eq!(check(&guarded, Dialect::MySql), Err(Refusal::Unverified));
}

#[test]
fn an_unquoted_name_is_refused() {
    let form = body("SELECT a AS \"a\" FROM \"t\"", &[], Dialect::Postgres);
    assert_eq!(check(&statement(form), Dialect::Postgres), Err(Refusal::Unverified));
}

#[test]
fn more_values_than_the_engine_takes_are_refused() {
    let list: Vec<String> = (0..2_099).map(|number| format!("'{number}'")).collect();
    let sql = format!("SELECT 1 AS [a] FROM [t] WHERE [t].[a] IN ({})", list.join(","));
    let form = body(&sql, &[], Dialect::SqlServer);
    assert_eq!(check(&statement(form), Dialect::SqlServer), Err(Refusal::Parameters { most: 2_098 }));
}

#[track_caller]
fn is_remembered(first: (&str, Dialect), second: (&str, Dialect)) -> bool {
    let checker = Checker::new(2);
    let checked = |(sql, dialect)| {
        let statement = statement(body(sql, &[], dialect));
        assert_eq!(checker.check(&statement, dialect), check(&statement, dialect));
    };
    checked(first);
    let (sql, dialect) = second;
    let form = body(sql, &[], dialect);
    let printed = print(&form, dialect);
    let known = checker.cache.key(&printed, dialect).is_some_and(|key| checker.cache.says(&key, &form));
    checked(second);
    known
}

#[test]
fn a_text_is_remembered_for_other_values() {
    let sql =
        |value: &str| format!("SELECT \"t\".\"a\" AS \"a\" FROM \"t\" WHERE \"t\".\"a\" = {value} LIMIT 3");
    let is = |one: &str, other: &str| {
        is_remembered((&sql(one), Dialect::Postgres), (&sql(other), Dialect::Postgres))
    };
    assert!(is("'x'", "'x'"));
    assert!(is("'x'", "'yy'"));
    assert!(!is("'x'", "5"));
    assert!(!is_remembered((&sql("'x'"), Dialect::Postgres), (&sql("'x'"), Dialect::Sqlite)));
}

#[test]
fn values_without_numbers_are_remembered_with_which_of_them_are_equal() {
    let sql = |values: &str| format!("SELECT 1 AS `a` FROM `t` WHERE `t`.`a` IN ({values})");
    let is =
        |one: &str, other: &str| is_remembered((&sql(one), Dialect::MySql), (&sql(other), Dialect::MySql));
    assert!(is("'x', 'x'", "'y', 'y'"));
    assert!(is("'x', 'y'", "'y', 'z'"));
    assert!(!is("'x', 'x'", "'y', 'z'"));
}

#[test]
fn a_remembered_text_says_no_other_statement() {
    let dialect = Dialect::Sqlite;
    let form = body("SELECT \"t\".\"a\" AS \"a\" FROM \"t\" WHERE \"t\".\"a\" = 'x'", &[], dialect);
    let other = body("SELECT \"t\".\"b\" AS \"a\" FROM \"t\" WHERE \"t\".\"a\" = 'x'", &[], dialect);
    let swapped = body("SELECT \"t\".\"a\" AS \"a\" FROM \"t\" WHERE \"t\".\"a\" = 'y'", &[], dialect);
    let cache = Cache::new(2);
    let printed = print(&form, dialect);
    cache.remember(cache.key(&printed, dialect).unwrap(), &form);
    let says = |form: &Body| cache.says(&cache.key(&printed, dialect).unwrap(), form);
    assert!(says(&form));
    assert!(!says(&other));
    assert!(!says(&swapped));
    assert!(says(&form));
}

#[test]
fn what_is_not_used_is_forgotten() {
    let dialect = Dialect::Sqlite;
    let form = |name: &str| body(&format!("SELECT 1 AS \"{name}\""), &[], dialect);
    let (cache, first) = (Cache::new(4), form("first"));
    let known = |form: &Body| cache.says(&cache.key(&print(form, dialect), dialect).unwrap(), form);
    let remember = |form: &Body| cache.remember(cache.key(&print(form, dialect), dialect).unwrap(), form);
    remember(&first);
    remember(&form("second"));
    remember(&form("third"));
    assert!(known(&first), "used again, it stays");
    remember(&form("fourth"));
    assert!(known(&first));
    assert!(!known(&form("second")));
}
