//! Columns `absence.source` and `absence.external_id`.

use sea_orm_migration::{prelude::*, schema::*};

/// Columns `absence.source` and `absence.external_id`: of those that a time-off system told of. Several sources may tell
/// of absences that begin on one day.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null("source"), text_null("external_id")] {
            let alter = Table::alter().table("absence").add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager
            .drop_index(
                Index::drop()
                    .name("absence_by_person_start_date")
                    .table("absence")
                    .to_owned(),
            )
            .await?;
        manager.create_index(by_person().to_owned()).await?;
        manager
            .create_index(
                Index::create()
                    .name("absence_by_source_external_id")
                    .table("absence")
                    .col("source")
                    .col("external_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let told = Query::delete()
            .from_table("absence")
            .and_where(Expr::col("source").is_not_null())
            .to_owned();
        manager.execute(told).await?;
        for index in ["absence_by_source_external_id", "absence_by_person_start_date"] {
            manager
                .drop_index(Index::drop().name(index).table("absence").to_owned())
                .await?;
        }
        for column in ["source", "external_id"] {
            let alter = Table::alter().table("absence").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        manager.create_index(by_person().unique().to_owned()).await
    }
}

fn by_person() -> IndexCreateStatement {
    Index::create()
        .name("absence_by_person_start_date")
        .table("absence")
        .col("person_id")
        .col("start_date")
        .to_owned()
}
