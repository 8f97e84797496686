//! One leave of a person; both days are absent.

use sea_orm::entity::prelude::*;

/// One leave of a person; both days are absent.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: i64,
    pub start_date: Date,
    pub end_date: Option<Date>,
    /// The time-off system that told of it; none where it follows from a status word of the HR system.
    pub source: Option<String>,
    /// Its id there.
    pub external_id: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
