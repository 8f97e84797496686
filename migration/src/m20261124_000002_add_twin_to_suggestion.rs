//! Column `suggestion.twin_id`.

use sea_orm_migration::{prelude::*, schema::*};

/// Column `suggestion.twin_id`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = uuid_null("twin_id");
        let alter = Table::alter().table("suggestion").add_column(&mut column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("suggestion").drop_column("twin_id").to_owned();
        manager.alter_table(alter).await
    }
}
