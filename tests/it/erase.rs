//! Erasing who has left: every text of theirs is gone from wherever the database keeps something, and what is counted
//! stays as it was.

use std::{collections::BTreeSet, path::Path};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use skiplevel::auth::token::Role;

use crate::support::{ADMIN, TestDatabase, World, both, number};

/// A Monday.
const NOW: &str = "2026-03-02T09:00:00Z";

/// After zed's last day.
const LATER: &str = "2026-03-16T09:00:00Z";

/// Every text of zed's, in whatever field and by whatever door: they have this in common, and nothing else has it.
const KESTREL: &str = "kestrel";

const ERASE: &str = "mutation($input: ErasePersonInput!) { erasePerson(input: $input) {
    person { id name email title department location timeZone status startDate endDate externalIds { externalId } }
    userErrors { code message path } } }";

async fn erase(world: &World, id: &Value) -> Value {
    let data = world.admin(ERASE, json!({ "input": { "personId": id } })).await;
    data["erasePerson"].clone()
}

/// Where something of zed's stands: bytes of SQLite's files, or rows of PostgreSQL's tables. Nothing if nowhere.
async fn found(world: &World) -> Vec<String> {
    let raw = world.database.raw().await;
    if raw.get_database_backend() == DbBackend::Sqlite {
        raw.close().await.unwrap();
        let file = world
            .database
            .url
            .trim_start_matches("sqlite://")
            .split('?')
            .next()
            .unwrap();
        let directory = Path::new(file).parent().unwrap();
        let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        return files
            .filter(|path| {
                let bytes = std::fs::read(path).unwrap().to_ascii_lowercase();
                bytes.windows(KESTREL.len()).any(|window| window == KESTREL.as_bytes())
            })
            .map(|path| path.display().to_string())
            .collect();
    }
    let tables = "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let mut found = Vec::new();
    for row in raw
        .query_all_raw(Statement::from_string(DbBackend::Postgres, tables))
        .await
        .unwrap()
    {
        let table: String = row.try_get("", "name").unwrap();
        let rows = format!("SELECT COUNT(*) FROM {table} AS t WHERE to_jsonb(t)::text ILIKE '%{KESTREL}%'");
        if number(&raw, &rows).await > 0 {
            found.push(table);
        }
    }
    found
}

/// What becomes of each table when somebody is erased. A new one stands here once that is decided, and `store/erase` does it.
const DECIDED: [(&str, &str); 31] = [
    ("absence", "stays as days"),
    ("agenda_item", "goes"),
    ("audit_entry", "stays, is ids and codes"),
    ("calendar_feed", "goes"),
    ("change_event", "is scrubbed"),
    ("employment", "stays as days"),
    ("empty_slot", "goes"),
    ("erased_identity", "comes"),
    ("external_identity", "goes"),
    ("idempotency_key", "goes where it is theirs or names them"),
    ("kudos", "goes"),
    ("load_claim", "stays, is counted"),
    ("meeting", "stays, is counted"),
    ("note", "goes, but for what others wrote for themselves"),
    ("note_key", "is nobody's"),
    ("org_state", "is nobody's"),
    ("participation", "goes"),
    ("peer_edge", "goes"),
    ("pending_manager", "goes"),
    ("person", "becomes a pseudonym"),
    ("reporting_line", "stays, is counted"),
    ("scim_token", "is nobody's"),
    ("settings", "names nobody any more"),
    ("suggestion", "goes"),
    ("sync_row", "is scrubbed"),
    ("sync_run", "is scrubbed"),
    ("webhook", "names nobody any more"),
    ("webhook_delivery", "is nobody's"),
    ("weekly_draw", "is nobody's"),
    ("working_hours", "goes"),
    ("seaql_migrations", "is nobody's"),
];

async fn it_is_decided_for_every_table(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let raw = world.database.raw().await;
    let sql = match raw.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        _ => "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'",
    };
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await
        .unwrap();
    let tables: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    assert_eq!(tables, DECIDED.map(|(table, _)| table.to_owned()).into());
}

