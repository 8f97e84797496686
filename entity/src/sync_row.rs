//! What became of one row of an import.

use sea_orm::entity::prelude::*;

/// What became of one row of an import.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_row")]
pub struct Model {
    /// `sync_run.number`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i64,
    /// Counts the rows of the run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub action: String,
    /// Of the gravest finding; none without findings.
    pub severity: Option<String>,
    /// Whom it is about; of a run that was not applied, a new person has none.
    pub person_id: Option<i64>,
    /// JSON.
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}
