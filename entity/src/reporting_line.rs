//! One effective-dated line between a report and a manager, `[valid_from, valid_to)`.

use sea_orm::entity::prelude::*;

/// One effective-dated line between a report and a manager, `[valid_from, valid_to)`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub report_id: i64,
    pub manager_id: i64,
    pub kind: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
