//! Which role a caller acts in: one, by what its token, certificate or header names.

use std::borrow::Cow;

/// How a caller comes to its role.
#[derive(Debug, Clone, Default)]
pub(crate) struct RoleChoice {
    /// The claim or header that names roles or groups.
    pub(crate) source: Option<String>,
    /// Roles by those names, the first that fits wins. Empty: the names are roles.
    pub(crate) map: Vec<(String, String)>,
    /// The role of who gets none by the others.
    pub(crate) fallback: Option<String>,
    /// The roles there are.
    pub(crate) known: Vec<String>,
}

impl RoleChoice {
    /// The role for these names.
    pub(super) fn choose<'r>(&'r self, names: &[Cow<'_, str>]) -> Option<&'r str> {
        let named = if self.map.is_empty() {
            names.iter().find_map(|name| self.known.iter().find(|role| role.as_str() == name.as_ref()))
        } else {
            self.map.iter().find(|(group, _)| names.iter().any(|name| name == group)).map(|(_, role)| role)
        };
        named.or(self.fallback.as_ref()).map(String::as_str)
    }
}
