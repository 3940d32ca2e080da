//! Literals and parameters.

use sqlparser::ast::{self, Spanned};
use sqlparser::tokenizer::Span;

use crate::dialect::Dialect;
use crate::ir::{CastType, Expr};
use crate::value::Value;

use super::{Author, Foreign, Lowering, at, refuse};

impl Lowering<'_> {
    /// A literal, or a parameter that the printer does not cast.
    pub(super) fn value(&self, value: &ast::ValueWithSpan) -> Result<Expr, Foreign> {
        let ast::ValueWithSpan { value, span } = value;
        let text = |text: &str| {
            if self.is_printed() {
                return refuse("a string in a printed statement", at(*span));
            }
            Ok(Expr::Literal(Value::Untyped(text.to_owned())))
        };
        let foreign = |what: &str| refuse(what, at(*span));
        match value {
            ast::Value::Boolean(value) => Ok(Expr::Literal(Value::Boolean(*value))),
            ast::Value::DollarQuotedString(quoted) if self.is(Dialect::Postgres) => {
                let ast::DollarQuotedString { value, tag: _ } = quoted;
                text(value)
            }
            ast::Value::DoubleQuotedString(value) if self.is(Dialect::MySql) => text(value),
            ast::Value::EscapedStringLiteral(value) if self.is(Dialect::Postgres) => text(value),
            ast::Value::NationalStringLiteral(value)
                if self.is(Dialect::MySql) || self.is(Dialect::SqlServer) =>
            {
                text(value)
            }
            ast::Value::Null => Ok(Expr::Literal(Value::Null)),
            ast::Value::Number(digits, long) => match number(digits) {
                Some(digits) if !long => Ok(Expr::Literal(Value::Number(digits))),
                Some(_) | None => refuse(format!("the number `{digits}`"), at(*span)),
            },
            ast::Value::Placeholder(name) => self.parameter(name, *span),
            ast::Value::SingleQuotedString(value) => text(value),
            ast::Value::HexStringLiteral(_) => foreign("a literal in hexadecimal digits"),
            ast::Value::DollarQuotedString(_)
            | ast::Value::DoubleQuotedString(_)
            | ast::Value::EscapedStringLiteral(_)
            | ast::Value::NationalStringLiteral(_)
            | ast::Value::TripleSingleQuotedString(_)
            | ast::Value::TripleDoubleQuotedString(_)
            | ast::Value::UnicodeStringLiteral(_)
            | ast::Value::SingleQuotedByteStringLiteral(_)
            | ast::Value::DoubleQuotedByteStringLiteral(_)
            | ast::Value::TripleSingleQuotedByteStringLiteral(_)
            | ast::Value::TripleDoubleQuotedByteStringLiteral(_)
            | ast::Value::SingleQuotedRawStringLiteral(_)
            | ast::Value::DoubleQuotedRawStringLiteral(_)
            | ast::Value::TripleSingleQuotedRawStringLiteral(_)
            | ast::Value::TripleDoubleQuotedRawStringLiteral(_)
            | ast::Value::QuoteDelimitedStringLiteral(_)
            | ast::Value::NationalQuoteDelimitedStringLiteral(_) => foreign("a literal of this kind"),
        }
    }

    /// The value of a parameter. The printer must have cast it the way it does: not at all, here.
    pub(super) fn parameter(&self, name: &str, span: Span) -> Result<Expr, Foreign> {
        let value = self.parameter_value(name, span)?;
        if self.is_printed() && !self.dialect.casts(value).is_empty() {
            return refuse("a parameter without its cast", at(span));
        }
        Ok(Expr::Literal(value.clone()))
    }

    /// The value a parameter stands for: by its number, or by its place among those without one.
    pub(super) fn parameter_value(&self, name: &str, span: Span) -> Result<&Value, Foreign> {
        let (Author::Caller(values) | Author::Printer(values)) = self.author;
        let number = match self.dialect {
            Dialect::MySql | Dialect::Sqlite if name == "?" => {
                self.marks.iter().position(|mark| *mark == span.start)
            }
            Dialect::MySql => None,
            Dialect::Postgres => numbered(name, "$"),
            Dialect::SqlServer => numbered(name, "@p").or_else(|| numbered(name, "@P")),
            Dialect::Sqlite => numbered(name, "?"),
        };
        let value = number.and_then(|number| values.get(number));
        value.ok_or_else(|| Foreign {
            what: format!("the parameter `{name}`, for which there is no value"),
            at: at(span),
        })
    }

    /// `DATE '2026-01-31'`
    pub(super) fn typed(&self, typed: &ast::TypedString) -> Result<Expr, Foreign> {
        let ast::TypedString { data_type, value, uses_odbc_syntax } = typed;
        let here = at(value.span);
        let has_typed = matches!(self.dialect, Dialect::MySql | Dialect::Postgres);
        if *uses_odbc_syntax || !has_typed || self.is_printed() {
            return refuse("a literal with its type before it", here);
        }
        let ty = match (self.dialect, data_type) {
            (Dialect::MySql, ast::DataType::Date) => CastType::Date,
            (Dialect::MySql, ast::DataType::Time(None, ast::TimezoneInfo::None)) => CastType::Time,
            (Dialect::MySql, ast::DataType::Timestamp(None, ast::TimezoneInfo::None)) => CastType::DateTime,
            (Dialect::MySql, _) => return refuse("a literal with this type before it", here),
            (Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, ty) => self.cast_type(ty, here)?,
        };
        Ok(Expr::Cast { operand: Box::new(self.value(value)?), ty, lenient: false })
    }

    pub(super) fn interval(&self, interval: &ast::Interval) -> Result<Expr, Foreign> {
        let ast::Interval {
            value,
            leading_field,
            leading_precision,
            last_field,
            fractional_seconds_precision,
        } = interval;
        let here = at(value.span());
        let is_precise =
            leading_precision.is_some() || last_field.is_some() || fractional_seconds_precision.is_some();
        if is_precise {
            return refuse("an interval of several fields", here);
        }
        let amount = self.expr(value)?;
        match (self.dialect, leading_field) {
            (Dialect::MySql, Some(field)) => {
                Ok(Expr::Interval { amount: Box::new(amount), unit: self.unit(field, here)? })
            }
            (Dialect::Postgres, field) => {
                let Expr::Literal(Value::Untyped(text)) = amount else {
                    return refuse("an interval that is not a string (`INTERVAL '1 day'`)", here);
                };
                let text = match field {
                    None => text,
                    Some(field) => format!("{text} {field}").to_lowercase(),
                };
                let operand = Box::new(Expr::Literal(Value::Untyped(text)));
                Ok(Expr::Cast { operand, ty: CastType::Interval, lenient: false })
            }
            (Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite, _) => refuse("an interval", here),
        }
    }
}

/// The place of a numbered parameter, counted from 0.
fn numbered(name: &str, sign: &str) -> Option<usize> {
    let digits = name.strip_prefix(sign)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse::<usize>().ok().filter(|_| is_plain)?.checked_sub(1)
}

/// The digits as they are printed, if they are those of a number in every dialect.
fn number(written: &str) -> Option<String> {
    let digits = written.replace('_', "");
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (digits.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let has_exponent = exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent));
    (is_number && has_exponent).then_some(digits)
}
