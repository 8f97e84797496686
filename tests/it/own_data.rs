//! One's own data: all of it, and nothing of anybody else's.

use expect_test::expect_file;
use serde_json::{Value, json};
use skiplevel::{app::Keyring, auth::token::Role};

use crate::support::{ADMIN, Options, TestDatabase, World, both, number};

const NOW: &str = "2026-03-02T09:00:00Z";
const ORGANISATION: &str = "ada\n  bob\n    cyd\n      dee\n    fay\n  eve";

const EXPORT: &str = "mutation($input: ExportMyDataInput!) { exportMyData(input: $input) {
    json next userErrors { code } } }";

async fn exported(world: &World, who: &str, input: Value) -> (Value, Value) {
    let data = world.data(who, EXPORT, json!({ "input": input })).await;
    let text = data["exportMyData"]["json"].as_str().unwrap();
    (
        serde_json::from_str(text).unwrap(),
        data["exportMyData"]["next"].clone(),
    )
}

/// The document without its random ids.
fn readable(document: &Value) -> String {
    let mut document = document.clone();
    strip(&mut document);
    serde_json::to_string_pretty(&document).unwrap() + "\n"
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(strip);
            // What was written at one instant is in no order.
            items.sort_by_key(|item| item["createdAt"].is_string().then(|| item["text"].to_string()));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "id" {
                    *value = json!("<id>");
                } else {
                    strip(value);
                }
            }
        }
        _ => {}
    }
}

/// Everything that can be of cyd's, and something of everybody else's beside each.
async fn busy(database: TestDatabase) -> World {
    let world = World::of(database, ORGANISATION, NOW).await;
    let (cyd, dee, eve) = (world.id("cyd").await, world.id("dee").await, world.id("eve").await);
    let row = json!([{ "externalId": "cyd", "title": "Clerk", "department": "North", "location": "Dale" }]);
    let sync = json!({ "source": "hr", "dryRun": false, "idempotencyKey": "s", "rows": row });
    world.act(ADMIN, "syncPeople", sync).await;
    let leave = json!([{ "externalId": "1", "person": { "externalId": "cyd" }, "startDate": "2026-04-01", "endDate": "2026-04-03" }]);
    let leave = json!({ "source": "hr", "dryRun": false, "idempotencyKey": "a", "rows": leave });
    world.act(ADMIN, "syncAbsences", leave).await;
    let manager = json!({ "personId": cyd, "managerId": eve, "effectiveDate": "2026-04-01" });
    world.act(ADMIN, "setManager", manager).await;
    let met = json!({ "counterpartId": cyd, "heldAt": "2026-02-25T10:00:00Z", "durationMinutes": 30 });
    let meeting = world.act("ada", "recordMeeting", met).await["meeting"]["id"].clone();
    let declined = json!({ "counterpartId": cyd, "startsAt": "2026-03-09T10:00:00Z" });
    let declined = world.act("bob", "scheduleMeeting", declined).await["meeting"]["id"].clone();
    world
        .act("cyd", "declineMeeting", json!({ "meetingId": declined }))
        .await;
    let others = json!({ "counterpartId": dee, "startsAt": "2026-03-10T10:00:00Z" });
    let others = world.act("ada", "scheduleMeeting", others).await["meeting"]["id"].clone();
    for (who, visibility, text) in [
        ("cyd", "PRIVATE", "cyd alone"),
        ("cyd", "SHARED", "cyd to both"),
        ("ada", "SHARED", "ada to both"),
        ("ada", "PRIVATE", "hidden: ada alone"),
    ] {
        let note = json!({ "meetingId": meeting, "visibility": visibility, "text": text });
        world.act(who, "writeNote", note).await;
    }
    let note = json!({ "meetingId": others, "visibility": "SHARED", "text": "hidden: of others" });
    world.act("ada", "writeNote", note).await;
    let item = json!({ "meetingId": meeting, "text": "the move to Ghent" });
    world.act("cyd", "addAgendaItem", item).await;
    for (who, at, whom, sent) in [
        ("cyd", &meeting, &dee, false),
        ("ada", &others, &cyd, true),
        ("ada", &others, &eve, true),
        ("ada", &others, &cyd, false),
    ] {
        let text = if who == "ada" && !sent {
            "hidden: not sent".to_owned()
        } else {
            format!("thanks of {who}")
        };
        let thanks = json!({ "meetingId": at, "personId": whom, "text": text });
        let kudos = world.act(who, "writeKudos", thanks).await["kudos"]["id"].clone();
        if sent {
            world.act(who, "sendKudos", json!({ "kudosId": kudos })).await;
        }
    }
    world
        .act("cyd", "setParticipation", json!({ "snoozedUntil": "2026-05-01" }))
        .await;
    let hours = "mutation { setWorkingHours(input: {days: [MONDAY, TUESDAY]}) { userErrors { code } } }";
    world.data("cyd", hours, json!({})).await;
    world
        .data("cyd", "mutation { createCalendarFeed { path } }", json!({}))
        .await;
    world.draw("2026-W12").await;
    world
}

