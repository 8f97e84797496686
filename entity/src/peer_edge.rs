//! What holds between two peers; a pair has one row at most.

use sea_orm::entity::prelude::*;

/// What holds between two peers; a pair has one row at most.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "peer_edge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The smaller key of the two.
    pub low_id: i64,
    pub high_id: i64,
    pub state: String,
    pub origin: String,
    /// What the one with the smaller key last said.
    pub low_word: Option<String>,
    pub high_word: Option<String>,
    /// Skips since the two last met or said that they want to.
    pub skips: i32,
    pub created_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
