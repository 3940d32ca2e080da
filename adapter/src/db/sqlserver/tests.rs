//! The driver against a server that speaks the protocol and answers from a script, and against a real one where
//! `TRIGATE_TEST_MSSQL_URL` names it.

mod server;
mod tokens;

use std::time::Duration;

use sql::{Bind, Effect, Guard, OutputColumn, Type, Write};

use super::super::rows::Cut;
use super::super::{Commit, Tag};
use super::*;
use server::Server;
use tokens::{Answer, Column, changed, error, rows};

struct Shop {
    driver: SqlServer,
    server: Server,
}

async fn shop(script: Vec<(&'static str, Answer)>, bounds: Bounds) -> Shop {
    let server = Server::start(script).await;
    let driver = SqlServer::new(&server.url(), bounds).unwrap();
    Shop { driver, server }
}

/// A statement as the check would hand it over.
struct Given<'a> {
    sql: &'a str,
    binds: Vec<Bind>,
    columns: Vec<Type>,
    effect: Effect,
    commit: Commit,
    max_cost: Option<f64>,
}

impl<'a> Given<'a> {
    fn read(sql: &'a str, columns: &[Type]) -> Self {
        let columns = columns.to_vec();
        Self { sql, binds: Vec::new(), columns, effect: Effect::Read, commit: Commit::Commit, max_cost: None }
    }

    fn write(sql: &'a str, max_affected: u64, guards: &[&str]) -> Self {
        let guards = guards.iter().map(|sql| Guard { sql: (*sql).to_owned(), binds: Vec::new() }).collect();
        let write = Write { max_affected, guards, ..Write::default() };
        Self { effect: Effect::Write(write), ..Self::read(sql, &[]) }
    }
}

async fn run(driver: &SqlServer, given: Given<'_>) -> Result<Outcome, DatabaseError> {
    let column =
        |(index, ty): (usize, &Type)| OutputColumn { name: format!("c{index}"), ty: *ty, hidden: false };
    let columns: Vec<OutputColumn> = given.columns.iter().enumerate().map(column).collect();
    let rows = RowsWriter::with_columns(&columns, 1000, &driver.bounds, Sink::Answer);
    let job = Job {
        sql: given.sql,
        binds: &given.binds,
        columns: &columns,
        effect: &given.effect,
        tag: &Tag::new("decision-7", "ann@example.com"),
        commit: given.commit,
        max_cost: given.max_cost,
    };
    driver.bounded(driver.execute(&job, rows)).await
}

async fn json(driver: &SqlServer, given: Given<'_>) -> String {
    String::from_utf8(run(driver, given).await.unwrap().rows.json).unwrap()
}

