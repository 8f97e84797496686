//! Fresh databases to measure in.

use std::path::Path;

use sea_orm::{ConnectionTrait, Database, Statement};
use tempfile::TempDir;

use super::{Failure, world::block_on};

/// A database that was empty, and is gone with this value.
pub struct Place {
    url: String,
    directory: TempDir,
    /// The server of it, and its name there.
    server: Option<(String, String)>,
}

impl Place {
    /// A new `SQLite` file.
    pub fn sqlite() -> Result<Self, Failure> {
        let directory = tempfile::tempdir()?;
        Ok(Self {
            url: format!("sqlite://{}?mode=rwc", directory.path().join("bench.db").display()),
            directory,
            server: None,
        })
    }

    /// A new database in a `PostgreSQL`.
    pub fn postgres(server: &str) -> Result<Self, Failure> {
        let name = format!("bench_{}", uuid::Uuid::new_v4().simple());
        execute(server, &format!("CREATE DATABASE {name}"))?;
        let (place, parameters) = server.split_at(server.find('?').unwrap_or(server.len()));
        let base = place.rsplit_once('/').map_or(place, |(base, _)| base);
        Ok(Self {
            url: format!("{base}/{name}{parameters}"),
            directory: tempfile::tempdir()?,
            server: Some((server.to_owned(), name)),
        })
    }

    /// What `DATABASE_URL` is for it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A directory for the files that belong to it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Changes what stands in it.
    pub fn execute(&self, sql: &str) -> Result<(), Failure> {
        execute(&self.url, sql)
    }

    /// What a query with the one column `number` counts.
    pub fn count(&self, sql: &str) -> Result<usize, Failure> {
        block_on(async {
            let connection = Database::connect(&self.url).await?;
            let row = connection
                .query_one_raw(Statement::from_string(connection.get_database_backend(), sql))
                .await?;
            let number: i64 = row.ok_or("no row")?.try_get("", "number")?;
            connection.close().await?;
            Ok(usize::try_from(number)?)
        })
    }

    /// Tells the planner what is in it, as it would learn by itself within a minute or when the database is closed.
    pub fn settle(&self) -> Result<(), Failure> {
        execute(&self.url, "ANALYZE")
    }

    /// Whether it is in a server's hands.
    pub fn is_on_a_server(&self) -> bool {
        self.server.is_some()
    }

    /// What to call it in the report.
    pub fn name(&self) -> &'static str {
        match self.server {
            None => "SQLite",
            Some(_) => "PostgreSQL",
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && let Err(failure) = execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"))
        {
            eprintln!("the database {name} is left over: {failure}");
        }
    }
}

fn execute(server: &str, sql: &str) -> Result<(), Failure> {
    block_on(async {
        let connection = Database::connect(server).await?;
        connection.execute_unprepared(sql).await?;
        Ok(connection.close().await?)
    })
}
