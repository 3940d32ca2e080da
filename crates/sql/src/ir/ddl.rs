//! Statements that change the schema: the few that an application's own table needs.

use crate::name::Part;

use super::{CastType, Expr, TargetTable};

/// A change of the schema.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ddl {
    AddColumn {
        table: TargetTable,
        column: ColumnDefinition,
    },
    CreateIndex {
        name: Part,
        table: TargetTable,
        columns: Vec<Part>,
        unique: bool,
    },
    CreateTable {
        table: TargetTable,
        columns: Vec<ColumnDefinition>,
        primary_key: Vec<Part>,
        if_not_exists: bool,
    },
    DropColumn {
        table: TargetTable,
        column: Part,
    },
    DropTable {
        table: TargetTable,
        if_exists: bool,
    },
    RenameColumn {
        table: TargetTable,
        from: Part,
        to: Part,
    },
}

/// A column of a new table, or a new column. The default is a literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnDefinition {
    pub(crate) name: Part,
    pub(crate) ty: DefinedType,
    pub(crate) not_null: bool,
    pub(crate) unique: bool,
    pub(crate) default: Option<Expr>,
    /// Table and column it refers to.
    pub(crate) references: Option<(TargetTable, Part)>,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DefinedType {
    /// A number the database counts up by itself: `GENERATED … AS IDENTITY`, AUTO_INCREMENT, IDENTITY.
    Counter,
    Plain(CastType),
}
