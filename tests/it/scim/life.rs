//! A user's life: from the first POST to the last DELETE, and back again.

use serde_json::{Value, json};

use super::{EXTENSION, NOW, Provider, at, names, people, runs};
use crate::support::{TestDatabase, World, both};

fn ada() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", EXTENSION],
        "userName": "Ada@example.org",
        "externalId": "00u1",
        "name": { "givenName": "Ada", "familyName": "Example" },
        "displayName": "Ada Example",
        "title": "Head",
        "active": true,
        "emails": [{ "value": "ada@example.org", "type": "work", "primary": true }],
        EXTENSION: { "employeeNumber": "42", "department": "All" },
    })
}

async fn a_user_is_created_read_changed_and_deleted(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let made = hr.send("POST", "/Users", &ada()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let location = made.body["meta"]["location"].as_str().unwrap();
    assert_eq!(made.headers["location"], location);
    assert!(location.ends_with(&at(&made.body)), "{location}");
    let mut expected = ada();
    expected["id"] = made.body["id"].clone();
    expected["meta"] = json!({
        "resourceType": "User", "location": location,
        "created": "2026-01-05T09:00:00.000Z", "lastModified": "2026-01-05T09:00:00.000Z",
    });
    assert_eq!(made.body, expected);
    assert_eq!(hr.read(&made.body).await, expected);
    assert_eq!(hr.find("userName eq \"ada@EXAMPLE.org\"").await, ["Ada@example.org"]);

    let changed = hr
        .patch(
            &made.body,
            json!({ "op": "replace", "path": "title", "value": "Chief" }),
        )
        .await;
    assert_eq!(changed["title"], "Chief");
    let put = json!({ "userName": "Ada@example.org", "displayName": "Ada E.", "name": { "givenName": "Ada" } });
    let put = hr.expect(200, "PUT", &at(&changed), put).await;
    assert_eq!((&put["displayName"], put.get("title")), (&json!("Ada E."), None));
    assert_eq!((put.get(EXTENSION), &put["active"]), (None, &json!(true)));
    assert_eq!(put["externalId"], "00u1", "the source's own id stays");

    hr.expect(204, "DELETE", &at(&put), Value::Null).await;
    for method in ["GET", "DELETE"] {
        hr.expect(404, method, &at(&put), Value::Null).await;
    }
    assert_eq!(hr.find("userName pr").await, [""; 0]);
    let again = hr
        .create(json!({ "userName": "ada@example.org", "title": "Advisor" }))
        .await;
    assert_ne!(again["id"], made.body["id"], "a new id");
    assert_eq!((&again["title"], &again["active"]), (&json!("Advisor"), &json!(true)));
    assert_eq!(people(&world).await, 1, "of the same person");
    assert_eq!(
        runs(&world).await,
        [
            "APPLIED CREATED",
            "APPLIED UPDATED",
            "APPLIED UPDATED",
            "APPLIED TERMINATED",
            "APPLIED UPDATED"
        ]
    );
}

async fn whoever_comes_back_is_the_same_person(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let boss = hr.hire("boss", None).await;
    let bob = hr.hire("bob", Some(&json!({ "value": boss["id"] }))).await;
    let inactive = json!({ "op": "replace", "path": "active", "value": false });
    let active = json!({ "op": "replace", "path": "active", "value": true });
    // On the last day: as if nothing had been.
    assert_eq!(hr.patch(&bob, inactive.clone()).await["active"], false);
    assert_eq!(hr.patch(&bob, active.clone()).await, hr.read(&bob).await);
    assert_eq!(hr.read(&bob).await["active"], true);
    hr.patch(&bob, inactive.clone()).await;
    // Later: another employment, under the manager they had.
    let later = world.at("2026-02-02T09:00:00Z").await;
    let hr = Provider::new(&later);
    let back = hr.patch(&bob, active).await;
    assert_eq!((&back["id"], &back["active"]), (&bob["id"], &json!(true)));
    assert_eq!(back[EXTENSION]["manager"]["value"], boss["id"]);
    let query = "{ person(by: { externalId: { source: \"hr\", externalId: \"bob\" } }) { status manager { name } } }";
    let data = later.admin(query, json!({})).await;
    assert_eq!(
        data["person"],
        json!({ "status": "ACTIVE", "manager": { "name": "boss" } })
    );
    // By a POST: the id stays, as nobody deleted it.
    hr.patch(&bob, inactive).await;
    let later = later.at("2026-03-02T09:00:00Z").await;
    let hr = Provider::new(&later);
    let again = json!({ "userName": "bob@example.org", "externalId": "bob" });
    let posted = hr.expect(200, "POST", "/Users", again.clone()).await;
    assert_eq!((&posted["id"], &posted["displayName"]), (&bob["id"], &json!("bob")));
    hr.expect(409, "POST", "/Users", again).await;
    assert_eq!(people(&later).await, 2);
    assert_eq!(runs(&later).await.last().unwrap(), "APPLIED REHIRED");
}

async fn what_changes_nothing_leaves_nothing_behind(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let made = Provider::new(&world).create(ada()).await;
    let later = world.at("2026-01-06T09:00:00Z").await;
    let hr = Provider::new(&later);
    let mut expected = made.clone();
    let same = |user: &Value, what: &str| {
        let mut user = user.clone();
        user["meta"]["location"] = made["meta"]["location"].clone();
        assert_eq!(user, expected, "{what}");
    };
    same(&hr.expect(200, "PUT", &at(&made), ada()).await, "PUT");
    same(
        &hr.expect(200, "PUT", &at(&made), made.clone()).await,
        "PUT of what was read",
    );
    for operation in [
        json!({ "op": "add", "path": "title", "value": " Head " }),
        json!({ "op": "replace", "value": { "active": "True", "userName": "Ada@example.org" } }),
        json!({ "op": "add", "path": "nickName", "value": "A" }),
        json!({ "op": "remove", "path": "manager" }),
    ] {
        same(&hr.patch(&made, operation.clone()).await, &operation.to_string());
    }
    assert_eq!(runs(&later).await, ["APPLIED CREATED"]);
    // What imports do not keep changes without a run.
    let changed = hr
        .patch(
            &made,
            json!({ "op": "replace", "path": "name.givenName", "value": "Ida" }),
        )
        .await;
    assert_eq!(changed["meta"]["lastModified"], "2026-01-06T09:00:00.000Z");
    expected["name"]["givenName"] = json!("Ida");
    assert_eq!(changed["displayName"], "Ida Example", "made of its parts");
    assert_eq!(runs(&later).await, ["APPLIED CREATED", "APPLIED UPDATED"]);
}

async fn imported_people_are_users_and_users_are_people(database: TestDatabase) {
    let world = World::of(database, "ada\n  bob (left)\n  cyd", NOW).await;
    let hr = Provider::new(&world);
    let mut everybody = hr.find("userName pr").await;
    everybody.sort();
    assert_eq!(everybody, ["ada@example.org", "bob@example.org", "cyd@example.org"]);
    assert_eq!(hr.find("active eq false").await, ["bob@example.org"]);
    for filter in [
        "userName eq \"CYD@example.org\"",
        "externalId eq \"cyd\"",
        "emails.value eq \"cyd@example.org\"",
    ] {
        assert_eq!(hr.find(filter).await, ["cyd@example.org"], "{filter}");
    }
    let user = hr
        .expect(200, "GET", "/Users?filter=externalId%20eq%20%22cyd%22", Value::Null)
        .await["Resources"][0]
        .clone();
    let ada = hr
        .expect(200, "GET", "/Users?filter=externalId%20eq%20%22ada%22", Value::Null)
        .await["Resources"][0]
        .clone();
    assert_eq!(user[EXTENSION]["manager"]["value"], ada["id"]);
    assert_eq!(user["externalId"], "cyd");

    // A user of another id is the same person, and an import knows them by it.
    let renamed = hr
        .patch(&user, json!({ "op": "replace", "path": "externalId", "value": "c9" }))
        .await;
    assert_eq!((&renamed["id"], &renamed["externalId"]), (&user["id"], &json!("c9")));
    world
        .change(&[crate::support::Change {
            who: "c9",
            manager: Some(""),
            ..Default::default()
        }])
        .await;
    assert_eq!(
        hr.read(&user).await.get(EXTENSION),
        None,
        "the import took the manager away"
    );
    // A deleted user whom an import has back is there again, by another id.
    hr.expect(204, "DELETE", &at(&user), Value::Null).await;
    let later = world.at("2026-02-02T09:00:00Z").await;
    later
        .change(&[crate::support::Change {
            who: "c9",
            status: Some("active"),
            ..Default::default()
        }])
        .await;
    let hr = Provider::new(&later);
    hr.expect(404, "GET", &at(&user), Value::Null).await;
    assert_eq!(hr.find("externalId eq \"c9\" and active eq true").await.len(), 1);
}

async fn lists_are_paged_and_shown_in_part(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    for name in ["ada", "bob", "cyd"] {
        hr.hire(name, None).await;
    }
    let page = |query: &str| {
        let path = format!("/Users?{query}");
        async { hr.expect(200, "GET", &{ path }, Value::Null).await }
    };
    let two = page("startIndex=2&count=2").await;
    assert_eq!(
        (&two["totalResults"], &two["startIndex"], &two["itemsPerPage"]),
        (&json!(3), &json!(2), &json!(2))
    );
    let mut all = names(&page("count=1").await);
    all.extend(names(&two));
    all.sort();
    assert_eq!(all, ["ada@example.org", "bob@example.org", "cyd@example.org"]);
    assert_eq!(page("count=0").await["totalResults"], 3);
    assert_eq!(names(&page("count=-1").await), [""; 0]);
    assert_eq!(names(&page("startIndex=-5").await).len(), 3);
    assert_eq!(
        names(&page("filter=userName%20sw%20%22b%22&startIndex=2").await),
        [""; 0]
    );
    let part = page("attributes=userName&filter=externalId%20eq%20%22ada%22").await;
    let keys: Vec<_> = part["Resources"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["schemas", "id", "userName"]);
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName co \"example\"", "count": 1, "excludedAttributes": ["meta", "emails"],
    });
    for path in ["/.search", "/Users/.search"] {
        let found = hr.expect(200, "POST", path, search.clone()).await;
        assert_eq!((&found["totalResults"], &found["itemsPerPage"]), (&json!(3), &json!(1)));
        assert_eq!(found["Resources"][0].get("meta"), None);
    }
    assert_eq!(hr.expect(200, "GET", "/Groups", Value::Null).await["totalResults"], 0);
}

both!(
    a_user_is_created_read_changed_and_deleted,
    whoever_comes_back_is_the_same_person,
    what_changes_nothing_leaves_nothing_behind,
    imported_people_are_users_and_users_are_people,
    lists_are_paged_and_shown_in_part,
);
