//! A slot of a leader for which the draw found nobody, and why.

use sea_orm::entity::prelude::*;

/// A slot of a leader for which the draw found nobody, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "empty_slot")]
pub struct Model {
    /// Monday.
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub leader_id: i64,
    pub code: String,
    /// Monday of the next week in which there will be somebody.
    pub next_week: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
