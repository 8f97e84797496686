//! The GraphiQL page and the health pages.

use std::time::Duration;

use serde_json::json;
use skiplevel::http::{Clock, GraphiQl, NotReady, Settings};

use super::toy::{answer, settings, start};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_a_page_that_loads_from_here_only() {
    let query = "{ leaf } # </script><script>alert(1)</script>";
    let on = GraphiQl::On {
        query: query.to_owned(),
    };
    let server = start(Settings {
        graphiql: on,
        ..settings()
    });
    let page = answer(server.client.get(server.url("/graphql")).header("accept", BROWSER)).await;
    assert_eq!(
        (page.status, page.headers["content-type"].as_str()),
        (200, "text/html; charset=utf-8")
    );
    let policy = &page.headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(
        !page.text.contains("<script>alert"),
        "the query must not end its element"
    );
    assert!(!page.text.contains("://"), "no other host");
    let addresses: Vec<_> = page
        .text
        .split('"')
        .filter(|text| text.starts_with("/graphql/assets/"))
        .collect();
    assert_eq!(addresses.len(), 6);
    for address in addresses {
        let asset = answer(server.client.get(server.url(address))).await;
        assert_eq!(asset.status, 200, "{address}");
        assert_eq!(
            asset.headers["cache-control"], "public, max-age=31536000, immutable",
            "{address}"
        );
        let kind = if address.contains(".js") {
            "text/javascript"
        } else {
            "text/css"
        };
        assert!(asset.headers["content-type"].starts_with(kind), "{address}");
    }
    let stale = server.url("/graphql/assets/0000000000000000/page.js");
    assert_eq!(answer(server.client.get(stale)).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_can_be_switched_off() {
    let server = start(Settings {
        graphiql: GraphiQl::Off,
        ..settings()
    });
    let page = answer(server.client.get(server.url("/graphql")).header("accept", "text/html")).await;
    assert_eq!(page.refusal(), (406, "NOT_ACCEPTABLE".to_owned()));
    let asset = server.url("/graphql/assets/0000000000000000/page.js");
    assert_eq!(answer(server.client.get(asset)).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_adds_routes_of_its_own() {
    let server = start(settings());
    assert_eq!(answer(server.client.get(server.url("/more"))).await.text, "more");
    assert_eq!(answer(server.client.get(server.url("/nothing"))).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_and_ready() {
    let server = start(settings());
    let get = |path: &str| answer(server.client.get(server.url(path)));
    let live = get("/healthz").await;
    assert_eq!((live.status, live.json()), (200, json!({ "status": "ok" })));
    let ready = get("/readyz").await;
    let held = "2026-01-05T09:00:00Z";
    assert_eq!(
        (ready.status, ready.json()),
        (200, json!({ "status": "ready", "clock held at": held }))
    );
    *server.door.ready.lock().unwrap() = Err(NotReady("the database does not answer".to_owned()));
    let not = get("/readyz").await;
    let reason = "the database does not answer";
    let wanted = json!({ "status": "not ready", "reason": reason, "clock held at": held });
    assert_eq!((not.status, not.json()), (503, wanted));
    assert_eq!(get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_runs_is_not_mentioned() {
    let server = start(Settings {
        clock: Clock::System,
        grace: Duration::ZERO,
        ..settings()
    });
    let ready = answer(server.client.get(server.url("/readyz"))).await;
    assert_eq!(ready.json(), json!({ "status": "ready" }));
}
