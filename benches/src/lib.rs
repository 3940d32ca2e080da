//! Load generator, upstream and the gateway benchmark.
