//! Table `settings`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `settings`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("settings")
                    .col(big_integer("version").primary_key())
                    .col(text("value"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .col(text("changed_by"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("settings").to_owned()).await
    }
}
