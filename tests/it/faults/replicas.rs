//! Two servers over one database.

use serde_json::json;

use super::{NOW, ORGANISATION};
use crate::support::{ADMIN, TestDatabase, World, both};

async fn a_move_on_one_is_in_force_at_the_next_request_on_the_other(database: TestDatabase) {
    let one = World::of(database, ORGANISATION, NOW).await;
    let other = one.beside().await;
    let (bob, fay, hal) = (one.id("bob").await, one.id("fay").await, one.id("hal").await);
    let below = "query($id: ID!) { node(id: $id) { ... on Person { name } } }";
    for manager in [&bob, &fay, &bob] {
        let moved = json!({ "personId": hal, "managerId": manager, "effectiveDate": "2026-01-05" });
        one.act(ADMIN, "setManager", moved).await;
        for (leader, id) in [("bob", &bob), ("fay", &fay)] {
            let seen = other.data(leader, below, json!({ "id": hal })).await;
            assert_eq!(seen["node"]["name"] == "hal", id == manager, "{leader}: {seen:#}");
        }
    }
}

both!(a_move_on_one_is_in_force_at_the_next_request_on_the_other);
