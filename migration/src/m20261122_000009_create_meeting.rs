//! Table `meeting`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `meeting`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("meeting")
                    .col(uuid("id").primary_key())
                    .col(big_integer("leader_id"))
                    .col(big_integer("counterpart_id"))
                    .col(text("kind"))
                    .col(text("status"))
                    .col(text("origin"))
                    .col(integer_null("distance"))
                    .col(big_integer_null("branch_id"))
                    .col(text_null("band"))
                    .col(date_null("day"))
                    .col(timestamp_with_time_zone_null("starts_at"))
                    .col(timestamp_with_time_zone_null("ends_at"))
                    .col(timestamp_with_time_zone_null("held_at"))
                    .col(uuid_null("suggestion_id"))
                    .col(date_null("closed_on"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("meeting", "leader_id", "person"))
                    .foreign_key(&mut references("meeting", "counterpart_id", "person"))
                    .foreign_key(&mut references("meeting", "suggestion_id", "suggestion"))
                    .check(Expr::col("leader_id").ne(Expr::col("counterpart_id")))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("meeting_by_leader_counterpart")
                    .table("meeting")
                    .col("leader_id")
                    .col("counterpart_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("meeting_by_counterpart_kind_status_day")
                    .table("meeting")
                    .col("counterpart_id")
                    .col("kind")
                    .col("status")
                    .col("day")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("meeting_by_day")
                    .table("meeting")
                    .col("day")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("meeting_by_suggestion")
                    .table("meeting")
                    .col("suggestion_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("meeting").to_owned()).await
    }
}
