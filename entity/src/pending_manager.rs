//! A manager that a source named before anybody knew them.

use sea_orm::entity::prelude::*;

/// A manager that a source named before anybody knew them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_manager")]
pub struct Model {
    /// Who waits for them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Their id at the source; none where they were named by `email`.
    pub external_id: Option<String>,
    pub email: Option<String>,
    /// From when on they are the manager.
    pub valid_from: Date,
}

impl ActiveModelBehavior for ActiveModel {}
