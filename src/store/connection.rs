//! Opening the database: the same two pools on SQLite and PostgreSQL, one for snapshots, one for the writer.
//!
//! SQLite: WAL, foreign keys on every connection, one writer connection, several read-only ones.
//! PostgreSQL: the readers' sessions default to REPEATABLE READ READ ONLY, so a plain `BEGIN` is a snapshot.

use std::{str::FromStr, time::Duration};

use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, Connection as _, Executor, Row,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use super::StoreError;

/// How long a writer waits for its turn.
const WRITER_ACQUIRE: Duration = Duration::from_secs(10);

/// Pages that a reader of SQLite keeps for itself, as the pragma counts: in KiB. The system keeps the file for all.
const READER_CACHE: &str = "-500";

/// Prepared statements that a reader of SQLite keeps. Lists of ids give many that hardly ever come again.
const READER_STATEMENTS: usize = 24;

/// What the store needs to know of its database.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite://...` or `postgres://...`.
    pub url: String,
    /// Connections for snapshots.
    pub readers: u32,
    /// Longest run of one statement, PostgreSQL only.
    pub statement_timeout: Duration,
    /// How long a request waits for a connection before it is answered that the server is busy.
    pub acquire_timeout: Duration,
}

impl StoreOptions {
    /// The defaults for `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            readers: 8,
            statement_timeout: Duration::from_secs(5),
            acquire_timeout: Duration::from_secs(2),
        }
    }
}

/// The two pools.
pub(super) struct Pools {
    pub(super) readers: DatabaseConnection,
    pub(super) writer: DatabaseConnection,
}

impl Pools {
    pub(super) async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        match options.url.split(':').next() {
            Some("sqlite") => open_sqlite(options).await,
            Some("postgres" | "postgresql") => open_postgres(options).await,
            _ => Err(StoreError::Url),
        }
    }
}

async fn open_sqlite(options: &StoreOptions) -> Result<Pools, StoreError> {
    let file = SqliteConnectOptions::from_str(&options.url)
        .map_err(|_| StoreError::Url)?
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged write survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is written over.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .optimize_on_close(true, None);
    // The writer comes first: it creates the file, and it alone may.
    let writer = sqlite_pool(1, WRITER_ACQUIRE)
        .min_connections(1)
        .connect_with(file.clone())
        .await
        .map_err(StoreError::open)?;
    let readers = sqlite_pool(options.readers, options.acquire_timeout).connect_lazy_with(
        file.create_if_missing(false)
            .pragma("query_only", "ON")
            .pragma("cache_size", READER_CACHE)
            .statement_cache_capacity(READER_STATEMENTS),
    );
    Ok(Pools {
        readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
    })
}

/// A pool that closes every connection which the driver takes for one in a transaction when it comes back. Where the disk
/// is full, SQLite rolls back by itself; the driver's own rollback then fails, it goes on counting from one, and the next
/// `BEGIN IMMEDIATE` would be a mere savepoint that holds no lock (mine L7).
fn sqlite_pool(size: u32, acquire: Duration) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(acquire)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_release(|connection, _| {
            Box::pin(async move {
                // The rollback of a transaction that was dropped may still be waiting; this waits behind it.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}

async fn open_postgres(options: &StoreOptions) -> Result<Pools, StoreError> {
    let server = PgConnectOptions::from_str(&options.url)
        .map_err(|_| StoreError::Url)?
        .application_name("skiplevel");
    let millis = |duration: Duration| duration.as_millis().to_string();
    let statement = millis(options.statement_timeout);
    let reader = server.clone().options([
        ("default_transaction_isolation", "repeatable read"),
        ("default_transaction_read_only", "on"),
        ("plan_cache_mode", "force_custom_plan"),
        ("statement_timeout", statement.as_str()),
        ("idle_in_transaction_session_timeout", "15000"),
        ("TimeZone", "UTC"),
    ]);
    // A sync of a hundred thousand rows is one statement sequence; its deadline is the request's, not the statement's.
    let writer = server.options([
        ("plan_cache_mode", "force_custom_plan"),
        ("statement_timeout", "60000"),
        ("lock_timeout", "10000"),
        ("idle_in_transaction_session_timeout", "120000"),
        ("TimeZone", "UTC"),
    ]);
    let writer = postgres_pool(4, WRITER_ACQUIRE)
        .connect_with(writer)
        .await
        .map_err(StoreError::open)?;
    let readers = postgres_pool(options.readers, options.acquire_timeout).connect_lazy_with(reader);
    Ok(Pools {
        readers: SqlxPostgresConnector::from_sqlx_postgres_pool(readers),
        writer: SqlxPostgresConnector::from_sqlx_postgres_pool(writer),
    })
}

/// A pool that closes every connection that comes back with a transaction still open: a cancelled `begin` leaves
/// one behind, and the next borrower's writes would be lost in it (mine L5). Outside a transaction `now()` is the
/// instant of the statement itself.
fn postgres_pool(size: u32, acquire: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(acquire)
        .after_release(|connection, _| {
            Box::pin(async move {
                let row = connection
                    .fetch_one(sqlx::raw_sql("SELECT now() = statement_timestamp() AS idle"))
                    .await?;
                row.try_get::<bool, _>("idle")
            })
        })
}

#[cfg(test)]
mod tests;
