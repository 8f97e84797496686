//! Whom a leader should meet in a week.

use sea_orm::entity::prelude::*;

/// Whom a leader should meet in a week.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Monday.
    pub week: Date,
    pub leader_id: i64,
    pub counterpart_id: i64,
    pub kind: String,
    pub status: String,
    pub distance: Option<i32>,
    pub branch_id: Option<i64>,
    pub band: Option<String>,
    /// JSON list of reasons with their numbers as of the draw.
    #[sea_orm(column_type = "Text")]
    pub reasons: String,
    /// Why it was invalidated.
    pub invalid_reason: Option<String>,
    /// The suggestion that this one replaced.
    pub replaces_id: Option<Uuid>,
    /// Of a PEER suggestion: the one made to the other side.
    pub twin_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
