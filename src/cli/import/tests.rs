//! Files through reading and planning, onto a roster in memory.

use clap::Parser;
use expect_test::{Expect, expect};

use super::{Carried, Exit, ImportPeople};
use crate::domain::sync::{
    RowAction, SyncStatus, plan,
    testing::{Office, date},
};

const HEADER: &str = "external_id,name,email,title,manager_external_id,start_date,end_date,status";

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    import: ImportPeople,
}

fn import(arguments: &str) -> ImportPeople {
    let fixed = ["import", "people.csv", "--source", "hris"].into_iter();
    let command = Command::try_parse_from(fixed.chain(arguments.split_whitespace()));
    command.unwrap_or_else(|error| panic!("{error}")).import
}

/// Shows what comes of a file, for `HASH` read the plan's, and applies the plan with or without `--apply`.
fn check(office: &mut Office, arguments: &str, file: &str, expected: &Expect) {
    let import = import(arguments);
    let (text, exit) = match import.run(file.as_bytes(), date("2026-02-01")) {
        Err(issues) => (import.show_unusable(&issues), Exit::Unusable),
        Ok(run) => {
            let plan = plan(&office.roster, &run);
            office.send(&run);
            let carried = if import.apply { Carried::Out } else { Carried::Not };
            (
                import.show(&plan, carried).replace(&plan.plan_hash, "HASH"),
                Exit::of(&plan),
            )
        }
    };
    expected.assert_eq(&format!("{text}{exit:?}\n"));
}