/// The rows of every table in which something of zed's stands.
async fn tables_found(world: &World) -> Vec<&'static str> {
    let raw = world.database.raw().await;
    let mut found = Vec::new();
    for (table, column) in [
        ("person", "name || COALESCE(email, '') || COALESCE(title, '')"),
        ("external_identity", "external_id"),
        ("absence", "COALESCE(external_id, '')"),
        ("meeting", "COALESCE(external_id, '')"),
        ("pending_manager", "COALESCE(email, '')"),
        ("sync_row", "detail"),
        ("sync_run", "issues || blocked"),
        ("change_event", "detail"),
        ("idempotency_key", "principal || answer"),
        ("settings", "changed_by"),
    ] {
        let rows = format!("SELECT COUNT(*) FROM {table} WHERE LOWER({column}) LIKE '%{KESTREL}%'");
        if number(&raw, &rows).await > 0 {
            found.push(table);
        }
    }
    found
}

/// How many rows there are of what is counted.
async fn counts(world: &World) -> Vec<i64> {
    let raw = world.database.raw().await;
    let mut counts = Vec::new();
    for what in [
        "person",
        "meeting",
        "meeting WHERE status = 'HELD'",
        "employment",
        "reporting_line",
        "absence",
        "load_claim",
    ] {
        counts.push(number(&raw, &format!("SELECT COUNT(*) FROM {what}")).await);
    }
    counts
}

async fn sync(world: &World, key: &str, more: Value, rows: Value) -> Value {
    let mut input = json!({ "source": "hr", "dryRun": false, "idempotencyKey": key, "rows": rows });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.act(ADMIN, "syncPeople", input).await["run"].clone()
}

