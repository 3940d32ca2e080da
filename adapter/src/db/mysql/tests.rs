//! The driver against a MariaDB server of its own.

mod checked;
mod login;

use std::time::Duration;

use ::tests::mariadb::MariaDb;
use ::tests::wait::{START, until};
use sql::{Bind, Effect, Guard, OutputColumn, Type, Write};

use super::super::rows::Cut;
use super::super::{Commit, Tag};
use super::*;

/// A server with tables, and the driver for it.
struct Shop {
    driver: MySql,
    server: MariaDb,
}

const TABLES: &str = "
    CREATE TABLE items (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE, price DECIMAL(10, 2));
    INSERT INTO items VALUES (1, 'pen', 1.50), (2, 'ink', 7.25), (3, 'pad', NULL);
    CREATE USER app@'127.0.0.1'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON shop.* TO app@'127.0.0.1';";

fn shop(bounds: Bounds) -> Shop {
    let server = MariaDb::start().unwrap();
    server.run(TABLES).unwrap();
    let driver = MySql::new(&server.url_of("app"), bounds).unwrap();
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

    fn write(sql: &'a str, write: Write) -> Self {
        Self { effect: Effect::Write(write), ..Self::read(sql, &[]) }
    }

    fn bind(mut self, value: Bind) -> Self {
        self.binds.push(value);
        self
    }
}

fn at_most(max_affected: u64) -> Write {
    Write { max_affected, ..Write::default() }
}

impl Shop {
    async fn run(&self, given: Given<'_>) -> Result<Outcome, DatabaseError> {
        let column =
            |(index, ty): (usize, &Type)| OutputColumn { name: format!("c{index}"), ty: *ty, hidden: false };
        let columns: Vec<OutputColumn> = given.columns.iter().enumerate().map(column).collect();
        let rows = RowsWriter::with_columns(&columns, 1000, &self.driver.bounds, Sink::Answer);
        let job = Job {
            sql: given.sql,
            binds: &given.binds,
            columns: &columns,
            effect: &given.effect,
            tag: &Tag::new("decision-7", "ann@example.com"),
            commit: given.commit,
            max_cost: given.max_cost,
        };
        self.driver.bounded(self.driver.execute(&job, rows)).await
    }

    async fn json(&self, given: Given<'_>) -> String {
        String::from_utf8(self.run(given).await.unwrap().rows.json).unwrap()
    }

    #[track_caller]
    fn holds(&self, query: &str, expected: &str) {
        assert_eq!(self.server.run(query).unwrap(), expected);
    }
}

