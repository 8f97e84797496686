//! Table `load_claim`; its primary key is the load cap of one skip-level a person and ISO week.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `load_claim`; its primary key is the load cap of one skip-level a person and ISO week.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("load_claim")
                    .col(big_integer("person_id"))
                    .col(date("week"))
                    .col(date("day"))
                    .col(big_integer("leader_id"))
                    .col(uuid_null("suggestion_id"))
                    .col(uuid_null("meeting_id"))
                    .primary_key(Index::create().col("person_id").col("week"))
                    .foreign_key(&mut references("load_claim", "person_id", "person"))
                    .foreign_key(&mut references("load_claim", "leader_id", "person"))
                    .foreign_key(&mut references("load_claim", "suggestion_id", "suggestion"))
                    .foreign_key(&mut references("load_claim", "meeting_id", "meeting"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("load_claim_by_week")
                    .table("load_claim")
                    .col("week")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("load_claim_by_suggestion")
                    .table("load_claim")
                    .col("suggestion_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("load_claim_by_meeting")
                    .table("load_claim")
                    .col("meeting_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("load_claim").to_owned()).await
    }
}
