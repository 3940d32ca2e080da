//! URLs as far as a document has to get them right.

pub(in crate::ruleset) fn is_http_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.contains('@') && url.chars().all(|c| c.is_ascii_graphic())
}

pub(super) fn problem_of_database_url(url: &str) -> Option<String> {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    match scheme {
        "mysql" | "postgres" | "postgresql" | "sqlite" | "sqlserver" => None,
        // The URL may hold a password, so it is not repeated.
        _ => Some(
            "expected sqlite://path, or postgres://, mysql:// or sqlserver:// with user@host/database"
                .to_owned(),
        ),
    }
}
