//! Databases for one test each: a fresh SQLite file, or a fresh database in the throw-away PostgreSQL.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// Names the server in which tests make their databases; `scripts/test` starts one and sets it.
const SERVER: &str = "SKIPLEVEL_TEST_POSTGRES";

/// A database of one test. Dropped, it is gone.
pub struct TestDatabase {
    /// What `DATABASE_URL` would be.
    pub url: String,
    _file: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// A fresh SQLite file.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", directory.path().join("test.db").display());
        Self {
            url,
            _file: Some(directory),
        }
    }

    /// The database at `url`, which is somebody else's to make and to take away.
    pub fn at(url: String) -> Self {
        Self { url, _file: None }
    }

    /// A fresh PostgreSQL database. It goes with its throw-away server.
    pub async fn postgres() -> Self {
        let server = std::env::var(SERVER)
            .unwrap_or_else(|_| panic!("{SERVER} names no PostgreSQL: run the tests with scripts/test"));
        let admin = Database::connect(&server).await.unwrap();
        let name = format!("t_{}", uuid::Uuid::new_v4().simple());
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        admin.close().await.unwrap();
        let (place, parameters) = server
            .split_once('?')
            .map_or((server.as_str(), None), |(a, b)| (a, Some(b)));
        let base = place.rsplit_once('/').map_or(place, |(base, _)| base);
        let parameters = parameters.map(|text| format!("?{text}")).unwrap_or_default();
        Self {
            url: format!("{base}/{name}{parameters}"),
            _file: None,
        }
    }

    /// A connection of the test's own, past all scopes: to look at rows as they are.
    pub async fn raw(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.url);
        options.max_connections(2).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    }
}

/// One test for each database: `both!(name)` runs `async fn name(TestDatabase)` of the same module on both.
macro_rules! both {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$test($crate::support::TestDatabase::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$test($crate::support::TestDatabase::postgres().await).await;
            }
        }
    )*};
}
pub(crate) use both;
