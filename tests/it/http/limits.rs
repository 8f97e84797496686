//! What one request may be and may take, at each limit and one past it.

use std::{fmt::Write as _, sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use super::toy::{answer, first_bytes, last, reaches, request_text, settings, start, until_closed};

/// A body of exactly `length` bytes.
fn padded(length: usize) -> String {
    let body = r#"{"query":"{ leaf }"}"#;
    format!("{body}{}", " ".repeat(length - body.len()))
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_expand_exponentially() {
    let server = start(settings());
    let bomb = |levels: usize| {
        let mut query = "{...F0}".to_owned();
        for level in 0..levels {
            write!(
                query,
                "fragment F{level} on Query{{...F{next} ...F{next}}}",
                next = level + 1
            )
            .unwrap();
        }
        query + &format!("fragment F{levels} on Query{{leaf}}")
    };
    // The fault, in bounded time: the library alone resolves the one leaf a thousand times.
    server.schema().execute(bomb(10)).await.into_result().unwrap();
    assert_eq!(server.toy.leaves.swap(0, Ordering::Relaxed), 1024);
    // Its absence: a billion times would be a minute of a core, refused before anything is resolved.
    for levels in [10, 20, 30] {
        let refused = server.ask(&bomb(levels)).await;
        assert_eq!(refused.refusal(), (400, "QUERY_TOO_COMPLEX".to_owned()));
        assert_eq!(refused.json()["errors"][0]["extensions"]["limitName"], "nodes");
    }
    assert_eq!(server.toy.leaves.load(Ordering::Relaxed), 0);
    assert_eq!(server.ask("{ leaf }").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn brackets_that_would_overflow_the_parser() {
    let server = start(settings());
    let refused = server.ask(&"{a".repeat(1500)).await;
    assert_eq!(refused.refusal(), (400, "QUERY_TOO_COMPLEX".to_owned()));
    let values = format!("{{ echo(text: {}) }}", "[".repeat(3000));
    assert_eq!(
        server.ask(&values).await.refusal(),
        (400, "QUERY_TOO_COMPLEX".to_owned())
    );
    let variables = format!(r#"{{"query":"{{ leaf }}","variables":{{"a":{}"#, "[".repeat(3000));
    let request = server.post(&json!({})).body(variables);
    assert_eq!(answer(request).await.refusal(), (400, "BAD_REQUEST".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_that_would_wrap() {
    let server = start(settings());
    let page = |below: &str| format!("deep(first: 3353953467947191203) {{ edges {{ {below} }} }}");
    let refused = server.ask(&format!("{{ {} }}", page(&page(&page("leaf { x }"))))).await;
    let error = &refused.json()["errors"][0]["extensions"];
    assert_eq!(
        *error,
        json!({ "code": "QUERY_TOO_COMPLEX", "limitName": "cost", "limit": 2000, "cost": 1_010_101 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn announced_bodies() {
    let server = start(settings());
    let within = last(&request_text(&padded(4096)));
    assert!(
        until_closed(server.raw(within.as_bytes()).await)
            .await
            .starts_with("HTTP/1.1 200")
    );
    let beyond = server.post(&json!({})).body(padded(4097));
    assert_eq!(answer(beyond).await.refusal(), (413, "PAYLOAD_TOO_LARGE".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn chunked_bodies() {
    let server = start(settings());
    let head = "POST /graphql HTTP/1.1\r\nHost: toy\r\nAuthorization: Bearer ann1\r\nConnection: close\r\n\
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunked = |length: usize| {
        let body = padded(length);
        let (first, second) = body.split_at(1000);
        format!(
            "{head}{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
            first.len(),
            second.len()
        )
    };
    let within = until_closed(server.raw(chunked(4096).as_bytes()).await).await;
    assert!(within.starts_with("HTTP/1.1 200"), "{within}");
    let beyond = until_closed(server.raw(chunked(4097).as_bytes()).await).await;
    assert!(
        beyond.starts_with("HTTP/1.1 413") && beyond.contains("PAYLOAD_TOO_LARGE"),
        "{beyond}"
    );
    // Without an end: refused once it is too long, not read on.
    let mut endless = server.raw(head.as_bytes()).await;
    endless
        .write_all(format!("2000\r\n{}", " ".repeat(0x1fff)).as_bytes())
        .await
        .unwrap();
    assert!(first_bytes(&mut endless).await.starts_with("HTTP/1.1 413"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_bodies_are_for_bulk_fields_and_those_who_may() {
    let server = start(settings());
    let import = |length: usize| {
        let body = |text: &str| {
            let query = "mutation ($rows: [String!]!) { import(rows: $rows) }";
            json!({ "query": query, "variables": { "rows": [text] } }).to_string()
        };
        body(&"x".repeat(length - body("").len()))
    };
    let send = |token: &str, body: String| {
        let request = server.client.post(server.url("/graphql")).bearer_auth(token);
        answer(request.header("content-type", "application/json").body(body))
    };
    assert_eq!(
        send("hris", import(16 * 1024)).await.json()["data"],
        json!({ "import": 1 })
    );
    assert_eq!(send("hris", import(16 * 1024 + 1)).await.status, 413);
    assert_eq!(send("hris", padded(4097)).await.status, 413, "another operation");
    assert_eq!(send("ann1", import(4096)).await.status, 200);
    assert_eq!(send("ann1", import(4097)).await.status, 413, "another principal");
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_bodies() {
    let mut slow = settings();
    slow.limits.body_deadline = Duration::from_millis(50);
    let server = start(slow);
    let request = request_text(r#"{"query":"{ leaf }"}"#);
    // All but the last byte, which never comes. The connection ends by itself.
    let answer = until_closed(server.raw(&request.as_bytes()[..request.len() - 1]).await).await;
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains(r#""code":"TIMEOUT""#),
        "{answer}"
    );
    // The same for the second request of a connection.
    let mut stream = server.raw(request.as_bytes()).await;
    assert!(first_bytes(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream
        .write_all(&request.as_bytes()[..request.len() - 1])
        .await
        .unwrap();
    let answer = until_closed(stream).await;
    assert!(answer.contains("HTTP/1.1 408"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_one_principal_at_a_time() {
    let server = start(settings());
    let first = tokio::spawn(answer(server.post(&json!({ "query": "{ waits }" }))));
    let second = tokio::spawn(answer(server.post(&json!({ "query": "{ waits }" }))));
    reaches(&server.toy.waiting, 2).await;
    let third = server.ask("{ leaf }").await;
    assert_eq!(third.refusal(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(third.headers["retry-after"], "1");
    assert_eq!(
        third.json()["errors"][0]["extensions"]["limitName"],
        "inFlightPerPrincipal"
    );
    let other = server
        .client
        .post(server.url("/graphql"))
        .bearer_auth("bob1")
        .json(&json!({ "query": "{ leaf }" }));
    assert_eq!(answer(other).await.status, 200, "somebody else is not held up");
    server.toy.gate.send_replace(true);
    assert_eq!((first.await.unwrap().status, second.await.unwrap().status), (200, 200));
    assert_eq!(server.ask("{ leaf }").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_everybody_at_a_time() {
    let server = start(settings());
    let post = |token: &str, query: &str| {
        let request = server.client.post(server.url("/graphql")).bearer_auth(token);
        answer(request.json(&json!({ "query": query })))
    };
    let waiting: Vec<_> = ["ann1", "bob1", "cyd1"]
        .map(|token| tokio::spawn(post(token, "{ waits }")))
        .into();
    reaches(&server.toy.waiting, 3).await;
    let beyond = post("dan1", "{ leaf }").await;
    assert_eq!(beyond.refusal(), (503, "SERVICE_UNAVAILABLE".to_owned()));
    assert_eq!(beyond.headers["retry-after"], "1");
    assert_eq!(beyond.json()["errors"][0]["extensions"]["limitName"], "inFlight");
    server.toy.gate.send_replace(true);
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap().status, 200);
    }
    assert_eq!(post("dan1", "{ leaf }").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_operations() {
    let mut short = settings();
    short.limits.request = Duration::from_millis(50);
    let server = start(short);
    let query = server.ask("{ waits }").await;
    assert_eq!(query.refusal(), (504, "TIMEOUT".to_owned()));
    reaches(&server.toy.dropped, 1).await;
    let mutation = server.ask("mutation { write }").await;
    assert_eq!(mutation.refusal(), (504, "TIMEOUT".to_owned()));
    assert_eq!(*server.toy.ended.borrow(), 0);
    server.toy.gate.send_replace(true);
    reaches(&server.toy.ended, 1).await;
}

/// The settings of a door where each principal has a budget of so much.
fn budget(cost_per_minute: u32) -> skiplevel::http::Settings {
    let mut settings = settings();
    settings.limits.cost_per_minute = cost_per_minute;
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn cost_of_one_principal_in_a_minute() {
    let server = start(budget(3));
    let pages = "{ deep { deep { deep { leaf } } } }";
    let within = server.ask(pages).await;
    let cost = json!({ "requested": 3, "limit": 2000 });
    assert_eq!(within.json()["extensions"]["cost"], cost, "at the limit");
    assert_eq!(within.headers["ratelimit-remaining"], "0");
    assert_eq!(server.toy.leaves.swap(0, Ordering::Relaxed), 1);
    let beyond = server.ask("{ leaf }").await;
    assert_eq!(beyond.refusal(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(
        beyond.json()["errors"][0]["extensions"],
        json!({ "code": "RATE_LIMITED", "limitName": "costPerMinute", "limit": 3, "cost": 1 })
    );
    // Of a minute a third, less what has passed since.
    let wait: u64 = beyond.headers["retry-after"].parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(server.toy.leaves.load(Ordering::Relaxed), 0, "nothing was executed");
    let request = server.client.post(server.url("/graphql")).bearer_auth("bob1");
    let other = answer(request.json(&json!({ "query": pages }))).await;
    assert_eq!(other.status, 200, "another principal");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_to_somebody_known_tells_what_is_left() {
    // One comes back in 20 seconds, so none while this asks.
    let server = start(budget(3));
    let left = |answer: &super::toy::Answer| {
        let header = |name: &str| answer.headers.get(name).map(|value| value.parse::<u64>().unwrap());
        assert_eq!(header("ratelimit-limit"), Some(3), "{answer:?}");
        assert!(header("ratelimit-reset").unwrap() <= 60);
        header("ratelimit-remaining").unwrap()
    };
    let answered = left(&server.ask("{ deep { leaf } }").await);
    let unparsed = left(&server.ask("{").await);
    let too_large = left(&answer(server.post(&json!({})).body(padded(4097))).await);
    assert_eq!(
        [answered, unparsed, too_large],
        [2, 1, 0],
        "even what is refused costs something"
    );
    let stranger = answer(
        server
            .client
            .post(server.url("/graphql"))
            .json(&json!({ "query": "{ leaf }" })),
    )
    .await;
    assert_eq!(stranger.status, 401);
    assert!(!stranger.headers.contains_key("ratelimit-limit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_send_nothing() {
    let mut short = settings();
    short.limits.head_deadline = Duration::from_secs(1);
    let server = start(short);
    // Both end by themselves.
    for sent in ["", "POST /graphql HTTP/1.1\r\nHost: toy\r\n"] {
        let told = until_closed(server.raw(sent.as_bytes()).await).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{told}");
    }
    assert_eq!(server.ask("{ leaf }").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_fields_have_a_time_of_their_own() {
    let mut bulk = settings();
    bulk.limits.bulk_fields = vec!["write".to_owned()];
    bulk.limits.request = Duration::from_millis(50);
    let server = start(bulk.clone());
    let write = tokio::spawn(answer(server.post(&json!({ "query": "mutation { write }" }))));
    reaches(&server.toy.begun, 1).await;
    // Begun later and given up already.
    assert_eq!(server.ask("{ waits }").await.refusal(), (504, "TIMEOUT".to_owned()));
    server.toy.gate.send_replace(true);
    assert_eq!(write.await.unwrap().status, 200);

    std::mem::swap(&mut bulk.limits.request, &mut bulk.limits.bulk_request);
    let server = start(bulk);
    let late = server.ask("mutation { write }").await;
    assert_eq!(late.refusal(), (504, "TIMEOUT".to_owned()));
    assert_eq!(late.json()["errors"][0]["extensions"]["limitName"], "request");
}
