//! The documents of `docs/operations`: what a frontend copies, run as it stands there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both};

/// Every document by the name of its file.
fn documents() -> BTreeMap<String, String> {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations")).unwrap();
    let document = |path: std::path::PathBuf| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Some((name, fs::read_to_string(path).unwrap()))
    };
    files.filter_map(|file| document(file.unwrap().path())).collect()
}

/// The documents, and which of them ran.
struct Operations {
    documents: BTreeMap<String, String>,
    ran: BTreeSet<String>,
}

impl Operations {
    /// What a document answers; fails on errors, those that a user can mend too.
    async fn run(&mut self, world: &World, (who, name): (&str, &str), variables: Value) -> Value {
        self.ran.insert(name.to_owned());
        let data = world.data(who, &self.documents[name], variables).await;
        for payload in data.as_object().unwrap().values() {
            if let Some(errors) = payload.get("userErrors") {
                assert_eq!(errors, &json!([]), "{name}");
            }
        }
        data
    }
}

async fn every_document_runs_as_it_stands_in_the_docs(database: TestDatabase) {
    let mut operations = Operations {
        documents: documents(),
        ran: BTreeSet::new(),
    };
    let world = World::of(
        database,
        "
        ada
          bob
            cyd
            dee
          eve
            fay
        ",
        "2026-01-05T09:00:00Z",
    )
    .await;
    world.app.draw_due(world.now).await.unwrap();

    let week = operations.run(&world, ("ada", "this-week"), json!({})).await;
    let suggestion = &week["viewer"]["week"]["suggestions"][0];
    assert_eq!(suggestion["status"], "OPEN", "{week:#}");
    assert_eq!(week["viewer"]["inbox"][0]["suggestion"]["id"], suggestion["id"]);
    let accept = json!({ "suggestionId": suggestion["id"], "startsAt": "2026-01-06T09:00:00Z", "idempotencyKey": "a" });
    let accepted = operations.run(&world, ("ada", "accept-suggestion"), accept).await;
    assert_eq!(
        accepted["acceptSuggestion"]["suggestion"]["meeting"]["status"],
        "SCHEDULED"
    );

    let people = operations
        .run(
            &world,
            ("ada", "people"),
            json!({ "filter": { "minDistance": 2 }, "first": 10 }),
        )
        .await;
    assert_eq!(people["people"]["totalCount"], 3, "{people:#}");
    let others = people["people"]["nodes"].as_array().unwrap();
    let other = others
        .iter()
        .find(|person| person["id"] != suggestion["counterpart"]["id"]);
    let record = json!({ "counterpartId": other.unwrap()["id"], "heldAt": "2025-12-02T09:00:00Z" });
    let recorded = operations.run(&world, ("ada", "record-meeting"), record).await;
    assert_eq!(recorded["recordMeeting"]["meeting"]["status"], "HELD", "{recorded:#}");

    let rows = json!([{ "externalId": "new", "name": "Newt Example", "startDate": "2026-01-01" }]);
    let input = json!({ "source": "other", "rows": rows });
    let planned = operations
        .run(&world, (ADMIN, "sync-people"), json!({ "input": input }))
        .await;
    let run = &planned["syncPeople"]["run"];
    assert_eq!(
        (&run["status"], &run["counts"]["created"]),
        (&json!("PLANNED"), &json!(1))
    );
    let input = json!({ "source": "other", "rows": rows, "dryRun": false, "idempotencyKey": "a", "expectedPlanHash": run["planHash"] });
    let applied = operations
        .run(&world, (ADMIN, "sync-people"), json!({ "input": input }))
        .await;
    assert_eq!(applied["syncPeople"]["run"]["status"], "APPLIED", "{applied:#}");

    let report = operations.run(&world, (ADMIN, "coverage"), json!({})).await;
    let total = &report["coverage"]["total"];
    assert_eq!(
        (&total["population"], &total["heard"]),
        (&json!(3), &json!(1)),
        "{report:#}"
    );

    let all: BTreeSet<String> = operations.documents.keys().cloned().collect();
    assert_eq!(operations.ran, all, "every document is run here");
}

both!(every_document_runs_as_it_stands_in_the_docs);
