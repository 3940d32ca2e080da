//! The driver against a real server: what a transaction keeps, what rows look like, what a login is said to be.

#[path = "../../../tests/boundary/harness/postgres.rs"]
mod cluster;

use std::time::Duration;

use cluster::Cluster;
use sql::{Bind, Effect, Guard, OutputColumn, Type, Write};
use tokio::sync::mpsc;

use super::*;
use crate::db::rows::Cut;
use crate::db::{Commit, Tag};
use crate::grade::Severity;

const SHOP: &str = "
    CREATE TABLE orders (id int PRIMARY KEY, region text, total int CHECK (total >= 0));
    CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO orders SELECT i, CASE WHEN i % 2 = 0 THEN 'EU' ELSE 'US' END, i FROM generate_series(1, 10) i;
    CREATE ROLE clerk LOGIN; GRANT SELECT ON orders TO clerk; REVOKE CREATE ON SCHEMA public FROM PUBLIC;";

struct Shop {
    cluster: Cluster,
    driver: Postgres,
}

/// A statement as a test wants it run.
struct Try<'a> {
    sql: &'a str,
    binds: Vec<Bind>,
    columns: usize,
    effect: Effect,
    commit: Commit,
    max_cost: Option<f64>,
    row_limit: u64,
}

fn read(sql: &str, columns: usize) -> Try<'_> {
    let commit = Commit::Commit;
    Try { sql, binds: Vec::new(), columns, effect: Effect::Read, commit, max_cost: None, row_limit: 100_000 }
}

fn change(sql: &str) -> Try<'_> {
    Try { effect: Effect::Write(Write { max_affected: 5, ..Write::default() }), ..read(sql, 0) }
}

fn guarded<'a>(sql: &'a str, guard: &str) -> Try<'a> {
    let guards = vec![Guard { sql: guard.to_owned(), binds: vec![Bind::Text("US".to_owned())] }];
    Try { effect: Effect::Write(Write { max_affected: 5, guards, returns_rows: false }), ..read(sql, 0) }
}

impl Shop {
    async fn open() -> Self {
        let cluster = Cluster::start().await;
        cluster.client().await.batch_execute(SHOP).await.unwrap();
        let bounds = Bounds { connections: 1, statement: Duration::from_secs(10), ..Bounds::default() };
        let driver = Postgres::new(&cluster.url(), bounds).unwrap();
        Self { cluster, driver }
    }

    async fn run_into(&self, attempt: Try<'_>, sink: Sink) -> Result<Outcome, DatabaseError> {
        let column = |index| OutputColumn { name: format!("c{index}"), ty: Type::Other, hidden: false };
        let columns: Vec<OutputColumn> = (0..attempt.columns).map(column).collect();
        let rows = RowsWriter::with_columns(&columns, attempt.row_limit, &self.driver.bounds, sink);
        let transaction = Transaction {
            pinned: &self.driver.pinned,
            sql: attempt.sql,
            binds: &attempt.binds,
            effect: &attempt.effect,
            tag: &Tag::new("01hf", "ann@example.com"),
            commit: attempt.commit,
            max_cost: attempt.max_cost,
        };
        self.driver.bounded(self.driver.transact(transaction, rows)).await
    }

    async fn run(&self, attempt: Try<'_>) -> Result<Outcome, DatabaseError> {
        self.run_into(attempt, Sink::Answer).await
    }

    async fn json(&self, sql: &str, columns: usize) -> serde_json::Value {
        let outcome = self.run(read(sql, columns)).await.unwrap();
        serde_json::from_slice(&outcome.rows.json).unwrap()
    }

    /// The sum of all totals, which every change of the tests changes.
    async fn sum(&self) -> i64 {
        let client = self.cluster.client().await;
        client.query_one("SELECT sum(total) FROM public.orders", &[]).await.unwrap().get(0)
    }
}

