//! The lists of a report: pages that follow each other, cursors of one report alone, and what all of it costs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{REPORT, scene::scene};
use crate::support::{ADMIN, TestDatabase, World, both};

const LISTS: [(&str, &str); 2] = [("waiting", "name"), ("leaders", "leader { name }")];

/// A page of a list, as `arguments` say.
fn page(list: &str, node: &str, arguments: &str) -> String {
    format!(
        "query($at: String, $input: CoverageInput!) {{ coverage(input: $input) {{ list: {list}({arguments}) {{
            totalCount nodes {{ {node} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    )
}

async fn pages_follow_each_other_both_ways(database: TestDatabase) {
    let world = scene(database).await;
    for who in [ADMIN, "ada"] {
        for (list, node) in LISTS {
            let ask = async |arguments: &str, at: &Value| {
                let variables = json!({ "at": at, "input": {} });
                world.data(who, &page(list, node, arguments), variables).await["coverage"]["list"].clone()
            };
            let whole = ask("first: 100, after: $at", &Value::Null).await;
            let nodes = whole["nodes"].as_array().unwrap().clone();
            assert!(nodes.len() >= 2, "{list} of {who}: {whole:#}");
            assert_eq!(whole["totalCount"], nodes.len());
            let (mut ahead, mut at) = (Vec::new(), Value::Null);
            loop {
                let page = ask("first: 1, after: $at", &at).await;
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !at.is_null(), "{list} of {who}");
                ahead.extend(page["nodes"].as_array().unwrap().clone());
                at = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(ahead, nodes, "{list} of {who} forward");
            let (mut behind, mut at) = (Vec::new(), Value::Null);
            loop {
                let page = ask("last: 2, before: $at", &at).await;
                assert_eq!(page["pageInfo"]["hasNextPage"], !at.is_null(), "{list} of {who}");
                behind.splice(0..0, page["nodes"].as_array().unwrap().clone());
                at = page["pageInfo"]["startCursor"].clone();
                if page["pageInfo"]["hasPreviousPage"] == false {
                    break;
                }
            }
            assert_eq!(behind, nodes, "{list} of {who} backward");
        }
    }
}

async fn a_cursor_fits_its_own_report_alone(database: TestDatabase) {
    let world = scene(database).await;
    let hal = world.id("hal").await;
    for (list, node) in LISTS {
        let first = page(list, node, "first: 1, after: $at");
        let told = world.data("ada", &first, json!({ "input": {} })).await;
        let cursor = &told["coverage"]["list"]["pageInfo"]["endCursor"];
        assert!(cursor.is_string(), "{told:#}");
        let next = world.data("ada", &first, json!({ "at": cursor, "input": {} })).await;
        assert_ne!(next["coverage"]["list"]["nodes"], told["coverage"]["list"]["nodes"]);
        let (other_list, other_node) = *LISTS.iter().find(|(other, _)| *other != list).unwrap();
        let people = "query($at: String) { people(first: 1, after: $at) { totalCount } }";
        for (who, query, input) in [
            (ADMIN, first.as_str(), json!({})),
            ("bob", &first, json!({})),
            ("ada", &first, json!({ "windowDays": 100 })),
            ("ada", &first, json!({ "department": "north" })),
            ("ada", &first, json!({ "under": hal })),
            ("ada", &page(other_list, other_node, "first: 1, after: $at"), json!({})),
            ("ada", people, json!({})),
        ] {
            let answer = world.ask(who, query, json!({ "at": cursor, "input": input })).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "BAD_USER_INPUT", "{list} to {who} with {input}: {answer:#}");
        }
    }
}

/// A whole report takes as many statements of a large organisation as of a small one.
async fn the_number_of_statements_does_not_grow(database: TestDatabase) {
    let world = World::empty(database, "2026-06-15T09:00:00Z").await;
    let mut costs = Vec::new();
    for branches in [2, 12] {
        let mut outline = String::from("ada\n");
        for branch in 0..branches {
            let _ = writeln!(outline, "  b{branch}\n    c{branch}");
            for person in 0..6 {
                let _ = writeln!(outline, "      p{branch}{person}");
            }
        }
        world.import(&outline).await;
        world.admin("{ viewer { roles } }", json!({})).await;
        for who in [ADMIN, "ada"] {
            let variables = json!({ "input": { "groupBy": "BRANCH" } });
            world.statements();
            let told = world.data(who, REPORT, variables).await;
            let cost = world.statements();
            assert_eq!(told["coverage"]["total"]["population"], branches * 7);
            costs.push(cost);
        }
    }
    let [admin, ada, admin_of_more, ada_of_more] = costs[..] else {
        panic!("{costs:?}")
    };
    assert_eq!((admin, ada), (admin_of_more, ada_of_more));
    assert!(ada <= 20, "{ada} statements");
}

both!(
    pages_follow_each_other_both_ways,
    a_cursor_fits_its_own_report_alone,
    the_number_of_statements_does_not_grow,
);
