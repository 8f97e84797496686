//! Table `note`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::references;

/// Table `note`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("note")
                    .col(uuid("id").primary_key())
                    .col(uuid("meeting_id"))
                    .col(big_integer("author_id"))
                    .col(text("visibility"))
                    .col(text("key_id"))
                    .col(binary("sealed"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("note", "meeting_id", "meeting"))
                    .foreign_key(&mut references("note", "author_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("note_by_meeting_author")
                    .table("note")
                    .col("meeting_id")
                    .col("author_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("note").to_owned()).await
    }
}
