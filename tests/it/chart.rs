//! The derived chart against the raw lines: whatever happens in whatever order, and on which day it takes effect.

use std::collections::HashMap;

use chrono::{Days, NaiveTime};
use entity::{absence, employment, person, reporting_line};
use expect_test::{Expect, expect};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};
use serde_json::json;
use skiplevel::{
    app::{Keyed, SetManagerInput},
    domain::{
        Date,
        sync::{Limits, Run, SyncStatus},
    },
};

use crate::support::{ADMIN, Change, Options, TestDatabase, World, both};

/// Everything that the chart of a day follows from, as it stands in the rows.
struct Raw {
    people: Vec<person::Model>,
    employments: Vec<employment::Model>,
    absences: Vec<absence::Model>,
    lines: Vec<reporting_line::Model>,
}

impl Raw {
    async fn read(raw: &DatabaseConnection) -> Self {
        Self {
            people: person::Entity::find()
                .order_by_asc(person::Column::Id)
                .all(raw)
                .await
                .unwrap(),
            employments: employment::Entity::find().all(raw).await.unwrap(),
            absences: absence::Entity::find().all(raw).await.unwrap(),
            lines: reporting_line::Entity::find().all(raw).await.unwrap(),
        }
    }

    fn is_present(&self, person: i64, day: Date) -> bool {
        let spells = self.employments.iter().filter(|row| row.person_id == person);
        spells
            .into_iter()
            .any(|row| row.start_date <= day && row.end_date.is_none_or(|end| day <= end))
    }

    fn status(&self, person: i64, day: Date) -> &'static str {
        let away = |row: &absence::Model| row.start_date <= day && row.end_date.is_none_or(|end| day <= end);
        let began = |row: &employment::Model| row.start_date <= day;
        if self.is_present(person, day) {
            let on_leave = self.absences.iter().any(|row| row.person_id == person && away(row));
            if on_leave { "ON_LEAVE" } else { "ACTIVE" }
        } else if self.employments.iter().any(|row| row.person_id == person && began(row)) {
            "TERMINATED"
        } else {
            "PRE_HIRE"
        }
    }

    /// The line that holds on `day`; of somebody absent also their last one, or else the first to come.
    fn line(&self, person: i64, day: Date) -> Option<i64> {
        let mut own: Vec<_> = self.lines.iter().filter(|line| line.report_id == person).collect();
        own.sort_by_key(|line| line.valid_from);
        let holds = own
            .iter()
            .find(|line| line.valid_from <= day && line.valid_to.is_none_or(|to| day < to));
        if self.is_present(person, day) {
            return holds.map(|line| line.manager_id);
        }
        let last = own.iter().rfind(|line| line.valid_from <= day);
        holds.or(last).or(own.first()).map(|line| line.manager_id)
    }

    /// The nearest present person above, and how many absent ones stand between.
    fn manager(&self, person: i64, day: Date) -> Option<(i64, usize)> {
        let mut at = self.line(person, day)?;
        for gap in 0..=self.people.len() {
            if self.is_present(at, day) {
                return Some((at, gap));
            }
            at = self.line(at, day)?;
        }
        None
    }

    /// Root first, the person last.
    fn way_down(&self, person: i64, day: Date) -> Vec<i64> {
        let mut way = vec![person];
        while let Some((manager, _)) = self.manager(way[way.len() - 1], day) {
            way.push(manager);
            assert!(way.len() <= self.people.len(), "a ring on {day}: {way:?}");
        }
        way.reverse();
        way
    }

    /// Compares the derived columns of everybody with a naive walk up the lines of `day`.
    fn check(&self, day: Date) {
        let present = self.people.iter().filter(|person| self.is_present(person.id, day));
        let ways: HashMap<i64, Vec<i64>> = present
            .map(|person| (person.id, self.way_down(person.id, day)))
            .collect();
        for person in &self.people {
            let way = ways.get(&person.id);
            let manager = way.and_then(|_| self.manager(person.id, day));
            let above = |way: &&Vec<i64>| way.len() > 1 && way[way.len() - 2] == person.id;
            let below = |way: &&Vec<i64>| way[..way.len() - 1].contains(&person.id);
            let expected = person::Model {
                status: self.status(person.id, day).to_owned(),
                path: way.map(|way| way.iter().map(|id| base_36(*id)).collect::<Vec<_>>().join(".")),
                depth: way.map(|way| i32::try_from(way.len()).unwrap() - 1),
                manager_id: manager.map(|(manager, _)| manager),
                interim: manager.is_some_and(|(_, gap)| gap > 0),
                report_count: i32::try_from(ways.values().filter(above).count()).unwrap(),
                below_count: i32::try_from(ways.values().filter(below).count()).unwrap(),
                ..person.clone()
            };
            assert_eq!(*person, expected, "{} on {day}", person.name);
        }
    }
}

