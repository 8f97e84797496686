//! Who is told what of a unit, and what is refused.

use expect_test::expect;
use serde_json::{Value, json};

use super::{
    REPORT, report,
    scene::{scene, skip_level},
};
use crate::support::{ADMIN, TestDatabase, World, both};

/// The names of those who wait, as `who` is told.
async fn waiting(world: &World, who: &str) -> Vec<String> {
    let data = world
        .data(who, "{ coverage { waiting { nodes { name } } } }", json!({}))
        .await;
    let people = data["coverage"]["waiting"]["nodes"].as_array().unwrap();
    people
        .iter()
        .map(|person| person["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A skip-level of last week is no news to those above before its month is published; HR admins know at once.
async fn those_above_learn_who_was_heard_by_month(database: TestDatabase) {
    let world = scene(database).await;
    skip_level(&world, ("bob", "eli"), "2026-06-09", "cyd").await;
    assert_eq!(waiting(&world, ADMIN).await, ["ivy", "jon"]);
    // Ivy's June of last year ends in the window: that it was too early in June is no knowledge of ada's.
    assert_eq!(waiting(&world, "ada").await, ["eli", "jon"]);
    assert_eq!(waiting(&world, "bob").await, ["eli"], "not even of their own");
    let last_day = world.at("2026-07-31T09:00:00Z").await;
    assert_eq!(waiting(&last_day, "ada").await, ["eli", "ivy", "jon", "fay"]);
    let published = world.at("2026-08-01T09:00:00Z").await;
    assert_eq!(waiting(&published, "ada").await, ["ivy", "jon", "fay"]);
}

async fn where_nothing_is_published_nobody_above_is_told_who_waits(database: TestDatabase) {
    let world = scene(database).await;
    let before = report(&world, "ada", json!({})).await;
    assert!(before["total"]["waitDaysMax"].is_number(), "{before:#}");
    world
        .act(ADMIN, "updateSettings", json!({ "betweenVisibility": "NONE" }))
        .await;
    let after = report(&world, "ada", json!({})).await;
    assert_eq!(after["waiting"], json!({ "totalCount": 0, "nodes": [] }));
    for days in ["waitDaysMax", "waitDaysP90", "waitDaysMedian"] {
        assert_eq!(after["total"][days], Value::Null);
    }
    assert_eq!(after["total"]["heard"], 2);
    assert_eq!(waiting(&world, ADMIN).await, ["eli", "ivy", "jon"]);
}

async fn small_groups_are_for_admins(database: TestDatabase) {
    let world = scene(database).await;
    let (ada, bob) = (world.id("ada").await, world.id("bob").await);
    let of = async |who: &str, unit: &str| {
        let told = report(&world, who, json!({ "under": unit })).await;
        format!(
            "{who} {} {} {}",
            told["total"]["population"], told["total"]["heard"], told["total"]["suppressed"]
        )
    };
    let told = [
        of(ADMIN, &ada).await,
        of("ada", &ada).await,
        of(ADMIN, &bob).await,
        of("ada", &bob).await,
        of("bob", &bob).await,
    ];
    expect![[r#"
        hr-admin 5 2 false
        ada 5 2 false
        hr-admin 3 2 false
        ada 3 null true
        bob 3 null true"#]]
    .assert_eq(&told.join("\n"));
}

async fn whoever_leads_nobody_gets_the_report_of_nobody(database: TestDatabase) {
    let world = scene(database).await;
    let leaf = report(&world, "dee", json!({})).await;
    let token = world.integration("hr");
    let machine = world.ask_as(&token, REPORT, json!({ "input": {} })).await;
    assert!(machine.get("errors").is_none(), "{machine:#}");
    for told in [&leaf, &machine["data"]["coverage"]] {
        assert_eq!(told["total"]["population"], 0);
        for list in ["leaders", "waiting"] {
            assert_eq!(told[list], json!({ "totalCount": 0, "nodes": [] }));
        }
        for empty in [&told["groups"], &told["heatMap"]["rows"], &told["load"]["buckets"]] {
            assert_eq!(*empty, json!([]));
        }
    }
    let own_unit = json!({ "id": world.id("dee").await });
    assert_eq!(
        (&leaf["under"], &machine["data"]["coverage"]["under"]),
        (&own_unit, &Value::Null)
    );
}

async fn windows_and_days_have_limits(database: TestDatabase) {
    let world = scene(database).await;
    let mut outcomes = Vec::new();
    for who in [ADMIN, "ada"] {
        for input in [
            json!({ "windowDays": 0 }),
            json!({ "windowDays": 1 }),
            json!({ "windowDays": 730 }),
            json!({ "windowDays": 731 }),
            json!({ "asOf": "2026-06-14" }),
            json!({ "asOf": "2026-06-15" }),
            json!({ "asOf": "2026-06-16" }),
        ] {
            let answer = world.ask(who, REPORT, json!({ "input": input })).await;
            let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("fine");
            outcomes.push(format!("{who} {input} {code}"));
        }
    }
    expect![[r#"
        hr-admin {"windowDays":0} BAD_USER_INPUT
        hr-admin {"windowDays":1} fine
        hr-admin {"windowDays":730} fine
        hr-admin {"windowDays":731} BAD_USER_INPUT
        hr-admin {"asOf":"2026-06-14"} fine
        hr-admin {"asOf":"2026-06-15"} fine
        hr-admin {"asOf":"2026-06-16"} BAD_USER_INPUT
        ada {"windowDays":0} BAD_USER_INPUT
        ada {"windowDays":1} fine
        ada {"windowDays":730} fine
        ada {"windowDays":731} BAD_USER_INPUT
        ada {"asOf":"2026-06-14"} BAD_USER_INPUT
        ada {"asOf":"2026-06-15"} fine
        ada {"asOf":"2026-06-16"} BAD_USER_INPUT"#]]
    .assert_eq(&outcomes.join("\n"));
}

both!(
    those_above_learn_who_was_heard_by_month,
    where_nothing_is_published_nobody_above_is_told_who_waits,
    small_groups_are_for_admins,
    whoever_leads_nobody_gets_the_report_of_nobody,
    windows_and_days_have_limits,
);
