//! The fields of roles and of the cases that try them.

use crate::yaml::schema::limit::{LIMITS, RULE_LIMIT};
use crate::yaml::schema::{CLAIM, field, fields};
use crate::yaml::shape::Need::{Choice, Optional, Required};
use crate::yaml::shape::Shape;

pub(super) static ROLE: Shape = Shape::Record(fields(
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
        field("limits", Optional, &LIMITS),
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
        field("limit", Optional, &RULE_LIMIT),
    ],
    &[],
)));

static RULES_WITHOUT_ARGUMENTS: Shape = Shape::List(&Shape::Record(fields(
    &[
        field("allow", Choice, &Shape::Text),
        field("deny", Choice, &Shape::Text),
        field("when", Optional, &Shape::Text),
        field("scopes", Optional, &TEXTS),
        field("limit", Optional, &RULE_LIMIT),
    ],
    &[],
)));

pub(super) static CASE: Shape = Shape::Record(fields(
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

pub(super) static TEXTS: Shape = Shape::List(&Shape::Text);
