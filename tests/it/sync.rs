//! Imports through the API: planned and applied, kept and looked at, by whom and by whom not.

use serde_json::{Value, json};

use crate::support::{ADMIN, TestDatabase, World, both, mutation_text, number};

const NOW: &str = "2026-01-05T09:00:00Z";

const RUN: &str = "query($id: ID!, $actions: [RowAction!], $after: String) { syncRun(id: $id) { source status
    rows(actions: $actions, first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { line externalId action person { name } changes { field before after } issues { code } } } } }";

/// Ada above Bob, sent by source `hris`.
fn rows() -> Value {
    json!([
        { "externalId": "1", "name": "Ada", "email": "ada@example.org", "startDate": "2020-01-01" },
        { "externalId": "2", "givenName": "Bob", "familyName": "Example", "managerExternalId": "1", "startDate": "2020-01-01" },
    ])
}

fn input(rows: &Value, more: &Value) -> Value {
    let mut input = json!({ "source": "hris", "rows": rows });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// Applies rows under `key`.
fn apply(rows: &Value, key: &str) -> Value {
    input(rows, &json!({ "dryRun": false, "idempotencyKey": key }))
}

async fn sync(world: &World, input: Value) -> Value {
    world.act(ADMIN, "syncPeople", input).await["run"].clone()
}

async fn people(world: &World) -> i64 {
    number(&world.database.raw().await, "SELECT COUNT(*) FROM person").await
}

async fn a_call_plans_unless_it_says_otherwise(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let planned = sync(&world, input(&rows(), &json!({}))).await;
    assert_eq!(
        (&planned["status"], &planned["dryRun"]),
        (&json!("PLANNED"), &json!(true))
    );
    assert_eq!(people(&world).await, 0);
    let missing = input(&rows(), &json!({ "dryRun": false }));
    assert_eq!(
        world.refusal(ADMIN, "syncPeople", missing).await,
        "REQUIRED input.idempotencyKey: a run that is applied needs a key, by which a repeated call is known"
    );
    let applied = sync(&world, apply(&rows(), "k")).await;
    assert_eq!(applied["status"], "APPLIED");
    assert_eq!(applied["planHash"], planned["planHash"], "the plan that was looked at");
    assert_eq!(applied["counts"]["created"], 2);
    assert_eq!(people(&world).await, 2);
    let again = sync(&world, apply(&rows(), "k2")).await;
    assert_eq!(again["counts"]["unchanged"], 2);
}

async fn a_key_repeats_its_run(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let first = sync(&world, apply(&rows(), "k")).await;
    let again = sync(&world, apply(&rows(), "k")).await;
    assert_eq!((&again["id"], &again["replayed"]), (&first["id"], &json!(true)));
    assert_eq!(first["replayed"], false);
    let other = json!([{ "externalId": "1", "name": "Ida" }]);
    assert_eq!(
        world.fault(ADMIN, "syncPeople", apply(&other, "k")).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
    // A dry run does not use a key up.
    sync(&world, input(&other, &json!({ "idempotencyKey": "k3" }))).await;
    assert_eq!(sync(&world, apply(&other, "k3")).await["counts"]["updated"], 1);
}

async fn what_a_field_does_not_say_stays_and_null_clears(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    sync(&world, apply(&rows(), "k")).await;
    let run = sync(
        &world,
        apply(
            &json!([{ "externalId": "1", "email": null }, { "externalId": "2" }]),
            "k2",
        ),
    )
    .await;
    assert_eq!(
        (&run["counts"]["updated"], &run["counts"]["unchanged"]),
        (&json!(1), &json!(1))
    );
    let run = sync(&world, apply(&json!([{ "externalId": "2", "name": null }]), "k3")).await;
    assert_eq!(
        (&run["status"], &run["issues"][0]["code"]),
        (&json!("REJECTED"), &json!("REQUIRED_FIELD"))
    );
}

async fn rows_are_paged_and_filtered(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let sent = json!([
        { "externalId": "1", "name": "Ada", "startDate": "2020-01-01" },
        { "externalId": "2", "name": "Bob", "startDate": "2020-01-01", "managerExternalId": "9" },
    ]);
    let run = sync(&world, input(&sent, &json!({ "onError": "SKIP" }))).await;
    let mut lines = Vec::new();
    let mut after = Value::Null;
    for _ in 0..2 {
        let page = world.admin(RUN, json!({ "id": run["id"], "after": after })).await;
        let rows = &page["syncRun"]["rows"];
        lines.push(rows["nodes"][0]["line"].clone());
        after = rows["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(lines, [1, 2]);
    let failed = world
        .admin(RUN, json!({ "id": run["id"], "actions": ["FAILED"] }))
        .await;
    let failed = &failed["syncRun"]["rows"];
    assert_eq!(failed["totalCount"], 1);
    assert_eq!(failed["nodes"][0]["issues"][0]["code"], "UNKNOWN_MANAGER");
}

async fn a_manager_who_is_unknown_is_waited_for(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    sync(&world, apply(&rows(), "k")).await;
    let waiting = json!([
        { "externalId": "3", "name": "Cyd", "startDate": "2020-01-01", "managerExternalId": "9" },
        { "externalId": "4", "name": "Dan", "startDate": "2020-01-01", "managerEmail": "eve@example.org" },
    ]);
    let mut input = apply(&waiting, "wait");
    input["onUnknownManager"] = json!("PENDING");
    let run = sync(&world, input).await;
    assert_eq!(
        (&run["status"], &run["issues"][0]["code"]),
        (&json!("APPLIED"), &json!("MULTIPLE_ROOTS"))
    );
    let managers = async || {
        let query = "{ people { nodes { name manager { name } } } }";
        let nodes = world.admin(query, json!({})).await["people"]["nodes"].clone();
        let of = |node: &Value| format!("{}<{}", node["name"], node["manager"]["name"]).replace('"', "");
        nodes.as_array().unwrap().iter().map(of).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(managers().await, "Ada<null Bob Example<Ada Cyd<null Dan<null");
    // Whoever is given a manager by hand waits no longer.
    let id = async |external: &str| {
        let query = "query($id: String!) { person(by: { externalId: { source: \"hris\", externalId: $id } }) { id } }";
        world.admin(query, json!({ "id": external })).await["person"]["id"].clone()
    };
    let by_hand = json!({ "personId": id("4").await, "managerId": id("2").await });
    world.act(ADMIN, "setManager", by_hand).await;
    let eve = json!([{ "externalId": "9", "name": "Eve", "email": "Eve@example.org", "startDate": "2020-01-01",
        "managerExternalId": "1" }]);
    let run = sync(&world, apply(&eve, "eve")).await;
    assert_eq!(
        (&run["counts"]["created"], &run["counts"]["managerChanges"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        managers().await,
        "Ada<null Bob Example<Ada Cyd<Eve Dan<Bob Example Eve<Ada"
    );
}

async fn reports_of_leavers_skip_a_level_where_that_is_wanted(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd", NOW).await;
    let mut input = apply(
        &json!([{ "externalId": "bob", "status": "left", "endDate": "2026-01-04" }]),
        "k",
    );
    input["source"] = json!("hr");
    input["onTerminatedManager"] = json!("SKIP_LEVEL");
    let run = sync(&world, input).await;
    assert_eq!(run["counts"]["managerChanges"], 1);
    let lines = "{ people(filter: { search: \"cyd\" }) { nodes { manager { name }
        reportingLines(includePast: true) { manager { name } validFrom validTo interim } } } }";
    let cyd = world.admin(lines, json!({})).await["people"]["nodes"][0].clone();
    assert_eq!(cyd["manager"]["name"], "ada");
    let last = cyd["reportingLines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["validTo"].is_null())
        .unwrap();
    assert_eq!(
        (&last["manager"]["name"], &last["validFrom"]),
        (&json!("ada"), &json!("2026-01-05"))
    );
}

async fn a_full_snapshot_lets_the_absent_leave(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    sync(&world, apply(&rows(), "k")).await;
    let one = json!([rows()[0]]);
    let full = |more: Value| {
        let mut input = apply(&one, "full");
        input["mode"] = json!("FULL");
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let run = sync(&world, full(json!({}))).await;
    assert_eq!(
        (&run["status"], &run["counts"]["terminated"]),
        (&json!("APPLIED"), &json!(1))
    );
    let gone = world
        .admin(RUN, json!({ "id": run["id"], "actions": ["TERMINATED"] }))
        .await;
    let gone = &gone["syncRun"]["rows"]["nodes"][0];
    assert_eq!(
        (&gone["line"], &gone["person"]["name"]),
        (&json!(0), &json!("Bob Example"))
    );
    let stale = sync(&world, full(json!({ "asOf": "2026-01-04", "idempotencyKey": "stale" }))).await;
    assert_eq!(
        (&stale["status"], &stale["blocked"][0]["code"]),
        (&json!("BLOCKED"), &json!("STALE_SNAPSHOT"))
    );
    let empty = sync(&world, full(json!({ "rows": [], "idempotencyKey": "empty" }))).await;
    assert_eq!(
        (&empty["status"], &empty["issues"][0]["code"]),
        (&json!("REJECTED"), &json!("EMPTY_SNAPSHOT"))
    );
}

async fn an_integration_writes_and_reads_its_own_source_alone(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob", NOW).await;
    let (own, other) = (world.integration("hris"), world.integration("payroll"));
    let by_admin = sync(&world, apply(&rows(), "k")).await;
    let text = mutation_text("syncPeople");
    let rows =
        json!([{ "externalId": "3", "name": "Cyd", "startDate": "2020-01-01", "managerEmail": "ada@example.org" }]);
    let answer = world.ask_as(&own, &text, json!({ "input": apply(&rows, "k") })).await;
    let run = &answer["data"]["syncPeople"]["run"];
    assert_eq!(run["status"], "APPLIED", "{answer:#}");
    let refused = world.ask_as(&other, &text, json!({ "input": apply(&rows, "k") })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let refused = world.ask("ada", &text, json!({ "input": apply(&rows, "k") })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");

    let read = async |token: &str, run: &Value| {
        world.ask_as(token, RUN, json!({ "id": run["id"] })).await["data"]["syncRun"].clone()
    };
    let row = read(&own, run).await["rows"]["nodes"][0].clone();
    assert_eq!(row["person"], Value::Null, "it reads no people");
    let manager = row["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["field"] == "managerExternalId");
    assert_eq!(manager.unwrap()["after"], "somebody known to another source");
    assert_eq!(read(&other, run).await, Value::Null);
    assert_eq!(
        read(&own, &by_admin).await,
        Value::Null,
        "it may name people of other sources"
    );
    let list = "{ syncRuns { totalCount nodes { id } } }";
    let ids = |answer: Value| answer["data"]["syncRuns"]["totalCount"].clone();
    assert_eq!(ids(world.ask_as(&own, list, json!({})).await), 1);
    assert_eq!(ids(world.ask_as(&other, list, json!({})).await), 0);
    assert_eq!(ids(world.ask("ada", list, json!({})).await), 0);
    assert_eq!(
        ids(world.ask(ADMIN, list, json!({})).await),
        3,
        "the organisation's own among them"
    );
}

const EXPORT: &str =
    "query($source: String!, $after: String) { exportPeople(source: $source, first: 2, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { externalId name email title department location
        managerExternalId managerEmail startDate endDate status redacted } } }";

async fn what_was_imported_comes_out_as_rows_that_change_nothing(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob\n    cyd\n  dan (left)\n  eve", NOW).await;
    let (mut rows, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = world.admin(EXPORT, json!({ "source": "hr", "after": after })).await["exportPeople"].clone();
        assert_eq!(page["totalCount"], 5);
        rows.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let ids: Vec<_> = rows.iter().map(|row| row["externalId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ada", "bob", "cyd", "dan", "eve"]);
    for row in &mut rows {
        assert_eq!(row.as_object_mut().unwrap().remove("redacted"), Some(json!(false)));
    }
    let run = sync(&world, json!({ "source": "hr", "rows": rows })).await;
    assert_eq!(run["counts"]["unchanged"], 5, "{run:#}");
}

async fn an_integration_reads_back_what_only_it_can_have_said(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob", NOW).await;
    let rows = json!([
        { "externalId": "1", "name": "Cyd", "startDate": "2020-01-01", "managerEmail": "ada@example.org" },
        { "externalId": "2", "email": "bob@example.org", "title": "Lead" },
    ]);
    let mut linking = apply(&rows, "k");
    linking["linkBy"] = json!("EMAIL");
    assert_eq!(sync(&world, linking).await["counts"]["linked"], 1);
    let own = world.integration("hris");
    let answer = world.ask_as(&own, EXPORT, json!({ "source": "hris" })).await;
    let nodes = &answer["data"]["exportPeople"]["nodes"];
    assert_eq!(
        (&nodes[0]["name"], &nodes[0]["redacted"]),
        (&json!("Cyd"), &json!(false))
    );
    assert_eq!(nodes[0]["managerEmail"], Value::Null, "whom another source knows");
    assert_eq!(
        (
            &nodes[1]["externalId"],
            &nodes[1]["name"],
            &nodes[1]["title"],
            &nodes[1]["redacted"]
        ),
        (&json!("2"), &Value::Null, &Value::Null, &json!(true))
    );
    for (who, source) in [(own, "hr"), (world.token("ada", &[]), "hris")] {
        let refused = world.ask_as(&who, EXPORT, json!({ "source": source })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let all = world.admin(EXPORT, json!({ "source": "hris" })).await["exportPeople"]["nodes"].clone();
    assert_eq!(
        (&all[0]["managerEmail"], &all[1]["title"]),
        (&json!("ada@example.org"), &json!("Lead"))
    );
}

async fn many_rows_pass_for_those_who_may_send_them(database: TestDatabase) {
    let world = World::of(database, "ada", NOW).await;
    let rows: Vec<Value> = (0..5000)
        .map(|at| json!({ "externalId": at.to_string(), "name": format!("Person {at}"), "startDate": "2020-01-01" }))
        .collect();
    let (status, answer) = world.send(ADMIN, "syncPeople", &input(&json!(rows), &json!({}))).await;
    assert_eq!(status, 200);
    assert_eq!(
        answer["data"]["syncPeople"]["run"]["counts"]["created"], 5000,
        "{answer}"
    );
    assert_eq!(
        world
            .send("ada", "syncPeople", &input(&json!(rows), &json!({})))
            .await
            .0,
        413
    );
    let one_more: Vec<Value> = rows.iter().chain(&rows[..1]).cloned().collect();
    assert_eq!(
        world
            .fault(ADMIN, "syncPeople", input(&json!(one_more), &json!({})))
            .await,
        "BAD_USER_INPUT"
    );
}

both!(
    a_call_plans_unless_it_says_otherwise,
    a_key_repeats_its_run,
    what_a_field_does_not_say_stays_and_null_clears,
    rows_are_paged_and_filtered,
    a_manager_who_is_unknown_is_waited_for,
    reports_of_leavers_skip_a_level_where_that_is_wanted,
    a_full_snapshot_lets_the_absent_leave,
    an_integration_writes_and_reads_its_own_source_alone,
    what_was_imported_comes_out_as_rows_that_change_nothing,
    an_integration_reads_back_what_only_it_can_have_said,
    many_rows_pass_for_those_who_may_send_them,
);
