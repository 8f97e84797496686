//! The change feed: everything once, in the order of commits, to whom it is and no more of it than is theirs.

mod feed;

use chrono::TimeDelta;
use expect_test::{Expect, expect};
use futures_util::future::join_all;
use serde_json::{Value, json};
use skiplevel::domain::sync::{LinkBy, Row, Run};

use self::feed::{Feed, NOW, run};
use crate::support::{ADMIN, Change, TestDatabase, World, both, field, mutation_text, number};

const ORGANISATION: &str = "
    ada
      bob
        cyd
      eve
    ";

/// Holds the events of the feed against a picture; on one database after the other it is the same.
#[track_caller]
fn check(told: &[String], expected: &Expect) {
    expected.assert_eq(&told.iter().fold(String::new(), |text, line| text + line + "\n"));
}

async fn each_change_is_told_once(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut feed = Feed::admin(&world);
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.created ada from hr line 2: name ->ada, email ->ada@example.org, startDate ->2020-01-01, status ->ACTIVE
        person.created bob from hr line 3: name ->bob, email ->bob@example.org, startDate ->2020-01-01, status ->ACTIVE
        person.created cyd from hr line 4: name ->cyd, email ->cyd@example.org, startDate ->2020-01-01, status ->ACTIVE
        person.created eve from hr line 5: name ->eve, email ->eve@example.org, startDate ->2020-01-01, status ->ACTIVE
        reporting_line.started bob from hr under ada line 3: managerExternalId ->ada
        reporting_line.started cyd from hr under bob line 4: managerExternalId ->bob
        reporting_line.started eve from hr under ada line 5: managerExternalId ->ada
        sync.applied from hr
    "#]],
    );
    let titled = |title: &str| Row {
        title: field(title),
        ..Change {
            who: "cyd",
            ..Change::default()
        }
        .row(7)
    };
    world.import_rows(vec![titled("Head")]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.updated cyd from hr line 7: title ->Head
        sync.applied from hr
    "#]],
    );
    world.import_rows(vec![titled("Head")]).await;
    let plan = run("hr", vec![titled("Tail")]);
    world.operator().await.plan_sync(plan, &|_| {}).await.unwrap();
    check(&feed.read(&world).await, &expect![[""]]);

    let to_eve = json!({ "personId": world.id("cyd").await, "managerId": world.id("eve").await });
    world.act(ADMIN, "setManager", to_eve.clone()).await;
    world.act(ADMIN, "setManager", to_eve).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        reporting_line.ended cyd under bob: managerExternalId hr:bob>-
        reporting_line.started cyd under eve: managerExternalId ->hr:eve
    "#]],
    );

    let moved = |manager, day| Change {
        who: "eve",
        manager: Some(manager),
        effective: Some(day),
        ..Change::default()
    };
    world.change(&[moved("bob", "2025-03-03")]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        reporting_line.ended eve from hr under ada line 2: managerExternalId ada>-
        reporting_line.started eve from hr under bob line 2: managerExternalId ->bob
        sync.applied from hr
    "#]],
    );
    world.change(&[moved("ada", "2025-12-01")]).await;
    feed.read(&world).await;
    world.change(&[moved("ada", "2025-06-02")]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        reporting_line.corrected eve from hr under ada line 2: managerExternalId bob>ada
        sync.applied from hr
    "#]],
    );
}

