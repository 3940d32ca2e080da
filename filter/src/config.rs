//! The plugin's configuration: where the control plane is and who this node is.

use serde::Deserialize;

/// The environment variable that carries the node token where the configuration has none
/// (`vm_config.environment_variables`).
const TOKEN_VARIABLE: &str = "TRIGATE_NODE_TOKEN";

/// As written in the proxy's configuration, JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Name of the proxy's cluster that reaches the control plane.
    pub(crate) control_plane: String,
    /// Name of this proxy in audit rows and `trigate nodes list`.
    #[serde(default = "default_node")]
    pub(crate) node: String,
    /// The node token.
    #[serde(default)]
    pub(crate) token: String,
}

/// Why the configuration was refused. The filter then denies everything and says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("the plugin configuration is empty; it needs `control_plane`, the name of a cluster")]
    Empty,
    #[error("the plugin configuration is not what this filter reads: {0}")]
    Json(#[from] serde_json::Error),
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
        let mut config: Self = serde_json::from_slice(bytes)?;
        if config.token.is_empty() {
            config.token = std::env::var(TOKEN_VARIABLE).unwrap_or_default();
        }
        if config.token.is_empty() {
            return Err(ConfigError::Token);
        }
        Ok(config)
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
        assert_eq!(
            (config.control_plane.as_str(), config.node.as_str(), config.token.as_str()),
            ("cp", "edge-1", "t")
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("", "empty");
        check(r#"{"control_plane":"cp"}"#, "node token is missing");
        check(r#"{"control_plain":"cp","token":"t"}"#, "control_plain");
    }
}
