//! The geometric types, as PostgreSQL writes them: `(1,2)`, `<(0,0),5>`.

use std::io::Write as _;

use tokio_postgres::types::Type;

use super::Bytes;

/// Which geometric type.
#[derive(Clone, Copy, Debug)]
pub(in crate::db::postgres) enum Shape {
    Box,
    Circle,
    Line,
    Path,
    Point,
    Polygon,
    Segment,
}

impl Shape {
    /// The shape of a type, where it is one.
    pub(super) fn of(ty: &Type) -> Option<Self> {
        Some(match *ty {
            Type::BOX => Shape::Box,
            Type::CIRCLE => Shape::Circle,
            Type::LINE => Shape::Line,
            Type::PATH => Shape::Path,
            Type::POINT => Shape::Point,
            Type::POLYGON => Shape::Polygon,
            Type::LSEG => Shape::Segment,
            _ => return None,
        })
    }

    /// Appends one.
    pub(super) fn write(self, bytes: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<()> {
        match self {
            Shape::Box => points(bytes, out, 2),
            Shape::Circle => {
                out.push(b'<');
                point(bytes, out)?;
                write!(out, ",{}>", bytes.f64()?).ok()
            }
            Shape::Line => write!(out, "{{{},{},{}}}", bytes.f64()?, bytes.f64()?, bytes.f64()?).ok(),
            Shape::Path => {
                let is_closed = bytes.u8()? != 0;
                let count = bytes.count()?;
                out.push(if is_closed { b'(' } else { b'[' });
                points(bytes, out, count)?;
                out.push(if is_closed { b')' } else { b']' });
                Some(())
            }
            Shape::Point => point(bytes, out),
            Shape::Polygon => {
                let count = bytes.count()?;
                out.push(b'(');
                points(bytes, out, count)?;
                out.push(b')');
                Some(())
            }
            Shape::Segment => {
                out.push(b'[');
                points(bytes, out, 2)?;
                out.push(b']');
                Some(())
            }
        }
    }
}

fn points(bytes: &mut Bytes<'_>, out: &mut Vec<u8>, count: usize) -> Option<()> {
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        point(bytes, out)?;
    }
    Some(())
}

fn point(bytes: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<()> {
    write!(out, "({},{})", bytes.f64()?, bytes.f64()?).ok()
}
