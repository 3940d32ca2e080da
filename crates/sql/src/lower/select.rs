//! One SELECT.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Distinct, Output, Page, Select};

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    /// The SELECT, and what its TOP says.
    pub(super) fn select(&self, select: &ast::Select) -> Result<(Select, Page), Foreign> {
        let ast::Select {
            select_token,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        let ast::helpers::attached_token::AttachedToken(token) = select_token;
        let modified = select_modifiers.as_ref().is_some_and(is_modified);
        let unwanted = [
            (!optimizer_hints.is_empty(), "a hint"),
            (modified, "a word of MySQL after SELECT"),
            (*top_before_distinct, "TOP before DISTINCT"),
            (exclude.is_some(), "EXCLUDE"),
            (into.is_some(), "INTO"),
            (!lateral_views.is_empty(), "LATERAL VIEW"),
            (prewhere.is_some(), "PREWHERE"),
            (!connect_by.is_empty(), "CONNECT BY"),
            (!cluster_by.is_empty(), "CLUSTER BY"),
            (!distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!sort_by.is_empty(), "SORT BY"),
            (qualify.is_some(), "QUALIFY"),
            (value_table_mode.is_some(), "AS VALUE and AS STRUCT"),
            (projection.is_empty(), "a SELECT of no columns"),
        ];
        absent(&unwanted, at(token.span))?;
        match flavor {
            ast::SelectFlavor::Standard => {}
            ast::SelectFlavor::FromFirst | ast::SelectFlavor::FromFirstNoSelect => {
                return refuse("FROM before SELECT", at(token.span));
            }
        }
        let page = top.as_ref().map_or(Ok(Page::default()), |top| self.top(top, at(token.span)))?;
        let select = Select {
            distinct: self.distinct(distinct.as_ref(), at(token.span))?,
            outputs: self.outputs(projection)?,
            from: self.each(from, Self::table_with_joins)?,
            filter: selection.as_ref().map(|expr| self.expr(expr)).transpose()?,
            group: self.group(group_by, at(token.span))?,
            having: having.as_ref().map(|expr| self.expr(expr)).transpose()?,
            windows: self.each(named_window, Self::named_window)?,
        };
        Ok((select, page))
    }

    fn distinct(&self, distinct: Option<&ast::Distinct>, here: crate::ir::At) -> Result<Distinct, Foreign> {
        match distinct {
            None | Some(ast::Distinct::All) => Ok(Distinct::No),
            Some(ast::Distinct::Distinct) => Ok(Distinct::Rows),
            Some(ast::Distinct::On(exprs)) if self.is(Dialect::Postgres) => {
                self.exprs(exprs).map(Distinct::On)
            }
            Some(ast::Distinct::On(_)) => refuse("DISTINCT ON", here),
        }
    }

    pub(super) fn outputs(&self, items: &[ast::SelectItem]) -> Result<Vec<Output>, Foreign> {
        self.each(items, Self::output)
    }

    fn output(&self, item: &ast::SelectItem) -> Result<Output, Foreign> {
        let here = || at(item.span());
        match item {
            ast::SelectItem::ExprWithAlias { expr, alias } => {
                Ok(Output::Expr { expr: self.expr(expr)?, name: Some(self.alias_part(alias)?) })
            }
            ast::SelectItem::UnnamedExpr(expr) => Ok(Output::Expr { expr: self.expr(expr)?, name: None }),
            ast::SelectItem::ExprWithAliases { expr: _, aliases: _ } => {
                refuse("several names for one column", here())
            }
            ast::SelectItem::QualifiedWildcard(kind, options) => {
                plain_star(options)?;
                match kind {
                    ast::SelectItemQualifiedWildcardKind::ObjectName(name) => {
                        Ok(Output::StarOf(self.object(name)?, super::name::place(name)))
                    }
                    ast::SelectItemQualifiedWildcardKind::Expr(_) => {
                        refuse("the star of an expression", here())
                    }
                }
            }
            ast::SelectItem::Wildcard(options) => {
                plain_star(options)?;
                Ok(Output::Star(here()))
            }
        }
    }
}

fn is_modified(modifiers: &ast::SelectModifiers) -> bool {
    let ast::SelectModifiers {
        high_priority,
        straight_join,
        sql_small_result,
        sql_big_result,
        sql_buffer_result,
        sql_no_cache,
        sql_calc_found_rows,
    } = modifiers;
    [
        high_priority,
        straight_join,
        sql_small_result,
        sql_big_result,
        sql_buffer_result,
        sql_no_cache,
        sql_calc_found_rows,
    ]
    .contains(&&true)
}

/// A star that nothing is taken from, added to or renamed in.
fn plain_star(options: &ast::WildcardAdditionalOptions) -> Result<(), Foreign> {
    let ast::WildcardAdditionalOptions {
        wildcard_token,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    let ast::helpers::attached_token::AttachedToken(token) = wildcard_token;
    let unwanted = [
        (opt_ilike.is_some(), "ILIKE after a star"),
        (opt_exclude.is_some(), "EXCLUDE after a star"),
        (opt_except.is_some(), "EXCEPT after a star"),
        (opt_replace.is_some(), "REPLACE after a star"),
        (opt_rename.is_some(), "RENAME after a star"),
        (opt_alias.is_some(), "an alias after a star"),
    ];
    absent(&unwanted, at(token.span))
}
