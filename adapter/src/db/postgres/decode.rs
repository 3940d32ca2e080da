//! PostgreSQL's binary values as JSON. The decoder of a column is chosen once per result, by the column's type.
//!
//! A type that is not known here has no decoder; the statement then asks the server for the text of such columns. Bytes
//! that are not what their type promises end the statement: they never become another value.

mod nested;
mod shapes;

use std::error::Error;
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio_postgres::types::{FromSql, Kind, Type};

use super::{calendar, digits, numeric};
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
    Bits,
    Bool,
    Bytes,
    Date,
    Double,
    Float,
    Hardware,
    Hstore,
    Int2,
    Int4,
    Int8,
    Interval,
    Json,
    LogPosition,
    Money,
    MultiRange(Box<Decoder>),
    Network,
    Numeric,
    Oid,
    Range(Box<Decoder>),
    Record(Vec<(String, Decoder)>),
    Shape(shapes::Shape),
    Text,
    Time,
    TimeTz,
    Timestamp(&'static str),
    TsVector,
    Uuid,
    Vector,
    /// The first byte is the version of the format, 1 the only one; what follows is read by the other decoder.
    Versioned(Box<Decoder>),
    Xid8,
}

impl Decoder {
    /// The decoder of a type, where there is one.
    pub(super) fn of(ty: &Type) -> Option<Self> {
        let boxed = |element: &Type| Decoder::of(element).map(Box::new);
        Some(match ty.kind() {
            Kind::Array(element) => Decoder::Array(boxed(element)?),
            Kind::Composite(fields) => {
                let fields =
                    fields.iter().map(|field| Some((field.name().to_owned(), Decoder::of(field.type_())?)));
                Decoder::Record(fields.collect::<Option<_>>()?)
            }
            Kind::Domain(base) => return Decoder::of(base),
            Kind::Enum(_) => Decoder::Text,
            Kind::Multirange(element) => Decoder::MultiRange(boxed(element)?),
            Kind::Range(element) => Decoder::Range(boxed(element)?),
            _ => return Decoder::of_simple(ty),
        })
    }

    fn of_simple(ty: &Type) -> Option<Self> {
        Some(match *ty {
            Type::BIT | Type::VARBIT => Decoder::Bits,
            Type::BOOL => Decoder::Bool,
            Type::BYTEA => Decoder::Bytes,
            Type::DATE => Decoder::Date,
            Type::FLOAT4 => Decoder::Float,
            Type::FLOAT8 => Decoder::Double,
            Type::INET | Type::CIDR => Decoder::Network,
            Type::INT2 => Decoder::Int2,
            Type::INT4 => Decoder::Int4,
            Type::INT8 => Decoder::Int8,
            Type::INTERVAL => Decoder::Interval,
            Type::JSON => Decoder::Json,
            Type::JSONB => Decoder::Versioned(Box::new(Decoder::Json)),
            Type::JSONPATH => Decoder::Versioned(Box::new(Decoder::Text)),
            Type::MACADDR | Type::MACADDR8 => Decoder::Hardware,
            Type::MONEY => Decoder::Money,
            Type::NUMERIC => Decoder::Numeric,
            Type::OID | Type::XID | Type::CID => Decoder::Oid,
            Type::PG_LSN => Decoder::LogPosition,
            Type::TIME => Decoder::Time,
            Type::TIMETZ => Decoder::TimeTz,
            Type::TIMESTAMP => Decoder::Timestamp(""),
            Type::TIMESTAMPTZ => Decoder::Timestamp("Z"),
            Type::TS_VECTOR => Decoder::TsVector,
            Type::UUID => Decoder::Uuid,
            Type::XID8 => Decoder::Xid8,
            Type::BPCHAR | Type::CHAR | Type::NAME | Type::REFCURSOR | Type::TEXT | Type::UNKNOWN => {
                Decoder::Text
            }
            Type::VARCHAR | Type::XML => Decoder::Text,
            _ => match (shapes::Shape::of(ty), ty.name()) {
                (Some(shape), _) => Decoder::Shape(shape),
                (None, "citext") => Decoder::Text,
                (None, "hstore") => Decoder::Hstore,
                (None, "lquery" | "ltree" | "ltxtquery") => Decoder::Versioned(Box::new(Decoder::Text)),
                (None, "vector") => Decoder::Vector,
                (None, _) => return None,
            },
        })
    }

