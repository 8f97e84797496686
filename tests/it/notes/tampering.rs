//! Rows changed past the program: what does not belong where it lies does not open, and nothing else is concerned. And
//! what a copy of the database tells: nothing.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use super::{meeting, organisation, texts, write};
use crate::support::{TestDatabase, World, both, run};

const NOTES: &str = "query($id: ID!) { node(id: $id) { ... on Meeting { notes { nodes { id text } } } } }";

/// What ada reads: texts in the order they were written, null for what does not open; and the errors' codes.
async fn seen(world: &World, meeting: &str) -> (Vec<Value>, Vec<String>, String) {
    let answer = world.ask("ada", NOTES, json!({ "id": meeting })).await;
    let notes = answer["data"]["node"]["notes"]["nodes"].as_array().unwrap();
    let texts = notes.iter().map(|note| note["text"].clone()).collect();
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    let codes = errors
        .iter()
        .map(|error| error["extensions"]["code"].as_str().unwrap().to_owned());
    (texts, codes.collect(), answer.to_string())
}

/// Three notes of ada's in an order of their own, on one meeting.
async fn three(database: TestDatabase) -> (World, DatabaseConnection, String) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    for (at, text) in [
        ("09:00", "alpha text"),
        ("09:01", "bravo text"),
        ("09:02", "delta text"),
    ] {
        let world = world.at(&format!("2026-01-05T{at}:00Z")).await;
        write(&world, "ada", &meeting, "PRIVATE", text).await;
    }
    assert_eq!(
        texts(&world, "ada", &meeting).await,
        ["alpha text", "bravo text", "delta text"]
    );
    let raw = world.database.raw().await;
    (world, raw, meeting)
}

/// The hex of the ciphertexts, in the order they were written.
async fn ciphertexts(raw: &DatabaseConnection) -> Vec<Vec<u8>> {
    let sql = "SELECT sealed FROM note ORDER BY created_at";
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter().map(|row| row.try_get("", "sealed").unwrap()).collect()
}

/// Puts a ciphertext into the row of another one.
async fn put(raw: &DatabaseConnection, there: &[u8], here: &[u8]) {
    let sql = "UPDATE note SET sealed = $1 WHERE sealed = $2";
    let values = [here.to_vec().into(), there.to_vec().into()];
    let statement = Statement::from_sql_and_values(raw.get_database_backend(), sql, values);
    assert_eq!(raw.execute_raw(statement).await.unwrap().rows_affected(), 1);
}

async fn swapped_moved_older_and_flipped_texts_do_not_open(database: TestDatabase) {
    let (world, raw, meeting) = three(database).await;
    let before = ciphertexts(&raw).await;
    let [alpha, bravo, delta] = before.as_slice() else {
        panic!()
    };
    let check = async |expected: [&str; 3]| {
        let (texts, codes, answer) = seen(&world, &meeting).await;
        let open: Vec<Value> = expected
            .iter()
            .map(|text| if text.is_empty() { Value::Null } else { json!(text) })
            .collect();
        assert_eq!(texts, open);
        let broken = expected.iter().filter(|text| text.is_empty()).count();
        assert_eq!(codes, vec!["NOTE_UNREADABLE"; broken]);
        for text in ["alpha text", "bravo text", "delta text", "omega text"] {
            assert_eq!(answer.contains(text), expected.contains(&text), "{answer}");
        }
    };
    // Swapped.
    put(&raw, alpha, b"nothing").await;
    put(&raw, bravo, alpha).await;
    put(&raw, b"nothing", bravo).await;
    check(["", "", "delta text"]).await;
    let verified = world.app.verify_notes(world.now).await.unwrap();
    assert_eq!(verified.unopened.len(), 2);
    assert!(verified.unopened.iter().all(|broken| broken.table == "note"));
    // Back in their places they open again.
    put(&raw, bravo, b"nothing").await;
    put(&raw, alpha, bravo).await;
    put(&raw, b"nothing", alpha).await;
    check(["alpha text", "bravo text", "delta text"]).await;
    // Copied over another one.
    put(&raw, alpha, bravo).await;
    check(["", "bravo text", "delta text"]).await;
    run(&raw, "UPDATE note SET visibility = 'SHARED' WHERE version = 1")
        .await
        .unwrap();
    check(["", "", ""]).await;
    run(&raw, "UPDATE note SET visibility = 'PRIVATE' WHERE version = 1")
        .await
        .unwrap();
    // One bit of the last byte.
    let mut flipped = delta.clone();
    *flipped.last_mut().unwrap() ^= 1;
    put(&raw, delta, &flipped).await;
    check(["", "bravo text", ""]).await;
    put(&raw, &flipped, delta).await;
}

