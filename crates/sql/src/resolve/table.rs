//! A table as the caller may see it: a sub-select of the columns that the statement uses, masked where they are, under the
//! conditions on the table's rows.

use crate::dialect::Dialect;
use crate::ir::{Alias, At, Distinct, Expr, Output, Page, Query, Relation, RowSet, Select};
use crate::refusal::Refusal;
use crate::rights::Operation;
use crate::scope::ScopedTable;

use super::environment::{Known, Source};
use super::join::all;
use super::{Origin, Resolver, column, guard, mask, quoted, walk};

impl<'a> Resolver<'a> {
    /// Puts in place of each table the sub-select made for it. `known` gives the relations in their order.
    pub(super) fn scoped<'k>(
        &mut self,
        relation: Relation,
        known: &mut impl Iterator<Item = &'k Known<'a>>,
    ) -> Result<Relation, Refusal>
    where
        'a: 'k,
    {
        if let Relation::Join { kind, left, right, on } = relation {
            let left = Box::new(self.scoped(*left, known)?);
            let right = Box::new(self.scoped(*right, known)?);
            return Ok(Relation::Join { kind, left, right, on });
        }
        let known = known.next().ok_or(Refusal::Unverified)?;
        match known.origin {
            Source::Function | Source::Rows => Ok(relation),
            Source::Table(table) => {
                let query = Box::new(self.sub_select(table, known)?);
                let alias = Alias { name: quoted(&known.printed), columns: Vec::new() };
                Ok(Relation::Derived { lateral: false, query, alias })
            }
        }
    }

    fn sub_select(&mut self, table: &'a ScopedTable, known: &Known<'a>) -> Result<Query, Refusal> {
        let is_used = |(place, _): &(usize, _)| known.columns.get(*place).is_some_and(|column| column.used);
        let columns = || table.columns.iter().enumerate();
        let mut used: Vec<&'a str> =
            columns().filter(is_used).map(|(_, column)| column.name.as_str()).collect();
        if used.is_empty() {
            used.extend(table.columns.first().map(|column| column.name.as_str()));
        }
        let inner = self.inner_name(table, &known.printed);
        let mut rules = self.rules(table)?;
        for rule in &mut rules {
            guard::replace(rule, &mut |name| Some(column(inner, &name.text)));
        }
        let mut outputs = Vec::new();
        for name in &used {
            let expr = mask::column(table, inner, name, self.caller.scope)?;
            outputs.push(Output::Expr { expr, name: Some(quoted(name)) });
        }
        self.spend(used.len())?;
        self.touch(table, Operation::Read, used);
        let fenced = !rules.is_empty() && self.caller.origin == Origin::Text;
        let select = Select {
            distinct: Distinct::No,
            outputs,
            from: vec![base(table, inner)],
            filter: (!rules.is_empty()).then(|| all(rules)),
            group: Vec::new(),
            having: None,
            windows: Vec::new(),
        };
        let page = Page { fenced, ..Page::default() };
        Ok(Query { with: None, rows: RowSet::Select(Box::new(select)), order: Vec::new(), page })
    }

    /// What the table is called within the sub-select. MariaDB merges the two, and where both go by one name it calls columns
    /// of ORDER BY ambiguous once there are windows, or falls over.
    fn inner_name(&self, table: &'a ScopedTable, outer: &str) -> &'a str {
        match self.dialect {
            Dialect::MySql if outer.eq_ignore_ascii_case("base") => "base_table",
            Dialect::MySql => "base",
            Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => &table.name,
        }
    }

    /// The conditions on the table's rows, over the table by its own name.
    pub(super) fn rules(&mut self, table: &'a ScopedTable) -> Result<Vec<Expr>, Refusal> {
        if !self.rules.contains_key(table.label.as_str()) {
            let rule = |text: &String| crate::bind::row_rule(text, table, self.caller.claims, self.dialect);
            let rules = table.rows.iter().map(rule).collect::<Result<Vec<Expr>, Refusal>>()?;
            self.rules.insert(&table.label, rules);
        }
        let rules = self.rules.get(table.label.as_str()).cloned().unwrap_or_default();
        let mut parts = 0;
        let named: Vec<&'a str> = rules.iter().flat_map(|rule| columns_of(rule, table, &mut parts)).collect();
        self.spend(parts)?;
        if !named.is_empty() {
            self.touch(table, Operation::Read, named);
        }
        Ok(rules)
    }
}

/// The columns that a condition on the table's rows speaks of.
pub(super) fn columns_of<'t>(rule: &Expr, table: &'t ScopedTable, parts: &mut usize) -> Vec<&'t str> {
    let mut named = Vec::new();
    walk::any(rule, &mut |expr| {
        *parts += 1;
        if let Expr::Column { name, at: _ } = expr
            && let Some(name) = name.last()
            && let Some(column) = table.every.iter().find(|column| column.name == name.text)
        {
            named.push(column.name.as_str());
        }
        false
    });
    named
}

/// The table itself, by the name it has within its sub-select.
fn base(table: &ScopedTable, inner: &str) -> Relation {
    Relation::Table {
        name: vec![quoted(&table.schema), quoted(&table.name)],
        alias: Some(Alias { name: quoted(inner), columns: Vec::new() }),
        at: At::default(),
    }
}
