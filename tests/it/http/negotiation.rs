//! GraphQL over HTTP: methods, media types, statuses, and the shape of answers.

use serde_json::json;

use super::toy::{answer, settings, start};

#[tokio::test(flavor = "multi_thread")]
async fn statuses_and_media_types() {
    let server = start(settings());
    let graphql = "application/graphql-response+json";
    for (accept, query, status, content_type) in [
        (
            graphql,
            "{ leaf }",
            200,
            "application/graphql-response+json; charset=utf-8",
        ),
        ("application/json", "{ leaf }", 200, "application/json; charset=utf-8"),
        ("*/*", "{ leaf }", 200, "application/json; charset=utf-8"),
        (
            "application/json, application/graphql-response+json",
            "{ leaf }",
            200,
            "application/graphql-response+json; charset=utf-8",
        ),
        ("image/png", "{ leaf }", 406, "application/json; charset=utf-8"),
        ("text/html", "{ leaf }", 406, "application/json; charset=utf-8"),
        (graphql, "{", 400, "application/graphql-response+json; charset=utf-8"),
        (
            graphql,
            "{ nope }",
            400,
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            graphql,
            "query A { leaf } query B { leaf }",
            400,
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            graphql,
            "{ leaf forbidden }",
            200,
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            graphql,
            "{ required }",
            200,
            "application/graphql-response+json; charset=utf-8",
        ),
        ("application/json", "{", 200, "application/json; charset=utf-8"),
        ("application/json", "{ nope }", 200, "application/json; charset=utf-8"),
    ] {
        let request = server
            .client
            .post(server.url("/graphql"))
            .bearer_auth("ann1")
            .header("accept", accept);
        let answer = answer(request.json(&json!({ "query": query }))).await;
        assert_eq!(
            (answer.status, answer.headers["content-type"].as_str()),
            (status, content_type),
            "{accept} {query}"
        );
        assert_eq!(answer.headers["cache-control"], "no-store", "{accept} {query}");
        assert_eq!(answer.headers["x-request-id"].len(), 36, "{accept} {query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn request_errors_have_no_data_and_one_line() {
    let server = start(settings());
    for (query, code) in [
        ("{\n  leaf(\n", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { leaf } query B { leaf }", "OPERATION_RESOLUTION_FAILURE"),
        ("query ($t: String!) { echo(text: $t) }", "BAD_USER_INPUT"),
        ("subscription { leaf }", "OPERATION_RESOLUTION_FAILURE"),
    ] {
        let answer = server.ask(query).await;
        assert_eq!(answer.refusal(), (400, code.to_owned()), "{query}");
        assert!(answer.json().get("data").is_none(), "{query}: {}", answer.text);
        assert!(
            !answer.json()["errors"][0]["message"].as_str().unwrap().contains('\n'),
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_stand_in_the_order_of_the_query() {
    let server = start(settings());
    let answer = server
        .ask("{ zeta: leaf alpha: leaf who deep { b: leaf a: leaf } }")
        .await;
    let data = r#""data":{"zeta":1,"alpha":1,"who":"ann1 at 2026-01-05 09:00:00 UTC","deep":{"b":1,"a":1}}"#;
    assert!(answer.text.contains(data), "{}", answer.text);
    assert!(
        answer
            .text
            .ends_with(r#""extensions":{"cost":{"requested":1,"limit":2000}}}"#),
        "{}",
        answer.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nullable_errors_are_null_beside_their_siblings() {
    let server = start(settings());
    let answer = server.ask("{ leaf deep { forbidden leaf } }").await.json();
    assert_eq!(
        answer["data"],
        json!({ "leaf": 1, "deep": { "forbidden": null, "leaf": 1 } })
    );
    assert_eq!(answer["errors"][0]["path"], json!(["deep", "forbidden"]));
    assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "FORBIDDEN" }));
    let answer = server.ask("{ leaf required }").await.json();
    assert_eq!(answer["data"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_operations_of_which_one_is_named() {
    let server = start(settings());
    let query = "query A { a: leaf } query B { b: leaf }";
    let posted = answer(server.post(&json!({ "query": query, "operationName": "B" })))
        .await
        .json();
    assert_eq!(posted["data"], json!({ "b": 1 }));
    let url = server.url("/graphql");
    let got = server
        .client
        .get(url)
        .bearer_auth("ann1")
        .query(&[("query", query), ("operationName", "A")]);
    assert_eq!(answer(got).await.json()["data"], json!({ "a": 1 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn get_is_for_queries_only() {
    let server = start(settings());
    server.toy.gate.send_replace(true);
    let get = |query: &str| {
        server
            .client
            .get(server.url("/graphql"))
            .bearer_auth("ann1")
            .query(&[("query", query)])
    };
    let variables = get("query ($t: String!) { echo(text: $t) }").query(&[("variables", r#"{"t":"hi"}"#)]);
    assert_eq!(answer(variables).await.json()["data"], json!({ "echo": "hi" }));
    for query in ["mutation { write }", "mutation A { write } # query"] {
        let refused = answer(get(query)).await;
        assert_eq!(refused.refusal(), (405, "METHOD_NOT_ALLOWED".to_owned()));
        assert_eq!(refused.headers["allow"], "POST");
    }
    let both = get("query A { leaf } mutation B { write }").query(&[("operationName", "B")]);
    assert_eq!(answer(both).await.status, 405);
    assert_eq!(*server.toy.begun.borrow(), 0, "no mutation may have run");
    assert_eq!(
        server.ask("mutation { write }").await.json()["data"],
        json!({ "write": 1 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_refused() {
    let server = start(settings());
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let refused = answer(
            server
                .client
                .request(method, server.url("/graphql"))
                .bearer_auth("ann1"),
        )
        .await;
        assert_eq!(refused.refusal(), (405, "METHOD_NOT_ALLOWED".to_owned()));
        assert_eq!(refused.headers["allow"], "GET, POST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_json_and_one_request() {
    let server = start(settings());
    server.toy.gate.send_replace(true);
    let body = r#"{"query":"mutation { write }"}"#;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonx",
    ] {
        let request = server.client.post(server.url("/graphql")).bearer_auth("ann1");
        let refused = answer(request.header("content-type", content_type).body(body)).await;
        assert_eq!(
            refused.refusal(),
            (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()),
            "{content_type}"
        );
    }
    let none = answer(
        server
            .client
            .post(server.url("/graphql"))
            .bearer_auth("ann1")
            .body(body),
    )
    .await;
    assert_eq!(none.status, 415, "without a type a browser could send it from anywhere");
    let compressed = server
        .post(&json!({ "query": "{ leaf }" }))
        .header("content-encoding", "gzip");
    assert_eq!(answer(compressed).await.status, 415);
    let batch = answer(server.post(&json!([{ "query": "mutation { write }" }, { "query": "{ leaf }" }]))).await;
    assert_eq!(batch.refusal(), (400, "BAD_REQUEST".to_owned()));
    assert_eq!(*server.toy.begun.borrow(), 0, "nothing may have run");
    let typed = server.client.post(server.url("/graphql")).bearer_auth("ann1");
    let typed = typed
        .header("content-type", "Application/JSON ; charset=\"UTF-8\"")
        .body(r#"{"query":"{ leaf }"}"#);
    assert_eq!(answer(typed).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_of_a_token_reads_the_same() {
    let server = start(settings());
    let request = |headers: &[&str]| {
        let request = server
            .client
            .post(server.url("/graphql"))
            .json(&json!({ "query": "{ leaf }" }));
        headers
            .iter()
            .fold(request, |request, header| request.header("authorization", *header))
    };
    let mut bodies = Vec::new();
    for headers in [
        &[][..],
        &["Bearer"],
        &["Bearer x"],
        &["Basic YW5uOmFubg=="],
        &["Bearer stale"],
        &["Bearer ann1", "Bearer ann1"],
        // Refused only after the session was asked for.
        &["Bearer stranger"],
    ] {
        let refused = answer(request(headers)).await;
        assert_eq!(refused.refusal(), (401, "UNAUTHENTICATED".to_owned()), "{headers:?}");
        assert_eq!(
            refused.headers["www-authenticate"], "Bearer realm=\"skiplevel\"",
            "{headers:?}"
        );
        bodies.push(refused.text);
    }
    bodies.dedup();
    assert_eq!(
        bodies,
        [r#"{"errors":[{"message":"a valid bearer token is required","extensions":{"code":"UNAUTHENTICATED"}}]}"#]
    );
    assert_eq!(answer(request(&["Bearer ann1"])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_comes_before_the_document() {
    let server = start(settings());
    let nonsense = server
        .client
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .body("{");
    assert_eq!(answer(nonsense).await.status, 401);
    let mutation = server
        .client
        .get(server.url("/graphql"))
        .query(&[("query", "mutation { write }")]);
    assert_eq!(answer(mutation).await.status, 401);
}
