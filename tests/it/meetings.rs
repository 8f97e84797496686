//! Meetings through the API: who may take which step when, what is frozen, and what others learn of them.

use chrono::{DateTime, TimeDelta, Utc};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both};

const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
        eve
      fay
        gus
    ";

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";

async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

/// The id of a meeting that `leader` arranges.
async fn arranged(world: &World, leader: &str, counterpart: &str, starts_at: &str) -> String {
    let input = json!({ "counterpartId": world.id(counterpart).await, "startsAt": starts_at });
    id_of(&world.act(leader, "scheduleMeeting", input).await)
}

fn id_of(payload: &Value) -> String {
    payload["meeting"]["id"].as_str().unwrap().to_owned()
}

fn about(meeting: &str) -> Value {
    json!({ "meetingId": meeting })
}

/// The status of a meeting as `who` sees it, or that they do not.
async fn status(world: &World, who: &str, meeting: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Meeting { status } } }";
    world.data(who, query, json!({ "id": meeting })).await["node"]["status"].clone()
}

fn later(instant: &str, by: TimeDelta) -> String {
    (instant.parse::<DateTime<Utc>>().unwrap() + by).to_rfc3339()
}

/// Lines of text, each an answer.
fn check(answers: &[String], expected: &Expect) {
    expected.assert_eq(&(answers.join("\n") + "\n"));
}

