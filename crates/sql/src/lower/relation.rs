//! What stands in FROM.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Alias, At, JoinKind, Match, Relation};
use crate::name::Part;

use super::name::place;
use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn table_with_joins(&self, from: &ast::TableWithJoins) -> Result<Relation, Foreign> {
        let ast::TableWithJoins { relation, joins } = from;
        self.deeper(
            || at(relation.span()),
            || {
                self.room(joins.len(), || at(relation.span()))?;
                let first = self.relation(relation)?;
                joins.iter().try_fold(first, |left, join| self.join(left, join))
            },
        )
    }

    fn join(&self, left: Relation, join: &ast::Join) -> Result<Relation, Foreign> {
        let ast::Join { relation, global, join_operator } = join;
        let here = || at(relation.span());
        absent(&[(*global, "GLOBAL")], At::default())?;
        self.deeper(here, || {
            let mut right = self.relation(relation)?;
            let (kind, on) = match join_operator {
                ast::JoinOperator::Join(constraint)
                | ast::JoinOperator::Inner(constraint)
                | ast::JoinOperator::CrossJoin(constraint) => {
                    let on = self.constraint(constraint)?;
                    let kind = if on == Match::Nothing { JoinKind::Cross } else { JoinKind::Inner };
                    (kind, on)
                }
                ast::JoinOperator::Left(constraint) | ast::JoinOperator::LeftOuter(constraint) => {
                    (JoinKind::Left, self.outer(constraint, here())?)
                }
                ast::JoinOperator::Right(constraint) | ast::JoinOperator::RightOuter(constraint) => {
                    (JoinKind::Right, self.outer(constraint, here())?)
                }
                ast::JoinOperator::FullOuter(constraint) => (JoinKind::Full, self.outer(constraint, here())?),
                ast::JoinOperator::CrossApply => {
                    right = applied(right, here())?;
                    (JoinKind::Cross, Match::Nothing)
                }
                ast::JoinOperator::OuterApply => {
                    right = applied(right, here())?;
                    (JoinKind::Left, Match::Nothing)
                }
                ast::JoinOperator::StraightJoin(_) => return refuse("STRAIGHT_JOIN", here()),
                ast::JoinOperator::Semi(_)
                | ast::JoinOperator::LeftSemi(_)
                | ast::JoinOperator::RightSemi(_)
                | ast::JoinOperator::Anti(_)
                | ast::JoinOperator::LeftAnti(_)
                | ast::JoinOperator::RightAnti(_) => return refuse("a SEMI or ANTI join", here()),
                ast::JoinOperator::AsOf { match_condition: _, constraint: _ } => {
                    return refuse("an ASOF join", here());
                }
                ast::JoinOperator::ArrayJoin
                | ast::JoinOperator::LeftArrayJoin
                | ast::JoinOperator::InnerArrayJoin => return refuse("ARRAY JOIN", here()),
            };
            Ok(Relation::Join { kind, left: Box::new(left), right: Box::new(right), on })
        })
    }

    fn outer(&self, constraint: &ast::JoinConstraint, here: At) -> Result<Match, Foreign> {
        match self.constraint(constraint)? {
            Match::Nothing => refuse("an outer join without ON", here),
            on @ (Match::Natural | Match::On(_) | Match::Using(_)) => Ok(on),
        }
    }

    fn constraint(&self, constraint: &ast::JoinConstraint) -> Result<Match, Foreign> {
        match constraint {
            ast::JoinConstraint::Natural => Ok(Match::Natural),
            ast::JoinConstraint::None => Ok(Match::Nothing),
            ast::JoinConstraint::On(condition) => self.expr(condition).map(Match::On),
            ast::JoinConstraint::Using(columns) => self.each(columns, Self::single).map(Match::Using),
        }
    }

    fn relation(&self, factor: &ast::TableFactor) -> Result<Relation, Foreign> {
        let here = || at(factor.span());
        match factor {
            ast::TableFactor::Table { .. } => self.table(factor),
            ast::TableFactor::Derived { lateral, subquery, alias, sample } => {
                let unnamed = self.is_printed() && alias.is_none();
                let unwanted = [(sample.is_some(), "TABLESAMPLE"), (unnamed, "a sub-query without an alias")];
                absent(&unwanted, At::default())?;
                let query = Box::new(self.query(subquery)?);
                let alias = alias.as_ref().map_or_else(|| Ok(self.invented()), |alias| self.alias(alias))?;
                Ok(Relation::Derived { lateral: *lateral, query, alias })
            }
            ast::TableFactor::Function { lateral, name, args, with_ordinality, alias } => {
                self.table_function((name, args), *lateral, *with_ordinality, alias.as_ref())
            }
            ast::TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                let unwanted = *with_offset || with_offset_alias.is_some();
                absent(&[(unwanted, "WITH OFFSET")], At::default())?;
                let arguments = self.exprs(array_exprs)?;
                let call = self.plain_call("unnest", arguments, here())?;
                let alias = alias.as_ref().map(|alias| self.alias(alias)).transpose()?;
                self.rows_of(call, false, *with_ordinality, alias)
            }
            ast::TableFactor::OpenJsonTable { json_expr, json_path, columns, alias } => {
                absent(&[(!columns.is_empty(), "OPENJSON … WITH")], here())?;
                let mut arguments = vec![self.expr(json_expr)?];
                if let Some(path) = json_path {
                    arguments.push(self.value(path)?);
                }
                let call = self.plain_call("openjson", arguments, here())?;
                let alias = alias.as_ref().map(|alias| self.alias(alias)).transpose()?;
                self.rows_of(call, false, false, alias)
            }
            ast::TableFactor::NestedJoin { table_with_joins, alias } => {
                absent(&[(alias.is_some(), "an alias for a join in parentheses")], here())?;
                self.table_with_joins(table_with_joins)
            }
            ast::TableFactor::TableFunction { expr: _, alias: _ } => refuse("TABLE(…)", here()),
            ast::TableFactor::JsonTable { .. } => refuse("JSON_TABLE", here()),
            ast::TableFactor::Pivot { .. } => refuse("PIVOT", here()),
            ast::TableFactor::Unpivot { .. } | ast::TableFactor::UnpivotExpr { .. } => {
                refuse("UNPIVOT", here())
            }
            ast::TableFactor::MatchRecognize { .. } => refuse("MATCH_RECOGNIZE", here()),
            ast::TableFactor::XmlTable { .. } => refuse("XMLTABLE", here()),
            ast::TableFactor::SemanticView { .. } => refuse("SEMANTIC_VIEW", here()),
        }
    }

    /// A table, or a function whose name and arguments look like one.
    pub(super) fn table(&self, factor: &ast::TableFactor) -> Result<Relation, Foreign> {
        let ast::TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } = factor
        else {
            return refuse("what is not a table", at(factor.span()));
        };
        let unwanted = [
            (!with_hints.is_empty(), "a table hint (WITH)"),
            (version.is_some(), "FOR SYSTEM_TIME and other versions of a table"),
            (!partitions.is_empty(), "PARTITION"),
            (json_path.is_some(), "a path after a table"),
            (sample.is_some(), "TABLESAMPLE"),
            (!index_hints.is_empty(), "an index hint"),
        ];
        absent(&unwanted, place(name))?;
        if let Some(args) = args {
            let ast::TableFunctionArgs { args, settings } = args;
            absent(&[(settings.is_some(), "SETTINGS")], place(name))?;
            return self.table_function((name, args), false, *with_ordinality, alias.as_ref());
        }
        absent(&[(*with_ordinality, "WITH ORDINALITY after a table")], place(name))?;
        let alias = alias.as_ref().map(|alias| self.alias(alias)).transpose()?;
        Ok(Relation::Table { name: self.object(name)?, alias, at: place(name) })
    }

    fn table_function(
        &self,
        (name, args): (&ast::ObjectName, &[ast::FunctionArg]),
        lateral: bool,
        ordinality: bool,
        alias: Option<&ast::TableAlias>,
    ) -> Result<Relation, Foreign> {
        let function = self.function(name)?;
        let arguments = self.arguments(args, function)?;
        let call = self.checked_call(function, arguments, place(name))?;
        let alias = alias.map(|alias| self.alias(alias)).transpose()?;
        self.rows_of(call, lateral, ordinality, alias)
    }

    /// A function that gives rows goes by its own name where it has no alias.
    fn rows_of(
        &self,
        call: crate::ir::Call,
        lateral: bool,
        ordinality: bool,
        alias: Option<Alias>,
    ) -> Result<Relation, Foreign> {
        if call.function.kind != crate::function::FunctionKind::Rows {
            return refuse(format!("the function `{}` in FROM", call.function.name), call.at);
        }
        let is_postgres = self.is(Dialect::Postgres);
        absent(&[(ordinality && !is_postgres, "WITH ORDINALITY")], call.at)?;
        let named = || Alias {
            name: Part { text: call.function.name.to_owned(), quoted: true },
            columns: Vec::new(),
        };
        let alias = alias.unwrap_or_else(named);
        Ok(Relation::Function { lateral, call: Box::new(call), ordinality, alias })
    }
}

/// The right side of APPLY, which may name what stands to the left.
fn applied(right: Relation, here: At) -> Result<Relation, Foreign> {
    match right {
        Relation::Derived { lateral: _, query, alias } => {
            Ok(Relation::Derived { lateral: true, query, alias })
        }
        Relation::Function { lateral: _, call, ordinality, alias } => {
            Ok(Relation::Function { lateral: true, call, ordinality, alias })
        }
        Relation::Join { .. } | Relation::Table { .. } => {
            refuse("APPLY of a table (CROSS JOIN says the same)", here)
        }
    }
}
