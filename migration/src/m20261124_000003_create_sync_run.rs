//! Table `sync_run`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `sync_run`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sync_run")
                    .col(big_integer("number").primary_key())
                    .col(uuid("uid").unique_key())
                    .col(text("source"))
                    .col(text("mode"))
                    .col(text("status"))
                    .col(boolean("dry_run"))
                    .col(boolean("admins_only"))
                    .col(date("as_of"))
                    .col(text("plan_hash"))
                    .col(text("counts"))
                    .col(text("blocked"))
                    .col(text("issues"))
                    .col(timestamp_with_time_zone("made_at"))
                    .col(text("made_by"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("sync_run_by_source")
                    .table("sync_run")
                    .col("source")
                    .col("number")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sync_run").to_owned()).await
    }
}
