//! Entering metrics: the name and the help of each beside the handle that its numbers are told to.

use std::fmt::Debug;

use prometheus_client::{
    encoding::EncodeMetric,
    metrics::info::Info,
    registry::{Registry, Unit},
};

use super::Labels;

/// Where metrics are entered.
pub(super) struct Book<'a>(&'a mut Registry);

impl<'a> Book<'a> {
    pub(super) fn new(registry: &'a mut Registry) -> Self {
        Self(registry)
    }

    /// Something that never changes.
    pub(super) fn info(&mut self, name: &str, help: &str, labels: Labels<3>) {
        self.0.register(name, help, Info::new(labels));
    }

    pub(super) fn add<M: Metric>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }

    pub(super) fn in_seconds<M: Metric>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register_with_unit(name, help, Unit::Seconds, metric.clone());
        metric
    }

    pub(super) fn in_bytes<M: Metric>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register_with_unit(name, help, Unit::Bytes, metric.clone());
        metric
    }
}

/// What can be entered: a handle on numbers.
pub(super) trait Metric: EncodeMetric + Clone + Send + Sync + Debug + 'static {}

impl<M: EncodeMetric + Clone + Send + Sync + Debug + 'static> Metric for M {}
