//! The keywords of JSON Schema 2020-12 and draft-07, and which of them hold schemas.

/// What a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// No schema.
    Nothing,
    /// A schema, or a list or table of schemas, for the same value.
    InPlace,
    /// A schema, or a list of them, for what the value holds.
    Deeper,
    /// A table of schemas for what the value holds.
    DeeperTable,
    /// A table of schemas for the same value.
    InPlaceTable,
    /// A table of schemas that others refer to.
    Definitions,
    /// A reference.
    Reference,
    /// What would make the cost of a schema depend on more than the schema.
    Refused,
}

/// The formats that are checked where a rule names them.
pub(super) const FORMATS: [&str; 12] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

const KEYWORDS: [(&str, Holds); 62] = [
    ("$anchor", Holds::Nothing),
    ("$comment", Holds::Nothing),
    ("$defs", Holds::Definitions),
    ("$dynamicAnchor", Holds::Refused),
    ("$dynamicRef", Holds::Refused),
    ("$id", Holds::Nothing),
    ("$recursiveAnchor", Holds::Refused),
    ("$recursiveRef", Holds::Refused),
    ("$ref", Holds::Reference),
    ("$schema", Holds::Nothing),
    ("$vocabulary", Holds::Refused),
    ("additionalItems", Holds::Deeper),
    ("additionalProperties", Holds::Deeper),
    ("allOf", Holds::InPlace),
    ("anyOf", Holds::InPlace),
    ("const", Holds::Nothing),
    ("contains", Holds::Deeper),
    ("contentEncoding", Holds::Nothing),
    ("contentMediaType", Holds::Nothing),
    ("contentSchema", Holds::Nothing),
    ("default", Holds::Nothing),
    ("definitions", Holds::Definitions),
    ("dependencies", Holds::InPlaceTable),
    ("dependentRequired", Holds::Nothing),
    ("dependentSchemas", Holds::InPlaceTable),
    ("deprecated", Holds::Nothing),
    ("description", Holds::Nothing),
    ("else", Holds::InPlace),
    ("enum", Holds::Nothing),
    ("examples", Holds::Nothing),
    ("exclusiveMaximum", Holds::Nothing),
    ("exclusiveMinimum", Holds::Nothing),
    ("format", Holds::Nothing),
    ("if", Holds::InPlace),
    ("items", Holds::Deeper),
    ("maxContains", Holds::Nothing),
    ("maxItems", Holds::Nothing),
    ("maxLength", Holds::Nothing),
    ("maxProperties", Holds::Nothing),
    ("maximum", Holds::Nothing),
    ("minContains", Holds::Nothing),
    ("minItems", Holds::Nothing),
    ("minLength", Holds::Nothing),
    ("minProperties", Holds::Nothing),
    ("minimum", Holds::Nothing),
    ("multipleOf", Holds::Nothing),
    ("not", Holds::InPlace),
    ("oneOf", Holds::InPlace),
    ("pattern", Holds::Nothing),
    ("patternProperties", Holds::DeeperTable),
    ("prefixItems", Holds::Deeper),
    ("properties", Holds::DeeperTable),
    ("propertyNames", Holds::Deeper),
    ("readOnly", Holds::Nothing),
    ("required", Holds::Nothing),
    ("then", Holds::InPlace),
    ("title", Holds::Nothing),
    ("type", Holds::Nothing),
    ("unevaluatedItems", Holds::Deeper),
    ("unevaluatedProperties", Holds::Deeper),
    ("uniqueItems", Holds::Nothing),
    ("writeOnly", Holds::Nothing),
];

/// What a keyword holds; none where there is no such keyword.
pub(super) fn holds(name: &str) -> Option<Holds> {
    KEYWORDS.iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
}

/// All of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, _)| *name)
}