    /// Appends one value; nothing if the bytes are not one of the type.
    pub(super) fn write(&self, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
        match self {
            Decoder::Bool => cell::boolean(out, *bytes.first()? != 0),
            Decoder::Bytes => cell::bytes(out, bytes),
            Decoder::Double => cell::double(out, f64::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Float => cell::single(out, f32::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Int2 => cell::integer(out, i16::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Int4 => cell::integer(out, i32::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Int8 => cell::integer(out, i64::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Json => cell::document(out, str::from_utf8(bytes).ok()?),
            Decoder::Oid => cell::integer(out, u32::from_be_bytes(bytes.try_into().ok()?).into()),
            Decoder::Text => cell::text(out, str::from_utf8(bytes).ok()?),
            Decoder::Versioned(inner) => return inner.write(bytes.strip_prefix(&[1])?, out),
            Decoder::Array(element) => return nested::array(element, bytes, out),
            Decoder::Hstore => return nested::hstore(bytes, out),
            Decoder::Record(fields) => return nested::record(fields, bytes, out),
            Decoder::Vector => return nested::vector(bytes, out),
            _ => {
                out.push(b'"');
                self.write_plain(bytes, out)?;
                out.push(b'"');
            }
        }
        Some(())
    }

    /// Appends what stands between quotes.
    fn write_plain(&self, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
        match self {
            Decoder::Bits => return bits(bytes, out),
            Decoder::Date => calendar::date(out, i32::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::Hardware => hardware(bytes, out),
            Decoder::Interval => {
                let mut bytes = Bytes(bytes);
                calendar::interval(out, bytes.i64()?, bytes.i32()?, bytes.i32()?);
            }
            Decoder::LogPosition => {
                let position = u64::from_be_bytes(bytes.try_into().ok()?);
                write!(out, "{:X}/{:X}", position >> 32, position & 0xFFFF_FFFF).ok()?;
            }
            Decoder::Money => money(i64::from_be_bytes(bytes.try_into().ok()?), out),
            Decoder::MultiRange(element) => return nested::multirange(element, bytes, out),
            Decoder::Network => return network(bytes, out),
            Decoder::Numeric => return numeric::text(out, bytes),
            Decoder::Range(element) => return nested::range(element, bytes, out),
            Decoder::Shape(shape) => return shape.write(&mut Bytes(bytes), out),
            Decoder::Time => calendar::time(out, i64::from_be_bytes(bytes.try_into().ok()?)),
            Decoder::TimeTz => {
                let mut bytes = Bytes(bytes);
                calendar::time_with_offset(out, bytes.i64()?, bytes.i32()?);
            }
            Decoder::Timestamp(zone) => {
                calendar::timestamp(out, i64::from_be_bytes(bytes.try_into().ok()?), zone);
            }
            Decoder::TsVector => return nested::tsvector(bytes, out),
            Decoder::Uuid => uuid(bytes.try_into().ok()?, out),
            Decoder::Xid8 => digits::padded(out, u64::from_be_bytes(bytes.try_into().ok()?), 1),
            _ => return None,
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

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn i32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn i64(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    fn f64(&mut self) -> Option<f64> {
        Some(f64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A count that is no more than what the bytes left could hold.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.i32()?).ok()
    }

    /// A value with its length before it; -1 is NULL.
    fn sized(&mut self) -> Option<Option<&'a [u8]>> {
        match self.i32()? {
            -1 => Some(None),
            length => self.take(usize::try_from(length).ok()?).map(Some),
        }
    }
}

/// The number of bits, then the bits, the first in the highest place.
fn bits(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let count = bytes.count()?;
    for index in 0..count {
        let byte = bytes.0.get(index / 8)?;
        out.push(if byte & (0x80 >> (index % 8)) == 0 { b'0' } else { b'1' });
    }
    Some(())
}

/// A MAC address of six or eight bytes.
fn hardware(bytes: &[u8], out: &mut Vec<u8>) {
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            out.push(b':');
        }
        digits::hex(out, &[*byte]);
    }
}

/// Hundredths of whatever the database's locale calls its currency.
fn money(hundredths: i64, out: &mut Vec<u8>) {
    if hundredths < 0 {
        out.push(b'-');
    }
    let amount = hundredths.unsigned_abs();
    digits::padded(out, amount / 100, 1);
    out.push(b'.');
    digits::padded(out, amount % 100, 2);
}

/// Family (2 = IPv4), bits of the prefix, whether it is a network, length, address.
fn network(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let [family, prefix, is_network, _, address @ ..] = bytes else { return None };
    let whole = match family {
        2 => {
            write!(out, "{}", Ipv4Addr::from(<[u8; 4]>::try_from(address).ok()?)).ok()?;
            32
        }
        _ => {
            write!(out, "{}", Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?)).ok()?;
            128
        }
    };
    if *is_network != 0 || *prefix != whole {
        out.push(b'/');
        digits::padded(out, u64::from(*prefix), 1);
    }
    Some(())
}

fn uuid(bytes: [u8; 16], out: &mut Vec<u8>) {
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        digits::hex(out, &[*byte]);
    }
}
