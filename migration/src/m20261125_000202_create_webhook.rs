//! Table `webhook`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `webhook`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhook")
                    .col(uuid("id").primary_key())
                    .col(text("url"))
                    .col(text_null("description"))
                    .col(binary("secret"))
                    .col(boolean("enabled"))
                    .col(timestamp_with_time_zone_null("failing_since"))
                    .col(big_integer("told"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(text("created_by"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("webhook").to_owned()).await
    }
}
