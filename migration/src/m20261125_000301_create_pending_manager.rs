//! Table `pending_manager`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `pending_manager`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("pending_manager")
                    .col(big_integer("person_id"))
                    .col(text("source"))
                    .col(text_null("external_id"))
                    .col(text_null("email"))
                    .col(date("valid_from"))
                    .primary_key(Index::create().col("person_id").col("source"))
                    .foreign_key(&mut references("pending_manager", "person_id", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("pending_manager").to_owned())
            .await
    }
}
