//! Table `suggestion`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `suggestion`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("suggestion")
                    .col(uuid("id").primary_key())
                    .col(date("week"))
                    .col(big_integer("leader_id"))
                    .col(big_integer("counterpart_id"))
                    .col(text("kind"))
                    .col(text("status"))
                    .col(integer_null("distance"))
                    .col(big_integer_null("branch_id"))
                    .col(text_null("band"))
                    .col(text("reasons"))
                    .col(text_null("invalid_reason"))
                    .col(uuid_null("replaces_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut references("suggestion", "leader_id", "person"))
                    .foreign_key(&mut references("suggestion", "counterpart_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suggestion_by_leader_week")
                    .table("suggestion")
                    .col("leader_id")
                    .col("week")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suggestion_by_counterpart")
                    .table("suggestion")
                    .col("counterpart_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suggestion_by_week")
                    .table("suggestion")
                    .col("week")
                    .col("id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("suggestion").to_owned()).await
    }
}
