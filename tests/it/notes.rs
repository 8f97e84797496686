//! Notes, agendas and kudos: who reads what, and what lies in the database.

mod agenda;
mod keys;
mod kudos;
mod tampering;

use serde_json::{Value, json};
use skiplevel::{app::Keyring, auth::token::Role};

use crate::support::{ADMIN, Options, TestDatabase, World, both, number};

pub const NOW: &str = "2026-01-05T09:00:00Z";
pub const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
        eve
    ";

/// What somebody reads on a meeting, by whatever way leads there.
const READ: &str = "query($id: ID!) { node(id: $id) { ... on Meeting {
    notes(first: 100) { totalCount nodes { id visibility text version author { name } meeting { id } } } } } }";

pub async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

/// A meeting of ada and cyd, by its id.
pub async fn meeting(world: &World) -> String {
    let input = json!({ "counterpartId": world.id("cyd").await, "startsAt": "2026-01-06T10:00:00Z" });
    let met = world.act("ada", "scheduleMeeting", input).await;
    met["meeting"]["id"].as_str().unwrap().to_owned()
}

/// Writes a note and returns it.
pub async fn write(world: &World, who: &str, meeting: &str, visibility: &str, text: &str) -> Value {
    let input = json!({ "meetingId": meeting, "visibility": visibility, "text": text });
    world.act(who, "writeNote", input).await["note"].clone()
}

/// The notes on a meeting that somebody reads.
pub async fn read(world: &World, who: &str, meeting: &str) -> Vec<Value> {
    let data = world.data(who, READ, json!({ "id": meeting })).await;
    let notes = &data["node"]["notes"];
    let nodes = notes["nodes"].as_array().cloned().unwrap_or_default();
    assert_eq!(notes["totalCount"].as_u64().unwrap_or(0), nodes.len() as u64);
    nodes
}

/// The texts among them, in their order.
pub async fn texts(world: &World, who: &str, meeting: &str) -> Vec<String> {
    let notes = read(world, who, meeting).await;
    notes
        .iter()
        .map(|note| note["text"].as_str().unwrap().to_owned())
        .collect()
}

async fn private_is_its_authors_and_shared_is_of_both(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let private = write(&world, "ada", &meeting, "PRIVATE", "only ada").await;
    let shared = write(&world, "ada", &meeting, "SHARED", "ada to both").await;
    write(&world, "cyd", &meeting, "PRIVATE", "only cyd").await;
    write(&world, "cyd", &meeting, "SHARED", "cyd to both").await;
    assert_eq!(private["version"], 1);
    assert_eq!(private["author"]["name"], "ada");
    let mut ada = texts(&world, "ada", &meeting).await;
    ada.sort();
    assert_eq!(ada, ["ada to both", "cyd to both", "only ada"]);
    let mut cyd = texts(&world, "cyd", &meeting).await;
    cyd.sort();
    assert_eq!(cyd, ["ada to both", "cyd to both", "only cyd"]);
    // To everybody else a note is an id of nothing, byte for byte: manager, report, HR, and HR in the chart.
    let unknown = "bgAAAAAAAAAAAAAAAAAAAAA";
    let node = "query($id: ID!) { node(id: $id) { __typename id ... on Note { text } } }";
    for (who, roles) in [
        ("bob", &[][..]),
        ("dee", &[]),
        ("eve", &[Role::HrAdmin]),
        ("hr-admin", &[Role::HrAdmin]),
        ("machine", &[Role::Integration]),
    ] {
        let token = world.token(who, roles);
        let nothing = world.body_as(&token, node, json!({ "id": unknown })).await;
        for note in [&private, &shared] {
            let answer = world.body_as(&token, node, json!({ "id": note["id"] })).await;
            assert_eq!(answer, nothing, "{who}");
        }
        let read = world.ask_as(&token, READ, json!({ "id": meeting })).await;
        let read = &read["data"]["node"]["notes"];
        assert!(read.is_null() || read["totalCount"] == 0, "{who}: {read}");
    }
    // The counterpart reads the shared one, and of the private one not that it is there.
    let token = world.token("cyd", &[]);
    let answer = world.ask_as(&token, node, json!({ "id": shared["id"] })).await;
    assert_eq!(answer["data"]["node"]["text"], "ada to both");
    let nothing = world.body_as(&token, node, json!({ "id": unknown })).await;
    assert_eq!(
        world.body_as(&token, node, json!({ "id": private["id"] })).await,
        nothing
    );
}

