//! Table `calendar_feed`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `calendar_feed`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("calendar_feed")
                    .col(big_integer("person_id").primary_key())
                    .col(text("secret_hash").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("calendar_feed", "person_id", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("calendar_feed").to_owned())
            .await
    }
}
