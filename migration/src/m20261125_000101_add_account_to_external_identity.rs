//! Columns of `external_identity` for what a source keeps by SCIM.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// Columns of `external_identity` for what a source keeps by SCIM.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// SQLite adds and drops one column at a time.
fn columns() -> [ColumnDef; 10] {
    [
        uuid_null("uid"),
        text_null("user_name"),
        text_null("user_name_key"),
        text_null("given_name"),
        text_null("family_name"),
        text_null("employee_number"),
        boolean_null("email_primary"),
        timestamp_with_time_zone_null("created_at"),
        timestamp_with_time_zone_null("updated_at"),
        timestamp_with_time_zone_null("deleted_at"),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            let table = Table::alter()
                .table("external_identity")
                .add_column(&mut column)
                .to_owned();
            manager.alter_table(table).await?;
        }
        let random = match manager.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        let fill = format!(
            "UPDATE external_identity SET uid = {random}, \
             created_at = (SELECT created_at FROM person WHERE person.id = person_id), \
             updated_at = (SELECT updated_at FROM person WHERE person.id = person_id)"
        );
        manager.get_connection().execute_unprepared(&fill).await?;
        let by_uid = Index::create()
            .name("external_identity_by_uid")
            .table("external_identity")
            .col("uid")
            .unique()
            .to_owned();
        manager.create_index(by_uid).await?;
        let by_user_name = Index::create()
            .name("external_identity_by_user_name")
            .table("external_identity")
            .col("source")
            .col("user_name_key")
            .to_owned();
        manager.create_index(by_user_name).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["external_identity_by_uid", "external_identity_by_user_name"] {
            let index = Index::drop().name(index).table("external_identity").to_owned();
            manager.drop_index(index).await?;
        }
        for column in columns() {
            let name = column.get_column_name();
            let table = Table::alter().table("external_identity").drop_column(name).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
