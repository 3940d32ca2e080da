//! The root context: one per worker. Keeps the policy and makes HTTP contexts.

use std::{rc::Rc, time::Duration};

use node::Worker;
use proxy_wasm::{
    traits::{Context, HttpContext, RootContext},
    types::ContextType,
};

use crate::{
    config::{Config, Mode, Source},
    counters::Shared,
    host,
    http::{Http, Surroundings},
    metrics::Metrics,
    streams::Streams,
};

/// How often streams are looked after, decisions leave and metrics are reported.
const TICK: Duration = Duration::from_millis(50);

/// One worker's root, before and after it has a configuration.
#[derive(Default)]
pub(crate) struct Root(Option<Node>);

/// A configured worker.
struct Node {
    around: Surroundings,
    /// To the control plane, where there is one.
    streams: Option<Streams>,
    /// None where the policy is in the configuration: hosts without streams may have no metrics either, and end a filter that
    /// asks for them.
    metrics: Option<Metrics>,
}

impl Node {
    fn new(config: &Config) -> Self {
        let worker = Rc::new(Worker::new(&config.node, host::entropy()).counting_in(Box::new(Shared)));
        worker.look_at_clock(host::now_ms());
        let control_plane = match &config.source {
            Source::ControlPlane(control_plane) => Some(Rc::clone(control_plane)),
            Source::Snapshot(bytes) => {
                if let (_, Some(reason)) = worker.on_snapshot(bytes) {
                    host::log(&reason);
                }
                None
            }
        };
        let streams = control_plane.as_ref().map(|to| Streams::new(&worker, to));
        let around = Surroundings { worker, mode: config.mode, access_log: config.access_log, control_plane };
        let metrics = streams.is_some().then(Metrics::define);
        Self { around, streams, metrics }
    }

    fn tick(&mut self) {
        let worker = &self.around.worker;
        worker.look_at_clock(host::now_ms());
        let age_ms = match &mut self.streams {
            Some(streams) => streams.tick(),
            None => {
                worker.lines().iter().for_each(|line| host::tell(line));
                0
            }
        };
        worker.renew();
        if let Some(metrics) = &mut self.metrics {
            metrics.report(worker, age_ms);
        }
    }
}

impl Context for Root {
    fn on_grpc_stream_message(&mut self, stream: u32, size: usize) {
        let bytes = host::received(size);
        if let Some(streams) = self.0.as_mut().and_then(|node| node.streams.as_mut()) {
            streams.on_message(stream, &bytes);
        }
    }

    fn on_grpc_stream_close(&mut self, stream: u32, status: u32) {
        if let Some(streams) = self.0.as_mut().and_then(|node| node.streams.as_mut()) {
            streams.on_close(stream, status);
        }
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        match Config::parse(&host::plugin_configuration()) {
            Ok(config) => {
                self.0 = Some(Node::new(&config));
                host::tick_every(TICK);
            }
            // Accepted all the same: a filter that refuses its configuration can take the whole listener down. Without
            // a policy it denies everything, which is what a broken configuration deserves.
            Err(error) => host::log(&error.to_string()),
        }
        true
    }

    fn on_tick(&mut self) {
        if let Some(node) = &mut self.0 {
            node.tick();
        }
    }

    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        let around = self.0.as_ref().map(|node| node.around.clone());
        Some(Box::new(Http::new(around.unwrap_or_else(|| Surroundings {
            worker: Rc::new(Worker::new("unconfigured", host::entropy())),
            // A request that is refused with its head needs no keeping.
            mode: Mode::Strict,
            access_log: false,
            control_plane: None,
        }))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
