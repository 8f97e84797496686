//! Whom a row is about.

use expect_test::expect;

use super::{check, company};
use crate::domain::sync::{
    LinkBy, Naming, OnUnknownManager, Run, plan,
    testing::{Office, describe, run},
};

/// A run of another source than the company's that links by address.
fn linking(rows: &str) -> Run {
    Run {
        source: "badges".to_owned(),
        link_by: LinkBy::Email,
        ..run("2026-02-01", rows)
    }
}

#[test]
fn a_new_id_in_the_place_of_another_one_is_the_same_person() {
    let mut office = company();
    check(
        &mut office,
        "2026-02-01",
        "b2 previous=bob name=Person_bob\ncyd manager=b2",
        &expect![[r#"
        b2 UPDATED externalId: bob -> b2
        Planned
    "#]],
    );
    expect![[r#"
        ada employed 2020-01-01..
        b2 employed 2020-01-01.. under ada 2020-01-01..
        cyd employed 2020-01-01.. under b2 2020-01-01..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn two_rows_about_one_person_are_both_refused() {
    check(
        &mut company(),
        "2026-02-01",
        "bob title=Head\nb2 previous=bob",
        &expect![[r#"
        bob FAILED
          error DUPLICATE_EXTERNAL_ID: other rows mean the same person by another id; none of them is used
        b2 FAILED
          error DUPLICATE_EXTERNAL_ID: other rows mean the same person by another id; none of them is used
        Rejected
    "#]],
    );
}

#[test]
fn another_source_finds_people_by_address_if_it_says_so() {
    let mut office = company();
    let rows = "7 name=Person_bob email=BOB@example.com\n8 start=2026-01-01 email=dan@example.com manager=7";
    let plain = Run {
        link_by: LinkBy::None,
        ..linking(rows)
    };
    expect![[r#"
        7 FAILED
          error DUPLICATE_EMAIL: the address would belong to hris:bob too
        8 CREATED
        Rejected
    "#]]
    .assert_eq(&describe(&plan(&office.roster, &plain)));
    expect![[r#"
        7 LINKED email: bob@example.com -> BOB@example.com
        8 CREATED
        Planned
    "#]]
    .assert_eq(&office.send(&linking(rows)));
    let bob = office
        .roster
        .people
        .iter()
        .find(|person| person.record.name == "Person bob");
    let sources: Vec<&str> = bob.unwrap().identities.iter().map(|id| id.source.as_str()).collect();
    assert_eq!(sources, ["hris", "badges"]);
}

#[test]
fn whoever_has_left_is_not_found_by_their_address() {
    let mut office = company();
    office.rows("2026-01-20", "cyd end=2026-01-20 status=left");
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: 9, hris:ada
        9 CREATED
          warning POSSIBLE_REHIRE: hris:cyd, who has left, had this address; if it is the same person, use their id
        Planned
    "#]]
    .assert_eq(&office.send(&linking("9 start=2026-01-25 email=cyd@example.com")));
}

#[test]
fn of_two_people_with_one_address_none_is_linked() {
    let mut office = company();
    let cyd = office
        .roster
        .people
        .iter_mut()
        .find(|person| person.record.name == "Person cyd");
    cyd.unwrap().record.email = Some("bob@example.com".to_owned());
    expect![[r#"
        7 FAILED
          error AMBIGUOUS_LINK: hris:bob and hris:cyd have this address; the row is about one of them
        Rejected
    "#]]
    .assert_eq(&describe(&plan(&office.roster, &linking("7 email=bob@example.com"))));
}

#[test]
fn a_source_is_not_told_of_people_of_others() {
    let office = company();
    let told = |rows: &str| {
        let run = Run {
            naming: Naming::OwnSource,
            ..linking(rows)
        };
        describe(&plan(&office.roster, &run))
    };
    expect![[r#"
        7 LINKED title: - -> Clerk managerExternalId: - -> somebody known to another source from 2026-02-01
        Planned
    "#]]
    .assert_eq(&told(
        "7 name=Person_cyd email=cyd@example.com title=Clerk manager_email=ada@example.com",
    ));
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: 8, somebody known to another source
        8 CREATED
        Planned
    "#]]
    .assert_eq(&told("8 start=2020-01-01"));
}

#[test]
fn a_manager_nobody_knows_can_leave_the_present_one() {
    let mut office = Office::default();
    office.rows("2026-01-10", "ada start=2020-01-01\nbob start=2020-01-01 manager=ada");
    let keep = Run {
        unknown_manager: OnUnknownManager::Keep,
        ..run("2026-02-01", "bob manager=zed title=Head")
    };
    expect![[r#"
        bob UPDATED title: - -> Head
          warning UNKNOWN_MANAGER: neither the file nor the database knows the manager; the present one stays
        Planned
    "#]]
    .assert_eq(&office.send(&keep));
}
