//! One import from an HR system, planned or applied.

use sea_orm::entity::prelude::*;

/// One import from an HR system, planned or applied.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_run")]
pub struct Model {
    /// Counts the runs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Public id.
    pub uid: Uuid,
    pub source: String,
    pub mode: String,
    pub status: String,
    pub dry_run: bool,
    /// Whether it may name people of other sources.
    pub admins_only: bool,
    pub as_of: Date,
    pub plan_hash: String,
    /// JSON.
    pub counts: String,
    /// JSON.
    pub blocked: String,
    /// JSON: all findings, those about rows included.
    pub issues: String,
    pub made_at: DateTimeUtc,
    pub made_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
