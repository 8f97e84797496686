//! What people write never reaches the log, however much it tells.

use std::{fs::File, process::Stdio};

use serde_json::{Value, json};

use super::{NOW, PEOPLE, Place, Served, import};
use crate::support::mutation_text;

/// Everything, the statements of the database included, which are logged only where a filter names them.
const EVERYTHING: &str = "trace,sqlx=trace,sqlx::query=trace,sea_orm=trace,sea_orm_migration=trace";

/// What every text has in it that is written beside a meeting here, and nothing else.
const WRITTEN: &str = "kestrel";

/// The payload of a mutation of whoever `token` is.
async fn act(served: &Served, token: &str, mutation: &str, input: Value) -> Value {
    let body = json!({ "query": mutation_text(mutation), "variables": { "input": input } });
    let answer: Value = serde_json::from_str(&ask(served, token, &body).await).unwrap();
    let payload = answer["data"][mutation].clone();
    assert_eq!(payload["userErrors"], json!([]), "{mutation}: {answer:#}");
    payload
}

async fn ask(served: &Served, token: &str, body: &Value) -> String {
    let client = crate::support::client();
    let request = client.post(served.url("/graphql")).bearer_auth(token).json(body);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn what_people_write_is_not_in_it() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    place.prints("keys generate notes.keys");
    let token = |sub: &str| {
        let token = place.prints(&format!("token --sub {sub} --ttl 1h {NOW}"));
        token.trim().to_owned()
    };
    let (ada, cyd) = (token("1"), token("3"));
    let log = place.directory.path().join("log");
    let mut command = place.command(&format!("serve {NOW}"));
    command
        .env("SKIPLEVEL_LOG", EVERYTHING)
        .env("SKIPLEVEL_NOTES_KEYS", "notes.keys")
        .stderr(Stdio::from(File::create(&log).unwrap()));
    let served = Served::of(command);
    let people = json!({ "query": "{ people(orderBy: NAME) { nodes { id } } }" });
    let people: Value = serde_json::from_str(&ask(&served, &ada, &people).await).unwrap();
    let id = |number: usize| people["data"]["people"]["nodes"][number]["id"].clone();

    let met = json!({ "counterpartId": id(2), "startsAt": "2026-01-06T10:00:00Z" });
    let meeting = act(&served, &ada, "scheduleMeeting", met).await["meeting"]["id"].clone();
    let text = |what: &str| format!("{WRITTEN} of a {what}");
    let note = json!({ "meetingId": meeting, "visibility": "SHARED", "text": text("note") });
    let note = act(&served, &ada, "writeNote", note).await["note"].clone();
    let edit = json!({ "noteId": note["id"], "version": 1, "text": text("changed note"), "idempotencyKey": "k" });
    act(&served, &ada, "editNote", edit).await;
    let item = json!({ "meetingId": meeting, "text": text("item") });
    act(&served, &cyd, "addAgendaItem", item).await;
    let kudos = json!({ "meetingId": meeting, "personId": id(3), "text": text("thank-you") });
    let kudos = act(&served, &ada, "writeKudos", kudos).await["kudos"]["id"].clone();
    act(&served, &ada, "sendKudos", json!({ "kudosId": kudos })).await;
    // They are read, too, and a document that cannot be answered holds one.
    let read = "{ notes { nodes { text } } agenda { text } kudos { text } }";
    for (query, told) in [
        (
            format!("{{ node(id: {meeting}) {{ ... on Meeting {read} }} }}"),
            WRITTEN,
        ),
        ("mutation { exportMyData(input: {}) { json } }".to_owned(), WRITTEN),
        (
            format!(
                "mutation {{ writeNote(input: {{text: \"{}\"}}) {{ nothing }} }}",
                text("mistake")
            ),
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ] {
        let answer = ask(&served, &ada, &json!({ "query": query })).await;
        assert!(answer.contains(told), "{answer}");
    }
    assert_eq!(served.stop("-TERM").0, Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    // Everything else was there to be seen: requests, and the very statements that write and read these texts.
    for control in [
        "skiplevel::http::visit",
        "INSERT INTO \\\"note\\\"",
        "INSERT INTO \\\"kudos\\\"",
        "FROM \\\"agenda_item\\\"",
    ] {
        assert!(log.contains(control), "{control} in {} lines", log.lines().count());
    }
    // Nobody's name or address is in it either, so there is nothing to take out of it when somebody is erased.
    let tells = |line: &&str| {
        [WRITTEN, "Example", "example.org"]
            .iter()
            .any(|word| line.contains(word))
    };
    assert_eq!(log.lines().filter(tells).collect::<Vec<_>>(), [""; 0]);
}

/// What lines may say beside when, how grave, where and what: words and numbers of the program's own.
const FIELDS: [&str; 16] = [
    "timestamp",
    "level",
    "target",
    "message",
    "spans",
    "entrance",
    "method",
    "status",
    "milliseconds",
    "reason",
    "error",
    "cause",
    "week",
    "instant",
    "gone",
    "texts",
];

#[tokio::test]
async fn every_line_of_a_request_has_its_id_and_no_line_has_other_fields() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    let log = place.directory.path().join("log");
    let mut command = place.command(&format!("serve {NOW}"));
    command.stderr(Stdio::from(File::create(&log).unwrap()));
    let served = Served::of(command);
    let client = crate::support::client();
    let mut ids = Vec::new();
    for path in [
        "/graphql?query=%7B__typename%7D",
        "/scim/v2/Users",
        "/reports/coverage.csv",
    ] {
        let refused = client.get(served.url(path)).bearer_auth("wrong").send().await.unwrap();
        assert_eq!(refused.status(), 401);
        ids.push(refused.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    assert_eq!(served.stop("-TERM").0, Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        let fields = line.as_object().unwrap().keys();
        let others: Vec<_> = fields.filter(|field| !FIELDS.contains(&field.as_str())).collect();
        assert_eq!(others, [""; 0], "{line}");
    }
    for id in ids {
        let of_request = lines.iter().filter(|line| line["spans"][0]["request_id"] == *id);
        let messages: Vec<_> = of_request.map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(messages, ["a token was refused", "answered"]);
    }
}
