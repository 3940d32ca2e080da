//! On what the figures were taken, and of what.

use std::fs;
use std::process::Command;

use anyhow::Context;
use serde::Serialize;

use crate::child::Cores;
use crate::gateway::options::Options;
use crate::gateway::stage::{Stage, Variant};

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    date: String,
    processor: String,
    kernel: String,
    cores: Cores,
    envoy: String,
    /// The commit this was built from; empty outside a work tree.
    revision: String,
    /// Size of the filter's module, where it was measured.
    filter_bytes: Option<u64>,
}

impl Machine {
    pub(crate) fn describe(stage: &Stage, options: &Options) -> anyhow::Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let version = output(Command::new(&options.envoy).arg("--version"));
        let number = version.split_once("version: ").and_then(|(_, version)| version.split('/').nth(1));
        let number = number.context("`envoy --version` shows no version")?;
        let measured = options.variants.contains(&Variant::Trigate);
        Ok(Self {
            date: output(Command::new("date").args(["--utc", "+%Y-%m-%d"])),
            processor: model.map_or("unknown processor", |(_, model)| model).to_owned(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            cores: stage.cores.clone(),
            envoy: number.to_owned(),
            revision: output(Command::new("git").args(["rev-parse", "--short", "HEAD"])),
            filter_bytes: if measured { Some(fs::metadata(&options.filter)?.len()) } else { None },
        })
    }

    /// One paragraph.
    pub(crate) fn markdown(&self) -> String {
        let filter =
            self.filter_bytes.map(|bytes| format!(", filter of {} KiB", bytes / 1024)).unwrap_or_default();
        let revision =
            if self.revision.is_empty() { String::new() } else { format!(", revision {}", self.revision) };
        let cores = if self.cores.are_apart() {
            format!("Envoy on core {}, everything else on {}.", self.cores.tested, self.cores.rest)
        } else {
            "**There is one core only, shared by everything: the ratios are not comparable with those of two.**".to_owned()
        };
        format!(
            "{}: Envoy {}{filter}{revision}; {}, Linux {}. {cores}",
            self.date, self.envoy, self.processor, self.kernel
        )
    }
}

/// What a program prints, or nothing where it cannot be run.
fn output(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}
