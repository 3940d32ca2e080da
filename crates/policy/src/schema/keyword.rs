//! The keywords of JSON Schema 2020-12 and draft-07, and what each of them holds.

use crate::schema::compile::Draft;

/// What a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// What has no say.
    Anything,
    /// Text.
    Text,
    /// The name of a part.
    Anchor,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A number above zero.
    Positive,
    /// A whole number that is not negative.
    Count,
    /// Values.
    List,
    /// Names, none of them twice.
    Names,
    /// A table of such names.
    NamesTable,
    /// A kind of value, or several.
    Kinds,
    /// A regular expression.
    Pattern,
    /// A schema.
    Schema,
    /// A list of schemas.
    Schemas,
    /// `items`: in draft-07 either of these.
    Items,
    /// A table of schemas.
    Table,
    /// A table of schemas whose names are regular expressions.
    PatternTable,
    /// `dependencies`: a table of schemas and of names.
    Dependencies,
    /// A reference.
    Reference,
    /// What would make the cost of a schema depend on more than the schema.
    Refused,
}

const KEYWORDS: [(&str, Holds); 62] = [
    ("$anchor", Holds::Anchor),
    ("$comment", Holds::Text),
    ("$defs", Holds::Table),
    ("$dynamicAnchor", Holds::Refused),
    ("$dynamicRef", Holds::Refused),
    ("$id", Holds::Text),
    ("$recursiveAnchor", Holds::Refused),
    ("$recursiveRef", Holds::Refused),
    ("$ref", Holds::Reference),
    ("$schema", Holds::Text),
    ("$vocabulary", Holds::Refused),
    ("additionalItems", Holds::Schema),
    ("additionalProperties", Holds::Schema),
    ("allOf", Holds::Schemas),
    ("anyOf", Holds::Schemas),
    ("const", Holds::Anything),
    ("contains", Holds::Schema),
    ("contentEncoding", Holds::Text),
    ("contentMediaType", Holds::Text),
    ("contentSchema", Holds::Anything),
    ("default", Holds::Anything),
    ("definitions", Holds::Table),
    ("dependencies", Holds::Dependencies),
    ("dependentRequired", Holds::NamesTable),
    ("dependentSchemas", Holds::Table),
    ("deprecated", Holds::Flag),
    ("description", Holds::Text),
    ("else", Holds::Schema),
    ("enum", Holds::List),
    ("examples", Holds::List),
    ("exclusiveMaximum", Holds::Number),
    ("exclusiveMinimum", Holds::Number),
    ("format", Holds::Text),
    ("if", Holds::Schema),
    ("items", Holds::Items),
    ("maxContains", Holds::Count),
    ("maxItems", Holds::Count),
    ("maxLength", Holds::Count),
    ("maxProperties", Holds::Count),
    ("maximum", Holds::Number),
    ("minContains", Holds::Count),
    ("minItems", Holds::Count),
    ("minLength", Holds::Count),
    ("minProperties", Holds::Count),
    ("minimum", Holds::Number),
    ("multipleOf", Holds::Positive),
    ("not", Holds::Schema),
    ("oneOf", Holds::Schemas),
    ("pattern", Holds::Pattern),
    ("patternProperties", Holds::PatternTable),
    ("prefixItems", Holds::Schemas),
    ("properties", Holds::Table),
    ("propertyNames", Holds::Schema),
    ("readOnly", Holds::Flag),
    ("required", Holds::Names),
    ("then", Holds::Schema),
    ("title", Holds::Text),
    ("type", Holds::Kinds),
    ("unevaluatedItems", Holds::Schema),
    ("unevaluatedProperties", Holds::Schema),
    ("uniqueItems", Holds::Flag),
    ("writeOnly", Holds::Flag),
];

/// What one draft checks and the other passes over.
const OF_ONE_DRAFT: [(&str, Draft); 9] = [
    ("$anchor", Draft::Draft202012),
    ("additionalItems", Draft::Draft07),
    ("dependentRequired", Draft::Draft202012),
    ("dependentSchemas", Draft::Draft202012),
    ("maxContains", Draft::Draft202012),
    ("minContains", Draft::Draft202012),
    ("prefixItems", Draft::Draft202012),
    ("unevaluatedItems", Draft::Draft202012),
    ("unevaluatedProperties", Draft::Draft202012),
];

/// What a keyword holds; none where there is no such keyword.
pub(super) fn holds(name: &str) -> Option<Holds> {
    KEYWORDS.iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
}

/// Whether a draft has a keyword.
pub(super) fn is_of(name: &str, draft: Draft) -> bool {
    OF_ONE_DRAFT.iter().all(|(known, only)| *known != name || *only == draft)
}

/// All of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|(name, _)| *name)
}
