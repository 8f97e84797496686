//! Peer edges: proposed, confirmed, skipped and ended.

use expect_test::expect;
use serde_json::{Value, json};

use super::{NOW, WEEK, about, organisation, peer, peers, sees, told};
use crate::support::{ADMIN, TestDatabase, World, both};

/// The peers of `who`, as `NAME STATE`, with what else there is to say.
async fn edges(world: &World, who: &str) -> Vec<String> {
    let query = "{ viewer { peers { totalCount nodes {
        person { name access } state agreedByMe endProposed dueOn lastMet { kind } } } } }";
    let list = world.data(who, query, json!({})).await["viewer"]["peers"].clone();
    let nodes = list["nodes"].as_array().unwrap();
    assert_eq!(list["totalCount"], nodes.len());
    let line = |node: &Value| {
        let mut line = format!(
            "{} {}",
            node["person"]["name"].as_str().unwrap(),
            node["state"].as_str().unwrap()
        );
        for (field, word) in [("agreedByMe", ", agreed"), ("endProposed", ", end proposed")] {
            line += if node[field] == true { word } else { "" };
        }
        line += &node["dueOn"]
            .as_str()
            .map(|day| format!(", due {day}"))
            .unwrap_or_default();
        line
    };
    nodes.iter().map(line).collect()
}

/// Bob and fay have met, so each sees the other's card, whatever becomes of the edge. Returns the edge.
async fn met(world: &World) -> Value {
    world.draw(WEEK).await;
    let accept = json!({ "suggestionId": peer(world, "bob", WEEK).await["id"], "startsAt": NOW });
    let meeting = world.act("bob", "acceptSuggestion", accept).await["suggestion"]["meeting"].clone();
    world
        .act("bob", "confirmMeeting", json!({ "meetingId": meeting["id"] }))
        .await;
    edge(world, "bob").await
}

/// The id of the only peer of `who`.
async fn edge(world: &World, who: &str) -> Value {
    let data = world
        .data(who, "{ viewer { peers { nodes { id } } } }", json!({}))
        .await;
    data["viewer"]["peers"]["nodes"][0]["id"].clone()
}

async fn an_edge_is_shown_while_the_card_is(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    assert_eq!(edges(&world, "bob").await, ["fay PROPOSED"]);
    assert_eq!(edges(&world, "fay").await, ["bob PROPOSED"]);
    assert_eq!(edges(&world, "ada").await, [""; 0]);
    assert_eq!(
        edges(&world, ADMIN).await,
        [""; 0],
        "HR sees suggestions and meetings, not this"
    );
    let id = edge(&world, "bob").await;
    assert_eq!(id, edge(&world, "fay").await, "it is one edge");
    let look = "query($id: ID!) { node(id: $id) { id } }";
    for (who, seen) in [
        ("bob", true),
        ("fay", true),
        ("ada", false),
        (ADMIN, false),
        ("b1", false),
    ] {
        let node = world.data(who, look, json!({ "id": id })).await["node"].clone();
        assert_eq!(node.is_object(), seen, "{who}");
    }
    world
        .act("bob", "skipSuggestion", about(&peer(&world, "bob", WEEK).await))
        .await;
    assert_eq!(edges(&world, "bob").await, [""; 0]);
    assert_eq!(world.data("bob", look, json!({ "id": id })).await["node"], Value::Null);
    let refused = world.refusal("bob", "confirmPeer", json!({ "peerId": id })).await;
    assert_eq!(refused, "NOT_FOUND input.peerId: nothing in your reach has this peerId");
}

async fn both_have_to_agree(database: TestDatabase) {
    let world = organisation(database).await;
    let id = met(&world).await;
    assert_eq!(edges(&world, "bob").await, ["fay PROPOSED, due 2026-02-02"]);
    let fay = json!({ "personId": world.id("fay").await });
    let proposed = world.act("bob", "proposePeer", fay.clone()).await["peer"].clone();
    assert_eq!((&proposed["id"], &proposed["state"]), (&id, &json!("PROPOSED")));
    world.act("bob", "proposePeer", fay).await;
    assert_eq!(edges(&world, "bob").await, ["fay PROPOSED, agreed, due 2026-02-02"]);
    assert_eq!(edges(&world, "fay").await, ["bob PROPOSED, due 2026-02-02"]);
    let confirmed = world.act("fay", "confirmPeer", json!({ "peerId": id })).await["peer"].clone();
    assert_eq!(confirmed["state"], "CONFIRMED");
    assert_eq!(edges(&world, "bob").await, ["fay CONFIRMED, agreed, due 2026-02-02"]);
}

