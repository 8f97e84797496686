//! Times at which two people could meet: whose are told, and how little they tell.

use serde_json::{Value, json};

use super::{arranged, organisation, set};
use crate::support::{ADMIN, Change, TestDatabase, World, both};

/// The times for `who` and `whom` in a week, or the code of the error.
async fn times(world: &World, who: &str, whom: &str, minutes: i32) -> Vec<String> {
    let query = "query($whom: ID!, $week: IsoWeek!, $minutes: Int!) {
        viewer { meetingTimes(counterpart: $whom, week: $week, durationMinutes: $minutes) { startsAt endsAt } } }";
    let variables = json!({ "whom": world.id(whom).await, "week": "2026-W03", "minutes": minutes });
    let answer = world.ask(who, query, variables).await;
    if let Some(error) = answer["errors"].get(0) {
        return vec![error["extensions"]["code"].as_str().unwrap().to_owned()];
    }
    let times = answer["data"]["viewer"]["meetingTimes"].as_array().unwrap().clone();
    let text = |time: &Value, field: &str| time[field].as_str().unwrap()[5..16].to_owned();
    times
        .iter()
        .map(|time| format!("{}-{}", text(time, "startsAt"), &text(time, "endsAt")[6..]))
        .collect()
}

/// Eight hours leave one time a day, so that whatever is in the way takes a day.
const DAYS: [&str; 5] = [
    "01-12T09:00-17:00",
    "01-13T09:00-17:00",
    "01-14T09:00-17:00",
    "01-15T09:00-17:00",
    "01-16T09:00-17:00",
];

async fn times_are_for_whom_one_may_arrange_with(database: TestDatabase) {
    let world = organisation(database).await;
    for (who, whom) in [("ada", "cyd"), ("ada", "bob"), ("cyd", "bob"), ("bob", "dee")] {
        assert_eq!(times(&world, who, whom, 480).await, DAYS, "{who} and {whom}");
    }
    // Out of reach, above by two levels, oneself, and somebody outside the chart.
    for (who, whom) in [
        ("fay", "cyd"),
        ("cyd", "fay"),
        ("cyd", "ada"),
        ("ada", "ada"),
        (ADMIN, "cyd"),
    ] {
        assert_eq!(times(&world, who, whom, 480).await, [""; 0], "{who} and {whom}");
    }
    for minutes in [4, 481] {
        assert_eq!(times(&world, "ada", "cyd", minutes).await, ["BAD_USER_INPUT"]);
    }
    assert_eq!(times(&world, "ada", "cyd", 30).await.len(), 10);
}

/// Leave, a meeting with somebody unseen and the end of an employment take times away, and all alike.
async fn what_is_in_the_way_is_not_told(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = json!({ "counterpartId": world.id("dee").await, "startsAt": "2026-01-13T16:45:00Z" });
    world.act("cyd", "scheduleMeeting", meeting).await;
    let without = |days: &[usize]| {
        let kept = DAYS.iter().enumerate().filter(|(day, _)| !days.contains(day));
        kept.map(|(_, day)| *day).collect::<Vec<_>>()
    };
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[1]));
    // The same time for two others is in nobody's way.
    assert_eq!(times(&world, "ada", "bob", 480).await, DAYS);
    let leave = json!({ "source": "hr", "dryRun": false, "idempotencyKey": "k", "rows": [
        { "externalId": "1", "person": { "externalId": "cyd" }, "startDate": "2026-01-14", "endDate": "2026-01-14" },
    ] });
    world.act(ADMIN, "syncAbsences", leave).await;
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[1, 2]));
    let leaves = Change {
        who: "cyd",
        end: Some("2026-01-15"),
        ..Change::default()
    };
    world.change(&[leaves]).await;
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[1, 2, 4]));
    let mine = arranged(&world, "2026-01-12T08:30:00Z").await;
    // Side by side is not in the way.
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[1, 2, 4]));
    let longer = json!({ "meetingId": mine, "startsAt": "2026-01-12T08:30:00Z", "durationMinutes": 31 });
    world.act("ada", "rescheduleMeeting", longer).await;
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[0, 1, 2, 4]));
    world.act("cyd", "cancelMeeting", super::about(&mine)).await;
    assert_eq!(times(&world, "ada", "cyd", 480).await, without(&[1, 2, 4]));
}

