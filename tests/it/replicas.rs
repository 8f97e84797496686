//! Several servers over one PostgreSQL: each week is drawn once, and whole, whatever happens to whoever draws it.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use crate::support::{Served, TestDatabase, World, number, server};

/// ada, bob, fay and gus each have somebody two or more levels below.
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

/// Waits for another process until the database answers `expected`.
pub async fn until(raw: &DatabaseConnection, sql: &str, expected: i64) {
    let arrived = async {
        while number(raw, sql).await != expected {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), arrived).await;
    assert!(waited.is_ok(), "{sql} never became {expected}");
}

/// Suggestions, claims and drawn weeks: this week and the next, whole and once.
async fn check_drawn(raw: &DatabaseConnection) {
    let counts = [
        "SELECT COUNT(*) FROM weekly_draw",
        "SELECT COUNT(*) FROM suggestion WHERE kind = 'SKIP_LEVEL'",
        "SELECT COUNT(*) FROM load_claim",
        "SELECT COUNT(*) FROM empty_slot",
        "SELECT COUNT(*) FROM (SELECT leader_id, week FROM suggestion WHERE kind = 'SKIP_LEVEL' GROUP BY leader_id, week) one",
    ];
    let mut found = Vec::new();
    for sql in counts {
        found.push(number(raw, sql).await);
    }
    let [weeks, suggested, claims, empty, told] = found[..] else {
        unreachable!()
    };
    assert_eq!(weeks, 2);
    assert_eq!(suggested + empty, 2 * 4, "every leader was told something in each week");
    assert_eq!((told, claims), (suggested, suggested), "and once");
    assert!(suggested >= 5, "{suggested}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_draw_each_week_once() {
    let world = World::of(TestDatabase::postgres().await, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    // Held here, nobody's turn comes: both find the week due and wait for it to be drawn.
    let hold = raw.begin().await.unwrap();
    hold.execute_unprepared("SELECT version FROM org_state FOR UPDATE")
        .await
        .unwrap();
    let _replicas = [Served::of(server(&world)), Served::of(server(&world))];
    // Each server has other jobs that want their turn as well: at least two of each are waiting then.
    let waiting = "SELECT LEAST(COUNT(*), 4) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%org_state%'";
    until(&raw, waiting, 4).await;
    hold.rollback().await.unwrap();
    until(&raw, "SELECT COUNT(*) FROM weekly_draw", 2).await;
    let writing = "SELECT COUNT(*) FROM pg_stat_activity \
                   WHERE application_name = 'skiplevel' AND datname = current_database() AND backend_xid IS NOT NULL";
    until(&raw, writing, 0).await;
    check_drawn(&raw).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draw_whose_server_is_killed_happens_whole_after_the_restart() {
    let world = World::of(TestDatabase::postgres().await, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    // Held here, the claims cannot be written: the draw stops after its first rows.
    let hold = raw.begin().await.unwrap();
    hold.execute_unprepared("LOCK TABLE load_claim IN EXCLUSIVE MODE")
        .await
        .unwrap();
    let replica = Served::of(server(&world));
    let stuck = "SELECT COUNT(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%load_claim%'";
    until(&raw, stuck, 1).await;
    replica.kill();
    hold.rollback().await.unwrap();
    // The server sees that its client is gone, and nothing of the draw is left.
    let writing = "SELECT COUNT(*) FROM pg_stat_activity \
                   WHERE application_name = 'skiplevel' AND datname = current_database() AND backend_xid IS NOT NULL";
    until(&raw, writing, 0).await;
    for table in ["weekly_draw", "suggestion", "load_claim", "empty_slot"] {
        assert_eq!(
            number(&raw, &format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    let _replica = Served::of(server(&world));
    until(&raw, "SELECT COUNT(*) FROM weekly_draw", 2).await;
    check_drawn(&raw).await;
}