async fn a_confirmed_peers_card_is_always_shown(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let id = json!({ "peerId": edge(&world, "bob").await });
    world.act("bob", "confirmPeer", id.clone()).await;
    world.act("fay", "confirmPeer", id.clone()).await;
    let later = world.at("2026-01-12T00:00:00Z").await;
    for (who, other) in [("bob", "fay"), ("fay", "bob")] {
        let seen = sees(&later, who, other).await;
        assert_eq!(
            (&seen["access"], &seen["status"]),
            (&json!("CARD"), &Value::Null),
            "{who}"
        );
    }
    assert_eq!(sees(&later, "bob", "f1").await, Value::Null);
    assert_eq!(edges(&later, "fay").await, ["bob CONFIRMED, agreed"]);
    // It ends with the edge.
    let ended = later.act("bob", "endPeer", id).await;
    assert_eq!(ended["peer"], Value::Null);
    for (who, other) in [("bob", "fay"), ("fay", "bob")] {
        assert_eq!(sees(&later, who, other).await, Value::Null, "{who}");
        assert_eq!(edges(&later, who).await, [""; 0], "{who}");
    }
}

async fn what_has_ended_stays_so_until_both_want_it_again(database: TestDatabase) {
    let world = organisation(database).await;
    let id = json!({ "peerId": met(&world).await });
    let march = world.at("2026-03-02T09:00:00Z").await;
    march.draw("2026-W10").await;
    let open = peer(&march, "bob", "2026-W10").await;
    let ended = march.act("fay", "endPeer", id.clone()).await["peer"].clone();
    assert_eq!(ended["state"], "ENDED");
    assert_eq!(
        told(&march, "2026-W10").await,
        ["bob -> fay INVALIDATED NOT_THIS_TIME", "fay -> bob SKIPPED"]
    );
    assert_eq!(edges(&march, "bob").await, [""; 0]);
    let answers = [
        march.refusal("bob", "confirmPeer", id.clone()).await,
        march.refusal("bob", "endPeer", id.clone()).await,
        march.refusal("bob", "acceptSuggestion", about(&open)).await,
    ];
    expect![[r#"
        WRONG_STATUS input.peerId: this peer has ended; propose them anew with proposePeer
        WRONG_STATUS input.peerId: this peer has ended; propose them anew with proposePeer
        WRONG_STATUS input.suggestionId: this suggestion is INVALIDATED and cannot be accepted
    "#]]
    .assert_eq(&(answers.join("\n") + "\n"));
    march.draw("2026-W11").await;
    assert_eq!(
        told(&march, "2026-W11").await,
        [""; 0],
        "neither suggested nor discovered again"
    );
    // Bob asks again: fay is not asked by the draw, but may say yes.
    march
        .act("bob", "proposePeer", json!({ "personId": march.id("fay").await }))
        .await;
    march.draw("2026-W12").await;
    assert_eq!(told(&march, "2026-W12").await, [""; 0]);
    assert_eq!(edges(&march, "fay").await, ["bob PROPOSED, due 2026-02-02"]);
    march.act("fay", "confirmPeer", id).await;
    march.draw("2026-W13").await;
    assert_eq!(
        peer(&march, "fay", "2026-W13").await["reasons"][1]["code"],
        "CONFIRMED_PEER"
    );
}

async fn three_skips_propose_to_end_it(database: TestDatabase) {
    let mut world = organisation(database).await;
    world.draw(WEEK).await;
    let id = json!({ "peerId": edge(&world, "bob").await });
    world.act("bob", "confirmPeer", id.clone()).await;
    world.act("fay", "confirmPeer", id.clone()).await;
    let days = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"];
    let weeks = ["2026-W02", "2026-W03", "2026-W04", "2026-W05"];
    for (number, who) in [(0, "bob"), (1, "fay"), (2, "bob")] {
        world = world.at(&format!("{}T09:00:00Z", days[number])).await;
        world.draw(weeks[number]).await;
        assert_eq!(edges(&world, who).await.concat().matches("end proposed").count(), 0);
        world
            .act(who, "skipSuggestion", about(&peer(&world, who, weeks[number]).await))
            .await;
    }
    assert_eq!(edges(&world, "fay").await, ["bob CONFIRMED, agreed, end proposed"]);
    world = world.at("2026-01-26T09:00:00Z").await;
    world.draw(weeks[3]).await;
    assert_eq!(told(&world, weeks[3]).await, [""; 0]);
    // One keeps it, and it goes on.
    world.act("fay", "confirmPeer", id).await;
    assert_eq!(edges(&world, "bob").await, ["fay CONFIRMED, agreed"]);
    world.draw(weeks[3]).await;
    assert_eq!(peers(&world, "bob", weeks[3]).await.len(), 1);
}

async fn meeting_forgets_the_skips_before_it(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let id = json!({ "peerId": edge(&world, "bob").await });
    world.act("bob", "confirmPeer", id.clone()).await;
    world.act("fay", "confirmPeer", id).await;
    let skips = async || {
        let raw = world.database.raw().await;
        crate::support::number(&raw, "SELECT CAST(MAX(skips) AS BIGINT) FROM peer_edge").await
    };
    world
        .act("bob", "skipSuggestion", about(&peer(&world, "bob", WEEK).await))
        .await;
    assert_eq!(skips().await, 1);
    world.draw("2026-W03").await;
    let record = json!({ "counterpartId": world.id("bob").await, "heldAt": "2026-01-05T08:00:00Z" });
    let held = world.act("fay", "recordMeeting", record.clone()).await["meeting"].clone();
    assert_eq!((&held["kind"], &held["status"]), (&json!("PEER"), &json!("HELD")));
    assert_eq!(skips().await, 0);
    assert_eq!(
        peer(&world, "bob", "2026-W03").await["status"],
        "OPEN",
        "for another week"
    );
    // What is open for the week in which they met is answered by that, on both sides.
    let tuesday = world.at("2026-01-13T09:00:00Z").await;
    let record = json!({ "counterpartId": world.id("bob").await, "heldAt": "2026-01-13T08:00:00Z" });
    tuesday.act("fay", "recordMeeting", record).await;
    assert_eq!(
        told(&tuesday, "2026-W03").await,
        ["bob -> fay ACCEPTED", "fay -> bob ACCEPTED"]
    );
}

async fn who_can_be_a_peer(database: TestDatabase) {
    let world = organisation(database).await;
    let propose = async |who: &str, other: &str| {
        let input = json!({ "personId": world.id(other).await });
        world.refusal(who, "proposePeer", input).await
    };
    let answers = [
        propose("bob", "fay").await,
        propose("bob", "b2").await,
        propose("b2", "ada").await,
        propose("bob", "bob").await,
    ];
    expect![[r#"
        NOT_FOUND input.personId: nothing in your reach has this personId
        NOT_ALLOWED input.personId: one of you stands above the other: peers stand side by side
        NOT_ALLOWED input.personId: one of you stands above the other: peers stand side by side
        INVALID input.personId: a 1:1 is between two people: this is you
    "#]]
    .assert_eq(&(answers.join("\n") + "\n"));
    world.draw(WEEK).await;
    world
        .act("bob", "proposePeer", json!({ "personId": world.id("fay").await }))
        .await;
    let id = edge(&world, "bob").await;
    for (mutation, who) in [("confirmPeer", "ada"), ("endPeer", "b1")] {
        let refused = world.refusal(who, mutation, json!({ "peerId": id })).await;
        assert_eq!(refused, "NOT_FOUND input.peerId: nothing in your reach has this peerId");
    }
    assert_eq!(
        world.fault(ADMIN, "endPeer", json!({ "peerId": id })).await,
        "FORBIDDEN"
    );
    assert_eq!(edges(&world, "fay").await, ["bob PROPOSED"]);
}

both!(
    an_edge_is_shown_while_the_card_is,
    both_have_to_agree,
    a_confirmed_peers_card_is_always_shown,
    what_has_ended_stays_so_until_both_want_it_again,
    three_skips_propose_to_end_it,
    meeting_forgets_the_skips_before_it,
    who_can_be_a_peer,
);
