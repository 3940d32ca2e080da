//! Descriptors in, tools out: names, schemas, what is chosen, and what is left out.

use std::fs;

use serde_json::{Value, json};

use super::*;

/// The descriptors of the tests' own service.
pub(super) fn shop() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/grpc/tests");
    protox::compile(["shop.proto"], [folder]).unwrap().encode_to_vec()
}

/// The descriptors of a file with this text.
fn compiled(text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.proto"), text).unwrap();
    protox::compile(["a.proto"], [folder.path()]).unwrap().encode_to_vec()
}

/// A method of the tests' own service.
pub(super) fn method(name: &str) -> Method {
    let tools = super::read(&shop(), &Only::default()).unwrap().tools;
    let name = format!("shop.v1.Shop.{name}");
    tools.into_iter().find(|(tool, _)| tool.name == name).unwrap().1
}

fn only(operations: &[&str]) -> Only {
    Only { operations: operations.iter().map(|name| (*name).to_owned()).collect(), ..Only::default() }
}

fn names(read: &Read<Method>) -> Vec<&str> {
    read.tools.iter().map(|(tool, _)| tool.name.as_ref()).collect()
}

fn input(tool: &Tool) -> Value {
    Value::Object(tool.input_schema.as_ref().clone())
}

fn output(tool: &Tool) -> Value {
    Value::Object(tool.output_schema.clone().unwrap().as_ref().clone())
}

#[test]
fn unary_methods_are_tools_and_streams_are_named() {
    let read = super::read(&shop(), &Only::default()).unwrap();
    assert_eq!(names(&read), ["shop.v1.Shop.Place", "shop.v1.Shop.When", "shop.v1.Shop.Forget"]);
    assert_eq!(
        read.left_out,
        [
            "`shop.v1.Shop.Watch`: its answers are a stream",
            "`shop.v1.Shop.Upload`: its requests are a stream",
            "`shop.v1.Shop.Chat`: it is a stream both ways",
        ]
    );
    let (place, method) = &read.tools[0];
    assert_eq!(place.description.as_deref(), Some("Places an order.\n\nIt is told as it was placed."));
    assert_eq!(method.path.as_str(), "/shop.v1.Shop/Place");
    let hints = |index: usize| {
        let hints = read.tools[index].0.annotations.clone().unwrap();
        (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint)
    };
    assert_eq!(hints(0), (Some(false), Some(true), Some(false)));
    assert_eq!(hints(1), (Some(true), Some(false), Some(true)));
    assert_eq!(hints(2), (Some(false), Some(true), Some(true)));
    assert_eq!(read.tools[1].0.description.as_deref(), Some("`When` of `shop.v1.Shop`"));
}

