//! Thank-yous: their author's alone, then of whoever they thank, and nobody else's.

use serde_json::{Value, json};
use skiplevel::auth::token::Role;

use super::{NOW, meeting, organisation};
use crate::support::{ADMIN, TestDatabase, World, both};

const FROM: &str = "query($id: ID!) { node(id: $id) { ... on Meeting {
    kudos { id text authorName sentAt person { name } meeting { id } } } } }";

const TO: &str =
    "{ viewer { kudos { totalCount nodes { id text authorName sentAt person { name } meeting { id } } } } }";

async fn from(world: &World, who: &str, meeting: &str) -> Value {
    let data = world.data(who, FROM, json!({ "id": meeting })).await;
    data["node"].get("kudos").cloned().unwrap_or(json!([]))
}

async fn to(world: &World, who: &str) -> Value {
    world.data(who, TO, json!({})).await["viewer"]["kudos"].clone()
}

/// ada thanks dee in her meeting with cyd.
async fn thank(world: &World, meeting: &str) -> Value {
    let input = json!({ "meetingId": meeting, "personId": world.id("dee").await, "text": "mended the build" });
    world.act("ada", "writeKudos", input).await["kudos"].clone()
}

async fn it_is_the_authors_until_it_is_sent_and_then_of_both(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let kudos = thank(&world, &meeting).await;
    assert_eq!(kudos["person"]["name"], "dee");
    assert_eq!(kudos["sentAt"], Value::Null);
    let nobody = json!({ "totalCount": 0, "nodes": [] });
    assert_eq!(from(&world, "ada", &meeting).await, json!([kudos]));
    assert_eq!(to(&world, "dee").await, nobody, "not sent yet");
    let sent = world.act("ada", "sendKudos", json!({ "kudosId": kudos["id"] })).await["kudos"].clone();
    assert_eq!(sent["sentAt"], "2026-01-05T09:00:00Z");
    assert!(NOW.starts_with("2026-01-05T09:00"));
    let got = to(&world, "dee").await;
    assert_eq!(got["totalCount"], 1);
    let got = &got["nodes"][0];
    assert_eq!(
        (&got["text"], &got["authorName"]),
        (&json!("mended the build"), &json!("ada"))
    );
    assert_eq!(got["meeting"], Value::Null, "in which meeting is not dee's to know");
    // Sent is sent.
    for mutation in ["sendKudos", "deleteKudos"] {
        let refused = world.refusal("ada", mutation, json!({ "kudosId": kudos["id"] })).await;
        assert!(refused.starts_with("WRONG_STATUS input.kudosId"), "{refused}");
    }
    // Nobody else: neither the counterpart, nor managers, nor HR, nor HR in the chart.
    for who in ["cyd", "bob", "eve"] {
        assert_eq!(from(&world, who, &meeting).await, json!([]), "{who}");
        assert_eq!(to(&world, who).await, nobody, "{who}");
    }
    for token in [
        world.token(ADMIN, &[Role::HrAdmin]),
        world.token("bob", &[Role::HrAdmin]),
    ] {
        let seen = world.ask_as(&token, FROM, json!({ "id": meeting })).await;
        assert_eq!(seen["data"]["node"]["kudos"], json!([]));
        let seen = world.ask_as(&token, TO, json!({})).await;
        assert_eq!(seen["data"]["viewer"]["kudos"], nobody);
    }
}

async fn nobody_else_sends_or_deletes_it(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let about = json!({ "kudosId": thank(&world, &meeting).await["id"] });
    for who in ["cyd", "bob", "dee"] {
        for mutation in ["sendKudos", "deleteKudos"] {
            assert_eq!(
                world.refusal(who, mutation, about.clone()).await,
                "NOT_FOUND input.kudosId: nothing in your reach has this kudosId"
            );
        }
    }
    let gone = world.act("ada", "deleteKudos", about.clone()).await;
    assert_eq!(gone["deletedKudosId"], about["kudosId"]);
    assert_eq!(from(&world, "ada", &meeting).await, json!([]));
}

async fn whom_one_can_thank(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let thank = async |who: &str, person: &str| {
        let input = json!({ "meetingId": meeting, "personId": world.id(person).await, "text": "thanks" });
        world.attempt(who, "writeKudos", input).await["userErrors"][0]["code"].clone()
    };
    assert_eq!(thank("ada", "eve").await, Value::Null);
    assert_eq!(thank("cyd", "bob").await, Value::Null, "somebody above");
    assert_eq!(thank("cyd", "eve").await, "NOT_FOUND", "beside cyd, and out of reach");
    assert_eq!(thank("ada", "ada").await, "NOT_ALLOWED");
    assert_eq!(thank("ada", "cyd").await, "NOT_ALLOWED", "who was there");
    assert_eq!(thank("bob", "dee").await, "NOT_FOUND", "no meeting of bob's");
    for _ in 1..10 {
        assert_eq!(thank("ada", "dee").await, Value::Null);
    }
    assert_eq!(thank("ada", "dee").await, "LIMIT");
}

async fn whoever_is_out_of_reach_by_now_is_not_written_to(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let kudos = thank(&world, &meeting).await;
    world.import("ada\n  bob\n    cyd\n    eve\nkim\n  dee").await;
    let refused = world
        .refusal("ada", "sendKudos", json!({ "kudosId": kudos["id"] }))
        .await;
    assert_eq!(
        refused,
        "NOT_ALLOWED input.kudosId: whoever it thanks is out of your reach by now"
    );
    assert_eq!(from(&world, "ada", &meeting).await[0]["person"], Value::Null);
}

both!(
    it_is_the_authors_until_it_is_sent_and_then_of_both,
    nobody_else_sends_or_deletes_it,
    whom_one_can_thank,
    whoever_is_out_of_reach_by_now_is_not_written_to,
);
