//! Beside and ahead of what is suggested: why somebody is not, and the weeks to come.

use serde_json::{Value, json};

use crate::support::{ADMIN, Change, TestDatabase, World, both, number};

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";

/// What `who` is told of a person: `CODE until DAY`, or null.
async fn why(world: &World, who: &str, person: &str) -> String {
    let query = "query($id: ID!) { viewer { whyNot(person: $id) { code message until } } }";
    let data = world.data(who, query, json!({ "id": world.id(person).await })).await;
    let told = &data["viewer"]["whyNot"];
    if told.is_null() {
        return "null".to_owned();
    }
    assert!(!told["message"].as_str().unwrap().is_empty());
    let until = told["until"]
        .as_str()
        .map(|day| format!(" until {day}"))
        .unwrap_or_default();
    format!("{}{until}", told["code"].as_str().unwrap())
}

async fn why_not_has_an_answer_for_everybody_below(database: TestDatabase) {
    let outline = "
        ada
          bob
            cyd
            dee (leave)
            eve
            fay (from 2025-12-20)
            gus
            hal
              ivo
          jon
        ";
    let world = World::of(database, outline, NOW).await;
    let leaving = Change {
        who: "gus",
        end: Some("2026-01-09"),
        ..Change::default()
    };
    world.change(&[leaving]).await;
    let record = json!({ "counterpartId": world.id("eve").await, "heldAt": "2026-01-01T09:00:00Z" });
    world.act("ada", "recordMeeting", record).await;
    let schedule = json!({ "counterpartId": world.id("ivo").await, "startsAt": "2026-01-20T09:00:00Z" });
    world.act("bob", "scheduleMeeting", schedule).await;
    let mut told = Vec::new();
    for person in ["ada", "bob", "cyd", "dee", "eve", "fay", "gus", "ivo"] {
        told.push(format!("{person}: {}", why(&world, "ada", person).await));
    }
    let expected = [
        "ada: null",
        "bob: DIRECT_REPORT",
        "cyd: LOWER_IN_ORDER",
        "dee: ON_LEAVE",
        "eve: COOLDOWN until 2026-02-26",
        "fay: TOO_NEW until 2026-01-19",
        "gus: LEAVING",
        "ivo: LOAD_CAP until 2026-02-23",
    ];
    assert_eq!(told, expected);
    // Managers in between who learn nothing learn nothing here either.
    world
        .act(ADMIN, "updateSettings", json!({ "betweenVisibility": "NONE" }))
        .await;
    assert_eq!(why(&world, "ada", "ivo").await, "LOWER_IN_ORDER");
}

async fn why_not_is_null_for_whom_it_is_not_about(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n  dee\n    eve", NOW).await;
    // Above, beside, oneself; and an HR admin reads of everybody, but is suggested nobody.
    for (who, person) in [
        ("cyd", "ada"),
        ("cyd", "cyd"),
        ("bob", "dee"),
        ("bob", "eve"),
        (ADMIN, "cyd"),
    ] {
        assert_eq!(why(&world, who, person).await, "null", "{person} to {who}");
    }
    // Not a statement more for somebody out of reach than for nobody.
    let query = "query($id: ID!) { viewer { whyNot(person: $id) { code } } }";
    let mut costs = Vec::new();
    for id in [
        world.id("eve").await,
        world.id("ada").await,
        "cAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "nobody".to_owned(),
    ] {
        world.statements();
        let data = world.data("bob", query, json!({ "id": id })).await;
        assert_eq!(data, json!({ "viewer": { "whyNot": null } }));
        costs.push(world.statements());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
}

async fn why_not_follows_a_suggestion(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    assert_eq!(why(&world, "ada", "cyd").await, "LOWER_IN_ORDER");
    world.draw("2026-W02").await;
    let about = json!({ "suggestionId": world.suggestion("ada", "2026-W02").await["id"] });
    assert_eq!(why(&world, "ada", "cyd").await, "null", "open");
    let accepted = world.act("ada", "acceptSuggestion", about).await;
    assert_eq!(why(&world, "ada", "cyd").await, "null", "accepted");
    let meeting = json!({ "meetingId": accepted["suggestion"]["meeting"]["id"] });
    world.act("cyd", "declineMeeting", meeting).await;
    assert_eq!(why(&world, "ada", "cyd").await, "COOLDOWN until 2026-03-30", "declined");
    // A date by hand is no suggestion.
    let schedule = json!({ "counterpartId": world.id("cyd").await, "startsAt": "2026-01-08T09:00:00Z" });
    world.act("ada", "scheduleMeeting", schedule).await;
    assert_eq!(why(&world, "ada", "cyd").await, "COOLDOWN until 2026-03-30");
}

/// `WEEK who` or `WEEK CODE next WEEK` of each week of a preview.
async fn preview(world: &World, who: &str, weeks: i32) -> Vec<String> {
    let query = "query($weeks: Int!) { viewer { preview(weeks: $weeks) { week startsOn
        suggestions { id status kind counterpart { name } reasons { code } meeting { id } } noSuggestion { code message nextWeek } } } }";
    let data = world.data(who, query, json!({ "weeks": weeks })).await;
    let line = |plan: &Value| {
        let reason = &plan["noSuggestion"];
        let told = if reason.is_null() {
            let names = plan["suggestions"].as_array().unwrap().iter().map(|told| {
                assert!(!told["reasons"].as_array().unwrap().is_empty());
                format!(
                    "{} {}",
                    told["counterpart"]["name"].as_str().unwrap(),
                    told["status"].as_str().unwrap()
                )
            });
            names.collect::<Vec<_>>().join(", ")
        } else {
            format!(
                "{} next {}",
                reason["code"].as_str().unwrap(),
                reason["nextWeek"].as_str().unwrap_or("?")
            )
        };
        format!("{} {told}", plan["week"].as_str().unwrap())
    };
    data["viewer"]["preview"].as_array().unwrap().iter().map(line).collect()
}

