//! By what a source knew somebody who was erased, so that an import does not bring them back.

use sea_orm::entity::prelude::*;

/// By what a source knew somebody who was erased, so that an import does not bring them back.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erased_identity")]
pub struct Model {
    /// HMAC of source and external id under the database's own key, in lower case hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: String,
    /// The pseudonym that is left of them.
    pub person_id: i64,
    pub erased_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
