//! The id by which one source knows a person.

use sea_orm::entity::prelude::*;

/// The id by which one source knows a person.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Case-sensitive text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
