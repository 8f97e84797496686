//! A programme played ahead, by HTTP and by command: for HR admins, on the present organisation, and nothing is written.

use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, number};

/// ada can meet cyd, dee and eli; bob can meet nobody.
const ORGANISATION: &str = "
    ada
      bob
        cyd
        dee
        eli
    ";
const NOW: &str = "2026-01-05T09:00:00Z";

const QUERY: &str = "query($input: SimulateProgrammeInput!) { simulateProgramme(input: $input) {
    people population policies { policy suggested held heard bound reach share longestWaitDays maxAskedIn28Days repeats
    emptySlots cells cellsVisited head { bottom near middle branches branchesVisited } byWeek { week heard bound } } } }";

async fn simulate(world: &World, input: Value) -> Value {
    world.data(ADMIN, QUERY, json!({ "input": input })).await["simulateProgramme"].clone()
}

/// The code and the message of what is refused.
async fn refusal(world: &World, who: &str, input: Value) -> String {
    let answer = world.ask(who, QUERY, json!({ "input": input })).await;
    let error = &answer["errors"][0];
    format!(
        "{} {}",
        error["extensions"]["code"].as_str().unwrap(),
        error["message"].as_str().unwrap()
    )
}

fn draw_of(simulation: &Value) -> &Value {
    let policies = simulation["policies"].as_array().unwrap();
    let words: Vec<_> = policies
        .iter()
        .map(|policy| policy["policy"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["RANDOM", "ALONE", "SKIPLEVEL"]);
    &policies[2]
}

async fn an_hr_admin_plays_the_programme_ahead_and_nothing_is_written(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    let everything_held = json!({ "weeks": 4, "accepted": 1.0, "held": 1.0 });
    let simulation = simulate(&world, everything_held.clone()).await;
    assert_eq!(
        (&simulation["people"], &simulation["population"]),
        (&json!(5), &json!(3))
    );
    let draw = draw_of(&simulation);
    // Three people in four weeks, and in the fourth all of them had one within 28 days.
    assert_eq!(
        (&draw["heard"], &draw["bound"], &draw["reach"]),
        (&json!(3), &json!(3), &json!(1.0))
    );
    assert_eq!((&draw["suggested"], &draw["emptySlots"]), (&json!(3), &json!(1)));
    assert_eq!(draw["maxAskedIn28Days"], 1);
    let heard: Vec<_> = draw["byWeek"]
        .as_array()
        .unwrap()
        .iter()
        .map(|week| week["heard"].clone())
        .collect();
    assert_eq!(heard, [1, 2, 3, 3]);
    assert_eq!(simulate(&world, everything_held).await, simulation, "the same again");
    for table in ["suggestion", "meeting", "load_claim", "weekly_draw", "empty_slot"] {
        assert_eq!(
            number(&raw, &format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
}
both!(an_hr_admin_plays_the_programme_ahead_and_nothing_is_written);

async fn other_settings_give_another_year(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let with = |settings: Value| json!({ "weeks": 4, "accepted": 1.0, "held": 1.0, "settings": settings });
    let twice = simulate(&world, with(json!({ "slotsPerWeek": 2 }))).await;
    let none = simulate(&world, with(json!({ "slotsPerWeek": 0 }))).await;
    assert_eq!(
        (&draw_of(&twice)["suggested"], &draw_of(&twice)["byWeek"][1]["heard"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(
        (&draw_of(&none)["suggested"], &draw_of(&none)["emptySlots"]),
        (&json!(0), &json!(0))
    );
    let refused = refusal(&world, ADMIN, with(json!({ "slotsPerWeek": 6 }))).await;
    assert!(
        refused.starts_with("BAD_USER_INPUT settings.slotsPerWeek: "),
        "{refused}"
    );
}
both!(other_settings_give_another_year);

async fn what_does_not_fit_is_named(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let answers = [
        refusal(&world, ADMIN, json!({ "weeks": 0 })).await,
        refusal(&world, ADMIN, json!({ "weeks": -1 })).await,
        refusal(&world, ADMIN, json!({ "exits": 1.5 })).await,
        refusal(&world, "ada", json!({})).await,
    ];
    assert_eq!(
        answers,
        [
            "BAD_USER_INPUT weeks should be between 1 and 520",
            "BAD_USER_INPUT weeks should be between 1 and 520",
            "BAD_USER_INPUT input.exits: a share should be a number from 0 to 1, like 0.7",
            "FORBIDDEN this needs the role hr_admin",
        ]
    );
}
both!(what_does_not_fit_is_named);
