//! Parameters in text form, without a type: the server reads each as the type it has where it stands.

use std::error::Error;

use super::digits::hex;
use bytes::BytesMut;
use sql::Bind;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};

/// One parameter.
#[derive(Debug)]
pub(super) struct Text<'a>(&'a Bind);

/// The parameters of a statement.
pub(super) fn parameters(binds: &[Bind]) -> impl ExactSizeIterator<Item = (Text<'_>, Type)> {
    binds.iter().map(|bind| (Text(bind), Type::UNKNOWN))
}

impl ToSql for Text<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Bind::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Bind::Bytes(value) => {
                out.extend_from_slice(b"\\x");
                let mut digits = Vec::with_capacity(value.len() * 2);
                hex(&mut digits, value);
                out.extend_from_slice(&digits);
            }
            Bind::Integer(value) => out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
            Bind::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Bind::Text(value) => out.extend_from_slice(value.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}
