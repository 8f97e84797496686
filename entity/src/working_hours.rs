//! When a person works, where they say it themselves.

use sea_orm::entity::prelude::*;

/// When a person works, where they say it themselves; what is none is as the settings have it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "working_hours")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Like `09:00`, on the clock where they are.
    pub start_time: Option<String>,
    /// Given with the start, or not at all.
    pub end_time: Option<String>,
    /// JSON: a list of days of the week.
    pub days: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
