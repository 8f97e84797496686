//! Column `meeting.cancel_reason`.

use sea_orm_migration::{prelude::*, schema::*};

/// Column `meeting.cancel_reason`: why it was cancelled, where neither of the two did it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = text_null("cancel_reason");
        let alter = Table::alter().table("meeting").add_column(&mut column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("meeting").drop_column("cancel_reason").to_owned();
        manager.alter_table(alter).await
    }
}
