//! The tools that a database has for each role: made by the adapter, of the role's rights and the tables there are.

use std::collections::BTreeMap;

use mcp::Json;
use mcp::list::ListKind;

use crate::catalogue::offer::Entry;

/// Lists of tools by role. Roles with one and the same list share it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleTools {
    lists: Vec<Box<[Entry]>>,
    /// By role, the number of its list.
    roles: BTreeMap<String, usize>,
}

impl RoleTools {
    /// Takes in the tools of a role, as definitions; what is none is left out.
    pub fn insert<'t>(&mut self, role: &str, tools: impl IntoIterator<Item = &'t str>) {
        let list: Box<[Entry]> =
            tools.into_iter().filter_map(|tool| Entry::read(ListKind::Tools, tool)).collect();
        let known = self.lists.iter().position(|known| *known == list);
        let number = known.unwrap_or(self.lists.len());
        if known.is_none() {
            self.lists.push(list);
        }
        self.roles.insert(role.to_owned(), number);
    }

    /// The tools of a role, in their order.
    #[must_use]
    pub fn of(&self, role: &str) -> &[Entry] {
        let list = self.roles.get(role).and_then(|number| self.lists.get(*number));
        list.map(AsRef::as_ref).unwrap_or_default()
    }

    pub(super) fn from_json(json: Json<'_>) -> Option<RoleTools> {
        let lists = json.member("lists")?.array()?.into_iter().map(|list| {
            let items = list.array()?.into_iter();
            items.map(|item| Entry::read(ListKind::Tools, item.text())).collect::<Option<_>>()
        });
        let lists: Vec<Box<[Entry]>> = lists.collect::<Option<_>>()?;
        let roles = json.member("roles")?.object()?;
        let roles = roles.iter().map(|(role, number)| {
            let number = usize::try_from(number.as_u64()?).ok()?;
            (number < lists.len()).then(|| (role.to_owned(), number))
        });
        let roles = roles.collect::<Option<_>>()?;
        Some(RoleTools { lists, roles })
    }

    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"lists\":[");
        for (index, list) in self.lists.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b"[" } else { b",[" });
            for (index, tool) in list.iter().enumerate() {
                out.extend_from_slice(if index == 0 { b"" } else { b"," });
                out.extend_from_slice(tool.definition().as_bytes());
            }
            out.push(b']');
        }
        out.extend_from_slice(b"],\"roles\":{");
        for (index, (role, number)) in self.roles.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b"" } else { b"," });
            mcp::write_string(out, role);
            out.extend_from_slice(format!(":{number}").as_bytes());
        }
        out.extend_from_slice(b"}}");
    }
}

#[cfg(test)]
mod tests {
    use super::RoleTools;
    use crate::catalogue::Catalogue;

    #[test]
    fn roles_with_one_list_share_it() {
        let mut roles = RoleTools::default();
        for role in ["reader", "auditor"] {
            roles.insert(role, [r#"{"name":"query"}"#, "{", r#"{"title":"no name"}"#]);
        }
        roles.insert("writer", [r#"{"name":"insert"}"#]);
        assert_eq!(roles.lists.len(), 2);
        let mut catalogue = Catalogue::default();
        catalogue.insert_roles("shop", roles);
        let catalogue = Catalogue::from_json(&catalogue.to_json()).unwrap();
        let names = |role| -> Vec<_> {
            catalogue.tools_for("shop", role).iter().map(|tool| tool.key().to_owned()).collect()
        };
        assert_eq!(names("auditor"), ["query"]);
        assert_eq!(names("writer"), ["insert"]);
        assert_eq!(names("nobody"), Vec::<String>::new());
    }

    #[test]
    fn a_list_that_is_not_there_is_no_catalogue() {
        for roles in [r#"{"lists":[],"roles":{"a":0}}"#, r#"{"lists":[]}"#, r#"{"lists":[[1]],"roles":{}}"#] {
            let json = format!(r#"{{"servers":{{}},"roles":{{"shop":{roles}}}}}"#);
            assert!(Catalogue::from_json(json.as_bytes()).is_err(), "{roles}");
        }
    }
}
