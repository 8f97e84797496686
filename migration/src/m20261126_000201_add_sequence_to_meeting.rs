//! Column `meeting.sequence`.

use sea_orm_migration::{prelude::*, schema::*};

/// Column `meeting.sequence`, by which a calendar tells the newest invitation to a meeting.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = integer("sequence").default(0).take();
        let alter = Table::alter().table("meeting").add_column(&mut column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("meeting").drop_column("sequence").to_owned();
        manager.alter_table(alter).await
    }
}
