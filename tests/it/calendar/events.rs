//! What an invitation says, and how it follows its meeting.

use calcard::icalendar::ICalendarProperty as Property;
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::{America::New_York, Europe::Berlin, Tz};
use expect_test::expect;
use serde_json::json;

use super::{about, arranged, invitation, organisation, parse, set, told, value};
use crate::support::{ADMIN, TestDatabase, both};

/// What an invitation says to ada and cyd, of an event at these times.
fn of_both(method: &str, event: &str) -> String {
    format!(
        "{method}
{event} \"1:1\"
  ORGANIZER \"ada\" mailto:ada@example.org
  ATTENDEE \"ada\" mailto:ada@example.org CHAIR ACCEPTED
  ATTENDEE \"cyd\" mailto:cyd@example.org REQ-PARTICIPANT NEEDS-ACTION
"
    )
}

async fn an_invitation_follows_its_meeting(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    let agreed = invitation(&world, "cyd", &meeting).await;
    assert_eq!(
        told(&agreed.body),
        of_both("REQUEST", "#0 CONFIRMED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z")
    );
    assert_eq!(
        agreed.header("content-type"),
        "text/calendar; charset=utf-8; method=REQUEST"
    );

    let mut moved = about(&meeting);
    moved["startsAt"] = json!("2026-01-07T10:00:00Z");
    moved["durationMinutes"] = json!(45);
    world.act("cyd", "rescheduleMeeting", moved).await;
    let later = invitation(&world, "ada", &meeting).await;
    assert_eq!(
        told(&later.body),
        of_both("REQUEST", "#1 CONFIRMED 2026-01-07T10:00:00Z to 2026-01-07T10:45:00Z")
    );

    world.act("cyd", "declineMeeting", about(&meeting)).await;
    let off = invitation(&world, "ada", &meeting).await;
    assert_eq!(
        told(&off.body),
        of_both("CANCEL", "#2 CANCELLED 2026-01-07T10:00:00Z to 2026-01-07T10:45:00Z")
    );
    assert_eq!(
        off.header("content-type"),
        "text/calendar; charset=utf-8; method=CANCEL"
    );

    let uids = [&agreed, &later, &off].map(|answer| value(&parse(&answer.body)[1], &Property::Uid));
    assert!(uids[0] == uids[1] && uids[1] == uids[2], "{uids:?}");
    let stamp = |body: &str| value(&parse(body)[1], &Property::Dtstamp);
    assert_eq!(stamp(&off.body), "2026-01-05T09:00:00Z");
    // Nothing happened since: asking again tells nothing new.
    assert_eq!(told(&invitation(&world, "cyd", &meeting).await.body), told(&off.body));
}

async fn what_changes_no_time_is_no_news(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-05T08:00:00Z").await;
    let before = told(&invitation(&world, "ada", &meeting).await.body);
    world.act("ada", "confirmMeeting", about(&meeting)).await;
    assert_eq!(told(&invitation(&world, "ada", &meeting).await.body), before);
    assert!(before.contains("#0 CONFIRMED"), "{before}");
}

async fn who_leaves_is_called_off(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-08T10:00:00Z").await;
    world.import("ada\n  bob\n    cyd (left)\n      dee\n  fay\n").await;
    let off = told(&invitation(&world, "ada", &meeting).await.body);
    assert!(off.starts_with("CANCEL\n#1 CANCELLED"), "{off}");
}

/// Nine in the morning is nine in the morning, on both sides of a change of clocks, wherever somebody looks.
async fn times_are_right_where_either_is(database: TestDatabase) {
    let world = organisation(database).await;
    set(&world, "ada", "time_zone = 'Europe/Berlin'").await;
    set(&world, "cyd", "time_zone = 'America/New_York'").await;
    // The last Sunday of March in Berlin, the second one in New York.
    for (day, berlin, new_york) in [
        ((2026, 3, 6), 15, 9),
        ((2026, 3, 13), 15, 10),
        ((2026, 3, 27), 15, 10),
        ((2026, 3, 30), 15, 9),
    ] {
        let at = |zone: Tz, hour: u32| zone.with_ymd_and_hms(day.0, day.1, day.2, hour, 0, 0).unwrap();
        let agreed = at(Berlin, berlin);
        let input = json!({ "counterpartId": world.id("bob").await, "startsAt": agreed.to_rfc3339() });
        let payload = world.act("ada", "scheduleMeeting", input).await;
        let meeting = payload["meeting"]["id"].as_str().unwrap();
        let event = &parse(&invitation(&world, "bob", meeting).await.body)[1];
        let told: DateTime<Utc> = value(event, &Property::Dtstart).parse().unwrap();
        assert_eq!(told.with_timezone(&Berlin), agreed, "{day:?}");
        assert_eq!(told.with_timezone(&New_York), at(New_York, new_york), "{day:?}");
        world.act("ada", "cancelMeeting", about(meeting)).await;
    }
}

/// Whatever a name holds, it stands in its place and nowhere else.
async fn names_break_nothing(database: TestDatabase) {
    let world = organisation(database).await;
    let name = r#"O"Hara; Cyd, "the ^ one": 👩🏽‍🚀 of a name so long that no line could ever hold all of it"#;
    set(
        &world,
        "cyd",
        &format!("name = '{name}', email = 'cyd,o''hara?x#1%@example.org'"),
    )
    .await;
    set(&world, "ada", "name = 'Ada\r\nATTENDEE:mailto:evil@example.org'").await;
    world
        .act(
            ADMIN,
            "updateSettings",
            json!({ "calendarTitle": "Talk; with {name}, \\n 🦀" }),
        )
        .await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    expect![[r#"
        REQUEST
        #0 CONFIRMED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "Talk; with O\"Hara; Cyd, \"the ^ one\": 👩🏽\u{200d}🚀 of a name so long that no line could ever hold all of it, \\n 🦀"
          ORGANIZER "Ada  ATTENDEE:mailto:evil@example.org" mailto:ada@example.org
          ATTENDEE "Ada  ATTENDEE:mailto:evil@example.org" mailto:ada@example.org CHAIR ACCEPTED
          ATTENDEE "O'Hara; Cyd, 'the ^ one': 👩🏽\u{200d}🚀 of a name so long that no line could ever hold all of it" mailto:cyd%2Co'hara%3Fx%231%25@example.org REQ-PARTICIPANT NEEDS-ACTION
    "#]]
    .assert_eq(&told(&invitation(&world, "ada", &meeting).await.body));
}

async fn without_an_address_it_is_an_event(database: TestDatabase) {
    let world = organisation(database).await;
    set(&world, "cyd", "email = NULL").await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    expect![[r#"
        PUBLISH
        #0 CONFIRMED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "1:1"
    "#]]
    .assert_eq(&told(&invitation(&world, "ada", &meeting).await.body));
}

both!(
    an_invitation_follows_its_meeting,
    what_changes_no_time_is_no_news,
    who_leaves_is_called_off,
    times_are_right_where_either_is,
    names_break_nothing,
    without_an_address_it_is_an_event,
);
