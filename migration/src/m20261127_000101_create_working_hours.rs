//! Table `working_hours`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `working_hours`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("working_hours")
                    .col(big_integer("person_id").primary_key())
                    .col(text_null("start_time"))
                    .col(text_null("end_time"))
                    .col(text_null("days"))
                    .foreign_key(&mut references("working_hours", "person_id", "person"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("working_hours").to_owned())
            .await
    }
}
