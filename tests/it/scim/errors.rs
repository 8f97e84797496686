//! Refusals: each is a SCIM error, whatever stands in the way; and the guard against a provider gone wrong.

use reqwest::header;
use serde_json::{Value, json};
use skiplevel::{auth::token::Role, domain::sync::Limits, http};

use super::{Answer, NOW, Provider, at, people, runs};
use crate::support::{ADMIN, Options, TestDatabase, World, both};

async fn every_refusal_is_a_scim_error(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let ada = hr.hire("ada", None).await;
    let user = |more: Value| {
        let mut user = json!({ "userName": "bob@example.org" });
        user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        user
    };
    for (method, path, body, expected) in [
        ("GET", "/Users/0", json!(null), "404: there is no user with this id"),
        ("GET", "/Nothing", json!(null), "404: there is nothing here"),
        ("GET", "/Schemas/urn:none", json!(null), "404: there is nothing here"),
        ("POST", "/Bulk", json!({}), "501: this is not offered"),
        ("DELETE", "/ResourceTypes", json!(null), "405: use GET"),
        (
            "POST",
            "/Users",
            json!([]),
            "400 invalidSyntax: the body should be a JSON object",
        ),
        (
            "POST",
            "/Users",
            json!({}),
            "400 invalidValue: userName is missing; every user has one",
        ),
        (
            "POST",
            "/Users",
            user(json!({ "active": "maybe" })),
            "400 invalidValue: active should be true or false",
        ),
        (
            "POST",
            "/Users",
            user(json!({ "emails": [{ "value": "nowhere" }] })),
            "400 invalidValue: INVALID_EMAIL: email is not an e-mail address",
        ),
        (
            "POST",
            "/Users",
            user(json!({ "name": { "givenName": "x".repeat(201) } })),
            "400 invalidValue: FIELD_TOO_LONG: name.givenName is longer than 200 characters",
        ),
        (
            "POST",
            "/Users",
            user(json!({ "emails": [{ "value": "ADA@example.org" }] })),
            "409 uniqueness: DUPLICATE_EMAIL: the address would belong to ada too",
        ),
        (
            "POST",
            "/Users",
            json!({ "userName": "ADA@example.org" }),
            "409 uniqueness: another user has this userName or externalId",
        ),
        (
            "PUT",
            &at(&ada),
            json!({ "displayName": "Ada" }),
            "400 invalidValue: userName is missing; every user has one",
        ),
        (
            "PATCH",
            &at(&ada),
            json!({}),
            "400 invalidSyntax: the body should have Operations, a list",
        ),
        (
            "GET",
            "/Users?count=many",
            json!(null),
            "400 invalidValue: count should be a whole number",
        ),
        (
            "GET",
            "/Users?filter=nickName%20pr",
            json!(null),
            "400 invalidFilter: nickName cannot be filtered by",
        ),
    ] {
        assert_eq!(
            hr.send(method, path, &body).await.error(),
            expected,
            "{method} {path} {body}"
        );
    }
    assert_eq!(people(&world).await, 1);
}

async fn what_http_refuses_is_a_scim_error_too(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let refused = hr.send("POST", "/Schemas", &json!({})).await;
    assert_eq!(
        (refused.status, &refused.headers[header::ALLOW]),
        (405, &header::HeaderValue::from_static("GET"))
    );
    let broken = hr
        .request("POST", "/Users")
        .header(header::CONTENT_TYPE, "application/json")
        .body("{");
    assert!(
        Answer::of(broken)
            .await
            .error()
            .starts_with("400 invalidSyntax: the body is not JSON")
    );
    let typed = hr
        .request("POST", "/Users")
        .header(header::CONTENT_TYPE, "text/plain")
        .body("{}");
    assert_eq!(
        Answer::of(typed).await.error(),
        "415: the body must be sent as `Content-Type: application/scim+json`"
    );
    let large = json!({ "userName": "x".repeat(70_000) });
    assert_eq!(
        hr.send("POST", "/Users", &large).await.error(),
        "413: the body is larger than 65536 bytes"
    );
    assert_eq!(people(&world).await, 0);
}

async fn ids_and_names_are_taken_once(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    hr.hire("ada", None).await;
    let bob = hr.hire("bob", None).await;
    for (field, value) in [("userName", "Ada@example.org"), ("externalId", "ada")] {
        let taken = json!({ "Operations": [{ "op": "replace", "path": field, "value": value }] });
        let answer = hr.send("PATCH", &at(&bob), &taken).await;
        assert_eq!(answer.error(), format!("409 uniqueness: another user has this {field}"));
    }
    assert_eq!(hr.read(&bob).await, bob);
}

async fn only_the_integration_of_a_source_is_let_in(database: TestDatabase) {
    let world = World::of(database, "ada", NOW).await;
    let status = async |token: String| {
        let provider = Provider { world: &world, token };
        provider.send("GET", "/Users", &Value::Null).await
    };
    let nobody = status("nonsense".to_owned()).await;
    assert_eq!(nobody.error(), "401: a valid bearer token is required");
    assert_eq!(nobody.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"skiplevel\"");
    for token in [
        world.token(ADMIN, &[Role::HrAdmin]),
        world.token("ada", &[]),
        world.token("machine", &[Role::Integration]),
    ] {
        assert_eq!(
            status(token).await.error(),
            "403: this needs the role integration, and a source"
        );
    }
    assert_eq!(status(world.integration("hr")).await.status, 200);
}

