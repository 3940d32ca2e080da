//! From a `server.json` to an entry of `servers`.
//!
//! Nothing is guessed: what has to be given and is not, is named. Secrets are never values, they become references to the
//! control plane's environment or store.

use std::collections::BTreeMap;

use policy::document::{Credential, HeaderCredential, SecretSource, Server, Variable};

use super::inputs::Inputs;
use super::{Input, Package, Remote, ServerJson};

/// Which of the ways to a server is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// A remote if there is one that can be used, else a package.
    Any,
    /// A remote.
    Remote,
    /// A package of this registry, such as npm.
    Package(String),
}

/// An entry, and what whoever runs the control plane has to see to.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) server: Server,
    /// Variables of the control plane's environment that the entry refers to, with what they hold.
    pub(crate) needs: Vec<(String, String)>,
    /// What was left out, and why.
    pub(crate) notes: Vec<String>,
}

/// What is asked for beside the document.
#[derive(Debug)]
pub(crate) struct Choices<'c> {
    /// The name the server will have.
    pub(crate) name: &'c str,
    pub(crate) way: &'c Way,
    /// Values of inputs.
    pub(crate) given: &'c [(String, String)],
    /// Secrets that are in the store, by input.
    pub(crate) stored: &'c BTreeMap<String, String>,
}

/// Makes an entry, or says everything that stands in the way.
pub(crate) fn import(json: &ServerJson, choices: &Choices<'_>) -> Result<Imported, Vec<String>> {
    let mut making = Making {
        choices,
        inputs: Inputs::new(choices.given),
        imported: Imported { server: Server::default(), needs: Vec::new(), notes: Vec::new() },
    };
    let remote = json.remotes.iter().find(|remote| is_streamable(&remote.kind));
    let package = |wanted: Option<&str>| {
        let fits = |package: &&Package| wanted.is_none_or(|wanted| kind(package) == wanted);
        json.packages.iter().filter(fits).find(|package| is_run(package))
    };
    match choices.way {
        Way::Any | Way::Remote if remote.is_some() => {
            remote.into_iter().for_each(|remote| making.remote(remote));
        }
        Way::Remote => making.inputs.refuse("it has no remote that speaks Streamable HTTP".to_owned()),
        Way::Any => match package(None) {
            Some(package) => making.package(package),
            None => making.inputs.refuse(nothing(json)),
        },
        Way::Package(wanted) => match package(Some(wanted)) {
            Some(package) => making.package(package),
            None => making.inputs.refuse(format!(
                "it has no package of `{wanted}` on standard input and output that can be run here"
            )),
        },
    }
    let problems = making.inputs.problems();
    if problems.is_empty() { Ok(making.imported) } else { Err(problems) }
}

/// The name for a server where none was given: the last part of the registry's.
pub(crate) fn name_of(json: &ServerJson) -> String {
    let last = json.name.rsplit('/').next().unwrap_or_default();
    let plain = |char: char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '-' };
    let name: String = last.chars().map(plain).take(64).collect();
    name.trim_matches('-').to_owned()
}

fn is_streamable(kind: &str) -> bool {
    matches!(kind, "streamable-http" | "streamable")
}

/// The registry of a package, by its present name.
fn kind(package: &Package) -> &str {
    if package.registry_type == "docker" { "oci" } else { &package.registry_type }
}

/// Whether a package is one that can be run here.
fn is_run(package: &Package) -> bool {
    let speaks = package.transport.as_ref().is_none_or(|transport| transport.kind == "stdio");
    speaks && matches!(kind(package), "npm" | "pypi" | "oci" | "nuget")
}

fn nothing(json: &ServerJson) -> String {
    let remotes = json.remotes.iter().map(|remote| format!("remote {}", remote.kind));
    let packages = json.packages.iter().map(|package| {
        let speaks = package.transport.as_ref().map_or("stdio", |transport| transport.kind.as_str());
        format!("package {} ({speaks})", package.registry_type)
    });
    let there: Vec<String> = remotes.chain(packages).collect();
    if there.is_empty() {
        return "it has neither remotes nor packages".to_owned();
    }
    format!(
        "none of its ways can be used here ({}); remotes have to speak streamable-http, packages of npm, pypi, oci or nuget stdio",
        there.join(", ")
    )
}

struct Making<'m> {
    choices: &'m Choices<'m>,
    inputs: Inputs,
    imported: Imported,
}

