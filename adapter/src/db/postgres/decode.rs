//! PostgreSQL's binary values as JSON. The decoder of a column is chosen once per result, by the column's type.
//!
//! A value whose bytes are not what its type promises, and a type that is not known here, become base64: readable as
//! "not understood", never as another value.

use std::error::Error;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio_postgres::types::{FromSql, Kind, Type};

use super::{calendar, numeric};
use crate::cell;

/// A value as it came over the wire.
pub(super) struct Raw<'a>(pub(super) Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Some(bytes)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// How the values of one column are written.
#[derive(Debug)]
pub(super) enum Decoder {
    Array(Box<Decoder>),
    Bool,
    Bytes,
    Date,
    Double,
    Float,
    Int2,
    Int4,
    Int8,
    Interval,
    Json,
    Jsonb,
    Money,
    Network,
    Numeric,
    Oid,
    Record(Vec<(String, Decoder)>),
    Text,
    Time,
    TimeTz,
    Timestamp(&'static str),
    Uuid,
}

impl Decoder {
    /// The decoder of a type.
    pub(super) fn of(ty: &Type) -> Self {
        match ty.kind() {
            Kind::Array(element) => return Decoder::Array(Box::new(Decoder::of(element))),
            Kind::Composite(fields) => {
                let fields = fields.iter().map(|field| (field.name().to_owned(), Decoder::of(field.type_())));
                return Decoder::Record(fields.collect());
            }
            Kind::Domain(base) => return Decoder::of(base),
            Kind::Enum(_) => return Decoder::Text,
            _ => {}
        }
        match *ty {
            Type::BOOL => Decoder::Bool,
            Type::INT2 => Decoder::Int2,
            Type::INT4 => Decoder::Int4,
            Type::INT8 => Decoder::Int8,
            Type::OID | Type::XID | Type::CID => Decoder::Oid,
            Type::FLOAT4 => Decoder::Float,
            Type::FLOAT8 => Decoder::Double,
            Type::NUMERIC => Decoder::Numeric,
            Type::MONEY => Decoder::Money,
            Type::DATE => Decoder::Date,
            Type::TIME => Decoder::Time,
            Type::TIMETZ => Decoder::TimeTz,
            Type::TIMESTAMP => Decoder::Timestamp(""),
            Type::TIMESTAMPTZ => Decoder::Timestamp("Z"),
            Type::INTERVAL => Decoder::Interval,
            Type::UUID => Decoder::Uuid,
            Type::JSON => Decoder::Json,
            Type::JSONB => Decoder::Jsonb,
            Type::INET | Type::CIDR => Decoder::Network,
            Type::TEXT
            | Type::VARCHAR
            | Type::BPCHAR
            | Type::NAME
            | Type::CHAR
            | Type::XML
            | Type::UNKNOWN => Decoder::Text,
            _ if matches!(ty.name(), "citext" | "ltree") => Decoder::Text,
            _ => Decoder::Bytes,
        }
    }

    /// Appends one value.
    pub(super) fn write(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let before = out.len();
        if self.try_write(bytes, out).is_none() {
            out.truncate(before);
            cell::bytes(out, bytes);
        }
    }

