//! Names: identifiers, qualified names and aliases.

use sqlparser::ast;

use crate::dialect::Dialect;
use crate::ir::{Alias, At};
use crate::name::Part;

use super::{Foreign, Lowering, absent, at, refuse};

/// T-SQL words that begin a statement or a clause of their own where a reader might take them for an alias.
const RESERVED: [&str; 66] = [
    "add",
    "alter",
    "backup",
    "begin",
    "break",
    "browse",
    "bulk",
    "checkpoint",
    "close",
    "commit",
    "compute",
    "continue",
    "create",
    "cursor",
    "database",
    "dbcc",
    "deallocate",
    "declare",
    "delete",
    "deny",
    "disable",
    "disk",
    "drop",
    "dump",
    "else",
    "enable",
    "end",
    "exec",
    "execute",
    "exit",
    "fetch",
    "for",
    "goto",
    "grant",
    "holdlock",
    "if",
    "insert",
    "into",
    "kill",
    "lineno",
    "load",
    "merge",
    "open",
    "option",
    "pivot",
    "print",
    "proc",
    "raiserror",
    "readtext",
    "reconfigure",
    "restore",
    "return",
    "revert",
    "revoke",
    "rollback",
    "save",
    "set",
    "shutdown",
    "tablesample",
    "throw",
    "truncate",
    "unpivot",
    "update",
    "use",
    "waitfor",
    "while",
];

impl Lowering<'_> {
    /// A name where a column or a relation is meant.
    pub(super) fn part(&self, ident: &ast::Ident) -> Result<Part, Foreign> {
        let ast::Ident { value, quote_style, span } = ident;
        match quote_style {
            Some(quote) if self.quotes(*quote) => Ok(Part { text: value.clone(), quoted: true }),
            Some(quote) => refuse(format!("a name in {quote}"), at(*span)),
            None if self.is_printed() => refuse("a name without quotes", at(*span)),
            None if value.starts_with(['@', '#', '$']) => refuse(format!("`{value}`"), at(*span)),
            None => Ok(Part { text: value.clone(), quoted: false }),
        }
    }

    /// Whether names may stand in this quote.
    fn quotes(&self, quote: char) -> bool {
        match (self.dialect, self.is_printed()) {
            (Dialect::Postgres, _) | (Dialect::Sqlite, true) => quote == '"',
            (Dialect::MySql, _) => quote == '`',
            (Dialect::SqlServer, true) => quote == '[',
            (Dialect::SqlServer, false) => matches!(quote, '[' | '"'),
            (Dialect::Sqlite, false) => matches!(quote, '[' | '"' | '`'),
        }
    }

    /// A name given to a column or a relation. MySQL, SQL Server and SQLite take a string for one.
    pub(super) fn alias_part(&self, ident: &ast::Ident) -> Result<Part, Foreign> {
        let ast::Ident { value, quote_style, span } = ident;
        let is_string = match (self.dialect, quote_style) {
            (Dialect::MySql, Some('\'' | '"')) | (Dialect::SqlServer | Dialect::Sqlite, Some('\'')) => true,
            (Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, _) => false,
        };
        if is_string && !self.is_printed() {
            return Ok(Part { text: value.clone(), quoted: true });
        }
        let begins_statement =
            quote_style.is_none() && RESERVED.iter().any(|word| value.eq_ignore_ascii_case(word));
        if self.is(Dialect::SqlServer) && begins_statement {
            return refuse(format!("`{value}` (as a name it needs brackets)"), at(*span));
        }
        self.part(ident)
    }

    /// One part of a qualified name.
    fn object_part(&self, part: &ast::ObjectNamePart) -> Result<Part, Foreign> {
        match part {
            ast::ObjectNamePart::Identifier(ident) => self.part(ident),
            ast::ObjectNamePart::Function(function) => {
                let ast::ObjectNamePartFunction { name, args: _ } = function;
                refuse(format!("`{}` within a name", name.value), at(name.span))
            }
        }
    }

    /// A name of one to three parts.
    pub(super) fn object(&self, name: &ast::ObjectName) -> Result<Vec<Part>, Foreign> {
        let ast::ObjectName(parts) = name;
        if parts.is_empty() || parts.len() > 3 {
            return refuse("a name of more than three parts", place(name));
        }
        self.each(parts, Self::object_part)
    }

    /// A name of one part, and where it stands.
    pub(super) fn single(&self, name: &ast::ObjectName) -> Result<(Part, At), Foreign> {
        let mut parts = self.object(name)?;
        match (parts.pop(), parts.is_empty()) {
            (Some(part), true) => Ok((part, place(name))),
            (_, _) => refuse("a qualified name", place(name)),
        }
    }

    /// The alias of a relation.
    pub(super) fn alias(&self, alias: &ast::TableAlias) -> Result<Alias, Foreign> {
        let ast::TableAlias { explicit, name, columns, at: position } = alias;
        let here = at(name.span);
        absent(
            &[(position.is_some(), "`AT`"), (self.is_printed() && !explicit, "an alias without AS")],
            here,
        )?;
        Ok(Alias { name: self.alias_part(name)?, columns: self.each(columns, Self::alias_column)? })
    }

    pub(super) fn alias_column(&self, column: &ast::TableAliasColumnDef) -> Result<Part, Foreign> {
        let ast::TableAliasColumnDef { name, data_type } = column;
        absent(&[(data_type.is_some(), "a type in a list of column names")], at(name.span))?;
        self.part(name)
    }

    /// The alias of a sub-query whose author gave it none; nothing outside can name it.
    pub(super) fn invented(&self) -> Alias {
        self.unnamed.set(self.unnamed.get() + 1);
        let name = Part { text: format!("unnamed query {}", self.unnamed.get()), quoted: true };
        Alias { name, columns: Vec::new() }
    }
}

/// Where a qualified name stands.
pub(super) fn place(name: &ast::ObjectName) -> At {
    let ast::ObjectName(parts) = name;
    match parts.first() {
        Some(ast::ObjectNamePart::Identifier(ident)) => at(ident.span),
        Some(ast::ObjectNamePart::Function(function)) => at(function.name.span),
        None => At::default(),
    }
}
