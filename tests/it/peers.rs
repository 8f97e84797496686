//! Peers through the API: who is suggested to whom, what each may see of it, and what becomes of it.

mod edges;

use entity::reporting_line;
use expect_test::expect;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use skiplevel::domain::{Date, sync::SyncStatus};

use crate::support::{ADMIN, Change, TestDatabase, World, both, number};

/// Two leaders side by side, bob and fay.
const ORGANISATION: &str = "
    ada
      bob
        b1
          b2
      fay
        f1
          f2
    ";

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";
const WEEK: &str = "2026-W02";

async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

/// What a week suggests to `who` as peers.
async fn peers(world: &World, who: &str, week: &str) -> Vec<Value> {
    let plan = world.week(who, week).await;
    let rows = plan["suggestions"].as_array().unwrap().clone();
    rows.into_iter().filter(|row| row["kind"] == "PEER").collect()
}

/// The one peer that a week suggests to `who`.
async fn peer(world: &World, who: &str, week: &str) -> Value {
    let mut rows = peers(world, who, week).await;
    assert_eq!(rows.len(), 1, "{who} in {week}: {rows:#?}");
    rows.remove(0)
}

fn about(suggestion: &Value) -> Value {
    json!({ "suggestionId": suggestion["id"] })
}

/// `leader -> counterpart STATUS`, and why it was taken away, of everybody's peers in a week, as HR sees them.
async fn told(world: &World, week: &str) -> Vec<String> {
    let query = "query($week: IsoWeek) { suggestions(week: $week, kind: PEER, first: 100) {
        nodes { status invalidReason leader { name } counterpart { name } } } }";
    let data = world.admin(query, json!({ "week": week })).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |row: &Value| {
        let (leader, counterpart) = (text(&row["leader"]["name"]), text(&row["counterpart"]["name"]));
        let line = format!(
            "{leader} -> {counterpart} {} {}",
            text(&row["status"]),
            text(&row["invalidReason"])
        );
        line.trim_end().to_owned()
    };
    let nodes = data["suggestions"]["nodes"].as_array().unwrap();
    let mut lines: Vec<_> = nodes.iter().map(line).collect();
    lines.sort();
    lines
}

/// What `who` sees of somebody: what they are to them, or null.
async fn sees(world: &World, who: &str, other: &str) -> Value {
    let id = world.id(other).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Person {
        access name email status startDate manager { name } managers { name } lastHeard
        reports { totalCount } below { totalCount } reportingLines { id } } } }";
    world.data(who, query, json!({ "id": id })).await["node"].clone()
}

async fn one_accepting_serves_both(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let (of_bob, of_fay) = (peer(&world, "bob", WEEK).await, peer(&world, "fay", WEEK).await);
    for (own, me, other) in [(&of_bob, "bob", "fay"), (&of_fay, "fay", "bob")] {
        assert_eq!(own["leader"]["name"], me);
        assert_eq!(own["counterpart"]["name"], other);
        let nothing = json!([null, null, null, "OPEN"]);
        assert_eq!(
            json!([own["distance"], own["band"], own["meeting"], own["status"]]),
            nothing
        );
        assert_eq!(own["reasons"][0]["code"], "FIRST_PEER");
    }
    let accepted = world.act("bob", "acceptSuggestion", about(&of_bob)).await["suggestion"].clone();
    assert_eq!(accepted["status"], "ACCEPTED");
    let other = peer(&world, "fay", WEEK).await;
    assert_eq!(other["status"], "ACCEPTED");
    assert_eq!(
        other["meeting"], accepted["meeting"],
        "one meeting, found from either side"
    );
    let refused = world.refusal("fay", "acceptSuggestion", about(&of_fay)).await;
    assert_eq!(
        refused,
        "WRONG_STATUS input.suggestionId: this suggestion is ACCEPTED and cannot be accepted"
    );
    // Either of the two agrees on a time, and either says that it took place.
    let when = json!({ "counterpartId": world.id("bob").await, "startsAt": "2026-01-08T09:00:00Z" });
    let timed = world.act("fay", "scheduleMeeting", when).await["meeting"].clone();
    assert_eq!(timed["id"], accepted["meeting"]["id"]);
    assert_eq!((&timed["kind"], &timed["origin"]), (&json!("PEER"), &json!("ROTATION")));
    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM meeting").await, 1);
    let later = world.at("2026-01-09T09:00:00Z").await;
    let held = later
        .act("fay", "confirmMeeting", json!({ "meetingId": timed["id"] }))
        .await;
    assert_eq!(held["meeting"]["status"], "HELD");
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM load_claim WHERE meeting_id IS NOT NULL").await,
        0,
        "peers are nobody's load"
    );
}