async fn everything_of_ones_own_and_nothing_of_anybody_elses(database: TestDatabase) {
    let world = busy(database).await;
    let (document, next) = exported(&world, "cyd", json!({})).await;
    assert_eq!(next, Value::Null);
    expect_file!["own_data/document.json"].assert_eq(&readable(&document));
    let text = document.to_string();
    assert!(
        !["hidden", "eve", "fay"].iter().any(|word| text.contains(word)),
        "{text}"
    );
    // What ada alone wrote, and what waits for her, is hers.
    let (ada, _) = exported(&world, "ada", json!({})).await;
    let text = ada.to_string();
    assert!(
        text.contains("hidden: ada alone") && text.contains("hidden: not sent"),
        "{text}"
    );
    assert!(!text.contains("cyd alone"), "{text}");
    assert_eq!(ada["suggestions"].as_array().unwrap().len(), 1, "{text}");
    assert_eq!(ada["participation"], json!({ "optedOut": false, "snoozedUntil": null }));
    // An HR admin in the chart gets their own, no more than anybody.
    let answer = world
        .ask_as(&world.token("eve", &[Role::HrAdmin]), EXPORT, json!({ "input": {} }))
        .await;
    let text = answer["data"]["exportMyData"]["json"].as_str().unwrap();
    let eve: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        (&eve["person"]["name"], &eve["meetings"], &eve["suggestions"]),
        (&json!("eve"), &json!([]), &json!([]))
    );
    assert_eq!(eve["kudosReceived"][0]["text"], "thanks of ada");
    assert!(!text.contains("hidden") && !text.contains("cyd"), "{text}");
}

async fn it_is_for_people_and_written_down_once_a_key(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    for token in [world.token(ADMIN, &[Role::HrAdmin]), world.integration("hr")] {
        let answer = world.ask_as(&token, EXPORT, json!({ "input": {} })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let entries = async || {
        let log = "{ audit(filter: {action: EXPORT_MY_DATA}) { nodes { subject actor details { name } } } }";
        world.admin(log, json!({})).await["audit"]["nodes"].clone()
    };
    assert_eq!(entries().await, json!([]));
    let first = exported(&world, "cyd", json!({ "idempotencyKey": "k" })).await;
    assert_eq!(exported(&world, "cyd", json!({ "idempotencyKey": "k" })).await, first);
    let written = entries().await;
    assert_eq!(written.as_array().unwrap().len(), 1);
    assert_eq!(written[0]["subject"], world.id("cyd").await);
    exported(&world, "cyd", json!({})).await;
    assert_eq!(entries().await.as_array().unwrap().len(), 2);
    // The answer is kept nowhere.
    let raw = world.database.raw().await;
    let kept = "SELECT COUNT(*) FROM idempotency_key WHERE operation = 'exportMyData' AND LENGTH(answer) < 40";
    assert_eq!(number(&raw, kept).await, 1);
    // Whoever looks later finds what was done to them; what is planned is not theirs to know yet.
    for (manager, day) in [("ada", "2026-03-02"), ("eve", "2026-04-01")] {
        let moved =
            json!({ "personId": world.id("cyd").await, "managerId": world.id(manager).await, "effectiveDate": day });
        world.act(ADMIN, "setManager", moved).await;
    }
    let done = async |world: &World| {
        let (document, _) = exported(world, "cyd", json!({})).await;
        let done = document["doneToMe"].as_array().unwrap().clone();
        let actions = done.iter().map(|done| done["action"].as_str().unwrap().to_owned());
        actions.filter(|action| action != "EXPORT_MY_DATA").collect::<Vec<_>>()
    };
    assert_eq!(done(&world).await, ["SET_MANAGER"]);
    assert_eq!(done(&world.at("2026-04-01T09:00:00Z").await).await, ["SET_MANAGER"; 2]);
}

/// Eleven meetings with notes of almost half a million bytes each: more than a part holds.
async fn what_is_too_much_comes_in_parts(database: TestDatabase) {
    let world = World::start(std::sync::Arc::new(database), NOW, &Options::default()).await;
    world.import(ORGANISATION).await;
    let cyd = world.id("cyd").await;
    let long = "🦀".repeat(10_000);
    for day in 1..=11 {
        let met =
            json!({ "counterpartId": cyd, "heldAt": format!("2026-02-{day:02}T10:00:00Z"), "durationMinutes": 30 });
        let meeting = world.act("bob", "recordMeeting", met).await["meeting"]["id"].clone();
        for _ in 0..11 {
            let note = json!({ "meetingId": meeting, "visibility": "SHARED", "text": long });
            world.act("bob", "writeNote", note).await;
        }
    }
    let (first, next) = exported(&world, "cyd", json!({})).await;
    let (second, last) = exported(&world, "cyd", json!({ "after": next })).await;
    assert_eq!(
        (
            first["meetings"].as_array().unwrap().len(),
            second["meetings"].as_array().unwrap().len()
        ),
        (10, 1)
    );
    assert_eq!((last, second.get("person")), (Value::Null, None));
    assert_eq!(second["meetings"][0]["heldAt"], "2026-02-01T10:00:00Z");
    for who in ["cyd", "bob"] {
        let after = if who == "cyd" { json!("nonsense") } else { next.clone() };
        let answer = world.ask(who, EXPORT, json!({ "input": { "after": after } })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{who}");
    }
}

async fn without_keys_texts_are_null(database: TestDatabase) {
    let world = busy(database).await;
    let options = Options {
        notes: Keyring::off(),
        ..Options::default()
    };
    let without = World::start(world.database.clone(), NOW, &options).await;
    let (document, _) = exported(&without, "cyd", json!({})).await;
    let met = &document["meetings"].as_array().unwrap()[1];
    assert_eq!(met["notes"].as_array().unwrap().len(), 3);
    assert_eq!(met["notes"][0]["text"], Value::Null);
}

both!(
    everything_of_ones_own_and_nothing_of_anybody_elses,
    it_is_for_people_and_written_down_once_a_key,
    what_is_too_much_comes_in_parts,
    without_keys_texts_are_null,
);
