//! Table `sync_row`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `sync_row`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sync_row")
                    .col(big_integer("run"))
                    .col(big_integer("number"))
                    .col(text("action"))
                    .col(text_null("severity"))
                    .col(big_integer_null("person_id"))
                    .col(text("detail"))
                    .primary_key(Index::create().col("run").col("number"))
                    .foreign_key(ForeignKey::create().from("sync_row", "run").to("sync_run", "number"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sync_row").to_owned()).await
    }
}
