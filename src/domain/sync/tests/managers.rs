//! Managers, vacancies and rings.

use expect_test::expect;

use super::{check, company};
use crate::domain::sync::{
    OnError,
    testing::{Office, run},
};

#[test]
fn a_change_of_manager_takes_effect_on_the_day_of_the_run() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd manager=ada", &expect![[r#"
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under ada 2026-02-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn a_change_of_manager_takes_effect_on_its_date() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd manager=ada effective=2026-06-01", &expect![[r#"
        cyd UPDATED managerExternalId: bob -> ada from 2026-06-01
        Planned
    "#]]);
    check(&mut office, "2026-02-02", "cyd manager=bob", &expect![[r#"
        Planned
    "#]]);
    check(&mut office, "2026-07-01", "cyd manager=ada", &expect![[r#"
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-06-01 under ada 2026-06-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn history_is_rewritten_up_to_the_next_line_only() {
    let mut office = company();
    check(&mut office, "2026-02-01", "dan start=2020-01-01 manager=ada", &expect![[r#"
        dan CREATED
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd manager=ada", &expect![[r#"
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd manager=dan effective=2025-01-01", &expect![[r#"
        cyd UPDATED managerExternalId: bob -> dan from 2025-01-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..2025-01-01 under dan 2025-01-01..2026-02-01 under ada 2026-02-01..
        dan employed 2020-01-01.. under ada 2020-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn an_effective_date_before_the_start_is_the_start() {
    let mut office = company();
    check(&mut office, "2026-02-01", "dan start=2025-01-01 manager=ada effective=2019-01-01", &expect![[r#"
        dan CREATED
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..
        dan employed 2025-01-01.. under ada 2025-01-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn clearing_ends_the_line_and_silence_keeps_it() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd title=Analyst", &expect![[r#"
        cyd UPDATED title: - -> Analyst
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd manager=", &expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, cyd
        cyd UPDATED managerExternalId: bob -> - from 2026-02-01
        Planned
    "#]]);
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01
    "#]].assert_eq(&office.people());
}

#[test]
fn unknown_managers_are_errors() {
    check(&mut company(), "2026-02-01", "cyd manager=nobody\nbob manager_email=nobody@example.com", &expect![[r#"
        cyd FAILED
          error UNKNOWN_MANAGER: neither the file nor the database knows the manager
        bob FAILED
          error UNKNOWN_MANAGER: neither the file nor the database knows the manager
        Rejected
    "#]]);
}

#[test]
fn a_manager_can_be_named_by_address() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd manager_email=ADA@example.com", &expect![[r#"
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd manager=gone manager_email=bob@example.com", &expect![[r#"
        cyd UPDATED managerExternalId: ada -> bob from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "cyd manager=ada manager_email=bob@example.com", &expect![[r#"
        cyd FAILED
          error MANAGER_CONFLICT: the manager's id and the manager's e-mail mean different people
        Rejected
    "#]]);
}

#[test]
fn nobody_manages_themselves() {
    check(&mut company(), "2026-02-01", "cyd manager=cyd", &expect![[r#"
        cyd FAILED
          error SELF_MANAGER: nobody is their own manager; leave the cell empty for the head of the organisation
        Rejected
    "#]]);
}

#[test]
fn rings_are_blamed_on_the_rows_that_close_them() {
    check(&mut company(), "2026-02-01", "ada manager=cyd\nbob manager=ada\ndan manager=cyd", &expect![[r#"
        ada FAILED
          error MANAGER_CYCLE: ada -> cyd -> bob -> ada
        dan CREATED
        Rejected
    "#]]);
}

#[test]
fn a_ring_that_ends_or_has_yet_to_begin_says_when() {
    let mut office = company();
    check(&mut office, "2026-02-01", "bob manager= effective=2026-05-01", &expect![[r#"
        bob UPDATED managerExternalId: ada -> - from 2026-05-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "ada manager=cyd effective=2026-03-01", &expect![[r#"
        ada FAILED
          error MANAGER_CYCLE: ada -> cyd -> bob -> ada (from 2026-03-01 to 2026-04-30)
        Rejected
    "#]]);
    check(&mut office, "2026-02-01", "ada manager=cyd effective=2026-05-01", &expect![[r#"
        ada UPDATED managerExternalId: - -> cyd from 2026-05-01
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "bob manager=cyd effective=2027-01-01", &expect![[r#"
        bob FAILED
          error MANAGER_CYCLE: bob -> cyd -> bob (from 2027-01-01)
        Rejected
    "#]]);
}

#[test]
fn a_ring_in_the_past_is_found() {
    let mut office = company();
    check(&mut office, "2026-02-01", "bob manager=\ncyd manager=", &expect![[r#"
        MULTIPLE_ROOTS 3 people have no manager: ada, bob, cyd
        bob UPDATED managerExternalId: ada -> - from 2026-02-01
        cyd UPDATED managerExternalId: bob -> - from 2026-02-01
        Planned
    "#]]);
    check(&mut office, "2026-02-02", "bob manager=cyd effective=2025-01-01", &expect![[r#"
        bob FAILED
          error MANAGER_CYCLE: bob -> cyd -> bob (from 2025-01-01 to 2026-01-31)
        Rejected
    "#]]);
}

#[test]
fn the_earliest_change_of_a_run_is_looked_at_too() {
    let mut office = company();
    check(&mut office, "2026-02-01", "bob manager=\ncyd manager=\ndan start=2026-01-01", &expect![[r#"
        MULTIPLE_ROOTS 4 people have no manager: ada, bob, cyd, dan
        bob UPDATED managerExternalId: ada -> - from 2026-02-01
        cyd UPDATED managerExternalId: bob -> - from 2026-02-01
        dan CREATED
        Planned
    "#]]);
    let rows = "bob manager=cyd effective=2025-01-01\ndan manager=ada";
    check(&mut office, "2026-02-02", rows, &expect![[r#"
        bob FAILED
          error MANAGER_CYCLE: bob -> cyd -> bob (from 2025-01-01 to 2026-01-31)
        dan UPDATED managerExternalId: - -> ada from 2026-02-02
        Rejected
    "#]]);
}

#[test]
fn a_line_that_goes_on_can_close_a_ring() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd end=2026-06-30\nbob manager=cyd effective=2026-07-01", &expect![[r#"
        cyd UPDATED endDate: - -> 2026-06-30
        bob UPDATED managerExternalId: ada -> cyd from 2026-07-01
        Planned
    "#]]);
    check(&mut office, "2026-02-02", "cyd end=", &expect![[r#"
        cyd FAILED
          error MANAGER_CYCLE: bob -> cyd -> bob (from 2026-07-01)
        Rejected
    "#]]);
}

#[test]
fn places_can_be_swapped_in_one_run() {
    let mut office = company();
    let rows = "bob manager=cyd email=cyd@example.com\ncyd manager=ada email=bob@example.com";
    check(&mut office, "2026-02-01", rows, &expect![[r#"
        bob UPDATED email: bob@example.com -> cyd@example.com managerExternalId: ada -> cyd from 2026-02-01
        cyd UPDATED email: cyd@example.com -> bob@example.com managerExternalId: bob -> ada from 2026-02-01
        Planned
    "#]]);
}

#[test]
fn a_row_left_out_can_put_others_in_the_wrong() {
    let mut office = company();
    let mut swap = run("2026-02-01", "bob manager=cyd\ncyd manager=ada start=someday\ndan manager=eve\neve name=");
    swap.on_error = OnError::Skip;
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, dan
        bob FAILED
          error MANAGER_CYCLE: bob -> cyd -> bob
        cyd FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as YYYY-MM-DD
        dan CREATED
          warning UNKNOWN_MANAGER: the manager's own row is left out; the person is written without this manager
        eve FAILED
          error REQUIRED_FIELD: name is blank; every person has one
        Planned
    "#]].assert_eq(&office.send(&swap));
}

#[test]
fn a_row_that_stops_the_run_puts_no_other_in_the_wrong() {
    check(&mut company(), "2026-02-01", "bob manager=cyd\ncyd manager=ada start=someday", &expect![[r#"
        bob UPDATED managerExternalId: ada -> cyd from 2026-02-01
        cyd FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as YYYY-MM-DD
        Rejected
    "#]]);
}

#[test]
fn vacancies_are_passed_over() {
    let mut office = company();
    let rows = "v1 status=vacancy manager=v2\nv2 status=vacancy manager=ada\ndan manager=v1\nbob status=vacancy manager=ada\ncyd manager=bob";
    let mut run = run("2026-02-01", rows);
    run.dialect.map_status("Vacancy", crate::domain::sync::StatusWord::Vacancy);
    expect![[r#"
        v1 SKIPPED
          warning VACANCY: the row is an unfilled post, not a person
        v2 SKIPPED
          warning VACANCY: the row is an unfilled post, not a person
        dan CREATED
          warning VACANT_MANAGER: the manager's post is vacant; the line goes to the next filled one above
        bob TERMINATED endDate: - -> 2026-02-01
          warning VACANCY: the row is an unfilled post, not a person
          warning END_DATE_ASSUMED: no last working day was given; 2026-02-01 is taken
        cyd UPDATED managerExternalId: bob -> ada from 2026-02-01
          warning VACANT_MANAGER: the manager's post is vacant; the line goes to the next filled one above
        Planned
    "#]].assert_eq(&office.send(&run));
    expect![[r#"
        ada employed 2020-01-01..
        bob employed 2020-01-01..=2026-02-01 under ada 2020-01-01..2026-02-02
        cyd employed 2020-01-01.. under bob 2020-01-01..2026-02-01 under ada 2026-02-01..
        dan employed 2026-02-01.. under ada 2026-02-01..
    "#]].assert_eq(&office.people());
}

#[test]
fn reports_of_a_leaver_keep_their_line() {
    let mut office = company();
    check(&mut office, "2026-02-01", "bob status=left", &expect![[r#"
        bob TERMINATED endDate: - -> 2026-02-01
          warning END_DATE_ASSUMED: no last working day was given; 2026-02-01 is taken
          warning MANAGER_TERMINATED: people whom the run does not name report to the leaver (1): cyd
        Planned
    "#]]);
    check(&mut Office::default(), "2026-02-01", "ada status=left\nbob manager=ada", &expect![[r#"
        ada CREATED
          warning END_DATE_ASSUMED: no last working day was given; 2026-02-01 is taken
        bob CREATED
          warning MANAGER_TERMINATED: the manager ada has left; the line stays, and the gap is closed above
        Planned
    "#]]);
}

#[test]
fn an_organisation_turned_upside_down_but_for_its_head_is_given_up() {
    let turn = |people: u32| {
        let above = |person: u32| person.checked_sub(1).map_or(String::new(), |above| format!("p{above}"));
        let upright: String = (0..people).map(|p| format!("p{p} start=2020-01-01 manager={}\n", above(p))).collect();
        let turned: String = (0..people).map(|p| format!("p{p} manager=p{}\n", p + 1)).collect();
        let mut office = Office::default();
        office.rows("2026-01-10", &upright);
        let mut turned = run("2026-02-01", &format!("{turned}p{people} name="));
        turned.on_error = OnError::Skip;
        office.send(&turned).lines().last().map(str::to_owned)
    };
    assert_eq!(turn(20).as_deref(), Some("Planned"));
    assert_eq!(turn(120).as_deref(), Some("Rejected"));
}