async fn an_older_text_does_not_open(database: TestDatabase) {
    let (world, raw, meeting) = three(database).await;
    let old = ciphertexts(&raw).await;
    let id = world.data("ada", NOTES, json!({ "id": meeting })).await["node"]["notes"]["nodes"][2]["id"].clone();
    world
        .act(
            "ada",
            "editNote",
            json!({ "noteId": id, "version": 1, "text": "omega text" }),
        )
        .await;
    let new = ciphertexts(&raw).await;
    put(&raw, &new[2], &old[2]).await;
    let (texts, codes, answer) = seen(&world, &meeting).await;
    assert_eq!(texts, [json!("alpha text"), json!("bravo text"), Value::Null]);
    assert_eq!(codes, ["NOTE_UNREADABLE"]);
    assert!(!answer.contains("delta") && !answer.contains("omega"), "{answer}");
    put(&raw, &old[2], &new[2]).await;
    assert_eq!(seen(&world, &meeting).await.0[2], "omega text");
}

/// Whether the bytes hold the text, as it is or as hex.
fn holds(bytes: &[u8], text: &str) -> bool {
    let hex: String = text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let found = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    found(text.as_bytes()) || found(hex.as_bytes())
}

/// Everything that lies in the database: the files of SQLite, the rows of every table of PostgreSQL.
async fn dump(world: &World, raw: &DatabaseConnection) -> Vec<u8> {
    if raw.get_database_backend() == DbBackend::Sqlite {
        let file = world.database.url.strip_prefix("sqlite://").unwrap();
        let file = file.strip_suffix("?mode=rwc").unwrap();
        let directory = Path::new(file).parent().unwrap();
        let files = std::fs::read_dir(directory).unwrap();
        return files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
    }
    let tables = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let query = async |sql: &str| {
        let statement = Statement::from_string(raw.get_database_backend(), sql);
        raw.query_all_raw(statement).await.unwrap()
    };
    let mut bytes = Vec::new();
    for table in query(tables).await {
        let name: String = table.try_get("", "name").unwrap();
        for row in query(&format!("SELECT t::text AS row FROM \"{name}\" t")).await {
            bytes.extend(row.try_get::<String>("", "row").unwrap().into_bytes());
        }
    }
    bytes
}

async fn a_copy_of_the_database_tells_nothing(database: TestDatabase) {
    const CANARY: &str = "tweety-was-here";
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let raw = world.database.raw().await;
    for (visibility, key) in [("PRIVATE", "k1"), ("SHARED", "k2")] {
        let input = json!({ "meetingId": meeting, "visibility": visibility, "text": CANARY, "idempotencyKey": key });
        let note = world.act("ada", "writeNote", input).await["note"]["id"].clone();
        let input = json!({ "noteId": note, "version": 1, "text": format!("{CANARY} again"), "idempotencyKey": key });
        world.act("ada", "editNote", input).await;
    }
    let add = json!({ "meetingId": meeting, "text": CANARY, "idempotencyKey": "k3" });
    let items = world.act("cyd", "addAgendaItem", add).await["agenda"].clone();
    let tick = json!({ "meetingId": meeting, "itemId": items[3]["itemId"], "version": 1, "done": true });
    world.act("ada", "editAgendaItem", tick).await;
    let thanks =
        json!({ "meetingId": meeting, "personId": world.id("dee").await, "text": CANARY, "idempotencyKey": "k4" });
    let kudos = world.act("ada", "writeKudos", thanks).await["kudos"]["id"].clone();
    world
        .act("ada", "sendKudos", json!({ "kudosId": kudos, "idempotencyKey": "k5" }))
        .await;
    let everything = dump(&world, &raw).await;
    assert!(!holds(&everything, CANARY), "the text lies in the database");
    // The search would find it.
    assert!(holds(&everything, "ada@example.org"));
    let hex = if raw.get_database_backend() == DbBackend::Sqlite {
        "X'7477656574792d7761732d68657265'"
    } else {
        "'\\x7477656574792d7761732d68657265'"
    };
    run(&raw, &format!("UPDATE note SET sealed = {hex}")).await.unwrap();
    assert!(holds(&dump(&world, &raw).await, CANARY));
}

both!(
    swapped_moved_older_and_flipped_texts_do_not_open,
    an_older_text_does_not_open,
    a_copy_of_the_database_tells_nothing,
);
