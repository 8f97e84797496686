//! A week that was drawn, and from what.

use sea_orm::entity::prelude::*;

/// A week that was drawn, and from what.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_draw")]
pub struct Model {
    /// Monday.
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: Date,
    pub drawn_at: DateTimeUtc,
    /// `org_state.version` at the newest run over this week.
    pub org_version: i64,
    /// Version of the settings at the newest run that found something.
    pub settings_version: i64,
    pub seed: i64,
}

impl ActiveModelBehavior for ActiveModel {}