async fn the_kind_follows_from_the_chart(database: TestDatabase) {
    let world = organisation(database).await;
    let mut kinds = Vec::new();
    for (who, counterpart) in [("ada", "cyd"), ("bob", "cyd"), ("dee", "cyd"), ("ada", "dee")] {
        let starts_at = if counterpart == "dee" {
            "2026-02-09T10:00:00Z"
        } else {
            "2026-01-06T10:00:00Z"
        };
        let input = json!({ "counterpartId": world.id(counterpart).await, "startsAt": starts_at });
        let meeting = world.act(who, "scheduleMeeting", input).await["meeting"].clone();
        kinds.push(format!(
            "{} with {}: {} {} {}",
            meeting["leader"]["name"],
            meeting["counterpart"]["name"],
            meeting["kind"],
            meeting["distance"],
            meeting["origin"]
        ));
    }
    check(
        &kinds,
        &expect![[r#"
        "ada" with "cyd": "SKIP_LEVEL" 2 "LEADER_CHOICE"
        "bob" with "cyd": "DIRECT" 1 "LEADER_CHOICE"
        "cyd" with "dee": "DIRECT" 1 "LEADER_CHOICE"
        "ada" with "dee": "SKIP_LEVEL" 3 "LEADER_CHOICE"
    "#]],
    );
}

async fn what_cannot_be_scheduled_says_why(database: TestDatabase) {
    let world = organisation(database).await;
    let tomorrow = "2026-01-06T10:00:00Z";
    let mut answers = Vec::new();
    for (who, counterpart, starts_at, minutes) in [
        ("cyd", "gus", tomorrow, 30),
        ("cyd", "fay", tomorrow, 30),
        ("cyd", "ada", tomorrow, 30),
        ("cyd", "cyd", tomorrow, 30),
        ("ada", "cyd", tomorrow, 4),
        ("ada", "cyd", tomorrow, 481),
        ("ada", "cyd", "2026-01-04T23:59:59Z", 30),
        ("ada", "cyd", "2027-01-07T00:00:00Z", 30),
    ] {
        let input =
            json!({ "counterpartId": world.id(counterpart).await, "startsAt": starts_at, "durationMinutes": minutes });
        answers.push(world.refusal(who, "scheduleMeeting", input).await);
    }
    check(
        &answers,
        &expect![[r#"
        NOT_FOUND input.counterpartId: nothing in your reach has this counterpartId
        NOT_FOUND input.counterpartId: nothing in your reach has this counterpartId
        NOT_ALLOWED input.counterpartId: this person stands above you: ask them with requestMeeting
        INVALID input.counterpartId: a 1:1 is between two people: this is you
        INVALID input.durationMinutes: durationMinutes should be between 5 and 480
        INVALID input.durationMinutes: durationMinutes should be between 5 and 480
        INVALID input.startsAt: startsAt lies before this week; record a meeting that took place with recordMeeting
        INVALID input.startsAt: startsAt lies more than a year away
    "#]],
    );
    // The limits themselves are within.
    for (counterpart, starts_at, minutes) in [("cyd", "2026-01-05T00:00:00Z", 5), ("eve", "2027-01-06T00:00:00Z", 480)]
    {
        let input =
            json!({ "counterpartId": world.id(counterpart).await, "startsAt": starts_at, "durationMinutes": minutes });
        let payload = world.act("ada", "scheduleMeeting", input).await;
        assert_eq!(payload["meeting"]["durationMinutes"], minutes);
    }
}

async fn a_meeting_is_held_when_one_of_the_two_says_so(database: TestDatabase) {
    let world = organisation(database).await;
    let starts_at = "2026-01-06T10:00:00Z";
    let meeting = arranged(&world, "ada", "cyd", starts_at).await;
    let early = world.refusal("ada", "confirmMeeting", about(&meeting)).await;
    let future = json!({ "meetingId": meeting, "heldAt": "2026-01-05T09:00:01Z" });
    let future = world.refusal("ada", "confirmMeeting", future).await;
    let stranger = world.refusal("bob", "confirmMeeting", about(&meeting)).await;
    let ended = later(starts_at, TimeDelta::minutes(30));
    let too_late = world
        .at(&later(&ended, TimeDelta::days(30) + TimeDelta::seconds(1)))
        .await;
    let too_late = too_late.refusal("cyd", "confirmMeeting", about(&meeting)).await;
    check(
        &[early, future, stranger, too_late],
        &expect![[r#"
        INVALID input.heldAt: heldAt lies in the future: a meeting counts once it took place
        INVALID input.heldAt: heldAt lies in the future: a meeting counts once it took place
        NOT_FOUND input.meetingId: nothing in your reach has this meetingId
        LIMIT input.meetingId: a meeting can be confirmed for 30 days after its end; this one ended longer ago
    "#]],
    );
    // To the day.
    let last = world.at(&later(&ended, TimeDelta::days(30))).await;
    let held = last.act("cyd", "confirmMeeting", about(&meeting)).await;
    assert_eq!(held["meeting"]["status"], "HELD");
    assert_eq!(held["meeting"]["heldAt"], "2026-01-06T10:00:00Z");
    assert_eq!(status(&last, "ada", &meeting).await, "HELD");
}

async fn time_alone_makes_a_meeting_unconfirmed_never_held(database: TestDatabase) {
    let world = organisation(database).await;
    let starts_at = "2026-01-06T10:00:00Z";
    let meeting = arranged(&world, "ada", "cyd", starts_at).await;
    let week_after = later(starts_at, TimeDelta::minutes(30) + TimeDelta::days(7));
    let before = world.at(&week_after).await;
    assert_eq!(status(&before, "ada", &meeting).await, "SCHEDULED");
    let after = world.at(&later(&week_after, TimeDelta::seconds(1))).await;
    assert_eq!(status(&after, "ada", &meeting).await, "UNCONFIRMED");
    for (word, count) in [("SCHEDULED", 0), ("UNCONFIRMED", 1), ("HELD", 0)] {
        assert_eq!(
            after.meetings("cyd", json!({ "status": word })).await.len(),
            count,
            "{word}"
        );
        assert_eq!(
            before.meetings("cyd", json!({ "status": word })).await.len(),
            usize::from(word == "SCHEDULED")
        );
    }
    let refused = after.refusal("ada", "cancelMeeting", about(&meeting)).await;
    assert_eq!(
        refused,
        "WRONG_STATUS input.meetingId: this meeting is UNCONFIRMED and cannot be cancelled"
    );
    let held_at = json!({ "meetingId": meeting, "heldAt": "2026-01-07T15:00:00Z" });
    let held = after.act("cyd", "confirmMeeting", held_at).await;
    assert_eq!(held["meeting"]["status"], "HELD");
    assert_eq!(held["meeting"]["heldAt"], "2026-01-07T15:00:00Z");
}

async fn a_meeting_can_be_recorded_up_to_90_days_back(database: TestDatabase) {
    let world = organisation(database).await;
    let cyd = world.id("cyd").await;
    let record = |held_at: String| json!({ "counterpartId": cyd, "heldAt": held_at });
    let future = world
        .refusal("ada", "recordMeeting", record(later(NOW, TimeDelta::seconds(1))))
        .await;
    let back = TimeDelta::days(-90);
    let old = world
        .refusal("ada", "recordMeeting", record(later(NOW, back - TimeDelta::seconds(1))))
        .await;
    check(
        &[future, old],
        &expect![[r#"
        INVALID input.heldAt: heldAt lies in the future: a meeting counts once it took place
        LIMIT input.heldAt: heldAt lies more than 90 days back
    "#]],
    );
    let held = world.act("ada", "recordMeeting", record(later(NOW, back))).await;
    assert_eq!(held["meeting"]["status"], "HELD");
    assert_eq!(held["meeting"]["origin"], "LEADER_CHOICE");
    let ada = world.id("ada").await;
    let held = world
        .act("cyd", "recordMeeting", json!({ "counterpartId": ada, "heldAt": NOW }))
        .await;
    assert_eq!(held["meeting"]["origin"], "COUNTERPART_REQUEST");
    assert_eq!(held["meeting"]["leader"]["name"], "ada");
}

async fn illegal_steps_name_the_present_status(database: TestDatabase) {
    let world = organisation(database).await;
    let now = "2026-01-05T08:00:00Z";
    let held = arranged(&world, "ada", "cyd", now).await;
    world.act("ada", "confirmMeeting", about(&held)).await;
    let cancelled = arranged(&world, "ada", "eve", now).await;
    world.act("eve", "cancelMeeting", about(&cancelled)).await;
    let declined = arranged(&world, "ada", "gus", now).await;
    world.act("gus", "declineMeeting", about(&declined)).await;
    let mut answers = Vec::new();
    for meeting in [&held, &cancelled, &declined] {
        for step in ["confirmMeeting", "cancelMeeting", "declineMeeting"] {
            answers.push(world.refusal("ada", step, about(meeting)).await);
        }
    }
    check(
        &answers,
        &expect![[r#"
        WRONG_STATUS input.meetingId: this meeting is HELD and cannot be confirmed
        WRONG_STATUS input.meetingId: this meeting is HELD and cannot be cancelled
        WRONG_STATUS input.meetingId: this meeting is HELD and cannot be declined
        WRONG_STATUS input.meetingId: this meeting is CANCELLED and cannot be confirmed
        WRONG_STATUS input.meetingId: this meeting is CANCELLED and cannot be cancelled
        WRONG_STATUS input.meetingId: this meeting is CANCELLED and cannot be declined
        WRONG_STATUS input.meetingId: this meeting is DECLINED and cannot be confirmed
        WRONG_STATUS input.meetingId: this meeting is DECLINED and cannot be cancelled
        WRONG_STATUS input.meetingId: this meeting is DECLINED and cannot be declined
    "#]],
    );
}

async fn declining_is_for_the_other_one_and_between_the_two(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "ada", "cyd", "2026-01-06T10:00:00Z").await;
    let own = world.refusal("ada", "declineMeeting", about(&meeting)).await;
    let ada = world.id("ada").await;
    let asked = id_of(&world.act("eve", "requestMeeting", json!({ "leaderId": ada })).await);
    let own_request = world.refusal("eve", "declineMeeting", about(&asked)).await;
    let stranger = world.refusal("bob", "declineMeeting", about(&meeting)).await;
    check(
        &[own, own_request, stranger],
        &expect![[r#"
        NOT_ALLOWED input.meetingId: you arranged this meeting yourself: call it off with cancelMeeting
        NOT_ALLOWED input.meetingId: you arranged this meeting yourself: call it off with cancelMeeting
        NOT_FOUND input.meetingId: nothing in your reach has this meetingId
    "#]],
    );
    assert_eq!(status(&world, ADMIN, &meeting).await, "SCHEDULED");
    world.act("cyd", "declineMeeting", about(&meeting)).await;
    world.act("ada", "declineMeeting", about(&asked)).await;
    for who in ["ada", "cyd"] {
        assert_eq!(status(&world, who, &meeting).await, "DECLINED");
    }
    assert_eq!(world.meetings("ada", json!({ "status": "DECLINED" })).await.len(), 2);
    assert_eq!(world.meetings("ada", json!({ "status": "CANCELLED" })).await.len(), 0);
}

/// What HR can ask of a meeting that was declined is what they can ask of one that was called off.
async fn hr_cannot_tell_a_decline_from_a_cancellation(database: TestDatabase) {
    use skiplevel::auth::token::Role;
    let world = World::of(database, "ada\n  bob\n    cyd\n    dee", NOW).await;
    world.act(ADMIN, "updateSettings", json!({ "slotsPerWeek": 2 })).await;
    world.draw_due().await;
    let plan = world.week("ada", "2026-W02").await;
    let mut ids = Vec::new();
    for (told, step) in plan["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .zip(["declineMeeting", "cancelMeeting"])
    {
        let about_it = json!({ "suggestionId": told["id"], "startsAt": "2026-01-07T10:00:00Z" });
        let accepted = world.act("ada", "acceptSuggestion", about_it).await["suggestion"].clone();
        let meeting = accepted["meeting"]["id"].as_str().unwrap().to_owned();
        world
            .act(told["counterpart"]["name"].as_str().unwrap(), step, about(&meeting))
            .await;
        ids.push((meeting, told["id"].clone()));
    }
    let look =
        "query($meeting: ID!, $suggestion: ID!) { node(id: $meeting) { ... on Meeting { status startsAt heldAt } }
        nodes(ids: [$suggestion]) { ... on Suggestion { status meeting { status } } } }";
    let mut seen = Vec::new();
    for (meeting, suggestion) in &ids {
        seen.push(
            world
                .admin(look, json!({ "meeting": meeting, "suggestion": suggestion }))
                .await,
        );
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0]["node"]["status"], "CANCELLED");
    let count =
        "query($status: MeetingStatus) { meetings(filter: { status: $status }) { totalCount nodes { status } } }";
    let both = json!({ "totalCount": 2, "nodes": [{ "status": "CANCELLED" }, { "status": "CANCELLED" }] });
    assert_eq!(
        world.admin(count, json!({ "status": "CANCELLED" })).await["meetings"],
        both
    );
    assert_eq!(world.admin(count, json!({})).await["meetings"], both);
    let none = json!({ "totalCount": 0, "nodes": [] });
    assert_eq!(
        world.admin(count, json!({ "status": "DECLINED" })).await["meetings"],
        none
    );
    // Of their own they see what the two see.
    let ada = world.token("ada", &[Role::HrAdmin]);
    for status in ["DECLINED", "CANCELLED"] {
        let answer = world.ask_as(&ada, count, json!({ "status": status })).await;
        let own = json!({ "totalCount": 1, "nodes": [{ "status": status }] });
        assert_eq!(answer["data"]["meetings"], own);
    }
}

async fn a_declined_pair_rests_for_12_weeks(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    let meeting = arranged(&world, "ada", "cyd", "2026-01-06T10:00:00Z").await;
    world.act("cyd", "declineMeeting", about(&meeting)).await;
    let late = world.at("2026-03-23T09:00:00Z").await;
    let drawn = late.draw("2026-W13").await;
    assert_eq!(drawn["suggestions"], json!([]));
    let slot = json!({ "leader": { "name": "ada" }, "code": "POOL_EMPTY", "nextWeek": "2026-W14" });
    assert_eq!(drawn["emptySlots"], json!([slot]));
    let drawn = late.draw("2026-W14").await;
    assert_eq!(drawn["suggestions"][0]["counterpart"]["name"], "cyd", "{drawn:#}");
}

async fn a_request_is_answered_by_scheduling_it(database: TestDatabase) {
    let world = organisation(database).await;
    let (ada, bob, fay) = (world.id("ada").await, world.id("bob").await, world.id("fay").await);
    let request = world.act("cyd", "requestMeeting", json!({ "leaderId": ada })).await;
    assert_eq!(request["meeting"]["status"], "SCHEDULED");
    assert_eq!(request["meeting"]["startsAt"], Value::Null);
    assert_eq!(request["meeting"]["leader"]["name"], "ada");
    let answers = [
        world.refusal("cyd", "requestMeeting", json!({ "leaderId": ada })).await,
        world.refusal("cyd", "requestMeeting", json!({ "leaderId": bob })).await,
        world.refusal("cyd", "requestMeeting", json!({ "leaderId": fay })).await,
        world
            .refusal("ada", "requestMeeting", json!({ "leaderId": world.id("cyd").await }))
            .await,
        world.refusal("ada", "confirmMeeting", about(&id_of(&request))).await,
    ];
    check(
        &answers,
        &expect![[r#"
        CONFLICT input.leaderId: you have asked them already and they have not answered yet
        NOT_ALLOWED input.leaderId: a skip-level can be asked of somebody two or more levels above you
        NOT_FOUND input.leaderId: nothing in your reach has this leaderId
        NOT_ALLOWED input.leaderId: a skip-level can be asked of somebody two or more levels above you
        REQUIRED input.heldAt: no time was agreed for this meeting: say in heldAt when it took place
    "#]],
    );
    let answered = arranged(&world, "ada", "cyd", "2026-01-07T10:00:00Z").await;
    assert_eq!(answered, id_of(&request));
    let meetings = world.meetings("cyd", json!({})).await;
    assert_eq!(meetings.len(), 1);
    assert_eq!(meetings[0]["origin"], "COUNTERPART_REQUEST");
    assert_eq!(meetings[0]["startsAt"], "2026-01-07T10:00:00Z");
}

async fn a_reorganisation_never_rewrites_a_meeting(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "ada", "dee", NOW).await;
    world.act("ada", "confirmMeeting", about(&meeting)).await;
    let before = world.meetings("ada", json!({})).await;
    assert_eq!(
        (&before[0]["kind"], &before[0]["distance"]),
        (&json!("SKIP_LEVEL"), &json!(3))
    );
    let input = json!({ "personId": world.id("dee").await, "managerId": world.id("ada").await });
    world.act(ADMIN, "setManager", input).await;
    assert_eq!(world.meetings("ada", json!({})).await, before);
    let input = json!({ "counterpartId": world.id("dee").await, "startsAt": "2026-01-08T10:00:00Z" });
    let new = world.act("ada", "scheduleMeeting", input).await;
    assert_eq!(
        (&new["meeting"]["kind"], &new["meeting"]["distance"]),
        (&json!("DIRECT"), &json!(1))
    );
}

async fn nobody_has_two_skip_levels_within_28_days(database: TestDatabase) {
    let world = organisation(database).await;
    arranged(&world, "ada", "dee", "2026-02-03T10:00:00Z").await;
    let dee = world.id("dee").await;
    let schedule = |starts_at: &str| json!({ "counterpartId": dee, "startsAt": starts_at });
    let mut answers = Vec::new();
    for day in ["2026-01-07", "2026-02-03", "2026-02-05", "2026-03-02"] {
        answers.push(
            world
                .refusal("bob", "scheduleMeeting", schedule(&format!("{day}T12:00:00Z")))
                .await,
        );
    }
    check(
        &answers,
        &expect![[r#"
        LOAD_CAP input.startsAt: this person has another skip-level too near to that day: nobody has two within 28 days; try 2026-W11 or later
        LOAD_CAP input.startsAt: this person has another skip-level too near to that day: nobody has two within 28 days; try 2026-W11 or later
        LOAD_CAP input.startsAt: this person has another skip-level too near to that day: nobody has two within 28 days; try 2026-W11 or later
        LOAD_CAP input.startsAt: this person has another skip-level too near to that day: nobody has two within 28 days; try 2026-W11 or later
    "#]],
    );
    // 28 days on either side are enough, and direct 1:1s are not counted.
    world
        .act("bob", "scheduleMeeting", schedule("2026-03-03T10:00:00Z"))
        .await;
    world
        .act("cyd", "scheduleMeeting", schedule("2026-02-03T12:00:00Z"))
        .await;
    world
        .act("bob", "scheduleMeeting", schedule("2026-01-06T10:00:00Z"))
        .await;
}

async fn what_took_place_comes_before_an_open_suggestion(database: TestDatabase) {
    let world = organisation(database).await;
    world.draw_due().await;
    let suggested = world.suggestion("bob", "2026-W02").await;
    assert_eq!(suggested["counterpart"]["name"], "dee");
    let dee = world.id("dee").await;
    // Scheduling gives way to a suggestion of another leader, recording does not.
    let input = json!({ "counterpartId": dee, "startsAt": "2026-01-06T10:00:00Z" });
    let refused = world.refusal("ada", "scheduleMeeting", input).await;
    let record = json!({ "counterpartId": dee, "heldAt": "2026-01-05T08:00:00Z" });
    world.act("ada", "recordMeeting", record.clone()).await;
    let suggested = world.suggestion("bob", "2026-W02").await;
    assert_eq!(suggested["status"], "INVALIDATED");
    assert_eq!(suggested["invalidReason"], "LOAD_CAP");
    // One that took place does not make way for another.
    let second = world.refusal("bob", "recordMeeting", record).await;
    let accept = json!({ "suggestionId": suggested["id"], "startsAt": "2026-01-06T10:00:00Z" });
    let accepted = world.refusal("bob", "acceptSuggestion", accept).await;
    check(
        &[refused, second, accepted],
        &expect![[r#"
        LOAD_CAP input.startsAt: this person has another skip-level too near to that day: nobody has two within 28 days; try 2026-W06 or later
        LOAD_CAP input.heldAt: this person has another skip-level in that week; one a week is the most there can be
        WRONG_STATUS input.suggestionId: this suggestion is INVALIDATED and cannot be accepted
    "#]],
    );
}

async fn managers_in_between_learn_the_month_one_month_late(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "ada", "cyd", NOW).await;
    world.act("ada", "confirmMeeting", about(&meeting)).await;
    let cyd = world.id("cyd").await;
    let mut seen = Vec::new();
    for now in [NOW, "2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z"] {
        let world = world.at(now).await;
        for who in ["ada", "cyd", ADMIN, "bob", "dee"] {
            let query = "query($id: ID!) { person(by: {id: $id}) { lastHeard } }";
            let data = world.data(who, query, json!({ "id": cyd })).await;
            seen.push(format!("{} {who}: {}", &now[..10], data["person"]["lastHeard"]));
        }
        assert_eq!(world.meetings("bob", json!({})).await, [json!(null); 0]);
        assert_eq!(status(&world, "bob", &meeting).await, Value::Null);
    }
    check(
        &seen,
        &expect![[r#"
        2026-01-05 ada: "2026-01-05"
        2026-01-05 cyd: "2026-01-05"
        2026-01-05 hr-admin: "2026-01-05"
        2026-01-05 bob: null
        2026-01-05 dee: null
        2026-02-28 ada: "2026-01-05"
        2026-02-28 cyd: "2026-01-05"
        2026-02-28 hr-admin: "2026-01-05"
        2026-02-28 bob: null
        2026-02-28 dee: null
        2026-03-01 ada: "2026-01-05"
        2026-03-01 cyd: "2026-01-05"
        2026-03-01 hr-admin: "2026-01-05"
        2026-03-01 bob: "2026-01-01"
        2026-03-01 dee: null
    "#]],
    );
}

both!(
    the_kind_follows_from_the_chart,
    what_cannot_be_scheduled_says_why,
    a_meeting_is_held_when_one_of_the_two_says_so,
    time_alone_makes_a_meeting_unconfirmed_never_held,
    a_meeting_can_be_recorded_up_to_90_days_back,
    illegal_steps_name_the_present_status,
    declining_is_for_the_other_one_and_between_the_two,
    hr_cannot_tell_a_decline_from_a_cancellation,
    a_declined_pair_rests_for_12_weeks,
    a_request_is_answered_by_scheduling_it,
    a_reorganisation_never_rewrites_a_meeting,
    nobody_has_two_skip_levels_within_28_days,
    what_took_place_comes_before_an_open_suggestion,
    managers_in_between_learn_the_month_one_month_late,
);
