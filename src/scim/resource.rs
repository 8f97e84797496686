//! Users as JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use scim_v2::schema_urns::{ENTERPRISE_USER, USER};
use serde_json::{Map, Value, json};

use super::{ScimError, patch::merge};
use crate::domain::{
    account::{Account, Profile},
    sync::is_email,
};

/// The member of `object` with this name, whatever its upper and lower case.
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let same = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    object
        .get(name)
        .or_else(|| object.iter().find(same).map(|(_, value)| value))
}

/// The profile of a user who is to be created; what is not said of somebody who is known stays.
pub(super) fn created(body: &Map<String, Value>, known: Option<&Profile>) -> Result<Profile, ScimError> {
    read(
        body,
        Profile {
            active: true,
            ..known.cloned().unwrap_or_default()
        },
    )
}

/// The profile of a user in whose place `body` is put; what is not said is cleared, but the source's own id and whether
/// the person is active.
pub(super) fn replaced(body: &Map<String, Value>, before: &Profile) -> Result<Profile, ScimError> {
    if member(body, "userName").is_none() {
        return Err(ScimError::value("userName is missing; every user has one"));
    }
    read(
        body,
        Profile {
            external_id: before.external_id.clone(),
            active: before.active,
            ..Profile::default()
        },
    )
}

/// A user as clients read it; `base` is the address of `/scim/v2`.
pub(super) fn user(account: &Account, base: &str) -> Value {
    let Account {
        id,
        profile,
        created_at,
        updated_at,
    } = account;
    let mut name = Map::new();
    put(&mut name, "givenName", profile.given_name.as_ref());
    put(&mut name, "familyName", profile.family_name.as_ref());
    let mut extension = Map::new();
    put(&mut extension, "employeeNumber", profile.employee_number.as_ref());
    put(&mut extension, "department", profile.department.as_ref());
    if let Some(manager) = &profile.manager {
        let reference = json!({ "value": manager, "$ref": format!("{base}/Users/{manager}") });
        extension.insert("manager".to_owned(), reference);
    }

    let mut user = Map::new();
    let schemas = if extension.is_empty() {
        json!([USER])
    } else {
        json!([USER, ENTERPRISE_USER])
    };
    user.insert("schemas".to_owned(), schemas);
    user.insert("id".to_owned(), json!(id));
    put(&mut user, "externalId", profile.external_id.as_ref());
    put(&mut user, "userName", Some(&profile.user_name));
    if !name.is_empty() {
        user.insert("name".to_owned(), Value::Object(name));
    }
    put(&mut user, "displayName", Some(&profile.display_name));
    put(&mut user, "title", profile.title.as_ref());
    user.insert("active".to_owned(), json!(profile.active));
    if let Some(email) = &profile.email {
        let primary = profile.email_primary.unwrap_or(true);
        let email = json!([{ "value": email, "type": "work", "primary": primary }]);
        user.insert("emails".to_owned(), email);
    }
    if !extension.is_empty() {
        user.insert(ENTERPRISE_USER.to_owned(), Value::Object(extension));
    }
    let meta = json!({
        "resourceType": "User",
        "created": instant(*created_at),
        "lastModified": instant(*updated_at),
        "location": location(account, base),
    });
    user.insert("meta".to_owned(), meta);
    Value::Object(user)
}

/// The address of a user.
pub(super) fn location(account: &Account, base: &str) -> String {
    format!("{base}/Users/{}", account.id)
}

/// Reads what `body` says into `profile`, and makes up what every user has.
fn read(body: &Map<String, Value>, mut profile: Profile) -> Result<Profile, ScimError> {
    merge(&mut profile, body)?;
    if profile.user_name.trim().is_empty() {
        return Err(ScimError::value("userName is missing; every user has one"));
    }
    if profile.display_name.trim().is_empty() {
        let formatted = member(body, "name").and_then(|name| member(name.as_object()?, "formatted"));
        profile.display_name = formatted.and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
    }
    if profile.email.is_none() && is_email(&profile.user_name) {
        profile.email = Some(profile.user_name.clone());
    }
    Ok(profile)
}

fn put(object: &mut Map<String, Value>, name: &str, text: Option<&String>) {
    if let Some(text) = text {
        object.insert(name.to_owned(), json!(text));
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
