//! SCIM tokens: made, used, listed, expired and taken back.

use chrono::TimeDelta;
use serde_json::{Value, json};
use skiplevel::app::ScimTokenInput;

use super::{NOW, Provider};
use crate::support::{TestDatabase, World, both, number};

async fn make(world: &World, source: &str, lifetime: Option<TimeDelta>) -> (uuid::Uuid, String) {
    let input = ScimTokenInput {
        source: source.to_owned(),
        label: Some("production".to_owned()),
        lifetime,
    };
    let made = world.operator().await.create_scim_token(input).await.unwrap();
    (made.token.id, made.secret.expose().to_owned())
}

async fn status(world: &World, token: &str) -> u16 {
    let token = token.to_owned();
    Provider { world, token }
        .send("GET", "/Users", &Value::Null)
        .await
        .status
}

async fn a_token_speaks_for_its_source_until_it_is_taken_back(database: TestDatabase) {
    let world = World::of(database, "ada", NOW).await;
    let (id, secret) = make(&world, "hr", None).await;
    let provider = Provider {
        world: &world,
        token: secret.clone(),
    };
    assert_eq!(provider.find("userName pr").await, ["ada@example.org"]);
    provider.hire("bob", None).await;
    let by = world
        .admin("{ syncRuns(first: 1) { nodes { source } } }", json!({}))
        .await;
    assert_eq!(by["syncRuns"]["nodes"][0]["source"], "hr");
    let made_by = format!("SELECT COUNT(*) FROM sync_run WHERE made_by = 'scim:{id}'");
    assert_eq!(number(&world.database.raw().await, &made_by).await, 1);
    // It opens no other door, and nothing like it opens this one.
    let (graphql, _) = world.body_as(&secret, "{ __typename }", json!({})).await;
    assert_eq!(graphql, 401);
    assert_eq!(status(&world, &secret[..secret.len() - 1]).await, 401);

    let revoke = async |id| world.operator().await.revoke_scim_token(id).await.unwrap();
    assert!(revoke(id).await);
    assert_eq!(status(&world, &secret).await, 401);
    assert!(!revoke(id).await, "once");
}

async fn a_token_expires(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let (_, secret) = make(&world, "hr", Some(TimeDelta::days(1))).await;
    assert_eq!(status(&world, &secret).await, 200);
    assert_eq!(status(&world.at("2026-01-06T08:59:59Z").await, &secret).await, 200);
    assert_eq!(status(&world.at("2026-01-06T09:00:00Z").await, &secret).await, 401);
}

async fn its_use_is_written_down_once_a_day(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let (_, secret) = make(&world, "hr", None).await;
    let used = async |world: &World| world.operator().await.scim_tokens().await.unwrap()[0].last_used_at;
    assert_eq!(used(&world).await, None);
    status(&world, &secret).await;
    assert_eq!(used(&world).await, Some(world.now));
    let soon = world.at("2026-01-06T08:59:59Z").await;
    status(&soon, &secret).await;
    assert_eq!(used(&soon).await, Some(world.now));
    let later = world.at("2026-01-06T09:00:00Z").await;
    status(&later, &secret).await;
    assert_eq!(used(&later).await, Some(later.now));
}

async fn nothing_of_the_secret_is_kept(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let (_, secret) = make(&world, "hr", None).await;
    let kept = format!(
        "SELECT COUNT(*) FROM scim_token WHERE secret_hash LIKE '%{}%'",
        &secret[5..13]
    );
    assert_eq!(number(&world.database.raw().await, &kept).await, 0);
    let wrong = ScimTokenInput {
        source: "no source".to_owned(),
        label: None,
        lifetime: None,
    };
    assert!(world.operator().await.create_scim_token(wrong).await.is_err());
}

both!(
    a_token_speaks_for_its_source_until_it_is_taken_back,
    a_token_expires,
    its_use_is_written_down_once_a_day,
    nothing_of_the_secret_is_kept,
);
