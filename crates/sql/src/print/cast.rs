//! The names of types, in casts and in definitions of columns.

use crate::cast;
use crate::ir::CastType;

use super::Printer;

/// No engine has a type of this name: what a dialect has no word for does not read back.
const NONE: &str = "\"\"";

impl Printer {
    pub(super) fn cast_type(&mut self, ty: &CastType) {
        self.text(cast::printed(ty, self.dialect).as_deref().unwrap_or(NONE));
    }

    pub(super) fn column_type(&mut self, ty: &CastType) {
        self.text(cast::declared(ty, self.dialect).as_deref().unwrap_or(NONE));
    }
}
