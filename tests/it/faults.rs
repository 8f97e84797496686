//! Faults of the world around, against the real server: what docs/faults.md promises of them.

mod disk;
mod kills;
mod load;
mod overload;
mod replicas;
mod restarts;
mod start;
mod stop;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Several leaders with a direct report each, and some depth for the draw.
const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
            eli
      fay
        gus
          gil
            hal
    ";

const NOW: &str = "2026-01-05T09:00:00Z";

/// The file is in order; PostgreSQL has no such look, and its rows are counted.
async fn sound(raw: &DatabaseConnection) {
    if raw.get_database_backend() == DbBackend::Sqlite {
        let look = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
        let found: String = raw
            .query_one_raw(look)
            .await
            .unwrap()
            .unwrap()
            .try_get_by_index(0)
            .unwrap();
        assert_eq!(found, "ok");
    }
}
