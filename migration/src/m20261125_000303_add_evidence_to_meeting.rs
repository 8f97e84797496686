//! Columns `meeting.evidence`, `meeting.source` and `meeting.external_id`.

use sea_orm_migration::{prelude::*, schema::*};

/// Columns `meeting.evidence`, why it counts as held, and `meeting.source` and `meeting.external_id`, by which a calendar
/// knows it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null("evidence"), text_null("source"), text_null("external_id")] {
            let alter = Table::alter().table("meeting").add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        let held = Query::update()
            .table("meeting")
            .value("evidence", "PARTICIPANT")
            .and_where(Expr::col("status").eq("HELD"))
            .to_owned();
        manager.execute(held).await?;
        manager
            .create_index(
                Index::create()
                    .name("meeting_by_source_external_id")
                    .table("meeting")
                    .col("source")
                    .col("external_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("meeting_by_source_external_id")
                    .table("meeting")
                    .to_owned(),
            )
            .await?;
        for column in ["evidence", "source", "external_id"] {
            let alter = Table::alter().table("meeting").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
