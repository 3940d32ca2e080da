//! What the kernel knows of a process: CPU time used so far, memory held now.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

/// CPU time of all threads of a process, to the nanosecond as the scheduler counts it.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let tasks = PathBuf::from(format!("/proc/{pid}/task"));
    let mut total = 0_u64;
    for task in fs::read_dir(&tasks).with_context(|| format!("no process {pid}"))? {
        // A thread that ends meanwhile takes its share along; the programs measured here keep theirs.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        total += text.split_whitespace().next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(total))
}

/// Memory of a process in KiB.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub(crate) struct Memory {
    /// All that is resident.
    pub(crate) resident_kib: u64,
    /// The part that belongs to no file.
    pub(crate) anonymous_kib: u64,
}

impl Memory {
    /// Of a process, now.
    pub(crate) fn of(pid: u32) -> anyhow::Result<Self> {
        let status =
            fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("no process {pid}"))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
                .with_context(|| format!("/proc/{pid}/status has no `{name}`"))
        };
        Ok(Self { resident_kib: field("VmRSS:")?, anonymous_kib: field("RssAnon:")? })
    }
}

/// The cores this process may run on.
pub(crate) fn cores() -> anyhow::Result<Vec<u32>> {
    let status = fs::read_to_string("/proc/self/status").context("cannot read /proc/self/status")?;
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or("0");
    Ok(cores_of(list))
}

fn cores_of(list: &str) -> Vec<u32> {
    let mut cores = Vec::new();
    for part in list.trim().split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) {
            cores.extend(first..=last);
        }
    }
    cores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_cores_holds_numbers_and_ranges() {
        assert_eq!(cores_of("\t0-1,4,6-7\n"), [0, 1, 4, 6, 7]);
    }

    #[test]
    fn this_process_has_used_time_and_memory() {
        let pid = std::process::id();
        assert!(cpu_time(pid).unwrap() > Duration::ZERO);
        let memory = Memory::of(pid).unwrap();
        assert!(memory.resident_kib >= memory.anonymous_kib && memory.anonymous_kib > 0);
    }
}
