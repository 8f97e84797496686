//! A copy of the database, made while a server works on it, and a server on that copy.

use serde_json::json;

use super::{NOW, PEOPLE, Place, Served, import};

/// The names of everybody, as the server has them.
async fn names(place: &Place, server: &Served) -> String {
    let token = place.prints(&format!("token --sub admin --role hr_admin {NOW}"));
    let answer = crate::support::client()
        .post(server.url("/graphql"))
        .bearer_auth(token.trim())
        .json(&json!({ "query": "{ people { nodes { name } } }" }))
        .send()
        .await
        .unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_copy_made_beside_a_server_is_an_organisation_of_its_own() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    let file = place.directory.path().join("people.db");
    let server = place.serve(NOW);
    place.prints(&import("people.csv", "--apply"));
    let before = names(&place, &server).await;
    assert!(before.contains("Dee Example"), "{before}");

    let said = place.prints("backup people.db");
    assert!(said.starts_with("copied the database to people.db, "), "{said}");
    place.file(
        "more.csv",
        format!("{PEOPLE}5,Eve Example,eve@example.org,Engineer,2,2020-01-01\n"),
    );
    place.prints(&import("more.csv", "--apply"));
    let after = names(&place, &server).await;
    assert!(after.contains("Eve Example"), "the server goes on: {after}");

    // Restored somewhere else: the file is all there is to it.
    let elsewhere = Place::new();
    elsewhere.file("test.db", std::fs::read(&file).unwrap());
    let restored = elsewhere.serve(NOW);
    assert_eq!(names(&elsewhere, &restored).await, before);
    elsewhere.file("people.csv", PEOPLE);
    let again = elsewhere.prints(&import("people.csv", "--apply"));
    assert!(again.contains("unchanged 4"), "{again}");
}

#[test]
fn nothing_is_overwritten_and_nothing_half_made_is_left() {
    let place = Place::new();
    place.file("people.csv", PEOPLE).file("taken.db", "something else");
    let refused = place.output("backup new.db");
    assert_eq!(
        refused.status.code(),
        Some(5),
        "there is no organisation yet: {refused:?}"
    );
    place.prints(&import("people.csv", "--apply"));
    let refused = place.output("backup taken.db");
    assert_eq!(refused.status.code(), Some(73), "{refused:?}");
    let refused = place.output("backup no/such/directory.db");
    assert_eq!(refused.status.code(), Some(5), "{refused:?}");
    let kept = std::fs::read(place.directory.path().join("taken.db")).unwrap();
    assert_eq!(kept, b"something else");
    // What a copy that was cut off left is no obstacle.
    place.file("new.db.part", "half a copy").prints("backup new.db");
    let left = std::fs::read_dir(place.directory.path()).unwrap();
    let left: Vec<_> = left
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        left.contains(&"new.db".to_owned()) && !left.iter().any(|name| name.contains(".part")),
        "{left:?}"
    );
}

#[test]
fn postgresql_has_its_own_tool() {
    let place = Place::new();
    let url = std::env::var("SKIPLEVEL_TEST_POSTGRES").expect("SKIPLEVEL_TEST_POSTGRES; see scripts/test");
    let mut backup = place.command("backup new.dump");
    let refused = backup.env("DATABASE_URL", url).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("pg_dump --format=custom --file new.dump"), "{said}");
    assert_eq!(refused.status.code(), Some(64), "{refused:?}");
}