async fn comings_and_goings_are_told_once(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut feed = Feed::admin(&world);
    feed.read(&world).await;
    let employed = |start, end, status| Change {
        who: "cyd",
        start,
        end,
        status,
        ..Change::default()
    };
    world.change(&[employed(None, Some("2026-01-02"), None)]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
            person.terminated cyd from hr line 2: endDate ->2026-01-02, status ACTIVE>TERMINATED
            reporting_line.ended cyd from hr under bob line 2: managerExternalId bob>-
            sync.applied from hr
        "#]],
    );
    world
        .change(&[employed(Some("2026-01-05"), None, Some("active"))])
        .await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.rehired cyd from hr line 2: startDate 2020-01-01>2026-01-05, endDate 2026-01-02>-, status TERMINATED>ACTIVE
        sync.applied from hr
    "#]],
    );

    let linked = Row {
        external_id: "17".to_owned(),
        email: field("bob@example.org"),
        ..Row::default()
    };
    let by_email = Run {
        link_by: LinkBy::Email,
        ..run("payroll", vec![linked])
    };
    world.operator().await.apply_sync(by_email, &|_| {}).await.unwrap();
    check(
        &feed.read(&world).await,
        &expect![[r#"
        identity.linked 17 from payroll: externalId ->17
        sync.applied from payroll
    "#]],
    );
}

async fn a_blocked_run_is_told_and_a_rejected_one_is_not(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut feed = Feed::admin(&world);
    feed.read(&world).await;
    let run = |row: Value, plan: Value| json!({ "source": "hr", "dryRun": false, "idempotencyKey": row.to_string(), "rows": [row], "expectedPlanHash": plan });
    let blocked = run(json!({ "externalId": "cyd", "title": "t" }), json!("another"));
    world.act(ADMIN, "syncPeople", blocked).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        sync.blocked from hr
    "#]],
    );
    let rejected = run(json!({ "externalId": "cyd", "name": null }), Value::Null);
    let answer = world.act(ADMIN, "syncPeople", rejected).await;
    assert_eq!(answer["run"]["status"], "REJECTED");
    check(&feed.read(&world).await, &expect![[""]]);
}

