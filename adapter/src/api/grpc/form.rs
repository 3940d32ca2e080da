//! How the JSON mapping writes a message: member by member, or in a form that a well-known type has of its own.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

/// The form of a message in JSON.
pub(super) enum Form {
    /// An object of its fields.
    Fields,
    /// An object of what is named by its `@type`.
    Any,
    /// Any object.
    Struct,
    /// Any list.
    List,
    /// Anything.
    Value,
    /// A moment, as RFC 3339 has it.
    Timestamp,
    /// Seconds, with an `s` behind.
    Duration,
    /// Names of fields with commas between.
    Mask,
    /// What its one field holds.
    Wrapper(Kind),
}

impl Form {
    pub(super) fn of(message: &MessageDescriptor) -> Form {
        let Some(name) = message.full_name().strip_prefix("google.protobuf.") else { return Form::Fields };
        match name {
            "Any" => Form::Any,
            "Struct" => Form::Struct,
            "ListValue" => Form::List,
            "Value" => Form::Value,
            "Timestamp" => Form::Timestamp,
            "Duration" => Form::Duration,
            "FieldMask" => Form::Mask,
            "BoolValue" | "BytesValue" | "DoubleValue" | "FloatValue" | "Int32Value" | "Int64Value"
            | "StringValue" | "UInt32Value" | "UInt64Value" => {
                let value = message.get_field_by_name("value");
                value.map_or(Form::Fields, |value: FieldDescriptor| Form::Wrapper(value.kind()))
            }
            _ => Form::Fields,
        }
    }

    /// Whether it is an object, as arguments and structured content have to be. What is none stands there as `value`.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Form::Fields | Form::Any | Form::Struct)
    }
}

/// Whether a kind has null among its values.
pub(super) fn holds_null(kind: &Kind) -> bool {
    match kind {
        Kind::Message(message) => matches!(Form::of(message), Form::Value),
        Kind::Enum(choices) => choices.full_name() == "google.protobuf.NullValue",
        _ => false,
    }
}
