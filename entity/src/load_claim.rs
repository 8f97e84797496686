//! One person's skip-level in one ISO week: the primary key is the load cap.

use sea_orm::entity::prelude::*;

/// One person's skip-level in one ISO week: the primary key is the load cap.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "load_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Monday.
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: Date,
    /// Day of the meeting; the Monday while only the week is known.
    pub day: Date,
    pub leader_id: i64,
    pub suggestion_id: Option<Uuid>,
    pub meeting_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
