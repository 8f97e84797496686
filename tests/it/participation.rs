//! Opting out and snoozing: for oneself alone, and told by no answer to anybody else.

use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, number};

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";
const WEEK: &str = "2026-W02";

/// Everything that a leader can ask about a week, ids left out.
const EVERYTHING: &str = "query($week: IsoWeek) {
    viewer { week(week: $week) { week suggestions { status distance band counterpart { name lastHeard status }
        reasons { code message days count of } } noSuggestion { code message nextWeek } } participation { optedOut snoozedUntil } }
    people(first: 100) { totalCount nodes { name access status lastHeard } }
    suggestions { totalCount } meetings { totalCount } }";

const WHY_NOT: &str = "query($id: ID!) { viewer { whyNot(person: $id) { code message until } } }";

async fn say(world: &World, who: &str, saying: Value) -> Value {
    world.act(who, "setParticipation", saying).await["participation"].clone()
}

async fn said(world: &World, who: &str) -> Value {
    let query = "{ viewer { participation { optedOut snoozedUntil } } }";
    world.data(who, query, json!({})).await["viewer"]["participation"].clone()
}

async fn everybody_speaks_for_themselves(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    let nothing = json!({ "optedOut": false, "snoozedUntil": null });
    assert_eq!(said(&world, "cyd").await, nothing);
    let until = json!({ "optedOut": false, "snoozedUntil": "2026-02-02" });
    assert_eq!(say(&world, "cyd", json!({ "snoozedUntil": "2026-02-02" })).await, until);
    assert_eq!(say(&world, "cyd", json!({})).await, until, "what is absent stays");
    let both = json!({ "optedOut": true, "snoozedUntil": "2026-02-02" });
    assert_eq!(say(&world, "cyd", json!({ "optedOut": true })).await, both);
    let out = json!({ "optedOut": true, "snoozedUntil": null });
    assert_eq!(say(&world, "cyd", json!({ "snoozedUntil": null })).await, out);
    assert_eq!(said(&world, "cyd").await, out);
    assert_eq!(said(&world, "ada").await, nothing, "a word of cyd's alone");
    assert_eq!(say(&world, "cyd", json!({ "optedOut": false })).await, nothing);
    // A snooze ends by itself.
    say(&world, "cyd", json!({ "snoozedUntil": "2026-01-07" })).await;
    assert_eq!(
        said(&world.at("2026-01-06T23:00:00Z").await, "cyd").await["snoozedUntil"],
        "2026-01-07"
    );
    assert_eq!(said(&world.at("2026-01-07T00:00:00Z").await, "cyd").await, nothing);
    for day in ["2026-01-04", "2027-01-06"] {
        let refused = world
            .refusal("cyd", "setParticipation", json!({ "snoozedUntil": day }))
            .await;
        assert_eq!(
            refused,
            "INVALID input.snoozedUntil: a snooze ends today or later, and at most a year from now"
        );
    }
    say(&world, "cyd", json!({ "snoozedUntil": "2027-01-05" })).await;
}

async fn no_role_speaks_or_reads_for_another(database: TestDatabase) {
    use skiplevel::auth::token::Role;
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    say(&world, "cyd", json!({ "optedOut": true })).await;
    let look = "{ viewer { participation { optedOut } } }";
    for (who, roles, seen) in [
        ("hr-admin", &[Role::HrAdmin][..], Value::Null),
        ("machine", &[Role::Integration], Value::Null),
        ("ada", &[Role::HrAdmin], json!({ "optedOut": false })),
        ("cyd", &[], json!({ "optedOut": true })),
    ] {
        let answer = world.ask_as(&world.token(who, roles), look, json!({})).await;
        assert_eq!(answer["data"]["viewer"]["participation"], seen, "{who}");
    }
    assert_eq!(
        world
            .fault(ADMIN, "setParticipation", json!({ "optedOut": false }))
            .await,
        "FORBIDDEN"
    );
    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM participation").await, 1);
}

