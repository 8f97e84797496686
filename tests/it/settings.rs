//! The organisation's settings through the API: who may change them, what fits, what they change and what they leave.

use entity::{org_state, settings, suggestion};
use expect_test::expect;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, number, run};

const ORGANISATION: &str = "
    ada
      bob
        cyd
        dee
        eve
    ";

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";

async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

async fn update(world: &World, input: Value) -> Value {
    world.act(ADMIN, "updateSettings", input).await["settings"].clone()
}

/// `CODE in.put.path: message` of each mistake.
async fn refused(world: &World, input: Value) -> String {
    let payload = world.attempt(ADMIN, "updateSettings", input).await;
    assert_eq!(payload["settings"], Value::Null);
    let errors = payload["userErrors"].as_array().unwrap();
    let line = |error: &Value| {
        let path: Vec<_> = error["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part.as_str().unwrap())
            .collect();
        format!(
            "{} {}: {}\n",
            error["code"].as_str().unwrap(),
            path.join("."),
            error["message"].as_str().unwrap()
        )
    };
    errors.iter().map(line).collect()
}

async fn only_what_is_given_changes(database: TestDatabase) {
    let world = organisation(database).await;
    let all = "version changedAt changedBy timeZone slotsPerWeek newJoinerDays pairCooldownWeeks loadCapDays
        declineRestWeeks bottomOfFour nearOfFour drawDaysAhead swapsPerWeek unconfirmedAfterDays confirmWithinDays
        recordWithinDays betweenVisibility notesRetentionMonths agendaQuestions smallestGroup";
    let all = format!("{{ settings {{ {all} }} }}");
    let before = world.admin(&all, json!({})).await["settings"].clone();
    expect![[r#"
        {
          "version": 0,
          "changedAt": null,
          "changedBy": null,
          "timeZone": null,
          "slotsPerWeek": 1,
          "newJoinerDays": 30,
          "pairCooldownWeeks": 8,
          "loadCapDays": 28,
          "declineRestWeeks": 12,
          "bottomOfFour": 2,
          "nearOfFour": 1,
          "drawDaysAhead": 7,
          "swapsPerWeek": 2,
          "unconfirmedAfterDays": 7,
          "confirmWithinDays": 30,
          "recordWithinDays": 90,
          "betweenVisibility": "MONTH",
          "notesRetentionMonths": 12,
          "agendaQuestions": [
            "What is going well?",
            "What is in the way?",
            "Who has been especially helpful?"
          ],
          "smallestGroup": 5
        }"#]]
    .assert_eq(&format!("{before:#}"));
    let change = json!({ "swapsPerWeek": 3, "betweenVisibility": "NONE", "slotsPerWeek": null });
    assert_eq!(update(&world, change.clone()).await["version"], 1);
    let mut expected = before;
    for (field, value) in [
        ("version", json!(1)),
        ("changedAt", json!(NOW)),
        ("changedBy", json!("token:hr-admin")),
        ("swapsPerWeek", json!(3)),
        ("betweenVisibility", json!("NONE")),
    ] {
        expected[field] = value;
    }
    assert_eq!(world.admin(&all, json!({})).await["settings"], expected);
    // What changes nothing makes no version.
    assert_eq!(update(&world, change).await["version"], 1);
    assert_eq!(update(&world, json!({})).await["version"], 1);
    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM settings").await, 1);
}

async fn what_does_not_fit_is_named_and_nothing_is_written(database: TestDatabase) {
    let world = organisation(database).await;
    let input = json!({
        "slotsPerWeek": -1, "swapsPerWeek": 3, "pairCooldownWeeks": 3, "timeZone": "Mars/Olympus",
        "nearOfFour": 3, "agendaQuestions": ["What now?"],
    });
    expect![[r#"
        INVALID input.slotsPerWeek: slotsPerWeek should be 0 to 5 slots
        INVALID input.pairCooldownWeeks: pairCooldownWeeks should be 4 to 104 weeks
        INVALID input.timeZone: timeZone should be an IANA time zone such as Europe/Berlin
        INVALID input.agendaQuestions: agendaQuestions should be three questions of a line each, at most 200 characters long
        INVALID input.nearOfFour: nearOfFour should be at most 4 together with bottomOfFour
    "#]]
    .assert_eq(&refused(&world, input).await);
    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM settings").await, 0);
    expect![[r#"
        INVALID input.timeZone: timeZone should be an IANA time zone such as Europe/Berlin
    "#]]
    .assert_eq(&refused(&world, json!({ "timeZone": "" })).await);
    // Beside what is in force, not beside the defaults.
    update(&world, json!({ "bottomOfFour": 0, "nearOfFour": 4 })).await;
    expect![[r#"
        INVALID input.nearOfFour: nearOfFour should be at most 4 together with bottomOfFour
    "#]]
    .assert_eq(&refused(&world, json!({ "bottomOfFour": 1 })).await);
}

async fn the_faster_of_two_wins_and_a_key_repeats_its_answer(database: TestDatabase) {
    let world = organisation(database).await;
    let first = json!({ "expectedVersion": 0, "swapsPerWeek": 3, "idempotencyKey": "k" });
    assert_eq!(update(&world, first.clone()).await["version"], 1);
    expect![[r#"
        CONFLICT input.expectedVersion: the settings are at version 1 by now; look at them again
    "#]]
    .assert_eq(&refused(&world, json!({ "expectedVersion": 0, "swapsPerWeek": 4 })).await);
    assert_eq!(
        update(&world, json!({ "expectedVersion": 1, "swapsPerWeek": 4 })).await["version"],
        2
    );
    let again = update(&world, first.clone()).await;
    assert_eq!(
        (&again["version"], &again["swapsPerWeek"]),
        (&json!(2), &json!(4)),
        "as they are now"
    );
    let mut other = first;
    other["swapsPerWeek"] = json!(5);
    assert_eq!(
        world.fault(ADMIN, "updateSettings", other).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
}

async fn settings_are_for_hr_admins(database: TestDatabase) {
    let world = organisation(database).await;
    update(&world, json!({ "swapsPerWeek": 3 })).await;
    let look = "{ settings { version } settingsChanges { totalCount nodes { version } } }";
    for (who, seen) in [
        (
            "ada",
            json!({ "settings": null, "settingsChanges": { "totalCount": 0, "nodes": [] } }),
        ),
        (
            ADMIN,
            json!({ "settings": { "version": 1 }, "settingsChanges": { "totalCount": 1, "nodes": [{ "version": 1 }] } }),
        ),
    ] {
        assert_eq!(world.data(who, look, json!({})).await, seen, "{who}");
    }
    assert_eq!(
        world.fault("ada", "updateSettings", json!({ "swapsPerWeek": 4 })).await,
        "FORBIDDEN"
    );
}

async fn what_became_of_them_is_told_by_version(database: TestDatabase) {
    let world = organisation(database).await;
    update(&world, json!({ "swapsPerWeek": 3, "timeZone": "Asia/Tokyo" })).await;
    update(&world, json!({ "agendaQuestions": ["a", "b", "c"] })).await;
    update(&world, json!({ "timeZone": null, "swapsPerWeek": 2 })).await;
    let page = "query($after: String) { settingsChanges(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { version changedAt changedBy fields { field from to } } } }";
    let mut told = Vec::new();
    let mut after = Value::Null;
    for more in [true, false] {
        let data = world.admin(page, json!({ "after": after })).await["settingsChanges"].clone();
        assert_eq!(
            (&data["totalCount"], &data["pageInfo"]["hasNextPage"]),
            (&json!(3), &json!(more))
        );
        after = data["pageInfo"]["endCursor"].clone();
        for change in data["nodes"].as_array().unwrap() {
            assert_eq!(
                (&change["changedAt"], &change["changedBy"]),
                (&json!(NOW), &json!("token:hr-admin"))
            );
            for field in change["fields"].as_array().unwrap() {
                told.push(format!(
                    "{} {}: {} -> {}\n",
                    change["version"], field["field"], field["from"], field["to"]
                ));
            }
        }
    }
    expect![[r#"
        3 "timeZone": "Asia/Tokyo" -> ""
        3 "swapsPerWeek": "3" -> "2"
        2 "agendaQuestions": "What is going well?\nWhat is in the way?\nWho has been especially helpful?" -> "a\nb\nc"
        1 "timeZone": "" -> "Asia/Tokyo"
        1 "swapsPerWeek": "2" -> "3"
    "#]]
    .assert_eq(&told.concat());
}

async fn a_time_zone_of_its_own_holds_from_the_next_request_on(database: TestDatabase) {
    // Sunday evening where the program is, Monday morning in Tokyo: a new week, and dee's first day.
    let world = World::of(
        database,
        "ada\n  bob\n    cyd\n    dee (from 2026-01-12)",
        "2026-01-11T20:00:00Z",
    )
    .await;
    let look = "{ viewer { week { week } } people(filter: { search: \"dee\" }) { nodes { name } } }";
    world.statements();
    let data = world.data("ada", look, json!({})).await;
    let statements = world.statements();
    assert_eq!(
        data,
        json!({ "viewer": { "week": { "week": "2026-W02" } }, "people": { "nodes": [] } })
    );
    world.draw("2026-W02").await;
    let beside = world.beside().await;
    assert_eq!(
        update(&world, json!({ "timeZone": "Asia/Tokyo" })).await["timeZone"],
        "Asia/Tokyo"
    );
    let expected = json!({ "viewer": { "week": { "week": "2026-W03" } }, "people": { "nodes": [{ "name": "dee" }] } });
    for world in [&world, &beside] {
        world.statements();
        assert_eq!(world.data("ada", look, json!({})).await, expected);
        assert_eq!(world.statements(), statements, "no more than before");
    }
    // The week that has gone by there is over.
    assert_eq!(world.suggestion("ada", "2026-W02").await["status"], "EXPIRED");
    let due = world.app.draw_due(world.now).await.unwrap();
    assert_eq!(
        due.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2026-W03", "2026-W04"]
    );
    let end = "query { viewer { week { suggestions { expiresAt } } } }";
    let expires =
        async || world.data("ada", end, json!({})).await["viewer"]["week"]["suggestions"][0]["expiresAt"].clone();
    assert_eq!(expires().await, "2026-01-18T15:00:00Z");
    // Back again: it is Sunday, and dee is still to come.
    assert_eq!(
        update(&world, json!({ "timeZone": null })).await["timeZone"],
        Value::Null
    );
    assert_eq!(world.data("ada", look, json!({})).await, data);
    let monday = world.at("2026-01-12T09:00:00Z").await;
    assert_eq!(
        monday.data("ada", end, json!({})).await["viewer"]["week"]["suggestions"][0]["expiresAt"],
        "2026-01-19T00:00:00Z"
    );
}

async fn a_draw_says_which_settings_it_followed(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let look = |dry: bool| json!({ "week": "2026-W02", "dryRun": dry });
    assert_eq!(
        world.act(ADMIN, "drawSuggestions", look(true)).await["settingsVersion"],
        0
    );
    update(&world, json!({ "swapsPerWeek": 3 })).await;
    assert_eq!(
        world.act(ADMIN, "drawSuggestions", look(true)).await["settingsVersion"],
        1
    );
    assert_eq!(world.draw("2026-W02").await["settingsVersion"], 1);
    let rows = async || {
        suggestion::Entity::find()
            .order_by_asc(suggestion::Column::Id)
            .all(&raw)
            .await
            .unwrap()
    };
    let before = rows().await;
    assert_eq!(before.len(), 1);
    // Neither more slots nor a longer start changes what is drawn.
    update(&world, json!({ "slotsPerWeek": 3, "newJoinerDays": 365 })).await;
    let again = world.draw("2026-W02").await;
    assert_eq!((&again["created"], &again["settingsVersion"]), (&json!(0), &json!(1)));
    assert_eq!(rows().await, before);
    let next = world.draw("2026-W03").await;
    assert_eq!(
        (&next["created"], &next["settingsVersion"]),
        (&json!(2), &json!(2)),
        "{next:#}"
    );
}

async fn settings_that_cannot_be_read_do_not_stop_requests(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    for (version, kept) in [
        (1, "no settings"),
        (2, r#"{"swapsPerWeek": 3, "slotsPerWeek": 99, "unheardOf": 1}"#),
    ] {
        let row = settings::ActiveModel {
            version: Set(version),
            value: Set(kept.to_owned()),
            changed_at: Set(world.now),
            changed_by: Set("token:somebody".to_owned()),
        };
        row.insert(&raw).await.unwrap();
        let state = org_state::ActiveModel {
            id: Set(1),
            time_zone: Set(Some("Mars/Olympus".to_owned())),
            ..Default::default()
        };
        state.update(&raw).await.unwrap();
        let data = world
            .admin("{ settings { version swapsPerWeek slotsPerWeek } }", json!({}))
            .await;
        let swaps = if version == 1 { 2 } else { 3 };
        assert_eq!(
            data["settings"],
            json!({ "version": version, "swapsPerWeek": swaps, "slotsPerWeek": 1 })
        );
    }
    world.draw("2026-W02").await;
    // Written anew, they are whole again.
    assert_eq!(update(&world, json!({ "slotsPerWeek": 2 })).await["version"], 3);
    run(&raw, "DELETE FROM settings WHERE version < 3").await.unwrap();
    let data = world
        .admin("{ settings { swapsPerWeek slotsPerWeek } }", json!({}))
        .await;
    assert_eq!(data["settings"], json!({ "swapsPerWeek": 3, "slotsPerWeek": 2 }));
}

both!(
    only_what_is_given_changes,
    what_does_not_fit_is_named_and_nothing_is_written,
    the_faster_of_two_wins_and_a_key_repeats_its_answer,
    settings_are_for_hr_admins,
    what_became_of_them_is_told_by_version,
    a_time_zone_of_its_own_holds_from_the_next_request_on,
    a_draw_says_which_settings_it_followed,
    settings_that_cannot_be_read_do_not_stop_requests,
);
