//! The fields of a document, as data: what may stand where. The types in `document` hold the same fields; a test holds the
//! two, and the reference in `docs/trigate-yaml.md`, against each other.

use crate::yaml::shape::Need::{Choice, Optional, Required};
use crate::yaml::shape::{Field, Fields, Shape};

const fn field(name: &'static str, need: crate::yaml::shape::Need, shape: &'static Shape) -> Field {
    Field { name, need, shape }
}

const fn fields(known: &'static [Field], later: &'static [&'static str]) -> Fields {
    Fields { known, later }
}

pub(super) static DOCUMENT: Shape = Shape::Record(fields(
    &[
        field("version", Required, &Shape::Number),
        field("gateway", Optional, &GATEWAY),
        field("audit", Optional, &AUDIT),
        field("servers", Optional, &Shape::Table(&SERVER)),
        field("databases", Optional, &Shape::Table(&DATABASE)),
        field("endpoints", Optional, &Shape::Table(&ENDPOINT)),
        field("identity", Optional, &IDENTITY),
        field("sessions", Optional, &SESSIONS),
        field("keys", Optional, &Shape::List(&KEY)),
        field("roles", Optional, &Shape::Table(&ROLE)),
        field("tests", Optional, &Shape::List(&CASE)),
    ],
    &[],
));

static GATEWAY: Shape = Shape::Record(fields(
    &[
        field("public_url", Optional, &Shape::Text),
        field("allowed_origins", Optional, &TEXTS),
        field("allowed_hosts", Optional, &TEXTS),
        field("max_body", Optional, &Shape::Number),
        field("max_depth", Optional, &Shape::Number),
        field("unmatched", Optional, &Shape::Word(&["deny", "pass"])),
    ],
    &[],
));

static AUDIT: Shape = Shape::Record(fields(
    &[
        field("arguments", Optional, &Shape::Word(&["digest", "full", "none"])),
        field("on_full", Optional, &Shape::Word(&["drop", "refuse"])),
    ],
    &["retention_days"],
));

static SERVER: Shape = Shape::Record(fields(
    &[
        field("url", Required, &Shape::Text),
        field("cluster", Optional, &Shape::Text),
        field("credential", Optional, &CREDENTIAL),
        field("pins", Optional, &PINS),
    ],
    &[],
));

static PINS: Shape = Shape::Either(
    &PIN_MODE,
    &Shape::Record(fields(
        &[field("mode", Required, &PIN_MODE), field("first", Optional, &Shape::Word(&["ask", "trust"]))],
        &[],
    )),
);

static PIN_MODE: Shape = Shape::Word(&["off", "observe", "enforce"]);

static CREDENTIAL: Shape = Shape::Record(fields(
    &[
        field("bearer", Choice, &SECRET),
        field("header", Choice, &HEADER),
        field("basic", Choice, &SECRET),
        field("assertion", Choice, &SECRET),
    ],
    &[],
));

static HEADER: Shape =
    Shape::Record(fields(&[field("name", Required, &Shape::Text), field("value", Required, &SECRET)], &[]));

static SECRET: Shape = Shape::Record(fields(
    &[
        field("env", Choice, &Shape::Text),
        field("file", Choice, &Shape::Text),
        field("stored", Choice, &Shape::Text),
    ],
    &[],
));

static DATABASE: Shape = Shape::Record(fields(
    &[
        field("url", Required, &Shape::Text),
        field("tools", Optional, &Shape::Word(&["generic", "per_table"])),
        field("allow_unsafe_login", Optional, &Shape::Flag),
    ],
    &[],
));

static ENDPOINT: Shape = Shape::Record(fields(
    &[
        field("servers", Required, &TEXTS),
        field("headers", Optional, &Shape::Word(&["observe", "fix", "enforce"])),
    ],
    &[],
));

static SESSIONS: Shape = Shape::Record(fields(&[field("max_age_hours", Optional, &Shape::Number)], &[]));

static IDENTITY: Shape = Shape::Record(fields(
    &[
        field("jwt", Optional, &Shape::List(&ISSUER)),
        field("scopes", Optional, &Shape::Table(&TEXTS)),
        field("host", Optional, &HOST),
    ],
    &[],
));

static ISSUER: Shape = Shape::Record(fields(
    &[
        field("issuer", Required, &Shape::Text),
        field("audience", Optional, &Shape::Either(&Shape::Text, &TEXTS)),
        field("jwks", Required, &JWKS),
        field("algorithms", Optional, &Shape::List(&Shape::Word(&["RS256", "ES256", "EdDSA"]))),
        field("leeway", Optional, &Shape::Number),
        field("scopes", Optional, &Shape::Text),
        field("subject", Optional, &Shape::Text),
        field("claims", Optional, &TEXTS),
        field("roles", Optional, &Shape::Text),
        field("map", Optional, &ROLE_MAP),
        field("role", Optional, &Shape::Text),
    ],
    &[],
));

static JWKS: Shape =
    Shape::Record(fields(&[field("uri", Choice, &Shape::Text), field("file", Choice, &Shape::Text)], &[]));

static ROLE_MAP: Shape = Shape::Ordered(&Shape::Text);

static HOST: Shape = Shape::Record(fields(
    &[
        field("jwt_authn", Optional, &HOST_TOKEN),
        field("mtls", Optional, &HOST_PEER),
        field("header", Optional, &HOST_HEADER),
    ],
    &[],
));

static HOST_TOKEN: Shape = Shape::Record(fields(
    &[
        field("metadata", Required, &Shape::Text),
        field("issuer", Required, &Shape::Text),
        field("scopes", Optional, &Shape::Text),
        field("subject", Optional, &Shape::Text),
        field("claims", Optional, &TEXTS),
        field("roles", Optional, &Shape::Text),
        field("map", Optional, &ROLE_MAP),
        field("role", Optional, &Shape::Text),
    ],
    &[],
));

static HOST_PEER: Shape = Shape::Record(fields(
    &[
        field("subject", Optional, &Shape::Word(&["uri_san", "dns_san", "subject"])),
        field("map", Optional, &ROLE_MAP),
        field("role", Optional, &Shape::Text),
    ],
    &[],
));

static HOST_HEADER: Shape = Shape::Record(fields(
    &[
        field("name", Required, &Shape::Text),
        field("roles", Optional, &Shape::Text),
        field("map", Optional, &ROLE_MAP),
        field("role", Optional, &Shape::Text),
    ],
    &[],
));

static KEY: Shape = Shape::Record(fields(
    &[
        field("id", Required, &Shape::Text),
        field("name", Required, &Shape::Text),
        field("role", Required, &Shape::Text),
        field("sha256", Required, &Shape::Text),
        field("expires", Optional, &Shape::Time),
        field("claims", Optional, &Shape::Table(&CLAIM)),
        field("scopes", Optional, &TEXTS),
    ],
    &[],
));

static CLAIM: Shape = Shape::Either(&Shape::Scalar, &Shape::List(&Shape::Scalar));

static ROLE: Shape = Shape::Record(fields(
    &[
        field("description", Optional, &Shape::Text),
        field("everything", Optional, &Shape::Flag),
        field("tools", Optional, &RULES),
        field("prompts", Optional, &RULES),
        field("resources", Optional, &RULES_WITHOUT_ARGUMENTS),
        field("completion", Optional, &RULES_WITHOUT_ARGUMENTS),
        field("subscriptions", Optional, &RULES_WITHOUT_ARGUMENTS),
        field("tasks", Optional, &RULES_WITHOUT_ARGUMENTS),
        field("methods", Optional, &RULES_WITHOUT_ARGUMENTS),
        field("asks", Optional, &Shape::Table(&ASKS)),
        field("content", Optional, &CONTENT),
        field("databases", Optional, &Shape::Table(&GRANTS)),
    ],
    &[],
));

static ASKS: Shape = Shape::Record(fields(
    &[
        field("sampling", Optional, &Shape::Flag),
        field("roots", Optional, &Shape::Flag),
        field("elicitation", Optional, &ELICITATION),
    ],
    &[],
));

static CONTENT: Shape = Shape::Record(fields(
    &[
        field("secrets", Optional, &CONTENT_MODE),
        field("personal", Optional, &CONTENT_MODE),
        field("kinds", Optional, &Shape::Table(&CONTENT_MODE)),
        field("max_result", Optional, &Shape::Number),
        field("arguments", Optional, &Shape::Word(&["observe", "refuse"])),
        field("tools", Optional, &Shape::List(&TOOL_CONTENT)),
    ],
    &[],
));

static ELICITATION: Shape =
    Shape::Record(fields(&[field("form", Optional, &Shape::Flag), field("hosts", Optional, &TEXTS)], &[]));

static TOOL_CONTENT: Shape = Shape::Record(fields(
    &[
        field("pattern", Required, &Shape::Text),
        field("secrets", Optional, &CONTENT_MODE),
        field("personal", Optional, &CONTENT_MODE),
        field("kinds", Optional, &Shape::Table(&CONTENT_MODE)),
        field("max_result", Optional, &Shape::Number),
    ],
    &[],
));

static CONTENT_MODE: Shape = Shape::Word(&["ignore", "observe", "redact", "refuse"]);

static RULES: Shape = Shape::List(&Shape::Record(fields(
    &[
        field("allow", Choice, &Shape::Text),
        field("deny", Choice, &Shape::Text),
        field("when", Optional, &Shape::Text),
        field("schema", Optional, &SCHEMA),
        field("scopes", Optional, &TEXTS),
    ],
    &["limit"],
)));

static RULES_WITHOUT_ARGUMENTS: Shape = Shape::List(&Shape::Record(fields(
    &[
        field("allow", Choice, &Shape::Text),
        field("deny", Choice, &Shape::Text),
        field("when", Optional, &Shape::Text),
        field("scopes", Optional, &TEXTS),
    ],
    &["limit"],
)));

static CASE: Shape = Shape::Record(fields(
    &[
        field("role", Optional, &Shape::Text),
        field("key", Optional, &Shape::Text),
        field("claims", Optional, &Shape::Table(&CLAIM)),
        field("tool", Choice, &Shape::Text),
        field("prompt", Choice, &Shape::Text),
        field("resource", Choice, &Shape::Text),
        field("args", Optional, &Shape::Table(&Shape::Json)),
        field("expect", Required, &Shape::Word(&["allow", "deny"])),
        field("rule", Optional, &Shape::Text),
    ],
    &[],
));

static SCHEMA: Shape = Shape::Either(&Shape::Word(&["pinned"]), &Shape::Json);

static GRANTS: Shape = Shape::Record(fields(
    &[
        field("tables", Optional, &Shape::Table(&VERBS)),
        field("columns", Optional, &Shape::Table(&TEXTS)),
        field("deny_columns", Optional, &Shape::Table(&TEXTS)),
        field("mask_columns", Optional, &Shape::Table(&Shape::Table(&MASK))),
        field("rows", Optional, &Shape::Table(&Shape::Text)),
        field("max_rows", Optional, &Shape::Number),
        field("max_affected", Optional, &Shape::Number),
        field("max_cost", Optional, &Shape::Number),
        field("unconditional_writes", Optional, &Shape::Flag),
        field("raw_sql", Optional, &Shape::Flag),
        field("ddl", Optional, &Shape::Flag),
    ],
    &[],
));

static MASK: Shape = Shape::Either(
    &Shape::Word(&["null", "hash", "last4", "constant"]),
    &Shape::Record(fields(&[field("constant", Choice, &Shape::Text)], &[])),
);

static VERBS: Shape = Shape::List(&Shape::Word(&["read", "insert", "update", "delete", "write"]));

static TEXTS: Shape = Shape::List(&Shape::Text);
