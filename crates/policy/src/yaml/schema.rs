//! The fields of a document, as data: what may stand where. The types in `document` hold the same fields; a test holds the
//! two, and the reference in `docs/trigate-yaml.md`, against each other.

use crate::yaml::shape::Need::{Optional, Required};
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
        field("keys", Optional, &Shape::List(&KEY)),
        field("roles", Optional, &Shape::Table(&ROLE)),
    ],
    &["identity", "pins"],
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
    ],
    &["pins"],
));

static CREDENTIAL: Shape = Shape::One(fields(
    &[
        field("bearer", Optional, &SECRET),
        field("header", Optional, &HEADER),
        field("basic", Optional, &SECRET),
    ],
    &[],
));

static HEADER: Shape =
    Shape::Record(fields(&[field("name", Required, &Shape::Text), field("value", Required, &SECRET)], &[]));

static SECRET: Shape =
    Shape::One(fields(&[field("env", Optional, &Shape::Text), field("file", Optional, &Shape::Text)], &[]));

static DATABASE: Shape = Shape::Record(fields(
    &[
        field("url", Required, &Shape::Text),
        field("tools", Optional, &Shape::Word(&["generic", "per_table"])),
        field("allow_unsafe_login", Optional, &Shape::Flag),
    ],
    &[],
));

static ENDPOINT: Shape = Shape::Record(fields(&[field("servers", Required, &TEXTS)], &[]));

static KEY: Shape = Shape::Record(fields(
    &[
        field("id", Required, &Shape::Text),
        field("name", Required, &Shape::Text),
        field("role", Required, &Shape::Text),
        field("sha256", Required, &Shape::Text),
        field("expires", Optional, &Shape::Time),
        field("claims", Optional, &Shape::Table(&CLAIM)),
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
        field("resources", Optional, &RULES),
        field("completion", Optional, &RULES),
        field("subscriptions", Optional, &RULES),
        field("tasks", Optional, &RULES),
        field("databases", Optional, &Shape::Table(&GRANTS)),
    ],
    &[],
));

static RULES: Shape = Shape::List(&RULE);

static RULE: Shape = Shape::One(fields(
    &[field("allow", Optional, &Shape::Text), field("deny", Optional, &Shape::Text)],
    &["when", "schema", "limit"],
));

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
    &Shape::One(fields(&[field("constant", Optional, &Shape::Text)], &[])),
);

static VERBS: Shape = Shape::List(&Shape::Word(&["read", "insert", "update", "delete", "write"]));

static TEXTS: Shape = Shape::List(&Shape::Text);
