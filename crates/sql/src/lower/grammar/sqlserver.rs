//! T-SQL for the parser: its own grammar, with names that may not begin with `@` or `#`, so that `@p1` is a parameter wherever
//! a value is and no variable is a name; with GROUPING SETS; and without statements of T-SQL other than the common ones.

use std::any::TypeId;

use sqlparser::dialect::{Dialect, MsSqlDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;

#[derive(Debug)]
pub(super) struct Grammar {}

const ITS: MsSqlDialect = MsSqlDialect {};

impl Dialect for Grammar {
    fn dialect(&self) -> TypeId {
        ITS.dialect()
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ITS.is_delimited_identifier_start(ch)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        !matches!(ch, '@' | '#') && ITS.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ITS.is_identifier_part(ch)
    }

    fn convert_type_before_value(&self) -> bool {
        ITS.convert_type_before_value()
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_eq_alias_assignment(&self) -> bool {
        ITS.supports_eq_alias_assignment()
    }

    fn supports_try_convert(&self) -> bool {
        ITS.supports_try_convert()
    }

    fn supports_boolean_literals(&self) -> bool {
        ITS.supports_boolean_literals()
    }

    fn supports_nested_comments(&self) -> bool {
        ITS.supports_nested_comments()
    }

    fn is_select_item_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_select_item_alias(explicit, kw, parser)
    }

    fn is_table_factor_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_table_factor_alias(explicit, kw, parser)
    }
}
