//! Table `participation`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `participation`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("participation")
                    .col(big_integer("person_id").primary_key())
                    .col(boolean("opted_out"))
                    .col(date_null("snoozed_until"))
                    .col(date("silent_since"))
                    .foreign_key(&mut references("participation", "person_id", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("participation").to_owned())
            .await
    }
}
