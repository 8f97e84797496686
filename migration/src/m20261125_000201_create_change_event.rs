//! Table `change_event`.

use sea_orm_migration::{prelude::*, schema::*};

/// Table `change_event`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("change_event")
                    .col(big_integer("seq").primary_key())
                    .col(uuid_uniq("uid"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("kind"))
                    .col(big_integer_null("person_id"))
                    .col(big_integer_null("related_person_id"))
                    .col(big_integer_null("run"))
                    .col(big_integer_null("line"))
                    .col(text_null("source"))
                    .col(text("detail"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("change_event").to_owned()).await
    }
}
