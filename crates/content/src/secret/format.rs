//! Credentials of a known form: a prefix, an alphabet and a length.
//!
//! Each entry names where its issuer, or a public collection of such formats, describes it. `gitleaks` is the rule file
//! `config/gitleaks.toml` of github.com/gitleaks/gitleaks.

use crate::{kind::Kind, personal::digits::byte};

/// One format.
struct Format {
    kind: Kind,
    prefix: &'static str,
    alphabet: Alphabet,
    /// Fewest and most characters behind the prefix. Where the most is [`ANY`], whatever goes on belongs to it.
    length: (usize, usize),
}

/// What may stand behind a prefix.
#[derive(Clone, Copy)]
enum Alphabet {
    /// Letters and digits.
    Alnum,
    /// Capital letters and digits.
    Capital,
    /// Lower-case hexadecimal digits.
    Hex,
    /// a-z, 2-7 and `_`.
    Key,
    /// Letters, digits, `-` and `_`, of which a digit, a small and a capital letter: not a name in kebab case.
    Mixed,
    /// Letters, digits, `-` and `_`.
    Url,
    /// The same, with `.`.
    Dotted,
    /// The same, with `/`.
    Path,
}

/// No end that the issuer promises.
const ANY: usize = usize::MAX;

const fn format(kind: Kind, prefix: &'static str, alphabet: Alphabet, least: usize, most: usize) -> Format {
    Format { kind, prefix, alphabet, length: (least, most) }
}

use Alphabet::{Alnum, Capital, Dotted, Hex, Key, Mixed, Path, Url};

/// By the first byte of the prefix, the longer prefix first where one begins with another.
const FORMATS: [Format; 66] = [
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, "Understanding unique ID prefixes"
    format(Kind::AwsKey, "ABIA", Capital, 16, 16),
    format(Kind::AwsKey, "ACCA", Capital, 16, 16),
    format(Kind::ServiceToken, "AGE-SECRET-KEY-1", Capital, 58, 58), // age-encryption.org/v1
    format(Kind::AwsKey, "AKIA", Capital, 16, 16),
    format(Kind::AwsKey, "ASIA", Capital, 16, 16),
    format(Kind::ServiceToken, "ATATT3", Url, 40, ANY), // Atlassian; gitleaks
    format(Kind::GcpKey, "AIza", Url, 35, 35),          // cloud.google.com/docs/authentication/api-keys
    format(Kind::GcpKey, "GOCSPX-", Url, 28, 28),       // Google OAuth client secret; gitleaks
    format(Kind::ServiceToken, "NRAK-", Capital, 27, 27), // New Relic; gitleaks
    format(Kind::ServiceToken, "PMAK-", Url, 59, 59),   // Postman; gitleaks
    format(Kind::ServiceToken, "SG.", Dotted, 66, 66),  // docs.sendgrid.com/ui/account-and-settings/api-keys
    format(Kind::ServiceToken, "SK", Hex, 32, 32),      // twilio.com/docs/iam/api-keys
    format(Kind::ServiceToken, "dapi", Hex, 32, 34),    // Databricks; gitleaks
    format(Kind::ServiceToken, "dckr_pat_", Url, 27, 36), // docs.docker.com/security/access-tokens
    format(Kind::ServiceToken, "doo_v1_", Hex, 64, 64), // docs.digitalocean.com/reference/api
    format(Kind::ServiceToken, "dop_v1_", Hex, 64, 64),
    format(Kind::ServiceToken, "dor_v1_", Hex, 64, 64),
    format(Kind::ServiceToken, "dp.pt.", Alnum, 40, 44), // docs.doppler.com/docs/api
    format(Kind::ServiceToken, "figd_", Url, 40, 60),    // Figma; gitleaks
    // github.blog/2021-04-05-behind-githubs-new-authentication-token-formats
    format(Kind::GithubToken, "gho_", Alnum, 36, ANY),
    format(Kind::GithubToken, "ghp_", Alnum, 36, ANY),
    format(Kind::GithubToken, "ghr_", Alnum, 36, ANY),
    format(Kind::GithubToken, "ghs_", Dotted, 36, ANY),
    format(Kind::GithubToken, "ghu_", Alnum, 36, ANY),
    format(Kind::GithubToken, "github_pat_", Url, 60, ANY),
    // docs.gitlab.com/security/tokens, "Token prefixes"
    format(Kind::GitlabToken, "glagent-", Url, 50, ANY),
    format(Kind::GitlabToken, "glcbt-", Url, 20, ANY),
    format(Kind::GitlabToken, "gldt-", Url, 20, ANY),
    format(Kind::GitlabToken, "glft-", Url, 20, ANY),
    format(Kind::GitlabToken, "glimt-", Url, 20, ANY),
    format(Kind::GitlabToken, "gloas-", Url, 64, ANY),
    format(Kind::GitlabToken, "glpat-", Dotted, 20, ANY),
    format(Kind::GitlabToken, "glptt-", Url, 40, ANY),
    format(Kind::GitlabToken, "glrt-", Dotted, 20, ANY),
    format(Kind::GitlabToken, "glsoat-", Url, 20, ANY),
    format(Kind::ServiceToken, "glsa_", Url, 41, 60), // grafana.com/docs/grafana/latest/administration/service-accounts
    format(Kind::ServiceToken, "hf_", Alnum, 34, 40), // huggingface.co/docs/hub/security-tokens
    format(Kind::SlackToken, "hooks.slack.com/services/", Path, 40, 60), // api.slack.com/messaging/webhooks
    format(Kind::ServiceToken, "hvb.", Url, 90, ANY), // developer.hashicorp.com/vault/docs/concepts/tokens
    format(Kind::ServiceToken, "hvs.", Url, 24, ANY),
    format(Kind::ServiceToken, "lin_api_", Alnum, 40, 40), // Linear; gitleaks
    format(Kind::NpmToken, "npm_", Alnum, 36, 36), // github.blog/2021-09-23-announcing-npms-new-access-token-format
    format(Kind::ServiceToken, "ntn_", Alnum, 40, 50), // Notion; gitleaks
    format(Kind::PypiToken, "pypi-AgE", Url, 50, ANY), // pypi.org/help#apitoken
    // docs.stripe.com/keys
    format(Kind::StripeKey, "rk_live_", Alnum, 16, ANY),
    format(Kind::StripeKey, "rk_test_", Alnum, 16, ANY),
    format(Kind::ServiceToken, "shpat_", Hex, 32, 32), // shopify.dev/docs/apps/build/authentication-authorization
    format(Kind::ServiceToken, "shpca_", Hex, 32, 32),
    format(Kind::ServiceToken, "shppa_", Hex, 32, 32),
    format(Kind::ServiceToken, "shpss_", Hex, 32, 32),
    format(Kind::StripeKey, "sk_live_", Alnum, 16, ANY),
    format(Kind::StripeKey, "sk_test_", Alnum, 16, ANY),
    // platform.openai.com/docs/api-reference/authentication, docs.anthropic.com/en/api: `sk-`, `sk-proj-`, `sk-ant-`, …
    format(Kind::AiKey, "sk-", Mixed, 20, 200),
    format(Kind::ServiceToken, "sntrys_", Dotted, 80, ANY), // docs.sentry.io/account/auth-tokens
    format(Kind::TrigateKey, "tg_", Key, 65, 65),           // docs/trigate-yaml.md, `keys`
    format(Kind::StripeKey, "whsec_", Alnum, 24, ANY),
    // api.slack.com/authentication/token-types
    format(Kind::SlackToken, "xapp-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxa-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxb-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxc-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxd-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxe-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxp-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxr-", Url, 20, ANY),
    format(Kind::SlackToken, "xoxs-", Url, 20, ANY),
    format(Kind::GcpKey, "ya29.", Url, 20, ANY), // Google OAuth access token; gitleaks
];

