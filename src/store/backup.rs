//! Copies of a whole SQLite database, made while servers go on with it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use super::{Store, StoreError};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Only a database that is a file can be copied as one.
    #[error("the database is PostgreSQL's, which has its own tool: pg_dump --format=custom --file {} \"$DATABASE_URL\"", .0.display())]
    NotAFile(PathBuf),
    /// What is there is never overwritten.
    #[error("{} is there already; name a new file", .0.display())]
    Exists(PathBuf),
    /// The path is none that the database can be told.
    #[error("{} is no Unicode; name another file", .0.display())]
    Name(PathBuf),
    /// The file system refused.
    #[error("{} cannot be written", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The copy was made, and reading it again found something wrong with it.
    #[error("the copy is damaged, and was taken away: {0}")]
    Damaged(String),
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies an SQLite database, as it stands at one moment, into the new `file`. Servers go on reading and writing
    /// meanwhile. The file appears under its name once it is whole, checked, and on the disk.
    pub async fn back_up(&self, file: &Path) -> Result<(), BackupError> {
        if self.writer.get_database_backend() != DbBackend::Sqlite {
            return Err(BackupError::NotAFile(file.to_owned()));
        }
        if file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        // Without the table there is nothing of ours to copy.
        self.found_migrations().await.map_err(|_| StoreError::Older)?;
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let refused = |cause| BackupError::File(file.to_owned(), cause);
        // What an earlier attempt left, which was cut off.
        match fs::remove_file(&part) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(refused(cause)),
            _ => {}
        }
        let copied = self.copy_checked(&part).await;
        let kept = copied.and_then(|()| {
            File::open(&part)
                .and_then(|copy| copy.sync_all())
                // Unlike a renaming, a link never takes the place of what came there meanwhile.
                .and_then(|()| fs::hard_link(&part, file))
                .map_err(refused)
        });
        let cleared = fs::remove_file(&part);
        kept?;
        cleared.map_err(refused)
    }

    async fn copy_checked(&self, part: &Path) -> Result<(), BackupError> {
        let name = part.to_str().ok_or_else(|| BackupError::Name(part.to_owned()))?;
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [name.into()]);
        self.writer.execute_raw(statement).await.map_err(StoreError::from)?;
        let copy = Database::connect(format!("sqlite://{name}?mode=ro"))
            .await
            .map_err(StoreError::from)?;
        let found = problems(&copy).await;
        copy.close().await.map_err(StoreError::from)?;
        match found? {
            None => Ok(()),
            Some(problem) => Err(BackupError::Damaged(problem)),
        }
    }
}

/// What SQLite finds wrong with a database.
async fn problems(database: &impl ConnectionTrait) -> Result<Option<String>, StoreError> {
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(1)");
    let row = database.query_one_raw(check).await?;
    let found: Option<String> = row.map(|row| row.try_get("", "integrity_check")).transpose()?;
    Ok(found.filter(|found| found != "ok"))
}