    fn try_write(&self, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
        match self {
            Decoder::Array(element) => return array(element, bytes, out),
            Decoder::Bool => cell::boolean(out, *bytes.first()? != 0),
            Decoder::Bytes => cell::bytes(out, bytes),
            Decoder::Date => cell::plain(out, &calendar::date(i32::from_be_bytes(bytes.try_into().ok()?))),
            Decoder::Double => cell::double(out, f64::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Float => cell::single(out, f32::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Int2 => cell::integer(out, i16::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Int4 => cell::integer(out, i32::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Int8 => cell::integer(out, i64::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Interval => {
                let mut bytes = Bytes(bytes);
                let text = calendar::interval(bytes.i64()?, bytes.i32()?, bytes.i32()?);
                cell::plain(out, &text);
            }
            Decoder::Json => cell::document(out, str::from_utf8(bytes).ok()?),
            // The first byte is the version of the format; 1 is the only one.
            Decoder::Jsonb => cell::document(out, str::from_utf8(bytes.strip_prefix(&[1])?).ok()?),
            Decoder::Money => money(i64::from_be_bytes(bytes.try_into().ok()?), out),
            Decoder::Network => cell::plain(out, &network(bytes)?),
            Decoder::Numeric => cell::plain(out, &numeric::text(bytes)?),
            Decoder::Oid => cell::integer(out, u32::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Record(fields) => return record(fields, bytes, out),
            Decoder::Text => cell::text(out, str::from_utf8(bytes).ok()?),
            Decoder::Time => cell::plain(out, &calendar::time(i64::from_be_bytes(bytes.try_into().ok()?))),
            Decoder::TimeTz => {
                let mut bytes = Bytes(bytes);
                cell::plain(out, &calendar::time_with_offset(bytes.i64()?, bytes.i32()?));
            }
            Decoder::Timestamp(zone) => {
                cell::plain(out, &calendar::timestamp(i64::from_be_bytes(bytes.try_into().ok()?), zone));
            }
            Decoder::Uuid => cell::plain(out, &uuid(bytes.try_into().ok()?)),
        }
        Some(())
    }
}

/// Reads values off the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn i32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn i64(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A value with its length before it; -1 is NULL.
    fn sized(&mut self) -> Option<Option<&'a [u8]>> {
        match self.i32()? {
            -1 => Some(None),
            length => self.take(usize::try_from(length).ok()?).map(Some),
        }
    }
}

/// Nested JSON arrays, as many levels as the array has dimensions.
fn array(element: &Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let dimensions = usize::try_from(bytes.i32()?).ok()?;
    let _has_nulls = bytes.i32()?;
    let _element_oid = bytes.i32()?;
    let mut lengths = Vec::new();
    for _ in 0..dimensions {
        lengths.push(usize::try_from(bytes.i32()?).ok()?);
        let _lower_bound = bytes.i32()?;
    }
    if lengths.is_empty() {
        out.extend_from_slice(b"[]");
        return Some(());
    }
    level(element, &lengths, &mut bytes, out)
}

fn level(element: &Decoder, lengths: &[usize], bytes: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<()> {
    let Some((length, inner)) = lengths.split_first() else {
        match bytes.sized()? {
            Some(value) => element.write(value, out),
            None => cell::null(out),
        }
        return Some(());
    };
    out.push(b'[');
    for index in 0..*length {
        if index > 0 {
            out.push(b',');
        }
        level(element, inner, bytes, out)?;
    }
    out.push(b']');
    Some(())
}

/// A composite value as a JSON object.
fn record(fields: &[(String, Decoder)], bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let count = usize::try_from(bytes.i32()?).ok()?;
    if count != fields.len() {
        return None;
    }
    out.push(b'{');
    for (index, (name, decoder)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        cell::text(out, name);
        out.push(b':');
        let _oid = bytes.i32()?;
        match bytes.sized()? {
            Some(value) => decoder.write(value, out),
            None => cell::null(out),
        }
    }
    out.push(b'}');
    Some(())
}

/// Hundredths of whatever the database's locale calls its currency.
fn money(hundredths: i64, out: &mut Vec<u8>) {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    cell::plain(out, &format!("{sign}{}.{:02}", amount / 100, amount % 100));
}

/// Family (2 = IPv4), bits of the prefix, whether it is a network, length, address.
fn network(bytes: &[u8]) -> Option<String> {
    let [family, prefix, is_network, _, address @ ..] = bytes else { return None };
    let (text, whole) = match family {
        2 => (Ipv4Addr::from(<[u8; 4]>::try_from(address).ok()?).to_string(), 32),
        _ => (Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?).to_string(), 128),
    };
    let is_host = *is_network == 0 && *prefix == whole;
    Some(if is_host { text } else { format!("{text}/{prefix}") })
}

fn uuid(bytes: [u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let mut text = String::with_capacity(36);
    for (index, digit) in hex.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
