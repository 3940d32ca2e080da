//! `trigate policy`: the document and its revisions.

mod snapshot;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use policy::{Catalogue, Problems};
use proto::v1::{
    ApplyPolicyRequest, DiffPolicyRequest, GetPolicyRequest, ListRevisionsRequest, Revision,
    RollBackPolicyRequest,
};
use serde_json::{Value, json};

use crate::args::{Format, FormatArgs, Shared};
use crate::command::role::changed;
use crate::failure::{InvalidDocument, Unacceptable};
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, Admin, answer};

/// What can be done with documents.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a document the newest revision
    Apply(Apply),
    /// Compare revisions, or a revision with a file
    Diff(Diff),
    /// List the revisions, newest first
    History(History),
    /// Make an older revision's document the newest revision
    #[command(visible_alias = "roll-back")]
    Rollback(Rollback),
    /// Print the document of a revision
    Show(Show),
    /// Print what a gateway gets, as the configuration of a filter whose host cannot reach a control plane
    Snapshot(snapshot::Snapshot),
    /// Run the cases of a document's `tests:`; needs no control plane
    Test(Test),
    /// Check a document and change nothing; needs no control plane
    Validate(Validate),
}

/// Options of `trigate policy apply`.
#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The document, or - for standard input
    file: PathBuf,
    /// Why, for the history
    #[arg(long, default_value = "")]
    comment: String,
    /// Refuse unless this is the newest revision
    #[arg(long, value_name = "REVISION", default_value_t = 0, hide_default_value = true)]
    expect_revision: u64,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate policy diff`.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// Revision to compare from; the one before the newest by default
    from: Option<u64>,
    /// Revision to compare with; the newest by default
    #[arg(conflicts_with = "file")]
    to: Option<u64>,
    /// Compare with this document instead of a revision; from the newest revision by default
    #[arg(long)]
    file: Option<PathBuf>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate policy history`.
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    /// Show this many (0 = all)
    #[arg(long, default_value_t = 20)]
    limit: u32,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate policy rollback`.
#[derive(Debug, clap::Args)]
pub(crate) struct Rollback {
    /// The revision to go back to
    revision: u64,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate policy show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Revision; the newest by default
    #[arg(default_value_t = 0, hide_default_value = true)]
    revision: u64,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate policy test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// The document, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    format: FormatArgs,
}

/// Options of `trigate policy validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Validate {
    /// The document, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    format: FormatArgs,
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Apply(args) => args.run().await,
            Command::Diff(args) => args.run().await,
            Command::History(args) => args.run().await,
            Command::Rollback(args) => args.run().await,
            Command::Show(args) => args.run().await,
            Command::Snapshot(args) => args.run().await,
            Command::Test(args) => args.run(),
            Command::Validate(args) => args.run(),
        }
    }
}

impl Test {
    fn run(&self) -> anyhow::Result<()> {
        let source = policy::parse(&read_valid(&self.file)?).map_err(anyhow::Error::from)?;
        let count = source.document.tests.len();
        let failures = source.run_cases(Arc::new(Catalogue::default())).map_err(anyhow::Error::from)?;
        let file = name(&self.file);
        match self.format.output {
            Format::Json => {
                output::json(&json!({ "cases": count, "failures": to_json(&failures) }))?;
            }
            Format::Table => {
                for failure in failures.iter() {
                    output::line(&output::printable(&format!("{file}:{failure}")))?;
                }
            }
        }
        let failed = failures.len();
        if failed > 0 {
            return Err(Unacceptable::Cases { file, failed, count }.into());
        }
        if self.format.output == Format::Table {
            output::line(&format!("{count} cases of `{file}` came out as they expect"))?;
        }
        Ok(())
    }
}

impl Validate {
    fn run(&self) -> anyhow::Result<()> {
        let document = read(&self.file)?;
        let problems = problems_of(&document);
        let json = self.format.output == Format::Json;
        if json {
            output::json(&json!({ "valid": problems.is_empty(), "problems": to_json(&problems) }))?;
        }
        if !problems.is_empty() {
            return Err(invalid(&self.file, &problems).into());
        }
        if !json {
            output::line(&format!("`{}` is valid", name(&self.file)))?;
        }
        Ok(())
    }
}