async fn only_the_author_changes_a_note(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let private = write(&world, "ada", &meeting, "PRIVATE", "only ada").await["id"].clone();
    let shared = write(&world, "ada", &meeting, "SHARED", "ada to both").await["id"].clone();
    let edit = |id: &Value, version: i32| json!({ "noteId": id, "version": version, "text": "another" });
    let unknown = json!("bgAAAAAAAAAAAAAAAAAAAAA");
    for who in ["bob", "cyd"] {
        let nothing = world.refusal(who, "editNote", edit(&unknown, 1)).await;
        assert_eq!(nothing, "NOT_FOUND input.noteId: nothing in your reach has this noteId");
        assert_eq!(world.refusal(who, "editNote", edit(&private, 1)).await, nothing);
        let about = json!({ "noteId": private });
        assert_eq!(world.refusal(who, "deleteNote", about).await, nothing);
    }
    for (mutation, input) in [
        ("editNote", edit(&shared, 1)),
        ("deleteNote", json!({ "noteId": shared })),
    ] {
        let refused = world.refusal("cyd", mutation, input).await;
        assert_eq!(refused, "NOT_ALLOWED input.noteId: only its author changes a note");
    }
    let write_input = json!({ "meetingId": meeting, "visibility": "SHARED", "text": "bob was here" });
    let refused = world.refusal("bob", "writeNote", write_input.clone()).await;
    assert_eq!(
        refused,
        "NOT_FOUND input.meetingId: nothing in your reach has this meetingId"
    );
    assert_eq!(world.fault(ADMIN, "writeNote", write_input).await, "FORBIDDEN");
    // The author does, as long as it is what they have read.
    let edited = world.act("ada", "editNote", edit(&shared, 1)).await["note"].clone();
    assert!(edited["version"] == 2 && edited["text"] == "another", "{edited}");
    let moved = world.refusal("ada", "editNote", edit(&shared, 1)).await;
    assert_eq!(
        moved,
        "CONFLICT input.version: this is at version 2 by now, not 1: read it again and change that"
    );
    world.act("ada", "editNote", edit(&shared, 2)).await;
    let gone = world.act("ada", "deleteNote", json!({ "noteId": shared })).await;
    assert_eq!(gone["deletedNoteId"], shared);
    assert_eq!(texts(&world, "ada", &meeting).await, ["only ada"]);
    assert_eq!(texts(&world, "cyd", &meeting).await, [""; 0]);
}

