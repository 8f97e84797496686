//! Shapes of columns that several tables share.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Text that sorts by its bytes on both databases, whatever the database's locale.
pub(crate) fn ordered_text(manager: &SchemaManager, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text();
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A foreign key from `table.column` to the `id` of `target`.
pub(crate) fn references(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").to_owned()
}
