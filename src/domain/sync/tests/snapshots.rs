//! Full snapshots: whom they do not name has left.

use expect_test::expect;

use super::company;
use crate::domain::sync::{
    Allowances, Mode, OnError, Run, SyncStatus, plan,
    testing::{Office, date, describe, run},
};

/// A snapshot drawn as rows.
fn full(as_of: &str, rows: &str) -> Run {
    Run {
        mode: Mode::Full,
        ..run(as_of, rows)
    }
}

#[test]
fn whoever_is_not_named_has_left_on_the_day_of_the_run() {
    let mut office = company();
    let snapshot = full("2026-02-01", "ada\nbob manager=ada");
    expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-01
        Planned
    "#]]
    .assert_eq(&office.send(&snapshot));
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01..=2026-02-01 under bob 2020-01-01..2026-02-02
    "#]]
    .assert_eq(&office.people());
    // Who has left already is not named any more, and nothing is to be done about it.
    expect![[r#"
        Planned
    "#]]
    .assert_eq(&office.send(&full("2026-02-02", "ada\nbob manager=ada")));
}

#[test]
fn those_absent_stand_beside_the_rows_that_were_sent() {
    let office = company();
    let plan = plan(&office.roster, &full("2026-02-01", "ada\nbob"));
    assert_eq!(
        (plan.counts.rows, plan.counts.unchanged, plan.counts.terminated),
        (2, 2, 1)
    );
    let lines: Vec<u64> = plan.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2, 0]);
}

#[test]
fn rows_with_errors_name_their_people() {
    let mut office = company();
    let mut snapshot = full("2026-02-01", "ada\nbob start=never");
    snapshot.on_error = OnError::Skip;
    expect![[r#"
        bob FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as YYYY-MM-DD
        cyd TERMINATED endDate: - -> 2026-02-01
        Planned
    "#]]
    .assert_eq(&office.send(&snapshot));
}

#[test]
fn beside_a_row_that_may_be_anybodys_nobody_is_absent() {
    let office = company();
    let mut snapshot = full("2026-02-01", "ada\nbob");
    snapshot.on_error = OnError::Skip;
    snapshot.rows[1].external_id.clear();
    assert_eq!(plan(&office.roster, &snapshot).counts.terminated, 0);
}

#[test]
fn future_hires_and_people_of_other_sources_stay() {
    let mut office = company();
    office.rows("2026-02-01", "dan start=2027-01-01");
    let other = Run {
        source: "other".to_owned(),
        ..full("2026-02-01", "eve start=2020-01-01")
    };
    assert!(office.send(&other).contains("eve CREATED"));
    expect![[r#"
        Planned
    "#]]
    .assert_eq(&office.send(&full("2026-02-02", "ada\nbob\ncyd")));
}

#[test]
fn an_empty_snapshot_means_nothing_whatever_is_allowed() {
    let office = company();
    let mut snapshot = full("2026-02-01", "");
    snapshot.allow = Allowances {
        terminations: Some(3),
        manager_clears: None,
    };
    expect![[r#"
        EMPTY_SNAPSHOT a full snapshot without rows never means that everybody has left; nothing is written
        Rejected
    "#]]
    .assert_eq(&describe(&plan(&office.roster, &snapshot)));
}

#[test]
fn too_many_absent_people_are_stopped() {
    let mut office = Office::default();
    let rows: Vec<String> = (0..40).map(|at| format!("p{at:02} start=2020-01-01")).collect();
    office.rows("2026-01-10", &rows.join("\n"));
    let mut snapshot = full("2026-02-01", &rows[..10].join("\n"));
    let looked_at = plan(&office.roster, &snapshot);
    let block = &looked_at.blocked[0];
    assert_eq!(
        (block.code.as_str(), block.count, block.limit),
        ("TERMINATION_THRESHOLD", Some(30), Some(5))
    );
    assert!(looked_at.writes.is_empty());
    snapshot.allow.terminations = Some(30);
    assert_eq!(plan(&office.roster, &snapshot).status, SyncStatus::Planned);
}

#[test]
fn a_run_for_a_day_before_the_newest_snapshot_is_stale() {
    let mut office = company();
    office.roster.snapshots.insert("hris".to_owned(), date("2026-02-01"));
    let codes = |as_of: &str| {
        let plan = plan(&office.roster, &run(as_of, "cyd title=Analyst"));
        plan.blocked.iter().map(|block| block.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(codes("2026-01-31"), ["STALE_SNAPSHOT"]);
    assert_eq!(codes("2026-02-01"), Vec::<&str>::new());
}
