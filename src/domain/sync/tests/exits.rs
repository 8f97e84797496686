//! Reports of those who leave.

use expect_test::expect;

use super::company;
use crate::domain::sync::{
    Mode, OnTerminatedManager, Run,
    testing::{Office, run},
};

fn skipping(as_of: &str, rows: &str) -> Run {
    Run {
        terminated_manager: OnTerminatedManager::SkipLevel,
        ..run(as_of, rows)
    }
}

/// A chain of four: ada over bob over cyd over dan, since 2020.
fn chain() -> Office {
    let mut office = company();
    office.rows("2026-01-10", "dan start=2020-01-01 manager=cyd");
    office
}

#[test]
fn reports_skip_the_level_of_whoever_leaves() {
    let mut office = company();
    let told = office.send(&skipping("2026-02-01", "bob status=left end=2026-01-31"));
    expect![[r#"
        bob TERMINATED endDate: - -> 2026-01-31
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]
    .assert_eq(&told);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01..=2026-01-31 under ada 2020-01-01..2026-02-01
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under ada 2026-02-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn a_source_that_still_names_the_leaver_changes_nothing() {
    let mut office = company();
    let rows = "bob status=left end=2026-01-31\ncyd manager=bob";
    office.send(&skipping("2026-01-31", rows));
    for day in ["2026-02-01", "2026-02-08"] {
        assert_eq!(office.send(&skipping(day, rows)), "Planned\n");
    }
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01..=2026-01-31 under ada 2020-01-01..2026-02-01
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under ada 2026-02-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn whoever_joins_under_a_leaver_joins_whoever_is_above() {
    let mut office = company();
    let rows = "bob status=left end=2026-01-31\neve start=2026-02-01 manager=bob\nfay start=2026-01-05 manager=bob";
    office.send(&skipping("2026-02-01", rows));
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01..=2026-01-31 under ada 2020-01-01..2026-02-01
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under ada 2026-02-01..
        eve employed 2026-02-01.. under ada 2026-02-01..
        fay employed 2026-01-05.. under bob 2026-01-05..2026-02-01 under ada 2026-02-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn several_levels_that_leave_are_skipped_together() {
    let mut office = chain();
    let told = office.send(&skipping(
        "2026-02-01",
        "bob status=left end=2026-01-31\ncyd status=left end=2026-01-15",
    ));
    expect![[r#"
        bob TERMINATED endDate: - -> 2026-01-31
        cyd TERMINATED endDate: - -> 2026-01-15
        dan UPDATED managerExternalId: cyd -> ada from 2026-01-16
        Planned
    "#]]
    .assert_eq(&told);
}

#[test]
fn below_a_head_who_leaves_the_lines_stay() {
    let mut office = company();
    let told = office.send(&skipping("2026-02-01", "ada status=left end=2026-01-31"));
    expect![[r#"
        MANAGER_TERMINATED the manager ada has left; the line stays, and the gap is closed above
        ada TERMINATED endDate: - -> 2026-01-31
        bob UNCHANGED
          warning MANAGER_TERMINATED: the manager ada has left; the line stays, and the gap is closed above
        Planned
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_snapshot_without_a_manager_moves_their_reports() {
    let mut office = chain();
    let told = office.send(&Run {
        mode: Mode::Full,
        ..skipping("2026-02-01", "ada\nbob\ndan")
    });
    expect![[r#"
        dan UPDATED managerExternalId: cyd -> bob from 2026-02-02
        cyd TERMINATED endDate: - -> 2026-02-01
        Planned
    "#]]
    .assert_eq(&told);
}
