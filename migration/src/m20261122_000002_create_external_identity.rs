//! Table `external_identity`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `external_identity`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("external_identity")
                    .col(text("source"))
                    .col(text("external_id"))
                    .col(big_integer("person_id"))
                    .primary_key(Index::create().col("source").col("external_id"))
                    .foreign_key(&mut references("external_identity", "person_id", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("external_identity_by_person")
                    .table("external_identity")
                    .col("person_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("external_identity").to_owned())
            .await
    }
}