async fn the_rhythm_is_four_weeks(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let accept = json!({ "suggestionId": peer(&world, "fay", WEEK).await["id"], "startsAt": NOW });
    let meeting = world.act("fay", "acceptSuggestion", accept).await["suggestion"]["meeting"].clone();
    world
        .act("bob", "confirmMeeting", json!({ "meetingId": meeting["id"] }))
        .await;
    for week in ["2026-W03", "2026-W04", "2026-W05"] {
        world.draw(week).await;
        assert_eq!(told(&world, week).await, [""; 0], "{week}");
    }
    world.draw("2026-W06").await;
    let next = peer(&world, "bob", "2026-W06").await;
    assert_eq!(next["reasons"][0]["code"], "PEER_DUE");
    assert_eq!(next["reasons"][0]["days"], 28);
}

async fn a_suggestion_shows_the_card_for_as_long_as_it_lives(database: TestDatabase) {
    let world = organisation(database).await;
    assert_eq!(sees(&world, "bob", "fay").await, Value::Null);
    world.draw(WEEK).await;
    let card = json!({
        "access": "CARD", "name": "fay", "email": "fay@example.org", "status": null, "startDate": null,
        "manager": null, "managers": [], "lastHeard": null,
        "reports": { "totalCount": 0 }, "below": { "totalCount": 0 }, "reportingLines": []
    });
    assert_eq!(sees(&world, "bob", "fay").await, card);
    assert_eq!(sees(&world, "fay", "bob").await["access"], "CARD");
    // Nobody else learns of it, and neither learns of those around the other.
    for (who, other) in [("b1", "fay"), ("bob", "f1"), ("bob", "f2"), ("f1", "bob")] {
        assert_eq!(sees(&world, who, other).await, Value::Null, "{who} of {other}");
    }
    let own = peer(&world, "bob", WEEK).await;
    let look = "query($id: ID!) { node(id: $id) { id } suggestions(kind: PEER) { totalCount } viewer { peers { totalCount } } }";
    let seen = world.data("b1", look, json!({ "id": own["id"] })).await;
    assert_eq!(
        seen,
        json!({ "node": null, "suggestions": { "totalCount": 0 }, "viewer": { "peers": { "totalCount": 0 } } })
    );
    let seen = world.data("fay", look, json!({ "id": own["id"] })).await;
    assert_eq!(seen["node"], Value::Null, "each has a suggestion of their own");
    assert_eq!(seen["suggestions"]["totalCount"], 1);
    // The week is over, and so is the view.
    let monday = world.at("2026-01-12T00:00:00Z").await;
    assert_eq!(sees(&monday, "bob", "fay").await, Value::Null);
    assert_eq!(peers(&monday, "bob", WEEK).await, [Value::Null; 0]);
    let sunday = world.at("2026-01-11T23:59:59Z").await;
    assert_eq!(sees(&sunday, "bob", "fay").await, card);
}

async fn a_skip_does_no_harm(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let own = peer(&world, "bob", WEEK).await;
    let skipped = world.act("bob", "skipSuggestion", about(&own)).await;
    assert_eq!(skipped["suggestion"], Value::Null, "out of reach with it");
    assert_eq!(
        told(&world, WEEK).await,
        ["bob -> fay SKIPPED", "fay -> bob INVALIDATED NOT_THIS_TIME"]
    );
    for (who, other) in [("bob", "fay"), ("fay", "bob")] {
        assert_eq!(sees(&world, who, other).await, Value::Null, "{who}");
        assert_eq!(peers(&world, who, WEEK).await, [Value::Null; 0], "{who}");
    }
    // Drawing again tells neither anything new this week; in the next one both are due as before.
    world.draw(WEEK).await;
    assert_eq!(told(&world, WEEK).await.len(), 2);
    world.draw("2026-W03").await;
    assert_eq!(told(&world, "2026-W03").await, ["bob -> fay OPEN", "fay -> bob OPEN"]);
}

async fn a_peer_is_not_swapped(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let own = peer(&world, "bob", WEEK).await;
    let refused = world.refusal("bob", "swapSuggestion", about(&own)).await;
    expect!["NOT_ALLOWED input.suggestionId: a peer cannot be swapped; skip them, and others come first the next time"]
        .assert_eq(&refused);
    assert_eq!(peer(&world, "bob", WEEK).await, own);
}

async fn a_draw_foretells_peers_and_draws_them_once(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let dry = world.act(ADMIN, "drawSuggestions", json!({ "week": WEEK })).await;
    let of_peers = |payload: &Value| {
        let rows = payload["suggestions"].as_array().unwrap();
        rows.iter().filter(|row| row["kind"] == "PEER").count()
    };
    assert_eq!(of_peers(&dry), 2);
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM peer_edge").await, 0);
    let drawn = world.draw(WEEK).await;
    assert_eq!((of_peers(&drawn), &drawn["created"]), (2, &dry["created"]));
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM peer_edge").await, 1);
    let again = world.draw(WEEK).await;
    assert_eq!((of_peers(&again), &again["created"]), (2, &json!(0)));
    // A week ahead, too: what is open this week closes the window of the next.
    world.draw_due().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM weekly_draw").await, 2);
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM suggestion WHERE kind = 'PEER'").await,
        2
    );
}

