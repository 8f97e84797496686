//! What is read when somebody looks: from the database, its pools and the issuer's keys.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use prometheus_client::metrics::{family::Family, gauge::Gauge};

use super::{Book, Labels, Metric, Seconds, timestamp};
use crate::{
    app::{self, Pool, newest_migration},
    http::jwks::Health,
};

/// How what is behind the door is doing.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    /// Which database it is.
    pub database: &'static str,
    /// Its pools.
    pub pools: Vec<Pool>,
    /// What it says; none if it does not answer.
    pub work: Option<app::Vitals>,
    /// How the issuer's keys are doing, if tokens are checked with such.
    pub keys: Option<Health>,
}

/// The numbers that follow from them.
#[derive(Debug)]
pub(super) struct Gauges {
    database: Family<Labels<1>, Gauge>,
    answers: Gauge,
    connections: Family<Labels<2>, Gauge>,
    most_connections: Family<Labels<1>, Gauge>,
    draw_week: Seconds,
    draw_suggestions: Gauge,
    sync_runs: Family<Labels<1>, Gauge>,
    sync_success: Seconds,
    sync_rows: Gauge,
    deliveries: Family<Labels<1>, Gauge>,
    oldest_delivery: Seconds,
    failing_webhooks: Gauge,
    keys: Gauge,
    keys_success: Seconds,
    keys_rounds: Gauge,
    keys_failures: Gauge,
}

impl Gauges {
    pub(super) fn new(book: &mut Book<'_>) -> Self {
        let build = [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            (
                "commit",
                option_env!("SKIPLEVEL_COMMIT").unwrap_or("unknown").to_owned(),
            ),
            ("schema", newest_migration()),
        ];
        book.info("build", "The program", build);
        Self {
            database: gauge(book, "database", "Which database it is: 1"),
            answers: gauge(
                book,
                "database_answers",
                "Whether the database answered within 2 seconds",
            ),
            connections: gauge(book, "pool_connections", "Open connections to the database"),
            most_connections: gauge(book, "pool_connections_max", "The most connections there may be"),
            draw_week: book.in_seconds(
                "draw_newest_week_timestamp",
                "The Monday of the newest week that was drawn",
                Seconds::default(),
            ),
            draw_suggestions: gauge(
                book,
                "draw_suggestions",
                "Suggestions made for the newest week that was drawn",
            ),
            sync_runs: gauge(book, "sync_runs", "Imports that were planned or applied, by outcome"),
            sync_success: book.in_seconds(
                "sync_last_success_timestamp",
                "When an import was last applied",
                Seconds::default(),
            ),
            sync_rows: gauge(book, "sync_last_rows", "Rows of the import that was last applied"),
            deliveries: gauge(book, "webhook_deliveries", "Messages to webhooks, by status"),
            oldest_delivery: book.in_seconds(
                "webhook_oldest_pending_age",
                "Age of the oldest message that waits to be sent",
                Seconds::default(),
            ),
            failing_webhooks: gauge(book, "webhooks_failing", "Webhooks that do not take what they are sent"),
            keys: gauge(book, "jwks_keys", "Keys of the issuer that tokens are checked with"),
            keys_success: book.in_seconds(
                "jwks_last_success_timestamp",
                "When the issuer's keys were last fetched",
                Seconds::default(),
            ),
            keys_rounds: gauge(book, "jwks_rounds", "How often the issuer's keys were to be fetched"),
            keys_failures: gauge(book, "jwks_failures", "How often they could not be"),
        }
    }

    pub(super) fn set(&self, vitals: &Vitals, now: DateTime<Utc>) {
        set(&self.database, [("kind", vitals.database)], 1);
        for pool in &vitals.pools {
            let state = |state| [("pool", pool.name), ("state", state)];
            set(&self.connections, state("idle"), pool.idle.into());
            set(
                &self.connections,
                state("used"),
                pool.open.saturating_sub(pool.idle).into(),
            );
            set(&self.most_connections, [("pool", pool.name)], pool.most.into());
        }
        self.answers.set(vitals.work.is_some().into());
        if let Some(work) = &vitals.work {
            self.set_work(work, now);
        }
        if let Some(keys) = &vitals.keys {
            self.set_keys(keys, now);
        }
    }

    fn set_work(&self, work: &app::Vitals, now: DateTime<Utc>) {
        if let Some((week, suggestions)) = work.newest_draw {
            let monday = week.starts_on().and_time(NaiveTime::MIN).and_utc();
            self.draw_week.set(timestamp(monday));
            self.draw_suggestions.set(number(suggestions));
        }
        for (status, runs) in &work.sync_runs {
            set(&self.sync_runs, [("outcome", status)], *runs);
        }
        if let Some((at, rows)) = work.last_sync {
            self.sync_success.set(timestamp(at));
            self.sync_rows.set(number(rows as u64));
        }
        // A status that nothing has, or has any more, is told as none.
        for status in ["PENDING", "DELIVERED", "FAILED"] {
            set(&self.deliveries, [("status", status)], 0);
        }
        for (status, deliveries) in &work.deliveries {
            set(&self.deliveries, [("status", status)], *deliveries);
        }
        let age = work.oldest_pending.map_or(TimeDelta::zero(), |oldest| now - oldest);
        self.oldest_delivery.set(age.as_seconds_f64().max(0.0));
        self.failing_webhooks.set(number(work.failing_webhooks));
    }

    fn set_keys(&self, keys: &Health, now: DateTime<Utc>) {
        self.keys.set(number(keys.keys as u64));
        self.keys_rounds.set(number(keys.rounds));
        self.keys_failures.set(number(keys.failures));
        if let Some(fetched) = keys.last_success {
            self.keys_success.set(timestamp(now) - fetched.elapsed().as_secs_f64());
        }
    }
}

fn gauge<M: Metric + Default>(book: &mut Book<'_>, name: &str, help: &str) -> M {
    book.add(name, help, M::default())
}

fn set<const N: usize>(family: &Family<Labels<N>, Gauge>, labels: [(&'static str, &str); N], value: u64) {
    let labels = labels.map(|(name, value)| (name, value.to_owned()));
    family.get_or_create(&labels).set(number(value));
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
