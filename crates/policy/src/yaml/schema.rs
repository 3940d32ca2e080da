//! The fields of a document, as data: what may stand where. The types in `document` hold the same fields; a test holds the
//! two, and the reference in `docs/trigate-yaml.md`, against each other.

mod limit;
mod role;

use crate::yaml::schema::limit::{LIMITS, RATE_LIMIT_SERVICE};
use crate::yaml::schema::role::{CASE, ROLE, TEXTS};
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
        field("rate_limit_service", Optional, &RATE_LIMIT_SERVICE),
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
        field("url", Choice, &Shape::Text),
        field("command", Choice, &TEXTS),
        field("env", Optional, &Shape::Table(&VARIABLE)),
        field("cwd", Optional, &Shape::Text),
        field("openapi", Optional, &Shape::Text),
        field("protobuf", Optional, &Shape::Text),
        field("only", Optional, &ONLY),
        field("cluster", Optional, &Shape::Text),
        field("credential", Optional, &CREDENTIAL),
        field("pins", Optional, &PINS),
        field("limits", Optional, &LIMITS),
    ],
    &[],
));

static ONLY: Shape =
    Shape::Record(fields(&[field("tags", Optional, &TEXTS), field("operations", Optional, &TEXTS)], &[]));

static VARIABLE: Shape = Shape::Either(&Shape::Text, &SECRET);

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
        field("limits", Optional, &LIMITS),
    ],
    &[],
));

static ENDPOINT: Shape = Shape::Record(fields(
    &[
        field("servers", Required, &TEXTS),
        field("headers", Optional, &Shape::Word(&["observe", "fix", "enforce"])),
        field("limits", Optional, &LIMITS),
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
