//! A thank-you, sealed.

use sea_orm::entity::prelude::*;

/// A thank-you, sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kudos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    pub author_id: i64,
    /// Whom it thanks.
    pub person_id: i64,
    /// Name of the key it is sealed with.
    pub key_id: String,
    /// The nonce, then the ciphertext with its tag.
    pub sealed: Vec<u8>,
    /// How often it was written; part of what it is sealed with.
    pub version: i32,
    pub created_at: DateTimeUtc,
    /// When its author sent it on; none while it is theirs alone.
    pub sent_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