impl Apply {
    async fn run(self) -> anyhow::Result<()> {
        let document = read_valid(&self.file)?;
        let mut admin = self.shared.target.connect(Absent::Create).await?;
        let request =
            ApplyPolicyRequest { document, comment: self.comment, expected_revision: self.expect_revision };
        let applied = answer(admin.client.apply_policy(request).await)?;
        changed(self.shared.format.output, &applied, &format!("`{}` applied", name(&self.file)))
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let shown = answer(admin.client.get_policy(GetPolicyRequest { revision: self.revision }).await)?;
        match self.shared.format.output {
            Format::Json => {
                let mut value = shown.revision.as_ref().map_or_else(|| json!({}), revision_json);
                if let Value::Object(members) = &mut value {
                    members.insert("document".to_owned(), json!(shown.document));
                }
                output::json(&value)?;
            }
            Format::Table => output::text(&shown.document)?,
        }
        Ok(())
    }
}

impl History {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let revisions = revisions(&mut admin, self.limit).await?;
        match self.shared.format.output {
            Format::Json => output::json(&revisions.iter().map(revision_json).collect::<Value>())?,
            Format::Table => {
                let mut sheet = Sheet::new(&["revision", "time", "comment", "digest"]);
                for revision in &revisions {
                    let digest = revision.digest.chars().take(12).collect();
                    let time = instant::for_people(revision.time.as_ref());
                    sheet.row([revision.revision.to_string(), time, revision.comment.clone(), digest]);
                }
                sheet.print("no revision yet: `trigate policy apply FILE` makes the first")?;
            }
        }
        Ok(())
    }
}

impl Diff {
    async fn run(self) -> anyhow::Result<()> {
        let document = self.file.as_deref().map(read_valid).transpose()?.unwrap_or_default();
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let newest: Vec<u64> =
            revisions(&mut admin, 2).await?.iter().map(|revision| revision.revision).collect();
        let (newest, before) = match newest.as_slice() {
            [] => bail!("there is no revision yet: `trigate policy apply FILE` makes the first"),
            [only] => (*only, *only),
            [newest, before, ..] => (*newest, *before),
        };
        let from = self.from.unwrap_or(if self.file.is_some() { newest } else { before });
        let to = if self.file.is_some() { 0 } else { self.to.unwrap_or(newest) };
        let diff = answer(admin.client.diff_policy(DiffPolicyRequest { from, to, document }).await)?;
        match self.shared.format.output {
            Format::Json => output::json(&json!({ "from": from, "to": to, "unified": diff.unified }))?,
            Format::Table if diff.unified.is_empty() => output::line("no difference")?,
            Format::Table => output::text(&diff.unified)?,
        }
        Ok(())
    }
}

impl Rollback {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let request = RollBackPolicyRequest { revision: self.revision };
        let applied = answer(admin.client.roll_back_policy(request).await)?;
        changed(
            self.shared.format.output,
            &applied,
            &format!("back to the document of revision {}", self.revision),
        )
    }
}

async fn revisions(admin: &mut Admin, limit: u32) -> anyhow::Result<Vec<Revision>> {
    Ok(answer(admin.client.list_revisions(ListRevisionsRequest { limit }).await)?.revisions)
}

fn revision_json(revision: &Revision) -> Value {
    json!({
        "revision": revision.revision,
        "time": instant::for_programs(revision.time.as_ref()),
        "comment": revision.comment,
        "digest": revision.digest,
    })
}

/// The text of a document that has no problem.
pub(crate) fn read_valid(file: &Path) -> anyhow::Result<String> {
    let document = read(file)?;
    let problems = problems_of(&document);
    if problems.is_empty() { Ok(document) } else { Err(invalid(file, &problems).into()) }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let outcome = if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(file).map(|read| bytes = read)
    };
    outcome.with_context(|| format!("cannot read `{}`", name(file)))?;
    String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("`{}` is not UTF-8 text", name(file)))
}

fn problems_of(document: &str) -> Problems {
    match policy::parse(document) {
        Ok(source) => {
            let problems = control_plane::check(&source);
            // Claims of keys are in the document itself; what tools declare, only a control plane knows.
            if problems.is_empty() { source.check_data(&Catalogue::default()) } else { problems }
        }
        Err(problems) => problems,
    }
}

fn invalid(file: &Path, problems: &Problems) -> InvalidDocument {
    let name = name(file);
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {name}:{problem}")).collect();
    InvalidDocument { source_name: name, count: problems.len(), lines: lines.join("\n") }
}

fn to_json(problems: &Problems) -> Value {
    let each = problems.iter().map(|problem| {
        json!({ "line": problem.line, "column": problem.column, "path": problem.path, "message": problem.message })
    });
    each.collect()
}

fn name(file: &Path) -> String {
    if file == Path::new("-") { "<stdin>".to_owned() } else { file.display().to_string() }
}
