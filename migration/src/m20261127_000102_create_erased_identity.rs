//! Table `erased_identity`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `erased_identity`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("erased_identity")
                    .col(text("mark").primary_key())
                    .col(big_integer("person_id"))
                    .col(timestamp_with_time_zone("erased_at"))
                    .foreign_key(&mut references("erased_identity", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("erased_identity_by_person")
                    .table("erased_identity")
                    .col("person_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("erased_identity").to_owned())
            .await
    }
}
