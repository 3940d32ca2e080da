//! Functions with a syntax of their own, and expressions that are refused.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Expr, Side, Trim};
use crate::value::Value;

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn special(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let here = || at(expr.span());
        let call = |name: &str, arguments: &[&ast::Expr]| {
            let arguments = self.each(arguments, |lowering, argument| lowering.expr(argument))?;
            self.plain_call(name, arguments, here()).map(|call| Expr::Call(Box::new(call)))
        };
        match expr {
            ast::Expr::Ceil { expr: operand, field } => {
                to_whole(field, operand)?;
                self.whole("ceil", operand)
            }
            ast::Expr::Floor { expr: operand, field } => {
                to_whole(field, operand)?;
                self.whole("floor", operand)
            }
            ast::Expr::Extract { field, syntax, expr: from } => {
                let comma = *syntax != ast::ExtractSyntax::From;
                let has_extract = matches!(self.dialect, Dialect::MySql | Dialect::Postgres);
                absent(&[(comma || !has_extract, "EXTRACT")], here())?;
                Ok(Expr::Extract { unit: self.unit(field, here())?, from: self.boxed(from)? })
            }
            ast::Expr::Overlay { expr: text, overlay_what, overlay_from, overlay_for } => match overlay_for {
                None => call("overlay", &[text, overlay_what, overlay_from]),
                Some(length) => call("overlay", &[text, overlay_what, overlay_from, length]),
            },
            ast::Expr::Position { expr: part, r#in: text } => match self.dialect {
                Dialect::Postgres => call("strpos", &[text, part]),
                Dialect::MySql => call("locate", &[part, text]),
                Dialect::SqlServer | Dialect::Sqlite => refuse("POSITION", here()),
            },
            ast::Expr::Substring { .. } => self.substring(expr),
            ast::Expr::Trim { .. } => self.trim(expr),
            other => refuse(foreign(other), here()),
        }
    }

    /// `ceil(x)`; the printer qualifies it where there is a schema to be said, and then it is a plain call.
    fn whole(&self, name: &str, operand: &ast::Expr) -> Result<Expr, Foreign> {
        let here = at(operand.span());
        let looked_up = self.is_printed() && self.is(Dialect::Postgres);
        absent(&[(looked_up, "a function without its schema")], here)?;
        self.plain_call(name, vec![self.expr(operand)?], here).map(|call| Expr::Call(Box::new(call)))
    }

    fn substring(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let ast::Expr::Substring { expr: text, substring_from, substring_for, special: _, shorthand } = expr
        else {
            return refuse("what is no SUBSTRING", at(expr.span()));
        };
        let here = at(text.span());
        let looked_up = self.is_printed() && self.is(Dialect::Postgres);
        absent(&[(looked_up, "a function without its schema")], here)?;
        let mut arguments = vec![self.expr(text)?];
        arguments.push(match substring_from {
            Some(from) => self.expr(from)?,
            None => Expr::Literal(Value::Number("1".to_owned())),
        });
        if let Some(length) = substring_for {
            arguments.push(self.expr(length)?);
        }
        let name = if *shorthand { "substr" } else { "substring" };
        self.plain_call(name, arguments, here).map(|call| Expr::Call(Box::new(call)))
    }

    fn trim(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let ast::Expr::Trim { trim_where, trim_what, expr: from, trim_characters } = expr else {
            return refuse("what is no TRIM", at(expr.span()));
        };
        let standard = trim_where.is_some() || trim_what.is_some();
        absent(&[(standard && self.is(Dialect::Sqlite), "TRIM … FROM")], at(from.span()))?;
        let side = trim_where.as_ref().map(|side| match side {
            ast::TrimWhereField::Both => Side::Both,
            ast::TrimWhereField::Leading => Side::Leading,
            ast::TrimWhereField::Trailing => Side::Trailing,
        });
        let what = match (trim_what.as_deref(), trim_characters.as_deref()) {
            (what, None) => what,
            (None, Some([what])) => Some(what),
            (_, Some(_)) => return refuse("this form of TRIM", at(from.span())),
        };
        let what = what.map(|what| self.expr(what)).transpose()?;
        Ok(Expr::Trim(Box::new(Trim { side, what, from: self.expr(from)? })))
    }
}

/// CEIL and FLOOR to a field of a date, or to a number of digits.
fn to_whole(field: &ast::CeilFloorKind, operand: &ast::Expr) -> Result<(), Foreign> {
    match field {
        ast::CeilFloorKind::DateTimeField(ast::DateTimeField::NoDateTime) => Ok(()),
        ast::CeilFloorKind::DateTimeField(_) | ast::CeilFloorKind::Scale(_) => {
            refuse("CEIL and FLOOR with more than a number", at(operand.span()))
        }
    }
}

/// What is refused, in words.
fn foreign(expr: &ast::Expr) -> &'static str {
    match expr {
        ast::Expr::Collate { .. } => "COLLATE",
        ast::Expr::CompoundFieldAccess { .. } => "a field, an element or a method of a value",
        ast::Expr::Cube(_) | ast::Expr::GroupingSets(_) | ast::Expr::Rollup(_) => {
            "ROLLUP, CUBE and GROUPING SETS outside GROUP BY"
        }
        ast::Expr::Dictionary(_) | ast::Expr::Map(_) | ast::Expr::Struct { .. } => "a structure of fields",
        ast::Expr::InUnnest { .. } => "IN UNNEST",
        ast::Expr::IsJson { .. } => "IS JSON",
        ast::Expr::IsNormalized { .. } => "IS NORMALIZED",
        ast::Expr::JsonAccess { .. } => "a path into JSON with a colon",
        ast::Expr::Lambda(_) => "a lambda",
        ast::Expr::MatchAgainst { .. } => "MATCH … AGAINST",
        ast::Expr::MemberOf(_) => "MEMBER OF",
        ast::Expr::Named { .. } => "a name for an expression within an expression",
        ast::Expr::OuterJoin(_) => "`(+)`",
        ast::Expr::Prefixed { .. } => "a character set before a string",
        ast::Expr::Prior(_) => "PRIOR",
        ast::Expr::QualifiedWildcard(..) | ast::Expr::Wildcard(_) => "a star within an expression",
        ast::Expr::SimilarTo { .. } => "SIMILAR TO",
        _ => "an expression of this kind",
    }
}