#[tokio::test]
async fn every_type_has_its_json_form() {
    let day = 730_178_u32.to_le_bytes();
    let moment = [&432_000_005_000_u64.to_le_bytes()[..5], &day[..3]].concat();
    let zoned = [&[10][..], &moment, &120_u16.to_le_bytes()].concat();
    let (moment, time) = ([&[8][..], &moment].concat(), [&[5][..], &moment[..5]].concat());
    let money = [&[8][..], &0_u32.to_le_bytes(), &125_000_u32.to_le_bytes()].concat();
    let guid = [&[16][..], &(0..16).collect::<Vec<u8>>()].concat();
    let decimal = [&[5, 0][..], &1250_u32.to_le_bytes()].concat();
    let document = tokens::utf16("{ \"a\": [1] }");
    let length = document.len().to_le_bytes();
    let xml = [&length[..], &length[..4], &document, &[0; 4]].concat();
    let columns = [
        Column::new(&[0x26, 8], &[&[&[8][..], &i64::MAX.to_le_bytes()].concat(), &[0]]),
        Column::new(&[0x26, 1], &[&[1, 255], &[0]]),
        Column::new(&[0x68, 1], &[&[1, 1], &[0]]),
        Column::new(&[0x6D, 8], &[&[&[8][..], &0.1_f64.to_le_bytes()].concat(), &[0]]),
        Column::new(&[0x6D, 4], &[&[&[4][..], &0.1_f32.to_le_bytes()].concat(), &[0]]),
        Column::new(&[0x6A, 5, 9, 2], &[&decimal, &[0]]),
        Column::new(&[0x6E, 8], &[&money, &[0]]),
        Column::new(&[0x24, 16], &[&guid, &[0]]),
        Column::new(&[0x28], &[&[&[3][..], &day[..3]].concat(), &[0]]),
        Column::new(&[0x29, 7], &[&time, &[0]]),
        Column::new(&[0x2A, 7], &[&moment, &[0]]),
        Column::new(&[0x2B, 7], &[&zoned, &[0]]),
        Column::new(&[0x6F, 8], &[&[8, 1, 0, 0, 0, 0x2C, 1, 0, 0], &[0]]),
        Column::new(&[0xA5, 8, 0], &[&[2, 0, 0xFF, 0], &[0xFF, 0xFF]]),
        Column::new(&[0xF1, 0], &[&xml, &[0xFF; 8]]),
        Column::text(&[Some("{ \"a\": [1] }"), None]),
        Column::text(&[Some("émile 😀 \"quoted\""), None]),
    ];
    use Type::*;
    let types = [
        Integer,
        Integer,
        Boolean,
        Real,
        Real,
        Decimal,
        Decimal,
        Uuid,
        Date,
        Time,
        Timestamp,
        TimestampTz,
        Timestamp,
        Bytes,
        Other,
        Json,
        Text,
    ];
    let shop = shop(vec![("FROM [every]", rows(&columns))], Bounds::default()).await;
    assert_eq!(
        json(&shop.driver, Given::read("SELECT * FROM [every]", &types)).await,
        concat!(
            r#"[{"c0":"9223372036854775807","c1":255,"c2":true,"c3":0.1,"c4":0.1,"c5":"-12.50","c6":"12.5000","#,
            r#""c7":"03020100-0504-0706-0809-0a0b0c0d0e0f","c8":"2000-02-29","c9":"12:00:00.0005","#,
            r#""c10":"2000-02-29T12:00:00.0005","c11":"2000-02-29T12:00:00.0005Z","#,
            r#""c12":"1900-01-02T00:00:01","c13":"/wA=","c14":"{ \"a\": [1] }","c15":{"a":[1]},"#,
            r#""c16":"émile 😀 \"quoted\""},"#,
            r#"{"c0":null,"c1":null,"c2":null,"c3":null,"c4":null,"c5":null,"c6":null,"c7":null,"c8":null,"#,
            r#""c9":null,"c10":null,"c11":null,"c12":null,"c13":null,"c14":null,"c15":null,"c16":null}]"#,
        )
    );
}

#[tokio::test]
async fn values_are_parameters_with_the_names_of_the_print() {
    let shop = shop(Vec::new(), Bounds::default()).await;
    let binds = vec![Bind::Integer(7), Bind::Text("o'neill".to_owned()), Bind::Real(0.5), Bind::Bool(true)];
    let given = Given { binds, ..Given::read("SELECT @p1, @p2, @p3, @p4", &[]) };
    run(&shop.driver, given).await.unwrap();
    let [call] = &shop.server.seen("sp_executesql")[..] else { panic!("one call") };
    assert!(call.contains("/* trigate decision-7 ann@example.com */ SELECT @p1, @p2, @p3, @p4"), "{call}");
    assert!(call.contains("@p1 bigint, @p2 nvarchar(4000), @p3 float, @p4 bit"), "{call}");
    assert!(call.contains("o'neill"), "{call}");
    let began = shop.server.seen("BEGIN TRANSACTION");
    assert!(
        began[0].contains("SET XACT_ABORT ON") && began[0].contains("SET LOCK_TIMEOUT 5000"),
        "{began:?}"
    );
    assert_eq!(shop.server.seen("ROLLBACK TRANSACTION").len(), 1);
    assert!(shop.server.seen("COMMIT TRANSACTION").is_empty());
}

