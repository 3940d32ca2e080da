//! The fields of limits: at a rule, and at what rules are about.

use crate::yaml::schema::{field, fields};
use crate::yaml::shape::Need::Optional;
use crate::yaml::shape::Shape;

/// A rule counts what it permits, and nothing else.
pub(super) static RULE_LIMIT: Shape = Shape::OneOrMore(&Shape::Either(
    &Shape::Text,
    &Shape::Record(fields(
        &[
            field("rate", Optional, &Shape::Text),
            field("burst", Optional, &Shape::Number),
            field("quota", Optional, &Shape::Text),
            field("concurrent", Optional, &Shape::Number),
            field("per", Optional, &PER),
            field("shared", Optional, &Shape::Flag),
        ],
        &[],
    )),
));

pub(super) static LIMITS: Shape = Shape::OneOrMore(&Shape::Either(
    &Shape::Text,
    &Shape::Record(fields(
        &[
            field("rate", Optional, &Shape::Text),
            field("burst", Optional, &Shape::Number),
            field("quota", Optional, &Shape::Text),
            field("concurrent", Optional, &Shape::Number),
            field("per", Optional, &PER),
            field("counts", Optional, &Shape::Word(&["calls", "requests"])),
            field("shared", Optional, &Shape::Flag),
        ],
        &[],
    )),
));

static PER: Shape = Shape::Either(&SCOPE, &Shape::List(&SCOPE));

static SCOPE: Shape = Shape::Word(&["subject", "role", "tool", "server", "endpoint"]);

pub(super) static RATE_LIMIT_SERVICE: Shape = Shape::Record(fields(
    &[
        field("cluster", Optional, &Shape::Text),
        field("domain", Optional, &Shape::Text),
        field("on_failure", Optional, &Shape::Word(&["deny", "allow"])),
    ],
    &["redis"],
));
