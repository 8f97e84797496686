//! Fields, ids and addresses.

use expect_test::expect;

use super::{check, company};
use crate::domain::sync::{
    Field, OnError, SyncStatus, plan,
    testing::{Office, describe, run},
};

#[test]
fn columns_that_are_absent_are_kept_and_empty_ones_cleared() {
    let mut office = Office::default();
    check(&mut office, "2026-01-10", "ada title=Head department=Lab location=Oslo email=ada@example.com", &expect![[r#"
        ada CREATED
        Planned
    "#]]);
    check(&mut office, "2026-01-11", "ada title= location=", &expect![[r#"
        ada UPDATED title: Head -> - location: Oslo -> -
        Planned
    "#]]);
    check(&mut office, "2026-01-12", "ada name=", &expect![[r#"
        ada FAILED
          error REQUIRED_FIELD: name is blank; every person has one
        Rejected
    "#]]);
}

#[test]
fn texts_are_trimmed_composed_and_freed_of_controls() {
    let mut office = company();
    let mut odd = run("2026-02-01", "ada\nbob\ncyd\ndan");
    odd.rows[0].name = Field::Given("\u{a0} Ada\u{7} Zoe\u{308}\u{200b} ".to_owned());
    odd.rows[1].title = Field::Given("=1+1".to_owned());
    odd.rows[2].title = Field::Given("a\r\nb\tc".to_owned());
    odd.rows[3].name = Field::Given("\u{a0}\u{200b}".to_owned());
    expect![[r#"
        ada UPDATED name: Person ada -> Ada Zoë
          warning CONTROL_CHARACTER: name contains control characters; they are dropped
        bob UPDATED title: - -> =1+1
          warning FORMULA_LIKE: title starts like a formula of a spreadsheet; it is kept as it is
        cyd UPDATED title: - -> a
        b	c
        dan FAILED
          error REQUIRED_FIELD: name is blank; every person has one
        Rejected
    "#]].assert_eq(&describe(&plan(&office.roster, &odd)));
    odd.rows.pop();
    office.send(&odd);
    expect![[r#"
        "Ada Zoë" None
        "Person bob" Some("=1+1")
        "Person cyd" Some("a\nb\tc")
    "#]].assert_eq(&office.roster.people.iter().map(|person| format!("{:?} {:?}\n", person.record.name, person.record.title)).collect::<String>());
}

#[test]
fn what_cannot_be_understood_is_an_error() {
    let mut bad = run("2026-02-01", "ada status=retired start=2026-02-30 end=01/02/2026 effective=9999-12-31\nbob email=bob@@example.com");
    bad.rows[1].title = Field::Given("x".repeat(501));
    bad.rows[1].department = Field::Given("x".repeat(201));
    bad.rows[1].location = Field::Given("a\0b".to_owned());
    expect![[r#"
        ada FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as YYYY-MM-DD
          error INVALID_DATE: endDate is not a date from 1900 to 2999 written as YYYY-MM-DD
          error INVALID_DATE: effectiveDate is not a date from 1900 to 2999 written as YYYY-MM-DD
          error INVALID_STATUS: status is none of active, leave, terminated, pre_hire, and no mapping was given for it
        bob FAILED
          error FIELD_TOO_LONG: title is longer than 500 characters
          error FIELD_TOO_LONG: department is longer than 200 characters
          error CONTROL_CHARACTER: location contains a NUL character
          error INVALID_EMAIL: email is not an e-mail address
        Rejected
    "#]].assert_eq(&describe(&plan(&company().roster, &bad)));
}

#[test]
fn long_texts_are_kept_up_to_the_limit() {
    let mut long = run("2026-02-01", "ada");
    long.rows[0].title = Field::Given("ü".repeat(500));
    long.rows[0].name = Field::Given("ü".repeat(200));
    expect![[r#"
        ada CREATED
        Planned
    "#]].assert_eq(&describe(&plan(&Office::default().roster, &long)));
}

#[test]
fn dates_can_be_written_otherwise() {
    let mut office = Office::default();
    let mut run = run("2026-02-01", "ada start=31/01/2020\nbob start=2020-01-31");
    run.dialect.date_format = Some("%d/%m/%Y".to_owned());
    expect![[r#"
        ada CREATED
        bob FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as %d/%m/%Y
        Rejected
    "#]].assert_eq(&office.send(&run));
}

#[test]
fn rows_of_one_id_agree_or_are_not_used() {
    check(&mut Office::default(), "2026-02-01", "ada\nada\nbob title=A\nbob title=B\nADA", &expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ADA, ada
        ada CREATED
        ada SKIPPED
          warning DUPLICATE_ROW: the row repeats line 1 and is not used
        bob FAILED
          error DUPLICATE_EXTERNAL_ID: other rows say something else of the same person; none of them is used
        bob FAILED
          error DUPLICATE_EXTERNAL_ID: other rows say something else of the same person; none of them is used
        ADA CREATED
          warning NEAR_DUPLICATE_ID: the id differs from ada in upper and lower case only; they are two people
        Rejected
    "#]]);
}

#[test]
fn addresses_are_compared_on_the_final_state() {
    let mut office = company();
    check(&mut office, "2026-02-01", "dan email=BOB@example.com", &expect![[r#"
        dan FAILED
          error DUPLICATE_EMAIL: the address would belong to bob too
        Rejected
    "#]]);
    check(&mut office, "2026-02-01", "dan email=BOB@example.com\nbob email=new@example.com", &expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, dan
        dan CREATED
        bob UPDATED email: bob@example.com -> new@example.com
        Planned
    "#]]);
    check(&mut office, "2026-02-01", "bob email=x@example.com\ncyd email=X@example.com", &expect![[r#"
        bob FAILED
          error DUPLICATE_EMAIL: the address would belong to cyd too
        cyd FAILED
          error DUPLICATE_EMAIL: the address would belong to bob too
        Rejected
    "#]]);
}

#[test]
fn the_address_of_a_leaver_can_be_given_again() {
    let mut office = company();
    check(&mut office, "2026-02-01", "cyd status=left", &expect![[r#"
        cyd TERMINATED endDate: - -> 2026-02-01
          warning END_DATE_ASSUMED: no last working day was given; 2026-02-01 is taken
        Planned
    "#]]);
    check(&mut office, "2026-02-02", "dan email=cyd@example.com", &expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: ada, dan
        dan CREATED
          warning POSSIBLE_REHIRE: cyd, who has left, had this address; if it is the same person, use their id
        Planned
    "#]]);
    check(&mut office, "2026-02-03", "cyd status=active start=2026-02-03", &expect![[r#"
        cyd FAILED
          error DUPLICATE_EMAIL: the address would belong to dan too
        Rejected
    "#]]);
}

#[test]
fn ids_mean_nothing_to_another_source() {
    let mut office = company();
    let mut other = run("2026-02-01", "ada manager=bob email=ada@example.com");
    other.source = "payroll".to_owned();
    expect![[r#"
        ada FAILED
          error DUPLICATE_EMAIL: the address would belong to hris:ada too
          error UNKNOWN_MANAGER: neither the file nor the database knows the manager
        Rejected
    "#]].assert_eq(&office.send(&other));
}

#[test]
fn an_address_that_stays_because_its_row_is_left_out_is_not_given_away() {
    let mut office = company();
    let mut moved = run("2026-02-01", "ada email=bob@example.com\nbob email=cyd@example.com\ncyd email=new@example.com start=x");
    moved.on_error = OnError::Skip;
    expect![[r#"
        ada FAILED
          error DUPLICATE_EMAIL: the address would belong to bob too
        bob FAILED
          error DUPLICATE_EMAIL: the address would belong to cyd too
        cyd FAILED
          error INVALID_DATE: startDate is not a date from 1900 to 2999 written as YYYY-MM-DD
        Planned
    "#]].assert_eq(&office.send(&moved));
}

#[test]
fn addresses_passed_on_from_row_to_row_are_followed_to_the_end() {
    let address = |person: u32| format!("p{person}@example.com");
    let before: String = (0..120).map(|p| format!("p{p} start=2020-01-01 email={}\n", address(p))).collect();
    let after: String = (0..119).map(|p| format!("p{p} email={}\n", address(p + 1))).collect();
    let mut office = Office::default();
    office.rows("2026-01-10", &before);
    let mut passed_on = run("2026-02-01", &format!("{after}p119 email=new@example.com start=someday"));
    passed_on.on_error = OnError::Skip;
    let plan = plan(&office.roster, &passed_on);
    assert_eq!((plan.status, plan.counts.failed), (SyncStatus::Planned, 120));
}