impl Making<'_> {
    fn remote(&mut self, remote: &Remote) {
        self.imported.server.url = Some(self.inputs.filled(&remote.url, &remote.variables));
        let (needed, optional): (Vec<&Input>, Vec<&Input>) =
            remote.headers.iter().partition(|header| header.is_required || header.is_secret);
        for header in optional {
            self.imported.notes.push(format!(
                "the header `{}` is left out: a gateway sends no header but one credential",
                header.name
            ));
        }
        match needed.as_slice() {
            [] => {}
            [header] => self.imported.server.credential = Some(self.credential(header)),
            several => {
                let names: Vec<&str> = several.iter().map(|header| header.name.as_str()).collect();
                self.inputs.refuse(format!(
                    "it wants several headers ({}), and a gateway sends one credential",
                    names.join(", ")
                ));
            }
        }
    }

    /// A header as a credential: `Bearer {token}` is one that is known by its form.
    fn credential(&mut self, header: &Input) -> Credential {
        let template = header.value.as_deref().unwrap_or_default();
        let secrets = header.variables.iter().filter(|(name, _)| template.contains(&format!("{{{name}}}")));
        let variable = secrets.map(|(name, variable)| (name.clone(), variable.clone())).next();
        let is_authorization = header.name.eq_ignore_ascii_case("authorization");
        if let (true, Some(rest), Some((name, variable))) =
            (is_authorization, template.strip_prefix("Bearer "), &variable)
            && rest == format!("{{{name}}}")
        {
            return Credential::Bearer(self.secret(name, variable));
        }
        let name = variable.map_or_else(|| header.name.clone(), |(name, _)| name);
        let described = match template {
            "" => header.description.clone(),
            template => format!("the whole value of the header, `{template}`"),
        };
        let input = Input { description: described, ..header.clone() };
        let value = self.secret(&name, &input);
        Credential::Header(HeaderCredential { name: header.name.clone(), value })
    }

    /// Where a secret is kept: in the store if that was said, else in a variable named after it.
    fn secret(&mut self, name: &str, input: &Input) -> SecretSource {
        if let Some(stored) = self.choices.stored.get(name) {
            return SecretSource::Stored(stored.clone());
        }
        let plain = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_uppercase() } else { '_' };
        let variable: String = format!("{}_{name}", self.choices.name).chars().map(plain).collect();
        self.imported.needs.push((variable.clone(), input.description.clone()));
        SecretSource::Env(variable)
    }

    fn package(&mut self, package: &Package) {
        for input in &package.environment_variables {
            let name = &input.name;
            let variable = if input.is_secret {
                if !self.inputs.given(name, input).is_empty() {
                    continue;
                }
                if !input.is_required && !self.choices.stored.contains_key(name) {
                    self.imported.notes.push(format!("the secret `{name}` may be left out, and is"));
                    continue;
                }
                Variable::Kept(match self.choices.stored.get(name) {
                    Some(stored) => SecretSource::Stored(stored.clone()),
                    None => {
                        self.imported.needs.push((name.clone(), input.description.clone()));
                        SecretSource::Env(name.clone())
                    }
                })
            } else {
                match self.inputs.value(name, input) {
                    Some(value) => Variable::Text(value),
                    None => continue,
                }
            };
            self.imported.server.env.insert(name.clone(), variable);
        }
        self.imported.server.command = Some(self.command(package));
    }

    fn command(&mut self, package: &Package) -> Vec<String> {
        let runtime: Vec<String> =
            package.runtime_arguments.iter().flat_map(|argument| self.inputs.words(argument)).collect();
        let own: Vec<String> =
            package.package_arguments.iter().flat_map(|argument| self.inputs.words(argument)).collect();
        let hint = |usual: &str| match package.runtime_hint.as_str() {
            "" => usual.to_owned(),
            hint => hint.to_owned(),
        };
        let word = str::to_owned;
        let (id, version) = (&package.identifier, &package.version);
        let versioned =
            |sign: &str| if version.is_empty() { id.clone() } else { format!("{id}{sign}{version}") };
        let before: Vec<String> = match kind(package) {
            "npm" => {
                let program = hint("npx");
                let asks = program == "npx" && !runtime.iter().any(|word| word == "-y" || word == "--yes");
                let agreed = asks.then(|| word("-y"));
                [program].into_iter().chain(runtime).chain(agreed).chain([versioned("@")]).collect()
            }
            "oci" => {
                let passed = self.imported.server.env.keys().flat_map(|name| [word("-e"), name.clone()]);
                let start = [hint("docker"), word("run"), word("-i"), word("--rm")];
                // The reference of an image has its tag, but in older documents.
                let tagged = id.rsplit('/').next().is_some_and(|last| last.contains([':', '@']));
                let image = if tagged { id.clone() } else { versioned(":") };
                start.into_iter().chain(passed).chain(runtime).chain([image]).collect()
            }
            "nuget" => {
                let start = [hint("dnx"), versioned("@")];
                start.into_iter().chain(runtime).chain([word("--yes"), word("--")]).collect()
            }
            _ => [hint("uvx")].into_iter().chain(runtime).chain([versioned("@")]).collect(),
        };
        before.into_iter().chain(own).collect()
    }
}
