//! A server's answer as the result of a tool: decoded, written as JSON, and bounded in all of it.

use std::io;

use prost_reflect::{
    DynamicMessage, MessageDescriptor, ReflectMessage as _, SerializeOptions, Value as Held,
};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

use super::form::Form;
use crate::api::call::ANSWER;

/// Deepest message, counted through what is packed into an `Any`: the decoder begins anew there.
const DEEP: usize = 100;

/// Why an answer cannot be told.
#[derive(Debug, thiserror::Error)]
pub(in crate::api) enum Unreadable {
    /// The bytes are none of the message's.
    #[error("it is no `{message}`: {source}")]
    Bytes {
        /// What was expected.
        message: String,
        /// What the decoder said.
        source: prost::DecodeError,
    },
    /// Messages in messages.
    #[error("it is deeper than {DEEP} messages")]
    Deep,
    /// It is more in JSON than may be.
    #[error("it is longer than {ANSWER} bytes of JSON")]
    Long,
    /// Something in it has no JSON, such as an `Any` of a type that the descriptors do not know.
    #[error("it cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The result that a server's answer is.
pub(super) fn result(descriptor: &MessageDescriptor, bytes: &[u8]) -> Result<CallToolResult, Unreadable> {
    let message = DynamicMessage::decode(descriptor.clone(), bytes)
        .map_err(|source| Unreadable::Bytes { message: descriptor.full_name().to_owned(), source })?;
    measure(&message, 0)?;
    // Zeros are told: what is absent from an answer says nothing to a model.
    let options = SerializeOptions::new().skip_default_fields(false);
    let mut text = Bounded(Vec::new());
    if let Err(error) = message.serialize_with_options(&mut serde_json::Serializer::new(&mut text), &options)
    {
        return Err(if error.is_io() { Unreadable::Long } else { error.into() });
    }
    let own: Value = serde_json::from_slice(&text.0)?;
    let whole = if Form::of(descriptor).is_object() { own } else { serde_json::json!({ "value": own }) };
    let mut result = CallToolResult::success(vec![ContentBlock::text(whole.to_string())]);
    result.structured_content = Some(whole);
    Ok(result)
}

/// Refuses what is packed deeper than one stack can hold.
fn measure(message: &DynamicMessage, depth: usize) -> Result<(), Unreadable> {
    if depth > DEEP {
        return Err(Unreadable::Deep);
    }
    if matches!(Form::of(&message.descriptor()), Form::Any) {
        return unpacked(message).map_or(Ok(()), |inner| measure(&inner, depth + 1));
    }
    message.fields().try_for_each(|(_, held)| measure_held(held, depth))
}

fn measure_held(held: &Held, depth: usize) -> Result<(), Unreadable> {
    match held {
        Held::Message(message) => measure(message, depth + 1),
        Held::List(items) => items.iter().try_for_each(|item| measure_held(item, depth)),
        Held::Map(members) => members.values().try_for_each(|member| measure_held(member, depth)),
        _ => Ok(()),
    }
}

/// What is in an `Any`; nothing where the writer will not know it either.
fn unpacked(any: &DynamicMessage) -> Option<DynamicMessage> {
    let url = any.get_field_by_name("type_url")?;
    let name = url.as_str()?.rsplit_once('/')?.1;
    let descriptor = any.descriptor().parent_pool().get_message_by_name(name)?;
    let bytes = any.get_field_by_name("value")?;
    DynamicMessage::decode(descriptor, bytes.as_bytes()?.clone()).ok()
}

/// Text that does not outgrow an answer.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > ANSWER {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