fn base_36(id: i64) -> String {
    let digit = |place: u32| char::from_digit(u32::try_from(id / 36_i64.pow(place) % 36).unwrap(), 36).unwrap();
    (0..8).rev().map(digit).collect()
}

/// Everybody and where they stand, by name.
async fn check_places(raw: &DatabaseConnection, expected: &Expect) {
    let people = person::Entity::find()
        .order_by_asc(person::Column::NameKey)
        .all(raw)
        .await
        .unwrap();
    let name = |id: Option<i64>| {
        people
            .iter()
            .find(|person| Some(person.id) == id)
            .map(|person| person.name.as_str())
    };
    let line = |person: &person::Model| match person.depth {
        None => format!("{} {} nowhere\n", person.name, person.status),
        Some(depth) => {
            let interim = if person.interim { " (interim)" } else { "" };
            let manager = name(person.manager_id).unwrap_or("nobody");
            let (reports, below) = (person.report_count, person.below_count);
            format!(
                "{} {} below {manager}{interim}, depth {depth}, {reports} of {below}\n",
                person.name, person.status
            )
        }
    };
    expected.assert_eq(&people.iter().map(line).collect::<String>());
}

const SMALL: &str = "
    ada
      bob
        cyd
          dee
      eve
    ";

async fn random_histories_derive_what_a_naive_walk_finds(database: TestDatabase) {
    let world = World::empty(database, "2026-01-05T09:00:00Z").await;
    let raw = world.database.raw().await;
    let mut random = StdRng::seed_from_u64(7);
    let names: Vec<String> = (0..25).map(|number| format!("p{number:02}")).collect();
    let (mut applied, mut moved, mut refused) = (0, 0, 0);
    let first = world.today();
    let first_rows: Vec<String> = names[..18].to_vec();
    let hires: Vec<_> = first_rows
        .iter()
        .enumerate()
        .map(|(at, who)| Change {
            who,
            manager: (at > 0).then(|| first_rows[(at - 1) / 2].as_str()),
            start: Some("2025-01-01"),
            ..Change::default()
        })
        .collect();
    assert_eq!(world.change(&hires).await.status, SyncStatus::Applied);
    for step in 0..70 {
        // A day forward or back, often the same.
        let day = first + Days::new(random.random_range(0..4) * 20);
        let now = day.and_time(NaiveTime::MIN).and_utc();
        let session = world.app.operator("test", now).await.unwrap();
        let near = |random: &mut StdRng| (day + Days::new(60) - Days::new(random.random_range(0..90))).to_string();
        let rows = Raw::read(&raw).await;
        rows.check(day);
        if random.random_bool(0.4) {
            let person = rows.people.choose(&mut random).unwrap().uid;
            let manager = rows
                .people
                .choose(&mut random)
                .filter(|_| step % 10 > 0)
                .map(|row| row.uid);
            let effective_date = Some(near(&mut random).parse().unwrap());
            let input = SetManagerInput {
                person,
                manager,
                effective_date,
            };
            match session.set_manager(&Keyed { key: None, input }).await.unwrap() {
                Ok(_) => moved += 1,
                Err(_) => refused += 1,
            }
        } else {
            let (who, manager) = (names.choose(&mut random).unwrap(), names.choose(&mut random).unwrap());
            let (start, end, effective) = (near(&mut random), near(&mut random), near(&mut random));
            let mut change = Change {
                who,
                ..Change::default()
            };
            match random.random_range(0..5) {
                0 => change.end = Some(&end),
                1 => change.status = Some("leave"),
                2 => change.status = Some("active"),
                3 => (change.start, change.manager) = (Some(start.as_str()), Some(manager.as_str())),
                _ => (change.manager, change.effective) = (Some(manager.as_str()), Some(effective.as_str())),
            }
            let run = Run {
                source: "hr".to_owned(),
                as_of: day,
                rows: vec![change.row(2)],
                limits: Limits {
                    people: 100,
                    percent: 100,
                },
                ..Run::default()
            };
            match session.apply_sync(run, &|_| {}).await.unwrap().status {
                SyncStatus::Applied => applied += 1,
                _ => refused += 1,
            }
        }
        Raw::read(&raw).await.check(day);
    }
    assert!(
        applied > 20 && moved > 5 && refused > 5,
        "applied {applied}, moved {moved}, refused {refused}"
    );
}

