//! Table `employment`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `employment`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("employment")
                    .col(uuid("id").primary_key())
                    .col(big_integer("person_id"))
                    .col(date("start_date"))
                    .col(date_null("end_date"))
                    .foreign_key(&mut references("employment", "person_id", "person"))
                    .check(
                        Expr::col("end_date")
                            .is_null()
                            .or(Expr::col("end_date").gte(Expr::col("start_date"))),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("employment_by_person_start_date")
                    .table("employment")
                    .col("person_id")
                    .col("start_date")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("employment").to_owned()).await
    }
}
