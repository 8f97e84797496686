//! The audit log: what is written down, who may read it, and what its chain shows.

use expect_test::expect;
use serde_json::{Value, json};
use skiplevel::auth::audit::Broken;

use crate::support::{ADMIN, TestDatabase, World, both, run};

const NOW: &str = "2026-03-02T09:00:00Z";

const LOG: &str = "query($filter: AuditFilterInput) { audit(filter: $filter, first: 100) { totalCount
    nodes { number actor action subject details { name value } } } }";

async fn log(world: &World, filter: Value) -> Vec<Value> {
    let data = world.admin(LOG, json!({ "filter": filter })).await;
    data["audit"]["nodes"].as_array().unwrap().clone()
}

/// Everything that is written down, once, and some things that are not.
async fn busy(database: TestDatabase) -> World {
    let world = World::of(database, "ada\n  bob\n    cyd\n      dan", NOW).await;
    let (cyd, ada) = (world.id("cyd").await, world.id("ada").await);
    let moved = json!({ "personId": cyd, "managerId": ada, "idempotencyKey": "m" });
    world.act(ADMIN, "setManager", moved.clone()).await;
    world.act(ADMIN, "setManager", moved).await;
    world.act(ADMIN, "updateSettings", json!({ "swapsPerWeek": 1 })).await;
    world.draw("2026-W10").await;
    let away = json!([{ "externalId": "1", "person": { "externalId": "dan" }, "startDate": "2026-06-01" }]);
    let absences = json!({ "source": "hr", "rows": away, "dryRun": false, "idempotencyKey": "a" });
    world.act(ADMIN, "syncAbsences", absences).await;
    let rows = json!([{ "externalId": "dan", "title": "Lead" }]);
    world
        .act(ADMIN, "syncPeople", json!({ "source": "hr", "rows": rows }))
        .await;
    // What people do for themselves is nobody's to read.
    let asked = json!({ "leaderId": ada });
    let meeting = world.act("dan", "requestMeeting", asked).await["meeting"]["id"].clone();
    world
        .act("ada", "declineMeeting", json!({ "meetingId": meeting }))
        .await;
    world.act("dan", "setParticipation", json!({ "optedOut": true })).await;
    world
}

async fn what_is_done_to_the_organisation_is_written_down(database: TestDatabase) {
    let world = busy(database).await;
    let entries = log(&world, json!({})).await;
    let line = |entry: &Value| {
        let details = entry["details"].as_array().unwrap().iter();
        let details = details.map(|detail| {
            let value = detail["value"].as_str().unwrap();
            let shown = if value.len() == 36 { "<id>" } else { value };
            format!(" {}={shown}", detail["name"].as_str().unwrap())
        });
        let subject = if entry["subject"].is_null() { "" } else { " <subject>" };
        format!(
            "{} {} {}{subject}{}\n",
            entry["number"],
            entry["actor"].as_str().unwrap(),
            entry["action"].as_str().unwrap(),
            details.collect::<String>()
        )
    };
    expect![[r#"
        5 token:hr-admin SYNC_ABSENCES rows=1 source=hr
        4 token:hr-admin DRAW_SUGGESTIONS suggestions=1 week=2026-W10
        3 token:hr-admin UPDATE_SETTINGS version=1
        2 token:hr-admin SET_MANAGER <subject> from=2026-03-02 manager=<id>
        1 operator:test SYNC_PEOPLE <subject> source=hr
    "#]]
    .assert_eq(&entries.iter().map(line).collect::<String>());
    let of = async |filter: Value| log(&world, filter).await.len();
    assert_eq!(of(json!({ "action": "SET_MANAGER" })).await, 1);
    assert_eq!(of(json!({ "subject": world.id("cyd").await })).await, 1);
    assert_eq!(of(json!({ "subject": world.id("ada").await })).await, 0);
    assert_eq!(of(json!({ "actor": "operator:test" })).await, 1);
    assert_eq!(of(json!({ "from": NOW })).await, 5);
    assert_eq!(of(json!({ "to": NOW })).await, 0);
    for token in [world.token("ada", &[]), world.integration("hr")] {
        let answer = world.ask_as(&token, LOG, json!({})).await;
        assert_eq!(answer["data"]["audit"], json!({ "totalCount": 0, "nodes": [] }));
    }
}

async fn the_chain_shows_what_was_changed_past_it(database: TestDatabase) {
    let world = busy(database).await;
    let verify = async || world.operator().await.verify_audit().await.unwrap();
    assert_eq!(verify().await.unwrap().entries, 5);
    let raw = world.database.raw().await;
    let (actor, hidden) = (
        "SELECT actor FROM audit_entry WHERE number = 2",
        "UPDATE audit_entry SET actor = 'token:ada' WHERE number = 2",
    );
    let before: String = text(&raw, actor).await;
    run(&raw, hidden).await.unwrap();
    assert_eq!(verify().await, Err(Broken::Changed(2)));
    run(
        &raw,
        &format!("UPDATE audit_entry SET actor = '{before}' WHERE number = 2"),
    )
    .await
    .unwrap();
    assert!(verify().await.is_ok());
    run(&raw, "DELETE FROM audit_entry WHERE number = 3").await.unwrap();
    assert_eq!(verify().await, Err(Broken::Missing { expected: 3, found: 4 }));
}

async fn text(raw: &sea_orm::DatabaseConnection, sql: &str) -> String {
    use sea_orm::ConnectionTrait;
    let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
    raw.query_one_raw(statement)
        .await
        .unwrap()
        .unwrap()
        .try_get_by_index(0)
        .unwrap()
}

both!(
    what_is_done_to_the_organisation_is_written_down,
    the_chain_shows_what_was_changed_past_it,
);