#[tokio::test]
async fn every_type_has_its_json_form() {
    let shop = shop(Bounds::default());
    shop.server
        .run(
            "CREATE TABLE every (a BIGINT, b BIGINT UNSIGNED, c DECIMAL(20, 2), d DOUBLE, e FLOAT, f TINYINT(1), \
             g DATE, h DATETIME(3), i TIMESTAMP NULL, j TIME, k YEAR, l ENUM('x', 'y'), m SET('p', 'q'), \
             n VARBINARY(5), o BLOB, p BIT(9), q JSON, r LONGTEXT, s UUID, t INET6, u CHAR(3), v POINT); \
             SET time_zone = '+02:00'; \
             INSERT INTO every VALUES (9007199254740993, 18446744073709551615, -12.50, 0.1, 0.1, TRUE, \
             '2026-01-31', '2026-01-31 14:30:00.25', '2026-01-31 14:30:00', '-51:04:05', 2026, 'y', 'p,q', \
             x'FF00', x'00', b'100000001', '{\"a\": [1, null]}', 'émile 😀 \"quoted\"', \
             '6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d', '::1', 'ab', POINT(1, 2)); \
             INSERT INTO every (a) VALUES (NULL);",
        )
        .unwrap();
    use Type::*;
    let columns = [
        Integer,
        Integer,
        Decimal,
        Real,
        Real,
        Boolean,
        Date,
        Timestamp,
        TimestampTz,
        Time,
        Integer,
        Text,
        Text,
        Bytes,
        Bytes,
        Bytes,
        Json,
        Text,
        Uuid,
        Other,
        Text,
        Other,
    ];
    let json = shop
        .json(Given::read("SELECT * FROM `shop`.`every` AS `e` ORDER BY `e`.`a` IS NULL", &columns))
        .await;
    assert_eq!(
        json,
        concat!(
            r#"[{"c0":"9007199254740993","c1":"18446744073709551615","c2":"-12.50","c3":0.1,"c4":0.1,"c5":true,"#,
            r#""c6":"2026-01-31","c7":"2026-01-31T14:30:00.25","c8":"2026-01-31T12:30:00Z","c9":"-51:04:05","#,
            r#""c10":2026,"c11":"y","c12":"p,q","c13":"/wA=","c14":"AA==","c15":"AQE=","c16":{"a":[1,null]},"#,
            r#""c17":"émile 😀 \"quoted\"","c18":"6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d","c19":"::1","c20":"ab","#,
            r#""c21":"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="},"#,
            r#"{"c0":null,"c1":null,"c2":null,"c3":null,"c4":null,"c5":null,"c6":null,"c7":null,"c8":null,"#,
            r#""c9":null,"c10":null,"c11":null,"c12":null,"c13":null,"c14":null,"c15":null,"c16":null,"#,
            r#""c17":null,"c18":null,"c19":null,"c20":null,"c21":null}]"#,
        )
    );
}

#[tokio::test]
async fn parameters_are_values_and_nothing_else() {
    let shop = shop(Bounds::default());
    let given = Given::read("SELECT ?, ?, ?, ?", &[Type::Text, Type::Integer, Type::Real, Type::Boolean])
        .bind(Bind::Text("o'neill\\ ? -- :x".to_owned()))
        .bind(Bind::Integer(i64::MIN))
        .bind(Bind::Real(0.5))
        .bind(Bind::Bool(true));
    assert_eq!(
        shop.json(given).await,
        r#"[{"c0":"o'neill\\ ? -- :x","c1":"-9223372036854775808","c2":0.5,"c3":true}]"#
    );
}

#[tokio::test]
async fn what_reads_cannot_write_and_a_second_statement_is_none() {
    let shop = shop(Bounds::default());
    for (sql, code) in [
        ("DELETE FROM `shop`.`items`", "1792"),
        ("CREATE TABLE `shop`.`other` (a INT)", "1792"),
        ("SELECT 1; DELETE FROM `shop`.`items`", "1064"),
        // The library takes `:x` for a parameter where a quote follows a minus; that never runs.
        ("SELECT -':x'", "parameters"),
    ] {
        let error = shop.run(Given::read(sql, &[Type::Integer])).await.unwrap_err();
        assert_eq!(error, DatabaseError::Statement { code: code.to_owned() }, "{sql}");
    }
    shop.holds("SELECT count(*) FROM items", "3");
}

#[tokio::test]
async fn changes_are_counted_guarded_and_taken_back() {
    let shop = shop(Bounds::default());
    let raise = "UPDATE `shop`.`items` SET `price` = 9";
    let affected = shop.run(Given::write(raise, at_most(3))).await.unwrap().affected;
    assert_eq!(affected, 3);
    // Rows that are met count, not those that become different.
    assert_eq!(shop.run(Given::write(raise, at_most(3))).await.unwrap().affected, 3);
    let delete = "DELETE FROM `shop`.`items` WHERE `id` > 1";
    let too_many = shop.run(Given::write(delete, at_most(1))).await;
    assert_eq!(too_many, Err(DatabaseError::TooManyRows { limit: 1 }));
    let dry = Given { commit: Commit::DryRun, ..Given::write(delete, at_most(2)) };
    assert_eq!(shop.run(dry).await.unwrap().affected, 2);
    let guard = |sql: &str| Guard { sql: sql.to_owned(), binds: vec![Bind::Integer(1)] };
    let guarded = |sql| Write { guards: vec![guard(sql)], ..at_most(5) };
    let outside = Given::write(delete, guarded("SELECT count(*) FROM `shop`.`items` WHERE `id` > ?"));
    assert_eq!(shop.run(outside).await, Err(DatabaseError::OutsideRows));
    shop.holds("SELECT count(*) FROM items", "3");
    let inside = Given::write(delete, guarded("SELECT count(*) FROM `shop`.`items` WHERE `id` < ?"));
    assert_eq!(shop.run(inside).await.unwrap().affected, 2);
    shop.holds("SELECT count(*) FROM items", "1");
}

