//! Documents asked by their hash: those that clients send once, and those that are trusted.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use skiplevel::http::{Documents, Others, Settings, TrustedDocuments};

use super::toy::{Answer, Running, answer, settings, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_came_with_its_hash_is_known_by_it() {
    let server = start(with(TrustedDocuments::default(), Others::Answered { remembered: 500 }));
    let refused = ask(&server, sent("{ never }")).await;
    assert_eq!(refused.refusal(), (400, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    assert_eq!(refused.json()["errors"][0]["message"], "PersistedQueryNotFound");

    let mut both = sent("{ leaf }");
    both["query"] = json!("{ leaf }");
    assert_eq!(ask(&server, both).await.json()["data"], json!({ "leaf": 1 }));
    let extensions = sent("{ leaf }")["extensions"].to_string();
    assert_eq!(
        get(&server, "extensions", &extensions).await.json()["data"],
        json!({ "leaf": 1 })
    );
    let mut forged = sent("{ leaf }");
    forged["query"] = json!("{ who }");
    assert_eq!(ask(&server, forged).await.refusal(), (400, "BAD_REQUEST".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_document_is_not_remembered() {
    let server = start(with(TrustedDocuments::default(), Others::Answered { remembered: 500 }));
    let broken = "{ leaf";
    let mut both = sent(broken);
    both["query"] = json!(broken);
    assert_eq!(ask(&server, both).await.refusal().1, "GRAPHQL_PARSE_FAILED");
    assert_eq!(
        ask(&server, sent(broken)).await.refusal().1,
        "PERSISTED_QUERY_NOT_FOUND"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_remembered_by_default() {
    let server = start(settings());
    let refused = ask(&server, sent("{ leaf }")).await;
    assert_eq!(refused.refusal(), (400, "PERSISTED_QUERY_NOT_SUPPORTED".to_owned()));
    assert_eq!(refused.json()["errors"][0]["message"], "PersistedQueryNotSupported");
    let mut both = sent("{ leaf }");
    both["query"] = json!("{ leaf }");
    assert_eq!(ask(&server, both).await.json()["data"], json!({ "leaf": 1 }));
    assert_eq!(
        ask(&server, sent("{ leaf }")).await.refusal().1,
        "PERSISTED_QUERY_NOT_SUPPORTED"
    );
}

const ECHO: &str = "query Echo($text: String!) { echo(text: $text) }\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_document_is_asked_by_its_hash() {
    let server = start(with(trusted().await, Others::Answered { remembered: 0 }));
    let echoed = json!({ "echo": "one" });
    for name in [format!("sha256:{}", sha256(ECHO)), sha256(ECHO)] {
        let body = json!({ "documentId": name, "variables": { "text": "one" } });
        assert_eq!(ask(&server, body).await.json()["data"], echoed);
    }
    let mut body = sent(ECHO);
    body["variables"] = json!({ "text": "one" });
    assert_eq!(ask(&server, body).await.json()["data"], echoed);

    let url = format!(
        "/graphql?documentId=sha256:{}&variables=%7B%22text%22:%22one%22%7D",
        sha256(ECHO)
    );
    let asked = server.client.get(server.url(&url)).bearer_auth("ann1");
    assert_eq!(answer(asked).await.json()["data"], echoed);
    let write = get(
        &server,
        "documentId",
        &format!("sha256:{}", sha256("mutation { write }")),
    )
    .await;
    assert_eq!(write.refusal(), (405, "METHOD_NOT_ALLOWED".to_owned()));

    let unknown = ask(
        &server,
        json!({ "documentId": format!("sha256:{}", sha256("{ leaf }")) }),
    )
    .await;
    assert_eq!(unknown.refusal(), (400, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    assert_eq!(server.ask("{ leaf }").await.json()["data"], json!({ "leaf": 1 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_others_are_refused_nothing_else_is_answered() {
    let server = start(with(trusted().await, Others::Refused));
    let by_text = json!({ "query": ECHO, "variables": { "text": "one" } });
    assert_eq!(ask(&server, by_text).await.json()["data"], json!({ "echo": "one" }));
    let not_trusted = (400, "QUERY_NOT_IN_SAFELIST".to_owned());
    for text in [
        "{ leaf }",
        "{ __schema { queryType { name } } }",
        "{ never",
        ECHO.trim_end(),
    ] {
        assert_eq!(server.ask(text).await.refusal(), not_trusted, "{text}");
        let mut both = sent(text);
        both["query"] = json!(text);
        assert_eq!(ask(&server, both).await.refusal(), not_trusted, "{text}");
        assert_eq!(ask(&server, sent(text)).await.refusal(), not_trusted, "{text}");
    }
    assert_eq!(get(&server, "query", "{ leaf }").await.refusal(), not_trusted);
    let nobody = server
        .client
        .post(server.url("/graphql"))
        .json(&json!({ "query": "{ leaf }" }));
    assert_eq!(answer(nobody).await.status, 401, "strangers learn nothing of it");
}

/// A request that names its document by the hash alone, as clients with automatic persisted queries do.
fn sent(document: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": sha256(document) } } })
}

async fn ask(server: &Running, body: Value) -> Answer {
    answer(server.post(&body)).await
}

async fn get(server: &Running, name: &str, value: &str) -> Answer {
    let url = server.client.get(server.url("/graphql")).bearer_auth("ann1");
    answer(
        url.header("accept", "application/graphql-response+json")
            .query(&[(name, value)]),
    )
    .await
}

fn with(trusted: TrustedDocuments, others: Others) -> Settings {
    Settings {
        documents: Documents { trusted, others },
        ..settings()
    }
}

/// A document in a file, and a mutation in the list of a client's compiler.
async fn trusted() -> TrustedDocuments {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(directory.path().join(name), text).unwrap();
    write("echo.graphql", ECHO.to_owned());
    write(
        "list.json",
        json!({ sha256("mutation { write }"): "mutation { write }" }).to_string(),
    );
    let directory: &Path = directory.path();
    TrustedDocuments::read(directory, async |_| Ok(())).await.unwrap()
}

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}