async fn another_source_sees_and_changes_nothing(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob", NOW).await;
    let (hr, other) = (Provider::new(&world), Provider::of(&world, "other"));
    let list = hr.expect(200, "GET", "/Users", Value::Null).await;
    assert_eq!(list["totalResults"], 2);
    let ada = list["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["externalId"] == "ada")
        .unwrap();
    assert_eq!(other.expect(200, "GET", "/Users", Value::Null).await["totalResults"], 0);
    assert_eq!(
        other.find(&format!("id eq {} or userName pr", ada["id"])).await,
        [""; 0]
    );
    for (method, body) in [
        ("GET", Value::Null),
        ("PUT", json!({ "userName": "x" })),
        (
            "PATCH",
            json!({ "Operations": [{ "op": "replace", "value": { "active": false } }] }),
        ),
        ("DELETE", Value::Null),
    ] {
        let answer = other.send(method, &at(ada), &body).await;
        assert_eq!(answer.error(), "404: there is no user with this id", "{method}");
    }
    let like = json!({ "userName": "ada@example.org", "externalId": "ada" });
    assert_eq!(
        other.send("POST", "/Users", &like).await.error(),
        "409 uniqueness: DUPLICATE_EMAIL: the address would belong to somebody known to another source too"
    );
    let under = json!({ "userName": "cyd", super::EXTENSION: { "manager": ada["id"] } });
    assert!(
        other
            .send("POST", "/Users", &under)
            .await
            .error()
            .starts_with("400 invalidValue: UNKNOWN_MANAGER")
    );
    assert_eq!(hr.read(ada).await, *ada);
}

async fn a_provider_gone_wrong_is_stopped(database: TestDatabase) {
    let options = Options {
        scim_leavers: Limits { people: 2, percent: 0 },
        ..Options::default()
    };
    let world = World::start(std::sync::Arc::new(database), NOW, &options).await;
    let hr = Provider::new(&world);
    let mut users = Vec::new();
    for name in ["ada", "bob", "cyd", "dee"] {
        users.push(hr.hire(name, None).await);
    }
    let inactive = json!({ "Operations": [{ "op": "replace", "value": { "active": false } }] });
    hr.expect(200, "PATCH", &at(&users[0]), inactive.clone()).await;
    // The same person is one person, however often they go.
    let active = json!({ "Operations": [{ "op": "replace", "value": { "active": true } }] });
    hr.expect(200, "PATCH", &at(&users[0]), active).await;
    hr.expect(204, "DELETE", &at(&users[0]), Value::Null).await;
    hr.expect(204, "DELETE", &at(&users[1]), Value::Null).await;
    for (method, body) in [("PATCH", &inactive), ("DELETE", &Value::Null)] {
        let answer = hr.send(method, &at(&users[2]), body).await;
        assert_eq!(
            answer.error(),
            "403: TERMINATION_THRESHOLD: 3 people would leave; more than 2 need somebody to look first"
        );
    }
    assert_eq!(hr.read(&users[2]).await["active"], true);
    assert_eq!(runs(&world).await[8..], ["BLOCKED TERMINATED", "BLOCKED TERMINATED"]);
    // Everything else goes on, and so does this an hour later.
    hr.patch(&users[2], json!({ "op": "replace", "path": "title", "value": "Guard" }))
        .await;
    let later = world.at("2026-01-05T10:00:01Z").await;
    let hr = Provider::new(&later);
    hr.expect(200, "PATCH", &at(&users[2]), inactive).await;
}

async fn who_asks_too_much_at_a_time_is_told_to_wait(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    for (limits, expected) in [
        (
            http::Limits {
                per_principal: 0,
                ..http::Limits::default()
            },
            "429: more than 0 requests at a time",
        ),
        (
            http::Limits {
                in_flight: 0,
                ..http::Limits::default()
            },
            "503: the server has too much to do, try again later",
        ),
    ] {
        let options = Options {
            limits,
            ..Options::default()
        };
        let busy = World::start(world.database.clone(), NOW, &options).await;
        let answer = Provider::new(&busy).send("GET", "/Users", &Value::Null).await;
        assert_eq!(
            (answer.error().as_str(), &answer.headers[header::RETRY_AFTER]),
            (expected, &header::HeaderValue::from_static("1"))
        );
    }
}

both!(
    every_refusal_is_a_scim_error,
    what_http_refuses_is_a_scim_error_too,
    ids_and_names_are_taken_once,
    only_the_integration_of_a_source_is_let_in,
    another_source_sees_and_changes_nothing,
    a_provider_gone_wrong_is_stopped,
    who_asks_too_much_at_a_time_is_told_to_wait,
);
