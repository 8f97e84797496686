//! Index `meeting_by_leader_counterpart`, with all that reports count.

use sea_orm_migration::prelude::*;

/// Index `meeting_by_leader_counterpart_kind_status_day` in the place of `meeting_by_leader_counterpart`, which it begins with:
/// reports read a year of meetings out of it and nothing else.
#[derive(DeriveMigrationName)]
pub struct Migration;

const OLD: &str = "meeting_by_leader_counterpart";
const NEW: &str = "meeting_by_leader_counterpart_kind_status_day";

fn index(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table("meeting");
    for column in columns {
        index.col(*column);
    }
    index
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["leader_id", "counterpart_id", "kind", "status", "day"];
        manager.create_index(index(NEW, &columns)).await?;
        manager
            .drop_index(Index::drop().name(OLD).table("meeting").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(index(OLD, &["leader_id", "counterpart_id"]))
            .await?;
        manager
            .drop_index(Index::drop().name(NEW).table("meeting").to_owned())
            .await
    }
}
