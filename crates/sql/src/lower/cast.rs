//! Casts, and the casts the printer puts around a parameter.

use sqlparser::ast::{self, Spanned};

use crate::cast;
use crate::dialect::Dialect;
use crate::ir::{At, CastType, Expr};
use crate::value::Value;

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn cast(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        match expr {
            ast::Expr::Cast { kind, expr: operand, data_type, format } => {
                let here = || at(operand.span());
                let lenient = match kind {
                    ast::CastKind::Cast => false,
                    ast::CastKind::DoubleColon if self.is(Dialect::Postgres) => false,
                    ast::CastKind::TryCast if self.is(Dialect::SqlServer) => true,
                    ast::CastKind::DoubleColon => return refuse("`::`", here()),
                    ast::CastKind::TryCast => return refuse("TRY_CAST", here()),
                    ast::CastKind::SafeCast => return refuse("SAFE_CAST", here()),
                };
                absent(&[(format.is_some(), "FORMAT within CAST")], At::default())?;
                if self.is_printed()
                    && let Some(value) = self.printed_parameter(expr)?
                {
                    return Ok(value);
                }
                let ty = self.cast_type(data_type, here())?;
                Ok(self.boolean(Expr::Cast { operand: self.boxed(operand)?, ty, lenient }))
            }
            ast::Expr::Convert { .. } => self.convert(expr),
            _ => refuse("what is no cast", at(expr.span())),
        }
    }

    fn convert(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let ast::Expr::Convert { is_try, expr: operand, data_type, charset, target_before_value, styles } =
            expr
        else {
            return refuse("what is no CONVERT", at(expr.span()));
        };
        let here = at(operand.span());
        let has_convert = match self.dialect {
            Dialect::MySql => !target_before_value && !is_try && styles.is_empty(),
            Dialect::SqlServer => *target_before_value,
            Dialect::Postgres | Dialect::Sqlite => false,
        };
        let Some(data_type) = data_type.as_ref().filter(|_| has_convert && charset.is_none()) else {
            return refuse("this form of CONVERT", here);
        };
        let ty = self.cast_type(data_type, here)?;
        let operand = self.boxed(operand)?;
        match styles.as_slice() {
            [] => Ok(self.boolean(Expr::Cast { operand, ty, lenient: *is_try })),
            [style] => match self.expr(style)? {
                Expr::Literal(Value::Number(digits)) if digits.len() < 4 && !digits.starts_with('-') => {
                    let style = digits
                        .parse()
                        .map_err(|_| Foreign { what: format!("the style `{digits}`"), at: here })?;
                    Ok(Expr::Convert { operand, ty, style, lenient: *is_try })
                }
                _ => refuse("a style of CONVERT that is not a number", here),
            },
            [_, _, ..] => refuse("several styles of CONVERT", here),
        }
    }

    pub(super) fn cast_type(&self, data_type: &ast::DataType, here: At) -> Result<CastType, Foreign> {
        let text = data_type.to_string();
        match cast::read(&text, self.dialect) {
            Some(ty) => Ok(ty),
            None => refuse(format!("the type `{text}`"), here),
        }
    }

    /// T-SQL has no word for TRUE and FALSE.
    fn boolean(&self, cast: Expr) -> Expr {
        let Expr::Cast { operand, ty: CastType::Boolean, lenient: false } = &cast else { return cast };
        match (self.dialect, &**operand) {
            (Dialect::SqlServer, Expr::Literal(Value::Number(digits))) if digits == "1" => {
                Expr::Literal(Value::Boolean(true))
            }
            (Dialect::SqlServer, Expr::Literal(Value::Number(digits))) if digits == "0" => {
                Expr::Literal(Value::Boolean(false))
            }
            (Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, _) => cast,
        }
    }

    /// The value of a parameter within exactly the casts that the printer gives it.
    fn printed_parameter(&self, expr: &ast::Expr) -> Result<Option<Expr>, Foreign> {
        let (mut types, mut inner) = (Vec::new(), expr);
        while let ast::Expr::Cast { kind: ast::CastKind::Cast, expr, data_type, format: None } = inner {
            types.push(data_type);
            inner = expr;
        }
        let ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::Placeholder(name), span }) = inner
        else {
            return Ok(None);
        };
        let value = self.parameter_value(name, *span)?;
        let casts = self.dialect.casts(value);
        let same = types.len() == casts.len()
            && types.iter().rev().zip(casts).all(|(ty, cast)| ty.to_string() == *cast);
        Ok((same && !casts.is_empty()).then(|| Expr::Literal(value.clone())))
    }
}
