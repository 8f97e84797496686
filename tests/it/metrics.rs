//! `/metrics` over HTTP: what it tells, what it never tells, and that the documentation, the alerts and the dashboard speak of
//! numbers that are there.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use skiplevel::http::{Exposure, Settings};

use crate::{
    http::toy,
    support::{Options, TestDatabase, World, both, client},
};

const NOW: &str = "2026-01-05T09:00:00Z";

const ORGANISATION: &str = "ada\n  bob\n    cyd\n    dee\n";

async fn metrics_at(address: impl std::fmt::Display) -> String {
    let answer = client().get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(
        kind.starts_with("application/openmetrics-text; version=1.0.0"),
        "{kind}"
    );
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"));
    text
}

/// The value of a series.
fn value(text: &str, series: &str) -> f64 {
    let found = text
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found
        .unwrap_or_else(|| panic!("{series} is not in {text}"))
        .parse()
        .unwrap()
}

/// The names of all metrics, as queries use them.
fn names(text: &str) -> BTreeSet<String> {
    let types = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let name = |(name, kind)| match kind {
        "counter" => format!("{name}_total"),
        "info" => format!("{name}_info"),
        _ => String::from(name),
    };
    types.map(name).collect()
}

/// Every metric that a text speaks of.
fn spoken_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let ours = words.filter(|word| word.starts_with("skiplevel_"));
    let series = |word: &str| {
        let of_histogram = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|end| word.strip_suffix(end));
        of_histogram.unwrap_or(word).to_owned()
    };
    ours.map(series).collect()
}

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Everything that a server tells at once.
async fn everything() -> BTreeSet<String> {
    let world = World::of(TestDatabase::sqlite(), ORGANISATION, NOW).await;
    world.data("ada", "{ viewer { person { name } } }", json!({})).await;
    world
        .ask_as("no token", "{ viewer { person { name } } }", json!({}))
        .await;
    names(&metrics_at(world.address).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_documented_and_no_other() {
    assert_eq!(spoken_of(&file("docs/operating.md")), everything().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_and_dashboard_ask_for_numbers_that_are_there() {
    let there = everything().await;
    let (alerts, dashboard) = (file("deploy/alerts.yml"), file("deploy/dashboard.json"));
    for asked in [&alerts, &dashboard] {
        let asked = spoken_of(asked);
        assert!(!asked.is_empty());
        assert_eq!(asked.difference(&there).collect::<Vec<_>>(), [""; 0]);
    }
    let panels: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = panels["panels"].as_array().unwrap();
    assert!(
        panels
            .iter()
            .all(|panel| !spoken_of(&panel["targets"].to_string()).is_empty())
    );

    // Each alert is a list item with these lines, and has a section that says what to do.
    let page = file("docs/operating.md");
    let alerts: Vec<_> = alerts.split("      - alert: ").skip(1).collect();
    assert_eq!(alerts.len(), 10);
    for alert in alerts {
        let name = alert.lines().next().unwrap();
        let indented = [
            "        expr: ",
            "        for: ",
            "          severity: ",
            "          summary: ",
        ];
        for line in indented {
            assert!(
                alert.lines().any(|other| other.starts_with(line)),
                "{name} without {line}"
            );
        }
        assert!(!alert.contains('\t'));
        assert!(page.contains(&format!("| `{name}` |")), "{name} is not documented");
    }
}

async fn what_was_done_is_counted(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let week = "query ThisWeek { viewer { person { name } } }";
    world.data("ada", week, json!({})).await;
    world.ask("ada", "{ nothing }", json!({})).await;
    let scim = client().get(format!("http://{}/scim/v2/Users", world.address));
    assert_eq!(scim.bearer_auth("wrong").send().await.unwrap().status(), 401);
    world.app.draw_due(world.now).await.unwrap();
    let text = metrics_at(world.address).await;
    for (series, expected) in [
        (
            r#"skiplevel_requests_total{door="graphql",operation="ThisWeek",status="2xx"}"#,
            1.0,
        ),
        (
            r#"skiplevel_requests_total{door="scim",operation="other",status="4xx"}"#,
            1.0,
        ),
        (
            r#"skiplevel_requests_total{door="calendar",operation="other",status="2xx"}"#,
            0.0,
        ),
        (
            r#"skiplevel_errors_total{door="graphql",code="GRAPHQL_VALIDATION_FAILED"}"#,
            1.0,
        ),
        (r#"skiplevel_errors_total{door="scim",code="UNAUTHENTICATED"}"#, 1.0),
        (
            r#"skiplevel_request_duration_seconds_count{door="graphql",operation="ThisWeek"}"#,
            1.0,
        ),
        (r#"skiplevel_operation_cost_count"#, 2.0),
        (r#"skiplevel_sync_runs{outcome="APPLIED"}"#, 1.0),
        ("skiplevel_sync_last_rows", 4.0),
        ("skiplevel_sync_last_success_timestamp_seconds", 1_767_603_600.0),
        // Ada has two people to meet, so one this week and one the next.
        ("skiplevel_draw_suggestions", 1.0),
        // The Monday after this one.
        ("skiplevel_draw_newest_week_timestamp_seconds", 1_768_176_000.0),
        ("skiplevel_database_answers", 1.0),
        ("skiplevel_requests_in_flight", 0.0),
        (r#"skiplevel_pool_connections_max{pool="readers"}"#, 8.0),
    ] {
        let found = value(&text, series);
        assert!((found - expected).abs() < 0.001, "{series} is {found}, not {expected}");
    }
    // Who asks, and what of: the session's first statement, and nothing more for one's own name.
    let statements = value(&text, r#"skiplevel_request_statements_sum{door="graphql"}"#);
    let requests = value(&text, r#"skiplevel_request_statements_count{door="graphql"}"#);
    assert!(requests >= 1.0 && statements >= requests, "{statements} of {requests}");
    for secret in ["ada", "bob", "example.org", "wrong"] {
        assert!(!text.contains(secret), "{secret} is told");
    }
}

async fn every_door_has_the_same_budget(database: TestDatabase) {
    let mut options = Options::default();
    // Two documents, or one and a few queries.
    options.limits.cost_per_minute = 20;
    let world = World::start(std::sync::Arc::new(database), NOW, &options).await;
    world.import(ORGANISATION).await;
    let get = |path: &str, token: &str| {
        client()
            .get(format!("http://{}{path}", world.address))
            .bearer_auth(token)
            .send()
    };
    for (path, token) in [
        ("/scim/v2/Users", world.integration("hr")),
        ("/reports/coverage.csv", world.token("ada", &[])),
        ("/calendar/meetings/none.ics", world.token("bob", &[])),
    ] {
        for remaining in ["10", "0"] {
            let within = get(path, &token).await.unwrap();
            assert_ne!(within.status(), 429, "{path}");
            assert_eq!(within.headers()["ratelimit-limit"], "20", "{path}");
            let left: u32 = within.headers()["ratelimit-remaining"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            let least: u32 = remaining.parse().unwrap();
            assert!((least..least + 10).contains(&left), "{path}: {left}");
        }
        let beyond = get(path, &token).await.unwrap();
        assert_eq!(beyond.status(), 429, "{path}");
        let wait: u64 = beyond.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait), "{path}: {wait}");
        assert!(beyond.text().await.unwrap().contains("20 a minute"), "{path}");
    }
}

both!(what_was_done_is_counted, every_door_has_the_same_budget);

#[tokio::test(flavor = "multi_thread")]
async fn names_of_operations_that_nobody_knows_add_no_series() {
    let server = toy::start(toy::settings());
    server.ask("query Theirs { leaf }").await;
    let few = metrics_at(server.address).await.lines().count();
    for number in 0..200 {
        server.ask(&format!("query Theirs{number} {{ leaf }}")).await;
    }
    let text = metrics_at(server.address).await;
    assert_eq!(text.lines().count(), few);
    assert!(!text.contains("Theirs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn they_can_be_off_or_at_an_address_of_their_own() {
    let exposed = |exposure| Settings {
        exposure,
        ..toy::settings()
    };
    let missing = |server: &toy::Running| client().get(server.url("/metrics")).send();
    let off = toy::start(exposed(Exposure::Off));
    assert_eq!(missing(&off).await.unwrap().status(), 404);

    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut apart = toy::start(exposed(Exposure::At(free)));
    assert_eq!(missing(&apart).await.unwrap().status(), 404);
    assert!(metrics_at(free).await.contains("skiplevel_build_info{"));
    let other = client().get(format!("http://{free}/healthz")).send().await.unwrap();
    assert_eq!(other.status(), 404, "nothing else is there");
    apart.stop();
    apart.ended().await.unwrap();
    assert!(
        client().get(format!("http://{free}/metrics")).send().await.is_err(),
        "it ends with the server"
    );
}