#[tokio::test]
async fn rows_that_a_change_gives_back_are_rows() {
    let shop = shop(Bounds::default());
    let write = Write { returns_rows: true, ..at_most(1) };
    let sql = "INSERT INTO `shop`.`items` (`id`, `name`) VALUES (4, 'cap') RETURNING `id`, `name`";
    let given = Given { columns: vec![Type::Integer, Type::Text], ..Given::write(sql, write) };
    let outcome = shop.run(given).await.unwrap();
    assert_eq!(outcome.affected, 1);
    assert_eq!(outcome.rows.json, br#"[{"c0":4,"c1":"cap"}]"#);
    shop.holds("SELECT name FROM items WHERE id = 4", "cap");
}

#[tokio::test]
async fn errors_are_ours_and_leave_a_connection_that_works() {
    let shop = shop(Bounds { connections: 1, ..Bounds::default() });
    let insert = |values: &str| format!("INSERT INTO `shop`.`items` VALUES ({values})");
    for (values, expected) in [
        ("4, 'ink', 1", DatabaseError::Constraint),
        ("4, NULL, 1", DatabaseError::Constraint),
        ("4, 'much too long for a name', 1", DatabaseError::Value),
        ("4, 'x', 'not a number'", DatabaseError::Value),
    ] {
        let sql = insert(values);
        assert_eq!(shop.run(Given::write(&sql, at_most(1))).await.unwrap_err(), expected, "{values}");
    }
    let read = |sql| Given::read(sql, &[Type::Integer]);
    assert_eq!(shop.run(read("SELECT `a` FROM `shop`.`gone`")).await, Err(DatabaseError::Changed));
    assert_eq!(shop.run(read("SELECT `user` FROM `mysql`.`user`")).await, Err(DatabaseError::Login));
    assert_eq!(shop.json(read("SELECT 1")).await, r#"[{"c0":1}]"#);
    shop.holds("SELECT count(*) FROM items", "3");
    shop.holds("SELECT count(*) FROM information_schema.INNODB_TRX", "0");
}

#[tokio::test]
async fn what_could_not_be_taken_back_is_not_begun() {
    let shop = shop(Bounds::default());
    shop.server.run("CREATE TABLE logs (a INT) ENGINE = MyISAM; INSERT INTO logs VALUES (1), (2)").unwrap();
    let delete = Given::write("DELETE FROM `shop`.`logs`", at_most(1));
    assert_eq!(shop.run(delete).await, Err(DatabaseError::NoRollback));
    shop.holds("SELECT count(*) FROM logs", "2");
    let sql = "CREATE TABLE `shop`.`made` (`a` INT)";
    let create = |commit| Given { effect: Effect::Ddl, commit, ..Given::read(sql, &[]) };
    assert_eq!(shop.run(create(Commit::DryRun)).await, Err(DatabaseError::NoDryRun));
    shop.holds("SHOW TABLES LIKE 'made'", "");
    shop.run(create(Commit::Commit)).await.unwrap();
    shop.holds("SHOW TABLES LIKE 'made'", "made");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_ends_at_the_server() {
    let shop = shop(Bounds { statement: Duration::from_millis(300), ..Bounds::default() });
    let slow = Given::read("SELECT count(*) FROM `shop`.`items` WHERE SLEEP(100)", &[Type::Integer]);
    assert_eq!(shop.run(slow).await, Err(DatabaseError::Timeout { seconds: 0 }));
    shop.holds("SELECT count(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(100)%' AND ID <> CONNECTION_ID()", "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_goes_takes_the_statement_along() {
    let shop = shop(Bounds::default());
    let slow = Given::write("UPDATE `shop`.`items` SET `price` = SLEEP(100)", at_most(9));
    let running = "SELECT count(*) FROM information_schema.PROCESSLIST \
        WHERE INFO LIKE '%SLEEP(100)%' AND ID <> CONNECTION_ID()";
    let count = || tokio::task::block_in_place(|| shop.server.run(running).unwrap());
    {
        let begun = async {
            while count() != "1" {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            outcome = shop.run(slow) => panic!("it did not wait: {outcome:?}"),
            () = begun => {}
        }
    }
    until("its end", START, || Ok(Some(()).filter(|()| count() == "0"))).unwrap();
    shop.holds("SELECT count(*) FROM items WHERE price = 1.50", "1");
    assert_eq!(shop.json(Given::read("SELECT 1", &[Type::Integer])).await, r#"[{"c0":1}]"#);
}

#[tokio::test]
async fn a_result_that_is_too_large_is_cut_and_not_read_to_its_end() {
    let shop = shop(Bounds { connections: 1, result_bytes: 64, ..Bounds::default() });
    let sql = "SELECT `seq`, REPEAT('x', 20) FROM `shop`.`seq_1_to_100000`";
    let columns = [Type::Integer, Type::Text];
    let outcome = shop.run(Given::read(sql, &columns)).await.unwrap();
    assert_eq!(outcome.rows.cut, Some(Cut::Bytes));
    assert_eq!(outcome.rows.count, 1);
    assert_eq!(shop.json(Given::read("SELECT 1, 2", &columns)).await, r#"[{"c0":1,"c1":2}]"#);
}

#[tokio::test]
async fn statements_do_not_pile_up_at_the_server() {
    let shop = shop(Bounds { connections: 1, ..Bounds::default() });
    for number in 0..40 {
        let sql = format!("SELECT {number}");
        let given = Given { max_cost: Some(1e9), ..Given::read(&sql, &[Type::Integer]) };
        shop.run(given).await.unwrap();
    }
    let left = shop.server.run(
        "SELECT VARIABLE_VALUE <= 16 FROM information_schema.GLOBAL_STATUS \
        WHERE VARIABLE_NAME = 'PREPARED_STMT_COUNT'",
    );
    assert_eq!(left.unwrap(), "1");
}

#[tokio::test]
async fn a_statement_that_costs_too_much_is_not_run() {
    let shop = shop(Bounds::default());
    let sql =
        "SELECT `a`.`id` FROM `shop`.`items` AS `a` CROSS JOIN `shop`.`items` AS `b` WHERE `b`.`price` < ?";
    let limited =
        |limit| Given { max_cost: Some(limit), ..Given::read(sql, &[Type::Integer]).bind(Bind::Integer(5)) };
    let error = shop.run(limited(0.001)).await.unwrap_err();
    assert!(matches!(error, DatabaseError::Cost { limit: 0.001, .. }), "{error}");
    assert_eq!(shop.run(limited(1e6)).await.unwrap().rows.count, 3);
}

#[tokio::test]
async fn the_servers_log_names_the_decision() {
    let shop = shop(Bounds::default());
    shop.server.run("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1").unwrap();
    shop.json(Given::read("SELECT 41", &[Type::Integer])).await;
    shop.holds(
        "SELECT argument FROM mysql.general_log WHERE command_type = 'Execute' AND argument LIKE '%SELECT 41'",
        "/* trigate decision-7 ann@example.com */ SELECT 41",
    );
}
