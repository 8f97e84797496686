//! A key that texts are sealed with: its name, and a known text sealed by it. The newest has the highest number.

use sea_orm::entity::prelude::*;

/// A key that texts are sealed with: its name, and a known text sealed by it. The newest has the highest number.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub number: i32,
    pub canary: Vec<u8>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
