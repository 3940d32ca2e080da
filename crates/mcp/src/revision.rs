//! Protocol revisions and the two eras they fall into.
//!
//! The era is read from the message alone. The version that `initialize` names says nothing about
//! it: clients send modern version strings in a legacy handshake.

use crate::{Json, Object};

/// The first and, so far, only modern revision.
pub const MODERN: &str = "2026-07-28";

/// The revision that a legacy request without version header speaks.
pub const UNNAMED: &str = "2025-03-26";

/// The legacy revisions, newest first.
pub const LEGACY: [&str; 5] = ["2025-11-25", "2025-06-18", UNNAMED, "2024-11-05", "2024-10-07"];

/// The key within `params._meta` by which a modern request names its revision.
pub const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

/// The two generations of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// With handshake and sessions, up to 2025-11-25.
    Legacy,
    /// Stateless, every request describes itself.
    Modern,
}

impl Era {
    /// A word for it: `legacy` or `modern`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Modern => "modern",
        }
    }

    /// The era of a revision, if the revision is known.
    pub fn of(revision: &str) -> Option<Self> {
        match revision {
            MODERN => Some(Self::Modern),
            _ => LEGACY.contains(&revision).then_some(Self::Legacy),
        }
    }
}

/// The era of a request or notification.
pub fn era(method: &str, params: Option<&Object<'_>>) -> Era {
    match params.and_then(named) {
        Some(_) if method != "initialize" => Era::Modern,
        _ => Era::Legacy,
    }
}

/// The revision that `params` names for themselves, whatever value that is.
pub fn named<'a>(params: &Object<'a>) -> Option<Json<'a>> {
    params.get("_meta")?.member(VERSION_KEY)
}

#[cfg(test)]
mod tests {
    use super::{Era, era};
    use crate::{Json, Limits};

    #[track_caller]
    fn check(method: &str, params: &str, expected: Era) {
        let params = Json::parse(params.as_bytes(), &Limits::default()).unwrap().object();
        assert_eq!(era(method, params.as_ref()), expected);
    }

    #[test]
    fn a_version_in_meta_makes_a_request_modern() {
        check(
            "tools/list",
            r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#,
            Era::Modern,
        );
        check("tools/list", r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":null}}"#, Era::Modern);
    }

    #[test]
    fn without_it_a_request_is_legacy() {
        check("tools/list", r#"{"_meta":{"progressToken":1}}"#, Era::Legacy);
        check(
            "tools/list",
            r#"{"_meta":1,"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
            Era::Legacy,
        );
        assert_eq!(era("ping", None), Era::Legacy);
    }

    #[test]
    fn initialize_is_legacy_whatever_it_names() {
        check("initialize", r#"{"protocolVersion":"2026-07-28"}"#, Era::Legacy);
        check(
            "initialize",
            r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#,
            Era::Legacy,
        );
    }

    #[test]
    fn only_known_revisions_have_an_era() {
        assert_eq!(Era::of("2026-07-28"), Some(Era::Modern));
        assert_eq!(Era::of("2025-03-26"), Some(Era::Legacy));
        assert_eq!(Era::of("2026-07-29"), None);
    }
}
