//! Hires, exits, returns and leave.

use expect_test::expect;

use super::{check, company};
use crate::domain::sync::testing::Office;

#[test]
fn lines_of_new_people_begin_with_their_work() {
    let office = company();
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_start_that_is_not_given_is_the_day_of_the_run() {
    let mut office = Office::default();
    check(&mut office, "2026-01-10", "ada", &expect![[r#"
        ada CREATED
        Planned
    "#]]);
    expect![[r#"
        ada employed 2026-01-10..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_future_hire_is_written_with_a_future_line() {
    let mut office = company();
    check(&mut office, "2026-01-10", "dan start=2026-03-01 manager=bob status=pre_hire", &expect![[r#"
        dan CREATED
        Planned
    "#]]);
    check(&mut office, "2026-01-20", "dan start=2026-04-01 manager=bob status=pending", &expect![[r#"
        dan UPDATED startDate: 2026-03-01 -> 2026-04-01
        Planned
    "#]]);
    check(&mut office, "2026-01-21", "dan start=2026-02-01 manager=ada status=pending", &expect![[r#"
        dan UPDATED startDate: 2026-04-01 -> 2026-02-01 managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
        dan employed 2026-02-01.. under ada 2026-02-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_future_hire_needs_a_start() {
    check(&mut company(), "2026-01-10", "dan status=pre_hire", &expect![[r#"
        dan FAILED
          error REQUIRED_FIELD: startDate is blank; without one a future hire would have started already
        Rejected
    "#]]);
}

#[test]
fn a_leaver_ends_with_the_last_working_day_and_the_line_on_the_day_after() {
    let mut office = company();
    check(&mut office, "2026-02-01", "bob status=terminated end=2026-01-31 manager=ada", &expect![[r#"
        bob TERMINATED endDate: - -> 2026-01-31
          warning MANAGER_TERMINATED: people whom the run does not name report to the leaver (1): cyd
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01..=2026-01-31 under ada 2020-01-01..2026-02-01
        cyd employed 2020-01-01.. under bob 2020-01-01..
    "#]].assert_eq(&office.people());
    check(&mut office, "2026-03-01", "cyd manager=bob", &expect![[r#"
        cyd UNCHANGED
          warning MANAGER_TERMINATED: the manager bob has left; the line stays, and the gap is closed above
        Planned
    "#]]);
}

#[test]
fn an_end_that_has_come_is_an_exit_whatever_the_status_says() {
    check(&mut company(), "2026-02-01", "cyd status=active end=2026-02-01", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-01
        Planned
    "#]]);
}

#[test]
fn an_exit_without_a_date_is_assumed_once() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=terminated", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-01
          warning END_DATE_ASSUMED: no last working day was given; 2026-02-01 is taken
        Planned
    "#]]);
    check(&mut office, "2026-02-05", "cyd status=terminated end=", &expect![[r#"
        Planned
    "#]]);
}

#[test]
fn notice_can_be_given_and_withdrawn() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd end=2026-06-30", &expect![[r#"
        cyd UPDATED endDate: - -> 2026-06-30
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01..=2026-06-30 under bob 2020-01-01..2026-07-01
    "#]].assert_eq(&office.people());
    check(&mut office, "2026-02-02", "cyd end=", &expect![[r#"
        cyd UPDATED endDate: 2026-06-30 -> -
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_return_is_another_spell_with_its_own_line() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=terminated end=2026-01-31", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-01-31
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd status=active start=2026-03-01 end= manager=ada", &expect![[r#"
        cyd REHIRED startDate: - -> 2026-03-01 managerExternalId: - -> ada from 2026-03-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01..=2026-01-31 employed 2026-03-01.. under bob 2020-01-01..2026-02-01 under ada 2026-03-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_return_without_a_start_begins_on_the_day_of_the_run() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=terminated end=2026-01-31", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-01-31
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd status=active manager=bob", &expect![[r#"
        cyd REHIRED startDate: - -> 2026-03-01 managerExternalId: - -> bob from 2026-03-01
        Planned
    "#]]);
}

#[test]
fn a_return_cannot_begin_before_the_exit() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=terminated end=2026-01-31", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-01-31
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd status=active start=2020-01-01", &expect![[r#"
        cyd FAILED
          error REHIRE_OVERLAP: an earlier employment lasted until 2026-01-31; another one has to start after that day
        Rejected
    "#]]);
}

#[test]
fn silence_on_employment_changes_nothing_about_a_leaver() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=terminated end=2026-01-31", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-01-31
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd title=Analyst manager=ada", &expect![[r#"
        cyd UPDATED title: - -> Analyst
        Planned
    "#]]);
}

#[test]
fn a_start_can_be_corrected_and_the_line_follows() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd start=2019-06-01", &expect![[r#"
        cyd UPDATED startDate: 2020-01-01 -> 2019-06-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "bob start=2021-06-01", &expect![[r#"
        bob UPDATED startDate: 2020-01-01 -> 2021-06-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2021-06-01.. under ada 2021-06-01..
        cyd employed 2019-06-01.. under bob 2019-06-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn nobody_ends_before_they_start() {
    check(&mut company(), "2026-02-01", "cyd status=terminated end=2019-12-31", &expect![[r#"
        cyd FAILED
          error END_BEFORE_START: the last working day 2019-12-31 is before the first one 2020-01-01
        Rejected
    "#]]);
}

#[test]
fn leave_is_open_until_the_person_is_active_again() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=leave", &expect![[r#"
        cyd UPDATED status: ACTIVE -> ON_LEAVE from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-09", "cyd status=On_Leave", &expect![[r#"
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd status=active", &expect![[r#"
        cyd UPDATED status: ON_LEAVE -> ACTIVE from 2026-03-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. absent 2026-02-01..=2026-02-28 under bob 2020-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn leave_taken_back_on_its_first_day_has_not_been() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=leave", &expect![[r#"
        cyd UPDATED status: ACTIVE -> ON_LEAVE from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd status=active", &expect![[r#"
        cyd UPDATED status: ON_LEAVE -> ACTIVE from 2026-02-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn leave_ends_with_the_employment() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=leave", &expect![[r#"
        cyd UPDATED status: ACTIVE -> ON_LEAVE from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-03-01", "cyd status=terminated end=2026-02-20", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-20
        Planned
    "#]]);
    check(&mut office, "2026-05-01", "cyd start=2026-05-01", &expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, cyd
        cyd REHIRED startDate: - -> 2026-05-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01..=2026-02-20 employed 2026-05-01.. absent 2026-02-01..=2026-02-20 under bob 2020-01-01..2026-02-21
    "#]].assert_eq(&office.people());
}
