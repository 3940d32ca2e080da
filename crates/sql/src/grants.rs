//! The second fence: what the engine itself should permit a login that is used for one role alone.
//!
//! [`grants`] writes the statements as text for an administrator to read and run; nothing here runs them. The engine is
//! given what the role's statements need and no more: the permitted columns, those a mask is made of, those a row rule
//! speaks of. Where an engine has no means for a rule, a comment says that trigate alone holds it.

use std::collections::BTreeSet;

use crate::bind;
use crate::catalogue::{Catalogue, Kind};
use crate::dialect::Dialect;
use crate::filter::{self, Node, Subject, Test};
use crate::name::Name;
use crate::print;
use crate::refusal::{Place, Refusal};
use crate::rights::{Operation, Rights};
use crate::scope::{Scope, ScopedTable};

mod account;
mod policy;

/// The least-privilege statements of one role of trigate, for the engine the catalogue is of.
pub fn grants(catalogue: &Catalogue, rights: &Rights, role: &str) -> String {
    let scope = Scope::new(catalogue, rights);
    let script = Script { dialect: scope.dialect(), account: account::name(role), text: String::new() };
    script.written(&scope, role)
}

struct Script {
    dialect: Dialect,
    /// The login, not yet quoted.
    account: String,
    text: String,
}

/// What one table needs.
struct Needs<'a> {
    table: &'a ScopedTable,
    /// The columns that statements of the role read, in the database's order.
    read: Vec<&'a str>,
    /// The columns that they may write.
    write: Vec<&'a str>,
}

impl Script {
    fn written(mut self, scope: &Scope, role: &str) -> String {
        self.comment(&format!("Role `{role}` of trigate: what its login needs, and nothing else."));
        if self.dialect == Dialect::Sqlite {
            self.comment("SQLite has no logins and no grants: whoever can open the file can read all of it.");
            self.comment("Let only the adapter open it; it opens it read-only for roles that write nothing.");
            return self.text;
        }
        let tables: Vec<Needs<'_>> =
            scope.all().iter().map(|table| Needs::of(table, scope.dialect())).collect();
        let writes =
            tables.iter().any(|needs| needs.table.operations.iter().any(|held| *held != Operation::Read));
        self.account_made(writes || scope.takes_ddl());
        self.schemas(&tables, scope);
        for needs in &tables {
            self.table(needs);
        }
        self.text
    }

