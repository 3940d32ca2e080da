//! Documents in, tools out: names, schemas with what they refer to, what is chosen and what is left out.

use serde_json::json;

use super::*;

fn document(version: &str, paths: Value, components: Value) -> Value {
    json!({ "openapi": version, "info": { "title": "t", "version": "1" }, "paths": paths, "components": components })
}

fn tools(root: Value) -> Vec<(Tool, Operation)> {
    super::read(root, &Only::default()).unwrap().tools
}

fn schema(tool: &Tool) -> Value {
    Value::Object(tool.input_schema.as_ref().clone())
}

#[test]
fn parameters_and_body_are_one_object() {
    let item = json!({
        "parameters": [{ "$ref": "#/components/parameters/id" }],
        "post": {
            "operationId": "pets.update", "summary": "Update a pet",
            "parameters": [
                { "name": "dry", "in": "query", "description": "Only try", "schema": { "type": "boolean" } },
                { "name": "X-Trace", "in": "header", "schema": { "type": "string" } },
                { "name": "Authorization", "in": "header", "required": true, "schema": { "type": "string" } },
                { "name": "session", "in": "cookie", "schema": { "type": "string" } },
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } } },
            "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } } } },
        },
    });
    let components = json!({
        "parameters": { "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } } },
        "schemas": { "Pet": {
            "type": "object", "required": ["name"], "example": { "name": "x" },
            "properties": {
                "name": { "type": "string", "nullable": true },
                "age": { "type": "integer", "minimum": 0, "exclusiveMinimum": true },
                "parent": { "$ref": "#/components/schemas/Pet" },
                "kind": { "nullable": true, "allOf": [{ "type": "string" }] },
            },
        } },
    });
    let tools = tools(document("3.0.3", json!({ "/pets/{id}": item }), components));
    let (tool, operation) = &tools[0];
    assert_eq!((tool.name.as_ref(), operation.method.as_str()), ("pets.update", "POST"));
    let input = schema(tool);
    assert_eq!(input["required"], json!(["id", "body"]));
    let names: Vec<&String> = input["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["X-Trace", "body", "dry", "id"]);
    assert_eq!(input["properties"]["body"], json!({ "$ref": "#/$defs/Pet" }));
    assert_eq!(input["properties"]["dry"]["description"], "Only try");
    let pet = &input["$defs"]["Pet"]["properties"];
    assert_eq!(pet["name"], json!({ "type": ["string", "null"] }));
    assert_eq!(pet["age"], json!({ "type": "integer", "exclusiveMinimum": 0 }));
    assert_eq!(pet["parent"], json!({ "$ref": "#/$defs/Pet" }));
    assert_eq!(pet["kind"], json!({ "anyOf": [{ "allOf": [{ "type": "string" }] }, { "type": "null" }] }));
    assert_eq!(input["additionalProperties"], false);
    let output = tool.output_schema.as_ref().unwrap();
    assert_eq!(output["type"], "object");
    assert_eq!(output["properties"]["parent"]["$ref"], "#/$defs/Pet");
    assert!(output["$defs"]["Pet"].is_object());
}

#[test]
fn names_are_made_safe_and_different() {
    let operation = |id: &str| json!({ "operationId": id, "responses": {} });
    let paths = json!({
        "/a": { "get": operation("list things!"), "delete": operation("list/things_") },
        "/a/{b}": { "get": { "parameters": [{ "name": "b", "in": "path" }], "responses": {} } },
    });
    let tools = tools(document("3.1.0", paths, json!({})));
    let names: Vec<&str> = tools.iter().map(|(tool, _)| tool.name.as_ref()).collect();
    assert_eq!(names, ["list_things", "list_things_2", "get_a_b"]);
    let hints = tools[1].0.annotations.as_ref().unwrap();
    assert_eq!(
        (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint),
        (Some(false), Some(true), Some(true))
    );
    assert_eq!(tools[0].0.annotations.as_ref().unwrap().read_only_hint, Some(true));
}

#[test]
fn tags_and_ids_choose_and_have_to_be_there() {
    let paths = json!({
        "/a": { "get": { "operationId": "a", "tags": ["x"] } },
        "/b": { "get": { "operationId": "b" } },
        "/c": { "get": { "operationId": "c" } },
    });
    let root = document("3.1.0", paths, json!({}));
    let only = |tags: &[&str], ids: &[&str]| Only {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        operations: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    let read = super::read(root.clone(), &only(&["x"], &["c"])).unwrap();
    let names: Vec<&str> = read.tools.iter().map(|(tool, _)| tool.name.as_ref()).collect();
    assert_eq!(names, ["a", "c"]);
    let error = super::read(root.clone(), &only(&["y"], &[])).unwrap_err();
    assert_eq!(error.to_string(), "it has no tag `y`");
    assert_eq!(super::read(root, &only(&[], &["z"])).unwrap_err().to_string(), "it has no operation `z`");
}

#[track_caller]
fn refused(root: Value, expected: &str) {
    let error = super::read(root, &Only::default()).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_cannot_be_used_is_said_with_its_place() {
    refused(json!({}), "`openapi` is missing");
    refused(json!({ "swagger": "2.0" }), "version 2");
    refused(json!({ "openapi": "4.0" }), "`4.0`");
    let circle = json!({ "/a": { "get": { "parameters": [{ "$ref": "#/components/parameters/p" }] } } });
    let parameters = json!({ "parameters": { "p": { "$ref": "#/components/parameters/p" } } });
    refused(document("3.1.0", circle, parameters), "round in a circle");
    let lost = json!({ "/a": { "get": { "parameters": [{ "$ref": "#/components/parameters/p" }] } } });
    refused(
        document("3.1.0", lost, json!({})),
        "at #/paths//a/get: `#/components/parameters/p` refers to nothing",
    );
    let other = json!({ "/a": { "get": { "parameters": [{ "$ref": "other.yaml#/x" }] } } });
    refused(document("3.1.0", other, json!({})), "another document");
    refused(document("3.1.0", json!({ "/a/{b}": { "get": {} } }), json!({})), "`{b}`");
}

#[test]
fn an_operation_that_cannot_be_carried_out_is_left_out_and_told() {
    let upload =
        json!({ "content": { "multipart/form-data": { "schema": { "type": "object" } } }, "required": true });
    let cookie = json!([{ "name": "s", "in": "cookie", "required": true }]);
    let paths = json!({ "/up": { "post": { "requestBody": upload } }, "/in": { "get": { "parameters": cookie } }, "/ok": { "get": {} } });
    let read = super::read(document("3.0.0", paths, json!({})), &Only::default()).unwrap();
    assert_eq!(read.tools.len(), 1);
    assert_eq!(
        read.left_out,
        ["GET /in: it needs `s` in a cookie", "POST /up: its body is neither JSON, a form nor text"]
    );
}
