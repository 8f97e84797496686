//! A small organisation of which every figure is known by hand.

use entity::{meeting, person, suggestion};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::organisation::{meeting, suggestion};
use crate::support::{TestDatabase, World, run};

/// A Monday.
pub const NOW: &str = "2026-06-15T09:00:00Z";

/// Five people count: cyd, dee, eli, ivy and jon. Fay is too new, gus is on leave, the others have nobody far enough above.
const ORGANISATION: &str = "
ada
  bob
    cyd
      dee
      eli
    fay (from 2026-05-01)
    gus (leave)
  hal
    ivy
      jon (from 2025-08-01)
";

/// The organisation with departments, a year's meetings and three weeks of suggestions.
pub async fn scene(database: TestDatabase) -> World {
    let world = World::of(database, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    for (department, people) in [("north", "'cyd', 'dee', 'eli'"), ("south", "'ivy', 'ada', 'hal'")] {
        let sql = format!("UPDATE person SET department = '{department}' WHERE name IN ({people})");
        run(&raw, &sql).await.unwrap();
    }
    for (leader, counterpart, day, branch) in [
        // A day too early to be in the window.
        ("ada", "ivy", "2025-06-15", "hal"),
        ("ada", "cyd", "2026-03-10", "bob"),
        ("ada", "dee", "2026-04-14", "bob"),
        ("bob", "dee", "2026-05-12", "cyd"),
        ("ada", "cyd", "2026-06-02", "bob"),
    ] {
        skip_level(&world, (leader, counterpart), day, branch).await;
    }
    for (kind, status, leader, counterpart, day) in [
        ("PEER", "HELD", "bob", "hal", "2026-05-20"),
        ("SKIP_LEVEL", "UNCONFIRMED", "ada", "jon", "2026-06-10"),
        ("SKIP_LEVEL", "CANCELLED", "bob", "eli", "2026-06-11"),
    ] {
        let (leader, counterpart) = (key(&world, leader).await, key(&world, counterpart).await);
        insert(
            &world,
            meeting((leader, counterpart), (kind, status), day.parse().unwrap()),
        )
        .await;
    }
    let (ada, cyd) = (key(&world, "ada").await, key(&world, "cyd").await);
    for (week, status) in [
        ("2026-05-25", "INVALIDATED"),
        ("2026-06-01", "ACCEPTED"),
        ("2026-06-08", "SKIPPED"),
        ("2026-06-15", "OPEN"),
    ] {
        let given = suggestion((ada, cyd), ("SKIP_LEVEL", status), week.parse().unwrap());
        let insert = suggestion::Entity::insert(given.into_active_model());
        insert.exec_without_returning(&raw).await.unwrap();
    }
    world
}

/// A skip-level that was held, frozen with the branch that it was in.
pub async fn skip_level(world: &World, (leader, counterpart): (&str, &str), day: &str, branch: &str) {
    let two = (key(world, leader).await, key(world, counterpart).await);
    let held = meeting::Model {
        branch_id: Some(key(world, branch).await),
        ..meeting(two, ("SKIP_LEVEL", "HELD"), day.parse().unwrap())
    };
    insert(world, held).await;
}

async fn insert(world: &World, meeting: meeting::Model) {
    let insert = meeting::Entity::insert(meeting.into_active_model());
    insert
        .exec_without_returning(&world.database.raw().await)
        .await
        .unwrap();
}

async fn key(world: &World, name: &str) -> i64 {
    let person = person::Entity::find().filter(person::Column::Name.eq(name));
    person.one(&world.database.raw().await).await.unwrap().unwrap().id
}
