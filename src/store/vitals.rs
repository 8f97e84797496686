//! What the database has to say of how the program is doing: counts and instants of its own work, nothing of anybody.

use chrono::{DateTime, Utc};
use entity::{suggestion, sync_run, webhook, webhook_delivery, weekly_draw};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Snapshot, Store, StoreError, code::word};
use crate::{
    auth::scope::{Grant, action::Upkeep},
    domain::{
        sync::{SyncCounts, SyncStatus},
        webhook::DeliveryStatus,
        week::Week,
    },
};

/// How the program is doing, as the database has it.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    /// The newest week that was drawn, and how many suggestions were made for it.
    pub newest_draw: Option<(Week, u64)>,
    /// How many imports there were of each outcome, in the words of the API.
    pub sync_runs: Vec<(String, u64)>,
    /// When an import was last applied, and how many rows it had.
    pub last_sync: Option<(DateTime<Utc>, usize)>,
    /// How many messages to webhooks there are of each status, in the words of the API.
    pub deliveries: Vec<(String, u64)>,
    /// When the oldest of those was made that wait to be sent.
    pub oldest_pending: Option<DateTime<Utc>>,
    /// How many webhooks do not take what they are sent.
    pub failing_webhooks: u64,
}

/// A pool of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What it is for.
    pub name: &'static str,
    /// Connections that are open.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// The most that there may be.
    pub most: u32,
}

impl Store {
    /// Which database it is.
    pub fn kind(&self) -> &'static str {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => "postgresql",
            _ => "sqlite",
        }
    }

    /// The pools, as they are at the moment.
    pub fn pools(&self) -> [Pool; 2] {
        [("readers", &self.readers), ("writer", &self.writer)].map(|(name, pool)| {
            let (open, idle, most) = if self.writer.get_database_backend() == DbBackend::Postgres {
                let pool = pool.get_postgres_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            } else {
                let pool = pool.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            };
            let idle = u32::try_from(idle).unwrap_or(u32::MAX);
            Pool { name, open, idle, most }
        })
    }
}

impl Snapshot {
    /// How the program is doing.
    pub async fn vitals(&self, _grant: &Grant<Upkeep>) -> Result<Vitals, StoreError> {
        Ok(Vitals {
            newest_draw: self.newest_draw().await?,
            sync_runs: self.sync_outcomes().await?,
            last_sync: self.last_sync().await?,
            deliveries: self.delivery_statuses().await?,
            oldest_pending: self.oldest_pending().await?,
            failing_webhooks: self.failing_webhooks().await?,
        })
    }

    async fn newest_draw(&self) -> Result<Option<(Week, u64)>, StoreError> {
        let newest = weekly_draw::Entity::find().order_by_desc(weekly_draw::Column::Week);
        let Some(drawn) = newest.one(&self.tx).await? else {
            return Ok(None);
        };
        let suggestions = suggestion::Entity::find().filter(suggestion::Column::Week.eq(drawn.week));
        Ok(Some((Week::of(drawn.week), suggestions.count(&self.tx).await?)))
    }

    async fn sync_outcomes(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let select = sync_run::Entity::find()
            .select_only()
            .column(sync_run::Column::Status)
            .column_as(sync_run::Column::Number.count(), "runs")
            .group_by(sync_run::Column::Status);
        Ok(counts(select.into_tuple().all(&self.tx).await?))
    }

    async fn last_sync(&self) -> Result<Option<(DateTime<Utc>, usize)>, StoreError> {
        let applied = [SyncStatus::Applied, SyncStatus::AppliedWithErrors].map(|status| word(&status));
        let select = sync_run::Entity::find()
            .filter(sync_run::Column::Status.is_in(applied))
            .order_by_desc(sync_run::Column::Number)
            .select_only()
            .column(sync_run::Column::MadeAt)
            .column(sync_run::Column::Counts);
        let newest: Option<(DateTime<Utc>, String)> = select.into_tuple().one(&self.tx).await?;
        let read = |(at, text): (DateTime<Utc>, String)| {
            let counts: SyncCounts = serde_json::from_str(&text).map_err(|cause| StoreError::Row(cause.to_string()))?;
            Ok((at, counts.rows))
        };
        newest.map(read).transpose()
    }

    async fn delivery_statuses(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let select = webhook_delivery::Entity::find()
            .select_only()
            .column(webhook_delivery::Column::Status)
            .column_as(webhook_delivery::Column::Id.count(), "deliveries")
            .group_by(webhook_delivery::Column::Status);
        Ok(counts(select.into_tuple().all(&self.tx).await?))
    }

    async fn oldest_pending(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let select = webhook_delivery::Entity::find()
            .filter(webhook_delivery::Column::Status.eq(word(&DeliveryStatus::Pending)))
            .order_by_asc(webhook_delivery::Column::CreatedAt)
            .select_only()
            .column(webhook_delivery::Column::CreatedAt);
        Ok(select.into_tuple().one(&self.tx).await?)
    }

    async fn failing_webhooks(&self) -> Result<u64, StoreError> {
        let select = webhook::Entity::find()
            .filter(webhook::Column::FailingSince.is_not_null())
            .filter(webhook::Column::Enabled.eq(true));
        Ok(select.count(&self.tx).await?)
    }
}

fn counts(rows: Vec<(String, i64)>) -> Vec<(String, u64)> {
    let read = |(word, count): (String, i64)| (word, count.unsigned_abs());
    rows.into_iter().map(read).collect()
}