async fn a_leaver_leaves_a_gap_and_leave_does_not(database: TestDatabase) {
    let world = World::of(database, SMALL, "2026-01-05T09:00:00Z").await;
    let raw = world.database.raw().await;
    let leave = Change {
        who: "bob",
        status: Some("leave"),
        ..Change::default()
    };
    assert_eq!(world.change(&[leave]).await.status, SyncStatus::Applied);
    check_places(
        &raw,
        &expect![[r#"
            ada ACTIVE below nobody, depth 0, 2 of 4
            bob ON_LEAVE below ada, depth 1, 1 of 2
            cyd ACTIVE below bob, depth 2, 1 of 1
            dee ACTIVE below cyd, depth 3, 0 of 0
            eve ACTIVE below ada, depth 1, 0 of 0
        "#]],
    )
    .await;
    let exit = Change {
        who: "bob",
        end: Some("2026-01-04"),
        ..Change::default()
    };
    assert_eq!(world.change(&[exit]).await.status, SyncStatus::Applied);
    check_places(
        &raw,
        &expect![[r#"
            ada ACTIVE below nobody, depth 0, 2 of 3
            bob TERMINATED nowhere
            cyd ACTIVE below ada (interim), depth 1, 1 of 1
            dee ACTIVE below cyd, depth 2, 0 of 0
            eve ACTIVE below ada, depth 1, 0 of 0
        "#]],
    )
    .await;
    let manager = "query($id: ID!) { person(by: {id: $id}) { manager { name } managers { name } } }";
    let data = world.data("cyd", manager, json!({ "id": world.id("cyd").await })).await;
    assert_eq!(data["person"]["manager"]["name"], "ada");
    assert_eq!(data["person"]["managers"], json!([{ "name": "ada" }]));
}

/// The first instant of a day, just before it, and the day, in a time zone.
struct Midnight {
    zone: chrono_tz::Tz,
    before: &'static str,
    after: &'static str,
}

const DAY: &str = "2026-03-10";

/// Whom `who` sees below themselves, and below whom.
async fn below(world: &World, who: &str) -> Vec<String> {
    let query = "{ people(first: 100) { nodes { name manager { name } } } }";
    let data = world.data(who, query, json!({})).await;
    let nodes = data["people"]["nodes"].as_array().unwrap();
    let line = |node: &serde_json::Value| {
        format!(
            "{} below {}",
            node["name"].as_str().unwrap(),
            node["manager"]["name"].as_str().unwrap_or("nobody")
        )
    };
    nodes.iter().map(line).collect()
}

async fn a_day_begins_at_midnight_in_new_york(database: TestDatabase) {
    // Two days after the clocks went forward.
    let (before, after) = ("2026-03-10T03:59:59.999Z", "2026-03-10T04:00:00Z");
    take_effect_at(
        Midnight {
            zone: chrono_tz::America::New_York,
            before,
            after,
        },
        database,
    )
    .await;
}

async fn a_day_begins_at_midnight_in_auckland(database: TestDatabase) {
    let (before, after) = ("2026-03-09T10:59:59.999Z", "2026-03-09T11:00:00Z");
    take_effect_at(
        Midnight {
            zone: chrono_tz::Pacific::Auckland,
            before,
            after,
        },
        database,
    )
    .await;
}

/// A move, an exit and a hire planned for [`DAY`] take effect with its first request, on every server.
async fn take_effect_at(midnight: Midnight, database: TestDatabase) {
    let options = Options {
        zone: midnight.zone,
        ..Options::default()
    };
    let planned = World::start(std::sync::Arc::new(database), "2026-02-10T12:00:00Z", &options).await;
    planned.import(SMALL).await;
    let (cyd, eve) = (planned.id("cyd").await, planned.id("eve").await);
    let input = json!({ "personId": cyd, "managerId": eve, "effectiveDate": DAY });
    planned.act(ADMIN, "setManager", input).await;
    let changes = [
        Change {
            who: "dee",
            end: Some("2026-03-09"),
            ..Change::default()
        },
        Change {
            who: "fay",
            manager: Some("eve"),
            start: Some(DAY),
            ..Change::default()
        },
    ];
    assert_eq!(planned.change(&changes).await.status, SyncStatus::Applied);
    let (before, after) = (planned.at(midnight.before).await, planned.at(midnight.after).await);
    let old = ["bob below ada", "cyd below bob", "dee below cyd"];
    assert_eq!(below(&before, "bob").await, old);
    assert_eq!(below(&before, "eve").await, ["eve below ada"]);
    assert_eq!(outcome(&before, "fay").await, "UNAUTHENTICATED");
    // The first request of the day sees the new chart, and so does the next one on another server.
    assert_eq!(below(&after, "bob").await, ["bob below ada"]);
    let beside = after.beside().await;
    for server in [&after, &beside] {
        assert_eq!(
            below(server, "eve").await,
            ["cyd below eve", "eve below ada", "fay below eve"]
        );
        assert_eq!(outcome(server, "dee").await, "UNAUTHENTICATED");
        assert_eq!(outcome(server, "fay").await, "fay");
    }
    // A clock that is held earlier sees what was.
    assert_eq!(below(&before, "bob").await, old);
    assert_eq!(below(&after, "eve").await.len(), 3);
}

/// Their own name, or the code of the error.
async fn outcome(world: &World, who: &str) -> String {
    let answer = world.ask(who, "{ viewer { person { name } } }", json!({})).await;
    let name = answer["data"]["viewer"]["person"]["name"].as_str();
    name.or(answer["errors"][0]["extensions"]["code"].as_str())
        .unwrap()
        .to_owned()
}

async fn a_move_on_one_server_is_in_force_at_the_next_request_on_the_other(database: TestDatabase) {
    let one = World::of(database, SMALL, "2026-01-05T09:00:00Z").await;
    let other = one.beside().await;
    assert_eq!(below(&other, "eve").await, ["eve below ada"]);
    let input = json!({ "personId": one.id("cyd").await, "managerId": one.id("eve").await });
    one.act(ADMIN, "setManager", input).await;
    assert_eq!(
        below(&other, "eve").await,
        ["cyd below eve", "dee below cyd", "eve below ada"]
    );
    assert_eq!(below(&other, "bob").await, ["bob below ada"]);
}

both!(
    random_histories_derive_what_a_naive_walk_finds,
    a_leaver_leaves_a_gap_and_leave_does_not,
    a_day_begins_at_midnight_in_new_york,
    a_day_begins_at_midnight_in_auckland,
    a_move_on_one_server_is_in_force_at_the_next_request_on_the_other,
);
