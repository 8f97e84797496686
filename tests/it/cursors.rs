//! Cursors belong to one viewer and one list, and never open more; and a page costs the same whatever its size.

use serde_json::{Value, json};
use skiplevel::auth::token::Role;

use crate::support::{TestDatabase, World, both};

const ORGANISATION: &str = "
    ada
      bob
        cyd
        dee
        eve
      fay
        gus
        hal
";

const NOW: &str = "2026-01-05T09:00:00Z";

async fn a_cursor_fits_its_own_list_only(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let ada = world.token("ada", &[]);
    let own = "query($after: String) { people(first: 2, after: $after) { nodes { name } pageInfo { endCursor } } }";
    let first = world.ask_as(&ada, own, json!({})).await;
    let cursor = first["data"]["people"]["pageInfo"]["endCursor"].as_str().unwrap();
    let next = world.ask_as(&ada, own, json!({ "after": cursor })).await;
    assert_eq!(
        names(&next["data"]["people"]),
        ["cyd", "dee"],
        "its own list takes it: {next:#}"
    );

    let id = world.id("ada").await;
    let other_lists = [
        "people(first: 2, after: $after, orderBy: DEPTH) { totalCount }".to_owned(),
        "people(first: 2, after: $after, orderBy: LEAST_RECENTLY_MET) { totalCount }".to_owned(),
        "people(first: 2, after: $after, filter: {search: \"e\"}) { totalCount }".to_owned(),
        "people(first: 2, after: $after, filter: {search: \"\"}) { totalCount }".to_owned(),
        "people(first: 2, after: $after, asOf: \"2026-01-05\") { totalCount }".to_owned(),
        format!("people(first: 2, after: $after, filter: {{under: \"{id}\"}}) {{ totalCount }}"),
        format!("people(first: 2, after: $after, filter: {{under: \"{id}\", minDistance: 2}}) {{ totalCount }}"),
        format!("person(by: {{id: \"{id}\"}}) {{ reports(first: 2, after: $after) {{ totalCount }} }}"),
        format!("person(by: {{id: \"{id}\"}}) {{ below(first: 2, after: $after) {{ totalCount }} }}"),
        "meetings(first: 2, after: $after) { totalCount }".to_owned(),
        "viewer { meetings(first: 2, after: $after) { totalCount } }".to_owned(),
        "suggestions(first: 2, after: $after) { totalCount }".to_owned(),
    ];
    for list in other_lists {
        let list = format!("query($after: String) {{ {list} }}");
        let without = world.ask_as(&ada, &list, json!({})).await;
        assert!(without.get("errors").is_none(), "{list}: {without:#}");
        refused(&world.ask_as(&ada, &list, json!({ "after": cursor })).await, &list);
    }
    for (who, roles) in [
        ("bob", &[][..]),
        ("fay", &[]),
        ("hr-admin", &[Role::HrAdmin]),
        ("machine", &[Role::Integration]),
    ] {
        let token = world.token(who, roles);
        refused(&world.ask_as(&token, own, json!({ "after": cursor })).await, who);
    }
}

async fn a_cursor_that_was_touched_is_none(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let list = "query($after: String) { people(first: 2, after: $after) { nodes { name } pageInfo { endCursor } } }";
    let first = world.data("ada", list, json!({})).await;
    let cursor = first["people"]["pageInfo"]["endCursor"].as_str().unwrap();
    let mut touched: Vec<String> = (0..cursor.len())
        .step_by(3)
        .map(|at| with_another_letter(cursor, at))
        .collect();
    touched.push(cursor[..cursor.len() - 1].to_owned());
    touched.push(cursor[1..].to_owned());
    touched.push(format!("{cursor}AA"));
    touched.extend(["", "MQ", "bm90IGEgY3Vyc29y", "🦀", "0"].map(str::to_owned));
    for cursor in touched {
        refused(&world.ask("ada", list, json!({ "after": cursor })).await, &cursor);
    }
}

/// A cursor says where a page begins, not who is on it: whoever went out of reach meanwhile is not there.
async fn a_cursor_never_widens_the_reach(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let list = "query($after: String) { people(first: 2, after: $after) { totalCount nodes { name } pageInfo { endCursor } } }";
    let first = world.data("bob", list, json!({})).await;
    assert_eq!(names(&first["people"]), ["bob", "cyd"]);
    let (dee, fay) = (world.id("dee").await, world.id("fay").await);
    let moved = "mutation($dee: ID!, $fay: ID!) { setManager(input: {personId: $dee, managerId: $fay}) { userErrors { code } } }";
    let moved = world.admin(moved, json!({ "dee": dee, "fay": fay })).await;
    assert_eq!(moved["setManager"]["userErrors"], json!([]));
    let next = world
        .data(
            "bob",
            list,
            json!({ "after": first["people"]["pageInfo"]["endCursor"] }),
        )
        .await;
    assert_eq!(names(&next["people"]), ["eve"], "{next:#}");
    assert_eq!(next["people"]["totalCount"], 3);
}

async fn pages_follow_each_other_without_gaps(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    for order in ["NAME", "DEPTH", "LEAST_RECENTLY_MET"] {
        let whole = format!("{{ people(first: 100, orderBy: {order}) {{ nodes {{ name }} }} }}");
        let whole = names(&world.data("ada", &whole, json!({})).await["people"]);
        assert_eq!(whole.len(), 8);
        let forward = format!(
            "query($at: String) {{ people(first: 3, after: $at, orderBy: {order}) {{ nodes {{ name }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let backward = format!(
            "query($at: String) {{ people(last: 3, before: $at, orderBy: {order}) {{ nodes {{ name }} pageInfo {{ hasPreviousPage startCursor }} }} }}"
        );
        let (mut ahead, mut at) = (Vec::new(), Value::Null);
        loop {
            let page = &world.data("ada", &forward, json!({ "at": at })).await["people"];
            ahead.extend(names(page));
            at = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(ahead, whole, "{order} forward");
        let (mut behind, mut at) = (Vec::new(), Value::Null);
        loop {
            let page = &world.data("ada", &backward, json!({ "at": at })).await["people"];
            behind.splice(0..0, names(page));
            at = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(behind, whole, "{order} backward");
    }
}

both!(
    a_cursor_fits_its_own_list_only,
    a_cursor_that_was_touched_is_none,
    a_cursor_never_widens_the_reach,
    pages_follow_each_other_without_gaps,
);

fn names(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("no connection: {connection}"));
    nodes
        .iter()
        .map(|node| node["name"].as_str().unwrap().to_owned())
        .collect()
}

fn refused(answer: &Value, what: &str) {
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "{what}: {answer:#}"
    );
    assert!(
        answer["data"].get("people").is_none_or(Value::is_null),
        "{what}: {answer:#}"
    );
}

fn with_another_letter(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}
