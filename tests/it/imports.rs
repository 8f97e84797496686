//! Absences of a time-off system and meetings of a calendar, through the API.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, mutation_text, number};

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";

const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
        eve
      fay
        gus
    ";

fn input(rows: &Value, key: &str) -> Value {
    json!({ "source": "hr", "rows": rows, "dryRun": false, "idempotencyKey": key })
}

/// Imports rows and says what became of each.
async fn import(world: &World, mutation: &str, rows: Value, key: &str) -> String {
    let answer = world.act(ADMIN, mutation, input(&rows, key)).await;
    told(&answer["import"])
}

fn told(import: &Value) -> String {
    let rows = import["rows"].as_array().unwrap().iter().map(|row| {
        let issues = row["issues"]
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| format!(" {}", issue["code"]));
        format!("{} {}{}", row["externalId"], row["action"], issues.collect::<String>())
    });
    let rows = rows.chain([import["status"].to_string()]).collect::<Vec<_>>();
    rows.join("\n").replace('"', "") + "\n"
}

fn check(answer: &str, expected: &Expect) {
    expected.assert_eq(answer);
}

fn away(id: &str, who: &str, start: &str, end: &str) -> Value {
    json!({ "externalId": id, "person": { "externalId": who }, "startDate": start, "endDate": Some(end).filter(|end| !end.is_empty()) })
}

async fn status(world: &World, who: &str) -> Value {
    let query = "query($id: ID!) { person(by: { id: $id }) { status } }";
    world.admin(query, json!({ "id": world.id(who).await })).await["person"]["status"].clone()
}