async fn a_preview_shows_what_is_drawn_and_foretells_the_rest(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dee\n    eve", NOW).await;
    world.draw_due().await;
    let raw = world.database.raw().await;
    let count = async || {
        number(
            &raw,
            "SELECT (SELECT COUNT(*) FROM suggestion) + (SELECT COUNT(*) FROM empty_slot)",
        )
        .await
    };
    let before = count().await;
    let name = async |week: &str| {
        world.suggestion("ada", week).await["counterpart"]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (first, second) = (name("2026-W02").await, name("2026-W03").await);
    let third = ["cyd", "dee", "eve"]
        .into_iter()
        .find(|name| *name != first && *name != second)
        .unwrap();
    let told = preview(&world, "ada", 8).await;
    let cooling = |week: u32| format!("2026-W{week:02} ALL_COOLING_DOWN next 2026-W10");
    let mut expected = vec![format!("2026-W03 {second} OPEN"), format!("2026-W04 {third} OPEN")];
    expected.extend((5..10).map(cooling));
    expected.push(format!("2026-W10 {first} OPEN"));
    assert_eq!(told, expected);
    assert_eq!(count().await, before, "nothing is stored");
    // What has become of a drawn week stays as it is.
    let open = world.suggestion("ada", "2026-W03").await;
    world
        .act("ada", "skipSuggestion", json!({ "suggestionId": open["id"] }))
        .await;
    assert_eq!(preview(&world, "ada", 1).await, [format!("2026-W03 {second} SKIPPED")]);
    // When its time comes, the week is drawn as it was foretold.
    let later = world.at("2026-01-12T09:00:00Z").await;
    let foretold = preview(&later, "ada", 1).await;
    later.draw_due().await;
    assert_eq!(preview(&later, "ada", 1).await, foretold);
}

async fn a_preview_says_why_a_week_is_empty(database: TestDatabase) {
    let world = World::of(
        database,
        "ada\n  bob\n    cyd (from 2025-12-15)\nfay (leave)\n  gus\n    hal",
        NOW,
    )
    .await;
    assert_eq!(
        preview(&world, "ada", 3).await,
        [
            "2026-W03 POOL_EMPTY next 2026-W04",
            "2026-W04 cyd OPEN",
            "2026-W05 ALL_COOLING_DOWN next 2026-W12"
        ]
    );
    assert_eq!(preview(&world, "fay", 1).await, ["2026-W03 ON_LEAVE next ?"]);
    for who in ["bob", ADMIN] {
        assert_eq!(preview(&world, who, 1).await, ["2026-W03 NOT_A_LEADER next ?"]);
    }
    world.act(ADMIN, "updateSettings", json!({ "slotsPerWeek": 0 })).await;
    assert_eq!(preview(&world, "ada", 1).await, ["2026-W03 NO_SLOTS next ?"]);
    for weeks in [0, -1, 13] {
        let query = "query($weeks: Int!) { viewer { preview(weeks: $weeks) { week } } }";
        let answer = world.ask("ada", query, json!({ "weeks": weeks })).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert_eq!(error["message"], "weeks should be between 1 and 12");
    }
    assert_eq!(preview(&world, "ada", 12).await.len(), 12);
}

both!(
    why_not_has_an_answer_for_everybody_below,
    why_not_is_null_for_whom_it_is_not_about,
    why_not_follows_a_suggestion,
    a_preview_shows_what_is_drawn_and_foretells_the_rest,
    a_preview_says_why_a_week_is_empty,
);
