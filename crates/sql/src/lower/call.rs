//! Calls of functions. What is not in the dialect's table is refused, whatever it is.

use sqlparser::ast;

use crate::dialect::Dialect;
use crate::function::{self, Function, FunctionKind};
use crate::ir::{At, Call, Distinct, Expr, Order};
use crate::name::Part;

use super::name::place;
use super::{Foreign, Lowering, absent, at, refuse};

/// What stands within the parentheses of a call.
struct Inside {
    arguments: Vec<Expr>,
    star: bool,
    distinct: Distinct,
    order: Vec<Order>,
    separator: Option<Box<Expr>>,
}

impl Lowering<'_> {
    pub(super) fn call(&self, call: &ast::Function) -> Result<Expr, Foreign> {
        let ast::Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = call;
        let here = place(name);
        let unwanted = [
            (*uses_odbc_syntax, "`{fn …}`"),
            (*parameters != ast::FunctionArguments::None, "two lists of arguments"),
            (null_treatment.is_some(), "IGNORE NULLS and RESPECT NULLS"),
        ];
        absent(&unwanted, here)?;
        if let Some(column) = self.inserted(name, args)? {
            return Ok(column);
        }
        let function = self.function(name)?;
        let inside = self.inside(args, function, here)?;
        let within = self.orders(within_group)?;
        let filter = filter.as_deref().map(|filter| self.boxed(filter)).transpose()?;
        let over = over.as_ref().map(|over| self.over(over)).transpose()?;
        let Inside { arguments, star, distinct, order, separator } = inside;
        let call =
            Call { function, arguments, star, distinct, order, within, separator, filter, over, at: here };
        self.complete(call).map(|call| Expr::Call(Box::new(call)))
    }

    /// The table's entry for the name.
    pub(super) fn function(&self, name: &ast::ObjectName) -> Result<&'static Function, Foreign> {
        let ast::ObjectName(parts) = name;
        let here = place(name);
        let unknown = || Foreign { what: format!("the function `{name}`"), at: here };
        let (qualified, last) = match parts.as_slice() {
            [only] => (false, plain(only)),
            [schema, last] if self.is(Dialect::Postgres) && plain(schema) == Some("pg_catalog") => {
                (true, plain(last))
            }
            _ => return Err(unknown()),
        };
        let function = last.and_then(|last| function::find(self.dialect, last)).ok_or_else(unknown)?;
        let is_word = function.traits.keyword || function.traits.bare;
        let looked_up = self.is(Dialect::Postgres) && self.is_printed() && !is_word && !qualified;
        absent(&[(looked_up, "a function without its schema")], here)?;
        absent(&[(qualified && is_word, "a schema before a word of the grammar")], here)?;
        Ok(function)
    }

    /// A word that is a call by itself, and that the parser takes for a name.
    pub(super) fn bare_function(&self, word: &str) -> Option<&'static Function> {
        function::find(self.dialect, word).filter(|function| function.traits.bare)
    }

    /// A call of nothing but arguments.
    pub(super) fn checked_call(
        &self,
        function: &'static Function,
        arguments: Vec<Expr>,
        here: At,
    ) -> Result<Call, Foreign> {
        self.complete(Call {
            function,
            arguments,
            star: false,
            distinct: Distinct::No,
            order: Vec::new(),
            within: Vec::new(),
            separator: None,
            filter: None,
            over: None,
            at: here,
        })
    }

    /// Such a call, by the name of the function.
    pub(super) fn plain_call(&self, name: &str, arguments: Vec<Expr>, here: At) -> Result<Call, Foreign> {
        match function::find(self.dialect, name) {
            Some(function) => self.checked_call(function, arguments, here),
            None => refuse(format!("the function `{name}`"), here),
        }
    }

    fn inside(
        &self,
        args: &ast::FunctionArguments,
        function: &'static Function,
        here: At,
    ) -> Result<Inside, Foreign> {
        let empty = Inside {
            arguments: Vec::new(),
            star: false,
            distinct: Distinct::No,
            order: Vec::new(),
            separator: None,
        };
        let list = match args {
            ast::FunctionArguments::List(list) => list,
            ast::FunctionArguments::None => return Ok(empty),
            ast::FunctionArguments::Subquery(_) => {
                return refuse("a query as the argument of a function", here);
            }
        };
        let ast::FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        let mut inside = match args.as_slice() {
            [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Wildcard)] => Inside { star: true, ..empty },
            args => Inside { arguments: self.arguments(args, function)?, ..empty },
        };
        inside.distinct = match duplicate_treatment {
            Some(ast::DuplicateTreatment::Distinct) => Distinct::Rows,
            Some(ast::DuplicateTreatment::All) | None => Distinct::No,
        };
        for clause in clauses {
            match clause {
                ast::FunctionArgumentClause::OrderBy(terms) => inside.order = self.orders(terms)?,
                ast::FunctionArgumentClause::Separator(value) => {
                    inside.separator = Some(self.separator(value)?)
                }
                ast::FunctionArgumentClause::IgnoreOrRespectNulls(_) => {
                    return refuse("IGNORE NULLS and RESPECT NULLS", here);
                }
                ast::FunctionArgumentClause::Where(_) => return refuse("WHERE within a call", here),
                ast::FunctionArgumentClause::Limit(_) => return refuse("LIMIT within a call", here),
                ast::FunctionArgumentClause::OnOverflow(_) => return refuse("ON OVERFLOW", here),
                ast::FunctionArgumentClause::Having(_) => return refuse("HAVING within a call", here),
                ast::FunctionArgumentClause::JsonNullClause(_) => {
                    return refuse("NULL ON NULL and ABSENT ON NULL", here);
                }
                ast::FunctionArgumentClause::JsonReturningClause(_) => {
                    return refuse("RETURNING within a call", here);
                }
            }
        }
        Ok(inside)
    }

    /// The printer writes it out, for MySQL takes no parameter there.
    fn separator(&self, value: &ast::ValueWithSpan) -> Result<Box<Expr>, Foreign> {
        let ast::ValueWithSpan { value, span } = value;
        match value {
            ast::Value::SingleQuotedString(text) => {
                Ok(Box::new(Expr::Literal(crate::value::Value::Untyped(text.clone()))))
            }
            _ => refuse("a SEPARATOR that is not a string", at(*span)),
        }
    }

    pub(super) fn arguments(
        &self,
        args: &[ast::FunctionArg],
        function: &'static Function,
    ) -> Result<Vec<Expr>, Foreign> {
        let mut arguments = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            let expr = match arg {
                ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => expr,
                ast::FunctionArg::Unnamed(
                    ast::FunctionArgExpr::QualifiedWildcard(_)
                    | ast::FunctionArgExpr::Wildcard
                    | ast::FunctionArgExpr::WildcardWithOptions(_),
                ) => return refuse("a star among the arguments of a function", At::default()),
                ast::FunctionArg::Named { name, arg: _, operator: _ } => {
                    return refuse("an argument with a name", at(name.span));
                }
                ast::FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => {
                    return refuse("an argument with a name", At::default());
                }
            };
            let unit = match expr {
                ast::Expr::Identifier(ident) if index == 0 && function.traits.unit_first => Some(ident),
                _ => None,
            };
            arguments.push(match unit {
                Some(ident) => Expr::Unit(self.unit_word(&ident.value, at(ident.span))?),
                None => self.expr(expr)?,
            });
        }
        Ok(arguments)
    }

    /// Refuses what the function does not take.
    fn complete(&self, call: Call) -> Result<Call, Foreign> {
        let Function { name, kind, least, most, traits } = call.function;
        let count = call.arguments.len();
        if call.star {
            let counts = ["count", "count_big"].iter().any(|counter| name.eq_ignore_ascii_case(counter));
            absent(&[(!counts, "a star as the argument of this function")], call.at)?;
        } else if count < *least || count > *most {
            return refuse(format!("`{name}` with {count} arguments"), call.at);
        }
        let is_unit = matches!(call.arguments.first(), Some(Expr::Unit(_)));
        let aggregates = matches!(kind, FunctionKind::Aggregate | FunctionKind::OrderedSet);
        let plain = !aggregates && *kind != FunctionKind::Window;
        let is_sqlserver = self.is(Dialect::SqlServer);
        let ordered = *kind == FunctionKind::OrderedSet || (is_sqlserver && *kind == FunctionKind::Aggregate);
        let is_rows = *kind == FunctionKind::Rows;
        let unwanted = [
            (traits.unit_first && !is_unit, "a unit that is not a word"),
            (!aggregates && call.distinct != Distinct::No, "DISTINCT in a call of what is no aggregate"),
            (!aggregates && !call.order.is_empty(), "ORDER BY in a call of what is no aggregate"),
            (!aggregates && call.filter.is_some(), "FILTER after what is no aggregate"),
            (!ordered && !call.within.is_empty(), "WITHIN GROUP after this function"),
            (
                *kind == FunctionKind::OrderedSet && call.within.is_empty(),
                "this function without WITHIN GROUP",
            ),
            (plain && call.over.is_some(), "OVER after what is no aggregate and no window function"),
            (*kind == FunctionKind::Window && call.over.is_none(), "a window function without OVER"),
            (is_rows && call.over.is_some(), "OVER after a function that gives rows"),
        ];
        absent(&unwanted, call.at)?;
        // A masked column is no longer one in the printed text, and what is asked for is not more for that.
        match call.function.excess(&call.arguments).filter(|_| !self.is_printed()) {
            Some(excess) => refuse(format!("`{name}` without {}", excess.described()), call.at),
            None => Ok(call),
        }
    }

    /// MySQL's `VALUES(column)` in ON DUPLICATE KEY UPDATE: the new row, which other dialects call `excluded`.
    fn inserted(
        &self,
        name: &ast::ObjectName,
        args: &ast::FunctionArguments,
    ) -> Result<Option<Expr>, Foreign> {
        let ast::ObjectName(parts) = name;
        let is_values = matches!(parts.as_slice(), [only] if plain(only).is_some_and(|word| word.eq_ignore_ascii_case("values")));
        let ast::FunctionArguments::List(list) = args else { return Ok(None) };
        let ast::FunctionArgumentList { duplicate_treatment: None, args, clauses } = list else {
            return Ok(None);
        };
        let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Identifier(column)))] =
            args.as_slice()
        else {
            return Ok(None);
        };
        if !is_values || !self.is(Dialect::MySql) || !clauses.is_empty() {
            return Ok(None);
        }
        let row = Part { text: "excluded".to_owned(), quoted: self.is_printed() };
        Ok(Some(Expr::Column { name: vec![row, self.part(column)?], at: at(column.span) }))
    }
}

/// A part of a name that is a word without quotes.
fn plain(part: &ast::ObjectNamePart) -> Option<&str> {
    match part {
        ast::ObjectNamePart::Identifier(ast::Ident { value, quote_style: None, span: _ }) => Some(value),
        ast::ObjectNamePart::Identifier(_) | ast::ObjectNamePart::Function(_) => None,
    }
}
