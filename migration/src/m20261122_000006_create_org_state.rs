//! Table `org_state` with its one row.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `org_state` with its one row.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("org_state")
                    .col(integer("id").primary_key())
                    .col(big_integer("version"))
                    .col(date_null("derived_from"))
                    .col(date_null("next_boundary"))
                    .col(big_integer("next_person_key"))
                    .col(binary("cursor_key"))
                    .col(big_integer("draw_seed"))
                    .check(Expr::col("id").eq(1))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("org_state").to_owned()).await
    }
}
