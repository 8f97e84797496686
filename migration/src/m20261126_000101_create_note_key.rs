//! Table `note_key`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `note_key`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("note_key")
                    .col(text("id").primary_key())
                    .col(integer("number").unique_key())
                    .col(binary("canary"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("note_key").to_owned()).await
    }
}
