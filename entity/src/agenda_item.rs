//! An item of a meeting's agenda, sealed.

use sea_orm::entity::prelude::*;

/// An item of a meeting's agenda, sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub meeting_id: Uuid,
    /// Who added it; none of the questions that it starts from.
    pub author_id: Option<i64>,
    /// Its place on the agenda.
    pub number: i32,
    pub done: bool,
    /// A question that was removed must not come back.
    pub removed: bool,
    /// Name of the key it is sealed with.
    pub key_id: String,
    /// The nonce, then the ciphertext with its tag.
    pub sealed: Vec<u8>,
    /// How often it was written; part of what it is sealed with.
    pub version: i32,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
