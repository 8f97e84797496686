//! Table `webhook_delivery`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::references;

/// Table `webhook_delivery`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhook_delivery")
                    .col(uuid("id").primary_key())
                    .col(uuid("webhook_id"))
                    .col(big_integer("number"))
                    .col(big_integer("up_to"))
                    .col(text("status"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("next_attempt_at"))
                    .col(timestamp_with_time_zone_null("leased_until"))
                    .col(integer_null("response_status"))
                    .col(text_null("error"))
                    .foreign_key(&mut references("webhook_delivery", "webhook_id", "webhook"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("webhook_delivery_by_webhook")
                    .table("webhook_delivery")
                    .col("webhook_id")
                    .col("number")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("webhook_delivery_by_status")
                    .table("webhook_delivery")
                    .col("status")
                    .col("next_attempt_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("webhook_delivery").to_owned())
            .await
    }
}
