//! What the name before a value says about it: `"password": "…"`, `API_KEY=…`, `phone: …`.

use crate::{
    kind::Kind,
    personal::{phone, ssn},
    secret::{credential, password},
};

/// What a name announces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Something that gives access, if it looks like it.
    Credential,
    /// Nothing.
    #[default]
    None,
    /// A password, whatever it looks like.
    Password,
    /// A telephone number.
    Phone,
    /// A social security number.
    Ssn,
}

/// How a value stands after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Somewhere behind it, as in `Password: next week`.
    Loose,
    /// By itself: in quotes, or as a member of an object.
    Quoted,
    /// Joined by nothing but `=`.
    Tight,
}

/// Ends of names, in lower case without separators. Where an end is common in other words, only the whole name counts.
const PASSWORDS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "pwd",
    "motdepasse",
    "contrasena",
    "dbpass",
    "userpass",
    "smtppass",
];
const CREDENTIALS: [&str; 14] = [
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "authkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "accountkey",
    "masterkey",
    "credential",
    "credentials",
    "authorization",
];
/// Tokens that give access to nothing but the next page.
const CURSORS: [&str; 8] = [
    "pagetoken",
    "nexttoken",
    "continuationtoken",
    "synctoken",
    "cursortoken",
    "deltatoken",
    "starttoken",
    "progresstoken",
];
const PHONES: [&str; 9] = [
    "phone",
    "phonenumber",
    "phoneno",
    "mobile",
    "mobilenumber",
    "fax",
    "faxnumber",
    "telefon",
    "telefonnummer",
];
const WHOLE: [(&str, Hint); 8] = [
    ("pass", Hint::Password),
    ("tel", Hint::Phone),
    ("cell", Hint::Phone),
    ("handy", Hint::Phone),
    ("msisdn", Hint::Phone),
    ("whatsapp", Hint::Phone),
    ("ssn", Hint::Ssn),
    ("socialsecurity", Hint::Ssn),
];
const NUMBERS: [&str; 3] = ["ssn", "socialsecuritynumber", "ssnnumber"];

/// The last two letters of every name above.
const ENDS: [[u8; 2]; 24] = [
    *b"al", *b"ax", *b"dn", *b"dy", *b"el", *b"en", *b"er", *b"et", *b"ey", *b"le", *b"ll", *b"ls", *b"na",
    *b"ne", *b"no", *b"on", *b"pp", *b"rd", *b"rt", *b"se", *b"sn", *b"ss", *b"ty", *b"wd",
];

impl Hint {
    /// What a name says: of a long one, its end. A name that was redacted says nothing.
    pub(crate) fn of(name: &str) -> Hint {
        let mut ends = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
        let end = |byte: Option<u8>| byte.unwrap_or_default().to_ascii_lowercase();
        let (last, before) = (end(ends.next()), end(ends.next()));
        // Of most names, two letters tell that they announce nothing.
        if !ENDS.contains(&[before, last]) || (name.contains('[') && name.contains("[redacted:")) {
            return Hint::None;
        }
        let mut plain = [0_u8; 40];
        let mut length = 0;
        let letters = name.bytes().rev().filter(u8::is_ascii_alphanumeric);
        for (place, byte) in plain.iter_mut().rev().zip(letters) {
            *place = byte.to_ascii_lowercase();
            length += 1;
        }
        let Some(plain) = plain.len().checked_sub(length).and_then(|start| plain.get(start..)) else {
            return Hint::None;
        };
        let ends = |with: &[&str]| with.iter().any(|end| plain.ends_with(end.as_bytes()));
        if let Some((_, hint)) = WHOLE.iter().find(|(whole, _)| plain == whole.as_bytes()) {
            return *hint;
        }
        match plain.last() {
            Some(b'd' | b'e' | b't' | b'a' | b's') if ends(&PASSWORDS) => Hint::Password,
            Some(b't' | b'n' | b'y' | b'l' | b's') if ends(&CREDENTIALS) && !ends(&CURSORS) => {
                Hint::Credential
            }
            Some(b'e' | b'r' | b'o' | b'x' | b'n') if ends(&PHONES) => Hint::Phone,
            Some(b'n' | b'r') if ends(&NUMBERS) => Hint::Ssn,
            _ => Hint::None,
        }
    }

    /// The kinds it can lead to, one bit each.
    pub(crate) const fn kinds(self) -> u32 {
        match self {
            Hint::Credential => Kind::Credential.bit(),
            Hint::None => 0,
            Hint::Password => Kind::Password.bit(),
            Hint::Phone => Kind::Phone.bit(),
            Hint::Ssn => Kind::Ssn.bit(),
        }
    }

    /// What the value of that name is, and which part of it.
    pub(crate) fn value(self, value: &str, setting: Setting) -> Option<(Kind, std::ops::Range<usize>)> {
        match self {
            Hint::Credential => credential(value, setting).map(|span| (Kind::Credential, span)),
            Hint::None => None,
            Hint::Password => password(value, setting).map(|span| (Kind::Password, span)),
            Hint::Phone => phone::announced(value).map(|span| (Kind::Phone, span)),
            Hint::Ssn => ssn::announced(value).map(|span| (Kind::Ssn, span)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CREDENTIALS, Hint, NUMBERS, PASSWORDS, PHONES, WHOLE};

    #[track_caller]
    fn check(names: &[&str], expected: Hint) {
        for name in names {
            assert_eq!(Hint::of(name), expected, "{name}");
        }
    }

    #[test]
    fn names_announce_what_they_end_with() {
        check(&["password", "DB_PASSWORD", "user-password", "dbPass", "PGPASSWORD", "pwd"], Hint::Password);
        check(&["api_key", "X-Api-Key", "clientSecret", "access_token", "Authorization"], Hint::Credential);
        check(&["phone", "home_phone", "tel", "phoneNumber", "Fax"], Hint::Phone);
        check(&["ssn", "employee_ssn"], Hint::Ssn);
    }

    #[test]
    fn every_name_of_the_lists_announces() {
        let listed = [PASSWORDS.as_slice(), &CREDENTIALS, &PHONES, &NUMBERS].concat();
        for name in listed.into_iter().chain(WHOLE.map(|(name, _)| name)) {
            assert_ne!(Hint::of(name), Hint::None, "{name}");
        }
    }

    #[test]
    fn other_names_announce_nothing() {
        check(&["", "bypass", "hotel", "nextPageToken", "page_token", "token_type", "keyboard"], Hint::None);
        check(&["password_policy", "secretary", "cancell", "name", "id", "tokens"], Hint::None);
        check(&["a name that is far longer than any name could be and says nothing"], Hint::None);
    }
}
