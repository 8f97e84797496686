use serde_json::json;

use super::*;

fn ada() -> Profile {
    Profile {
        external_id: Some("a1".to_owned()),
        user_name: "ada@example.org".to_owned(),
        given_name: Some("Ada".to_owned()),
        family_name: Some("Example".to_owned()),
        display_name: "Ada Example".to_owned(),
        email: Some("ada@example.org".to_owned()),
        title: Some("Head".to_owned()),
        department: Some("All".to_owned()),
        manager: Some("m".to_owned()),
        active: true,
        ..Profile::default()
    }
}

fn after(sent: &Value) -> Result<Profile, ScimError> {
    let body = json!({ "Operations": sent });
    patched(&ada(), &operations(body.as_object().unwrap())?)
}

/// Checks that one operation, as some provider sends it, makes the same of Ada as `change` does.
#[track_caller]
fn check(operation: &Value, change: impl Fn(&mut Profile)) {
    let mut expected = ada();
    change(&mut expected);
    assert_eq!(after(&json!([operation])), Ok(expected), "{operation}");
}

#[track_caller]
fn refused(operation: &Value, kind: &str) {
    let error = after(&json!([operation])).expect_err(&operation.to_string());
    assert_eq!(error.body()["scimType"], kind, "{operation}");
}

const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn what_okta_sends() {
    check(&json!({ "op": "replace", "value": { "active": false } }), |ada| {
        ada.active = false;
    });
    check(
        &json!({ "op": "replace", "value": { "id": "1", "schemas": [], "title": "Chief", "nickName": "A" } }),
        |ada| {
            ada.title = Some("Chief".to_owned());
        },
    );
}

#[test]
fn what_entra_sends() {
    check(&json!({ "op": "Replace", "path": "active", "value": "False" }), |ada| {
        ada.active = false;
    });
    check(
        &json!({ "op": "Add", "path": "emails[type eq \"work\"].value", "value": "ada@example.net" }),
        |ada| {
            ada.email = Some("ada@example.net".to_owned());
        },
    );
    check(
        &json!({ "op": "Add", "path": format!("{EXTENSION}:manager"), "value": [{ "$ref": "x", "value": "n" }] }),
        |ada| {
            ada.manager = Some("n".to_owned());
        },
    );
    check(
        &json!({ "op": "Replace", "path": format!("{EXTENSION}:manager"), "value": "n" }),
        |ada| {
            ada.manager = Some("n".to_owned());
        },
    );
    check(
        &json!({ "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1" }),
        |_| {},
    );
    check(
        &json!({ "op": "replace", "value": {
            "displayName": "Ida", "name.givenName": "Ida", "emails[type eq \"work\"].value": "ida@example.org",
            format!("{EXTENSION}:department"): "Some", EXTENSION: { "employeeNumber": "7" },
        } }),
        |ada| {
            ada.display_name = "Ida".to_owned();
            ada.given_name = Some("Ida".to_owned());
            ada.email = Some("ida@example.org".to_owned());
            ada.department = Some("Some".to_owned());
            ada.employee_number = Some("7".to_owned());
        },
    );
}

#[test]
fn what_the_standard_says() {
    check(&json!({ "op": "remove", "path": "title" }), |ada| {
        ada.title = None;
    });
    check(&json!({ "op": "remove", "path": EXTENSION }), |ada| {
        (ada.department, ada.manager) = (None, None);
    });
    check(
        &json!({ "op": "add", "path": EXTENSION, "value": { "employeeNumber": 7, "manager": { "$ref": "../Users/n" } } }),
        |ada| {
            (ada.employee_number, ada.manager) = (Some("7".to_owned()), Some("n".to_owned()));
        },
    );
    check(
        &json!({ "op": "replace", "path": "emails", "value": [
            { "value": "at@home.example", "type": "home" },
            { "value": "at@work.example", "type": "work", "primary": false },
        ] }),
        |ada| {
            (ada.email, ada.email_primary) = (Some("at@work.example".to_owned()), Some(false));
        },
    );
    check(&json!({ "op": "remove", "path": "emails[type eq \"home\"]" }), |_| {});
    check(&json!({ "op": "remove", "path": "emails[value sw \"ADA\"]" }), |ada| {
        ada.email = None;
    });
    for nobody in [json!(null), json!(""), json!({}), json!({ "value": null }), json!([])] {
        check(&json!({ "op": "replace", "path": "manager", "value": nobody }), |ada| {
            ada.manager = None;
        });
    }
    check(
        &json!({ "op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "T" }),
        |ada| {
            ada.title = Some("T".to_owned());
        },
    );
}

#[test]
fn a_full_name_made_of_its_parts_follows_them() {
    check(
        &json!({ "op": "replace", "path": "name.givenName", "value": "Ida" }),
        |ada| {
            ada.given_name = Some("Ida".to_owned());
            ada.display_name = "Ida Example".to_owned();
        },
    );
}

#[test]
fn what_cannot_be_meant_is_refused() {
    refused(&json!({ "op": "move" }), "invalidSyntax");
    refused(&json!({ "op": "remove" }), "noTarget");
    refused(&json!({ "op": "add", "path": "title" }), "invalidValue");
    refused(&json!({ "op": "add", "value": "x" }), "invalidValue");
    refused(&json!({ "op": "add", "path": "emails[", "value": "x" }), "invalidPath");
    refused(&json!({ "op": "replace", "path": "id", "value": "x" }), "mutability");
    refused(&json!({ "op": "remove", "path": "userName" }), "invalidValue");
    refused(
        &json!({ "op": "replace", "path": "active", "value": "perhaps" }),
        "invalidValue",
    );
    refused(
        &json!({ "op": "replace", "path": "title", "value": { "a": 1 } }),
        "invalidValue",
    );
    assert!(operations(&Map::new()).is_err());
}
