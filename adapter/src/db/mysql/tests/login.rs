//! What a login sees, what it is told it may do too much of, and the ways it comes in.

use super::*;
use crate::grade::Severity;

#[tokio::test]
async fn the_catalogue_is_what_the_login_may_read() {
    let shop = shop(Bounds::default());
    shop.server
        .run(
            "CREATE TABLE people (id BIGINT UNSIGNED PRIMARY KEY COMMENT 'number', name VARCHAR(40) NOT NULL, \
             is_new TINYINT(1), born TIMESTAMP NULL, secret TEXT) COMMENT 'who buys'; \
             CREATE TABLE notes (a INT, b BIGINT UNSIGNED, data JSON, plain LONGTEXT COLLATE utf8mb4_bin, PRIMARY KEY (a, b), \
             FOREIGN KEY (b) REFERENCES people (id)); \
             CREATE VIEW names AS SELECT name FROM people; CREATE TABLE hidden (a INT); \
             CREATE DATABASE other; CREATE TABLE other.elsewhere (a INT); \
             CREATE USER reader@'127.0.0.1'; GRANT SELECT ON other.* TO reader@'127.0.0.1'; \
             GRANT SELECT (id, name, is_new, born) ON people TO reader@'127.0.0.1'; \
             GRANT SELECT ON notes TO reader@'127.0.0.1'; GRANT SELECT ON names TO reader@'127.0.0.1';",
        )
        .unwrap();
    let reader = MySql::new(&shop.server.url_of("reader"), Bounds::default()).unwrap();
    let catalogue = reader.catalogue().await.unwrap();
    assert_eq!(catalogue.home, "shop");
    let shown: Vec<String> = catalogue
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| {
                let key = if column.primary_key { " key" } else { "" };
                let null = if column.nullable { " null" } else { "" };
                format!("{} {} {:?}{key}{null}", column.name, column.type_name, column.ty)
            });
            format!("{} {:?}: {}", table.name, table.kind, columns.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "names View: name varchar(40) Text",
            "notes Table: a int(11) Integer key, b bigint(20) unsigned Integer key, data json Json null, \
             plain longtext Text null",
            "people Table: id bigint(20) unsigned Integer key, name varchar(40) Text, is_new tinyint(1) Boolean null, \
             born timestamp TimestampTz null",
        ]
    );
    let [names, notes, people] = &catalogue.tables[..] else { panic!("three tables") };
    assert_eq!((&names.comment, people.comment.as_deref()), (&None, Some("who buys")));
    assert_eq!(people.columns[0].comment.as_deref(), Some("number"));
    let [key] = &notes.foreign_keys[..] else { panic!("one foreign key") };
    assert_eq!(
        (key.table.as_str(), &key.columns[..], &key.references[..]),
        ("people", &["b".to_owned()][..], &["id".to_owned()][..])
    );
}

#[tokio::test]
async fn the_login_is_graded() {
    let shop = shop(Bounds::default());
    assert_eq!(shop.driver.grade().await.unwrap(), Grade::default());
    let admin = MySql::new(&shop.server.url(), Bounds::default()).unwrap();
    let refusal = admin.grade().await.unwrap();
    assert_eq!(refusal.refusal().map(|finding| finding.severity), Some(Severity::Refuse));
    admin.ping().await.unwrap();
    let nobody = MySql::new(&shop.server.url_of("nobody"), Bounds::default()).unwrap();
    assert_eq!(nobody.ping().await, Err(DatabaseError::Unreachable));
}

#[tokio::test]
async fn the_servers_socket_will_do() {
    let shop = shop(Bounds::default());
    shop.server.run("CREATE USER app@localhost; GRANT SELECT ON shop.* TO app@localhost").unwrap();
    let local = MySql::new(&shop.server.socket_url_of("app"), Bounds::default()).unwrap();
    assert_eq!(local.catalogue().await.unwrap().tables.len(), 1);
}

#[test]
fn a_url_that_promises_what_is_not_there_is_refused() {
    let error = |url: &str| MySql::new(url, Bounds::default()).err();
    assert_eq!(error("mysql://app@127.0.0.1:3306"), Some(UrlError::MySql));
    assert_eq!(error("mysql://app@127.0.0.1/shop?nonsense=1"), Some(UrlError::MySql));
    assert_eq!(error("mariadb://app:secret@127.0.0.1/shop"), None);
    assert!(error("mysql://app@127.0.0.1/shop?require_ssl=true").is_some());
}