#[tokio::test]
async fn a_change_is_counted_and_stays_or_nothing_does() {
    let shop = Shop::open().await;
    let outcome = shop.run(change("UPDATE public.orders SET total = total + 1 WHERE id <= 5")).await.unwrap();
    assert_eq!((outcome.affected, shop.sum().await), (5, 60));

    let every = "UPDATE public.orders SET total = 0 RETURNING id";
    let limit = DatabaseError::TooManyRows { limit: 5 };
    assert_eq!(shop.run(Try { columns: 1, ..change(every) }).await, Err(limit.clone()));
    assert_eq!(shop.run(Try { columns: 1, row_limit: 1, ..change(every) }).await, Err(limit));

    let outside = "SELECT count(*) FROM public.orders WHERE id = 1 AND region = $1";
    let one = "UPDATE public.orders SET total = 0 WHERE id = 1";
    assert_eq!(shop.run(guarded(one, outside)).await, Err(DatabaseError::OutsideRows));
    let of_values = "SELECT CASE WHEN $1 = 'EU' THEN 0 ELSE 1 END";
    assert_eq!(shop.run(guarded(one, of_values)).await, Err(DatabaseError::OutsideRows));
    assert_eq!(
        shop.run(change("UPDATE public.orders SET total = -1 WHERE id = 1")).await,
        Err(DatabaseError::Constraint)
    );
    assert_eq!(
        shop.run(change("INSERT INTO public.lines VALUES (1, 99)")).await,
        Err(DatabaseError::Constraint)
    );
    assert_eq!(shop.sum().await, 60);

    let inside = "SELECT count(*) FROM public.orders WHERE id = 2 AND region = $1";
    assert_eq!(shop.run(guarded(one, inside)).await.map(|outcome| outcome.affected), Ok(1));
    let of_values = "SELECT CASE WHEN $1 = 'US' THEN 0 ELSE 1 END";
    assert_eq!(shop.run(guarded(one, of_values)).await.map(|outcome| outcome.affected), Ok(1));
    assert_eq!(shop.sum().await, 58);
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let shop = Shop::open().await;
    let dry = |sql| Try { commit: Commit::DryRun, columns: 1, ..change(sql) };
    let outcome = shop.run(dry("DELETE FROM public.orders WHERE id < 3 RETURNING id")).await.unwrap();
    assert_eq!((outcome.affected, outcome.rows.json.as_slice()), (2, br#"[{"c0":1},{"c0":2}]"#.as_slice()));
    // What would only fail at the commit fails as well.
    let orphan = "INSERT INTO public.lines VALUES (1, 99) RETURNING id";
    assert_eq!(shop.run(dry(orphan)).await, Err(DatabaseError::Constraint));
    let ddl =
        Try { effect: Effect::Ddl, commit: Commit::DryRun, ..read("DROP TABLE public.orders CASCADE", 0) };
    shop.run(ddl).await.unwrap();
    assert_eq!(shop.sum().await, 55);
    let ddl = Try { effect: Effect::Ddl, ..read("CREATE TABLE public.made (id int)", 0) };
    shop.run(ddl).await.unwrap();
    assert_eq!(shop.json("SELECT count(*) FROM public.made", 1).await[0]["c0"], 0);
}

#[tokio::test]
async fn what_reads_cannot_write_and_says_whose_it_is() {
    let shop = Shop::open().await;
    let refused = shop.run(read("DELETE FROM public.orders RETURNING id", 1)).await;
    assert_eq!(refused, Err(DatabaseError::Statement { code: "25006".to_owned() }));
    let stacked = shop.run(read("SELECT 1; DELETE FROM public.orders", 1)).await;
    assert_eq!(stacked, Err(DatabaseError::Statement { code: "42601".to_owned() }));
    let settings = "SELECT current_setting('application_name'), current_setting('transaction_read_only'),
        current_setting('search_path'), current_setting('statement_timeout'), current_setting('lock_timeout')";
    let row = &shop.json(settings, 5).await[0];
    let expected = serde_json::json!({
        "c0": "trigate 01hf ann@example.com", "c1": "on", "c2": "\"\"", "c3": "10s", "c4": "5s"
    });
    assert_eq!(*row, expected);
    assert_eq!(shop.sum().await, 55);
}

#[tokio::test]
async fn a_statement_that_is_expected_to_cost_too_much_does_not_run() {
    let shop = Shop::open().await;
    let dear = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b";
    let outcome = shop.run(Try { max_cost: Some(10_000.0), ..read(dear, 1) }).await;
    assert!(matches!(outcome, Err(DatabaseError::Cost { limit: 10_000.0, .. })), "{outcome:?}");
    let write = Try { max_cost: Some(0.01), ..change("UPDATE public.orders SET total = 0 WHERE id = 1") };
    assert!(matches!(shop.run(write).await, Err(DatabaseError::Cost { .. })));
    let by_id = "SELECT total FROM public.orders WHERE id = $1";
    let cheap = Try { max_cost: Some(100.0), binds: vec![Bind::Integer(7)], ..read(by_id, 1) };
    assert_eq!(shop.run(cheap).await.unwrap().rows.json, br#"[{"c0":7}]"#);
    assert_eq!(shop.sum().await, 55);
}

#[tokio::test]
async fn the_server_puts_in_words_what_no_decoder_knows() {
    let shop = Shop::open().await;
    let sql = "SELECT 1 AS a, 'cat & dog'::tsquery, 2 AS a, ROW(1, 'x'), 'pg_class'::regclass, NULL::tsquery
        ORDER BY 1";
    let expected = serde_json::json!({
        "c0": 1, "c1": "'cat' & 'dog'", "c2": 2, "c3": "(1,x)", "c4": "pg_class", "c5": null
    });
    // The second time it is known beforehand.
    assert_eq!(shop.json(sql, 6).await[0], expected);
    assert_eq!(shop.json(sql, 6).await[0], expected);
    let write = "UPDATE public.orders SET total = total + 1 WHERE id = 1 RETURNING total, 'cat'::tsquery";
    let outcome = shop.run(Try { columns: 2, ..change(write) }).await.unwrap();
    assert_eq!(outcome.rows.json, br#"[{"c0":2,"c1":"'cat'"}]"#);
    assert_eq!((outcome.affected, shop.sum().await), (1, 56));
}

#[tokio::test]
async fn rarer_types_look_as_the_server_writes_them() {
    let shop = Shop::open().await;
    for (value, expected) in [
        ("'[2026-01-01,2026-02-01)'::daterange", "\"[2026-01-01,2026-02-01)\""),
        ("'empty'::int4range", "\"empty\""),
        ("'(,5]'::numrange", "\"(,5]\""),
        ("'{[1,3),[5,7)}'::int4multirange", "\"{[1,3),[5,7)}\""),
        ("'(1.5,-2)'::point", "\"(1.5,-2)\""),
        ("'<(0,0),5>'::circle", "\"<(0,0),5>\""),
        ("'((0,0),(1,1))'::box", "\"(1,1),(0,0)\""),
        ("'[(0,0),(1,1)]'::path", "\"[(0,0),(1,1)]\""),
        ("'((0,0),(1,1))'::polygon", "\"((0,0),(1,1))\""),
        ("'[(0,0),(1,1)]'::lseg", "\"[(0,0),(1,1)]\""),
        ("'{1,2,3}'::line", "\"{1,2,3}\""),
        ("B'10110'", "\"10110\""),
        ("'08:00:2b:01:02:03'::macaddr", "\"08:00:2b:01:02:03\""),
        ("to_tsvector('simple', 'a cat''s \"mat\"')", r#""'a':1 'cat':2 'mat':4 's':3""#),
        ("setweight('x:1,3'::tsvector, 'B')", "\"'x':1B,3B\""),
        ("'16/B374D848'::pg_lsn", "\"16/B374D848\""),
        ("(-123.45)::money", "\"-123.45\""),
        ("4294967295::oid", "4294967295"),
        ("'$.a[*]'::jsonpath", r#""$.\"a\"[*]""#),
        ("ARRAY['{\"a\": [1]}'::jsonb, NULL]", r#"[{"a":[1]},null]"#),
        ("ARRAY[1.10, 2]::numeric[]", r#"["1.10","2"]"#),
        ("'{}'::uuid[]", "[]"),
        ("'10:00:00+02'::timetz", "\"10:00:00+02:00\""),
        ("'infinity'::timestamptz", "\"infinity\""),
        ("1e-20::numeric", "\"0.00000000000000000001\""),
        ("123456789012345678901234567890.5::numeric", "\"123456789012345678901234567890.5\""),
    ] {
        let outcome = shop.run(read(&format!("SELECT {value}"), 1)).await.unwrap();
        assert_eq!(
            String::from_utf8(outcome.rows.json).unwrap(),
            format!("[{{\"c0\":{expected}}}]"),
            "{value}"
        );
    }
}

#[tokio::test]
async fn lines_leave_while_rows_are_read_and_end_when_nobody_takes_them() {
    let shop = Shop::open().await;
    let many = "SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i";
    let (sender, mut receiver) = mpsc::channel::<bytes::Bytes>(1);
    let taken = async {
        let (mut lines, mut largest) = (0, 0);
        while let Some(piece) = receiver.recv().await {
            lines += piece.iter().filter(|byte| **byte == b'\n').count();
            largest = largest.max(piece.len());
        }
        (lines, largest)
    };
    let (outcome, (lines, largest)) =
        futures::join!(shop.run_into(read(many, 2), Sink::Lines(sender)), taken);
    let rows = outcome.unwrap().rows;
    assert_eq!((rows.count, rows.cut, rows.json.is_empty(), lines), (20_000, None, true, 20_000));
    assert!(largest < 64 << 10, "{largest}");

    let (sender, receiver) = mpsc::channel::<bytes::Bytes>(1);
    drop(receiver);
    let rows = shop.run_into(read(many, 2), Sink::Lines(sender)).await.unwrap().rows;
    assert_eq!(rows.cut, Some(Cut::Gone));
    assert_eq!(shop.sum().await, 55);
}

#[tokio::test]
async fn a_statement_whose_caller_has_gone_is_cancelled() {
    let shop = Shop::open().await;
    let slow = shop.run(read("SELECT pg_sleep(60)::text, 'marked'", 2));
    let active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%''marked''%'
        AND pid <> pg_backend_pid()";
    let client = shop.cluster.client().await;
    let until = async |expected: i64| {
        while client.query_one(active, &[]).await.unwrap().get::<_, i64>(0) != expected {
            tokio::task::yield_now().await;
        }
    };
    // The sleep is under way, and dropped then.
    tokio::select! {
        outcome = slow => panic!("{outcome:?}"),
        () = until(1) => {}
    }
    tokio::time::timeout(Duration::from_secs(10), until(0)).await.expect("the statement still runs");
}

#[tokio::test]
async fn a_login_is_graded_by_what_it_may_do() {
    let shop = Shop::open().await;
    let found = async |url: &str| -> Vec<(Severity, String)> {
        let driver = Postgres::new(url, Bounds::default()).unwrap();
        let grade = driver.grade().await.unwrap();
        grade.findings.into_iter().map(|finding| (finding.severity, finding.what)).collect()
    };
    assert_eq!(found(&shop.cluster.url()).await[0], (Severity::Refuse, "is a superuser".to_owned()));
    let clerk = shop.cluster.url().replace("trigate@", "clerk@");
    assert_eq!(found(&clerk).await, []);
    let client = shop.cluster.client().await;
    client
        .batch_execute(
            "ALTER ROLE clerk BYPASSRLS CREATEDB; GRANT pg_read_server_files TO clerk;
             ALTER TABLE public.orders OWNER TO clerk; GRANT CREATE ON SCHEMA public TO clerk",
        )
        .await
        .unwrap();
    let (refused, warned): (Vec<_>, Vec<_>) =
        found(&clerk).await.into_iter().partition(|(severity, _)| *severity == Severity::Refuse);
    let refused: Vec<&str> = refused.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(refused, ["has BYPASSRLS", "is a member of pg_read_server_files"]);
    let warned: Vec<&str> = warned.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(warned, ["has CREATEDB", "owns 1 tables or views", "may create in the schema \"public\""]);
}

#[tokio::test]
async fn encryption_that_is_demanded_is_verified() {
    let shop = Shop::open().await;
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let client = shop.cluster.client().await;
    for (file, text) in [("server.crt", made.cert.pem()), ("server.key", made.signing_key.serialize_pem())] {
        let lines: Vec<String> = text.lines().map(|line| format!("('{line}')")).collect();
        let program = format!("cat > {file}; chmod 600 {file}");
        client
            .batch_execute(&format!("COPY (VALUES {}) TO PROGRAM '{program}'", lines.join(", ")))
            .await
            .unwrap();
    }
    client.batch_execute("ALTER SYSTEM SET ssl = on").await.unwrap();
    client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let authorities = directory.path().join("ca.pem");
    std::fs::write(&authorities, made.cert.pem()).unwrap();
    let url = |host: &str, query: &str| {
        let url = shop.cluster.url().replace("127.0.0.1", host);
        format!("{url}?sslrootcert={}&{query}", authorities.display())
    };
    let bounds = Bounds::default();
    let right = Postgres::new(&url("localhost", "sslmode=verify-full"), bounds).unwrap();
    let encrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let driver = Shop { driver: right, ..shop };
    // The server reads its new settings a moment later.
    let said = async {
        loop {
            match driver.run(read(encrypted, 1)).await {
                Ok(outcome) => break outcome,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let outcome = tokio::time::timeout(Duration::from_secs(20), said).await.unwrap();
    assert_eq!(outcome.rows.json, br#"[{"c0":"true"}]"#);

    let url = |host: &str, query: &str| {
        let url = driver.cluster.url().replace("127.0.0.1", host);
        format!("{url}?sslrootcert={}&{query}", authorities.display())
    };
    // Another name than the certificate's.
    let wrong = Postgres::new(&url("127.0.0.1", "sslmode=require"), bounds).unwrap();
    assert_eq!(wrong.ping().await, Err(DatabaseError::Unreachable));
    for refused in
        [url("localhost", "sslmode=prefer"), url("localhost", "sslmode=require").replace("ca.pem", "no.pem")]
    {
        assert_eq!(Postgres::new(&refused, bounds).err(), Some(UrlError::Authorities), "{refused}");
    }
}
