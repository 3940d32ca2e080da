//! The clauses of a query and what stands in FROM, taken apart field by field.

use super::{Foreign, ast, quoted};
use crate::ir::Base;

/// The clauses of a SELECT that the IR has words for.
pub(super) struct Clauses {
    pub(super) projection: Vec<ast::SelectItem>,
    pub(super) from: ast::TableFactor,
    pub(super) selection: Option<ast::Expr>,
    pub(super) order: Vec<ast::OrderByExpr>,
    pub(super) limit: Option<ast::LimitClause>,
}

/// The sub-select that stands for a table.
pub(super) fn base(factor: ast::TableFactor) -> Result<Base, Foreign> {
    let ast::TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None } = factor
    else {
        return Err(Foreign);
    };
    let alias = alias_name(alias)?;
    let Clauses { projection, from, selection: None, order, limit: None } = clauses(*subquery)? else {
        return Err(Foreign);
    };
    let (schema, table, inner) = relation(from)?;
    if inner != alias || !order.is_empty() {
        return Err(Foreign);
    }
    let columns = projection.into_iter().map(|item| column_of(item, &alias)).collect::<Result<_, _>>()?;
    Ok(Base { schema, table, columns, alias })
}

/// The column of `"alias"."column" AS "column"`.
fn column_of(item: ast::SelectItem, relation: &str) -> Result<String, Foreign> {
    let ast::SelectItem::ExprWithAlias { expr: ast::Expr::CompoundIdentifier(parts), alias } = item else {
        return Err(Foreign);
    };
    let [qualifier, column] = <[ast::Ident; 2]>::try_from(parts).map_err(|_| Foreign)?;
    let (qualifier, column) = (quoted(qualifier)?, quoted(column)?);
    let plain = qualifier == relation && quoted(alias)? == column;
    plain.then_some(column).ok_or(Foreign)
}

/// The schema, the name and the alias of `"schema"."table" AS "alias"`.
fn relation(factor: ast::TableFactor) -> Result<(String, String, String), Foreign> {
    let ast::TableFactor::Table {
        name: ast::ObjectName(parts),
        alias: Some(alias),
        args: None,
        with_hints,
        version: None,
        with_ordinality: false,
        partitions,
        json_path: None,
        sample: None,
        index_hints,
    } = factor
    else {
        return Err(Foreign);
    };
    if !with_hints.is_empty() || !partitions.is_empty() || !index_hints.is_empty() {
        return Err(Foreign);
    }
    let [ast::ObjectNamePart::Identifier(schema), ast::ObjectNamePart::Identifier(table)] =
        <[ast::ObjectNamePart; 2]>::try_from(parts).map_err(|_| Foreign)?
    else {
        return Err(Foreign);
    };
    Ok((quoted(schema)?, quoted(table)?, alias_name(alias)?))
}

fn alias_name(alias: ast::TableAlias) -> Result<String, Foreign> {
    let ast::TableAlias { explicit: true, name, columns, at: None } = alias else { return Err(Foreign) };
    if columns.is_empty() { quoted(name) } else { Err(Foreign) }
}

/// Takes a query apart; every clause the IR has no word for must be absent.
pub(super) fn clauses(query: ast::Query) -> Result<Clauses, Foreign> {
    let ast::Query {
        with: None,
        body,
        order_by,
        limit_clause: limit,
        fetch: None,
        locks,
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators,
    } = query
    else {
        return Err(Foreign);
    };
    let ast::SetExpr::Select(select) = *body else { return Err(Foreign) };
    if !locks.is_empty() || !pipe_operators.is_empty() {
        return Err(Foreign);
    }
    let order = match order_by {
        None => Vec::new(),
        Some(ast::OrderBy { kind: ast::OrderByKind::Expressions(terms), interpolate: None }) => terms,
        Some(_) => return Err(Foreign),
    };
    let (projection, from, selection) = select_clauses(*select)?;
    Ok(Clauses { projection, from, selection, order, limit })
}

type SelectClauses = (Vec<ast::SelectItem>, ast::TableFactor, Option<ast::Expr>);

fn select_clauses(select: ast::Select) -> Result<SelectClauses, Foreign> {
    let ast::Select {
        select_token: _,
        optimizer_hints,
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection,
        exclude: None,
        into: None,
        from,
        lateral_views,
        prewhere: None,
        selection,
        connect_by,
        group_by: ast::GroupByExpr::Expressions(grouping, modifiers),
        cluster_by,
        distribute_by,
        sort_by,
        having: None,
        named_window,
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: ast::SelectFlavor::Standard,
    } = select
    else {
        return Err(Foreign);
    };
    let absent = [
        optimizer_hints.is_empty(),
        lateral_views.is_empty(),
        connect_by.is_empty(),
        grouping.is_empty(),
        modifiers.is_empty(),
        cluster_by.is_empty(),
        distribute_by.is_empty(),
        sort_by.is_empty(),
        named_window.is_empty(),
    ];
    let [ast::TableWithJoins { relation, joins }] =
        <[ast::TableWithJoins; 1]>::try_from(from).map_err(|_| Foreign)?;
    if absent.contains(&false) || !joins.is_empty() {
        return Err(Foreign);
    }
    Ok((projection, relation, selection))
}