/// Zed below bob below ada, known to three doors, who met ada and wrote and was written to, and has left since. Answers
/// zed's global id and that of the meeting.
async fn life_of_zed(world: &World) -> (Value, Value) {
    let zed = json!({
        "externalId": "kestrel-id", "name": "Kestrel Zed", "email": "Kestrel.Zed@example.org", "title": "kestrel clerk",
        "department": "kestrel department", "location": "kestrel island", "managerExternalId": "bob",
        "startDate": "2020-01-01",
    });
    // Before anybody knows them: a dry run, and a row that cannot be used.
    let broken = json!([{ "externalId": "kestrel-id", "name": "Kestrel Zed", "email": "no kestrel address" }]);
    sync(world, "1", json!({ "dryRun": true }), json!([zed])).await;
    assert_eq!(sync(world, "2", json!({}), broken).await["status"], "REJECTED");
    let earlier = json!([{ "externalId": "kestrel-former-id", "name": "Kestrel Before", "startDate": "2020-01-01", "managerExternalId": "bob" }]);
    sync(world, "3", json!({}), earlier).await;
    let mut known = zed.clone();
    known["previousExternalId"] = json!("kestrel-former-id");
    sync(world, "4", json!({}), json!([known])).await;
    // Somebody who reports to them for a while, and a block that names them.
    sync(
        world,
        "5",
        json!({}),
        json!([{ "externalId": "dan", "managerExternalId": "kestrel-id" }]),
    )
    .await;
    sync(
        world,
        "6",
        json!({}),
        json!([{ "externalId": "dan", "managerExternalId": "bob" }]),
    )
    .await;
    let user = json!({
        "userName": "kestrel-user@example.org", "externalId": "kestrel-scim", "displayName": "Kestrel Zed",
        "name": { "givenName": "Kestrel", "familyName": "Zed" },
        "emails": [{ "value": "kestrel.zed@example.org", "primary": true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "employeeNumber": "kestrel-7" },
    });
    assert_eq!(
        scim(world, &user).await.0,
        409,
        "the address is zed's: linked by the other source's import"
    );
    let linked = json!([{ "externalId": "kestrel-scim", "name": "Kestrel Zed", "email": "kestrel.zed@example.org" }]);
    let link = json!({ "source": "okta", "dryRun": false, "idempotencyKey": "l", "linkBy": "EMAIL", "rows": linked });
    world.act(ADMIN, "syncPeople", link).await;
    assert_eq!(scim(world, &user).await.0, 409, "and there already");
    let zed = json!(world.id("kestrel-id").await);

    let meeting =
        json!({ "counterpartId": zed, "heldAt": "2026-02-25T10:00:00Z", "durationMinutes": 30, "idempotencyKey": "m" });
    let meeting = world.act("ada", "recordMeeting", meeting).await["meeting"]["id"].clone();
    let rows = |rows: Value, key: &str| json!({ "source": "hr", "dryRun": false, "idempotencyKey": key, "rows": rows });
    let leave = json!([{ "externalId": "kestrel-leave", "person": { "externalId": "kestrel-id" }, "startDate": "2026-01-07", "endDate": "2026-01-09" }]);
    world.act(ADMIN, "syncAbsences", rows(leave, "a")).await;
    let event = |id: &str, other: &str| {
        json!({ "externalId": id, "startsAt": "2026-02-25T10:00:00Z", "durationMinutes": 30, "status": "HELD",
            "participants": [{ "externalId": other }, { "externalId": "kestrel-id" }] })
    };
    let events = json!([event("kestrel-event", "ada"), event("kestrel-peer", "fay")]);
    world.act(ADMIN, "importMeetings", rows(events, "b")).await;

    write(world, &meeting).await;
    world.draw("2026-W11").await;
    sync(
        world,
        "7",
        json!({}),
        json!([{ "externalId": "kestrel-id", "endDate": "2026-03-10" }]),
    )
    .await;
    (zed, meeting)
}

/// What zed writes and says, and what is written to them and about them.
async fn write(world: &World, meeting: &Value) {
    for (who, visibility) in [
        ("kestrel-id", "PRIVATE"),
        ("kestrel-id", "SHARED"),
        ("ada", "SHARED"),
        ("ada", "PRIVATE"),
    ] {
        let note = json!({ "meetingId": meeting, "visibility": visibility, "text": format!("{KESTREL} by {who}") });
        world.act(who, "writeNote", note).await;
    }
    let item = json!({ "meetingId": meeting, "text": "kestrel to talk about" });
    world.act("kestrel-id", "addAgendaItem", item).await;
    let thanks = json!({ "meetingId": meeting, "personId": world.id("bob").await, "text": "kestrel thanks" });
    let kudos = world.act("kestrel-id", "writeKudos", thanks).await["kudos"]["id"].clone();
    world
        .act(
            "kestrel-id",
            "sendKudos",
            json!({ "kudosId": kudos, "idempotencyKey": "k" }),
        )
        .await;
    world
        .act("kestrel-id", "setParticipation", json!({ "optedOut": true }))
        .await;
    world
        .act(
            "kestrel-id",
            "proposePeer",
            json!({ "personId": world.id("fay").await }),
        )
        .await;
    for query in [
        "mutation { createCalendarFeed { path } }",
        "mutation { setWorkingHours(input: {days: [MONDAY]}) { userErrors { code } } }",
        "mutation { exportMyData(input: {}) { json } }",
    ] {
        world.data("kestrel-id", query, json!({})).await;
    }
}

/// Status and answer to a user that an identity provider sends.
async fn scim(world: &World, user: &Value) -> (u16, Value) {
    let request = crate::support::client()
        .post(format!("http://{}/scim/v2/Users", world.address))
        .bearer_auth(world.integration("okta"))
        .header("content-type", "application/scim+json")
        .body(user.to_string());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn nothing_of_them_is_left_and_what_is_counted_stays(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dan\n  fay", NOW).await;
    let (zed, meeting) = life_of_zed(&world).await;
    let world = world.at(LATER).await;
    // Somebody waits for them as their manager, by an address that nobody has any more.
    let waits = json!([{ "externalId": "cyd", "managerEmail": "kestrel.zed@example.org" }]);
    sync(&world, "8", json!({ "onUnknownManager": "PENDING" }), waits).await;
    assert!(!found(&world).await.is_empty(), "the search finds what is there");
    assert_eq!(
        tables_found(&world).await,
        [
            "person",
            "external_identity",
            "absence",
            "meeting",
            "pending_manager",
            "sync_row",
            "sync_run",
            "change_event",
            "idempotency_key"
        ]
    );
    let before = counts(&world).await;

    let erased = erase(&world, &zed).await;
    assert_eq!(erased["userErrors"], json!([]));
    let name = erased["person"]["name"].as_str().unwrap();
    let number_of = name.strip_prefix("Former person ").unwrap();
    assert!(
        number_of.len() == 6 && number_of.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{name}"
    );
    assert_eq!(
        erased["person"],
        json!({
            "id": zed, "name": name, "email": null, "title": null, "department": null, "location": null, "timeZone": null,
            "status": "TERMINATED", "startDate": "2020-01-01", "endDate": "2026-03-10", "externalIds": [],
        })
    );
    assert_eq!(found(&world).await, [""; 0]);
    assert_eq!(counts(&world).await, before);

    // The meeting is ada's still, with her own note beside it and none of what the two had in common.
    let query = "query($id: ID!) { node(id: $id) { ... on Meeting { status counterpart { name }
        notes { nodes { text } } agenda { text } } } }";
    let met = world.data("ada", query, json!({ "id": meeting })).await["node"].clone();
    assert_eq!(met["status"], "HELD");
    assert_eq!(met["counterpart"]["name"], name);
    assert_eq!(met["notes"]["nodes"], json!([{ "text": "kestrel by ada" }]));
    assert_eq!(met["agenda"][0]["text"], "What is going well?");
    let kudos = world
        .data("bob", "{ viewer { kudos { totalCount } } }", json!({}))
        .await;
    assert_eq!(kudos["viewer"]["kudos"]["totalCount"], 0);
    let raw = world.database.raw().await;
    for gone in [
        "kudos",
        "participation",
        "calendar_feed",
        "working_hours",
        "peer_edge",
        "pending_manager",
    ] {
        assert_eq!(number(&raw, &format!("SELECT COUNT(*) FROM {gone}")).await, 0, "{gone}");
    }

    // Erasing again answers the same, and is not written down again.
    assert_eq!(erase(&world, &zed).await, erased);
    let log = "query($subject: ID!) { audit(filter: {subject: $subject}) { nodes { action actor subject } } }";
    let entries = world.admin(log, json!({ "subject": zed })).await["audit"]["nodes"].clone();
    let actions: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(actions, ["ERASE_PERSON", "EXPORT_MY_DATA"]);
    assert_eq!(
        (&entries[0]["actor"], &entries[0]["subject"]),
        (&json!("token:hr-admin"), &zed)
    );
    assert!(
        entries[1]["actor"].as_str().unwrap().starts_with("person:"),
        "{entries}"
    );
    assert!(world.operator().await.verify_audit().await.unwrap().is_ok());
    let feed = world
        .admin(
            "{ changes(types: [\"person.erased\"]) { nodes { externalId person { id } } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        feed["changes"]["nodes"],
        json!([{ "externalId": null, "person": { "id": zed } }])
    );
}

