//! From the tree of the `cel` crate to the closed form: what has no place in it is refused with the place in the text.

mod comprehension;

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, MapExpr, SelectExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser};

use crate::condition::function::{Function, MACROS, MATCHES, Style};
use crate::condition::node::{Binary, Name, Node, Variable};
use crate::condition::pattern::Pattern;
use crate::condition::{MAX_TEXT, Malformed};
use crate::problem::did_you_mean;

/// Deepest nesting of an expression.
const MAX_DEPTH: usize = 48;
/// Most words and signs of an expression: bounds how deep the parser goes.
const MAX_TOKENS: usize = 300;
/// The fields of `subject`.
pub(super) const SUBJECT: [&str; 4] = ["name", "key_id", "issuer", "role"];

type Lowered = Result<Node, Malformed>;

/// Reads an expression.
pub(super) fn lower(text: &str, name: Name) -> Lowered {
    if text.trim().is_empty() {
        return Err(malformed(0, "expected an expression, such as `args.priority == \"low\"`"));
    }
    if text.len() > MAX_TEXT {
        return Err(malformed(0, format!("the expression is longer than {MAX_TEXT} bytes")));
    }
    if tokens(text) > MAX_TOKENS {
        return Err(malformed(0, format!("the expression has more than {MAX_TOKENS} words and signs")));
    }
    let parser = Parser::new().max_recursion_depth(24).error_recovery_limit(1);
    let (tree, source) = parser.parse_with_source_info(text).map_err(|errors| of_parser(text, &errors))?;
    let mut lowering = Lowering { name, source: &source, locals: Vec::new(), depth: 0 };
    lowering.node(&tree)
}

/// Words and signs outside texts, generously counted.
fn tokens(text: &str) -> usize {
    let mut count = 0;
    let mut quote = None;
    let mut in_word = false;
    let mut escaped = false;
    for character in text.chars() {
        if let Some(open) = quote {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if character == open => quote = None,
                _ => {}
            }
            continue;
        }
        let word = character.is_alphanumeric() || character == '_';
        if !(character.is_whitespace() || word && in_word) {
            count += 1;
        }
        in_word = word;
        quote = matches!(character, '"' | '\'').then_some(character);
    }
    count
}

fn malformed(offset: usize, message: impl Into<String>) -> Malformed {
    Malformed { offset, message: message.into() }
}

fn of_parser(text: &str, errors: &ParseErrors) -> Malformed {
    let Some(first) = errors.errors.first() else {
        return malformed(0, "this is no CEL expression");
    };
    let (line, column) = (first.pos.0.max(1).unsigned_abs(), first.pos.1.max(1).unsigned_abs());
    let before: usize = text.split_inclusive('\n').take(line - 1).map(|line| line.chars().count()).sum();
    let told = first.msg.lines().next().unwrap_or_default().trim_start_matches("Syntax error: ");
    // What the grammar would have taken here is a list of its tokens, which helps nobody.
    let told = told.split_once(" expecting ").map_or(told, |(found, _)| found);
    let told = if told.contains("<EOF>") { "it ends where more is expected" } else { told };
    malformed(before + column - 1, format!("this is no CEL expression: {told}"))
}

struct Lowering<'s> {
    name: Name,
    source: &'s SourceInfo,
    locals: Vec<String>,
    depth: usize,
}

