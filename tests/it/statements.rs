//! What a request costs the database: a number of statements that the query alone decides, not how much it finds.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{TestDatabase, World, both};

const NOW: &str = "2026-01-05T09:00:00Z";

/// Ada above eight heads with seven people each, one level down.
async fn world(database: TestDatabase) -> World {
    let mut outline = String::from("ada\n");
    for head in 0..8 {
        let _ = writeln!(outline, "  head{head}");
        for person in 0..7 {
            let _ = writeln!(outline, "    p{head}{person}");
        }
    }
    let world = World::of(database, &outline, NOW).await;
    world.app.draw_due(world.now).await.unwrap();
    world
}

/// The first statement loads the viewer; then one for the page and one for each field that is loaded beside it:
/// manager, lastMet, lastHeard and its settings, externalIds, startDate.
async fn a_page_of_people_costs_eight_statements(database: TestDatabase) {
    let world = world(database).await;
    let page = "query($first: Int!) { people(first: $first) { nodes {
        name status startDate lastHeard externalIds { source externalId } manager { name } lastMet { id heldAt } } } }";
    for first in [5, 50] {
        let (data, statements) = counted(&world, "ada", page, json!({ "first": first })).await;
        assert_eq!(data["people"]["nodes"].as_array().unwrap().len(), first);
        assert_eq!(statements, 8, "for {first} people");
    }
}

async fn a_page_of_suggestions_costs_the_same_whatever_its_size(database: TestDatabase) {
    let world = world(database).await;
    let page = "query($week: IsoWeek) { viewer { week(week: $week) {
        suggestions { status reasons { code message } counterpart { name title } leader { name } meeting { id } } } } }";
    let (data, statements) = counted(&world, "ada", page, json!({ "week": "2026-W02" })).await;
    assert_eq!(
        data["viewer"]["week"]["suggestions"].as_array().unwrap().len(),
        1,
        "{data:#}"
    );
    assert!(statements <= 5, "{statements} statements");
}

async fn managers_of_many_come_at_once(database: TestDatabase) {
    let world = world(database).await;
    let page = "query($first: Int!) { people(first: $first, orderBy: DEPTH) { totalCount nodes { managers { name managers { name } } } } }";
    let mut costs = Vec::new();
    for first in [10, 60] {
        costs.push(counted(&world, "ada", page, json!({ "first": first })).await.1);
    }
    assert_eq!(costs[0], costs[1]);
}

both!(
    a_page_of_people_costs_eight_statements,
    a_page_of_suggestions_costs_the_same_whatever_its_size,
    managers_of_many_come_at_once,
);

async fn counted(world: &World, who: &str, query: &str, variables: Value) -> (Value, usize) {
    world.statements();
    let data = world.data(who, query, variables).await;
    (data, world.statements())
}
