//! Limits, allowances and the hash of the plan.

use std::fmt::Write;

use expect_test::expect;

use super::company;
use crate::domain::sync::{
    Allowances, Run, SyncStatus, plan,
    testing::{Office, describe, run},
};

/// Sixty people under one head, of whom `leavers` leave.
fn exits(leavers: usize) -> (Office, Run) {
    let mut office = Office::default();
    let mut rows = "p00 start=2020-01-01\n".to_owned();
    let mut left = String::new();
    for person in 1..60 {
        let _ = writeln!(rows, "p{person:02} start=2020-01-01 manager=p00");
        if person <= leavers {
            let _ = writeln!(left, "p{person:02} status=left end=2026-01-31");
        }
    }
    office.rows("2026-01-10", &rows);
    (office, run("2026-02-01", &left))
}

#[test]
fn a_tenth_may_leave() {
    let (office, run) = exits(6);
    assert_eq!(plan(&office.roster, &run).status, SyncStatus::Planned);
}

#[test]
fn more_than_a_tenth_need_somebody_to_look() {
    let (office, run) = exits(7);
    let plan = plan(&office.roster, &run);
    expect![[r#"
        p01 TERMINATED endDate: - -> 2026-01-31
        p02 TERMINATED endDate: - -> 2026-01-31
        p03 TERMINATED endDate: - -> 2026-01-31
        p04 TERMINATED endDate: - -> 2026-01-31
        p05 TERMINATED endDate: - -> 2026-01-31
        p06 TERMINATED endDate: - -> 2026-01-31
        p07 TERMINATED endDate: - -> 2026-01-31
        TERMINATION_THRESHOLD: 7 people would leave; more than 6 need somebody to look first
        Blocked
    "#]]
    .assert_eq(&describe(&plan));
    assert!(plan.writes.is_empty());
}

#[test]
fn who_left_shortly_before_counts_too() {
    let (office, mut run) = exits(1);
    run.left_before = 5;
    assert_eq!(plan(&office.roster, &run).status, SyncStatus::Planned);
    run.left_before = 6;
    expect![[r#"
        p01 TERMINATED endDate: - -> 2026-01-31
        TERMINATION_THRESHOLD: 7 people would leave; more than 6 need somebody to look first
        Blocked
    "#]]
    .assert_eq(&describe(&plan(&office.roster, &run)));
    let (office, mut run) = exits(0);
    run.left_before = 100;
    assert_eq!(
        plan(&office.roster, &run).status,
        SyncStatus::Planned,
        "nobody else leaves"
    );
}

#[test]
fn an_allowance_is_exact() {
    let (office, mut run) = exits(7);
    run.allow = Allowances {
        terminations: Some(8),
        manager_clears: None,
    };
    expect![[r#"
        [
            SyncBlock {
                code: OverrideMismatch,
                message: "7 people would leave, and exactly 8 were allowed to",
                count: Some(
                    7,
                ),
                limit: Some(
                    6,
                ),
                names: [
                    "Person p01",
                    "Person p02",
                    "Person p03",
                    "Person p04",
                    "Person p05",
                    "Person p06",
                    "Person p07",
                ],
            },
        ]"#]]
    .assert_eq(&format!("{:#?}", plan(&office.roster, &run).blocked));
    run.allow.terminations = Some(7);
    assert_eq!(plan(&office.roster, &run).status, SyncStatus::Planned);
}

#[test]
fn a_plan_that_was_looked_at_passes_the_limits() {
    let (office, mut run) = exits(7);
    run.expected_plan_hash = Some(plan(&office.roster, &run).plan_hash);
    assert_eq!(plan(&office.roster, &run).status, SyncStatus::Planned);
}

#[test]
fn another_plan_than_the_expected_one_is_not_carried_out() {
    let mut office = company();
    let mut first = run("2026-02-01", "cyd title=Analyst");
    first.expected_plan_hash = Some(plan(&office.roster, &first).plan_hash);
    office.rows("2026-02-01", "cyd department=Lab");
    let changed = plan(&office.roster, &first);
    let codes: Vec<&str> = changed.blocked.iter().map(|block| block.code.as_str()).collect();
    assert_eq!((changed.status, codes), (SyncStatus::Blocked, vec!["PLAN_CHANGED"]));
}

#[test]
fn a_column_of_managers_that_came_out_blank_is_stopped() {
    let (office, _) = exits(0);
    let rows: String = (1..60)
        .map(|person| format!("p{person:02} manager=\n"))
        .collect::<Vec<_>>()
        .concat();
    let plan = plan(&office.roster, &run("2026-02-01", &rows));
    assert_eq!(plan.blocked[0].code.as_str(), "MANAGER_CLEAR_THRESHOLD");
    assert_eq!(
        (
            plan.blocked[0].count,
            plan.blocked[0].limit,
            plan.blocked[0].names.len()
        ),
        (Some(59), Some(6), 20)
    );
}