    /// The schemas, and the right to change one.
    fn schemas(&mut self, tables: &[Needs<'_>], scope: &Scope) {
        let (dialect, account) = (self.dialect, self.grantee());
        let schemas: BTreeSet<&str> = tables.iter().map(|needs| needs.table.schema.as_str()).collect();
        if dialect == Dialect::Postgres {
            for schema in schemas {
                self.line(&format!("GRANT USAGE ON SCHEMA {} TO {account};", print::quoted(schema, dialect)));
            }
        }
        if !scope.takes_ddl() {
            return;
        }
        let home = print::quoted(scope.home(), dialect);
        match dialect {
            Dialect::MySql => {
                self.line(&format!("GRANT CREATE, ALTER, DROP, INDEX, REFERENCES ON {home}.* TO {account};"))
            }
            Dialect::Postgres => {
                self.comment(
                    "Tables are changed and dropped by their owner only: this role owns those it makes.",
                );
                self.line(&format!("GRANT CREATE ON SCHEMA {home} TO {account};"));
            }
            Dialect::SqlServer => {
                self.line(&format!("GRANT CREATE TABLE TO {account};"));
                self.line(&format!("GRANT ALTER, REFERENCES ON SCHEMA::{home} TO {account};"));
            }
            Dialect::Sqlite => {}
        }
    }

    fn table(&mut self, needs: &Needs<'_>) {
        let table = needs.table;
        self.text.push('\n');
        let masked: Vec<&str> = table.masks.keys().map(String::as_str).collect();
        if !masked.is_empty() {
            self.comment(&format!(
                "`{}`: trigate masks {}; the engine gives this login their clear text, so keep the login to trigate.",
                table.label,
                masked.join(", ")
            ));
        }
        let name = self.path(table);
        if table.permits(Operation::Read) || !needs.read.is_empty() {
            self.grant("SELECT", &needs.read, &name);
        }
        for (operation, verb) in [(Operation::Insert, "INSERT"), (Operation::Update, "UPDATE")] {
            if table.permits(operation) && !needs.write.is_empty() {
                self.grant(verb, &needs.write, &name);
            }
        }
        if table.permits(Operation::Delete) {
            self.line(&format!("GRANT DELETE ON {name} TO {};", self.grantee()));
        }
        if self.dialect == Dialect::SqlServer {
            self.denied(needs, &name);
        }
        self.rules(table, &name);
    }

    /// A right on columns. SQL Server has none to insert into some columns only.
    fn grant(&mut self, verb: &str, columns: &[&str], table: &str) {
        let (columns, account) = (self.columns(columns), self.grantee());
        let line = match (self.dialect, verb) {
            (Dialect::SqlServer, "INSERT") => format!("GRANT INSERT ON {table} TO {account};"),
            (Dialect::SqlServer, _) => format!("GRANT {verb} ON {table} ({columns}) TO {account};"),
            _ => format!("GRANT {verb} ({columns}) ON {table} TO {account};"),
        };
        self.line(&line);
    }

    /// SQL Server adds up what all roles of a login give; a denial holds against any of them.
    fn denied(&mut self, needs: &Needs<'_>, table: &str) {
        let is_read = |name: &str| needs.read.contains(&name);
        let every = needs.table.every.iter().map(|column| column.name.as_str());
        let hidden: Vec<&str> = every.filter(|name| !is_read(name)).collect();
        if !hidden.is_empty() {
            let line = format!("DENY SELECT ON {table} ({}) TO {};", self.columns(&hidden), self.grantee());
            self.line(&line);
        }
    }

    fn rules(&mut self, table: &ScopedTable, name: &str) {
        if table.rows.is_empty() {
            return;
        }
        if self.dialect != Dialect::Postgres || table.kind == Kind::View {
            for rule in &table.rows {
                self.comment(&format!("Trigate alone holds `{}` to rows where {rule}.", table.label));
            }
            return;
        }
        match policy::condition(table) {
            Ok(condition) => self.row_policy(table, name, &condition),
            Err(Refusal::Claim { .. }) => {
                for rule in &table.rows {
                    self.comment(&format!("Trigate alone holds `{}` to rows where {rule}:", table.label));
                }
                self.comment("the engine does not know the claims of the caller.");
            }
            Err(_) => {
                self.comment(&format!(
                    "The row rules of `{}` do not fit the table: no row is shown.",
                    table.label
                ));
                self.row_policy(table, name, "FALSE");
            }
        }
    }

    fn row_policy(&mut self, table: &ScopedTable, name: &str, condition: &str) {
        let policy = print::quoted(&format!("{}_{}", self.account, table.name), self.dialect);
        let account = self.grantee();
        self.comment(
            "From now on every role but the owner of the table needs a policy of its own to see rows of it.",
        );
        self.line(&format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"));
        self.line(&format!(
            "CREATE POLICY {policy} ON {name} FOR ALL TO {account}\n    USING ({condition})\n    WITH CHECK ({condition});"
        ));
    }

    fn path(&self, table: &ScopedTable) -> String {
        format!("{}.{}", print::quoted(&table.schema, self.dialect), print::quoted(&table.name, self.dialect))
    }

    fn columns(&self, names: &[&str]) -> String {
        let quoted: Vec<String> = names.iter().map(|name| print::quoted(name, self.dialect)).collect();
        quoted.join(", ")
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment of one line, whatever stands in the names it speaks of.
    fn comment(&mut self, text: &str) {
        let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line(&format!("-- {one_line}"));
    }
}

impl<'a> Needs<'a> {
    fn of(table: &'a ScopedTable, dialect: Dialect) -> Needs<'a> {
        let in_rules = rule_columns(table, dialect);
        let is_permitted = |name: &str| table.columns.iter().any(|column| column.name == name);
        let every = || table.every.iter().map(|column| column.name.as_str());
        let read = every()
            .filter(|name| (is_permitted(name) && table.permits(Operation::Read)) || in_rules.contains(name));
        let write = every().filter(|name| is_permitted(name) && table.mask(name).is_none());
        Needs { table, read: read.collect(), write: write.collect() }
    }
}

/// The columns that the row rules of the table speak of.
fn rule_columns(table: &ScopedTable, dialect: Dialect) -> BTreeSet<&str> {
    let mut names = Vec::new();
    for filter in table.rows.iter().filter_map(|rule| filter::row_rule(rule).ok()) {
        collect(&filter.root, &mut names);
    }
    let bound = bind::Bound { table, columns: &table.every, dialect };
    let found = names.iter().filter_map(|name| bound.column(name, Place::Filter(0)).ok());
    found.map(|column| column.name.as_str()).collect()
}

fn collect(node: &Node, names: &mut Vec<Name>) {
    match node {
        Node::And(all) | Node::Or(all) => all.iter().for_each(|one| collect(one, names)),
        Node::Condition(condition) => {
            if let Subject::Column(name) = &condition.subject {
                names.push(name.clone());
            }
            if let Test::CompareColumn(_, name, _) = &condition.test {
                names.push(name.clone());
            }
        }
        Node::Not(one) => collect(one, names),
    }
}

#[cfg(test)]
mod tests;
