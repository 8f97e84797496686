//! Managers who are waited for.

use expect_test::expect;

use super::company;
use crate::domain::sync::{
    OnError, OnUnknownManager, Run,
    testing::{Office, run},
};

fn pending(as_of: &str, rows: &str) -> Run {
    Run {
        unknown_manager: OnUnknownManager::Pending,
        ..run(as_of, rows)
    }
}

#[test]
fn an_unknown_manager_is_waited_for_and_set_when_they_arrive() {
    let mut office = company();
    let told = office.send(&pending("2026-02-01", "dan start=2026-01-15 manager=eve"));
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, dan
        dan CREATED
          warning UNKNOWN_MANAGER: neither the file nor the database knows the manager yet; they are set when they arrive
        Planned
    "#]]
    .assert_eq(&told);
    // Another day, the ordinary policy, and a run that does not name dan.
    expect![[r#"
        eve CREATED
        dan UPDATED managerExternalId: - -> eve from 2026-01-15 pendingManager: eve -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-03-01", "eve start=2020-01-01 manager=ada"));
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
        dan employed 2026-01-15.. under eve 2026-01-15..
        eve employed 2020-01-01.. under ada 2020-01-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn until_then_the_present_manager_stays() {
    let mut office = company();
    let told = office.send(&pending("2026-02-01", "cyd manager=eve"));
    expect![[r#"
        cyd UPDATED pendingManager: - -> eve from 2026-02-01
          warning UNKNOWN_MANAGER: neither the file nor the database knows the manager yet; they are set when they arrive
        Planned
    "#]]
    .assert_eq(&told);
    // Sent again later, it is the same wish, and keeps its day.
    let told = office.send(&pending("2026-02-08", "cyd manager=eve"));
    expect![[r#"
        cyd UNCHANGED
          warning UNKNOWN_MANAGER: neither the file nor the database knows the manager yet; they are set when they arrive
        Planned
    "#]]
    .assert_eq(&told);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01.. waits for eve 2026-02-01
    "#]]
    .assert_eq(&office.people());
    office.rows("2026-03-01", "eve start=2020-01-01 manager=ada");
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under eve 2026-02-01..
        eve employed 2020-01-01.. under ada 2020-01-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn a_later_word_on_the_manager_ends_the_waiting() {
    let mut office = company();
    office.send(&pending("2026-02-01", "cyd manager=eve"));
    expect![[r#"
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-02 pendingManager: eve -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-02", "cyd manager=ada"));
    expect![[r#"
        eve CREATED
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-03", "eve start=2020-01-01 manager=ada"));
}

#[test]
fn a_row_without_a_word_on_the_manager_keeps_the_waiting() {
    let mut office = company();
    office.send(&pending("2026-02-01", "cyd manager=eve"));
    expect![[r#"
        cyd UPDATED title: - -> Lead
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-02", "cyd title=Lead"));
    expect![[r#"
        eve CREATED
        cyd UPDATED title: Lead -> - managerExternalId: bob -> eve from 2026-02-01 pendingManager: eve -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-03", "eve start=2020-01-01 manager=ada\ncyd title="));
}

#[test]
fn whoever_leaves_waits_no_longer() {
    let mut office = company();
    office.send(&pending("2026-02-01", "cyd manager=eve"));
    expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-28 pendingManager: eve -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-03-01", "cyd status=left end=2026-02-28"));
}

#[test]
fn an_address_is_waited_for_as_well() {
    let mut office = company();
    office.send(&pending("2026-02-01", "cyd manager_email=Eve@example.com"));
    expect![[r#"
        eve CREATED
        cyd UPDATED managerExternalId: bob -> eve from 2026-02-01 pendingManager: Eve@example.com -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-03", "eve start=2020-01-01 email=eve@example.com manager=ada"));
}

#[test]
fn a_ring_that_an_arrival_would_close_is_refused() {
    let mut office = company();
    office.send(&pending("2026-02-01", "bob manager=eve"));
    expect![[r#"
        MANAGER_CYCLE bob -> eve -> cyd -> bob
        eve FAILED
          error MANAGER_CYCLE: bob -> eve -> cyd -> bob
        bob FAILED
          error MANAGER_CYCLE: bob -> eve -> cyd -> bob
        Rejected
    "#]]
    .assert_eq(&office.rows("2026-02-03", "eve start=2020-01-01 manager=cyd"));
}

#[test]
fn where_rows_are_left_out_their_reports_wait() {
    let mut office = Office::default();
    let rows = "
        ada start=2020-01-01
        bob start=2020-01-01 manager=ada email=none
        cyd start=2020-01-01 manager=bob";
    let told = office.send(&Run {
        on_error: OnError::Skip,
        ..pending("2026-02-01", rows)
    });
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, cyd
        ada CREATED
        bob FAILED
          error INVALID_EMAIL: email is not an e-mail address
        cyd CREATED
          warning UNKNOWN_MANAGER: neither the file nor the database knows the manager yet; they are set when they arrive
        Planned
    "#]]
    .assert_eq(&told);
    expect![[r#"
        bob CREATED
        cyd UPDATED managerExternalId: - -> bob from 2020-01-01 pendingManager: bob -> -
        Planned
    "#]]
    .assert_eq(&office.rows("2026-02-02", "bob start=2020-01-01 manager=ada"));
}
