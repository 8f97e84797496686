//! Table `empty_slot`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `empty_slot`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("empty_slot")
                    .col(date("week"))
                    .col(big_integer("leader_id"))
                    .col(text("code"))
                    .col(date_null("next_week"))
                    .primary_key(Index::create().col("week").col("leader_id"))
                    .foreign_key(&mut references("empty_slot", "leader_id", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("empty_slot").to_owned()).await
    }
}