impl Lowering<'_> {
    fn at(&self, id: u64, message: impl Into<String>) -> Malformed {
        let start = self.source.offset_for(id).and_then(|(start, _)| usize::try_from(start).ok());
        let before = start.and_then(|start| self.source.source.get(..start)).unwrap_or_default();
        malformed(before.chars().count(), message)
    }

    fn node(&mut self, tree: &IdedExpr) -> Lowered {
        if self.depth >= MAX_DEPTH {
            return Err(self.at(tree.id, format!("the expression is nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let node = match &tree.expr {
            Expr::Literal(literal) => self.literal(tree.id, literal),
            Expr::Ident(name) => self.identifier(tree.id, name),
            Expr::Select(select) => self.select(tree.id, select),
            Expr::Call(call) => self.call(tree.id, call),
            Expr::List(list) if list.optional_indices.is_empty() => {
                self.several(&list.elements).map(Node::List)
            }
            Expr::Map(map) => self.map(tree.id, map),
            Expr::Comprehension(comprehension) => self.comprehension(tree.id, comprehension),
            Expr::List(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(self.at(tree.id, "this form of CEL is not supported in conditions"))
            }
        };
        self.depth -= 1;
        node
    }

    fn boxed(&mut self, tree: &IdedExpr) -> Result<Box<Node>, Malformed> {
        self.node(tree).map(Box::new)
    }

    fn several(&mut self, trees: &[IdedExpr]) -> Result<Vec<Node>, Malformed> {
        trees.iter().map(|tree| self.node(tree)).collect()
    }

    fn literal(&self, id: u64, literal: &LiteralValue) -> Lowered {
        Ok(match literal {
            LiteralValue::Boolean(value) => Node::Bool(*value.inner()),
            LiteralValue::Double(value) if value.inner().is_finite() => Node::Double(*value.inner()),
            LiteralValue::Int(value) => Node::Int(*value.inner()),
            LiteralValue::Null => Node::Null,
            LiteralValue::String(value) => Node::Text(value.inner().to_owned()),
            LiteralValue::UInt(value) => Node::UInt(*value.inner()),
            LiteralValue::Bytes(_) => {
                return Err(self.at(id, "JSON has no bytes; compare with text"));
            }
            LiteralValue::Double(_) => return Err(self.at(id, "the number is too large")),
        })
    }

    fn identifier(&self, id: u64, name: &str) -> Lowered {
        // The inner of two names is the one that is meant.
        if let Some(slot) = self.locals.iter().rposition(|local| local == name) {
            return Ok(Node::Local { slot, name: name.to_owned() });
        }
        let variables = self.variables();
        if let Some(variable) = variables.iter().find(|variable| variable.word() == name) {
            return Ok(Node::Variable(*variable));
        }
        let words = || variables.iter().map(|variable| variable.word());
        let known = words().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let hint = did_you_mean(name, words().chain(self.locals.iter().map(String::as_str)));
        Err(self.at(id, format!("unknown variable `{name}`{hint}; a condition here knows {known}")))
    }

    fn variables(&self) -> Vec<Variable> {
        let mut variables =
            vec![Variable::Subject, Variable::Claims, Variable::Server, Variable::Name(self.name)];
        if self.name.has_arguments() {
            variables.insert(0, Variable::Arguments);
        }
        variables
    }

    fn select(&mut self, id: u64, select: &SelectExpr) -> Lowered {
        let of = self.boxed(&select.operand)?;
        let name = select.field.clone();
        match of.as_ref() {
            Node::Variable(Variable::Subject) if !SUBJECT.contains(&name.as_str()) => {
                let known = SUBJECT.map(|field| format!("`subject.{field}`")).join(", ");
                let hint = did_you_mean(&name, SUBJECT.into_iter());
                return Err(self.at(id, format!("unknown field `subject.{name}`{hint}; expected {known}")));
            }
            Node::Variable(Variable::Server | Variable::Name(_)) => {
                return Err(self.at(id, format!("`{of}` is text and has no field `{name}`")));
            }
            _ => {}
        }
        Ok(if select.test { Node::Has { of, name } } else { Node::Field { of, name } })
    }

    fn map(&mut self, id: u64, map: &MapExpr) -> Lowered {
        let mut entries = Vec::new();
        for entry in &map.entries {
            match &entry.expr {
                EntryExpr::MapEntry(entry) if !entry.optional => {
                    entries.push((self.node(&entry.key)?, self.node(&entry.value)?));
                }
                _ => return Err(self.at(id, "this form of CEL is not supported in conditions")),
            }
        }
        Ok(Node::Map(entries))
    }

    fn call(&mut self, id: u64, call: &CallExpr) -> Lowered {
        if let Some(target) = &call.target {
            return self.named(id, call, Some(target));
        }
        match (call.func_name.as_str(), call.args.as_slice()) {
            ("_&&_", parts) => self.several(parts).map(Node::And),
            ("_||_", parts) => self.several(parts).map(Node::Or),
            ("!_", [one]) => Ok(Node::Not(self.boxed(one)?)),
            ("-_", [one]) => Ok(Node::Negate(self.boxed(one)?)),
            ("_[_]", [of, key]) => Ok(Node::Index { of: self.boxed(of)?, key: self.boxed(key)? }),
            ("_?_:_", [condition, yes, no]) => {
                Ok(Node::Choose(Box::new([self.node(condition)?, self.node(yes)?, self.node(no)?])))
            }
            (sign, [left, right]) if binary(sign).is_some() => {
                let sign = binary(sign).unwrap_or(Binary::Equal);
                Ok(Node::Binary(sign, self.boxed(left)?, self.boxed(right)?))
            }
            _ => self.named(id, call, None),
        }
    }

    fn named(&mut self, id: u64, call: &CallExpr, target: Option<&IdedExpr>) -> Lowered {
        let name = call.func_name.as_str();
        let style = if target.is_some() { Style::Member } else { Style::Plain };
        if name == MATCHES {
            return self.matches(id, call, target);
        }
        let Some(function) = Function::ALL.into_iter().find(|function| function.name() == name) else {
            let known = Function::ALL.iter().map(|function| function.name());
            let hint = did_you_mean(name, known.chain(MACROS).chain([MATCHES]));
            return Err(self.at(id, format!("unknown function `{name}`{hint}")));
        };
        let arguments = target
            .into_iter()
            .chain(&call.args)
            .map(|part| self.node(part))
            .collect::<Result<Vec<_>, _>>()?;
        if !function.is_written(style) || arguments.len() != function.arity() {
            let message = format!("`{name}` is written {}", function.example());
            return Err(self.at(id, message));
        }
        Ok(Node::Call(function, arguments))
    }

    /// The pattern is text in the expression, never a value: it is compiled once and known to be good.
    fn matches(&mut self, id: u64, call: &CallExpr, target: Option<&IdedExpr>) -> Lowered {
        let written = "`matches` is written `x.matches(\"pattern\")`, with the pattern as text";
        let (text, pattern) = match (target, call.args.as_slice()) {
            (Some(text), [pattern]) | (None, [text, pattern]) => (text, pattern),
            _ => return Err(self.at(id, written)),
        };
        let Expr::Literal(LiteralValue::String(source)) = &pattern.expr else {
            return Err(self.at(pattern.id, written));
        };
        let compiled = Pattern::compile(source.inner())
            .map_err(|message| self.at(pattern.id, format!("the pattern {message}")))?;
        Ok(Node::Matches(self.boxed(text)?, compiled))
    }
}

fn binary(sign: &str) -> Option<Binary> {
    Some(match sign {
        "_+_" => Binary::Add,
        "_/_" => Binary::Divide,
        "_==_" => Binary::Equal,
        "@in" => Binary::In,
        "_<_" => Binary::Less,
        "_<=_" => Binary::LessOrEqual,
        "_>_" => Binary::More,
        "_>=_" => Binary::MoreOrEqual,
        "_*_" => Binary::Multiply,
        "_!=_" => Binary::NotEqual,
        "_%_" => Binary::Remainder,
        "_-_" => Binary::Subtract,
        _ => return None,
    })
}