async fn what_is_drawn_stays_and_the_next_draw_and_swap_pass_them_over(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dee\n    eve", NOW).await;
    world.draw(WEEK).await;
    let open = world.suggestion("ada", WEEK).await;
    let first = open["counterpart"]["name"].as_str().unwrap().to_owned();
    let others: Vec<_> = ["cyd", "dee", "eve"]
        .into_iter()
        .filter(|name| *name != first)
        .collect();
    say(&world, &first, json!({ "optedOut": true })).await;
    say(&world, others[0], json!({ "snoozedUntil": "2026-03-02" })).await;
    assert_eq!(world.suggestion("ada", WEEK).await, open, "what is open stays open");
    let swapped = world
        .act("ada", "swapSuggestion", json!({ "suggestionId": open["id"] }))
        .await;
    assert_eq!(swapped["replacement"]["counterpart"]["name"], others[1]);
    // Met by hand, and asking: as always.
    let schedule = json!({ "counterpartId": world.id(&first).await, "startsAt": "2026-01-06T10:00:00Z" });
    world.act("ada", "scheduleMeeting", schedule).await;
    world
        .act(
            others[0],
            "requestMeeting",
            json!({ "leaderId": world.id("ada").await }),
        )
        .await;
    let drawn = world.draw("2026-W03").await;
    assert_eq!(drawn["suggestions"], json!([]));
    assert_eq!(drawn["emptySlots"][0]["code"], "ALL_AT_LOAD_CAP");
    // Until the snooze is over.
    let march = world.at("2026-03-02T09:00:00Z").await;
    march.act(ADMIN, "updateSettings", json!({ "slotsPerWeek": 3 })).await;
    let drawn = march.draw("2026-W10").await;
    let names = drawn["suggestions"].as_array().unwrap().iter();
    let mut names: Vec<_> = names
        .map(|told| told["counterpart"]["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, others, "{first} has opted out");
}

/// Two organisations that differ in one thing: in the one dee has opted out, in the other bob meets her that Monday.
/// Whatever ada, or the manager in between, asks in either, they get the same answer.
async fn told_alike(database: TestDatabase, others: &str) -> Value {
    let picture = format!("ada\n  bob\n    cyd (leave)\n      dee{others}");
    let silent = World::of(database, &picture, NOW).await;
    let capped = World::of(TestDatabase::sqlite(), &picture, NOW).await;
    say(&silent, "dee", json!({ "optedOut": true })).await;
    let meet = json!({ "counterpartId": capped.id("dee").await, "startsAt": "2026-01-05T10:00:00Z" });
    capped.act("bob", "scheduleMeeting", meet).await;
    for world in [&silent, &capped] {
        world.draw(WEEK).await;
    }
    for who in ["ada", "cyd"] {
        let answer = async |world: &World| world.data(who, EVERYTHING, json!({ "week": WEEK })).await;
        assert_eq!(answer(&silent).await, answer(&capped).await, "{who}");
    }
    let why_not = async |world: &World| {
        let answer = world.data("ada", WHY_NOT, json!({ "id": world.id("dee").await })).await;
        answer["viewer"]["whyNot"].clone()
    };
    let week = silent.week("ada", WEEK).await;
    if week["noSuggestion"].is_null() {
        assert_eq!(why_not(&silent).await["code"], "LOWER_IN_ORDER");
    } else {
        assert_eq!(why_not(&silent).await, why_not(&capped).await);
    }
    week
}

async fn nobody_left_is_told_as_if_somebody_had_asked(database: TestDatabase) {
    let told = told_alike(database, "").await;
    let slot = json!({ "code": "ALL_AT_LOAD_CAP", "nextWeek": "2026-W06" });
    assert_eq!(told["noSuggestion"], slot);
}

async fn others_are_told_as_if_somebody_had_asked(database: TestDatabase) {
    let told = told_alike(database, "\n      eve\n      fay").await;
    let name = told["suggestions"][0]["counterpart"]["name"].as_str().unwrap();
    assert!(["eve", "fay"].contains(&name), "{name}");
}

both!(
    everybody_speaks_for_themselves,
    no_role_speaks_or_reads_for_another,
    what_is_drawn_stays_and_the_next_draw_and_swap_pass_them_over,
    nobody_left_is_told_as_if_somebody_had_asked,
    others_are_told_as_if_somebody_had_asked,
);
