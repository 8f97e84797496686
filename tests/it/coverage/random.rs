//! Random organisations: what HR admins and leaders are told, held against a count of the rows.

use chrono::Days;
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
        doors::{global, unknown},
        oracle::{Asker, is_profile},
        organisation::{NOW, external},
    },
};

const GROUPINGS: [&str; 6] = ["DEPTH", "DEPARTMENT", "LOCATION", "BRANCH", "BAND", "TENURE"];

/// People of the smallest group that leaders are told of.
const SMALLEST: u64 = 5;

async fn an_admin_is_told_what_the_rows_say(database: TestDatabase) {
    compare(database, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_is_told_what_the_rows_of_more_organisations_say() {
    for seed in 2..6 {
        compare(TestDatabase::sqlite(), seed).await;
    }
}

/// Reports of units, windows, groupings, departments and days, each held against the rows.
async fn compare(database: TestDatabase, seed: u64) {
    let (world, mut count) = planted(database, seed).await;
    let today = world.today();
    for number in 0..24 {
        let mut dice = StdRng::seed_from_u64(seed * 1000 + number);
        let as_of = match number % 3 {
            0 => today,
            _ => today - Days::new(dice.random_range(1..400)),
        };
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

/// Each unit with its own head and everybody above as viewers: one answer to all of them, byte for byte, in which every
/// figure is the one that the rows say, or none, and small groups have none.
async fn a_leader_is_told_the_same_or_nothing(database: TestDatabase) {
    let (world, count) = planted(database, 7).await;
    let mut tally = Tally::default();
    let heads = (1..=16).filter(|head| count.rows.is_present(*head));
    let all = heads.flat_map(|head| GROUPINGS.map(|grouping| (head, grouping)));
    for (number, (head, grouping)) in all.enumerate() {
        let asked = Asked {
            under: Some(head),
            window: [365, 90][number % 2],
            as_of: world.today(),
            department: (number % 5 == 4).then(|| "south".to_owned()),
            grouping,
            eyes: Eyes::Above,
        };
        let variables = json!({ "input": input(&count, &asked) });
        let (_, body) = world
            .body_as(&world.token(&external(head), &[]), REPORT, variables.clone())
            .await;
        for above in &count.rows.above[&head] {
            let token = world.token(&external(*above), &[]);
            let (_, from_above) = world.body_as(&token, REPORT, variables.clone()).await;
            assert_eq!(from_above, body, "{above} and {head} are told of the same unit");
            tally.viewers += 1;
        }
        let told: Value = serde_json::from_str(&body).unwrap();
        let told = &told["data"]["coverage"];
        assert_same(told, &as_told(count.report(&asked), told, &mut tally), &asked);
    }
    let Tally {
        shown,
        small,
        beside_small,
        viewers,
    } = tally;
    assert!(
        [shown, small, beside_small, viewers].iter().all(|times| *times > 10),
        "{tally:?}"
    );
}

/// What is out of reach answers as what is not there: byte for byte, whoever it is.
async fn a_unit_out_of_reach_is_nobodys(database: TestDatabase) {
    let (world, count) = planted(database, 8).await;
    let (mut near, mut far) = (0, 0);
    for viewer in [1, 2, 3, 4, 5, 30]
        .into_iter()
        .filter(|viewer| count.rows.is_present(*viewer))
    {
        let token = world.token(&external(viewer), &[]);
        let of = async |id: String| {
            let input = json!({ "under": id, "groupBy": "BRANCH" });
            world.body_as(&token, REPORT, json!({ "input": input })).await
        };
        let nobody = of(unknown('p', 1)).await;
        assert_eq!(nobody.0, 200);
        assert_eq!(of("no id at all".to_owned()).await, nobody);
        let asker = Asker {
            me: Some(viewer),
            admin: false,
        };
        for person in &count.rows.people {
            let told = of(global('p', person.uid)).await;
            let in_reach = count.rows.sees(asker, person.id).is_some_and(is_profile);
            assert_eq!(told != nobody, in_reach, "{viewer} asks for those below {}", person.id);
            *(if in_reach { &mut near } else { &mut far }) += 1;
        }
    }
    assert!(near > 10 && far > 50, "{near} in reach, {far} out of it");
}

both!(
    an_admin_is_told_what_the_rows_say,
    a_leader_is_told_the_same_or_nothing,
    a_unit_out_of_reach_is_nobodys,
);

/// How much was checked.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    shown: usize,
    small: usize,
    /// Kept back though large enough.
    beside_small: usize,
    /// Who asked for the unit of somebody below.
    viewers: usize,
}

/// The organisation of a seed behind a server, and its rows.
async fn planted(database: TestDatabase, seed: u64) -> (World, Count) {
    let world = World::empty(database, NOW).await;
    let raw = world.database.raw().await;
    organisation::plant(&raw, seed).await;
    // The first request derives the chart of today, and acts on leavers and moves.
    world.admin("{ viewer { roles } }", json!({})).await;
    let mut count = organisation::count(&raw).await;
    count.turn_to(world.today());
    (world, count)
}

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

/// What was counted, without the figures that are kept back where `told` says so.
fn as_told(counted: Value, told: &Value, tally: &mut Tally) -> Value {
    match counted {
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            items.map(|(at, item)| as_told(item, &told[at], tally)).collect()
        }
        Value::Object(fields) => {
            let back = told["suppressed"] == true;
            // People of a load are no group of their own.
            let is_group = fields.contains_key("suppressed");
            let size = fields.get("population").or(fields.get("people")).filter(|_| is_group);
            match size.and_then(Value::as_u64) {
                Some(1..SMALLEST) => {
                    assert!(back, "a small group is told: {told:#}");
                    tally.small += 1;
                }
                Some(SMALLEST..) if back => tally.beside_small += 1,
                Some(SMALLEST..) => tally.shown += 1,
                _ => {}
            }
            let field = |(name, value): (String, Value)| {
                let value = match name.as_str() {
                    "suppressed" => json!(back),
                    "key" | "month" | "population" | "people" | "leader" | "measure" | "weeksWithSlot" => value,
                    "buckets" if back => json!([]),
                    _ if back => Value::Null,
                    _ => as_told(value, &told[&name], tally),
                };
                (name, value)
            };
            Value::Object(fields.into_iter().map(field).collect())
        }
        value => value,
    }
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
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), rounded(value)))
            .collect(),
        _ => value.clone(),
    }
}
