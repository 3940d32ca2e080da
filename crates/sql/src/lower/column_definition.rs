//! Columns of tables to be, and the constraints beside them.

use sqlparser::ast::{self, Spanned};
use sqlparser::tokenizer::Token;

use crate::cast;
use crate::dialect::Dialect;
use crate::ir::{At, CastType, ColumnDefinition, DefinedType, Expr, TargetTable};
use crate::name::Part;
use crate::value::Value;

use super::name::place;
use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    /// The column, and whether it is the primary key.
    pub(super) fn column_definition(
        &self,
        column: &ast::ColumnDef,
    ) -> Result<(ColumnDefinition, bool), Foreign> {
        let ast::ColumnDef { name, data_type, options } = column;
        let here = at(name.span);
        let (ty, mut is_counter) = self.defined_type(data_type, here)?;
        let mut definition = ColumnDefinition {
            name: self.part(name)?,
            ty: DefinedType::Counter,
            not_null: false,
            unique: false,
            default: None,
            references: None,
        };
        let mut is_key = false;
        for ast::ColumnOptionDef { name, option } in options {
            absent(&[(name.is_some(), "a name for a constraint (leave it out)")], here)?;
            if self.counts(option) {
                is_counter = true;
                continue;
            }
            match option {
                ast::ColumnOption::Null => {}
                ast::ColumnOption::NotNull => definition.not_null = true,
                ast::ColumnOption::Default(default) => {
                    definition.default = Some(self.default_value(default)?)
                }
                ast::ColumnOption::PrimaryKey(key) => {
                    absent(&[(!self.key_columns(key, here)?.is_empty(), "this primary key")], here)?;
                    is_key = true;
                }
                ast::ColumnOption::Unique(unique) => {
                    absent(&[(!self.unique_columns(unique, here)?.is_empty(), "this form of UNIQUE")], here)?;
                    definition.unique = true;
                }
                ast::ColumnOption::ForeignKey(key) => {
                    definition.references = Some(self.reference(key, here)?);
                }
                other => return refuse(format!("`{other}` of a column"), here),
            }
        }
        let is_whole = matches!(ty, CastType::BigInt | CastType::Integer | CastType::SmallInt);
        absent(&[(is_counter && !is_whole, "a counter that is not a whole number")], here)?;
        definition.ty = if is_counter { DefinedType::Counter } else { DefinedType::Plain(ty) };
        Ok((definition, is_key))
    }

    /// The type, and whether the name of the type says that the column counts.
    fn defined_type(&self, data_type: &ast::DataType, here: At) -> Result<(CastType, bool), Foreign> {
        let text = data_type.to_string();
        let is_serial = ["serial", "bigserial", "serial4", "serial8"]
            .iter()
            .any(|serial| text.eq_ignore_ascii_case(serial));
        if self.is(Dialect::Postgres) && is_serial {
            return Ok((CastType::BigInt, true));
        }
        match cast::read_declared(&text, self.dialect) {
            Some(ty) => Ok((ty, false)),
            None => refuse(format!("the type `{text}`"), here),
        }
    }

    /// Whether the option says that the database counts the column up.
    fn counts(&self, option: &ast::ColumnOption) -> bool {
        match (self.dialect, option) {
            (Dialect::MySql, ast::ColumnOption::DialectSpecific(tokens)) => is_word(tokens, "AUTO_INCREMENT"),
            (Dialect::Sqlite, ast::ColumnOption::DialectSpecific(tokens)) => is_word(tokens, "AUTOINCREMENT"),
            (
                Dialect::Postgres,
                ast::ColumnOption::Generated {
                    generated_as: ast::GeneratedAs::Always | ast::GeneratedAs::ByDefault,
                    sequence_options,
                    generation_expr: None,
                    generation_expr_mode: None,
                    generated_keyword: true,
                },
            ) => sequence_options.as_ref().is_none_or(Vec::is_empty),
            (
                Dialect::SqlServer,
                ast::ColumnOption::Identity(ast::IdentityPropertyKind::Identity(ast::IdentityProperty {
                    parameters,
                    order: None,
                })),
            ) => match parameters {
                None => true,
                Some(ast::IdentityPropertyFormatKind::FunctionCall(ast::IdentityParameters {
                    seed,
                    increment,
                })) => seed.to_string() == "1" && increment.to_string() == "1",
                Some(ast::IdentityPropertyFormatKind::StartAndIncrement(_)) => false,
            },
            (Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, _) => false,
        }
    }

    /// A literal, or a word like CURRENT_TIMESTAMP. The printer writes strings out, for no engine takes a parameter there.
    fn default_value(&self, default: &ast::Expr) -> Result<Expr, Foreign> {
        let text = match default {
            ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), span: _ }) => {
                Some(text)
            }
            ast::Expr::Value(ast::ValueWithSpan {
                value: ast::Value::NationalStringLiteral(text),
                span: _,
            }) if self.is(Dialect::SqlServer) => Some(text),
            _ => None,
        };
        if let Some(text) = text {
            return Ok(Expr::Literal(Value::Untyped(text.clone())));
        }
        match self.expr(default)? {
            literal @ Expr::Literal(Value::Boolean(_) | Value::Null | Value::Number(_)) => Ok(literal),
            Expr::Call(call) if call.function.traits.bare && call.arguments.is_empty() => {
                Ok(Expr::Call(call))
            }
            _ => refuse("a default that is neither a literal nor the current time", at(default.span())),
        }
    }

    pub(super) fn key_columns(
        &self,
        key: &ast::PrimaryKeyConstraint,
        here: At,
    ) -> Result<Vec<Part>, Foreign> {
        let ast::PrimaryKeyConstraint {
            name,
            index_name,
            index_type,
            columns,
            include,
            index_options,
            characteristics,
        } = key;
        let has_options = index_name.is_some()
            || index_type.is_some()
            || !include.is_empty()
            || !index_options.is_empty()
            || characteristics.is_some();
        let unwanted = [
            (name.is_some(), "a name for a constraint (leave it out)"),
            (has_options, "an option of a primary key"),
        ];
        absent(&unwanted, here)?;
        self.each(columns, |lowering, column| lowering.index_column(column, here))
    }

    pub(super) fn unique_columns(
        &self,
        unique: &ast::UniqueConstraint,
        here: At,
    ) -> Result<Vec<Part>, Foreign> {
        let ast::UniqueConstraint {
            name,
            index_name,
            index_type_display: _,
            index_type,
            columns,
            include,
            index_options,
            characteristics,
            nulls_distinct,
        } = unique;
        let has_options = index_name.is_some()
            || index_type.is_some()
            || !include.is_empty()
            || !index_options.is_empty()
            || characteristics.is_some()
            || *nulls_distinct != ast::NullsDistinctOption::None;
        let unwanted = [
            (name.is_some(), "a name for a constraint (leave it out)"),
            (has_options, "an option of UNIQUE"),
        ];
        absent(&unwanted, here)?;
        self.each(columns, |lowering, column| lowering.index_column(column, here))
    }

    /// `FOREIGN KEY (column) REFERENCES table (column)`
    pub(super) fn foreign_key(
        &self,
        key: &ast::ForeignKeyConstraint,
        here: At,
    ) -> Result<(Part, (TargetTable, Part)), Foreign> {
        let [column] = key.columns.as_slice() else {
            return refuse("a foreign key of several columns", here);
        };
        Ok((self.part(column)?, self.reference(key, here)?))
    }

    fn reference(&self, key: &ast::ForeignKeyConstraint, here: At) -> Result<(TargetTable, Part), Foreign> {
        let ast::ForeignKeyConstraint {
            name,
            index_name,
            columns: _,
            foreign_table,
            referred_columns,
            on_delete,
            on_update,
            match_kind,
            characteristics,
        } = key;
        let unwanted = [
            (name.is_some() || index_name.is_some(), "a name for a constraint (leave it out)"),
            (on_delete.is_some() || on_update.is_some(), "ON DELETE and ON UPDATE"),
            (match_kind.is_some() || characteristics.is_some(), "an option of a foreign key"),
        ];
        absent(&unwanted, here)?;
        let [column] = referred_columns.as_slice() else {
            return refuse("a reference without its column, or to several", here);
        };
        let table = TargetTable { name: self.object(foreign_table)?, alias: None, at: place(foreign_table) };
        Ok((table, self.part(column)?))
    }
}

fn is_word(tokens: &[Token], word: &str) -> bool {
    matches!(tokens, [Token::Word(only)] if only.value == word)
}