#[test]
fn what_is_taken_has_a_schema_of_one_spelling() {
    let read = super::read(&shop(), &Only::default()).unwrap();
    let schema = input(&read.tools[0].0);
    assert_eq!(schema["description"], "What is wanted.");
    assert_eq!(schema["additionalProperties"], false);
    let field = |name: &str| schema["properties"][name].clone();
    assert_eq!(field("id"), json!({ "type": "string", "description": "Given by the shop." }));
    assert_eq!(field("small"), json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }));
    assert_eq!(field("count"), json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }));
    assert_eq!(field("total")["type"], json!(["string", "integer"]));
    assert_eq!(field("big")["minimum"], 0);
    assert_eq!(field("weight")["type"], json!(["number", "string"]));
    assert_eq!(field("seal"), json!({ "type": "string", "contentEncoding": "base64" }));
    assert_eq!(field("kind"), json!({ "type": "string", "enum": ["KIND_UNSPECIFIED", "KIND_BOOK"] }));
    assert_eq!(field("items")["additionalProperties"], json!({ "$ref": "#/$defs/shop.v1.Item" }));
    assert_eq!(field("notes")["propertyNames"]["pattern"], "^-?(0|[1-9][0-9]*)$");
    assert_eq!(field("flags")["propertyNames"]["enum"], json!(["false", "true"]));
    assert_eq!(field("tags"), json!({ "type": "array", "items": { "type": "string" } }));
    assert_eq!(
        field("card")["description"],
        "The number on it.\nAt most one of `card`, `swap`, `gift` may be given."
    );
    assert_eq!(
        schema["dependentSchemas"],
        json!({ "card": { "properties": { "swap": false, "gift": false } }, "swap": { "properties": { "gift": false } } })
    );
    // An optional field is a choice of one in the descriptors only.
    assert_eq!(field("remark"), json!({ "type": "string" }));
    assert_eq!(field("parent"), json!({ "$ref": "#/$defs/shop.v1.Order" }));
    assert_eq!(schema["$defs"]["shop.v1.Order"]["properties"]["parent"], field("parent"));
    assert_eq!(field("oldName"), json!({ "type": "string", "deprecated": true }));
    assert_eq!(field("placedAt"), json!({ "type": "string", "format": "date-time" }));
    assert_eq!(field("within")["pattern"], "^-?[0-9]+(\\.[0-9]{1,9})?s$");
    assert_eq!(field("extra"), json!({ "type": "object" }));
    assert_eq!(field("anything"), json!({}));
    assert_eq!(field("list"), json!({ "type": "array" }));
    assert_eq!(field("detail")["required"], json!(["@type"]));
    assert_eq!(field("mask")["type"], "string");
    assert_eq!(field("nick"), json!({ "type": "string" }));
    assert_eq!(field("none"), json!({ "type": "null" }));
    assert_eq!(field("mark"), json!({ "$ref": "#/$defs/google.protobuf.Empty" }));
    let value = json!({ "type": "object", "properties": { "value": { "type": "string" } }, "required": ["value"], "additionalProperties": false });
    assert_eq!(input(&read.tools[1].0), value);
}

#[test]
fn what_comes_back_may_be_more_than_is_known() {
    let read = super::read(&shop(), &Only::default()).unwrap();
    let schema = output(&read.tools[0].0);
    assert_eq!(schema["type"], "object");
    assert!(schema.get("additionalProperties").is_none());
    assert_eq!(schema["properties"]["total"]["type"], "string");
    assert_eq!(schema["properties"]["kind"]["anyOf"][1], json!({ "type": "integer" }));
    assert_eq!(output(&read.tools[1].0)["properties"]["value"]["format"], "date-time");
}

#[test]
fn services_and_methods_choose_and_have_to_be_there() {
    let chosen = |operations: &[&str]| super::read(&shop(), &only(operations));
    assert_eq!(names(&chosen(&["shop.v1.Shop.When"]).unwrap()), ["shop.v1.Shop.When"]);
    assert_eq!(chosen(&["shop.v1.Shop"]).unwrap().tools.len(), 3);
    assert_eq!(chosen(&["shop.v1.Shop.Watch"]).unwrap().left_out.len(), 1);
    for absent in ["shop.v1", "shop.v1.Shop.Sell", "Shop", "shop.v1.Shop.place"] {
        let error = chosen(&[absent, "shop.v1.Shop"]).unwrap_err().to_string();
        assert_eq!(error, format!("it has no service or method `{absent}`"));
    }
}

#[test]
fn published_descriptors_are_read() {
    let health = super::read(tonic_health::pb::FILE_DESCRIPTOR_SET, &Only::default()).unwrap();
    assert!(names(&health).contains(&"grpc.health.v1.Health.Check"), "{:?}", names(&health));
    assert!(health.left_out.contains(&"`grpc.health.v1.Health.Watch`: its answers are a stream".to_owned()));
    let reflection = super::read(tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET, &Only::default()).unwrap();
    assert!(reflection.tools.is_empty());
    assert_eq!(
        reflection.left_out,
        ["`grpc.reflection.v1.ServerReflection.ServerReflectionInfo`: it is a stream both ways"]
    );
}