/// For each byte, the first and one past the last of the formats that begin with it.
const BY_BYTE: [(u8, u8); 128] = by_byte();

/// For each byte, the bytes behind it with which a format, or a JSON Web Token, can go on: one bit each.
static PAIRS: [u128; 128] = pairs();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling: an index out of range does not build"
)]
const fn by_byte() -> [(u8, u8); 128] {
    let mut table = [(0, 0); 128];
    let mut format = 0;
    while format < FORMATS.len() {
        let first = FORMATS[format].prefix.as_bytes()[0] as usize;
        let (start, end) = table[first];
        let place = format as u8;
        assert!(start == end || end == place, "formats that begin with one byte stand together");
        table[first] = if start == end { (place, place + 1) } else { (start, place + 1) };
        format += 1;
    }
    table
}

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling: an index out of range does not build"
)]
const fn pairs() -> [u128; 128] {
    let mut table = [0; 128];
    table[b'e' as usize] = 1 << b'y';
    let mut format = 0;
    while format < FORMATS.len() {
        let prefix = FORMATS[format].prefix.as_bytes();
        table[prefix[0] as usize] |= 1 << prefix[1];
        format += 1;
    }
    table
}

/// Whether a word may begin a credential, by its first two bytes.
#[inline]
pub(crate) fn may_begin(word: &[u8]) -> bool {
    let seconds = PAIRS.get(usize::from(byte(word, 0))).copied().unwrap_or_default();
    seconds.checked_shr(u32::from(byte(word, 1))).unwrap_or_default() & 1 == 1
}

/// The credential that starts at a place, and where it ends.
pub(crate) fn at(text: &[u8], start: usize) -> Option<(Kind, usize)> {
    let (first, end) = *BY_BYTE.get(usize::from(byte(text, start)))?;
    let formats = FORMATS.get(usize::from(first)..usize::from(end))?;
    formats.iter().find_map(|format| Some((format.kind, format.end(text, start)?)))
}

impl Format {
    fn end(&self, text: &[u8], start: usize) -> Option<usize> {
        let body = text.get(start..)?.strip_prefix(self.prefix.as_bytes())?;
        let (least, most) = self.length;
        let run =
            body.iter().take(most.saturating_add(1)).take_while(|byte| self.alphabet.has(**byte)).count();
        let body = body.get(..run)?;
        // A sign at the end belongs to the sentence around it.
        let trailing = body.iter().rev().take_while(|byte| matches!(byte, b'.' | b'-' | b'/')).count();
        let length = run - trailing;
        let end = start + self.prefix.len() + length;
        let whole = (least..=most).contains(&length) && !byte(text, end).is_ascii_alphanumeric();
        (whole && self.alphabet.accepts(body)).then_some(end)
    }
}

impl Alphabet {
    const fn has(self, byte: u8) -> bool {
        match self {
            Alnum => byte.is_ascii_alphanumeric(),
            Capital => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Key => matches!(byte, b'a'..=b'z' | b'2'..=b'7' | b'_'),
            Mixed | Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
            Path => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'),
        }
    }

    fn accepts(self, body: &[u8]) -> bool {
        match self {
            Mixed => {
                body.iter().any(u8::is_ascii_digit)
                    && body.iter().any(u8::is_ascii_lowercase)
                    && body.iter().any(u8::is_ascii_uppercase)
            }
            Key => body.get(12) == Some(&b'_'),
            _ => true,
        }
    }
}
