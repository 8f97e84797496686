//! Column `person.tokens_valid_after`.

use sea_orm_migration::{prelude::*, schema::*};

/// Column `person.tokens_valid_after`: up to when their tokens were taken back, if they were.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = timestamp_with_time_zone_null("tokens_valid_after");
        let alter = Table::alter().table("person").add_column(&mut column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter()
            .table("person")
            .drop_column("tokens_valid_after")
            .to_owned();
        manager.alter_table(alter).await
    }
}
