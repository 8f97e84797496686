//! The limits of single fields, at each and one past it; those of requests and documents are in `http/limits` and beside
//! `preflight`.

use serde_json::json;

use crate::support::{TestDatabase, World};

const NOW: &str = "2026-01-05T09:00:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_a_page() {
    let world = World::of(TestDatabase::sqlite(), "ada\n  bob\n", NOW).await;
    for size in ["first", "last"] {
        let page = format!("query($size: Int) {{ people({size}: $size) {{ nodes {{ name }} }} }}");
        for within in [1, 100] {
            world.data("ada", &page, json!({ "size": within })).await;
        }
        for beyond in [-1, 0, 101, i32::MAX] {
            let answer = world.ask("ada", &page, json!({ "size": beyond })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(size) && message.contains("100"), "{message}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_a_field() {
    let world = World::of(TestDatabase::sqlite(), "ada\n  bob\n", NOW).await;
    let bob = world.id("bob").await;
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let within = world.data("ada", nodes, json!({ "ids": vec![&bob; 100] })).await;
    assert_eq!(within["nodes"].as_array().unwrap().len(), 100);
    let beyond = world.ask("ada", nodes, json!({ "ids": vec![&bob; 101] })).await;
    let error = &beyond["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{beyond:#}");
    assert!(error["message"].as_str().unwrap().contains("100 ids"), "{beyond:#}");
}
