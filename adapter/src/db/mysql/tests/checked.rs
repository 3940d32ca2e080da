//! What `crates/sql` prints for this dialect, run by the driver: callers' texts and structured requests.

use std::collections::{BTreeMap, BTreeSet};

use sql::{Claims, Operation, Query, RawSql, Request, Rights, Scope, TableRights, Update, check, plan};

use super::*;

impl Shop {
    async fn ask(&self, request: Request) -> String {
        let operations =
            [Operation::Read, Operation::Insert, Operation::Update, Operation::Delete].into_iter().collect();
        let every =
            TableRights { operations, denied: BTreeSet::from(["secret".into()]), ..TableRights::default() };
        let rights = Rights {
            tables: BTreeMap::from([("*".into(), every)]),
            max_rows: 100,
            max_affected: 10,
            raw_sql: true,
            ..Rights::default()
        };
        let catalogue = self.driver.catalogue().await.unwrap();
        let scope = Scope::new(&catalogue, &rights);
        let planned = plan(&request, &scope, &Claims::default());
        let checked = match planned.and_then(|statement| check(&statement, catalogue.dialect)) {
            Ok(checked) => checked,
            Err(refusal) => return refusal.to_string(),
        };
        let tag = Tag::new("decision-7", "ann@example.com");
        let run = Run { statement: &checked, tag: &tag, commit: Commit::Commit, max_cost: Some(1e9) };
        match self.driver.run_into(run, Sink::Answer).await {
            Ok(outcome) => format!("{} {}", outcome.affected, String::from_utf8(outcome.rows.json).unwrap()),
            Err(error) => format!("{error}: {}", checked.sql()),
        }
    }

    async fn sql(&self, sql: &str) -> String {
        self.ask(Request::Sql(RawSql { sql: sql.to_owned(), ..RawSql::default() })).await
    }
}

#[tokio::test]
async fn a_callers_text_gives_what_it_would_give_directly() {
    let shop = shop(Bounds::default());
    shop.server
        .run(
            "CREATE TABLE sales (id INT PRIMARY KEY, item INT REFERENCES items (id), amount INT, sold DATETIME, \
             secret TEXT); \
             INSERT INTO sales VALUES (1, 1, 5, '2026-01-31 10:00:00', 'canary'), \
             (2, 1, 7, '2026-02-01 11:30:00', 'canary'), (3, 2, 1, '2026-02-02 00:00:00', NULL);",
        )
        .unwrap();
    let mut wrong = Vec::new();
    for (sql, expected) in [
        (
            "SELECT * FROM sales WHERE id = 3",
            r#"0 [{"id":3,"item":2,"amount":1,"sold":"2026-02-02T00:00:00"}]"#,
        ),
        (
            "SELECT i.name, sum(s.amount) AS total, count(*) AS n FROM items i LEFT JOIN sales s ON s.item = i.id \
             GROUP BY i.name HAVING count(s.id) > 0 ORDER BY total DESC",
            r#"0 [{"name":"pen","total":"12","n":2},{"name":"ink","total":"1","n":1}]"#,
        ),
        (
            "SELECT date_format(sold, '%Y-%m') AS month, count(*) AS n FROM sales \
             GROUP BY date_format(sold, '%Y-%m') ORDER BY month",
            r#"0 [{"month":"2026-01","n":1},{"month":"2026-02","n":2}]"#,
        ),
        (
            "WITH best AS (SELECT item, max(amount) AS most FROM sales GROUP BY item) \
             SELECT name FROM items JOIN best ON best.item = items.id WHERE most > 2",
            r#"0 [{"name":"pen"}]"#,
        ),
        (
            "SELECT id, row_number() OVER (PARTITION BY item ORDER BY amount DESC) AS place FROM sales ORDER BY id",
            r#"0 [{"id":1,"place":2},{"id":2,"place":1},{"id":3,"place":1}]"#,
        ),
        (
            "SELECT concat(name, '\\'s') AS t FROM items WHERE name LIKE 'p%' AND price IS NULL",
            r#"0 [{"t":"pad's"}]"#,
        ),
        (
            "SELECT id = 1 AS is_first FROM sales WHERE id IN (1, 2) ORDER BY id",
            r#"0 [{"is_first":true},{"is_first":false}]"#,
        ),
        ("SELECT id FROM sales UNION SELECT id + 10 FROM items ORDER BY id DESC LIMIT 1", r#"0 [{"id":13}]"#),
        ("UPDATE items SET price = price * 2 WHERE id <= 2", "2 []"),
        ("INSERT INTO items (id, name, price) VALUES (9, 'new', 1.25)", "1 []"),
        ("DELETE FROM items WHERE name = 'new'", "1 []"),
    ] {
        let given = shop.sql(sql).await;
        if given != expected {
            wrong.push((sql, given));
        }
    }
    assert_eq!(wrong, []);
    shop.holds("SELECT price FROM items WHERE id = 1", "3.00");
}

#[tokio::test]
async fn a_request_is_what_it_says() {
    let shop = shop(Bounds::default());
    let query = Query {
        table: "items".to_owned(),
        filter: Some("name STARTS WITH 'P' AND price >= 1.5".to_owned()),
        order: Some("price DESC".to_owned()),
        ..Query::default()
    };
    assert_eq!(shop.ask(Request::Query(query)).await, r#"0 [{"id":1,"name":"pen","price":"1.50"}]"#);
    let update = Update {
        table: "items".to_owned(),
        filter: Some("id = 2".to_owned()),
        set: serde_json::from_str(r#"{"price": 2.5, "name": "o'neill\\"}"#).unwrap(),
        ..Update::default()
    };
    assert_eq!(shop.ask(Request::Update(update)).await, "1 []");
    shop.holds("SELECT name = 'o\\'neill\\\\', price FROM items WHERE id = 2", "1\t2.50");
}
