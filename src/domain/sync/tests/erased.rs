//! People who were erased: their rows are passed over, and those of others go on.

use std::collections::HashMap;

use expect_test::expect;

use super::company;
use crate::domain::{
    erasure::Erased,
    sync::{
        Code, Mode, Run, SyncIssue, plan,
        testing::{Office, run},
    },
};

/// Ada over bob over cyd; bob has left, and was erased.
fn without_bob() -> Office {
    let mut office = company();
    office.rows("2026-02-01", "bob end=2026-01-31");
    let mut people = office.roster.people.iter_mut();
    let bob = people.find(|person| person.identities[0].external_id == "bob").unwrap();
    "Former person 0000B0".clone_into(&mut bob.record.name);
    bob.record.email = None;
    let marks = Erased::new(vec![7; 32], HashMap::new());
    let ids = bob
        .identities
        .drain(..)
        .map(|id| (marks.mark(&id.source, &id.external_id), bob.record.key));
    office.roster.erased = Erased::new(vec![7; 32], ids.collect());
    office
}

#[test]
fn a_row_of_theirs_is_passed_over_whatever_it_says() {
    let mut office = without_bob();
    let before = office.roster.clone();
    let expected = expect![[r#"
        ? SKIPPED
          warning ERASED: the row is about somebody who was erased, and is not used; if they work here again, send them by a new id
        Planned
    "#]];
    for row in [
        "bob start=2026-03-01 email=bob@example.com",
        "bob start=never email=nowhere",
        "rob previous=bob start=2026-03-01",
    ] {
        expected.assert_eq(&office.rows("2026-03-01", row));
    }
    assert_eq!(office.roster, before);
    // Case matters, as with any id; and by a new one they are somebody new.
    expect![[r#"
        MULTIPLE_ROOTS 2 people have no manager: Bob, ada
        Bob CREATED
        Planned
    "#]]
    .assert_eq(&office.rows("2026-03-01", "Bob start=2026-03-01 email=bob@example.com"));
}

#[test]
fn a_full_snapshot_that_still_names_them_dismisses_nobody() {
    let mut office = without_bob();
    let full = Run {
        mode: Mode::Full,
        ..run("2026-03-01", "ada\nbob\ncyd")
    };
    expect![[r#"
        ? SKIPPED
          warning ERASED: the row is about somebody who was erased, and is not used; if they work here again, send them by a new id
        cyd UNCHANGED
          warning MANAGER_TERMINATED: the manager #1 has left; the line stays, and the gap is closed above
        Planned
    "#]]
    .assert_eq(&office.send(&full));
}

#[test]
fn whoever_reports_to_them_keeps_their_line_and_tells_no_id() {
    let mut office = without_bob();
    expect![[r#"
        cyd UNCHANGED
          warning MANAGER_TERMINATED: the manager #1 has left; the line stays, and the gap is closed above
        dan CREATED
          warning MANAGER_TERMINATED: the manager #1 has left; the line stays, and the gap is closed above
        Planned
    "#]]
    .assert_eq(&office.rows("2026-03-01", "cyd manager=bob\ndan start=2026-03-01 manager=bob"));
    // A finding about the manager would quote the id.
    let odd = run(
        "2026-03-01",
        "eve start=2026-03-01 manager=bob manager_email=ada@example.com",
    );
    let issue = plan(&office.roster, &odd)
        .issues
        .into_iter()
        .find(SyncIssue::is_error)
        .unwrap();
    assert_eq!((issue.code, issue.value), (Code::ManagerConflict, None));
}
