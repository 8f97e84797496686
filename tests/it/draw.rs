//! The weekly draw through the API: what it stores, whom it may pick, and what becomes of a suggestion.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use entity::{load_claim, person, suggestion};
use expect_test::{Expect, expect};
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::{Value, json};
use skiplevel::domain::{Date, sync::SyncStatus};

use crate::support::{ADMIN, Change, TestDatabase, World, both, number};

/// Two branches; bob can reach dee and eli, fay can reach gil, ada all of them and the middle.
const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
          eli
      fay
        gus
          gil
    ";

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";
const WEEK: &str = "2026-W02";

async fn organisation(database: TestDatabase) -> World {
    without_peers(database, ORGANISATION).await
}

/// An organisation in which skip-levels alone are drawn: peers have tests of their own.
async fn without_peers(database: TestDatabase, outline: &str) -> World {
    let world = World::of(database, outline, NOW).await;
    world
        .act(ADMIN, "updateSettings", json!({ "peerDiscovery": "OFF" }))
        .await;
    world
}

/// `leader -> counterpart STATUS`, and why it was taken away, of each suggestion, sorted.
fn picks(suggestions: &Value) -> Vec<String> {
    let pick = |row: &Value| {
        let name = |side: &str| row[side]["name"].as_str().unwrap().to_owned();
        let why = row["invalidReason"]
            .as_str()
            .map(|why| format!(" {why}"))
            .unwrap_or_default();
        format!(
            "{} -> {} {}{why}",
            name("leader"),
            name("counterpart"),
            row["status"].as_str().unwrap()
        )
    };
    let mut picks: Vec<_> = suggestions.as_array().unwrap().iter().map(pick).collect();
    picks.sort();
    picks
}

