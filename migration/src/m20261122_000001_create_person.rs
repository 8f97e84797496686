//! Table `person`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::*;

/// Table `person`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("person")
                    .col(big_integer("id").primary_key())
                    .col(uuid_uniq("uid"))
                    .col(text("name"))
                    .col(ordered_text(manager, "name_key").not_null())
                    .col(text_null("email"))
                    .col(text_null("email_key"))
                    .col(text_null("title"))
                    .col(text_null("department"))
                    .col(text_null("location"))
                    .col(text_null("time_zone"))
                    .col(text("status"))
                    .col(ordered_text(manager, "path"))
                    .col(integer_null("depth"))
                    .col(big_integer_null("manager_id"))
                    .col(boolean("interim").default(false))
                    .col(integer("report_count").default(0))
                    .col(integer("below_count").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("person_by_path")
                    .table("person")
                    .col("path")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("person_by_name_key")
                    .table("person")
                    .col("name_key")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("person_by_email_key")
                    .table("person")
                    .col("email_key")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("person_by_manager")
                    .table("person")
                    .col("manager_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("person").to_owned()).await
    }
}
