//! One entry of the audit log.

use sea_orm::entity::prelude::*;

/// One entry of the audit log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Counts the entries from 1, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: DateTimeUtc,
    pub actor: String,
    pub action: String,
    /// Public id of what it was done to.
    pub subject: Option<Uuid>,
    /// JSON: codes, ids and numbers by name.
    pub details: String,
    /// Names the key it is sealed with; empty for none.
    pub key: String,
    /// Seals the entry together with the seal of the one before it.
    pub mac: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
