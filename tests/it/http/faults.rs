//! When something goes wrong: clients that vanish, resolvers that panic, a server that is asked to stop.

use serde_json::json;
use tokio::net::TcpStream;

use super::toy::{answer, last, reaches, request_text, settings, start, until_closed};

/// Ends a connection as a crashed client does.
fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_outlives_its_client_and_a_query_does_not() {
    let server = start(settings());
    let mutation = server
        .raw(request_text(r#"{"query":"mutation { write }"}"#).as_bytes())
        .await;
    reaches(&server.toy.begun, 1).await;
    reset(mutation);
    // The fault: whatever runs inside the handler is dropped in the middle when the client resets.
    let query = server.raw(request_text(r#"{"query":"{ waits }"}"#).as_bytes()).await;
    reaches(&server.toy.waiting, 1).await;
    reset(query);
    reaches(&server.toy.dropped, 1).await;
    // Its absence: the mutation is still there, and ends.
    assert_eq!(*server.toy.ended.borrow(), 0);
    server.toy.gate.send_replace(true);
    reaches(&server.toy.ended, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_without_a_client_keeps_its_place() {
    let server = start(settings());
    for begun in 1..=2 {
        let mutation = server
            .raw(request_text(r#"{"query":"mutation { write }"}"#).as_bytes())
            .await;
        reaches(&server.toy.begun, begun).await;
        reset(mutation);
    }
    assert_eq!(server.ask("{ leaf }").await.refusal(), (429, "RATE_LIMITED".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn panics() {
    let server = start(settings());
    let query = r#"{"query":"{ boom }"}"#;
    let good = r#"{"query":"{ leaf }"}"#;
    // Both on one connection: it survives.
    let two = request_text(query) + &last(&request_text(good));
    let answers = until_closed(server.raw(two.as_bytes()).await).await;
    assert!(answers.starts_with("HTTP/1.1 500"), "{answers}");
    assert!(
        answers.contains("HTTP/1.1 200") && answers.contains(r#""data":{"leaf":1}"#),
        "{answers}"
    );
    assert!(!answers.contains("secret"), "{answers}");

    let refused = server.ask("{ boom }").await;
    assert_eq!(refused.refusal(), (500, "INTERNAL_SERVER_ERROR".to_owned()));
    let id = &refused.json()["errors"][0]["extensions"]["requestId"];
    assert_eq!(*id, refused.headers["x-request-id"].as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn causes_stay_inside() {
    let server = start(settings());
    let answer_to = |token: &str, query: &str| {
        let request = server.client.post(server.url("/graphql")).bearer_auth(token);
        answer(request.json(&json!({ "query": query })))
    };
    let driver = answer_to("ann1", "{ leaf driver }").await;
    let error = &driver.json()["errors"][0];
    assert_eq!(driver.json()["data"], json!({ "leaf": 1, "driver": null }));
    assert_eq!(error["message"], "internal server error");
    assert_eq!(
        error["extensions"]["requestId"],
        driver.headers["x-request-id"].as_str()
    );

    let broken = answer_to("broken", "{ leaf }").await;
    assert_eq!(broken.refusal(), (500, "INTERNAL_SERVER_ERROR".to_owned()));
    let panicked = answer_to("panics", "{ leaf }").await;
    assert_eq!(panicked.refusal(), (500, "INTERNAL_SERVER_ERROR".to_owned()));
    assert_eq!(
        panicked.json()["errors"][0]["extensions"]["requestId"],
        panicked.headers["x-request-id"].as_str()
    );
    for text in [driver.text, broken.text, panicked.text] {
        assert!(
            !["UNIQUE", "relation", "secret"].iter().any(|word| text.contains(word)),
            "{text}"
        );
    }
    let busy = answer_to("busy", "{ leaf }").await;
    assert_eq!(busy.refusal(), (503, "SERVICE_UNAVAILABLE".to_owned()));
    assert_eq!(busy.headers["retry-after"], "1");
    assert!(!busy.text.contains("db.example.org"), "{}", busy.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_what_is_in_flight_end() {
    let mut server = start(settings());
    let with_client = tokio::spawn(answer(server.post(&json!({ "query": "mutation { write }" }))));
    reaches(&server.toy.begun, 1).await;
    let without = server
        .raw(request_text(r#"{"query":"mutation { write }"}"#).as_bytes())
        .await;
    reaches(&server.toy.begun, 2).await;
    reset(without);
    server.stop();
    // Nothing more is accepted, and the server is still there for the two.
    while let Ok(stream) = TcpStream::connect(server.address).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    assert!(!server.has_ended());
    server.toy.gate.send_replace(true);
    assert_eq!(with_client.await.unwrap().status, 200);
    let toy = std::sync::Arc::clone(&server.toy);
    server.ended().await.unwrap();
    assert_eq!(*toy.ended.borrow(), 2);
}
