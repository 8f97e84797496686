//! `/metrics`: how the program is doing, in the text format of Prometheus (`OpenMetrics`). docs/operating.md says what each number
//! means and which are worth an alert.
//!
//! Labels are words of closed sets, or names that were known when the server started. What a client or a person chose is never
//! one, so the number of series does not grow with them.

mod book;
mod known;
mod page;
mod vitals;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use tokio::sync::Mutex;

use self::book::{Book, Metric};
use super::visit::{Entrance, Told};
use crate::graphql::error::ErrorCode;

pub(super) use known::Known;
pub(super) use page::{routes, serve};
pub use vitals::Vitals;

/// Where the numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Nowhere.
    Off,
    /// At `/metrics`, beside everything else.
    Here,
    /// At `/metrics` of an address of their own.
    At(std::net::SocketAddr),
}

/// Every number of a server.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Kept>);

/// Names of labels with their values.
type Labels<const N: usize> = [(&'static str, String); N];

/// A gauge of seconds.
type Seconds = Gauge<f64, AtomicU64>;

/// A histogram without a function of its own for each, so that families of them can be compared and printed.
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

#[derive(Debug)]
struct Kept {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    durations: Histograms<2>,
    statements: Histograms<1>,
    cost: Histogram,
    errors: Family<Labels<2>, Counter>,
    pool_timeouts: Counter,
    in_flight: Gauge,
    draw_success: Seconds,
    draw_duration: Seconds,
    resident: Gauge,
    vitals: vitals::Gauges,
    /// When the database was last asked; held while it is.
    asked: Mutex<Option<Instant>>,
}

/// A request that was answered.
pub(super) struct Answered<'a> {
    pub(super) entrance: Entrance,
    pub(super) status: StatusCode,
    pub(super) took: Duration,
    pub(super) told: &'a Told,
    pub(super) statements: u32,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("skiplevel");
        let mut book = Book::new(&mut registry);
        let kept = Kept {
            requests: book.add("requests", "Requests answered", Family::default()),
            durations: book.in_seconds(
                "request_duration",
                "Time from the head of a request to its answer",
                Family::new_with_constructor(durations as fn() -> Histogram),
            ),
            statements: book.add(
                "request_statements",
                "Statements that a request took from the database",
                Family::new_with_constructor(statements as fn() -> Histogram),
            ),
            cost: book.add("operation_cost", "Cost of the operations asked for", costs()),
            errors: book.add("errors", "Answers with an error, by its code", Family::default()),
            pool_timeouts: book.add(
                "pool_timeouts",
                "Requests for which no connection to the database came free in time",
                Counter::default(),
            ),
            in_flight: book.add("requests_in_flight", "Requests under way", Gauge::default()),
            draw_success: book.in_seconds(
                "draw_last_success_timestamp",
                "When this server last saw to it that every week due was drawn",
                Seconds::default(),
            ),
            draw_duration: book.in_seconds(
                "draw_duration",
                "Time that this server's last draw took",
                Seconds::default(),
            ),
            resident: book.in_bytes("resident_memory", "Memory of the process", Gauge::default()),
            vitals: vitals::Gauges::new(&mut book),
            asked: Mutex::default(),
            registry,
        };
        for entrance in Entrance::ALL {
            kept.requests
                .get_or_create_owned(&requests(entrance, known::OTHER, "2xx"))
                .inc_by(0);
        }
        Self(Arc::new(kept))
    }
}

impl Metrics {
    /// This server has seen to it that every week due by `now` is drawn, and has `drawn` some in so much time, if any.
    pub fn saw_to_draws(&self, now: DateTime<Utc>, drawn: Option<Duration>) {
        self.0.draw_success.set(timestamp(now));
        if let Some(took) = drawn {
            self.0.draw_duration.set(took.as_secs_f64());
        }
    }

    /// Counts a request; `operation` is a name that was known from the start.
    pub(super) fn count(&self, answered: &Answered<'_>, operation: &str) {
        let Answered {
            entrance, status, told, ..
        } = *answered;
        let class = format!("{}xx", status.as_u16() / 100);
        self.0
            .requests
            .get_or_create(&requests(entrance, operation, &class))
            .inc();
        let labels = [
            ("door", entrance.as_str().to_owned()),
            ("operation", operation.to_owned()),
        ];
        let took = answered.took.as_secs_f64();
        self.0.durations.get_or_create(&labels).observe(took);
        // What was refused at the door says nothing about sessions.
        if answered.statements > 0 {
            let labels = [("door", entrance.as_str().to_owned())];
            let statements = self.0.statements.get_or_create(&labels);
            statements.observe(f64::from(answered.statements));
        }
        if let Some(cost) = told.cost {
            self.0.cost.observe(u32::try_from(cost).unwrap_or(u32::MAX).into());
        }
        if told.found_no_connection {
            self.0.pool_timeouts.inc();
        }
        let by_status = code_of(status).filter(|_| told.codes.is_empty());
        for code in told.codes.iter().copied().chain(by_status) {
            let labels = [
                ("door", entrance.as_str().to_owned()),
                ("code", code.as_str().to_owned()),
            ];
            self.0.errors.get_or_create(&labels).inc();
        }
    }

    /// Everything, as text.
    fn text(&self) -> Result<String, std::fmt::Error> {
        if let Some(bytes) = resident_memory() {
            self.0.resident.set(bytes);
        }
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

fn requests(entrance: Entrance, operation: &str, class: &str) -> Labels<3> {
    [
        ("door", entrance.as_str().to_owned()),
        ("operation", operation.to_owned()),
        ("status", class.to_owned()),
    ]
}

/// The code of a refusal that has none, as those of SCIM. What is not there or in conflict is an answer like any other.
fn code_of(status: StatusCode) -> Option<ErrorCode> {
    Some(match status.as_u16() {
        400 => ErrorCode::BadRequest,
        401 => ErrorCode::Unauthenticated,
        403 => ErrorCode::Forbidden,
        405 | 501 => ErrorCode::MethodNotAllowed,
        408 | 504 => ErrorCode::Timeout,
        413 => ErrorCode::PayloadTooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        429 => ErrorCode::RateLimited,
        503 => ErrorCode::ServiceUnavailable,
        500.. => ErrorCode::InternalServerError,
        _ => return None,
    })
}

fn durations() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ])
}

fn statements() -> Histogram {
    Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])
}

fn costs() -> Histogram {
    Histogram::new([1.0, 5.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2000.0])
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit for ages")]
fn timestamp(instant: DateTime<Utc>) -> f64 {
    instant.timestamp_millis() as f64 / 1000.0
}

/// Bytes that the process keeps in memory, where the system tells.
fn resident_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests;
