//! Trusted documents: read when the server starts, or it does not start.

use std::process::Stdio;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{NOW, PEOPLE, Place, Served, import};

const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations");

#[tokio::test]
async fn a_server_can_be_told_to_answer_trusted_documents_alone() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    let token = place.prints(&format!("token --sub 1 --ttl 1h {NOW}"));
    let mut command = place.command(&format!("serve {NOW}"));
    command
        .env("SKIPLEVEL_TRUSTED_DOCUMENTS", DOCUMENTS)
        .env("SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY", "on")
        .stderr(Stdio::null());
    let served = Served::of(command);
    let client = crate::support::client();
    let ask = async |body: Value| -> Value {
        let request = client
            .post(served.url("/graphql"))
            .bearer_auth(token.trim())
            .json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };

    let people = std::fs::read(format!("{DOCUMENTS}/people.graphql")).unwrap();
    let id = format!("sha256:{:x}", Sha256::digest(&people));
    let page = ask(json!({ "documentId": id, "variables": { "first": 1 } })).await;
    assert_eq!(page["data"]["people"]["nodes"][0]["name"], "Ada Example", "{page:#}");
    for query in ["{ people { totalCount } }", "{ __schema { queryType { name } } }"] {
        let refused = ask(json!({ "query": query })).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "QUERY_NOT_IN_SAFELIST",
            "{refused:#}"
        );
    }
    let graphiql = client.get(served.url("/graphql")).header("accept", "text/html");
    assert_eq!(graphiql.send().await.unwrap().status(), 406);
}

#[test]
fn a_document_that_could_not_be_answered_keeps_the_server_from_starting() {
    let place = Place::new();
    std::fs::create_dir(place.directory.path().join("documents")).unwrap();
    let serve = || {
        let mut command = place.command(&format!("serve {NOW}"));
        let output = command
            .env("SKIPLEVEL_TRUSTED_DOCUMENTS", "documents")
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = serve();
    assert_eq!(code, Some(78), "{said}");
    assert!(said.contains("documents holds no trusted documents"), "{said}");

    place.file("documents/a.graphql", "{ viewer { roles } }");
    place.file("documents/b.graphql", "{ viewer { shoeSize } }");
    let (code, said) = serve();
    assert_eq!(code, Some(78), "{said}");
    assert!(
        said.contains("documents/b.graphql") && said.contains("Unknown field \"shoeSize\""),
        "{said}"
    );
    assert!(
        !place.directory.path().join("test.db").exists(),
        "the database was not touched"
    );
}