async fn hours_are_those_of_the_settings_where_each_is(database: TestDatabase) {
    let world = organisation(database).await;
    set(&world, "ada", "time_zone = 'Europe/Berlin'").await;
    assert_eq!(times(&world, "ada", "cyd", 480).await, [""; 0]);
    assert_eq!(times(&world, "ada", "cyd", 420).await[0], "01-12T09:00-16:00");
    let settings = json!({ "workdayStart": "08:00", "workdayEnd": "12:30", "workdays": ["SUNDAY", "TUESDAY"] });
    world.act(ADMIN, "updateSettings", settings).await;
    assert_eq!(
        times(&world, "ada", "cyd", 180).await,
        ["01-13T08:00-11:00", "01-18T08:00-11:00"]
    );
    assert_eq!(
        times(&world, "bob", "cyd", 270).await,
        ["01-13T08:00-12:30", "01-18T08:00-12:30"]
    );
    for (field, value) in [
        ("workdayStart", json!("8:00")),
        ("workdayEnd", json!("08:00")),
        ("workdays", json!([])),
        ("workdays", json!(["MONDAY", "MONDAY"])),
        ("calendarTitle", json!("two\nlines")),
        ("calendarTitle", json!(" ")),
    ] {
        let refusal = world.refusal(ADMIN, "updateSettings", json!({ field: value })).await;
        assert!(refusal.starts_with(&format!("INVALID input.{field}")), "{refusal}");
    }
}

async fn hours_of_ones_own_come_before_the_settings(database: TestDatabase) {
    let world = organisation(database).await;
    let set = async |input: Value| {
        let mutation = "mutation($input: SetWorkingHoursInput!) { setWorkingHours(input: $input) {
            workingHours { start end days isOwn } userErrors { code message path } } }";
        world.data("cyd", mutation, json!({ "input": input })).await["setWorkingHours"].clone()
    };
    let said = set(json!({ "start": "10:00", "end": "14:00", "days": ["MONDAY", "SATURDAY"] })).await;
    assert_eq!(
        said["workingHours"],
        json!({ "start": "10:00", "end": "14:00", "days": ["MONDAY", "SATURDAY"], "isOwn": true })
    );
    // For both of the two, and for nobody else.
    for (who, whom) in [("ada", "cyd"), ("cyd", "bob")] {
        assert_eq!(
            times(&world, who, whom, 240).await,
            ["01-12T10:00-14:00"],
            "{who} and {whom}"
        );
    }
    assert_eq!(times(&world, "ada", "bob", 480).await, DAYS);
    let settings = json!({ "workdays": ["SATURDAY"], "workdayStart": "12:00" });
    world.act(ADMIN, "updateSettings", settings).await;
    assert_eq!(times(&world, "ada", "cyd", 120).await, ["01-17T12:00-14:00"]);
    // What is not said follows the settings.
    let days = set(json!({ "days": ["SUNDAY"] })).await;
    assert_eq!(
        days["workingHours"],
        json!({ "start": "12:00", "end": "17:00", "days": ["SUNDAY"], "isOwn": true })
    );
    let nothing = set(json!({})).await;
    assert_eq!(
        nothing["workingHours"],
        json!({ "start": "12:00", "end": "17:00", "days": ["SATURDAY"], "isOwn": false })
    );
    for (input, path) in [
        (json!({ "start": "9:00", "end": "17:00" }), "start"),
        (json!({ "start": "09:00" }), "end"),
        (json!({ "start": "09:00", "end": "09:00" }), "end"),
        (json!({ "days": [] }), "days"),
    ] {
        let refused = set(input).await;
        assert_eq!(refused["workingHours"], Value::Null);
        assert_eq!(refused["userErrors"][0]["code"], "INVALID");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", path]));
    }
}

both!(
    times_are_for_whom_one_may_arrange_with,
    what_is_in_the_way_is_not_told,
    hours_are_those_of_the_settings_where_each_is,
    hours_of_ones_own_come_before_the_settings,
);