fn rows(rows: &str) -> String {
    let rows = rows.lines().map(str::trim).filter(|row| !row.is_empty());
    [HEADER]
        .into_iter()
        .chain(rows)
        .map(|row| format!("{row}\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// A file, and a sign of each finding: its code and line.
#[test]
fn files_answer_as_they_should() {
    let boss = "E1,Ann,e1@example.com,Head,,2020-01-06,,active";
    let cases: &[(&str, &str, &str, Exit)] = &[
        (
            "a ring of two",
            "E2,Bo,,,E3,2020-01-06,,active\nE3,Cy,,,E2,2020-01-06,,active\nE4,Di,,,E2,2020-01-06,,active",
            "created 2: MANAGER_CYCLE 3, MANAGER_CYCLE 4",
            Exit::RowErrors,
        ),
        (
            "oneself",
            "E2,Bo,,,E2,2020-01-06,,active",
            "created 1: SELF_MANAGER 3",
            Exit::RowErrors,
        ),
        (
            "a stranger",
            "E2,Bo,,,E9,2020-01-06,,active",
            "created 1: UNKNOWN_MANAGER 3",
            Exit::RowErrors,
        ),
        (
            "repetitions",
            "E2,Bo,,,E1,,,active\nE2,Bo,,,E1,,,active\nE3,Cy,,A,E1,,,\nE3,Cy,,B,E1,,,\ne2,Di,,,E1,,,",
            "created 3: DUPLICATE_ROW 4, DUPLICATE_EXTERNAL_ID 5, DUPLICATE_EXTERNAL_ID 6, NEAR_DUPLICATE_ID 7",
            Exit::RowErrors,
        ),
        (
            "no name",
            "E2,,,,E1,,,\nE3,\u{a0}\u{200b},,,E1,,,",
            "created 1: REQUIRED_FIELD 3, REQUIRED_FIELD 4",
            Exit::RowErrors,
        ),
        (
            "an end before the start",
            "E2,Bo,,,E1,2024-05-01,2024-04-30,terminated\nE3,Cy,,,E1,2024-05-01,2024-05-01,terminated",
            "created 2: END_BEFORE_START 3",
            Exit::RowErrors,
        ),
        (
            "two roots",
            "E2,Bo,,,,2020-01-06,,active",
            "created 2: MULTIPLE_ROOTS",
            Exit::Fine,
        ),
        (
            "ragged rows",
            "E2,Bo\nE3,Cy,,,E1,,,active,x",
            "created 1: COLUMN_COUNT 3, COLUMN_COUNT 4",
            Exit::RowErrors,
        ),
        (
            "odd words",
            "E2,Bo,bo@,,E1,2020-02-30,,retired",
            "created 1: INVALID_DATE 3, INVALID_STATUS 3, INVALID_EMAIL 3",
            Exit::RowErrors,
        ),
        (
            "one address",
            "E2,Bo,E1@example.com,,E1,,,",
            "created 0: DUPLICATE_EMAIL 2, DUPLICATE_EMAIL 3",
            Exit::RowErrors,
        ),
        (
            "a future hire",
            "E2,Bo,,,E1,2099-01-01,,active",
            "created 2:",
            Exit::Fine,
        ),
    ];
    for (name, others, expected, exit) in cases {
        let import = import("");
        let run = import
            .run(rows(&format!("{boss}\n{others}")).as_bytes(), date("2026-02-01"))
            .expect("a usable file");
        let plan = plan(&Office::default().roster, &run);
        let finding = |issue: &crate::domain::sync::SyncIssue| match issue.line {
            Some(line) => format!(" {} {line}", issue.code),
            None => format!(" {}", issue.code),
        };
        let findings: Vec<String> = plan.issues.iter().map(finding).collect();
        let created = plan.rows.iter().filter(|row| row.action == RowAction::Created).count();
        assert_eq!(format!("created {created}:{}", findings.join(",")), *expected, "{name}");
        assert_eq!(Exit::of(&plan), *exit, "{name}");
        assert_eq!(plan.writes.is_empty(), plan.status != SyncStatus::Planned, "{name}");
    }
}

/// Four people, one over one over two.
const FOUR: &str = "
    E1,Ann,e1@example.com,Head,,2020-01-06,,active
    E2,Bo,e2@example.com,Lead,E1,2020-01-06,,active
    E3,Cy,e3@example.com,Aide,E2,2020-01-06,,active
    E4,Di,e4@example.com,Aide,E2,2020-01-06,,active";

#[test]
fn text_tells_counts_changes_and_the_next_step() {
    let mut office = Office::default();
    check(
        &mut office,
        "",
        &rows(FOUR),
        &expect![[r#"
        rows 4: created 4
        created
          E1 Ann
          E2 Bo
          E3 Cy
          E4 Di
        plan HASH; apply with --apply --expect-plan HASH
        Fine
    "#]],
    );
    check(
        &mut office,
        "",
        &rows(FOUR),
        &expect![[r#"
        rows 4: unchanged 4
        nothing to do
        Fine
    "#]],
    );
    let changes = "
        E2,Bo,e3@example.com,Aide,E3,2020-01-06,,active
        E3,Cy,e2@example.com,Lead,E1,2020-01-06,,leave
        E4,Di,e4@example.com,Aide,E2,2020-01-06,2026-01-31,terminated
        E5,Eve\u{1b}[2J,,=cmd,E3,2026-02-01,,";
    check(
        &mut office,
        "--apply",
        &rows(changes),
        &expect![[r#"
        rows 4: created 1, updated 2, terminated 1, manager changes 2, warnings 2
        created
          E5 Eve[2J
        manager changes
          E2 Bo: E1 Ann -> E3 Cy from 2026-02-01
          E3 Cy: E2 Bo -> E1 Ann from 2026-02-01
        terminations
          E4 Di: last day 2026-01-31
        other changes
          E2 Bo: email e2@example.com -> e3@example.com
          E2 Bo: title Lead -> Aide
          E3 Cy: email e3@example.com -> e2@example.com
          E3 Cy: title Aide -> Lead
          E3 Cy: status ACTIVE -> ON_LEAVE from 2026-02-01
        warnings
          line 5: CONTROL_CHARACTER name contains control characters; they are dropped
          line 5: FORMULA_LIKE title starts like a formula of a spreadsheet; it is kept as it is (=cmd)
        applied plan HASH
        Fine
    "#]],
    );
    check(
        &mut office,
        "",
        &rows("E4,Di,e4@example.com,Aide,E3,2026-02-01,,active"),
        &expect![[r#"
        rows 1: rehired 1, manager changes 1
        manager changes
          E4 Di: nobody -> E3 Cy from 2026-02-01
        rehired
          E4 Di: starts 2026-02-01
        plan HASH; apply with --apply --expect-plan HASH
        Fine
    "#]],
    );
}

#[test]
fn text_tells_what_is_wrong() {
    let mut office = Office::default();
    check(
        &mut office,
        "",
        "name\nAnn",
        &expect![[r#"
        the file cannot be used; nothing was written
        errors
          line 1: MISSING_COLUMN there is no column external_id; the file has: name (external_id)
        Unusable
    "#]],
    );
    check(
        &mut office,
        "",
        &rows("E1,\u{1b}[2J,,,\u{1b}[2J\u{0}x,,,"),
        &expect![[r#"
        rows 1: failed 1, warnings 1
        errors
          line 2: CONTROL_CHARACTER managerExternalId contains a NUL character
        warnings
          line 2: CONTROL_CHARACTER name contains control characters; they are dropped
        rejected; nothing was written
        RowErrors
    "#]],
    );
    check(
        &mut office,
        "",
        &rows(FOUR),
        &expect![[r#"
        rows 4: created 4
        created
          E1 Ann
          E2 Bo
          E3 Cy
          E4 Di
        plan HASH; apply with --apply --expect-plan HASH
        Fine
    "#]],
    );
    check(
        &mut office,
        "--on-error skip --apply",
        &rows("E1,,,,,,,\nE9,Fay,,,E1,,,"),
        &expect![[r#"
        rows 2: created 1, failed 1
        created
          E9 Fay
        errors
          line 2: REQUIRED_FIELD name is blank; every person has one
        applied plan HASH without the rows that have errors
        RowErrors
    "#]],
    );
    check(
        &mut office,
        "--expect-plan 00 --allow-terminations 3",
        &rows("E2,Bo,,,E1,,,"),
        &expect![[r#"
        rows 1: updated 1
        other changes
          E2 Bo: email e2@example.com -> nothing
          E2 Bo: title Lead -> nothing
        blocked
          PLAN_CHANGED the plan is now HASH, not the one expected
          OVERRIDE_MISMATCH 0 people would leave, and exactly 3 were allowed to
        blocked; nothing was written
        plan HASH; if all of it is right, apply with --apply --expect-plan HASH
        PlanChanged
    "#]],
    );
}

#[test]
fn json_has_the_names_of_the_api() {
    check(
        &mut Office::default(),
        "--format json",
        "id,name,salary\nE1,Ann,1\nE2,,2",
        &expect![[r#"
        {
          "planHash": "HASH",
          "status": "REJECTED",
          "counts": {
            "rows": 2,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "terminated": 0,
            "rehired": 0,
            "linked": 0,
            "skipped": 0,
            "failed": 1,
            "managerChanges": 0,
            "managerClears": 0,
            "warnings": 1
          },
          "blocked": [],
          "issues": [
            {
              "severity": "WARNING",
              "code": "UNKNOWN_COLUMN",
              "message": "nobody asked for this column; its values are not kept",
              "field": null,
              "value": "salary",
              "line": 1,
              "relatedLines": []
            },
            {
              "severity": "ERROR",
              "code": "REQUIRED_FIELD",
              "message": "name is blank; every person has one",
              "field": "name",
              "value": null,
              "line": 3,
              "relatedLines": []
            }
          ],
          "rows": [
            {
              "line": 2,
              "externalId": "E1",
              "name": "Ann",
              "action": "CREATED",
              "changes": [
                {
                  "field": "name",
                  "before": null,
                  "after": "Ann",
                  "effectiveDate": null
                },
                {
                  "field": "startDate",
                  "before": null,
                  "after": "2026-02-01",
                  "effectiveDate": null
                }
              ],
              "issues": []
            },
            {
              "line": 3,
              "externalId": "E2",
              "name": null,
              "action": "FAILED",
              "changes": [],
              "issues": [
                {
                  "severity": "ERROR",
                  "code": "REQUIRED_FIELD",
                  "message": "name is blank; every person has one",
                  "field": "name",
                  "value": null,
                  "line": 3,
                  "relatedLines": []
                }
              ]
            }
          ]
        }
        RowErrors
    "#]],
    );
}

#[test]
fn json_tells_of_unusable_files_in_the_same_shape() {
    check(
        &mut Office::default(),
        "--format json",
        "",
        &expect![[r#"
        {
          "planHash": null,
          "status": "REJECTED",
          "counts": {
            "rows": 0,
            "created": 0,
            "updated": 0,
            "unchanged": 0,
            "terminated": 0,
            "rehired": 0,
            "linked": 0,
            "skipped": 0,
            "failed": 0,
            "managerChanges": 0,
            "managerClears": 0,
            "warnings": 0
          },
          "blocked": [],
          "issues": [
            {
              "severity": "ERROR",
              "code": "EMPTY_FILE",
              "message": "the file is empty; not even a header is there",
              "field": null,
              "value": null,
              "line": null,
              "relatedLines": []
            }
          ],
          "rows": []
        }
        Unusable
    "#]],
    );
}

#[test]
fn line_ends_and_delimiters_and_the_order_of_rows_make_no_other_plan() {
    let file = rows("E1,Ann,,,,,,\nE2,Bo,,,E1,,,\nE3,Cy,,,E2,,,");
    let mut lines: Vec<&str> = file.lines().collect();
    lines[1..].reverse();
    let hash = |file: &str| {
        let run = import("")
            .run(file.as_bytes(), date("2026-02-01"))
            .expect("a usable file");
        plan(&Office::default().roster, &run).plan_hash
    };
    let expected = hash(&file);
    assert_eq!(expected.len(), 64);
    assert_eq!(hash(&file.replace('\n', "\r\n")), expected);
    assert_eq!(hash(&file.replace(',', ";")), expected);
    assert_eq!(hash(&lines.join("\n")), expected);
    assert_ne!(hash(&file.replace("Cy", "Cyd")), expected);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        "--delimiter x",
        "--map title",
        "--map Job=salary",
        "--map-status vacancy=gone",
        "--date-format %!",
        "--as-of today",
        "--mode whole",
        "--link-by name",
        "--source=../x",
        "--encoding latin-9",
    ] {
        let fixed = ["import", "people.csv", "--source", "hris"].into_iter();
        assert!(
            Command::try_parse_from(fixed.chain(arguments.split_whitespace())).is_err(),
            "{arguments}"
        );
    }
}

#[test]
fn words_and_dates_of_the_source_can_be_mapped() {
    let mut office = Office::default();
    let file = "Person No,name,Job,status,start_date\nE1,Ann,Head,Employed,06/01/2020\nV1,Post,,Open,";
    let import = [
        "--map",
        "Person No=external_id",
        "--map",
        "Job=title",
        "--map-status",
        "employed=active",
        "--map-status",
        "open=skip",
        "--date-format",
        "%d/%m/%Y",
    ];
    let fixed = ["import", "people.csv", "--source", "hris"].into_iter();
    let Ok(command) = Command::try_parse_from(fixed.chain(import)) else {
        panic!("sensible arguments")
    };
    let run = command
        .import
        .run(file.as_bytes(), date("2026-02-01"))
        .expect("a usable file");
    expect![[r#"
        E1 CREATED
        V1 SKIPPED
          warning VACANCY: the row is an unfilled post, not a person
        Planned
    "#]]
    .assert_eq(&office.send(&run));
    expect![[r#"
        E1 employed 2020-01-06..
    "#]]
    .assert_eq(&office.people());
}

#[test]
fn the_rows_that_failed_are_given_back_as_they_stand() {
    let import = import("--on-error skip");
    let file = "id;name;salary;reports_to\r\nE1;Ann;1;\r\nE2;=Bo, jr;2;E9\r\nE3;Cy\r\nE4;\"Di \"\"D\"\"\";4;E1\r\n";
    let run = import.run(file.as_bytes(), date("2026-02-01")).expect("a usable file");
    let plan = plan(&Office::default().roster, &run);
    expect![[r#"
        id,name,salary,reports_to
        E2,"'=Bo, jr",2,E9
        E3,Cy
    "#]]
    .assert_eq(&import.failed_rows(file.as_bytes(), &plan).expect("a usable file"));
}