#[track_caller]
fn refused(file: &[u8], expected: &str) {
    let error = super::read(file, &Only::default()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.contains("protoc --include_imports") && error.contains("buf build"), "{error}");
}

#[test]
fn a_file_that_cannot_be_used_says_what_to_do() {
    refused(b"syntax = \"proto3\"; service A {}", "it holds no complete descriptors");
    refused(b"", "it describes no service");
    refused(&compiled("syntax = \"proto3\"; message A {}"), "it describes no service");
    let mut set = prost_types::FileDescriptorSet::decode(shop().as_slice()).unwrap();
    set.file.retain(|file| file.name() == "shop.proto");
    refused(&set.encode_to_vec(), "google/protobuf/any.proto");
    for file in &mut set.file {
        file.syntax = Some("editions".to_owned());
    }
    let error = super::read(&set.encode_to_vec(), &Only::default()).unwrap_err().to_string();
    assert_eq!(error, "`shop.proto` is written in `editions`, which is not read; proto2 and proto3 are");
    refused(&shop()[..2000], "it holds no complete descriptors");
}

#[test]
fn long_names_lose_the_first_words_of_their_package() {
    let word = "a".repeat(100);
    let text = |package: &str| {
        format!(
            "syntax = \"proto3\"; package {package}; message M {{}} service S {{ rpc Do(M) returns (M); }}"
        )
    };
    let read = super::read(&compiled(&text(&format!("{word}.{word}"))), &Only::default()).unwrap();
    assert_eq!(names(&read), [format!("{word}.S.Do")]);
    assert_eq!(read.tools[0].1.path.as_str(), format!("/{word}.{word}.S/Do"));

    let method =
        format!("syntax = \"proto3\"; message M {{}} service S {{ rpc {word}{word}(M) returns (M); }}");
    let read = super::read(&compiled(&method), &Only::default()).unwrap();
    assert!(read.tools.is_empty() && read.left_out[0].contains("longer than 128"), "{:?}", read.left_out);

    let mut set =
        prost_types::FileDescriptorSet::decode(compiled(&text(&format!("{word}.{word}"))).as_slice())
            .unwrap();
    let other =
        prost_types::FileDescriptorSet::decode(compiled(&text(&format!("b{word}.{word}"))).as_slice())
            .unwrap();
    set.file.extend(other.file.into_iter().map(|mut file| {
        file.name = Some("b.proto".to_owned());
        file
    }));
    let error = super::read(&set.encode_to_vec(), &Only::default()).unwrap_err().to_string();
    assert!(error.contains(&format!("would both be the tool `{word}.S.Do`")), "{error}");
}

#[test]
fn what_proto2_requires_is_required() {
    let text = "syntax = \"proto2\"; message M { required string name = 1; optional M next = 2; } service S { rpc Do(M) returns (M); }";
    let read = super::read(&compiled(text), &Only::default()).unwrap();
    assert_eq!(input(&read.tools[0].0)["required"], json!(["name"]));
    let descriptor = &read.tools[0].1.input;
    let missing = json!({ "name": "a", "next": {} });
    let error = arguments::message(descriptor, missing.as_object().unwrap()).unwrap_err().to_string();
    assert_eq!(error, "`next`: `name` is missing");
}

#[test]
fn a_message_of_too_many_messages_is_refused() {
    let many = MANY + 1;
    let fields: String = (1..=many).map(|n| format!("M{n} f{n} = {n};")).collect();
    let messages: String = (1..=many).map(|n| format!("message M{n} {{}}")).collect();
    let text = format!(
        "syntax = \"proto3\"; {messages} message A {{ {fields} }} message B {{}} service S {{ rpc Do(A) returns (B); }}"
    );
    let error = super::read(&compiled(&text), &Only::default()).unwrap_err().to_string();
    assert!(error.starts_with("`S.Do` refers to more than 2000 messages"), "{error}");
}
