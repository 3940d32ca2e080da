use std::collections::BTreeMap;

use super::*;
use crate::catalogue::{Column, Table, Type};
use crate::rights::{Columns, Mask, TableRights};

#[test]
fn postgres_gets_columns_policies_and_a_login_that_can_do_no_more() {
    check(
        Dialect::Postgres,
        "EU \"support\"\n; DROP TABLE x",
        r#"-- Role `EU "support" ; DROP TABLE x` of trigate: what its login needs, and nothing else.
-- CREATE ROLE "trigate_eu__support____drop_tabl" LOGIN PASSWORD '…' NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- What PUBLIC may do, every login may do. On a database of your own, take it away:
-- REVOKE CREATE ON SCHEMA "public" FROM PUBLIC;
-- REVOKE TEMPORARY ON DATABASE … FROM PUBLIC;
ALTER ROLE "trigate_eu__support____drop_tabl" SET search_path = '';
ALTER ROLE "trigate_eu__support____drop_tabl" SET statement_timeout = '60s';
ALTER ROLE "trigate_eu__support____drop_tabl" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE "trigate_eu__support____drop_tabl" SET default_transaction_read_only = off;
GRANT USAGE ON SCHEMA "public" TO "trigate_eu__support____drop_tabl";

-- `customers`: trigate masks email; the engine gives this login their clear text, so keep the login to trigate.
GRANT SELECT ("id", "email") ON "public"."customers" TO "trigate_eu__support____drop_tabl";

GRANT SELECT ("id", "region", "note") ON "public"."orders" TO "trigate_eu__support____drop_tabl";
GRANT UPDATE ("id", "note") ON "public"."orders" TO "trigate_eu__support____drop_tabl";
-- From now on every role but the owner of the table needs a policy of its own to see rows of it.
ALTER TABLE "public"."orders" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "trigate_eu__support____drop_tabl_orders" ON "public"."orders" FOR ALL TO "trigate_eu__support____drop_tabl"
    USING (("orders"."region" IN (CAST('EU' AS TEXT), CAST('O''Neil $1' AS TEXT))))
    WITH CHECK (("orders"."region" IN (CAST('EU' AS TEXT), CAST('O''Neil $1' AS TEXT))));
"#,
    );
}

#[test]
fn mysql_gets_columns_and_is_told_what_trigate_alone_holds() {
    check(
        Dialect::MySql,
        "support",
        "-- Role `support` of trigate: what its login needs, and nothing else.
-- CREATE USER 'trigate_support'@'%' IDENTIFIED BY '…' REQUIRE SSL;

-- `customers`: trigate masks email; the engine gives this login their clear text, so keep the login to trigate.
GRANT SELECT (`id`, `email`) ON `public`.`customers` TO 'trigate_support'@'%';

GRANT SELECT (`id`, `region`, `note`) ON `public`.`orders` TO 'trigate_support'@'%';
GRANT UPDATE (`id`, `note`) ON `public`.`orders` TO 'trigate_support'@'%';
-- Trigate alone holds `orders` to rows where region IN ('EU', 'O''Neil $1').
",
    );
}

#[test]
fn sql_server_is_told_what_no_role_may_give_either() {
    check(
        Dialect::SqlServer,
        "support",
        "-- Role `support` of trigate: what its login needs, and nothing else.
-- CREATE LOGIN [trigate_support] WITH PASSWORD = '…';
-- CREATE USER [trigate_support] FOR LOGIN [trigate_support];

-- `customers`: trigate masks email; the engine gives this login their clear text, so keep the login to trigate.
GRANT SELECT ON [public].[customers] ([id], [email]) TO [trigate_support];
DENY SELECT ON [public].[customers] ([ssn]) TO [trigate_support];

GRANT SELECT ON [public].[orders] ([id], [region], [note]) TO [trigate_support];
GRANT UPDATE ON [public].[orders] ([id], [note]) TO [trigate_support];
-- Trigate alone holds `orders` to rows where region IN ('EU', 'O''Neil $1').
",
    );
}

#[test]
fn sqlite_has_nothing_to_grant_and_says_so() {
    check(
        Dialect::Sqlite,
        "support",
        "-- Role `support` of trigate: what its login needs, and nothing else.
-- SQLite has no logins and no grants: whoever can open the file can read all of it.
-- Let only the adapter open it; it opens it read-only for roles that write nothing.
",
    );
}

#[test]
fn rules_about_claims_stay_with_trigate_and_rules_that_do_not_fit_show_nothing() {
    let with = |rule: &str| {
        let mut rights = rights();
        rights.tables.get_mut("orders").unwrap().rows = vec![rule.to_owned()];
        grants(&catalogue(Dialect::Postgres), &rights, "support")
    };
    let claims = with("region = claims.region");
    assert!(
        claims.contains("-- Trigate alone holds `orders` to rows where region = claims.region:"),
        "{claims}"
    );
    assert!(!claims.contains("CREATE POLICY"), "{claims}");
    let unfit = with("no_such = 1");
    assert!(unfit.contains("USING (FALSE)"), "{unfit}");
}

#[test]
fn tables_without_rights_are_not_named() {
    for dialect in [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite] {
        assert!(!grants(&catalogue(dialect), &rights(), "support").contains("secrets"));
    }
}

#[track_caller]
fn check(dialect: Dialect, role: &str, expected: &str) {
    assert_eq!(grants(&catalogue(dialect), &rights(), role), expected);
}

/// `orders` with a rule on a column that the role does not see, `customers` with a mask and a denied column.
fn rights() -> Rights {
    let only = |names: &[&str]| Columns::Only(names.iter().map(|name| (*name).to_owned()).collect());
    let customers = TableRights {
        operations: [Operation::Read].into(),
        columns: Columns::All,
        denied: ["ssn".to_owned()].into(),
        masks: BTreeMap::from([("email".to_owned(), Mask::Hash)]),
        rows: Vec::new(),
    };
    let orders = TableRights {
        operations: [Operation::Read, Operation::Update].into(),
        columns: only(&["id", "note"]),
        rows: vec!["region IN ('EU', 'O''Neil $1')".to_owned()],
        ..TableRights::default()
    };
    let tables = BTreeMap::from([("customers".to_owned(), customers), ("orders".to_owned(), orders)]);
    Rights { tables, ..Rights::default() }
}

fn catalogue(dialect: Dialect) -> Catalogue {
    // A schema of every engine's, so that the same rights fit all of them.
    let home = if dialect == Dialect::Sqlite { "main" } else { "public" };
    let tables = vec![
        table("customers", &["id", "email", "ssn"]),
        table("orders", &["id", "region", "note"]),
        table("secrets", &["id", "token"]),
    ];
    Catalogue { dialect, home: home.to_owned(), tables }
}

fn table(name: &str, columns: &[&str]) -> Table {
    let column = |name: &&str| Column {
        name: (*name).to_owned(),
        type_name: "text".to_owned(),
        ty: Type::Text,
        nullable: true,
        primary_key: *name == "id",
        comment: None,
    };
    Table {
        schema: None,
        name: name.to_owned(),
        kind: Kind::Table,
        columns: columns.iter().map(column).collect(),
        foreign_keys: Vec::new(),
        comment: None,
    }
}
