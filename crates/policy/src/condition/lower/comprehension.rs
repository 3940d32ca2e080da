//! The macros over lists and maps. The parser has unfolded them into loops by then; each is known again by its loop, and a
//! loop that is none of them has no place in a condition.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue};

use crate::condition::lower::{Lowered, Lowering};
use crate::condition::node::{Each, Macro, Node};

/// A loop, recognised.
struct Loop<'e> {
    macro_name: Macro,
    filter: Option<&'e IdedExpr>,
    body: &'e IdedExpr,
}

impl Lowering<'_> {
    pub(super) fn comprehension(&mut self, id: u64, written: &ComprehensionExpr) -> Lowered {
        let known = recognise(written).filter(|_| written.iter_var2.is_none());
        let Some(Loop { macro_name, filter, body }) = known else {
            return Err(self.at(id, "this form of CEL is not supported in conditions"));
        };
        // What is looped over does not know the name yet.
        let over = self.node(&written.iter_range)?;
        let slot = self.locals.len();
        self.locals.push(written.iter_var.clone());
        let inner = self.inner(filter, body);
        self.locals.pop();
        let (filter, body) = inner?;
        Ok(Node::Each(Box::new(Each {
            macro_name,
            over,
            slot,
            name: written.iter_var.clone(),
            filter,
            body,
        })))
    }

    fn inner(
        &mut self,
        filter: Option<&IdedExpr>,
        body: &IdedExpr,
    ) -> Result<(Option<Node>, Node), super::Malformed> {
        let filter = filter.map(|filter| self.node(filter)).transpose()?;
        Ok((filter, self.node(body)?))
    }
}

fn recognise(written: &ComprehensionExpr) -> Option<Loop<'_>> {
    let (name, arguments) = call(&written.loop_step)?;
    match (name, arguments) {
        ("_&&_", [accumulated, body]) if is_ident(accumulated, &written.accu_var) => {
            Some(Loop { macro_name: Macro::All, filter: None, body })
        }
        ("_||_", [accumulated, body]) if is_ident(accumulated, &written.accu_var) => {
            Some(Loop { macro_name: Macro::Exists, filter: None, body })
        }
        ("_+_", [accumulated, added]) if is_ident(accumulated, &written.accu_var) => {
            Some(Loop { macro_name: Macro::Map, filter: None, body: only(added)? })
        }
        ("_?_:_", [filter, step, otherwise]) if is_ident(otherwise, &written.accu_var) => {
            chosen(written, filter, step)
        }
        _ => None,
    }
}

fn chosen<'e>(written: &'e ComprehensionExpr, filter: &'e IdedExpr, step: &'e IdedExpr) -> Option<Loop<'e>> {
    let ("_+_", [accumulated, added]) = call(step)? else {
        return None;
    };
    if !is_ident(accumulated, &written.accu_var) {
        return None;
    }
    if let Expr::Literal(LiteralValue::Int(_)) = &added.expr {
        return Some(Loop { macro_name: Macro::ExistsOne, filter: None, body: filter });
    }
    let body = only(added)?;
    Some(if is_ident(body, &written.iter_var) {
        Loop { macro_name: Macro::Filter, filter: None, body: filter }
    } else {
        Loop { macro_name: Macro::Map, filter: Some(filter), body }
    })
}

fn call(tree: &IdedExpr) -> Option<(&str, &[IdedExpr])> {
    match &tree.expr {
        Expr::Call(CallExpr { func_name, target: None, args }) => Some((func_name, args)),
        _ => None,
    }
}

fn is_ident(tree: &IdedExpr, name: &str) -> bool {
    matches!(&tree.expr, Expr::Ident(found) if found == name)
}

/// The one element of a list.
fn only(tree: &IdedExpr) -> Option<&IdedExpr> {
    match &tree.expr {
        Expr::List(list) => match list.elements.as_slice() {
            [element] => Some(element),
            _ => None,
        },
        _ => None,
    }
}
