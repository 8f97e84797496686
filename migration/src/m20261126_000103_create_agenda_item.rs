//! Table `agenda_item`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::references;

/// Table `agenda_item`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("agenda_item")
                    .col(uuid("id").primary_key())
                    .col(uuid("meeting_id"))
                    .col(big_integer_null("author_id"))
                    .col(integer("number"))
                    .col(boolean("done"))
                    .col(boolean("removed"))
                    .col(text("key_id"))
                    .col(binary("sealed"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("agenda_item", "meeting_id", "meeting"))
                    .foreign_key(&mut references("agenda_item", "author_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("agenda_item_by_meeting")
                    .table("agenda_item")
                    .col("meeting_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("agenda_item").to_owned()).await
    }
}
