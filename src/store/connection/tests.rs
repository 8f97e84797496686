//! What every connection of the pools is like, and that a cancelled `begin` leaves nothing behind in them.

use std::{collections::HashSet, future::Future, pin::pin, task::Poll};

use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

use super::*;

fn sqlite() -> (tempfile::TempDir, StoreOptions) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("test.db");
    (
        directory,
        StoreOptions::new(format!("sqlite://{}?mode=rwc", file.display())),
    )
}

/// A fresh database in the throw-away server of the tests.
async fn postgres() -> StoreOptions {
    let server = std::env::var("SKIPLEVEL_TEST_POSTGRES").expect("run the tests with scripts/test");
    let admin = Database::connect(&server).await.unwrap();
    let name = format!("t_{}", uuid::Uuid::new_v4().simple());
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    StoreOptions::new(format!("{base}/{name}"))
}

async fn text(connection: &impl ConnectionTrait, sql: &str) -> String {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    let number = row.try_get_by_index::<i64>(0).map(|number| number.to_string());
    number.or_else(|_| row.try_get_by_index(0)).unwrap()
}

/// Asks each of `size` connections of a pool the same: all are taken before the first is given back.
async fn of_each(pool: &DatabaseConnection, size: u32, sql: &str) -> HashSet<String> {
    let mut transactions = Vec::new();
    for _ in 0..size {
        transactions.push(pool.begin().await.unwrap());
    }
    let mut answers = HashSet::new();
    for transaction in transactions {
        answers.insert(text(&transaction, sql).await);
        transaction.rollback().await.unwrap();
    }
    answers
}

#[tokio::test]
async fn every_sqlite_connection_keeps_foreign_keys_and_the_journal() {
    let (_directory, options) = sqlite();
    let pools = Pools::open(&options).await.unwrap();
    for (pool, size) in [(&pools.writer, 1), (&pools.readers, options.readers)] {
        assert_eq!(
            of_each(pool, size, "PRAGMA foreign_keys").await,
            HashSet::from(["1".to_owned()])
        );
        assert_eq!(
            of_each(pool, size, "PRAGMA journal_mode").await,
            HashSet::from(["wal".to_owned()])
        );
        assert_eq!(
            of_each(pool, size, "PRAGMA synchronous").await,
            HashSet::from(["2".to_owned()])
        );
    }
    assert!(
        pools
            .readers
            .execute_unprepared("CREATE TABLE t (id INTEGER)")
            .await
            .is_err(),
        "readers only read"
    );
    let sql = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a_id INTEGER REFERENCES a (id))";
    pools.writer.execute_unprepared(sql).await.unwrap();
    let orphan = pools.writer.execute_unprepared("INSERT INTO b VALUES (1)").await;
    assert!(orphan.unwrap_err().to_string().contains("FOREIGN KEY"));
}

#[tokio::test]
async fn every_postgres_connection_has_its_limits() {
    let options = postgres().await;
    let pools = Pools::open(&options).await.unwrap();
    let expected = [
        (
            &pools.readers,
            options.readers,
            ["5s", "force_custom_plan", "repeatable read", "on", "UTC"],
        ),
        (
            &pools.writer,
            4,
            ["1min", "force_custom_plan", "read committed", "off", "UTC"],
        ),
    ];
    let names = [
        "statement_timeout",
        "plan_cache_mode",
        "transaction_isolation",
        "transaction_read_only",
        "TimeZone",
    ];
    for (pool, size, values) in expected {
        for (name, value) in names.into_iter().zip(values) {
            assert_eq!(
                of_each(pool, size, &format!("SHOW {name}")).await,
                HashSet::from([value.to_owned()]),
                "{name}"
            );
        }
        let idle = of_each(pool, size, "SHOW idle_in_transaction_session_timeout").await;
        assert!(!idle.contains("0"), "{idle:?}");
    }
}

/// Polls a future so many times and then drops it, as a request is dropped whose client has gone.
async fn cancelled_after<F: Future>(polls: usize, future: F) {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        future.as_mut().poll(context).map(drop)
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_begin_loses_nobodys_writes() {
    let options = postgres().await;
    let pools = Pools::open(&options).await.unwrap();
    let other = Database::connect(&options.url).await.unwrap();
    other.execute_unprepared("CREATE TABLE t (id INTEGER)").await.unwrap();
    for turn in 0..200 {
        for polls in 1..5 {
            cancelled_after(polls, pools.writer.begin()).await;
        }
        // The mine: this said that one row was written, in a transaction that nobody ever commits (L5).
        pools
            .writer
            .execute_unprepared(&format!("INSERT INTO t VALUES ({turn})"))
            .await
            .unwrap();
        assert_eq!(text(&other, "SELECT COUNT(*) FROM t").await, (turn + 1).to_string());
    }
}

#[tokio::test]
async fn a_full_disk_turns_no_lock_into_a_savepoint() {
    let (_directory, options) = sqlite();
    let pools = Pools::open(&options).await.unwrap();
    let sql = "CREATE TABLE t (bytes BLOB); PRAGMA max_page_count = 10";
    pools.writer.execute_unprepared(sql).await.unwrap();
    let full = pools.writer.begin().await.unwrap();
    let refused = full.execute_unprepared("INSERT INTO t VALUES (zeroblob(100000))").await;
    let refused = StoreError::from(refused.unwrap_err());
    assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
    drop(full);
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let locked = pools.writer.begin_with_options(immediate).await.unwrap();
    // The mine: this found no lock, because the driver had begun a savepoint instead (L7).
    let other = Database::connect(&options.url).await.unwrap();
    let taken = other
        .execute_unprepared("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE")
        .await;
    assert!(taken.is_err(), "somebody else took the lock");
    locked.execute_unprepared("INSERT INTO t VALUES (x'00')").await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(text(&other, "SELECT COUNT(*) FROM t").await, "1");
}
