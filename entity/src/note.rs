//! A note on a meeting, sealed.

use sea_orm::entity::prelude::*;

/// A note on a meeting, sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    pub author_id: i64,
    /// PRIVATE or SHARED; never changes.
    pub visibility: String,
    /// Name of the key it is sealed with.
    pub key_id: String,
    /// The nonce, then the ciphertext with its tag.
    pub sealed: Vec<u8>,
    /// How often it was written; part of what it is sealed with.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