async fn what_does_not_fit_is_said(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let input = |text: &str| json!({ "meetingId": meeting, "visibility": "PRIVATE", "text": text });
    let longest = "ä".repeat(10_000);
    let written = world.act("ada", "writeNote", input(&longest)).await;
    assert_eq!(written["note"]["text"], longest.as_str());
    assert_eq!(
        world.refusal("ada", "writeNote", input(&format!("{longest}!"))).await,
        "TOO_LONG input.text: text has 10001 characters, at most 10000 can be kept"
    );
    assert_eq!(
        world.refusal("ada", "writeNote", input(" \n")).await,
        "REQUIRED input.text: text says nothing"
    );
    for number in 1..50 {
        write(&world, "ada", &meeting, "PRIVATE", &number.to_string()).await;
    }
    let refused = world.refusal("ada", "writeNote", input("one more")).await;
    assert!(refused.starts_with("LIMIT input.meetingId"), "{refused}");
    write(&world, "cyd", &meeting, "PRIVATE", "somebody else's").await;
    // Pages follow each other in the order in which notes were written.
    let page = "query($id: ID!, $after: String) { node(id: $id) { ... on Meeting {
        notes(first: 30, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }";
    let first = world.data("ada", page, json!({ "id": meeting })).await["node"]["notes"].clone();
    let after = &first["pageInfo"]["endCursor"];
    let second = world.data("ada", page, json!({ "id": meeting, "after": after })).await["node"]["notes"].clone();
    assert_eq!((&first["totalCount"], &second["totalCount"]), (&json!(50), &json!(50)));
    assert_eq!(second["nodes"].as_array().unwrap().len(), 20);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    let foreign = world.ask("cyd", page, json!({ "id": meeting, "after": after })).await;
    assert_eq!(foreign["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

async fn a_repeated_call_writes_one_note_and_keeps_no_text(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let input =
        |text: &str| json!({ "meetingId": meeting, "visibility": "PRIVATE", "text": text, "idempotencyKey": "k1" });
    let first = world.act("ada", "writeNote", input("no")).await;
    assert_eq!(world.beside().await.act("ada", "writeNote", input("no")).await, first);
    assert_eq!(
        world.fault("ada", "writeNote", input("yes")).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM note").await, 1);
    // The mark of the input is made with a key that is not in the database: "no" cannot be guessed from it.
    let marked = "SELECT COUNT(*) FROM idempotency_key WHERE operation = 'writeNote' AND input_hash LIKE 'test:%'";
    assert_eq!(number(&raw, marked).await, 1);
}

async fn whoever_has_left_reads_nothing_and_a_new_manager_inherits_none(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    write(&world, "ada", &meeting, "SHARED", "ada to both").await;
    world.import("ada\n  eve\n    cyd\n      dee\n  bob").await;
    assert_eq!(read(&world, "eve", &meeting).await, Vec::<Value>::new());
    assert_eq!(texts(&world, "cyd", &meeting).await, ["ada to both"]);
    world.import("ada (left)\n  eve\n    cyd\n      dee\n  bob").await;
    let later = world.at("2026-01-06T09:00:00Z").await;
    let answer = later.ask("ada", READ, json!({ "id": meeting })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(
        texts(&later, "cyd", &meeting).await,
        ["ada to both"],
        "it is cyd's, too"
    );
}

async fn without_keys_nothing_is_written_and_the_rest_goes_on(database: TestDatabase) {
    let options = Options {
        notes: Keyring::off(),
        ..Options::default()
    };
    let world = World::start(std::sync::Arc::new(database), NOW, &options).await;
    world.import(ORGANISATION).await;
    let meeting = meeting(&world).await;
    let input = json!({ "meetingId": meeting, "visibility": "PRIVATE", "text": "lost" });
    let refused = world.refusal("ada", "writeNote", input.clone()).await;
    assert_eq!(
        refused,
        "NOTES_OFF input: this server has no key to keep what you write: its operator sets SKIPLEVEL_NOTES_KEYS"
    );
    assert_eq!(read(&world, "ada", &meeting).await, Vec::<Value>::new());
    let with_keys = World::start(world.database.clone(), NOW, &Options::default()).await;
    with_keys.act("ada", "writeNote", input).await;
}

async fn what_is_too_old_is_deleted(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    write(&world, "ada", &meeting, "PRIVATE", "only ada").await;
    let add = json!({ "meetingId": meeting, "text": "the move to Ghent" });
    world.act("cyd", "addAgendaItem", add).await;
    let thanks = json!({ "meetingId": meeting, "personId": world.id("dee").await, "text": "mended the build" });
    let kudos = world.act("ada", "writeKudos", thanks).await["kudos"]["id"].clone();
    world.act("ada", "sendKudos", json!({ "kudosId": kudos })).await;
    // A later meeting keeps its own.
    let later = json!({ "counterpartId": world.id("eve").await, "startsAt": "2026-02-10T10:00:00Z" });
    let later = world.act("ada", "scheduleMeeting", later).await["meeting"]["id"].clone();
    let later = later.as_str().unwrap();
    write(&world, "ada", later, "PRIVATE", "kept").await;
    let last = world.at("2027-01-06T12:00:00Z").await;
    assert_eq!(last.app.delete_old_notes(last.now).await.unwrap(), 0);
    let after = world.at("2027-01-07T12:00:00Z").await;
    let input = json!({ "meetingId": meeting, "visibility": "PRIVATE", "text": "too late" });
    let refused = after.refusal("ada", "writeNote", input).await;
    assert!(refused.starts_with("LIMIT input.meetingId"), "{refused}");
    assert_eq!(texts(&after, "ada", &meeting).await, ["only ada"]);
    // The note, three questions and an item, a thank-you.
    assert_eq!(after.app.delete_old_notes(after.now).await.unwrap(), 6);
    assert_eq!(texts(&after, "ada", &meeting).await, [""; 0]);
    assert_eq!(after.app.delete_old_notes(after.now).await.unwrap(), 0);
    assert_eq!(texts(&after, "ada", later).await, ["kept"]);
}

both!(
    private_is_its_authors_and_shared_is_of_both,
    only_the_author_changes_a_note,
    what_does_not_fit_is_said,
    a_repeated_call_writes_one_note_and_keeps_no_text,
    whoever_has_left_reads_nothing_and_a_new_manager_inherits_none,
    without_keys_nothing_is_written_and_the_rest_goes_on,
    what_is_too_old_is_deleted,
);
