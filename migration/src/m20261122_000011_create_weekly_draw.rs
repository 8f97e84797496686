//! Table `weekly_draw`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `weekly_draw`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("weekly_draw")
                    .col(date("week").primary_key())
                    .col(timestamp_with_time_zone("drawn_at"))
                    .col(big_integer("org_version"))
                    .col(big_integer("settings_version"))
                    .col(big_integer("seed"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("weekly_draw").to_owned()).await
    }
}