async fn meetings_are_told_alike_however_they_end(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n    dee\n    eve", NOW).await;
    let mut feed = Feed::admin(&world);
    let mut ids = Vec::new();
    for (who, day) in [("cyd", "06"), ("dee", "07"), ("eve", "08")] {
        let at = format!("2026-01-{day}T10:00:00Z");
        let input = json!({ "counterpartId": world.id(who).await, "startsAt": at });
        let made = world.act("ada", "scheduleMeeting", input).await;
        ids.push(made["meeting"]["id"].clone());
    }
    feed.read(&world).await;
    world.act("ada", "cancelMeeting", json!({ "meetingId": ids[0] })).await;
    world.act("dee", "declineMeeting", json!({ "meetingId": ids[1] })).await;
    // Were a decline not told, or otherwise, it would tell itself.
    check(
        &feed.read(&world).await,
        &expect![[r#"
        meeting.cancelled CANCELLED ada cyd
        meeting.cancelled CANCELLED ada dee
    "#]],
    );
    let left = Change {
        who: "eve",
        end: Some("2026-01-04"),
        ..Change::default()
    };
    world.change(&[left]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.terminated eve from hr line 2: endDate ->2026-01-04, status ACTIVE>TERMINATED
        reporting_line.ended eve from hr under bob line 2: managerExternalId bob>-
        meeting.cancelled from hr CANCELLED ada eve
        sync.applied from hr
    "#]],
    );
}

async fn leave_and_calendars_are_told_too(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut feed = Feed::admin(&world);
    feed.read(&world).await;
    let import = async |mutation: &str, row: Value, key: &str| {
        let input = json!({ "source": "hr", "dryRun": false, "idempotencyKey": key, "rows": [row] });
        let answer = world.act(ADMIN, mutation, input).await;
        assert_eq!(answer["import"]["status"], "APPLIED", "{answer:#}");
    };
    let person = |id: &str| json!({ "email": format!("{id}@example.org") });
    let away = json!({ "externalId": "1", "person": person("cyd"), "startDate": "2026-01-05" });
    import("syncAbsences", away.clone(), "a").await;
    import("syncAbsences", away, "b").await;
    let meeting = |status: &str| {
        json!({ "externalId": "c", "participants": [person("ada"), person("cyd")],
            "startsAt": "2026-01-09T10:00:00Z", "status": status })
    };
    import("importMeetings", meeting("SCHEDULED"), "c").await;
    import("importMeetings", meeting("CANCELLED"), "d").await;
    import("importMeetings", meeting("CANCELLED"), "e").await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.updated cyd: status ACTIVE>ON_LEAVE
        meeting.cancelled CANCELLED ada cyd
    "#]],
    );
}

async fn days_are_told_by_whoever_comes_first(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut feed = Feed::admin(&world);
    feed.read(&world).await;
    let leaving = Change {
        who: "cyd",
        end: Some("2026-01-07"),
        ..Change::default()
    };
    let moving = Change {
        who: "eve",
        manager: Some("bob"),
        effective: Some("2026-01-09"),
        ..Change::default()
    };
    let coming = Change {
        who: "fay",
        manager: Some("eve"),
        start: Some("2026-01-12"),
        ..Change::default()
    };
    world.change(&[leaving, moving, coming]).await;
    check(
        &feed.read(&world).await,
        &expect![[r#"
        person.updated cyd from hr line 2: endDate ->2026-01-07
        person.created fay from hr line 4: name ->fay, startDate ->2026-01-12, status ->PRE_HIRE
        sync.applied from hr
    "#]],
    );
    let later = world.at("2026-01-20T09:00:00Z").await;
    feed.renew(&later);
    check(
        &feed.read(&later).await,
        &expect![[r#"
        person.terminated cyd: status ACTIVE>TERMINATED
        reporting_line.ended cyd under bob: managerExternalId hr:bob>-
        reporting_line.ended eve under ada: managerExternalId hr:ada>-
        reporting_line.started eve under bob: managerExternalId ->hr:bob
        person.updated fay: status PRE_HIRE>ACTIVE
        reporting_line.started fay under eve: managerExternalId ->hr:eve
    "#]],
    );
    check(&feed.read(&later.beside().await).await, &expect![[""]]);
}

/// Bob is known to hris, Zoe to payroll, Ada to both; an admin moves Bob and calls his meeting off.
async fn two_sources_and_an_admin_write(world: &World) {
    let start = "2020-01-01";
    let send = async |source: &str, rows: Value| {
        let key = rows.to_string()[..40].to_owned();
        let input =
            json!({ "source": source, "rows": rows, "dryRun": false, "idempotencyKey": key, "linkBy": "EMAIL" });
        let variables = json!({ "input": input });
        let answer = world
            .ask_as(&world.integration(source), &mutation_text("syncPeople"), variables)
            .await;
        assert_eq!(answer["data"]["syncPeople"]["run"]["status"], "APPLIED", "{answer:#}");
    };
    let people = json!([
        { "externalId": "1", "name": "Ada", "email": "ada@example.org", "startDate": start },
        { "externalId": "2", "name": "Bob", "email": "bob@example.org", "startDate": start, "managerExternalId": "1" },
    ]);
    send("hris", people).await;
    send(
        "payroll",
        json!([{ "externalId": "p1", "name": "Ida", "email": "ada@example.org" }]),
    )
    .await;
    send(
        "payroll",
        json!([{ "externalId": "p9", "name": "Zoe", "startDate": start, "managerExternalId": "p1" }]),
    )
    .await;
    send(
        "hris",
        json!([{ "externalId": "1", "title": "All" }, { "externalId": "2", "name": "Rob" }]),
    )
    .await;
    let by_hand = json!({ "personId": world.person_id("bob@example.org").await, "managerId": world.id("quy").await });
    world.act(ADMIN, "setManager", by_hand).await;
    let met = json!({ "counterpartId": world.person_id("bob@example.org").await, "startsAt": "2026-01-06T10:00:00Z" });
    let made = world.act("pat", "scheduleMeeting", met).await;
    world
        .act("pat", "cancelMeeting", json!({ "meetingId": made["meeting"]["id"] }))
        .await;
}

async fn integrations_get_every_event_without_what_is_not_theirs(database: TestDatabase) {
    let world = World::of(database, "pat\n  quy", NOW).await;
    let mut hris = Feed::of(world.integration("hris"));
    let mut payroll = Feed::of(world.integration("payroll"));
    let mut admin = Feed::admin(&world);
    for feed in [&mut hris, &mut payroll, &mut admin] {
        feed.read(&world).await;
    }
    two_sources_and_an_admin_write(&world).await;
    let (hris, payroll) = (hris.read(&world).await, payroll.read(&world).await);
    check(
        &admin.read(&world).await,
        &expect![[r#"
        person.created 1 from hris line 1: name ->Ada, email ->ada@example.org, startDate ->2020-01-01, status ->ACTIVE
        person.created 2 from hris line 2: name ->Bob, email ->bob@example.org, startDate ->2020-01-01, status ->ACTIVE
        reporting_line.started 2 from hris under Ida line 2: managerExternalId ->1
        sync.applied from hris
        person.updated p1 from payroll line 1: name Ada>Ida
        identity.linked p1 from payroll line 1: externalId ->p1
        sync.applied from payroll
        person.created p9 from payroll line 1: name ->Zoe, startDate ->2020-01-01, status ->ACTIVE
        reporting_line.started p9 from payroll under Ida line 1: managerExternalId ->p1
        sync.applied from payroll
        person.updated 1 from hris line 1: title ->All
        person.updated 2 from hris line 2: name Bob>Rob
        sync.applied from hris
        reporting_line.ended Rob under Ida: managerExternalId hris:1>-
        reporting_line.started Rob under quy: managerExternalId ->hr:quy
        meeting.cancelled CANCELLED pat Rob
    "#]],
    );
    check(
        &hris,
        &expect![[r#"
        person.created 1 from hris line 1: name ->Ada, email ->ada@example.org, startDate ->2020-01-01, status ->ACTIVE
        person.created 2 from hris line 2: name ->Bob, email ->bob@example.org, startDate ->2020-01-01, status ->ACTIVE
        reporting_line.started 2 from hris line 2: managerExternalId ->1
        sync.applied from hris
        person.updated 1: name ->- ***
        identity.linked 1: externalId ->- ***
        sync.applied ***
        person.created ***
        reporting_line.started ***
        sync.applied ***
        person.updated 1 from hris line 1: title ->All
        person.updated 2 from hris line 2: name Bob>Rob
        sync.applied from hris
        reporting_line.ended 2: managerExternalId 1>-
        reporting_line.started 2: managerExternalId ->- ***
        meeting.cancelled ***
    "#]],
    );
    check(
        &payroll,
        &expect![[r#"
        person.created p1: name ->-, email ->-, startDate ->-, status ->- ***
        person.created ***
        reporting_line.started ***
        sync.applied ***
        person.updated p1 from payroll line 1: name ->Ida ***
        identity.linked p1 from payroll line 1: externalId ->p1
        sync.applied from payroll
        person.created p9 from payroll line 1: name ->Zoe, startDate ->2020-01-01, status ->ACTIVE
        reporting_line.started p9 from payroll line 1: managerExternalId ->p1
        sync.applied from payroll
        person.updated p1: title ->- ***
        person.updated ***
        sync.applied ***
        reporting_line.ended ***
        reporting_line.started ***
        meeting.cancelled ***
    "#]],
    );
}

async fn persons_follow_nothing(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let first = world.admin("{ changes { nodes { id } } }", json!({})).await["changes"]["nodes"][0]["id"].clone();
    let query = "query($id: ID!) { node(id: $id) { __typename } }";
    assert_eq!(
        world.admin(query, json!({ "id": first })).await["node"]["__typename"],
        "Change"
    );
    assert_eq!(
        world.data("ada", query, json!({ "id": first })).await["node"],
        Value::Null
    );
    let refused = world.ask("ada", "{ changes { nodes { id } } }", json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

async fn a_place_is_good_for_whatever_types_and_whoever_follows(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let query =
        "query($after: String, $types: [String!], $first: Int) { changes(after: $after, types: $types, first: $first) {
        totalCount nodes { type } pageInfo { hasNextPage endCursor } } }";
    let ask = async |variables: Value| world.admin(query, variables).await["changes"].clone();
    let page = ask(json!({ "types": ["reporting_line.started"], "first": 2 })).await;
    assert_eq!(
        (&page["totalCount"], &page["pageInfo"]["hasNextPage"]),
        (&json!(3), &json!(true))
    );
    let page = ask(json!({ "types": ["person.created"], "after": page["pageInfo"]["endCursor"] })).await;
    assert_eq!(page["nodes"], json!([]));
    let end = page["pageInfo"]["endCursor"].clone();
    assert!(end.is_string(), "an empty page says up to where it looked");
    assert_eq!(ask(json!({ "after": end })).await["nodes"], json!([]), "up to the end");
    let machine = world
        .ask_as(&world.integration("hr"), query, json!({ "after": end }))
        .await;
    assert_eq!(machine["data"]["changes"]["pageInfo"]["endCursor"], end, "{machine:#}");
    let code = async |variables: Value| {
        let answer = world.ask(ADMIN, query, variables).await;
        (
            answer["errors"][0]["extensions"]["code"].clone(),
            answer["errors"][0]["message"].as_str().unwrap().to_owned(),
        )
    };
    let (unknown, words) = code(json!({ "types": ["person.hired"] })).await;
    assert_eq!(unknown, "BAD_USER_INPUT");
    assert!(
        words.contains("person.hired") && words.contains("person.rehired, person.erased, reporting_line.started"),
        "{words}"
    );
    let people = world
        .admin("{ people(first: 1) { pageInfo { endCursor } } }", json!({}))
        .await;
    assert_eq!(
        code(json!({ "after": people["people"]["pageInfo"]["endCursor"] }))
            .await
            .0,
        "BAD_USER_INPUT"
    );
}

async fn what_is_too_old_is_forgotten_and_says_so(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut early = Feed::admin(&world);
    early.page(&world, 3).await;
    let mut late = Feed::admin(&world);
    let all = late.read(&world).await.len();
    let raw = world.database.raw().await;
    let kept = async || number(&raw, "SELECT COUNT(*) FROM change_event").await;
    let day = |days: i64| world.now + TimeDelta::days(days);
    assert_eq!(world.app.prune_changes(day(90)).await.unwrap(), 0, "90 days are kept");
    assert_eq!(world.app.prune_changes(day(91)).await.unwrap(), all as u64 - 1);
    assert_eq!(kept().await, 1, "the newest stays, so that numbers go on after it");
    assert_eq!(early.fault(&world).await, "CURSOR_EXPIRED");
    assert_eq!(late.read(&world).await, [""; 0], "who has read all has missed nothing");
    world
        .act(ADMIN, "setManager", json!({ "personId": world.id("cyd").await }))
        .await;
    assert_eq!(late.read(&world).await.len(), 1);
    assert_eq!(Feed::admin(&world).read(&world).await.len(), 2, "from what is left");
    // A backup is put back: the numbers after it come again for other events.
    crate::support::run(
        &raw,
        "DELETE FROM change_event WHERE seq = (SELECT MAX(seq) FROM change_event)",
    )
    .await
    .unwrap();
    assert_eq!(late.fault(&world).await, "CURSOR_EXPIRED");
}

async fn a_poller_beside_many_writers_misses_nothing(database: TestDatabase) {
    let leaders = (0..12).fold(String::new(), |text, at| text + &format!("l{at}\n  m{at}\n    n{at}\n"));
    let one = World::of(database, &leaders, NOW).await;
    let other = one.beside().await;
    let mut feed = Feed::admin(&one);
    feed.read(&one).await;
    let mut inputs = Vec::new();
    for at in 0..12 {
        inputs
            .push(json!({ "personId": one.id(&format!("n{at}")).await, "managerId": one.id(&format!("l{at}")).await }));
    }
    let writes = inputs.into_iter().enumerate().map(|(at, input)| {
        let world = if at % 2 == 0 { &one } else { &other };
        async move { world.act(ADMIN, "setManager", input).await }
    });
    let mut seen = Vec::new();
    let polls = async {
        while seen.len() < 24 {
            seen.extend(feed.page(&other, 5).await);
        }
    };
    let both = futures_util::future::join(join_all(writes), polls);
    tokio::time::timeout(std::time::Duration::from_mins(1), both)
        .await
        .expect("an event was missed");
    assert_eq!(feed.read(&one).await, [""; 0]);
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 24, "each once: {seen:#?}");
    let raw = one.database.raw().await;
    assert_eq!(
        number(&raw, "SELECT MAX(seq) - COUNT(*) FROM change_event").await,
        0,
        "no number is left out"
    );
}

both!(
    each_change_is_told_once,
    comings_and_goings_are_told_once,
    a_blocked_run_is_told_and_a_rejected_one_is_not,
    meetings_are_told_alike_however_they_end,
    leave_and_calendars_are_told_too,
    days_are_told_by_whoever_comes_first,
    integrations_get_every_event_without_what_is_not_theirs,
    persons_follow_nothing,
    a_place_is_good_for_whatever_types_and_whoever_follows,
    what_is_too_old_is_forgotten_and_says_so,
    a_poller_beside_many_writers_misses_nothing,
);
