//! Table `peer_edge`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `peer_edge`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("peer_edge")
                    .col(uuid("id").primary_key())
                    .col(big_integer("low_id"))
                    .col(big_integer("high_id"))
                    .col(text("state"))
                    .col(text("origin"))
                    .col(text_null("low_word"))
                    .col(text_null("high_word"))
                    .col(integer("skips"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .foreign_key(&mut references("peer_edge", "low_id", "person"))
                    .foreign_key(&mut references("peer_edge", "high_id", "person"))
                    .check(Expr::col("low_id").lt(Expr::col("high_id")))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("peer_edge_by_pair")
                    .table("peer_edge")
                    .col("low_id")
                    .col("high_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("peer_edge_by_high")
                    .table("peer_edge")
                    .col("high_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("peer_edge").to_owned()).await
    }
}
