//! Connections under pressure: more requests than connections, writers side by side, a database that goes away.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{TestDatabase, World, both, number};

const NOW: &str = "2026-01-05T09:00:00Z";

/// Leaders `l0` to `l15`, each with somebody two levels below.
fn leaders() -> String {
    (0..16).fold(String::new(), |text, at| text + &format!("l{at}\n  m{at}\n    n{at}\n"))
}

async fn schedule(world: &World, at: usize) -> Value {
    json!({ "counterpartId": world.id(&format!("n{at}")).await, "startsAt": "2026-01-06T10:00:00Z" })
}

async fn more_requests_than_connections_are_all_answered(database: TestDatabase) {
    let world = World::of(database, &leaders(), NOW).await;
    let read = json!({ "query": "{ people(first: 100) { nodes { name manager { name } lastHeard } } }" });
    let mut requests = Vec::new();
    for at in 0..16 {
        let who = format!("l{at}");
        let input = schedule(&world, at).await;
        let body =
            json!({ "query": crate::support::mutation_text("scheduleMeeting"), "variables": { "input": input } });
        requests.push(world.post(&who, &body).send());
        requests.extend((0..3).map(|_| world.post(&who, &read).send()));
    }
    // Eight connections read, a few write: whoever held one and asked for a second would wait for ever (mine L8).
    let answers = timeout(Duration::from_secs(30), join_all(requests))
        .await
        .expect("no deadlock");
    let mut done = 0;
    for answer in answers {
        let answer = answer.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        match status {
            StatusCode::OK => {
                assert!(body.get("errors").is_none(), "{body:#}");
                done += 1;
            }
            status => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body:#}"),
        }
    }
    assert!(done >= 16, "{done} of 64 were answered");
    world.data("l0", "{ viewer { person { name } } }", json!({})).await;
}

async fn writers_side_by_side_all_succeed(database: TestDatabase) {
    let one = World::of(database, &leaders(), NOW).await;
    let other = one.beside().await;
    let mut inputs = Vec::new();
    for at in 0..16 {
        inputs.push((format!("l{at}"), schedule(&one, at).await));
    }
    // Reading first and writing then fails at once on SQLite unless the lock is taken before the first read (mine L9).
    let writes = inputs.into_iter().enumerate().map(|(at, (who, input))| {
        let world = if at % 2 == 0 { &one } else { &other };
        async move { world.act(&who, "scheduleMeeting", input).await }
    });
    let meetings = timeout(Duration::from_secs(30), join_all(writes)).await.unwrap();
    assert_eq!(meetings.len(), 16);
    assert_eq!(
        number(&one.database.raw().await, "SELECT COUNT(*) FROM meeting").await,
        16
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_backends_are_replaced() {
    let world = World::of(TestDatabase::postgres().await, &leaders(), NOW).await;
    let raw = world.database.raw().await;
    let kill = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE application_name = 'skiplevel' AND datname = current_database()";
    let mut acknowledged = 0;
    for at in 0..16 {
        let input = schedule(&world, at).await;
        let who = format!("l{at}");
        let ((status, answer), killed) = tokio::join!(world.send(&who, "scheduleMeeting", &input), number(&raw, kill));
        assert!(killed > 0, "somebody was there to be killed");
        match status {
            StatusCode::OK if answer.get("errors").is_none() => acknowledged += 1,
            status => assert!(status.is_success() || status.is_server_error(), "{status}: {answer:#}"),
        }
        // No restart, no waiting: the next request that gets a connection is answered.
        let mut tries = 0;
        while world
            .ask(&who, "{ viewer { person { name } } }", json!({}))
            .await
            .get("errors")
            .is_some()
        {
            tries += 1;
            assert!(tries < 20, "the server does not recover");
        }
    }
    let stored = number(&raw, "SELECT COUNT(*) FROM meeting").await;
    assert!(stored >= acknowledged, "{acknowledged} acknowledged, {stored} stored");
}

both!(
    more_requests_than_connections_are_all_answered,
    writers_side_by_side_all_succeed
);
