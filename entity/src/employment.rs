//! One spell of employment.

use sea_orm::entity::prelude::*;

/// One spell of employment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: i64,
    /// First working day.
    pub start_date: Date,
    /// Last working day.
    pub end_date: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
