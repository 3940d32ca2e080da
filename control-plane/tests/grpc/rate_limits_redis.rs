//! Shared limits in a real Redis: counted together by several control planes, kept when those restart, and lost with it.

use std::{
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use control_plane::{Options, Redis};
use proto::ratelimit::{
    RateLimitDescriptor, RateLimitUnit, rate_limit_descriptor::RateLimitOverride, rate_limit_response::Code,
};
use tempfile::TempDir;

use crate::{
    harness::{Plane, eventually},
    rate_limits::{ask, check_all_or_none, check_parallel, descriptor},
};

/// A Redis of the test's own, on a socket in its directory.
struct Server {
    process: Child,
    directory: TempDir,
}

impl Server {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let process = spawn(directory.path());
        let server = Self { process, directory };
        server.serves().await;
        server
    }

    async fn serves(&self) {
        let socket = socket(self.directory.path());
        eventually(|| std::future::ready(UnixStream::connect(&socket).is_ok())).await;
    }

    /// It loses all it has.
    async fn restart(&mut self) {
        self.process = spawn(self.directory.path());
        self.serves().await;
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    async fn plane(&self) -> Plane {
        let url = format!("redis+unix://{}", socket(self.directory.path()).display());
        let redis = Some(url.parse().unwrap());
        Plane::open(tempfile::tempdir().unwrap(), Options { redis, ..Options::default() }).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn socket(directory: &Path) -> PathBuf {
    directory.join("redis.sock")
}

fn spawn(directory: &Path) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--save", "", "--appendonly", "no", "--dir"]).arg(directory);
    command.arg("--unixsocket").arg(socket(directory)).stdout(Stdio::null());
    command.spawn().expect("redis-server is installed: make tools")
}

#[tokio::test]
async fn of_parallel_questions_to_two_control_planes_exactly_the_count_passes() {
    let server = Server::start().await;
    let planes = [server.plane().await, server.plane().await];
    let clients = planes.each_ref().map(|plane| plane.rate_limits(&plane.tokens.node));
    // A control plane that starts later knows the counts.
    let late = server.plane().await;
    check_parallel(&clients, &late.rate_limits(&late.tokens.node)).await;
}

#[tokio::test]
async fn what_one_limit_refuses_no_other_counts() {
    let server = Server::start().await;
    let plane = server.plane().await;
    check_all_or_none(&plane.rate_limits(&plane.tokens.node)).await;
}

#[tokio::test]
async fn a_count_begins_anew_when_its_time_is_over() {
    let server = Server::start().await;
    let plane = server.plane().await;
    let client = plane.rate_limits(&plane.tokens.node);
    let limit = Some(RateLimitOverride { requests_per_unit: 1, unit: RateLimitUnit::Second.into() });
    let once = || vec![RateLimitDescriptor { limit, ..descriptor("cc", "s", 1) }];
    assert_eq!(ask(&client, once()).await.unwrap().overall_code(), Code::Ok);
    // No later question lengthens it.
    eventually(|| async { ask(&client, once()).await.unwrap().overall_code() == Code::Ok }).await;
}

#[tokio::test]
async fn a_redis_that_is_gone_or_silent_counts_nothing_and_one_that_is_back_counts_again() {
    let mut server = Server::start().await;
    let plane = server.plane().await;
    let client = plane.rate_limits(&plane.tokens.node);
    let question = || vec![descriptor("dd", "s", 1_000)];
    let fails = || async { ask(&client, question()).await.unwrap_err().code() };
    let passes =
        || async { ask(&client, question()).await.is_ok_and(|said| said.overall_code() == Code::Ok) };
    assert!(passes().await);
    server.signal("-STOP");
    assert_eq!(fails().await, tonic::Code::Unavailable);
    assert_eq!(fails().await, tonic::Code::Unavailable);
    server.signal("-CONT");
    eventually(passes).await;
    server.kill();
    for _ in 0..20 {
        assert_eq!(fails().await, tonic::Code::Unavailable);
    }
    server.restart().await;
    eventually(passes).await;
}

#[tokio::test]
async fn a_control_plane_that_finds_no_redis_serves_all_else() {
    let redis = Some("redis+unix:///nowhere/redis.sock".parse().unwrap());
    let options = Options { redis, ..Options::default() };
    let plane = Plane::open(tempfile::tempdir().unwrap(), options).await;
    assert_eq!(plane.apply(crate::harness::EMPTY).await, 1);
    let client = plane.rate_limits(&plane.tokens.node);
    let refused = ask(&client, vec![descriptor("ab", "s", 1)]).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unavailable);
}

#[test]
fn what_is_no_url_of_a_redis_is_refused_without_its_password() {
    for url in ["", "http://user:secret@host", "redis://user:secret@", "rediss://user:secret@host"] {
        let error = url.parse::<Redis>().unwrap_err().to_string();
        assert!(error.contains("redis://") && !error.contains("secret"), "{error}");
    }
    let redis = "redis://user:secret@host".parse::<Redis>().unwrap();
    assert!(!format!("{redis:?}").contains("secret"));
}