async fn a_week_without_a_skip_level_says_so_beside_a_peer(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    dotted(&world, "b1", "f1").await;
    world.draw(WEEK).await;
    let plan = world.week("b1", WEEK).await;
    assert_eq!(plan["suggestions"][0]["kind"], "PEER");
    assert_eq!(plan["noSuggestion"]["code"], "NOT_A_LEADER");
    let plan = world.week("bob", WEEK).await;
    assert_eq!(plan["suggestions"].as_array().unwrap().len(), 2);
    assert_eq!(plan["noSuggestion"], Value::Null);
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM load_claim").await,
        3,
        "skip-levels alone are claims"
    );
}

/// A dotted line from this year on.
async fn dotted(world: &World, report: &str, manager: &str) {
    let raw = world.database.raw().await;
    let key = async |name: &str| {
        let sql = format!("SELECT person_id FROM external_identity WHERE external_id = '{name}'");
        number(&raw, &sql).await
    };
    let line = reporting_line::Model {
        id: uuid::Uuid::new_v4(),
        report_id: key(report).await,
        manager_id: key(manager).await,
        kind: "DOTTED".to_owned(),
        valid_from: Date::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: None,
    };
    reporting_line::Entity::insert(line.into_active_model())
        .exec_without_returning(&raw)
        .await
        .unwrap();
}

async fn a_dotted_line_proposes_the_two_it_joins(database: TestDatabase) {
    let world = organisation(database).await;
    dotted(&world, "b1", "f1").await;
    dotted(&world, "b2", "bob").await;
    world.draw(WEEK).await;
    let own = peer(&world, "f1", WEEK).await;
    assert_eq!(own["counterpart"]["name"], "b1");
    let codes: Vec<_> = own["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| &reason["code"])
        .collect();
    assert_eq!(codes, ["FIRST_PEER", "PROPOSED_PEER"]);
    assert_eq!(peers(&world, "b2", WEEK).await, [Value::Null; 0], "bob stands above b2");
    let raw = world.database.raw().await;
    let imported = "SELECT COUNT(*) FROM peer_edge WHERE origin = 'IMPORT'";
    assert_eq!(number(&raw, imported).await, 1);
    world.draw("2026-W03").await;
    assert_eq!(number(&raw, imported).await, 1);
}

/// A change to fay, whom bob should meet, and what it makes of the two suggestions.
async fn changed(database: TestDatabase, change: Change<'_>, expected: &str) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let own = peer(&world, "bob", WEEK).await;
    assert_eq!(world.change(&[change]).await.status, SyncStatus::Applied);
    let both = ["bob -> fay", "fay -> bob"].map(|pair| format!("{pair} INVALIDATED {expected}"));
    assert_eq!(told(&world, WEEK).await, both);
    let refused = world.attempt("bob", "acceptSuggestion", about(&own)).await;
    let code = &refused["userErrors"][0]["code"];
    assert!(code == "WRONG_STATUS" || code == "NOT_FOUND", "{refused:#}");
}

async fn leave_takes_both_suggestions_away(database: TestDatabase) {
    let leave = Change {
        who: "fay",
        status: Some("leave"),
        ..Change::default()
    };
    changed(database, leave, "ON_LEAVE").await;
}

async fn an_exit_takes_both_suggestions_away(database: TestDatabase) {
    let exit = Change {
        who: "fay",
        end: Some("2026-01-04"),
        ..Change::default()
    };
    changed(database, exit, "LEFT").await;
}

async fn a_reorganisation_takes_both_suggestions_away(database: TestDatabase) {
    let below = Change {
        who: "fay",
        manager: Some("bob"),
        ..Change::default()
    };
    changed(database, below, "REORGANISED").await;
}

async fn settings_say_whom_the_draw_brings_together(database: TestDatabase) {
    let world = organisation(database).await;
    let found = async |settings: Value| {
        world.act(ADMIN, "updateSettings", settings).await;
        let dry = world.act(ADMIN, "drawSuggestions", json!({ "week": WEEK })).await;
        let rows = dry["suggestions"].as_array().unwrap().clone();
        rows.iter().filter(|row| row["kind"] == "PEER").count()
    };
    assert_eq!(found(json!({ "peerDiscovery": "LEADERS" })).await, 2);
    assert_eq!(found(json!({ "peerDiscovery": "CONFIRMED_ONLY" })).await, 0);
    assert_eq!(found(json!({ "peerDiscovery": "OFF" })).await, 0);
    assert_eq!(
        found(json!({ "peerDiscovery": "LEADERS", "peerSuggestionsPerWeek": 0 })).await,
        0
    );
    assert_eq!(found(json!({ "peerSuggestionsPerWeek": 3 })).await, 2);
}

both!(
    one_accepting_serves_both,
    the_rhythm_is_four_weeks,
    a_suggestion_shows_the_card_for_as_long_as_it_lives,
    a_skip_does_no_harm,
    a_peer_is_not_swapped,
    a_draw_foretells_peers_and_draws_them_once,
    a_week_without_a_skip_level_says_so_beside_a_peer,
    a_dotted_line_proposes_the_two_it_joins,
    leave_takes_both_suggestions_away,
    an_exit_takes_both_suggestions_away,
    a_reorganisation_takes_both_suggestions_away,
    settings_say_whom_the_draw_brings_together,
);
