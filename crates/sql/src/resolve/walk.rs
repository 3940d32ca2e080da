//! The expressions directly within an expression. Queries within it are no part of them.
//!
//! Both forms are one text, and match every variant by name: a new one does not compile until it is said what is within it.

use crate::ir::{Call, Expr, FrameBound, Order, Over, Window};

macro_rules! within {
    ($(#[$doc:meta])* $children:ident $call:ident $window:ident $orders:ident $($mutable:tt)?) => {
        $(#[$doc])*
        pub(super) fn $children(expr: &$($mutable)? Expr) -> Vec<&$($mutable)? Expr> {
            let mut all = Vec::new();
            match expr {
                Expr::And(list) | Expr::Array(list) | Expr::Or(list) | Expr::Tuple(list) => all.extend(list),
                Expr::AtTimeZone { operand, zone } => all.extend([&$($mutable)? **operand, zone]),
                Expr::Between { negated: _, operand, low, high } => {
                    all.extend([&$($mutable)? **operand, low, high]);
                }
                Expr::Binary { operator: _, left, right }
                | Expr::Compare { operator: _, left, right }
                | Expr::Distinct { negated: _, left, right }
                | Expr::Quantified { operator: _, left, quantifier: _, right } => {
                    all.extend([&$($mutable)? **left, right]);
                }
                Expr::Call(call) => $call(call, &mut all),
                Expr::Case { operand, branches, otherwise } => {
                    if let Some(operand) = operand {
                        all.push(operand);
                    }
                    for branch in branches {
                        all.extend([&$($mutable)? branch.when, &$($mutable)? branch.then]);
                    }
                    if let Some(otherwise) = otherwise {
                        all.push(otherwise);
                    }
                }
                Expr::Cast { operand, ty: _, lenient: _ }
                | Expr::Convert { operand, ty: _, style: _, lenient: _ }
                | Expr::Extract { unit: _, from: operand }
                | Expr::InQuery { negated: _, operand, query: _ }
                | Expr::Interval { amount: operand, unit: _ }
                | Expr::Is { negated: _, operand, test: _ }
                | Expr::Not(operand)
                | Expr::Unary { operator: _, operand } => all.push(operand),
                Expr::Column { name: _, at: _ }
                | Expr::Exists { negated: _, query: _ }
                | Expr::Literal(_)
                | Expr::Scalar(_)
                | Expr::Unit(_) => {}
                Expr::In { negated: _, operand, list } => {
                    all.push(operand);
                    all.extend(list);
                }
                Expr::Like { negated: _, blind: _, operand, pattern, escape: _ } => {
                    all.extend([&$($mutable)? **operand, pattern]);
                }
                Expr::Trim(trim) => {
                    let trim = &$($mutable)? **trim;
                    if let Some(what) = &$($mutable)? trim.what {
                        all.push(what);
                    }
                    all.push(&$($mutable)? trim.from);
                }
            }
            all
        }

        fn $call<'a>(call: &'a $($mutable)? Call, all: &mut Vec<&'a $($mutable)? Expr>) {
            all.extend(&$($mutable)? call.arguments);
            $orders(&$($mutable)? call.order, all);
            $orders(&$($mutable)? call.within, all);
            if let Some(separator) = &$($mutable)? call.separator {
                all.push(separator);
            }
            if let Some(filter) = &$($mutable)? call.filter {
                all.push(filter);
            }
            if let Some(Over::Here(window)) = &$($mutable)? call.over {
                all.extend($window(window));
            }
        }

        /// The expressions of a window.
        pub(super) fn $window(window: &$($mutable)? Window) -> Vec<&$($mutable)? Expr> {
            let mut all = Vec::new();
            all.extend(&$($mutable)? window.partition);
            $orders(&$($mutable)? window.order, &mut all);
            if let Some(frame) = &$($mutable)? window.frame {
                for bound in [Some(&$($mutable)? frame.start), (&$($mutable)? frame.end).into()].into_iter().flatten() {
                    match bound {
                        FrameBound::Following(expr) | FrameBound::Preceding(expr) => all.push(expr),
                        FrameBound::CurrentRow
                        | FrameBound::UnboundedFollowing
                        | FrameBound::UnboundedPreceding => {}
                    }
                }
            }
            all
        }

        fn $orders<'a>(orders: &'a $($mutable)? [Order], all: &mut Vec<&'a $($mutable)? Expr>) {
            for order in orders {
                all.push(&$($mutable)? order.expr);
            }
        }
    };
}

within!(children call window orders);
within!(children_mut call_mut window_mut orders_mut mut);

/// Whether it holds of the expression or of any within it.
pub(super) fn any(expr: &Expr, holds: &mut impl FnMut(&Expr) -> bool) -> bool {
    holds(expr) || children(expr).into_iter().any(|child| any(child, holds))
}

/// How many expressions there are in it, itself included.
pub(super) fn size(expr: &Expr) -> usize {
    let mut size = 0;
    any(expr, &mut |_| {
        size += 1;
        false
    });
    size
}