#[tokio::test]
async fn changes_are_counted_guarded_and_taken_back() {
    let number = |value: u8| rows(&[Column::new(&[0x26, 4], &[&[4, value, 0, 0, 0]])]);
    let script = vec![("good guard", number(0)), ("bad guard", number(1)), ("UPDATE", changed(3))];
    let shop = shop(script, Bounds::default()).await;
    let ended =
        || (shop.server.seen("COMMIT TRANSACTION").len(), shop.server.seen("ROLLBACK TRANSACTION").len());
    let outcome = run(&shop.driver, Given::write("UPDATE", 3, &["good guard"])).await.unwrap();
    assert_eq!((outcome.affected, ended()), (3, (1, 0)));
    let dry = Given { commit: Commit::DryRun, ..Given::write("UPDATE", 3, &[]) };
    assert_eq!(run(&shop.driver, dry).await.unwrap().affected, 3);
    assert_eq!(ended(), (1, 1));
    let too_many = run(&shop.driver, Given::write("UPDATE", 2, &[])).await;
    assert_eq!((too_many, ended()), (Err(DatabaseError::TooManyRows { limit: 2 }), (1, 2)));
    let before = shop.server.seen("UPDATE").len();
    let outside = run(&shop.driver, Given::write("UPDATE", 3, &["bad guard"])).await;
    assert_eq!((outside, ended()), (Err(DatabaseError::OutsideRows), (1, 3)));
    assert_eq!(shop.server.seen("UPDATE").len(), before);
}

#[tokio::test]
async fn errors_are_ours_and_leave_a_connection_that_works() {
    let script = vec![
        ("twice", error(2627, 14, "The duplicate key value is (canary).")),
        ("cast", error(245, 16, "Conversion failed when converting 'canary'.")),
        ("hidden", error(229, 14, "The SELECT permission was denied on 'canary'.")),
        ("gone", error(208, 16, "Invalid object name 'canary'.")),
        ("odd", error(50_000, 16, "canary")),
    ];
    let shop = shop(script, Bounds { connections: 1, ..Bounds::default() }).await;
    for (sql, expected) in [
        ("twice", DatabaseError::Constraint),
        ("cast", DatabaseError::Value),
        ("hidden", DatabaseError::Login),
        ("gone", DatabaseError::Changed),
        ("odd", DatabaseError::Statement { code: "50000".to_owned() }),
    ] {
        let error = run(&shop.driver, Given::read(sql, &[])).await.unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
        assert_eq!(error, expected);
    }
    assert!(run(&shop.driver, Given::read("fine", &[])).await.is_ok());
    // One connection made and pinned, and none after it.
    let pinned = shop.server.seen("SET QUOTED_IDENTIFIER ON");
    assert_eq!(pinned.iter().filter(|text| !text.contains("BEGIN TRANSACTION")).count(), 1);
}

#[tokio::test]
async fn a_statement_that_costs_too_much_is_refused_by_the_server() {
    let text = "The query has been canceled because the estimated cost of this query (57) exceeds the configured \
        threshold of 10. Contact the system administrator.";
    let shop = shop(vec![("costly", error(8649, 17, text))], Bounds::default()).await;
    let given = Given { max_cost: Some(10.0), ..Given::read("costly", &[]) };
    assert_eq!(run(&shop.driver, given).await, Err(DatabaseError::Cost { estimate: 57.0, limit: 10.0 }));
    assert_eq!(shop.server.seen("SET QUERY_GOVERNOR_COST_LIMIT 10;").len(), 1);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_interrupted() {
    let bounds = Bounds { statement: Duration::from_millis(300), connections: 1, ..Bounds::default() };
    let shop = shop(vec![("slow", Answer::Never)], bounds).await;
    let outcome = run(&shop.driver, Given::read("slow", &[])).await;
    assert_eq!(outcome, Err(DatabaseError::Timeout { seconds: 0 }));
    // The interruption is sent behind our back; the next connection is a new one.
    let interrupted = async {
        while shop.server.seen("ATTENTION").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), interrupted).await.unwrap();
    assert!(run(&shop.driver, Given::read("fine", &[])).await.is_ok());
}

#[tokio::test]
async fn a_result_that_is_too_large_is_cut() {
    let text = "x".repeat(40);
    let column = Column::text(&[Some(&text), Some(&text), Some(&text)]);
    let shop = shop(vec![("large", rows(&[column]))], Bounds { result_bytes: 60, ..Bounds::default() }).await;
    let outcome = run(&shop.driver, Given::read("large", &[Type::Text])).await.unwrap();
    assert_eq!((outcome.rows.count, outcome.rows.cut), (1, Some(Cut::Bytes)));
}

