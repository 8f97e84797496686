//! Managers: whom a reference means, and what cannot be.

use serde_json::{Value, json};

use super::{EXTENSION, NOW, Provider, at, patch, runs};
use crate::support::{TestDatabase, World, both};

fn under(manager: &Value) -> Value {
    json!({ "op": "replace", "path": format!("{EXTENSION}:manager"), "value": manager })
}

async fn a_manager_is_meant_by_many_names(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let ada = hr.hire("ada", None).await;
    let bob = hr.hire("bob", None).await;
    let id = ada["id"].as_str().unwrap();
    let reference = json!({ "value": id, "$ref": ada["meta"]["location"] });
    for manager in [
        json!({ "value": id }),
        json!(id),
        json!({ "$ref": ada["meta"]["location"] }),
        json!("ada"),
        json!("ADA@example.org"),
        json!([{ "value": id }]),
    ] {
        let user = hr.patch(&bob, under(&manager)).await;
        assert_eq!(user[EXTENSION]["manager"], reference, "{manager}");
        let user = hr
            .patch(&bob, json!({ "op": "remove", "path": format!("{EXTENSION}:manager") }))
            .await;
        assert_eq!(user.get(EXTENSION), None, "{manager}");
    }
    // The line that ends today had only begun today.
    let query = "{ person(by: { externalId: { source: \"hr\", externalId: \"bob\" } }) { manager { name } } }";
    assert_eq!(world.admin(query, json!({})).await["person"]["manager"], Value::Null);
    hr.patch(&bob, under(&json!("ada"))).await;
    assert_eq!(world.admin(query, json!({})).await["person"]["manager"]["name"], "ada");
}

async fn what_cannot_be_is_refused_and_changes_nothing(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let hr = Provider::new(&world);
    let ada = hr.hire("ada", None).await;
    let bob = hr.hire("bob", Some(&json!("ada"))).await;
    let made = runs(&world).await.len();
    for (user, manager, detail) in [
        (
            &ada,
            "ada",
            "400 invalidValue: SELF_MANAGER: nobody is their own manager; leave the cell empty for the head of the organisation",
        ),
        (&ada, "bob", "400 invalidValue: MANAGER_CYCLE: ada -> bob -> ada"),
        (
            &bob,
            "cyd",
            "400 invalidValue: UNKNOWN_MANAGER: manager \"cyd\" is neither the id, nor the externalId, the userName or the \
            e-mail address of a user; send the manager first",
        ),
    ] {
        let mut body = patch(&under(&json!(manager)));
        let operations = body["Operations"].as_array_mut().unwrap();
        operations.insert(0, json!({ "op": "replace", "path": "title", "value": "Chief" }));
        let answer = hr.send("PATCH", &at(user), &body).await;
        assert_eq!(answer.error(), detail);
        assert_eq!(hr.read(user).await.get("title"), None, "all of it or nothing");
    }
    assert_eq!(runs(&world).await.len(), made);
}

both!(
    a_manager_is_meant_by_many_names,
    what_cannot_be_is_refused_and_changes_nothing,
);
