//! Expressions: columns become those of the relations around them, queries are resolved in their place.

use crate::function::{Bound, Function, FunctionKind};
use crate::ir::{At, Call, Distinct, Expr, Over, Page, Query, RowSet, Window};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::value::Value;

use super::environment::{Hit, hit};
use super::outputs::Out;
use super::{Resolver, quoted, refused, walk};

impl Resolver<'_> {
    /// Resolves an expression in its place.
    pub(super) fn expr(&mut self, expr: &mut Expr) -> Result<(), Refusal> {
        self.spend(1)?;
        match expr {
            Expr::Column { name, at } => {
                let found = self.column(name, *at)?;
                *expr = found.expr;
                return Ok(());
            }
            Expr::Exists { negated: _, query }
            | Expr::InQuery { negated: _, operand: _, query }
            | Expr::Scalar(query) => {
                self.within(query)?;
            }
            Expr::Call(call) => {
                if call.function.kind == FunctionKind::Rows {
                    let what = format!("the function `{}` outside FROM", call.function.name);
                    return Err(refused(call.at, Objection::Construct(what)));
                }
                if call.function.traits.bounded == Some(Bound::Repeat) {
                    self.repeated(call)?;
                }
                if let Some(Over::Named(name)) = &mut call.over {
                    *name = self.window_name(name)?;
                }
                if let Some(Over::Here(window)) = &mut call.over {
                    self.window_base(window)?;
                }
            }
            Expr::Literal(_) => return Ok(()),
            _ => {}
        }
        for child in walk::children_mut(expr) {
            self.expr(child)?;
        }
        if let Expr::Call(call) = expr {
            let function = call.function;
            for argument in &mut call.arguments {
                settle(function, argument);
            }
        }
        Ok(())
    }

    /// What is repeated must be as small as it is stored: a column that an expression made may have been repeated itself.
    fn repeated(&mut self, call: &Call) -> Result<(), Refusal> {
        let Some(Expr::Column { name, at }) = call.arguments.first() else { return Ok(()) };
        match self.column(name, *at)?.is_stored {
            true => Ok(()),
            false => {
                let what = format!("`{}` of a column that is not a table's own", call.function.name);
                Err(refused(*at, Objection::Construct(what)))
            }
        }
    }

    /// Resolves a query that stands in an expression.
    pub(super) fn within(&mut self, query: &mut Query) -> Result<Vec<Out>, Refusal> {
        let (resolved, outs) = self.query(std::mem::replace(query, nothing()))?;
        *query = resolved;
        Ok(outs)
    }

    /// Resolves a window that stands by itself.
    pub(super) fn window(&mut self, window: &mut Window) -> Result<(), Refusal> {
        self.window_base(window)?;
        for expr in walk::window_mut(window) {
            self.expr(expr)?;
        }
        Ok(())
    }

    fn window_base(&mut self, window: &mut Window) -> Result<(), Refusal> {
        if let Some(base) = &mut window.base {
            *base = self.window_name(base)?;
        }
        Ok(())
    }

    fn window_name(&self, name: &Part) -> Result<Part, Refusal> {
        let windows = self.levels.last().map(|level| level.windows.as_slice()).unwrap_or_default();
        match hit(name, self.dialect, windows.iter().map(String::as_str)) {
            Hit::One(place) => windows.get(place).map(|name| quoted(name)).ok_or(Refusal::Unverified),
            Hit::Many | Hit::None => {
                let what = format!("the window `{}`, which WINDOW does not name,", name.text);
                Err(refused(At::default(), Objection::Construct(what)))
            }
        }
    }
}

/// Gives text to a function that has no type for its arguments a type.
fn settle(function: &Function, argument: &mut Expr) {
    if let Expr::Literal(Value::Untyped(text)) = argument
        && function.traits.untyped_arguments
    {
        *argument = Expr::Literal(Value::Text(std::mem::take(text)));
    }
}

/// Stands for a query while it is taken apart.
fn nothing() -> Query {
    Query { with: None, rows: RowSet::Values(Vec::new()), order: Vec::new(), page: Page::default() }
}

/// A plain call of a function of the dialect.
pub(super) fn call(function: Option<&'static Function>, arguments: Vec<Expr>) -> Result<Expr, Refusal> {
    let function = function.ok_or(Refusal::Unverified)?;
    Ok(Expr::Call(Box::new(Call {
        function,
        arguments,
        star: false,
        distinct: Distinct::No,
        order: Vec::new(),
        within: Vec::new(),
        separator: None,
        filter: None,
        over: None,
        at: At::default(),
    })))
}