fn ids(suggestions: &Value) -> BTreeSet<String> {
    suggestions
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn about(suggestion: &Value) -> Value {
    json!({ "suggestionId": suggestion["id"] })
}

fn check(answers: &[String], expected: &Expect) {
    expected.assert_eq(&(answers.join("\n") + "\n"));
}

async fn a_dry_run_stores_nothing_and_foretells_the_draw(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let dry = world.act(ADMIN, "drawSuggestions", json!({ "week": WEEK })).await;
    assert_eq!(dry["created"], 3);
    for table in ["suggestion", "load_claim", "weekly_draw", "empty_slot"] {
        assert_eq!(
            number(&raw, &format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(world.week("ada", WEEK).await["noSuggestion"]["code"], "NOT_DRAWN_YET");
    let drawn = world.draw(WEEK).await;
    assert_eq!(picks(&drawn["suggestions"]), picks(&dry["suggestions"]));
    check(
        &picks(&drawn["suggestions"]),
        &expect![[r#"
            ada -> gus OPEN
            bob -> eli OPEN
            fay -> gil OPEN
        "#]],
    );
}

async fn drawing_again_changes_nothing(database: TestDatabase) {
    let world = organisation(database).await;
    let raw = world.database.raw().await;
    let first = world.draw(WEEK).await;
    let rows = suggestion::Entity::find()
        .order_by_asc(suggestion::Column::Id)
        .all(&raw)
        .await
        .unwrap();
    world
        .act("bob", "skipSuggestion", about(&world.suggestion("bob", WEEK).await))
        .await;
    let later = world.at("2026-01-06T09:00:00Z").await;
    let again = later.draw(WEEK).await;
    assert_eq!(again["created"], 0);
    assert_eq!(ids(&again["suggestions"]), ids(&first["suggestions"]));
    let now = suggestion::Entity::find()
        .order_by_asc(suggestion::Column::Id)
        .all(&raw)
        .await
        .unwrap();
    let changed: Vec<_> = rows
        .iter()
        .zip(&now)
        .filter(|(before, after)| before != after)
        .collect();
    assert_eq!(changed.len(), 1, "the one that was skipped");
    assert_eq!(changed[0].1.status, "SKIPPED");
}

async fn leaders_that_appear_later_get_theirs(database: TestDatabase) {
    let world = organisation(database).await;
    let first = world.draw(WEEK).await;
    let hires = [
        Change {
            who: "new",
            manager: Some("dee"),
            start: Some("2025-01-01"),
            ..Change::default()
        },
        Change {
            who: "old",
            manager: Some("eli"),
            start: Some("2025-01-01"),
            ..Change::default()
        },
    ];
    assert_eq!(world.change(&hires).await.status, SyncStatus::Applied);
    // cyd leads now; the server's own draw looks again, because the organisation has changed.
    world.draw_due().await;
    let again = world.draw(WEEK).await;
    assert_eq!(again["created"], 0, "the server came before");
    assert!(ids(&again["suggestions"]).is_superset(&ids(&first["suggestions"])));
    let cyd = world.suggestion("cyd", WEEK).await;
    assert!(
        ["new", "old"].contains(&cyd["counterpart"]["name"].as_str().unwrap()),
        "{cyd:#}"
    );
}

async fn the_database_refuses_a_second_skip_level_in_a_week(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let raw = world.database.raw().await;
    let claim = load_claim::Entity::find().one(&raw).await.unwrap().unwrap();
    let second = load_claim::Model {
        suggestion_id: None,
        meeting_id: None,
        ..claim.clone()
    };
    let refused = load_claim::Entity::insert(second.clone().into_active_model())
        .exec_without_returning(&raw)
        .await;
    let error = refused.unwrap_err().to_string().to_lowercase();
    assert!(error.contains("unique"), "{error}");
    // In another week there is room.
    let next = load_claim::Model {
        week: claim.week + chrono::Days::new(7),
        ..second
    };
    load_claim::Entity::insert(next.into_active_model())
        .exec_without_returning(&raw)
        .await
        .unwrap();
}

async fn the_automatic_draw_happens_once_across_servers(database: TestDatabase) {
    let one = organisation(database).await;
    let other = one.beside().await;
    let raw = one.database.raw().await;
    let draws = (0..6).map(|turn| {
        let app = if turn % 2 == 0 {
            one.app.clone()
        } else {
            other.app.clone()
        };
        let now = one.now;
        tokio::spawn(async move { app.draw_due(now).await.unwrap() })
    });
    for draw in draws.collect::<Vec<_>>() {
        draw.await.unwrap();
    }
    // Three leaders, this week and the next one, which begins within the seven days ahead.
    let rows = suggestion::Entity::find().all(&raw).await.unwrap();
    let slots: BTreeSet<_> = rows.iter().map(|row| (row.week, row.leader_id)).collect();
    assert_eq!(rows.len(), slots.len(), "a slot was filled twice");
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM weekly_draw").await, 2);
    let empty = number(&raw, "SELECT COUNT(*) FROM empty_slot").await;
    assert_eq!(i64::try_from(rows.len()).unwrap() + empty, 6);
    assert_eq!(one.app.draw_due(one.now).await.unwrap(), [], "nothing is due any more");
}

async fn accepting_schedules_and_skipping_frees(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let raw = world.database.raw().await;
    let open = world.suggestion("bob", WEEK).await;
    let accept = json!({ "suggestionId": open["id"], "startsAt": "2026-01-08T09:00:00Z" });
    let accepted = world.act("bob", "acceptSuggestion", accept.clone()).await["suggestion"].clone();
    assert_eq!(accepted["status"], "ACCEPTED");
    assert_eq!(accepted["meeting"]["status"], "SCHEDULED");
    let answers = [
        world.refusal("bob", "acceptSuggestion", accept).await,
        world.refusal("bob", "skipSuggestion", about(&open)).await,
        world.refusal("bob", "swapSuggestion", about(&open)).await,
        world.refusal("ada", "acceptSuggestion", about(&open)).await,
        world.refusal("fay", "skipSuggestion", about(&open)).await,
    ];
    check(
        &answers,
        &expect![[r#"
        WRONG_STATUS input.suggestionId: this suggestion is ACCEPTED and cannot be accepted
        WRONG_STATUS input.suggestionId: this suggestion is ACCEPTED and cannot be skipped
        WRONG_STATUS input.suggestionId: this suggestion is ACCEPTED and cannot be swapped
        NOT_FOUND input.suggestionId: nothing in your reach has this suggestionId
        NOT_FOUND input.suggestionId: nothing in your reach has this suggestionId
    "#]],
    );
    let claims = number(&raw, "SELECT COUNT(*) FROM load_claim").await;
    let skipped = world
        .act("fay", "skipSuggestion", about(&world.suggestion("fay", WEEK).await))
        .await;
    assert_eq!(skipped["suggestion"]["status"], "SKIPPED");
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM load_claim").await, claims - 1);
    // Who was skipped keeps their place: they come first again in the next week.
    let next = world.draw("2026-W03").await;
    let again = format!(
        "fay -> {} OPEN",
        skipped["suggestion"]["counterpart"]["name"].as_str().unwrap()
    );
    assert!(
        picks(&next["suggestions"]).contains(&again),
        "{again}: {:?}",
        picks(&next["suggestions"])
    );
}

async fn a_leader_swaps_twice_at_most(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dee\n    eli\n    fay", NOW).await;
    world.draw(WEEK).await;
    let mut told = BTreeSet::new();
    for swap in 0..2 {
        let plan = world.week("ada", WEEK).await;
        let open = plan["suggestions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["status"] == "OPEN")
            .unwrap()
            .clone();
        assert!(told.insert(open["counterpart"]["name"].to_string()), "{swap}");
        let swapped = world.act("ada", "swapSuggestion", about(&open)).await;
        assert_eq!(swapped["suggestion"]["status"], "SWAPPED");
        assert_eq!(swapped["replacement"]["status"], "OPEN");
    }
    let plan = world.week("ada", WEEK).await;
    let open = plan["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["status"] == "OPEN")
        .unwrap();
    assert!(told.insert(open["counterpart"]["name"].to_string()));
    let third = world.refusal("ada", "swapSuggestion", about(open)).await;
    assert_eq!(
        third,
        "LIMIT input.suggestionId: a leader can swap 2 times a week; skip this one, or accept it"
    );
    let raw = world.database.raw().await;
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM load_claim").await,
        1,
        "only the last one is claimed"
    );
    world.act("ada", "acceptSuggestion", about(open)).await;
}

async fn with_nobody_left_a_swap_keeps_what_is_open(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    world.draw(WEEK).await;
    let open = world.suggestion("ada", WEEK).await;
    let refused = world.refusal("ada", "swapSuggestion", about(&open)).await;
    check(
        &[refused],
        &expect![[r#"
        NOBODY_LEFT input.suggestionId: nobody else can be suggested this week (POOL_EMPTY); this one stays open
    "#]],
    );
    assert_eq!(world.suggestion("ada", WEEK).await, open);
    world.act("ada", "acceptSuggestion", about(&open)).await;
}

async fn a_week_that_goes_by_expires_its_suggestions(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    world.draw(WEEK).await;
    let open = world.suggestion("ada", WEEK).await;
    let sunday = world.at("2026-01-11T23:59:59Z").await;
    assert_eq!(sunday.suggestion("ada", WEEK).await["status"], "OPEN");
    let monday = world.at("2026-01-12T00:00:00Z").await;
    assert_eq!(monday.suggestion("ada", WEEK).await["status"], "EXPIRED");
    let refused = monday.refusal("ada", "acceptSuggestion", about(&open)).await;
    assert_eq!(
        refused,
        "WRONG_STATUS input.suggestionId: this suggestion is EXPIRED and cannot be accepted"
    );
    // Nobody was met, so nobody is held back: the same person is suggested again.
    monday.draw("2026-W03").await;
    assert_eq!(
        monday.suggestion("ada", "2026-W03").await["counterpart"],
        open["counterpart"]
    );
}

/// What HR sees of everybody's suggestions of a week.
async fn told(world: &World) -> Vec<String> {
    let query = "query($week: IsoWeek) { suggestions(week: $week, first: 100) {
        nodes { status invalidReason leader { name } counterpart { name } } } }";
    let data = world.data(ADMIN, query, json!({ "week": WEEK })).await;
    picks(&data["suggestions"]["nodes"])
}

/// A change to whom bob should meet, and what the server's next draw makes of the week.
async fn changed(database: TestDatabase, change: Change<'_>, expected: &Expect) -> World {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let open = world.suggestion("bob", WEEK).await;
    assert_eq!(open["counterpart"]["name"], change.who);
    assert_eq!(world.change(&[change]).await.status, SyncStatus::Applied);
    let refused = world.attempt("bob", "acceptSuggestion", about(&open)).await;
    let code = &refused["userErrors"][0]["code"];
    assert!(code == "WRONG_STATUS" || code == "NOT_FOUND", "{refused:#}");
    world.draw_due().await;
    check(&told(&world).await, expected);
    world
}

async fn leave_takes_a_suggestion_away(database: TestDatabase) {
    let leave = Change {
        who: "eli",
        status: Some("leave"),
        ..Change::default()
    };
    let world = changed(
        database,
        leave,
        &expect![[r#"
            ada -> gus OPEN
            bob -> dee OPEN
            bob -> eli INVALIDATED ON_LEAVE
            fay -> gil OPEN
        "#]],
    )
    .await;
    let own = picks(&world.week("bob", WEEK).await["suggestions"]);
    assert_eq!(own, ["bob -> dee OPEN", "bob -> eli INVALIDATED ON_LEAVE"]);
}

async fn an_exit_takes_a_suggestion_away(database: TestDatabase) {
    let exit = Change {
        who: "eli",
        end: Some("2026-01-04"),
        ..Change::default()
    };
    let world = changed(
        database,
        exit,
        &expect![[r#"
            ada -> gus OPEN
            bob -> dee OPEN
            bob -> eli INVALIDATED LEFT
            fay -> gil OPEN
        "#]],
    )
    .await;
    // Who has left is in nobody's reach but HR's.
    assert_eq!(
        picks(&world.week("bob", WEEK).await["suggestions"]),
        ["bob -> dee OPEN"]
    );
}

async fn a_reorganisation_takes_a_suggestion_away(database: TestDatabase) {
    let nearer = Change {
        who: "eli",
        manager: Some("bob"),
        ..Change::default()
    };
    changed(
        database,
        nearer,
        &expect![[r#"
            ada -> gus OPEN
            bob -> dee OPEN
            bob -> eli INVALIDATED REORGANISED
            fay -> gil OPEN
        "#]],
    )
    .await;
}

async fn a_planned_exit_takes_a_suggestion_away_on_its_day(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw(WEEK).await;
    let exit = Change {
        who: "gil",
        end: Some("2026-01-07"),
        ..Change::default()
    };
    assert_eq!(world.change(&[exit]).await.status, SyncStatus::Applied);
    let wednesday = world.at("2026-01-07T23:59:59Z").await;
    assert_eq!(wednesday.suggestion("fay", WEEK).await["status"], "OPEN");
    let thursday = world.at("2026-01-08T00:00:00Z").await;
    check(
        &told(&thursday).await,
        &expect![[r#"
        ada -> gus OPEN
        bob -> eli OPEN
        fay -> gil INVALIDATED LEFT
    "#]],
    );
    assert_eq!(thursday.week("fay", WEEK).await["noSuggestion"]["code"], "NOT_A_LEADER");
}

async fn a_planned_move_is_drawn_on_its_day(database: TestDatabase) {
    let world = organisation(database).await;
    let planned = Change {
        who: "eli",
        manager: Some("dee"),
        effective: Some("2026-01-07"),
        ..Change::default()
    };
    assert_eq!(world.change(&[planned]).await.status, SyncStatus::Applied);
    world.draw_due().await;
    assert_eq!(world.week("cyd", WEEK).await["noSuggestion"]["code"], "NOT_A_LEADER");
    let wednesday = world.at("2026-01-07T00:00:00Z").await;
    assert_eq!(
        wednesday.week("cyd", WEEK).await["noSuggestion"]["code"],
        "NOT_DRAWN_YET"
    );
    wednesday.draw_due().await;
    let slot = json!({ "code": "ALL_AT_LOAD_CAP", "nextWeek": "2026-W06" });
    assert_eq!(wednesday.week("cyd", WEEK).await["noSuggestion"], slot);
}

async fn a_week_accepted_without_a_time_counts_like_any_other(database: TestDatabase) {
    let outline = "
        ada
          bob
            cyd
              dee
                p1
                p2
                p3
                p4
                p5
                p6
                p7
                p8
                p9
        ";
    let world = World::of(database, outline, NOW).await;
    world.draw(WEEK).await;
    let first = world.suggestion("ada", WEEK).await;
    assert_eq!(first["band"], "BOTTOM");
    world.act("ada", "acceptSuggestion", about(&first)).await;
    // One of four went to the bottom: the next three begin with what lacks most and was not visited last.
    world.draw("2026-W03").await;
    assert_eq!(world.suggestion("ada", "2026-W03").await["band"], "NEAR");
}

async fn an_open_suggestion_is_its_leaders_alone(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    world.draw(WEEK).await;
    let open = world.suggestion("ada", WEEK).await;
    let look =
        "query($id: ID!) { node(id: $id) { id } suggestions { totalCount nodes { id } } meetings { totalCount } }";
    for who in ["cyd", "bob"] {
        let seen = world.data(who, look, json!({ "id": open["id"] })).await;
        let nothing = json!({
            "node": null, "suggestions": { "totalCount": 0, "nodes": [] }, "meetings": { "totalCount": 0 }
        });
        assert_eq!(seen, nothing, "{who}");
        assert_eq!(world.week(who, WEEK).await["suggestions"], json!([]));
    }
    for who in ["ada", ADMIN] {
        let seen = world.data(who, look, json!({ "id": open["id"] })).await;
        assert_eq!(seen["node"]["id"], open["id"], "{who}");
        assert_eq!(seen["suggestions"]["totalCount"], 1, "{who}");
    }
    world.act("ada", "acceptSuggestion", about(&open)).await;
    // The counterpart learns of the meeting, not of the suggestion behind it.
    let look = "{ suggestions { totalCount } meetings { nodes { origin leader { name } suggestion { id } } } }";
    let seen = world.data("cyd", look, json!({})).await;
    let meeting = json!({ "origin": "ROTATION", "leader": { "name": "ada" }, "suggestion": null });
    assert_eq!(
        seen,
        json!({ "suggestions": { "totalCount": 0 }, "meetings": { "nodes": [meeting] } })
    );
}

async fn reasons_carry_their_numbers(database: TestDatabase) {
    let world = without_peers(
        database,
        "
        ada
          bob
            cyd
              dee
                eli
                fay
          gus
            hal
              ivo (from 2025-11-20)
        ",
    )
    .await;
    let mut lines = Vec::new();
    let mut tell = |week: &str, suggestions: &Value| {
        for row in suggestions.as_array().unwrap() {
            let reason = |reason: &Value| {
                let number = |name: &str| reason[name].as_i64().map(|count| format!(" {name} {count}"));
                let numbers = ["days", "count", "of"].map(|name| number(name).unwrap_or_default());
                format!("{}{}", reason["code"].as_str().unwrap(), numbers.concat())
            };
            let reasons: Vec<_> = row["reasons"].as_array().unwrap().iter().map(reason).collect();
            let band = row["band"].as_str().unwrap_or("no band");
            let pick = picks(&json!([row]));
            lines.push(format!("{week} {} ({band}): {}", pick[0], reasons.join(", ")));
        }
    };
    let record = json!({ "counterpartId": world.id("eli").await, "heldAt": "2025-10-20T09:00:00Z" });
    world.act("ada", "recordMeeting", record).await;
    tell("W02", &world.draw("2026-W02").await["suggestions"]);
    tell("W03", &world.draw("2026-W03").await["suggestions"]);
    lines.sort();
    check(
        &lines,
        &expect![[r#"
        W02 ada -> eli OPEN (BOTTOM): LONGEST_WAIT days 77, BOTTOM_OF_LADDER count 1 of 2
        W02 bob -> dee OPEN (no band): NEVER_HEARD
        W02 cyd -> fay OPEN (no band): NEVER_HEARD
        W02 gus -> ivo OPEN (no band): NEVER_HEARD, NEW_JOINER days 46
        W03 ada -> hal OPEN (NEAR): NEVER_HEARD, ONLY_YOU_CAN_REACH, BRANCH_RARELY_VISITED count 0
    "#]],
    );
}

async fn why_there_is_nobody(database: TestDatabase) {
    let world = World::of(
        database,
        "
        ada
          bob
            cyd
              dee
        fay
          gus
            hal (from 2025-12-20)
        ivo (leave)
          jon
            kim
        lea
          max
            ned
        ",
        NOW,
    )
    .await;
    let mut codes = Vec::new();
    let mut told = |who: &str, week: &str, plan: &Value| {
        let reason = &plan["noSuggestion"];
        codes.push(format!("{who} {week}: {} next {}", reason["code"], reason["nextWeek"]));
    };
    told("ada", "W02 undrawn", &world.week("ada", WEEK).await);
    let record = json!({ "counterpartId": world.id("ned").await, "heldAt": "2026-01-02T09:00:00Z" });
    world.act("lea", "recordMeeting", record).await;
    let record = json!({ "counterpartId": world.id("dee").await, "heldAt": "2026-01-01T09:00:00Z" });
    world.act("ada", "recordMeeting", record).await;
    world.draw(WEEK).await;
    for who in ["bob", "cyd", "dee", "fay", "ivo", "lea"] {
        told(who, "W02", &world.week(who, WEEK).await);
    }
    world.act(ADMIN, "updateSettings", json!({ "slotsPerWeek": 0 })).await;
    world.draw("2026-W03").await;
    told("ada", "W03", &world.week("ada", "2026-W03").await);
    check(
        &codes,
        &expect![[r#"
        ada W02 undrawn: "NOT_DRAWN_YET" next null
        bob W02: "ALL_AT_LOAD_CAP" next "2026-W06"
        cyd W02: "NOT_A_LEADER" next null
        dee W02: "NOT_A_LEADER" next null
        fay W02: "POOL_EMPTY" next "2026-W04"
        ivo W02: "ON_LEAVE" next null
        lea W02: "ALL_COOLING_DOWN" next "2026-W10"
        ada W03: "NO_SLOTS" next null
    "#]],
    );
    assert_eq!(world.week("ada", WEEK).await["noSuggestion"], Value::Null);
}

/// A made-up organisation: one head, then 6, 24, 72 and 187 people, evenly spread over those above them.
fn many() -> String {
    const LEVELS: [usize; 4] = [6, 24, 72, 187];
    fn write(text: &mut String, level: usize, at: usize) {
        let _ = writeln!(text, "{:indent$}p{level}x{at}", "", indent = level * 2);
        let Some(&size) = LEVELS.get(level) else { return };
        let above = if level == 0 { 1 } else { LEVELS[level - 1] };
        for below in (0..size).filter(|below| below % above == at) {
            write(text, level + 1, below);
        }
    }
    let mut text = String::new();
    write(&mut text, 0, 0);
    text
}

/// A skip-level as its row says it, by name.
#[derive(Debug)]
struct Met {
    leader: String,
    person: String,
    day: Date,
    band: Option<String>,
    distance: i32,
}

/// Whom ada is suggested in October, of so many people: she met the first in January, and zoe all others in June.
async fn in_october(database: TestDatabase, people: usize) -> String {
    let mut picture = "zoe\n  ada\n    bob\n".to_owned();
    for nth in 0..people {
        writeln!(picture, "      p{nth}").unwrap();
    }
    let january = World::of(database, &picture, NOW).await;
    let meet = async |world: &World, leader: &str, person: usize| {
        let counterpart = world.id(&format!("p{person}")).await;
        let input = json!({ "counterpartId": counterpart, "heldAt": world.now, "durationMinutes": 30 });
        world.act(leader, "recordMeeting", input).await;
    };
    meet(&january, "ada", 0).await;
    let june = january.at("2026-06-01T09:00:00Z").await;
    for person in 1..people {
        meet(&june, "zoe", person).await;
    }
    let october = june.at("2026-10-05T09:00:00Z").await;
    october.draw("2026-W41").await;
    let told = october.suggestion("ada", "2026-W41").await;
    told["counterpart"]["name"].as_str().unwrap().to_owned()
}

async fn a_leader_with_more_people_than_weeks_goes_round_first(database: TestDatabase) {
    assert_eq!(in_october(TestDatabase::sqlite(), 20).await, "p0", "who waited longest");
    assert_ne!(in_october(database, 53).await, "p0", "whom she met this year");
}

async fn a_season_of_290_people_keeps_every_rule(database: TestDatabase) {
    let mut world = without_peers(database, &many()).await;
    let raw = world.database.raw().await;
    let people = person::Entity::find().all(&raw).await.unwrap();
    assert_eq!(people.len(), 290);
    let names: BTreeMap<i64, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let mut weeks = Vec::new();
    for week in 0..4 {
        let monday = Date::from_ymd_opt(2026, 1, 5).unwrap() + chrono::Days::new(week * 7);
        let now = format!("{monday}T09:00:00Z");
        world = world.at(&now).await;
        world.draw_due().await;
        let open = suggestion::Entity::find().all(&raw).await.unwrap();
        let open = open
            .into_iter()
            .filter(|row| row.week == monday && row.status == "OPEN");
        let mut met = Vec::new();
        for row in open {
            let leader = names[&row.leader_id].clone();
            let plan = world.suggestion(&leader, &format!("2026-W{:02}", week + 2)).await;
            let accept = json!({ "suggestionId": plan["id"], "startsAt": now });
            let accepted = world.act(&leader, "acceptSuggestion", accept).await;
            let confirm = json!({ "meetingId": accepted["suggestion"]["meeting"]["id"] });
            assert_eq!(
                world.act(&leader, "confirmMeeting", confirm).await["meeting"]["status"],
                "HELD"
            );
            let distance = row.distance.unwrap();
            let person = names[&row.counterpart_id].clone();
            met.push(Met {
                leader,
                person,
                day: monday,
                band: row.band,
                distance,
            });
        }
        // Every leader has somebody: 1 + 6 + 24 have people two or more levels below.
        assert_eq!(met.len(), 31, "week {week}");
        weeks.push(met);
    }
    let all: Vec<&Met> = weeks.iter().flatten().collect();
    assert!(all.iter().all(|met| met.distance >= 2), "no direct report");
    for (at, met) in all.iter().enumerate() {
        for later in &all[at + 1..] {
            let days = (later.day - met.day).num_days();
            assert!(
                met.person != later.person || days >= 28,
                "twice within 28 days: {met:?}, {later:?}"
            );
            assert!(
                (&met.leader, &met.person) != (&later.leader, &later.person),
                "a pair again: {met:?}, {later:?}"
            );
        }
    }
    let head: Vec<_> = all
        .iter()
        .filter(|met| met.leader == "p0x0")
        .map(|met| met.band.as_deref().unwrap())
        .collect();
    assert_eq!(head.iter().filter(|band| **band == "BOTTOM").count(), 2, "{head:?}");
    assert_eq!(head.len(), 4);
}

both!(
    a_dry_run_stores_nothing_and_foretells_the_draw,
    drawing_again_changes_nothing,
    leaders_that_appear_later_get_theirs,
    the_database_refuses_a_second_skip_level_in_a_week,
    the_automatic_draw_happens_once_across_servers,
    accepting_schedules_and_skipping_frees,
    a_leader_swaps_twice_at_most,
    with_nobody_left_a_swap_keeps_what_is_open,
    a_week_that_goes_by_expires_its_suggestions,
    leave_takes_a_suggestion_away,
    an_exit_takes_a_suggestion_away,
    a_reorganisation_takes_a_suggestion_away,
    a_planned_exit_takes_a_suggestion_away_on_its_day,
    a_planned_move_is_drawn_on_its_day,
    a_week_accepted_without_a_time_counts_like_any_other,
    an_open_suggestion_is_its_leaders_alone,
    reasons_carry_their_numbers,
    why_there_is_nobody,
    a_leader_with_more_people_than_weeks_goes_round_first,
    a_season_of_290_people_keeps_every_rule,
);
