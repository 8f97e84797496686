//! Every step of a meeting's life, from every status, by everybody: what comes of it, as one table.

use std::fmt::Write;

use expect_test::expect;
use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, mutation_text, run};

/// A Monday.
const NOW: &str = "2026-03-02T09:00:00Z";

const ORGANISATION: &str = "
    ada
      bob
        cyd
      eve
    ";

/// How a meeting of ada, who arranged it, with cyd can stand; of the last one cyd has asked for it.
const STATUSES: [(&str, &str); 6] = [
    (
        "SCHEDULED",
        "status = 'SCHEDULED', day = '2026-03-03', starts_at = '2026-03-03 10:00:00+00:00', ends_at = '2026-03-03 10:30:00+00:00'",
    ),
    (
        "UNCONFIRMED",
        "status = 'SCHEDULED', day = '2026-02-17', starts_at = '2026-02-17 10:00:00+00:00', ends_at = '2026-02-17 10:30:00+00:00'",
    ),
    (
        "HELD",
        "status = 'HELD', day = '2026-02-17', held_at = '2026-02-17 10:00:00+00:00', evidence = 'PARTICIPANT'",
    ),
    (
        "CANCELLED",
        "status = 'CANCELLED', day = '2026-03-03', closed_on = '2026-03-01'",
    ),
    (
        "DECLINED",
        "status = 'DECLINED', day = '2026-03-03', closed_on = '2026-03-01'",
    ),
    ("asked for", "status = 'SCHEDULED', origin = 'COUNTERPART_REQUEST'"),
];

/// The two, and everybody who is neither.
const ACTORS: [&str; 6] = ["ada", "cyd", "bob", "eve", ADMIN, "integration"];

fn steps(meeting: &str) -> [(&'static str, Value); 4] {
    let tomorrow = "2026-03-04T10:00:00Z";
    [
        (
            "rescheduleMeeting",
            json!({ "meetingId": meeting, "startsAt": tomorrow }),
        ),
        (
            "confirmMeeting",
            json!({ "meetingId": meeting, "heldAt": "2026-03-02T08:00:00Z" }),
        ),
        ("cancelMeeting", json!({ "meetingId": meeting })),
        ("declineMeeting", json!({ "meetingId": meeting })),
    ]
}

async fn every_step_from_every_status_by_everybody(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let raw = world.database.raw().await;
    let input = json!({ "counterpartId": world.id("cyd").await, "startsAt": "2026-03-03T10:00:00Z" });
    let meeting = world.act("ada", "scheduleMeeting", input).await["meeting"]["id"].clone();
    let meeting = meeting.as_str().unwrap();
    let mut table = String::new();
    for (status, columns) in STATUSES {
        for (step, input) in steps(meeting) {
            let _ = write!(table, "{status} {step}:");
            for actor in ACTORS {
                let blank = "UPDATE meeting SET origin = 'LEADER_CHOICE', starts_at = NULL, ends_at = NULL, \
                             held_at = NULL, closed_on = NULL, evidence = NULL, day = NULL";
                run(&raw, blank).await.unwrap();
                run(&raw, &format!("UPDATE meeting SET {columns}")).await.unwrap();
                run(&raw, "DELETE FROM load_claim").await.unwrap();
                let token = match actor {
                    "integration" => world.integration("hr"),
                    ADMIN => world.token(ADMIN, &[skiplevel::auth::token::Role::HrAdmin]),
                    who => world.token(who, &[]),
                };
                let answer = world
                    .ask_as(&token, &mutation_text(step), json!({ "input": input }))
                    .await;
                let _ = write!(table, " {actor} {}", told(&answer, step));
            }
            table.push('\n');
        }
    }
    expect![[r#"
        SCHEDULED rescheduleMeeting: ada -> SCHEDULED cyd -> SCHEDULED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        SCHEDULED confirmMeeting: ada -> HELD cyd -> HELD bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        SCHEDULED cancelMeeting: ada -> CANCELLED cyd -> CANCELLED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        SCHEDULED declineMeeting: ada NOT_ALLOWED cyd -> DECLINED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        UNCONFIRMED rescheduleMeeting: ada WRONG_STATUS (UNCONFIRMED) cyd WRONG_STATUS (UNCONFIRMED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        UNCONFIRMED confirmMeeting: ada -> HELD cyd -> HELD bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        UNCONFIRMED cancelMeeting: ada WRONG_STATUS (UNCONFIRMED) cyd WRONG_STATUS (UNCONFIRMED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        UNCONFIRMED declineMeeting: ada WRONG_STATUS (UNCONFIRMED) cyd WRONG_STATUS (UNCONFIRMED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        HELD rescheduleMeeting: ada WRONG_STATUS (HELD) cyd WRONG_STATUS (HELD) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        HELD confirmMeeting: ada WRONG_STATUS (HELD) cyd WRONG_STATUS (HELD) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        HELD cancelMeeting: ada WRONG_STATUS (HELD) cyd WRONG_STATUS (HELD) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        HELD declineMeeting: ada WRONG_STATUS (HELD) cyd WRONG_STATUS (HELD) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        CANCELLED rescheduleMeeting: ada WRONG_STATUS (CANCELLED) cyd WRONG_STATUS (CANCELLED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        CANCELLED confirmMeeting: ada WRONG_STATUS (CANCELLED) cyd WRONG_STATUS (CANCELLED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        CANCELLED cancelMeeting: ada WRONG_STATUS (CANCELLED) cyd WRONG_STATUS (CANCELLED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        CANCELLED declineMeeting: ada WRONG_STATUS (CANCELLED) cyd WRONG_STATUS (CANCELLED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        DECLINED rescheduleMeeting: ada WRONG_STATUS (DECLINED) cyd WRONG_STATUS (DECLINED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        DECLINED confirmMeeting: ada WRONG_STATUS (DECLINED) cyd WRONG_STATUS (DECLINED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        DECLINED cancelMeeting: ada WRONG_STATUS (DECLINED) cyd WRONG_STATUS (DECLINED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        DECLINED declineMeeting: ada WRONG_STATUS (DECLINED) cyd WRONG_STATUS (DECLINED) bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        asked for rescheduleMeeting: ada -> SCHEDULED cyd NOT_ALLOWED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        asked for confirmMeeting: ada -> HELD cyd -> HELD bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        asked for cancelMeeting: ada -> CANCELLED cyd -> CANCELLED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
        asked for declineMeeting: ada -> DECLINED cyd NOT_ALLOWED bob NOT_FOUND eve NOT_FOUND hr-admin FORBIDDEN integration FORBIDDEN
    "#]]
    .assert_eq(&table);
}

/// The status a step led to, or the code that refused it.
fn told(answer: &Value, step: &str) -> String {
    let fault = &answer["errors"][0]["extensions"]["code"];
    let payload = &answer["data"][step];
    let mistake = &payload["userErrors"][0];
    let said = if fault.is_string() {
        fault
    } else if mistake.is_object() {
        if mistake["code"] == "WRONG_STATUS" {
            let name = payload["userErrors"][0]["message"].as_str().unwrap();
            return format!("WRONG_STATUS ({})", name.split(' ').nth(3).unwrap());
        }
        &mistake["code"]
    } else {
        return format!("-> {}", payload["meeting"]["status"].as_str().unwrap());
    };
    said.as_str().unwrap().to_owned()
}

both!(every_step_from_every_status_by_everybody,);
