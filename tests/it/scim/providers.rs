//! Requests as Okta and Entra ID send them.

use serde_json::{Value, json};

use super::{EXTENSION, NOW, Provider, at, patch};
use crate::support::{TestDatabase, World, both};

async fn okta_provisions_and_deactivates(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let okta = Provider::of(&world, "okta");
    // A test of the connection, and a look whether the user is there.
    let list = okta
        .expect(200, "GET", "/Users?startIndex=1&count=2", Value::Null)
        .await;
    assert_eq!((&list["totalResults"], &list["Resources"]), (&json!(0), &json!([])));
    assert_eq!(okta.find("userName eq \"isaac@example.org\"").await, [""; 0]);
    let user = okta
        .create(json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "isaac@example.org",
            "name": { "givenName": "Isaac", "familyName": "Example" },
            "emails": [{ "primary": true, "value": "isaac@example.org", "type": "work" }],
            "displayName": "Isaac Example",
            "locale": "en-US",
            "externalId": "00ujl29u0le5T6Aj10h7",
            "groups": [],
            "password": "1mz050nq",
            "active": true,
        }))
        .await;
    assert_eq!((user.get("password"), user.get("locale")), (None, None));
    // Applications made with the wizard put, those of the catalogue patch.
    let mut body = user.clone();
    body["name"]["familyName"] = json!("Sample");
    body["displayName"] = json!("Isaac Sample");
    body["emails"] = json!([{ "primary": true, "value": "sample@example.org", "type": "work", "display": "x" }]);
    let put = okta.expect(200, "PUT", &at(&user), body).await;
    assert_eq!(put["emails"][0]["value"], "sample@example.org");
    let gone = okta
        .patch(&user, json!({ "op": "replace", "value": { "active": false } }))
        .await;
    assert_eq!((&gone["active"], &gone["id"]), (&json!(false), &user["id"]));
    let mut back = put.clone();
    back["active"] = json!(true);
    assert_eq!(okta.expect(200, "PUT", &at(&user), back).await["active"], true);
}

async fn entra_provisions_and_disables(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let entra = Provider::of(&world, "entra");
    assert_eq!(entra.find("externalId eq \"boss\"").await, [""; 0]);
    let boss = entra
        .create(json!({ "userName": "boss@example.org", "externalId": "boss", "active": true }))
        .await;
    let user = entra
        .create(json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", EXTENSION],
            "externalId": "0a21f0f2",
            "userName": "test_user@example.org",
            "active": true,
            "displayName": "Test User",
            "emails": [{ "primary": true, "type": "work", "value": "test_user@example.org" }],
            "meta": { "resourceType": "User" },
            "name": { "formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName" },
            "roles": [],
        }))
        .await;
    let operations = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updated@example.org" },
            { "op": "Replace", "path": "name.familyName", "value": "updatedFamilyName" },
            { "op": "Add", "path": format!("{EXTENSION}:department"), "value": "R&D" },
            { "op": "Add", "path": format!("{EXTENSION}:manager"), "value": boss["id"] },
            { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "Atlantis" },
            { "op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "1" },
        ],
    });
    let user = entra.expect(200, "PATCH", &at(&user), operations).await;
    assert_eq!(user["emails"][0]["value"], "updated@example.org");
    assert_eq!(user["name"]["familyName"], "updatedFamilyName");
    assert_eq!(user["displayName"], "Test User", "which nobody made of its parts");
    assert_eq!(user[EXTENSION]["department"], "R&D");
    assert_eq!(user[EXTENSION]["manager"]["value"], boss["id"]);
    let disabled = entra
        .patch(&user, json!({ "op": "Replace", "path": "active", "value": "False" }))
        .await;
    assert_eq!(disabled["active"], false);
    let enabled = entra
        .patch(
            &user,
            json!({ "op": "Add", "path": "active", "value": [{ "value": "True" }] }),
        )
        .await;
    assert_eq!(enabled["active"], true);
    // Deleted for good, thirty days later.
    entra.expect(204, "DELETE", &at(&user), Value::Null).await;
    entra
        .expect(
            404,
            "PATCH",
            &at(&user),
            patch(&json!({ "op": "replace", "value": { "active": false } })),
        )
        .await;
}

both!(okta_provisions_and_deactivates, entra_provisions_and_disables);
