//! Where to say that the change feed has gone on.

use sea_orm::entity::prelude::*;

/// Where to say that the change feed has gone on.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub url: String,
    pub description: Option<String>,
    /// Signs messages.
    pub secret: Vec<u8>,
    pub enabled: bool,
    /// When the first attempt failed of those since the last success.
    pub failing_since: Option<DateTimeUtc>,
    /// `change_event.seq` up to which it was told.
    pub told: i64,
    pub created_at: DateTimeUtc,
    pub created_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
