//! The feed: what is in it, for how long, and whose it is.

use expect_test::expect;
use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{Answer, about, arranged, organisation, parse, read, request, subscribed, told};
use crate::support::{ADMIN, TestDatabase, World, both, number};

async fn a_feed_holds_ones_own_meetings(database: TestDatabase) {
    let world = organisation(database).await;
    let (ada, cyd, fay) = (
        subscribed(&world, "ada").await,
        subscribed(&world, "cyd").await,
        subscribed(&world, "fay").await,
    );
    assert_eq!(told(&read(&world, &ada).await.body), "PUBLISH\n");
    let first = arranged(&world, "2026-01-06T10:00:00Z").await;
    let input = json!({ "counterpartId": world.id("bob").await, "startsAt": "2026-01-07T10:00:00Z" });
    world.act("ada", "scheduleMeeting", input).await;
    expect![[r#"
        PUBLISH
        #0 CONFIRMED 2026-01-07T10:00:00Z to 2026-01-07T10:30:00Z "1:1"
        #0 CONFIRMED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "1:1"
    "#]]
    .assert_eq(&told(&read(&world, &ada).await.body));
    expect![[r#"
        PUBLISH
        #0 CONFIRMED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "1:1"
    "#]]
    .assert_eq(&told(&read(&world, &cyd).await.body));
    assert_eq!(told(&read(&world, &fay).await.body), "PUBLISH\n");

    let settings = json!({ "calendarTitle": "1:1 with {name}" });
    world.act(ADMIN, "updateSettings", settings).await;
    world.act("ada", "cancelMeeting", about(&first)).await;
    expect![[r#"
        PUBLISH
        #0 CONFIRMED 2026-01-07T10:00:00Z to 2026-01-07T10:30:00Z "1:1 with bob"
        #1 CANCELLED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "1:1 with cyd"
    "#]]
    .assert_eq(&told(&read(&world, &ada).await.body));
    expect![[r#"
        PUBLISH
        #1 CANCELLED 2026-01-06T10:00:00Z to 2026-01-06T10:30:00Z "1:1 with ada"
    "#]]
    .assert_eq(&told(&read(&world, &cyd).await.body));
}

/// A request without a time is nothing for a calendar, and neither is what lies too far away.
async fn a_feed_has_a_window(database: TestDatabase) {
    let world = organisation(database).await;
    let path = subscribed(&world, "ada").await;
    let request = json!({ "leaderId": world.id("ada").await });
    world.act("cyd", "requestMeeting", request).await;
    let input = json!({ "counterpartId": world.id("bob").await, "startsAt": "2026-01-05T10:00:00Z" });
    world.act("ada", "scheduleMeeting", input).await;
    let events = async |now: &str| {
        let world = world.at(now).await;
        let answer = read(&world, &path).await;
        assert_eq!(answer.status, 200, "{now}");
        parse(&answer.body).len() - 1
    };
    assert_eq!(events("2026-01-05T09:00:00Z").await, 1);
    assert_eq!(events("2026-04-05T10:00:00Z").await, 1);
    assert_eq!(events("2026-04-05T10:00:01Z").await, 0);

    let input = json!({ "counterpartId": world.id("fay").await, "startsAt": "2026-03-09T10:00:00Z" });
    let payload = world.act("ada", "scheduleMeeting", input).await;
    world
        .act(
            "ada",
            "cancelMeeting",
            about(payload["meeting"]["id"].as_str().unwrap()),
        )
        .await;
    assert_eq!(events("2026-02-04T23:59:59Z").await, 2, "called off thirty days ago");
    assert_eq!(events("2026-02-05T00:00:00Z").await, 1, "and long ago");
}

async fn a_feed_is_its_address_and_nothing_else(database: TestDatabase) {
    let world = organisation(database).await;
    arranged(&world, "2026-01-06T10:00:00Z").await;
    let since = async |who: &str| {
        let data = world
            .data(who, "{ viewer { calendarFeed { createdAt } } }", json!({}))
            .await;
        data["viewer"]["calendarFeed"]["createdAt"].clone()
    };
    assert_eq!(since("ada").await, Value::Null);
    let first = subscribed(&world, "ada").await;
    assert_eq!(since("ada").await, "2026-01-05T09:00:00Z");
    assert_eq!(since("cyd").await, Value::Null);
    assert_eq!(read(&world, &first).await.status, 200);
    // A second one takes the place of the first.
    let second = subscribed(&world, "ada").await;
    assert_ne!(first, second);
    let gone = read(&world, &first).await;
    assert_eq!(gone.status, 404);
    assert_eq!(read(&world, &second).await.status, 200);

    let raw = world.database.raw().await;
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM calendar_feed").await, 1);
    let secret = second.trim_start_matches("/calendar/").trim_end_matches(".ics");
    let kept = format!(
        "SELECT COUNT(*) FROM calendar_feed WHERE secret_hash LIKE '%{}%'",
        &secret[5..]
    );
    assert_eq!(number(&raw, &kept).await, 0, "the secret itself is not kept");

    let revoke = "mutation { revokeCalendarFeed { calendarFeed { createdAt } userErrors { code } } }";
    let done = world.data("ada", revoke, json!({})).await;
    assert_eq!(
        done["revokeCalendarFeed"],
        json!({ "calendarFeed": null, "userErrors": [] })
    );
    assert_eq!(since("ada").await, Value::Null);
    let revoked = read(&world, &second).await;
    // What never was, what is no address at all, and what was taken back: the same.
    let unknown = format!("/calendar/sklc_{}.ics", "0".repeat(64));
    for path in [
        unknown.as_str(),
        "/calendar/sklc_.ics",
        "/calendar/%00.ics",
        &second
            .to_uppercase()
            .replace("CALENDAR", "calendar")
            .replace("ICS", "ics"),
    ] {
        let answer = read(&world, path).await;
        assert_eq!((answer.status, &answer.body), (404, &revoked.body), "{path}");
        let mut names: Vec<_> = answer.headers.keys().map(header::HeaderName::as_str).collect();
        let mut known: Vec<_> = revoked.headers.keys().map(header::HeaderName::as_str).collect();
        (names.sort_unstable(), known.sort_unstable());
        assert_eq!(names, known, "{path}");
    }
    // Taking back what is not there is done already.
    world.data("ada", revoke, json!({})).await;
}

async fn who_leaves_has_no_feed(database: TestDatabase) {
    let world = organisation(database).await;
    let (ada, dee) = (subscribed(&world, "ada").await, subscribed(&world, "dee").await);
    assert_eq!(read(&world, &dee).await.status, 200);
    world.import("ada\n  bob\n    cyd\n      dee (left)\n  fay\n").await;
    assert_eq!(read(&world, &dee).await.status, 404);
    assert_eq!(read(&world, &ada).await.status, 200);
    let create = "mutation { createCalendarFeed { path } }";
    for (token, code) in [
        (world.integration("hr"), "FORBIDDEN"),
        (world.token("dee", &[]), "UNAUTHENTICATED"),
    ] {
        let answer = world.ask_as(&token, create, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
}

/// A program that looks every few minutes is told quickly that nothing has changed.
async fn what_is_unchanged_is_not_sent_again(database: TestDatabase) {
    let world = organisation(database).await;
    let path = subscribed(&world, "ada").await;
    let first = read(&world, &path).await;
    let tag = first.header("etag").to_owned();
    let again = async |world: &World, known: &str| {
        let request = request(world, Method::GET, &path).header(header::IF_NONE_MATCH, known);
        Answer::to(request).await
    };
    let later = world.at("2026-01-05T10:00:00Z").await;
    for known in [tag.as_str(), "*", &format!("\"other\", {tag}")] {
        let same = again(&later, known).await;
        assert_eq!((same.status, same.body.as_str()), (304, ""), "{known}");
        assert_eq!(same.header("etag"), tag);
    }
    assert_eq!(again(&later, "\"other\"").await.status, 200);
    arranged(&world, "2026-01-06T10:00:00Z").await;
    let changed = again(&later, &tag).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
}

both!(
    a_feed_holds_ones_own_meetings,
    a_feed_has_a_window,
    a_feed_is_its_address_and_nothing_else,
    who_leaves_has_no_feed,
    what_is_unchanged_is_not_sent_again,
);
