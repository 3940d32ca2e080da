//! Formats: what a text has to be where a schema names one. Small checks of our own, strict where a standard leaves room:
//! a text in doubt does not have the format.

mod host;
mod time;
mod uri;

use std::net::{Ipv4Addr, Ipv6Addr};

/// The formats that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Date,
    DateTime,
    Duration,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    JsonPointer,
    Time,
    Uri,
    UriReference,
    Uuid,
}

impl Format {
    const NAMES: [(&'static str, Format); 12] = [
        ("date", Format::Date),
        ("date-time", Format::DateTime),
        ("duration", Format::Duration),
        ("email", Format::Email),
        ("hostname", Format::Hostname),
        ("ipv4", Format::Ipv4),
        ("ipv6", Format::Ipv6),
        ("json-pointer", Format::JsonPointer),
        ("time", Format::Time),
        ("uri", Format::Uri),
        ("uri-reference", Format::UriReference),
        ("uuid", Format::Uuid),
    ];

    /// The format of a name, if it is one that is checked.
    pub(super) fn named(name: &str) -> Option<Format> {
        Format::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    pub(super) fn name(self) -> &'static str {
        Format::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// All names.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Format::NAMES.iter().map(|(name, _)| *name)
    }

    /// Whether a text has the format.
    pub(super) fn holds(self, text: &str) -> bool {
        match self {
            Format::Date => time::is_date(text),
            Format::DateTime => time::is_date_time(text),
            Format::Duration => time::is_duration(text),
            Format::Email => host::is_email(text),
            Format::Hostname => host::is_hostname(text),
            Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Format::JsonPointer => is_json_pointer(text),
            Format::Time => time::is_time(text),
            Format::Uri => uri::is_uri(text),
            Format::UriReference => uri::is_reference(text),
            Format::Uuid => is_uuid(text),
        }
    }
}

/// RFC 6901: each token behind a `/`, and `~` only as `~0` or `~1`.
fn is_json_pointer(text: &str) -> bool {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    escapes && (text.is_empty() || text.starts_with('/'))
}

/// RFC 9562: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let group = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(group.len());
    text.split('-').map(group).eq([8, 4, 4, 4, 12].map(Some))
}
