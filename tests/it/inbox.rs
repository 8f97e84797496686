//! What waits for a person's answer.

use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both};

/// A Monday.
const NOW: &str = "2026-03-02T09:00:00Z";

const INBOX: &str = "{ viewer { inbox { ask dueAt suggestion { id } meeting { id status counterpart { name } } } } }";

async fn inbox(world: &World, who: &str) -> Vec<String> {
    let items = world.data(who, INBOX, json!({})).await["viewer"]["inbox"].clone();
    let told = |item: &Value| {
        let about = &item["meeting"]["counterpart"]["name"];
        let about = about
            .as_str()
            .map_or_else(|| "a suggestion".to_owned(), |name| format!("with {name}"));
        format!(
            "{} {about} by {}",
            item["ask"].as_str().unwrap(),
            item["dueAt"].as_str().unwrap()
        )
    };
    items.as_array().unwrap().iter().map(told).collect()
}

async fn everything_that_waits_is_told_to_whom_it_waits_for(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dan\n  eve", NOW).await;
    world.draw("2026-W10").await;
    assert_eq!(
        inbox(&world, "ada").await,
        ["ANSWER_SUGGESTION a suggestion by 2026-03-09T00:00:00Z"]
    );
    assert!(
        inbox(&world, "cyd").await.is_empty(),
        "an open suggestion is its leader's alone"
    );

    let suggestion = world.suggestion("ada", "2026-W10").await;
    let counterpart = suggestion["counterpart"]["name"].as_str().unwrap();
    let other = if counterpart == "cyd" { "dan" } else { "cyd" };
    world
        .act("ada", "acceptSuggestion", json!({ "suggestionId": suggestion["id"] }))
        .await;
    let for_the_week = format!("AGREE_ON_TIME with {counterpart} by 2026-03-09T00:00:00Z");
    assert_eq!(inbox(&world, "ada").await, std::slice::from_ref(&for_the_week));
    assert_eq!(inbox(&world, counterpart).await, [for_the_week]);

    world
        .act(other, "requestMeeting", json!({ "leaderId": world.id("ada").await }))
        .await;
    assert_eq!(
        inbox(&world, other).await,
        Vec::<String>::new(),
        "whoever asks waits for the other"
    );
    let request = format!("ANSWER_REQUEST with {other} by 2026-03-09T09:00:00Z");
    assert_eq!(inbox(&world, "ada").await[1], request);

    let after = world.at("2026-03-10T09:00:00Z").await;
    let confirm = format!("CONFIRM_MEETING with {counterpart} by 2026-04-08T00:00:00Z");
    assert_eq!(inbox(&after, "ada").await, [request, confirm.clone()]);
    assert_eq!(inbox(&after, counterpart).await, [confirm]);
    let late = world.at("2026-04-08T00:01:00Z").await;
    assert!(inbox(&late, counterpart).await.is_empty(), "too late to say anything");
    assert!(inbox(&late, ADMIN).await.is_empty());
    assert!(inbox(&late, "eve").await.is_empty());
}

both!(everything_that_waits_is_told_to_whom_it_waits_for,);
