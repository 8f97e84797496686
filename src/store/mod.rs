//! The only room that knows SQL. Every read takes a `&Scope`, every write a `&Grant`; the connection is private.
//!
//! A [`Snapshot`] is one read transaction on one connection: checks and data of a request come from it. A
//! [`Write`] is one write transaction. There is one writer at a time on either database: the first statement of
//! every write takes the row of `org_state`, so what a write decides from what it reads stays true until it commits.

mod agenda;
mod audit;
mod backup;
mod calendar;
mod changes;
mod chart;
mod claims;
mod code;
mod connection;
mod draw;
mod erase;
mod error;
mod facts;
mod history;
mod hours;
mod idempotency;
mod imports;
mod invalidate;
mod kudos;
mod meetings;
mod notes;
mod order;
mod own_data;
mod page;
mod participation;
mod peers;
mod people;
mod reports;
mod scim;
mod scim_tokens;
mod sealed;
mod settings;
mod suggestions;
mod sync;
mod sync_runs;
mod tokens;
mod viewer;
mod vitals;
mod webhooks;
mod within;

use std::{fmt, ops::Deref, time::Duration};

use chrono::{DateTime, Utc};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

pub use agenda::AgendaRow;
pub use audit::AuditFilter;
pub use backup::BackupError;
pub use calendar::AppointmentRow;
pub use changes::{Cause, ChangeFilter, ChangeRow, FeedBounds};
pub use claims::Claim;
pub use connection::StoreOptions;
pub use draw::DrawnWeek;
pub use error::StoreError;
pub use history::History;
pub use idempotency::{IdempotencyKey, Remembered};
pub use imports::MeetingWrites;
pub use kudos::KudosRow;
pub use meetings::{Heard, MeetingFilter, MeetingRow, NewMeeting};
pub use notes::NoteRow;
pub use order::PersonOrder;
pub use own_data::{AuditedRow, IdentityRow, OwnAbsence};
pub use page::{Cursor, PageRequest, Slice};
pub use peers::PeerRow;
pub use people::{LineRow, PersonFilter, PersonKeyed, PersonRow};
pub use scim::{AccountRow, AccountsOf, Deleted};
pub use scim_tokens::ScimTokenRow;
pub use sealed::{SealedPart, SealedTable};
pub use settings::KeptSettings;
pub use suggestions::{SuggestionFilter, SuggestionRow};
pub use sync::{Apply, Wrote};
pub use sync_runs::{NewSyncRun, SyncRowFilter, SyncRunRow};
pub use tokens::Revoked;
pub use viewer::{Moment, OrgState, Subject};
pub use vitals::{Pool, Vitals};
pub use webhooks::{ClaimedDelivery, DeliveryFilter, DeliveryRow, WebhookRow};

pub(crate) use draw::claim_of;

use connection::Pools;

/// The persisted organisation. Nobody outside reaches past it to the connection:
///
/// ```
/// use skiplevel::store::Store;
/// async fn answers(store: &Store) -> bool { store.ping().await.is_ok() }
/// ```
/// ```compile_fail,E0616
/// use skiplevel::store::Store;
/// async fn answers(store: &Store) -> bool { store.readers.ping().await.is_ok() }
/// ```
#[derive(Clone)]
pub struct Store {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.writer.get_database_backend())
            .finish_non_exhaustive()
    }
}

/// Called with each statement's SQL and duration: for counting and observing.
pub type StatementObserver = std::sync::Arc<dyn Fn(&str, Duration) + Send + Sync>;

impl Store {
    /// Opens the database; creates the file of an SQLite database that is not there yet.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let Pools { readers, writer } = Pools::open(options).await?;
        Ok(Self { readers, writer })
    }

    /// Calls `observer` after each statement from now on.
    pub fn observe(&mut self, observer: &StatementObserver) {
        for pool in [&mut self.readers, &mut self.writer] {
            let observer = observer.clone();
            pool.set_metric_callback(move |info| observer(&info.statement.sql, info.elapsed));
        }
    }

    /// Brings the database to this program's schema. Refuses a database that a newer program has migrated.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.refuse_newer().await?;
        Migrator::up(&self.writer, None).await?;
        self.ensure_org_state().await
    }

    /// Takes every migration back: an empty database remains.
    pub async fn unmigrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::down(&self.writer, None).await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.readers.ping().await?)
    }

    /// Closes both pools after their last transactions.
    pub async fn close(self) -> Result<(), StoreError> {
        self.readers.close().await?;
        Ok(self.writer.close().await?)
    }

    /// A read snapshot that stays as it is now.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot {
            tx: self.readers.begin().await?,
        })
    }

    /// The one write transaction, with `org_state` taken and the derived columns brought to the day of `moment`.
    pub async fn write(&self, moment: Moment) -> Result<Write, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let tx = self.writer.begin_with_options(options).await?;
        let write = Write {
            snapshot: Snapshot { tx },
        };
        write.take_org_state().await?;
        write.roll_to(moment).await?;
        Ok(write)
    }

    /// Fails unless the database has exactly this program's schema. Writes nothing.
    pub async fn require_schema(&self) -> Result<(), StoreError> {
        // Without the table there is no schema at all.
        let found = self.found_migrations().await.map_err(|_| StoreError::Older)?;
        let known = known_migrations();
        refuse_unknown(&found, &known)?;
        if found.len() < known.len() {
            return Err(StoreError::Older);
        }
        Ok(())
    }

    async fn refuse_newer(&self) -> Result<(), StoreError> {
        Migrator::install(&self.writer).await?;
        refuse_unknown(&self.found_migrations().await?, &known_migrations())
    }

    /// The migrations of the database, newest first.
    async fn found_migrations(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version DESC";
        let statement = Statement::from_string(self.readers.get_database_backend(), sql);
        let rows = self.readers.query_all_raw(statement).await?;
        rows.iter().map(|row| Ok(row.try_get("", "version")?)).collect()
    }
}

/// The name of this program's newest migration, which is the version of its schema.
pub fn newest_migration() -> String {
    known_migrations().pop().unwrap_or_default()
}

/// The migrations of this program, oldest first.
fn known_migrations() -> Vec<String> {
    let migrations = Migrator::migrations();
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}

fn refuse_unknown(found: &[String], known: &[String]) -> Result<(), StoreError> {
    match found.iter().find(|found| !known.contains(found)) {
        Some(unknown) => Err(StoreError::Newer {
            found: unknown.clone(),
            newest: known.last().cloned().unwrap_or_default(),
        }),
        None => Ok(()),
    }
}

/// One read transaction on one connection.
pub struct Snapshot {
    tx: DatabaseTransaction,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}

impl Snapshot {
    fn backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    /// A statement with `$1`-style parameters, which both databases read.
    fn sql(&self, sql: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), sql, values)
    }
}

/// The one write transaction. Dropped without [`Write::commit`], it leaves nothing behind.
pub struct Write {
    snapshot: Snapshot,
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Write")
    }
}

impl Deref for Write {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl Write {
    /// Makes everything written here durable and visible, at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.snapshot.tx.commit().await?)
    }

    /// Leaves nothing behind.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.snapshot.tx.rollback().await?)
    }
}

/// Instants are stored to the millisecond, so that both databases hold and order them alike.
pub(crate) fn to_millis(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(instant.timestamp_millis()).unwrap_or(instant)
}
