//! The kinds of finding, each in one of two groups.

use std::fmt;

/// What rules speak about as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What identifies a person or a person's account.
    Personal,
    /// What gives access.
    Secrets,
}

/// One kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A key of an AI provider.
    AiKey,
    /// An access key of Amazon Web Services.
    AwsKey,
    /// Number of a payment card, with its check digit.
    Card,
    /// A value of high entropy under a telling name.
    Credential,
    /// An e-mail address.
    Email,
    /// A key or token of Google Cloud.
    GcpKey,
    /// A token of GitHub.
    GithubToken,
    /// A token of GitLab.
    GitlabToken,
    /// Number of a bank account, with its check digits.
    Iban,
    /// A JSON Web Token.
    Jwt,
    /// A token of the npm registry.
    NpmToken,
    /// A value under a name such as `password`.
    Password,
    /// A telephone number.
    Phone,
    /// A private key in PEM.
    PrivateKey,
    /// A token of the Python package index.
    PypiToken,
    /// A token of another known service.
    ServiceToken,
    /// A token or webhook of Slack.
    SlackToken,
    /// A social security number of the United States.
    Ssn,
    /// A key of Stripe.
    StripeKey,
    /// A key of this gateway.
    TrigateKey,
    /// The password in a URL.
    UrlPassword,
}

impl Kind {
    /// Every kind, in the order of their names.
    pub const ALL: [Kind; 21] = [
        Kind::AiKey,
        Kind::AwsKey,
        Kind::Card,
        Kind::Credential,
        Kind::Email,
        Kind::GcpKey,
        Kind::GithubToken,
        Kind::GitlabToken,
        Kind::Iban,
        Kind::Jwt,
        Kind::NpmToken,
        Kind::Password,
        Kind::Phone,
        Kind::PrivateKey,
        Kind::PypiToken,
        Kind::ServiceToken,
        Kind::SlackToken,
        Kind::Ssn,
        Kind::StripeKey,
        Kind::TrigateKey,
        Kind::UrlPassword,
    ];

    /// The name in documents, replacements and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::AiKey => "ai_key",
            Kind::AwsKey => "aws_key",
            Kind::Card => "card",
            Kind::Credential => "credential",
            Kind::Email => "email",
            Kind::GcpKey => "gcp_key",
            Kind::GithubToken => "github_token",
            Kind::GitlabToken => "gitlab_token",
            Kind::Iban => "iban",
            Kind::Jwt => "jwt",
            Kind::NpmToken => "npm_token",
            Kind::Password => "password",
            Kind::Phone => "phone",
            Kind::PrivateKey => "private_key",
            Kind::PypiToken => "pypi_token",
            Kind::ServiceToken => "service_token",
            Kind::SlackToken => "slack_token",
            Kind::Ssn => "ssn",
            Kind::StripeKey => "stripe_key",
            Kind::TrigateKey => "trigate_key",
            Kind::UrlPassword => "url_password",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The group it belongs to.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Kind::Card | Kind::Email | Kind::Iban | Kind::Phone | Kind::Ssn => Group::Personal,
            _ => Group::Secrets,
        }
    }

    /// What stands where a finding of this kind was. Nothing detects it, and no JSON has to escape it.
    #[must_use]
    pub fn replacement(self) -> String {
        format!("[redacted:{}]", self.name())
    }

    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn names_are_in_order_and_lead_back() {
        assert!(Kind::ALL.is_sorted_by_key(|kind| kind.name()));
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!((kind.index(), Kind::from_name(kind.name())), (index, Some(kind)));
        }
    }
}
