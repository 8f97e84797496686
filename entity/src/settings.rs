//! One version of the organisation's settings; the newest is in force.

use sea_orm::entity::prelude::*;

/// One version of the organisation's settings; the newest is in force.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub value: String,
    pub changed_at: DateTimeUtc,
    /// Principal who changed them.
    pub changed_by: String,
}

impl ActiveModelBehavior for ActiveModel {}
