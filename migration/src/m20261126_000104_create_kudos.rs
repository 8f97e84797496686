//! Table `kudos`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::references;

/// Table `kudos`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("kudos")
                    .col(uuid("id").primary_key())
                    .col(uuid("meeting_id"))
                    .col(big_integer("author_id"))
                    .col(big_integer("person_id"))
                    .col(text("key_id"))
                    .col(binary("sealed"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .foreign_key(&mut references("kudos", "meeting_id", "meeting"))
                    .foreign_key(&mut references("kudos", "author_id", "person"))
                    .foreign_key(&mut references("kudos", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("kudos_by_meeting_author")
                    .table("kudos")
                    .col("meeting_id")
                    .col("author_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("kudos_by_person_sent_at")
                    .table("kudos")
                    .col("person_id")
                    .col("sent_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("kudos").to_owned()).await
    }
}
