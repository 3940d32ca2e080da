//! Schemas and values made to cost: an answer comes soon, or none does.

use super::*;

const LARGE: &str = "the arguments are too large for the schema to be checked";

/// The numbers from zero, as a list.
fn many(count: usize) -> String {
    let items: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    format!("{{\"v\":[{}]}}", items.join(","))
}

#[test]
fn long_lists_are_compared_in_order_not_in_pairs() {
    let unique = r#"{"properties":{"v":{"uniqueItems":true}}}"#;
    check(unique, &many(50_000), "valid");
    check(unique, &many(500_000), LARGE);
    let options: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
    let listed = format!(r#"{{"properties":{{"v":{{"items":{{"enum":[{}]}}}}}}}}"#, options.join(","));
    check(&listed, &many(20_000), "valid");
}

#[test]
fn long_texts_cost_as_much_as_a_pattern_is_large() {
    let text = format!("{{\"v\":\"{}\"}}", "a".repeat(1 << 20));
    let of = |pattern: &str| format!(r#"{{"properties":{{"v":{{"pattern":"{pattern}"}}}}}}"#);
    check(&of("^a*$"), &text, "valid");
    check(&of("^(a|[^b]{1,90})*$"), &text, LARGE);
    let names: Vec<String> = (0..2_000).map(|number| format!("\"a{number}\":0")).collect();
    let patterns: Vec<String> = (0..500).map(|number| format!("\"^b{number}$\":true")).collect();
    let schema = format!(r#"{{"patternProperties":{{{}}}}}"#, patterns.join(","));
    check(&schema, &format!("{{{}}}", names.join(",")), LARGE);
}

#[test]
fn what_was_looked_at_is_paid_for() {
    let branches = vec![r#"{"prefixItems":[true]}"#; 2_000].join(",");
    let schema = format!(r#"{{"properties":{{"v":{{"anyOf":[{branches}],"unevaluatedItems":true}}}}}}"#);
    check(&schema, &many(50_000), LARGE);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_stack_of_a_filter_is_enough() {
    // As deep as schemas and values may be together: references that hand a value on, then go one deeper.
    let mut definitions = String::new();
    for step in 0..60 {
        definitions.push_str(&format!(r##""d{step}":{{"$ref":"#/$defs/d{}"}},"##, step + 1));
    }
    let deep = format!(
        r##"{{"$defs":{{{definitions}"d60":{{"items":{{"$ref":"#/$defs/d0"}}}}}},"properties":{{"v":{{"$ref":"#/$defs/d0"}}}}}}"##
    );
    let nested = |depth: usize| format!("{{\"v\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let look = move || {
        check(&deep, &nested(4), "valid");
        check(&deep, &nested(98), LARGE);
    };
    let builder = std::thread::Builder::new().stack_size(1 << 20);
    builder.spawn(look).unwrap().join().unwrap();
}
