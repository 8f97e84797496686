//! Random organisations: what HR admins and leaders are told, held against a count of the rows.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use super::{
    REPORT,
    count::{Asked, Count, Eyes},
    organisation, report,
};
use crate::{
    support::{ADMIN, TestDatabase, World, both},
    walls::{
        doors::global,
        organisation::{NOW, external},
    },
};

const GROUPINGS: [&str; 6] = ["DEPTH", "DEPARTMENT", "LOCATION", "BRANCH", "BAND", "TENURE"];

/// The organisation of a seed behind a server, and its rows.
async fn planted(database: TestDatabase, seed: u64) -> (World, Count) {
    let world = World::empty(database, NOW).await;
    let raw = world.database.raw().await;
    organisation::plant(&raw, seed).await;
    // The first request derives the chart of today, and acts on leavers and moves.
    world.admin("{ viewer { roles } }", json!({})).await;
    (world, organisation::count(&raw).await)
}

async fn an_admin_is_told_what_the_rows_say(database: TestDatabase) {
    let seed = 1;
    let (world, mut count) = planted(database, seed).await;
    for number in 0..24 {
        let mut dice = StdRng::seed_from_u64(seed * 1000 + number);
        let today = world.today();
        let as_of = if number % 3 == 0 { today } else { today - chrono::Days::new(dice.random_range(1..400)) };
        let asked = Asked {
            under: (number % 4 != 0).then(|| dice.random_range(1..12)),
            window: *[365, 365, 90, 30, 730, 1].choose(&mut dice).unwrap(),
            as_of,
            department: dice.random_bool(0.3).then(|| "north".to_owned()),
            grouping: GROUPINGS[usize::try_from(number).unwrap() % 6],
            eyes: Eyes::Admin,
        };
        count.turn_to(as_of);
        let told = report(&world, ADMIN, input(&count, &asked)).await;
        assert_same(&told, &count.report(&asked), &asked);
    }
}

both!(an_admin_is_told_what_the_rows_say);

/// What the API is asked.
fn input(count: &Count, asked: &Asked) -> Value {
    let uid = |p: i64| count.rows.people.iter().find(|person| person.id == p).unwrap().uid;
    json!({
        "under": asked.under.map(|p| global('p', uid(p))),
        "windowDays": asked.window,
        "asOf": asked.as_of.to_string(),
        "department": asked.department,
        "groupBy": asked.grouping,
    })
}

fn assert_same(told: &Value, counted: &Value, asked: &Asked) {
    for (part, counted) in counted.as_object().unwrap() {
        let (told, counted) = (rounded(&told[part]), rounded(counted));
        assert_eq!(told, counted, "{part} of {asked:?}\ntold {told:#}\ncounted {counted:#}");
    }
}

/// Shares to nine places: reading a number may cost its last digit.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!(format!("{:.9}", number.as_f64().unwrap())),
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), rounded(value))).collect(),
        _ => value.clone(),
    }
}
