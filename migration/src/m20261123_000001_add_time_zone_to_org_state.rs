//! Column `org_state.time_zone`.

use sea_orm_migration::{prelude::*, schema::*};

/// Column `org_state.time_zone`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = text_null("time_zone");
        let alter = Table::alter().table("org_state").add_column(&mut column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("org_state").drop_column("time_zone").to_owned();
        manager.alter_table(alter).await
    }
}
