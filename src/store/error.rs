//! What the database can refuse, told apart by what helps: another try, room on the disk, or a look at the program.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};

/// The database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error("DATABASE_URL should be sqlite://FILE or postgres://USER@HOST/DATABASE")]
    Url,
    /// The database could not be opened.
    #[error("could not open the database")]
    Open(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection came free in time.
    #[error("no connection to the database came free in time")]
    Busy(#[source] DbErr),
    /// The database is away, stops, starts, or had no turn in time. Whether a commit under way took place is not known.
    #[error("the database cannot answer now")]
    Unavailable(#[source] DbErr),
    /// The database's disk is full. Nothing was written.
    #[error("the disk of the database is full")]
    Full(#[source] DbErr),
    /// A row holds what it cannot hold.
    #[error("a row cannot be read: {0}")]
    Row(String),
    /// The database was migrated by a newer program.
    #[error(
        "the database has migration {found}, which this program ({newest} is its newest) does not know; run a newer skiplevel"
    )]
    Newer {
        /// Newest migration in the database.
        found: String,
        /// Newest migration that this program knows.
        newest: String,
    },
    /// The database has not been migrated to this program's schema.
    #[error("the database does not have this program's tables yet; run skiplevel migrate")]
    Older,
    /// The chart in the database has a ring.
    #[error("the reporting lines in the database form a ring")]
    Ring(#[source] crate::domain::chart::Ring),
    /// Anything else that the database refused.
    #[error("the database failed")]
    Database(#[source] DbErr),
}

impl StoreError {
    pub(super) fn open(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Open(Box::new(cause))
    }

    /// Whether the same may succeed later without any change of the program or of what was asked.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_) | Self::Full(_))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let made = match &error {
            DbErr::ConnectionAcquire(_) => Self::Busy,
            // Whatever keeps a connection from being made keeps it until it is mended.
            DbErr::Conn(_) => Self::Unavailable,
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => kind(cause),
            _ => Self::Database,
        };
        made(error)
    }
}

/// Which of the errors `cause` makes.
fn kind(cause: &sqlx::Error) -> fn(DbErr) -> StoreError {
    match cause {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => StoreError::Busy,
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => StoreError::Unavailable,
        sqlx::Error::Database(refusal) if refusal.try_downcast_ref::<SqliteError>().is_some() => of_sqlite(&**refusal),
        sqlx::Error::Database(refusal) => of_postgres(&**refusal),
        _ => StoreError::Database,
    }
}

/// By the lower byte of the code, which is the kind of error; the upper ones say where it arose.
fn of_sqlite(refusal: &dyn DatabaseError) -> fn(DbErr) -> StoreError {
    let code = refusal.code().and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        // SQLITE_FULL
        Some(13) => StoreError::Full,
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_IOERR, SQLITE_CANTOPEN
        Some(5 | 6 | 7 | 10 | 14) => StoreError::Unavailable,
        _ => StoreError::Database,
    }
}

/// By class: 08 is the connection, 53 resources, 57P an operator or a crash; two codes are waits that became too long.
fn of_postgres(refusal: &dyn DatabaseError) -> fn(DbErr) -> StoreError {
    match refusal.code().as_deref() {
        Some("53100") => StoreError::Full,
        Some("55P03" | "57014") => StoreError::Unavailable,
        Some(code) if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => StoreError::Unavailable,
        _ => StoreError::Database,
    }
}
