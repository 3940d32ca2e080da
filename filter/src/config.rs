//! The plugin's configuration: where the policy comes from, who this node is, what its host can do.

use std::rc::Rc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

/// The environment variable that carries the node token where the configuration has none
/// (`vm_config.environment_variables`).
const TOKEN_VARIABLE: &str = "TRIGATE_NODE_TOKEN";

/// As written in the proxy's configuration, JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Name of the proxy's cluster that reaches the control plane.
    control_plane: Option<String>,
    /// A snapshot in place of a control plane, as `trigate policy snapshot` prints it: base64.
    snapshot: Option<String>,
    /// Name of this proxy in audit rows and `trigate nodes`.
    #[serde(default = "default_node")]
    node: String,
    /// The node token.
    #[serde(default)]
    token: String,
    /// What the host can keep until a request is judged.
    #[serde(default)]
    mode: Mode,
    /// Whether decisions are told to the host for its access log.
    #[serde(default)]
    access_log: bool,
}

/// What the host can keep until a request is judged.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// The body alone.
    Compat,
    /// Head and body.
    #[default]
    Strict,
}

/// The configuration, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) source: Source,
    pub(crate) node: String,
    pub(crate) mode: Mode,
    pub(crate) access_log: bool,
}

/// Where the policy comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Streams to a control plane.
    ControlPlane(Rc<ControlPlane>),
    /// The configuration itself, an encoded snapshot.
    Snapshot(Vec<u8>),
}

/// How a control plane is reached.
#[derive(Debug)]
pub(crate) struct ControlPlane {
    /// The proxy's cluster.
    pub(crate) cluster: String,
    /// The node token.
    pub(crate) token: String,
}

/// Why the configuration was refused. The filter then denies everything and says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error(
        "the plugin configuration is empty; it needs `control_plane`, the name of a cluster, or `snapshot`"
    )]
    Empty,
    #[error("the plugin configuration is not what this filter reads: {0}")]
    Json(#[from] serde_json::Error),
    #[error("`snapshot` is not base64: {0}; take it as `trigate policy snapshot` prints it")]
    Snapshot(#[from] base64::DecodeError),
    #[error("the plugin configuration needs either `control_plane` or `snapshot`")]
    Source,
    #[error(
        "the node token is missing; set `token`, or {TOKEN_VARIABLE} through vm_config.environment_variables"
    )]
    Token,
}

impl Config {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        if bytes.is_empty() {
            return Err(ConfigError::Empty);
        }
        let Written { control_plane, snapshot, node, mut token, mode, access_log } =
            serde_json::from_slice(bytes)?;
        let source = match (control_plane, snapshot) {
            (None, Some(snapshot)) => Source::Snapshot(STANDARD.decode(snapshot)?),
            (Some(cluster), None) => {
                if token.is_empty() {
                    token = std::env::var(TOKEN_VARIABLE).unwrap_or_default();
                }
                if token.is_empty() {
                    return Err(ConfigError::Token);
                }
                Source::ControlPlane(Rc::new(ControlPlane { cluster, token }))
            }
            (None, None) | (Some(_), Some(_)) => return Err(ConfigError::Source),
        };
        Ok(Self { source, node, mode, access_log })
    }
}

fn default_node() -> String {
    "envoy".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = Config::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_whole_configuration_is_read() {
        let config = Config::parse(br#"{"control_plane":"cp","node":"edge-1","token":"t"}"#).unwrap();
        let Source::ControlPlane(to) = &config.source else { panic!("{config:?}") };
        assert_eq!((to.cluster.as_str(), to.token.as_str(), config.node.as_str()), ("cp", "t", "edge-1"));
        assert_eq!((config.mode, config.access_log), (Mode::Strict, false));
    }

    #[test]
    fn a_snapshot_needs_no_token() {
        let config = Config::parse(br#"{"snapshot":"AQI=","mode":"compat"}"#).unwrap();
        assert!(matches!(&config.source, Source::Snapshot(bytes) if bytes == &[1, 2]));
        assert_eq!(config.mode, Mode::Compat);
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("", "empty");
        check("{}", "either");
        check(r#"{"control_plane":"cp"}"#, "node token is missing");
        check(r#"{"control_plain":"cp","token":"t"}"#, "control_plain");
        check(r#"{"control_plane":"cp","token":"t","snapshot":"AQI="}"#, "either");
        check(r#"{"snapshot":"%"}"#, "base64");
        check(r#"{"snapshot":"AQI=","mode":"lax"}"#, "lax");
    }
}