async fn absences_are_kept_by_their_ids(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let rows = json!([
        away("1", "cyd", "2026-01-01", ""),
        away("2", "eve", "2026-02-02", "2026-02-13"),
        { "externalId": "3", "person": { "email": "GUS@example.org" }, "startDate": "2026-01-05", "endDate": "2026-01-05" },
    ]);
    let planned = json!({ "source": "hr", "rows": rows });
    let planned = world.act(ADMIN, "syncAbsences", planned).await["import"].clone();
    assert_eq!(
        (&planned["status"], &planned["dryRun"]),
        (&json!("PLANNED"), &json!(true))
    );
    assert_eq!(
        status(&world, "cyd").await,
        "ACTIVE",
        "nothing is written unless asked for"
    );
    check(
        &import(&world, "syncAbsences", rows.clone(), "a").await,
        &expect![[r#"
            1 CREATED
            2 CREATED
            3 CREATED
            APPLIED
        "#]],
    );
    let statuses = [
        status(&world, "cyd").await,
        status(&world, "eve").await,
        status(&world, "gus").await,
    ];
    assert_eq!(statuses, ["ON_LEAVE", "ACTIVE", "ON_LEAVE"]);
    check(
        &import(&world, "syncAbsences", rows, "b").await,
        &expect![[r#"
            1 UNCHANGED
            2 UNCHANGED
            3 UNCHANGED
            APPLIED
        "#]],
    );
    // The HR system that says `active` does not know of it.
    world.import(ORGANISATION).await;
    assert_eq!(status(&world, "cyd").await, "ON_LEAVE");
    let changes = json!([
        away("1", "cyd", "2026-01-01", "2026-01-04"),
        { "externalId": "3", "cancelled": true },
        { "externalId": "4", "cancelled": true },
    ]);
    check(
        &import(&world, "syncAbsences", changes, "c").await,
        &expect![[r#"
            1 UPDATED
            3 REMOVED
            4 SKIPPED
            APPLIED
        "#]],
    );
    assert_eq!(status(&world, "cyd").await, "ACTIVE");
    assert_eq!(status(&world, "gus").await, "ACTIVE");
}

async fn absences_take_suggestions_away(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    world.draw("2026-W02").await;
    let counterpart = world.suggestion("ada", "2026-W02").await["counterpart"]["name"].clone();
    let rows = json!([away("1", counterpart.as_str().unwrap(), "2026-01-06", "2026-01-07")]);
    import(&world, "syncAbsences", rows, "a").await;
    let raw = world.database.raw().await;
    let taken = "SELECT COUNT(*) FROM suggestion WHERE invalid_reason = 'ON_LEAVE'";
    assert!(number(&raw, taken).await > 0);
}

async fn wrong_absences_are_named(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let rows = json!([
        away("1", "cyd", "2026-01-05", "2026-01-04"),
        away("2", "nobody", "2026-01-05", ""),
        away("3", "cyd", "2026-01-05", ""),
        away("3", "eve", "2026-01-05", ""),
        away("4", "gus", "2026-01-05", ""),
        away("4", "gus", "2026-01-05", ""),
        { "externalId": " ", "cancelled": true },
        { "externalId": "5" },
    ]);
    let all = &expect![[r#"
        1 FAILED END_BEFORE_START
        2 FAILED UNKNOWN_PERSON
        3 FAILED DUPLICATE_EXTERNAL_ID
        3 FAILED DUPLICATE_EXTERNAL_ID
        4 CREATED
        4 SKIPPED DUPLICATE_ROW
        null FAILED REQUIRED_FIELD
        5 FAILED REQUIRED_FIELD
        REJECTED
    "#]];
    check(&import(&world, "syncAbsences", rows.clone(), "a").await, all);
    assert_eq!(status(&world, "gus").await, "ACTIVE", "nothing was written");
    let mut skipping = input(&rows, "b");
    skipping["onError"] = json!("SKIP");
    let done = world.act(ADMIN, "syncAbsences", skipping).await["import"].clone();
    assert_eq!(
        (&done["status"], &done["counts"]["failed"]),
        (&json!("APPLIED_WITH_ERRORS"), &json!(6))
    );
    assert_eq!(status(&world, "gus").await, "ON_LEAVE");
}

async fn a_key_repeats_an_import(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let rows = json!([away("1", "cyd", "2026-01-05", "")]);
    let send = async |input: Value| world.act(ADMIN, "syncAbsences", input).await["import"].clone();
    let (first, again) = (send(input(&rows, "k")).await, send(input(&rows, "k")).await);
    assert_eq!(first["rows"], again["rows"]);
    assert_eq!((&first["replayed"], &again["replayed"]), (&json!(false), &json!(true)));
    let other = json!([away("1", "cyd", "2026-01-06", "")]);
    assert_eq!(
        world.fault(ADMIN, "syncAbsences", input(&other, "k")).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
    let unkeyed = json!({ "source": "hr", "rows": rows, "dryRun": false });
    assert_eq!(
        world.refusal(ADMIN, "syncAbsences", unkeyed).await,
        "REQUIRED input.idempotencyKey: rows that are applied need a key, by which a repeated call is known"
    );
}

async fn imports_are_for_admins_and_the_integration_of_the_source(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    for (mutation, rows) in [
        ("syncAbsences", json!([away("1", "cyd", "2026-01-05", "")])),
        (
            "importMeetings",
            json!([held("1", "ada", "cyd", "2025-12-01T10:00:00Z")]),
        ),
    ] {
        let text = mutation_text(mutation);
        let as_who = async |token: &str| {
            let answer = world.ask_as(token, &text, json!({ "input": input(&rows, "k") })).await;
            (
                answer["errors"][0]["extensions"]["code"].clone(),
                answer["data"][mutation]["import"]["status"].clone(),
            )
        };
        assert_eq!(as_who(&world.integration("hr")).await, (Value::Null, json!("APPLIED")));
        assert_eq!(as_who(&world.integration("other")).await.0, "FORBIDDEN");
        assert_eq!(as_who(&world.token("ada", &[])).await.0, "FORBIDDEN");
    }
}

fn meeting(id: &str, who: [&str; 2], starts_at: &str, status: &str) -> Value {
    let participants = who.map(|who| json!({ "email": format!("{who}@example.org") }));
    json!({ "externalId": id, "participants": participants, "startsAt": starts_at, "status": status })
}

fn held(id: &str, leader: &str, counterpart: &str, starts_at: &str) -> Value {
    meeting(id, [leader, counterpart], starts_at, "HELD")
}

/// Everybody's meetings as lines, newest first.
async fn meetings(world: &World) -> String {
    let query = "{ meetings(first: 100) { nodes { leader { name } counterpart { name } kind distance status origin
        evidence startsAt } } }";
    let nodes = world.admin(query, json!({})).await["meetings"]["nodes"].clone();
    let line = |node: &Value| {
        let cell = |field: &str| node[field].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {} {} {} {} {}\n",
            node["leader"]["name"].as_str().unwrap(),
            node["counterpart"]["name"].as_str().unwrap(),
            cell("kind"),
            cell("status"),
            cell("origin"),
            cell("evidence"),
            cell("startsAt")
        )
    };
    nodes.as_array().unwrap().iter().map(line).collect()
}

async fn meetings_are_what_the_chart_of_their_day_says(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    // Until the end of the year eve reported to gus.
    let rows = json!([{ "externalId": "eve", "managerExternalId": "gus", "effectiveDate": "2025-06-01" }]);
    let people = json!({ "source": "hr", "rows": rows, "dryRun": false, "idempotencyKey": "p" });
    world.act(ADMIN, "syncPeople", people).await;
    let rows = json!([{ "externalId": "eve", "managerExternalId": "bob", "effectiveDate": "2026-01-01" }]);
    let people = json!({ "source": "hr", "rows": rows, "dryRun": false, "idempotencyKey": "q" });
    world.act(ADMIN, "syncPeople", people).await;
    let rows = json!([
        held("1", "eve", "fay", "2025-12-01T10:00:00Z"),
        held("2", "eve", "fay", "2026-01-02T10:00:00Z"),
        held("3", "ada", "dee", "2025-12-02T10:00:00Z"),
        meeting("4", ["cyd", "bob"], "2026-01-08T10:00:00Z", "SCHEDULED"),
    ]);
    check(
        &import(&world, "importMeetings", rows.clone(), "m").await,
        &expect![[r#"
            1 CREATED
            2 CREATED
            3 CREATED
            4 CREATED
            APPLIED
        "#]],
    );
    check(
        &meetings(&world).await,
        &expect![[r#"
            bob cyd DIRECT SCHEDULED IMPORT - 2026-01-08T10:00:00Z
            eve fay PEER HELD IMPORT IMPORT 2026-01-02T10:00:00Z
            ada dee SKIP_LEVEL HELD IMPORT IMPORT 2025-12-02T10:00:00Z
            fay eve SKIP_LEVEL HELD IMPORT IMPORT 2025-12-01T10:00:00Z
        "#]],
    );
    check(
        &import(&world, "importMeetings", rows, "n").await,
        &expect![[r#"
            1 UNCHANGED
            2 UNCHANGED
            3 UNCHANGED
            4 UNCHANGED
            APPLIED
        "#]],
    );
    let query = "query($id: ID!) { person(by: { id: $id }) { lastHeard } }";
    let heard = world.admin(query, json!({ "id": world.id("dee").await })).await;
    assert_eq!(heard["person"]["lastHeard"], "2025-12-02");
}

async fn a_calendar_tells_that_an_accepted_meeting_took_place(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    world.draw("2026-W02").await;
    let suggestion = world.suggestion("ada", "2026-W02").await;
    let accept = json!({ "suggestionId": suggestion["id"], "startsAt": "2026-01-07T10:00:00Z", "durationMinutes": 30 });
    world.act("ada", "acceptSuggestion", accept).await;
    let counterpart = suggestion["counterpart"]["name"].as_str().unwrap();
    let later = world.at("2026-01-09T09:00:00Z").await;
    let row = |status: &str| json!([meeting("c1", [counterpart, "ada"], "2026-01-07T10:15:00Z", status)]);
    check(
        &import(&later, "importMeetings", row("HELD"), "a").await,
        &expect![[r#"
            c1 LINKED
            APPLIED
        "#]],
    );
    let own = later.meetings("ada", json!({})).await;
    assert_eq!(own.len(), 1, "it is the same meeting");
    assert_eq!(own[0]["status"], "HELD");
    assert_eq!(own[0]["origin"], "ROTATION");
    // It was the calendar's word, so the calendar may take it back.
    check(
        &import(&later, "importMeetings", row("CANCELLED"), "b").await,
        &expect![[r#"
            c1 REMOVED
            APPLIED
        "#]],
    );
    let raw = later.database.raw().await;
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM load_claim WHERE meeting_id IS NOT NULL").await,
        0
    );
}

async fn what_a_participant_said_stands(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let record = json!({ "counterpartId": world.id("cyd").await, "heldAt": "2026-01-02T10:00:00Z" });
    world.act("ada", "recordMeeting", record).await;
    let schedule = json!({ "counterpartId": world.id("gus").await, "startsAt": "2026-01-06T10:00:00Z" });
    let asked = world.act("ada", "scheduleMeeting", schedule).await["meeting"]["id"].clone();
    let link = json!([meeting("c2", ["ada", "gus"], "2026-01-06T10:00:00Z", "SCHEDULED")]);
    import(&world, "importMeetings", link, "l").await;
    world.act("gus", "declineMeeting", json!({ "meetingId": asked })).await;
    let rows = json!([
        meeting("c1", ["ada", "cyd"], "2026-01-02T11:00:00Z", "CANCELLED"),
        meeting("c2", ["ada", "gus"], "2026-01-07T10:00:00Z", "SCHEDULED"),
    ]);
    check(
        &import(&world, "importMeetings", rows, "a").await,
        &expect![[r#"
            c1 LINKED STATUS_STANDS
            c2 UNCHANGED STATUS_STANDS
            APPLIED
        "#]],
    );
    check(
        &meetings(&world).await,
        &expect![[r#"
            ada gus SKIP_LEVEL CANCELLED LEADER_CHOICE - 2026-01-06T10:00:00Z
            ada cyd SKIP_LEVEL HELD LEADER_CHOICE PARTICIPANT 2026-01-02T10:00:00Z
        "#]],
    );
}

async fn an_imported_skip_level_takes_its_week(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    world.draw("2026-W02").await;
    let suggestion = world.suggestion("ada", "2026-W02").await;
    let counterpart = suggestion["counterpart"]["name"].as_str().unwrap();
    let rows = json!([
        meeting("1", ["ada", counterpart], "2026-01-08T10:00:00Z", "SCHEDULED"),
        meeting("2", ["ada", counterpart], "2026-01-09T10:00:00Z", "SCHEDULED"),
    ]);
    check(
        &import(&world, "importMeetings", rows, "a").await,
        &expect![[r#"
            1 CREATED
            2 CREATED LOAD_CAP
            APPLIED
        "#]],
    );
    assert_eq!(
        world.suggestion("ada", "2026-W02").await["status"],
        "ACCEPTED",
        "a meeting with whom one was to meet answers the suggestion"
    );
}

async fn wrong_meetings_are_named(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let first = json!([held("1", "ada", "cyd", "2025-12-01T10:00:00Z")]);
    import(&world, "importMeetings", first, "a").await;
    let mut three = held("4", "ada", "cyd", "2025-12-08T10:00:00Z");
    three["participants"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "email": "eve@example.org" }));
    let mut long = held("6", "ada", "cyd", "2025-12-08T10:00:00Z");
    long["durationMinutes"] = json!(481);
    let rows = json!([
        held("1", "ada", "eve", "2025-12-01T10:00:00Z"),
        held("2", "ada", "nobody", "2025-12-01T10:00:00Z"),
        held("3", "ada", "ada", "2025-12-01T10:00:00Z"),
        three,
        held("5", "ada", "cyd", "2026-01-05T09:00:01Z"),
        long,
        held("7", "ada", "cyd", "2019-12-31T10:00:00Z"),
        meeting("8", ["ada", "cyd"], "2027-02-01T10:00:00Z", "SCHEDULED"),
        meeting("9", ["ada", "cyd"], "2026-02-01T10:00:00Z", "CANCELLED"),
    ]);
    check(
        &import(&world, "importMeetings", rows, "b").await,
        &expect![[r#"
            1 FAILED PEOPLE_CHANGED
            2 FAILED UNKNOWN_PERSON
            3 FAILED NOT_A_PAIR
            4 FAILED NOT_A_PAIR
            5 FAILED INVALID_DATE
            6 FAILED INVALID_DATE
            7 FAILED NOT_EMPLOYED
            8 FAILED INVALID_DATE
            9 SKIPPED
            REJECTED
        "#]],
    );
}

both!(
    absences_are_kept_by_their_ids,
    absences_take_suggestions_away,
    wrong_absences_are_named,
    a_key_repeats_an_import,
    imports_are_for_admins_and_the_integration_of_the_source,
    meetings_are_what_the_chart_of_their_day_says,
    a_calendar_tells_that_an_accepted_meeting_took_place,
    what_a_participant_said_stands,
    an_imported_skip_level_takes_its_week,
    wrong_meetings_are_named,
);