async fn no_door_brings_them_back(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dan\n  fay", NOW).await;
    let (zed, _) = life_of_zed(&world).await;
    let world = world.at(LATER).await;
    erase(&world, &zed).await;
    let before = counts(&world).await;

    // By both ids that their sources knew last, as a full export sends everybody; and whoever reports to them is no error.
    let again = json!([
        { "externalId": "kestrel-id", "name": "Kestrel Zed", "email": "no kestrel address", "startDate": "2026-03-16" },
        { "externalId": "other", "previousExternalId": "kestrel-id", "name": "Kestrel Zed", "startDate": "2026-03-16" },
        { "externalId": "dan", "managerExternalId": "kestrel-id" },
    ]);
    let run = sync(&world, "9", json!({}), again).await;
    assert_eq!(run["status"], "APPLIED", "{run}");
    assert_eq!(
        (&run["counts"]["skipped"], &run["counts"]["rows"]),
        (&json!(2), &json!(3))
    );
    let codes = run["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["code"].as_str().unwrap());
    let erased: Vec<_> = codes.filter(|code| *code == "ERASED").collect();
    assert_eq!(erased.len(), 2, "{run}");
    let user =
        json!({ "userName": "kestrel-user@example.org", "externalId": "kestrel-scim", "displayName": "Kestrel Zed" });
    let (status, refused) = scim(&world, &user).await;
    assert_eq!(status, 400, "{refused}");
    assert!(refused["detail"].as_str().unwrap().starts_with("ERASED: "), "{refused}");
    let rows = |rows: Value, key: &str| json!({ "source": "hr", "dryRun": false, "idempotencyKey": key, "rows": rows });
    let leave = json!([{ "externalId": "x", "person": { "externalId": "kestrel-id" }, "startDate": "2026-01-07" }]);
    let met = json!([{ "externalId": "y", "startsAt": "2026-03-09T10:00:00Z", "durationMinutes": 30, "status": "HELD",
        "participants": [{ "externalId": "ada" }, { "externalId": "kestrel-id" }] }]);
    for (mutation, sent) in [("syncAbsences", leave), ("importMeetings", met)] {
        let import = world.act(ADMIN, mutation, rows(sent, mutation)).await["import"].clone();
        assert_eq!(import["status"], "APPLIED", "{import}");
        assert_eq!(import["rows"][0]["action"], "SKIPPED", "{import}");
        assert_eq!(
            import["rows"][0]["issues"],
            json!([{ "severity": "WARNING", "code": "ERASED" }])
        );
    }
    assert_eq!(found(&world).await, [""; 0]);
    let mut now = counts(&world).await;
    // Dan's new line to the one who has left is the only thing that is new.
    now[4] = before[4];
    assert_eq!(now, before);

    // By a new id they may come back, as somebody new.
    let new = json!([{ "externalId": "new", "name": "Kestrel Zed", "email": "kestrel.zed@example.org", "startDate": "2026-03-16" }]);
    assert_eq!(sync(&world, "10", json!({}), new).await["counts"]["created"], 1);
}

async fn who_works_here_is_not_erased(database: TestDatabase) {
    let world = World::of(
        database,
        "ada\n  bob\n    cyd\n    eve (leave)\n  dee (from 2026-04-01)",
        NOW,
    )
    .await;
    for (who, status) in [("cyd", "ACTIVE"), ("eve", "ON_LEAVE"), ("dee", "PRE_HIRE")] {
        let refused = erase(&world, &json!(world.id(who).await)).await;
        assert_eq!(refused["person"], Value::Null);
        let message = format!("this person is {status}: only who is TERMINATED, or never started, can be erased");
        let expected = json!([{ "code": "WRONG_STATUS", "message": message, "path": ["input", "personId"] }]);
        assert_eq!(refused["userErrors"], expected);
    }
    let nobody = erase(&world, &json!("cAAAAAAAAAAAAAAAAAAAAAA")).await;
    assert_eq!(nobody["userErrors"][0]["code"], "NOT_FOUND");
    let input = json!({ "input": { "personId": world.id("cyd").await } });
    for token in [world.token("ada", &[]), world.integration("hr")] {
        let answer = world.ask_as(&token, ERASE, input.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
}

/// The log of what was done cannot be changed; everywhere else whoever did something is nobody any more.
async fn what_they_did_as_an_admin_is_nobodys(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    zed", NOW).await;
    let zed = json!(world.id("zed").await);
    let token = world.token("zed", &[Role::HrAdmin]);
    let change = "mutation { updateSettings(input: {swapsPerWeek: 1, idempotencyKey: \"k\"}) { userErrors { code } } }";
    world.ask_as(&token, change, json!({})).await;
    let raw = world.database.raw().await;
    let theirs = async |table: &str, column: &str| {
        number(
            &raw,
            &format!("SELECT COUNT(*) FROM {table} WHERE {column} = 'token:zed'"),
        )
        .await
    };
    assert_eq!(
        (
            theirs("settings", "changed_by").await,
            theirs("idempotency_key", "principal").await
        ),
        (1, 1)
    );
    world.import("ada\n  bob\n    zed (left)").await;
    let world = world.at(LATER).await;
    assert_eq!(erase(&world, &zed).await["userErrors"], json!([]));
    assert_eq!(
        (
            theirs("settings", "changed_by").await,
            theirs("idempotency_key", "principal").await
        ),
        (0, 0)
    );
    assert_eq!(theirs("audit_entry", "actor").await, 1);
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM settings WHERE changed_by LIKE 'person:%'").await,
        1
    );
}

both!(
    it_is_decided_for_every_table,
    nothing_of_them_is_left_and_what_is_counted_stays,
    no_door_brings_them_back,
    who_works_here_is_not_erased,
    what_they_did_as_an_admin_is_nobodys,
);