#[tokio::test]
async fn the_catalogue_is_what_the_server_says() {
    let field = |values: [&'static str; 3]| {
        Column::text(&values.map(|value| Some(value).filter(|value| !value.is_empty())))
    };
    let columns = rows(&[
        field(["dbo", "dbo", "sales"]),
        field(["orders", "orders", "totals"]),
        field(["U", "U", "V"]),
        field(["what was bought", "what was bought", ""]),
        field(["id", "data", "total"]),
        field(["bigint", "nvarchar", "money"]),
        field(["bigint", "nvarchar(max)", "money"]),
        field(["0", "1", "1"]),
        field(["number", "", ""]),
        field(["1", "0", "0"]),
        field(["0", "1", "0"]),
    ]);
    let one = |value: &'static str| Column::text(&[Some(value)]);
    let keys = rows(&["dbo", "orders", "fk", "dbo", "people", "id", "person"].map(one));
    let shop = shop(vec![("sys.foreign_keys", keys), ("sys.columns", columns)], Bounds::default()).await;
    let catalogue = shop.driver.catalogue().await.unwrap();
    let [orders, totals] = &catalogue.tables[..] else { panic!("two tables") };
    assert_eq!(catalogue.home, "dbo");
    assert_eq!((orders.comment.as_deref(), orders.columns.len()), (Some("what was bought"), 2));
    assert_eq!((orders.columns[0].ty, orders.columns[0].primary_key), (Type::Integer, true));
    assert_eq!((orders.columns[1].ty, orders.columns[1].nullable), (Type::Json, true));
    assert_eq!(orders.foreign_keys[0].table, "people");
    assert_eq!((totals.kind, totals.columns[0].ty), (sql::Kind::View, Type::Decimal));
}

#[tokio::test]
async fn the_login_is_graded() {
    let answers = |yes: usize| -> Vec<Column> {
        (0..11).map(|index| Column::text(&[Some(if index == yes { "1" } else { "0" })])).collect()
    };
    let plain = shop(vec![("IS_SRVROLEMEMBER", rows(&answers(99)))], Bounds::default()).await;
    assert_eq!(plain.driver.grade().await.unwrap(), Grade::default());
    let admin = shop(vec![("IS_SRVROLEMEMBER", rows(&answers(0)))], Bounds::default()).await;
    let grade = admin.driver.grade().await.unwrap();
    assert_eq!(grade.refusal().map(|finding| finding.what.as_str()), Some("is a member of `sysadmin`"));
}

#[tokio::test]
async fn a_login_that_is_refused_is_a_database_that_cannot_be_reached() {
    let failed = error(18_456, 14, "Login failed for user 'canary'.");
    let shop = shop(vec![("SET QUOTED_IDENTIFIER ON", failed)], Bounds::default()).await;
    assert_eq!(shop.driver.ping().await, Err(DatabaseError::Unreachable));
}

/// The same driver against a real server, where one is named: its login needs a database to read and write in.
#[tokio::test]
async fn a_real_server_agrees_where_there_is_one() {
    let Ok(url) = std::env::var("TRIGATE_TEST_MSSQL_URL") else { return };
    let driver = SqlServer::new(&url, Bounds::default()).unwrap();
    driver.ping().await.unwrap();
    driver.catalogue().await.unwrap();
    driver.grade().await.unwrap();
    let binds = vec![Bind::Integer(7), Bind::Text("o'neill".to_owned())];
    let given = Given { binds, ..Given::read("SELECT @p1, @p2", &[Type::Integer, Type::Text]) };
    assert_eq!(json(&driver, given).await, r#"[{"c0":7,"c1":"o'neill"}]"#);
    let bounded =
        SqlServer::new(&url, Bounds { statement: Duration::from_secs(1), ..Bounds::default() }).unwrap();
    let slow = run(&bounded, Given::read("WAITFOR DELAY '00:01:00'", &[])).await;
    assert_eq!(slow, Err(DatabaseError::Timeout { seconds: 1 }));
}
