//! Idempotency keys: the same call is done once, whoever loses the connection when.

use entity::meeting;
use sea_orm::{DatabaseConnection, EntityTrait, TransactionTrait};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{ADMIN, TestDatabase, World, both, mutation_text, number};

const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
        eve
    ";

const NOW: &str = "2026-01-05T09:00:00Z";

async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

async fn meetings(raw: &DatabaseConnection) -> usize {
    meeting::Entity::find().all(raw).await.unwrap().len()
}

/// Input of `scheduleMeeting` under a key.
async fn schedule(world: &World, counterpart: &str, key: &str) -> Value {
    let id = world.id(counterpart).await;
    json!({ "counterpartId": id, "startsAt": "2026-01-06T10:00:00Z", "idempotencyKey": key })
}

async fn the_same_call_repeats_its_answer_and_changes_nothing(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let input = schedule(&world, "cyd", "k1").await;
    let first = world.act("ada", "scheduleMeeting", input.clone()).await;
    let again = world.act("ada", "scheduleMeeting", input.clone()).await;
    assert_eq!(again, first);
    // On another server, a fortnight later, all the same.
    let later = world.at("2026-01-19T09:00:00Z").await;
    let again = later.act("ada", "scheduleMeeting", input.clone()).await;
    assert_eq!(again["meeting"]["id"], first["meeting"]["id"]);
    assert_eq!(again["meeting"]["status"], "UNCONFIRMED", "as the meeting is now");
    assert_eq!(meetings(&raw).await, 1);
    // Without a key it is another call.
    let mut without = input;
    without["idempotencyKey"] = Value::Null;
    without["counterpartId"] = json!(world.id("bob").await);
    world.act("ada", "scheduleMeeting", without.clone()).await;
    world.act("ada", "scheduleMeeting", without).await;
    assert_eq!(meetings(&raw).await, 3);
}

async fn a_refusal_is_repeated_too(database: TestDatabase) {
    let world = organisation(database).await;
    let mut input = schedule(&world, "cyd", "k1").await;
    input["startsAt"] = json!("2026-01-04T10:00:00Z");
    let refused = world.refusal("ada", "scheduleMeeting", input.clone()).await;
    assert!(refused.starts_with("INVALID input.startsAt"), "{refused}");
    // A day earlier it would be in time; the key has its answer already.
    let earlier = world.at("2026-01-04T09:00:00Z").await;
    assert_eq!(earlier.refusal("ada", "scheduleMeeting", input.clone()).await, refused);
    input["idempotencyKey"] = json!("k2");
    earlier.act("ada", "scheduleMeeting", input).await;
}

async fn a_key_with_another_input_is_refused(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    world
        .act("ada", "scheduleMeeting", schedule(&world, "cyd", "k1").await)
        .await;
    let other = schedule(&world, "eve", "k1").await;
    assert_eq!(
        world.fault("ada", "scheduleMeeting", other).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(meetings(&raw).await, 1);
    for (key, code) in [("", "BAD_USER_INPUT"), (&*"x".repeat(129), "BAD_USER_INPUT")] {
        let input = schedule(&world, "eve", key).await;
        assert_eq!(world.fault("ada", "scheduleMeeting", input).await, code);
    }
    world
        .act(
            "ada",
            "scheduleMeeting",
            schedule(&world, "eve", &"x".repeat(128)).await,
        )
        .await;
}

async fn keys_of_two_people_and_of_two_mutations_do_not_meet(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let input = schedule(&world, "dee", "k1").await;
    let ada = world.act("ada", "scheduleMeeting", input.clone()).await;
    let refused = world.refusal("bob", "scheduleMeeting", input).await;
    assert!(refused.starts_with("LOAD_CAP"), "bob's own answer: {refused}");
    let about = json!({ "meetingId": ada["meeting"]["id"], "idempotencyKey": "k1" });
    world.act("ada", "cancelMeeting", about).await;
    assert_eq!(meetings(&raw).await, 1);
    let drawn = world.act(
        ADMIN,
        "drawSuggestions",
        json!({ "week": "2026-W02", "dryRun": false, "idempotencyKey": "k1" }),
    );
    let drawn = drawn.await;
    let again = json!({ "week": "2026-W02", "dryRun": false, "idempotencyKey": "k1" });
    assert_eq!(
        world.act(ADMIN, "drawSuggestions", again).await,
        drawn,
        "also how many it made"
    );
}

async fn calls_at_the_same_time_are_done_once(database: TestDatabase) {
    let world = organisation(database).await;
    let other = world.beside().await;
    let raw = world.database.raw().await;
    let input = schedule(&world, "cyd", "k1").await;
    let (one, two, three) = tokio::join!(
        world.act("ada", "scheduleMeeting", input.clone()),
        other.act("ada", "scheduleMeeting", input.clone()),
        world.act("ada", "scheduleMeeting", input.clone()),
    );
    assert!(one == two && two == three);
    assert_eq!(meetings(&raw).await, 1);
}

/// Sends a mutation and hands the connection over.
async fn begun(world: &World, who: &str, mutation: &str, input: &Value) -> TcpStream {
    let body = json!({ "query": mutation_text(mutation), "variables": { "input": input } }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        world.token(who, &[]),
        body.len()
    );
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    stream
}

async fn a_client_that_resets_in_mid_mutation_finds_one_meeting(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let input = schedule(&world, "cyd", "k1").await;
    // Somebody else has the writer's turn, so the mutation waits in the middle.
    let turn = raw.begin().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&turn, "UPDATE org_state SET version = version")
        .await
        .unwrap();
    world.statements();
    let stream = begun(&world, "ada", "scheduleMeeting", &input).await;
    let mut statements = 0;
    while statements == 0 {
        tokio::task::yield_now().await;
        statements += world.statements();
    }
    stream.set_zero_linger().unwrap();
    drop(stream);
    turn.commit().await.unwrap();
    while number(&raw, "SELECT COUNT(*) FROM idempotency_key").await == 0 {}
    assert_eq!(meetings(&raw).await, 1);
    let retried = world.act("ada", "scheduleMeeting", input).await;
    assert_eq!(retried["meeting"]["counterpart"]["name"], "cyd");
    assert_eq!(meetings(&raw).await, 1);
}

async fn answers_are_kept_for_30_days(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let input = json!({ "week": "2026-W02", "dryRun": false, "idempotencyKey": "k1" });
    let first = world.act(ADMIN, "drawSuggestions", input.clone()).await;
    assert_eq!(first["created"], 2);
    let last = world.at("2026-02-04T09:00:00Z").await;
    assert_eq!(last.act(ADMIN, "drawSuggestions", input.clone()).await["created"], 2);
    let after = world.at("2026-02-04T09:00:01Z").await;
    assert_eq!(after.act(ADMIN, "drawSuggestions", input).await["created"], 0);
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM idempotency_key").await, 1);
}

both!(
    the_same_call_repeats_its_answer_and_changes_nothing,
    a_refusal_is_repeated_too,
    a_key_with_another_input_is_refused,
    keys_of_two_people_and_of_two_mutations_do_not_meet,
    calls_at_the_same_time_are_done_once,
    a_client_that_resets_in_mid_mutation_finds_one_meeting,
    answers_are_kept_for_30_days,
);
