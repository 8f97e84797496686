//! Two changes that together make a ring: whoever comes second is refused, on whichever server (mine L10).

use entity::reporting_line;
use sea_orm::{DatabaseConnection, EntityTrait};
use serde_json::{Value, json};
use skiplevel::domain::{Date, sync::SyncStatus};

use crate::support::{ADMIN, Change, TestDatabase, World, both};

/// Races of moves; one that is open shows itself within a few.
const RUNS: usize = 60;

/// Races of a move and an import.
const IMPORTS: usize = 15;

/// The first day on which the lines form a ring, by walking up from everybody on each day on which a line begins.
async fn ring(raw: &DatabaseConnection) -> Option<Date> {
    let lines = reporting_line::Entity::find().all(raw).await.unwrap();
    let manager = |report: i64, day: Date| {
        let holds = |line: &&reporting_line::Model| {
            line.report_id == report && line.valid_from <= day && line.valid_to.is_none_or(|to| day < to)
        };
        lines.iter().find(holds).map(|line| line.manager_id)
    };
    let closes = |day: Date| {
        lines.iter().any(|line| {
            let mut above = std::iter::successors(Some(line.report_id), |&at| manager(at, day))
                .skip(1)
                .take(lines.len());
            above.any(|at| at == line.report_id)
        })
    };
    lines
        .iter()
        .map(|line| line.valid_from)
        .filter(|day| closes(*day))
        .min()
}

/// Pairs of siblings, one for each race: `b0` and `c0`, `b1` and `c1`, ...
fn siblings(pairs: usize) -> String {
    (0..pairs).fold("ada\n".to_owned(), |text, run| text + &format!("  b{run}\n  c{run}\n"))
}

fn below(person: &str, manager: &str, day: &str) -> Value {
    json!({ "personId": person, "managerId": manager, "effectiveDate": day })
}

fn is_done(payload: &Value) -> bool {
    if payload["userErrors"] == json!([]) {
        return true;
    }
    assert_eq!(payload["userErrors"][0]["code"], "CYCLE", "{payload:#}");
    false
}

async fn of_two_moves_that_make_a_ring_one_wins(database: TestDatabase) {
    let one = World::of(database, &siblings(RUNS), "2026-01-05T09:00:00Z").await;
    let other = one.beside().await;
    let raw = one.database.raw().await;
    for run in 0..RUNS {
        let (b, c) = (one.id(&format!("b{run}")).await, one.id(&format!("c{run}")).await);
        // Every other time the ring would close only on a day to come.
        let (day, later) = if run % 2 == 0 {
            ("2026-01-05", "2026-01-05")
        } else {
            ("2026-02-01", "2026-03-01")
        };
        let (left, right) = tokio::join!(
            one.attempt(ADMIN, "setManager", below(&b, &c, day)),
            other.attempt(ADMIN, "setManager", below(&c, &b, later)),
        );
        assert_eq!(ring(&raw).await, None, "run {run}");
        assert_ne!(is_done(&left), is_done(&right), "run {run}");
    }
}

async fn of_a_move_and_an_import_that_make_a_ring_one_wins(database: TestDatabase) {
    let one = World::of(database, &siblings(IMPORTS), "2026-01-05T09:00:00Z").await;
    let other = one.beside().await;
    let raw = one.database.raw().await;
    for run in 0..IMPORTS {
        let names = [format!("b{run}"), format!("c{run}")];
        let (b, c) = (one.id(&names[0]).await, one.id(&names[1]).await);
        let imported = [Change {
            who: &names[1],
            manager: Some(&names[0]),
            ..Change::default()
        }];
        let (moved, plan) = tokio::join!(
            one.attempt(ADMIN, "setManager", below(&b, &c, "2026-01-05")),
            other.change(&imported),
        );
        assert_eq!(ring(&raw).await, None, "run {run}");
        assert_eq!(
            is_done(&moved),
            plan.status == SyncStatus::Rejected,
            "run {run}: {:?}",
            plan.status
        );
    }
}

both!(
    of_two_moves_that_make_a_ring_one_wins,
    of_a_move_and_an_import_that_make_a_ring_one_wins
);
