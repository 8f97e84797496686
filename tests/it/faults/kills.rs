//! Servers that are killed in the middle of what they write: all of it is there afterwards, or nothing, and the same key
//! then answers.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbBackend};
use serde_json::{Value, json};
use skiplevel::auth::token::Role;
use tokio::{task::JoinHandle, time::timeout};

use super::{NOW, ORGANISATION, load::Load, sound};
use crate::{
    replicas::until,
    support::{ADMIN, Served, TestDatabase, World, both, client, mutation_text, number, run, server},
};

/// How often each server is killed.
const KILLS: usize = 3;

async fn killed_among_mutations_nothing_acknowledged_is_lost(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    for kill in 0..KILLS {
        let served = Served::of(server(&world));
        let mut load = Load::start(&world, &served.address, &format!("kill-{kill}")).await;
        load.acknowledges(4 + kill).await;
        served.kill();
        let ledger = load.gone().await;
        settled(&raw).await;
        sound(&raw).await;
        let again = Served::of(server(&world));
        ledger.holds(&world, &again.address).await;
    }
}

async fn killed_in_mid_import_leaves_all_or_nothing(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let import = |kill: usize| {
        let person = |at: usize| {
            let manager = (at > 0).then(|| format!("{kill}-{}", (at - 1) / 5));
            json!({ "externalId": format!("{kill}-{at}"), "name": format!("Person {kill} {at}"),
                "startDate": "2020-01-06", "managerExternalId": manager })
        };
        let rows: Vec<Value> = (0..400).map(person).collect();
        json!({ "source": "hr", "rows": rows, "dryRun": false, "idempotencyKey": format!("import-{kill}") })
    };
    let tables = ["person", "employment", "reporting_line", "external_identity"];
    killed_in_mid(&world, "syncPeople", import, &tables).await;
}

async fn killed_in_mid_draw_leaves_all_or_nothing(database: TestDatabase) {
    let leaders = (0..40).fold(String::new(), |text, at| {
        text + &format!("l{at}\n  m{at}\n    n{at}\n    o{at}\n")
    });
    let world = World::of(database, &leaders, NOW).await;
    let draw = |kill: usize| {
        let week = format!("2026-W{:02}", 4 + kill);
        json!({ "week": week, "dryRun": false, "idempotencyKey": format!("draw-{kill}") })
    };
    let tables = ["weekly_draw", "suggestion", "load_claim", "empty_slot"];
    killed_in_mid(&world, "drawSuggestions", draw, &tables).await;
}

/// Kills the server while it writes what a mutation asks for; what the `tables` hold then is as it was before, or as it is
/// when the same key has answered.
async fn killed_in_mid(world: &World, mutation: &'static str, input: impl Fn(usize) -> Value, tables: &[&str]) {
    let raw = world.database.raw().await;
    let mut nothing = 0;
    for kill in 0..KILLS {
        let served = Served::of(server(world));
        // What the server draws by itself is drawn.
        until(&raw, "SELECT COUNT(*) FROM weekly_draw WHERE week < '2026-01-19'", 2).await;
        settled(&raw).await;
        let before = counts(&raw, tables).await;
        let input = input(kill);
        let asked = ask(world, &served, mutation, &input);
        while !asked.is_finished() && !is_writing(&raw).await {}
        served.kill();
        let acknowledged = asked.await.unwrap().is_some();
        settled(&raw).await;
        sound(&raw).await;
        let left = counts(&raw, tables).await;
        let served = Served::of(server(world));
        let answer = ask(world, &served, mutation, &input).await.unwrap().expect("an answer");
        assert_eq!(answer["data"][mutation]["userErrors"], json!([]), "{answer:#}");
        let whole = counts(&raw, tables).await;
        assert_ne!(before, whole);
        if acknowledged {
            assert_eq!(left, whole, "kill {kill}: lost");
        } else {
            assert!(
                left == before || left == whole,
                "kill {kill}: {before:?} {left:?} {whole:?}"
            );
        }
        nothing += usize::from(left == before);
    }
    assert!(nothing > 0, "no kill came in the middle");
}

/// The answer to an HR admin, if there comes one.
fn ask(world: &World, served: &Served, mutation: &str, input: &Value) -> JoinHandle<Option<Value>> {
    let body = json!({ "query": mutation_text(mutation), "variables": { "input": input } });
    let bearer = world.token(ADMIN, &[Role::HrAdmin]);
    let request = client().post(served.url("/graphql")).bearer_auth(bearer).json(&body);
    tokio::spawn(async move { request.send().await.ok()?.json().await.ok() })
}

async fn counts(raw: &DatabaseConnection, tables: &[&str]) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in tables {
        counts.push(number(raw, &format!("SELECT COUNT(*) FROM {table}")).await);
    }
    counts
}

/// Whether a write transaction is open.
async fn is_writing(raw: &DatabaseConnection) -> bool {
    if raw.get_database_backend() == DbBackend::Sqlite {
        let taken = run(raw, "PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK").await;
        return taken.is_err();
    }
    let writing = "SELECT COUNT(*) FROM pg_stat_activity \
                   WHERE application_name = 'skiplevel' AND datname = current_database() AND backend_xid IS NOT NULL";
    number(raw, writing).await > 0
}

/// Waits until nobody writes: PostgreSQL learns a little later that its client is gone, and the server has jobs of its own.
async fn settled(raw: &DatabaseConnection) {
    let quiet = async { while is_writing(raw).await {} };
    timeout(Duration::from_secs(20), quiet).await.expect("writes end");
}

both!(
    killed_among_mutations_nothing_acknowledged_is_lost,
    killed_in_mid_import_leaves_all_or_nothing,
    killed_in_mid_draw_leaves_all_or_nothing,
);
