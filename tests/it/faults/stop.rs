//! A server that is asked to end: what it has begun ends whole, and it ends well.

use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::{NOW, ORGANISATION, load::Load};
use crate::support::{Served, TestDatabase, World, both, client, mutation_text, server};

async fn asked_to_end_under_load_nothing_acknowledged_is_lost(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let served = Served::of(server(&world));
    let mut load = Load::start(&world, &served.address, "stop").await;
    load.acknowledges(8).await;
    served.signal("-TERM");
    let ledger = load.gone().await;
    assert_eq!(served.ended().code(), Some(0));
    let again = Served::of(server(&world));
    ledger.holds(&world, &again.address).await;
}

async fn what_is_in_flight_ends_however_often_it_is_asked(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut command = server(&world);
    command.env("SKIPLEVEL_LIMIT_IN_FLIGHT_PER_PRINCIPAL", "1");
    let served = Served::of(command);
    let (client, ada) = (client(), world.token("ada", &[]));
    let post = |body: &Value| client.post(served.url("/graphql")).bearer_auth(&ada).json(body).send();
    let input = json!({ "counterpartId": world.id("bob").await, "startsAt": "2026-01-06T10:00:00Z" });
    // Somebody else has the writer's turn, so the mutation waits in the middle.
    let raw = world.database.raw().await;
    let turn = raw.begin().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&turn, "UPDATE org_state SET version = version")
        .await
        .unwrap();
    let body = json!({ "query": mutation_text("scheduleMeeting"), "variables": { "input": input } });
    let mutation = client.post(served.url("/graphql")).bearer_auth(&ada).json(&body);
    // A request that asks whether it has begun may be in its way: then it comes again.
    let waiting = tokio::spawn(async move {
        loop {
            let answer = mutation.try_clone().unwrap().send().await.unwrap();
            if answer.status() != 429 {
                break answer;
            }
        }
    });
    // One request of hers at a time: refused is the next one only while the first is in flight.
    let other = json!({ "query": "{ viewer { person { name } } }" });
    while post(&other).await.unwrap().status() != 429 {}
    served.signal("-TERM");
    served.signal("-TERM");
    while TcpStream::connect(&served.address).await.is_ok() {}
    assert!(!waiting.is_finished());
    turn.commit().await.unwrap();
    let answer: Value = waiting.await.unwrap().json().await.unwrap();
    assert_eq!(
        answer["data"]["scheduleMeeting"]["meeting"]["counterpart"]["name"], "bob",
        "{answer:#}"
    );
    assert_eq!(served.ended().code(), Some(0));
}

both!(
    asked_to_end_under_load_nothing_acknowledged_is_lost,
    what_is_in_flight_ends_however_often_it_is_asked,
);
