//! Table `reporting_line`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `reporting_line`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("reporting_line")
                    .col(uuid("id").primary_key())
                    .col(big_integer("report_id"))
                    .col(big_integer("manager_id"))
                    .col(text("kind"))
                    .col(date("valid_from"))
                    .col(date_null("valid_to"))
                    .foreign_key(&mut references("reporting_line", "report_id", "person"))
                    .foreign_key(&mut references("reporting_line", "manager_id", "person"))
                    .check(Expr::col("report_id").ne(Expr::col("manager_id")))
                    .check(
                        Expr::col("valid_to")
                            .is_null()
                            .or(Expr::col("valid_to").gt(Expr::col("valid_from"))),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("reporting_line_by_report_kind_valid_from")
                    .table("reporting_line")
                    .col("report_id")
                    .col("kind")
                    .col("valid_from")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("reporting_line_by_manager")
                    .table("reporting_line")
                    .col("manager_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("reporting_line").to_owned())
            .await
    }
}
