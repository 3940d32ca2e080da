//! Documents of the registry's shape, in and out: what becomes of remotes and packages, and what is asked for by name.

use std::collections::BTreeMap;

use policy::Document;

use super::ServerJson;
use super::export::{About, export, name_of};
use super::import::{self, Choices, Imported, Way};

const HOSTED: &str = include_str!("tests/hosted.json");
const BEFORE: &str = include_str!("tests/before.json");

fn imported(
    text: &str,
    way: &Way,
    given: &[(&str, &str)],
    stored: &[(&str, &str)],
) -> Result<Imported, Vec<String>> {
    let json = ServerJson::read(text).unwrap();
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let given: Vec<_> = given.iter().map(owned).collect();
    let stored: BTreeMap<_, _> = stored.iter().map(owned).collect();
    let name = import::name_of(&json);
    import::import(&json, &Choices { name: &name, way, given: &given, stored: &stored })
}

/// The entry as the document has it, without its first lines. It has to be one that a document can hold.
fn entry(imported: &Imported) -> String {
    let mut document = Document::default();
    document.servers.insert("s".to_owned(), imported.server.clone());
    let text = document.to_yaml();
    let problems = policy::parse(&text).unwrap().check();
    assert!(problems.is_empty(), "{problems}");
    text.lines().skip(2).map(str::trim).collect::<Vec<_>>().join("\n")
}

fn package(registry: &str) -> Way {
    Way::Package(registry.to_owned())
}

#[test]
fn a_remote_is_a_url_with_a_credential() {
    let imported = imported(HOSTED, &Way::Any, &[("region", "eu")], &[]).unwrap();
    assert_eq!(
        entry(&imported),
        "s:\nurl: https://eu.weather.example.com/mcp\ncredential: { bearer: { env: WEATHER_API_KEY } }"
    );
    assert_eq!(imported.needs, [("WEATHER_API_KEY".to_owned(), "Your key".to_owned())]);
    assert!(imported.notes[0].contains("X-Units"), "{:?}", imported.notes);
}

#[test]
fn packages_are_commands() {
    let npm =
        imported(HOSTED, &package("npm"), &[("folder", "/a"), ("folder", "/b")], &[("WEATHER_KEY", "key")]);
    let npm = npm.unwrap();
    let server = &npm.server;
    let words: Vec<&str> = server.command.as_ref().unwrap().iter().map(String::as_str).collect();
    assert_eq!(words, ["npx", "-y", "@example/weather-mcp@2.1.0", "--units", "metric", "/a", "/b"]);
    let env = "env:\nWEATHER_KEY: { stored: key }\nWEATHER_LEVEL: info";
    assert!(entry(&npm).ends_with(env), "{}", entry(&npm));
    assert!(npm.needs.is_empty());

    let pypi = imported(HOSTED, &package("pypi"), &[], &[]).unwrap();
    assert_eq!(pypi.server.command.unwrap(), ["uvx", "--python", "3.12", "weather-mcp@2.1.0"]);

    let oci = imported(HOSTED, &package("oci"), &[("source", "/srv")], &[]).unwrap();
    let mount = "type=bind,src=/srv,dst=/data";
    let image = "registry.example.com/weather:2.1.0";
    let expected = ["docker", "run", "-i", "--rm", "-e", "WEATHER_KEY", "--mount", mount, image];
    assert_eq!(oci.server.command.unwrap(), expected);
    assert_eq!(oci.needs[0].0, "WEATHER_KEY");
}

#[test]
fn documents_from_before_and_from_the_api_are_read() {
    let npm = imported(BEFORE, &Way::Any, &[], &[]).unwrap();
    assert_eq!(npm.server.command.unwrap(), ["npx", "-y", "@example/files-mcp@1.0.2", "/srv/files"]);
    let oci = imported(BEFORE, &package("oci"), &[], &[]).unwrap();
    assert_eq!(oci.server.command.unwrap(), ["docker", "run", "-i", "--rm", "example/files:1.0.2"]);
}

#[track_caller]
fn refused(way: &Way, given: &[(&str, &str)], expected: &[&str]) {
    let problems = imported(HOSTED, way, given, &[]).unwrap_err();
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for (problem, words) in problems.iter().zip(expected) {
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn everything_that_is_missing_or_wrong_is_named() {
    refused(&Way::Any, &[], &["--set region=…: Where"]);
    refused(
        &Way::Any,
        &[("region", "mars"), ("colour", "red")],
        &["`region` may be eu, us, not `mars`", "`colour`"],
    );
    refused(&package("npm"), &[], &["--set folder=…: Folders to read"]);
    refused(
        &package("npm"),
        &[("folder", "/a"), ("WEATHER_KEY", "hush")],
        &["does not belong on a command line"],
    );
    refused(&package("mcpb"), &[], &["no package of `mcpb`"]);
}

#[test]
fn a_server_without_a_way_that_can_be_used_says_which_there_are() {
    let text = r#"{ "name": "a/b", "remotes": [{ "type": "sse", "url": "https://h/sse" }],
        "packages": [{ "registryType": "npm", "identifier": "x", "transport": { "type": "streamable-http" } }] }"#;
    let problems = imported(text, &Way::Any, &[], &[]).unwrap_err();
    assert!(problems[0].contains("remote sse, package npm (streamable-http)"), "{problems:?}");
    let headers = r#"{ "name": "a/b", "remotes": [{ "type": "streamable-http", "url": "https://h/mcp", "headers": [
        { "name": "X-A", "isRequired": true }, { "name": "X-B", "isSecret": true }] }] }"#;
    let problems = imported(headers, &Way::Any, &[], &[]).unwrap_err();
    assert!(problems[0].contains("several headers (X-A, X-B)"), "{problems:?}");
}

#[test]
fn what_is_exported_can_be_imported() {
    let gateway = "https://gw.example.com";
    let about = About {
        name: name_of(gateway, "tickets"),
        description: "Tickets".to_owned(),
        version: "1.0.0",
        gateway,
    };
    let text = serde_json::to_string(&export(&about, &["/tickets/mcp".to_owned()])).unwrap();
    assert!(text.contains("\"name\":\"com.example.gw/tickets\""), "{text}");
    let imported = imported(&text, &Way::Any, &[], &[]).unwrap();
    assert_eq!(
        entry(&imported),
        "s:\nurl: https://gw.example.com/tickets/mcp\ncredential: { bearer: { env: TICKETS_API_KEY } }"
    );
}
