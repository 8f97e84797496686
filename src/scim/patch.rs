//! Patches: operations on a user, all of them or none. Forms that providers are known to send are read, standard or not;
//! attributes that are not kept are passed over.

use scim_v2::{
    filter::{PatchPath, PatchValuePath},
    schema_urns::{ENTERPRISE_USER, USER},
};
use serde_json::{Map, Value};

use super::{ScimError, attribute::Attribute, filter::Test, resource::member};
use crate::domain::account::{Account, Profile};

/// One operation.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    op: Op,
    path: Option<String>,
    value: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// `add` or `replace`: of an attribute with one value they are the same, and all of ours have one.
    Set,
    Remove,
}

/// The operations of a body.
pub(super) fn operations(body: &Map<String, Value>) -> Result<Vec<Operation>, ScimError> {
    let Some(Value::Array(operations)) = member(body, "Operations") else {
        return Err(ScimError::syntax("the body should have Operations, a list"));
    };
    operations.iter().map(operation).collect()
}

/// What the operations make of a profile.
pub(super) fn patched(before: &Profile, operations: &[Operation]) -> Result<Profile, ScimError> {
    let mut after = before.clone();
    for operation in operations {
        apply(&mut after, operation)?;
    }
    // A full name that was made of its parts follows them.
    if after.display_name == before.display_name
        && before.name_of_parts().as_ref() == Some(&before.display_name)
        && let Some(name) = after.name_of_parts()
    {
        after.display_name = name;
    }
    Ok(after)
}

/// Sets every attribute of `object` that is one of a user's.
pub(super) fn merge(profile: &mut Profile, object: &Map<String, Value>) -> Result<(), ScimError> {
    for (key, value) in object {
        set_key(profile, key, value)?;
    }
    Ok(())
}

fn operation(value: &Value) -> Result<Operation, ScimError> {
    let object = value
        .as_object()
        .ok_or_else(|| ScimError::syntax("an operation should be an object"))?;
    let op = member(object, "op").and_then(Value::as_str).unwrap_or_default();
    let op = match op.to_ascii_lowercase().as_str() {
        "add" | "replace" => Op::Set,
        "remove" => Op::Remove,
        _ => return Err(ScimError::syntax("op should be add, replace or remove")),
    };
    let path = match member(object, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path.trim().to_owned()),
        Some(_) => return Err(ScimError::path("path should be a text")),
    };
    let value = member(object, "value").cloned();
    Ok(Operation { op, path, value })
}

fn apply(profile: &mut Profile, Operation { op, path, value }: &Operation) -> Result<(), ScimError> {
    let value = match (op, value) {
        (Op::Remove, _) => &Value::Null,
        (Op::Set, Some(value)) => value,
        (Op::Set, None) => return Err(ScimError::value("add and replace need a value")),
    };
    match path {
        Some(path) => at_path(profile, path, value),
        None if *op == Op::Remove => Err(ScimError::no_target("remove needs a path")),
        None => match value {
            Value::Object(object) => merge(profile, object),
            _ => Err(ScimError::value("without a path the value should be an object")),
        },
    }
}

/// A key of an object that stands for a user: the name of an attribute, of a schema, or any path. What is known to the
/// server alone, providers send back as they read it.
fn set_key(profile: &mut Profile, key: &str, value: &Value) -> Result<(), ScimError> {
    match schema_of(key) {
        Some(schema) => set_schema(profile, schema, value),
        None => match target(profile, key) {
            Ok(Some(Attribute::Id | Attribute::Meta | Attribute::Created | Attribute::LastModified) | None)
            | Err(_) => Ok(()),
            Ok(Some(attribute)) => set(profile, attribute, value),
        },
    }
}

fn at_path(profile: &mut Profile, path: &str, value: &Value) -> Result<(), ScimError> {
    match schema_of(path) {
        Some(schema) => set_schema(profile, schema, value),
        None => match target(profile, path)? {
            Some(attribute) => set(profile, attribute, value),
            None => Ok(()),
        },
    }
}

fn schema_of(path: &str) -> Option<&'static str> {
    [USER, ENTERPRISE_USER]
        .into_iter()
        .find(|urn| path.eq_ignore_ascii_case(urn))
}

fn set_schema(profile: &mut Profile, schema: &'static str, value: &Value) -> Result<(), ScimError> {
    match value {
        Value::Object(object) => object
            .iter()
            .try_for_each(|(key, value)| set_key(profile, &format!("{schema}:{key}"), value)),
        Value::Null if schema == ENTERPRISE_USER => {
            [Attribute::EmployeeNumber, Attribute::Department, Attribute::Manager]
                .into_iter()
                .try_for_each(|attribute| set(profile, attribute, &Value::Null))
        }
        _ => Err(ScimError::value(format!("{schema} should be an object"))),
    }
}

/// The attribute that a path means; none if it is not kept here.
fn target(profile: &Profile, path: &str) -> Result<Option<Attribute>, ScimError> {
    let parsed: PatchPath = path
        .parse()
        .map_err(|error| ScimError::path(format!("the path \"{path}\" cannot be read: {error}")))?;
    match parsed {
        PatchPath::Attr(path) => Ok(Attribute::at(&path)),
        PatchPath::Value(path) if Attribute::at(&path.attr) == Some(Attribute::Emails) => email(profile, &path),
        PatchPath::Value(_) => Ok(None),
    }
}

/// The part of the one address that is kept, if the filter means it. Where there is none yet, it is a work address that
/// can still be given.
fn email(profile: &Profile, path: &PatchValuePath) -> Result<Option<Attribute>, ScimError> {
    let part = path.sub_attr.as_deref();
    let test = Test::of_parts(&path.filter).map_err(|error| ScimError::path(error.detail()))?;
    let address = profile.email.clone().unwrap_or_default();
    let imagined = Account {
        id: uuid::Uuid::nil(),
        profile: Profile {
            email: Some(address),
            ..profile.clone()
        },
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    };
    if !test.holds(&imagined) {
        return Ok(None);
    }
    Ok(part.map_or(Some(Attribute::Emails), Attribute::of_email))
}

fn set(profile: &mut Profile, attribute: Attribute, value: &Value) -> Result<(), ScimError> {
    match attribute {
        Attribute::UserName => {
            let name = text("userName", value)?;
            profile.user_name = name.ok_or_else(|| ScimError::value("userName cannot be removed"))?;
        }
        Attribute::ExternalId => profile.external_id = text("externalId", value)?,
        Attribute::GivenName => profile.given_name = text("name.givenName", value)?,
        Attribute::FamilyName => profile.family_name = text("name.familyName", value)?,
        Attribute::DisplayName => profile.display_name = text("displayName", value)?.unwrap_or_default(),
        Attribute::Title => profile.title = text("title", value)?,
        Attribute::EmployeeNumber => profile.employee_number = text("employeeNumber", value)?,
        Attribute::Department => profile.department = text("department", value)?,
        Attribute::Manager => profile.manager = manager(value)?,
        Attribute::EmailValue => profile.email = text("emails.value", value)?,
        Attribute::EmailPrimary => profile.email_primary = truth("emails.primary", value)?,
        // Whatever is kept is a work address.
        Attribute::EmailType => {}
        Attribute::Active => {
            if let Some(active) = truth("active", value)? {
                profile.active = active;
            }
        }
        Attribute::Name => match value {
            Value::Object(parts) => {
                for (part, value) in parts {
                    set_key(profile, &format!("name.{part}"), value)?;
                }
            }
            Value::Null => (profile.given_name, profile.family_name) = (None, None),
            _ => return Err(ScimError::value("name should be an object")),
        },
        Attribute::Emails => (profile.email, profile.email_primary) = address(value)?,
        Attribute::Id | Attribute::Meta | Attribute::Created | Attribute::LastModified => {
            return Err(ScimError::mutability("id and meta are the server's own"));
        }
    }
    Ok(())
}

/// The text that a value means.
fn text(field: &str, value: &Value) -> Result<Option<String>, ScimError> {
    match plain(value) {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(ScimError::value(format!("{field} should be a text"))),
    }
}

/// The truth that a value means. Entra ID sends "True" and "False" unless told not to.
fn truth(field: &str, value: &Value) -> Result<Option<bool>, ScimError> {
    let unfit = || ScimError::value(format!("{field} should be true or false"));
    match plain(value) {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(*truth)),
        Value::String(text) => text.to_ascii_lowercase().parse().map(Some).map_err(|_| unfit()),
        _ => Err(unfit()),
    }
}

/// What is in a list of one, or in an object with a value: some providers wrap what they send.
fn plain(value: &Value) -> &Value {
    match value {
        Value::Array(values) => match values.as_slice() {
            [] => &Value::Null,
            [value] => plain(value),
            _ => value,
        },
        Value::Object(object) => member(object, "value").map_or(value, plain),
        _ => value,
    }
}

/// Whom a value means by the manager: by an id, or by the address of a user here.
fn manager(value: &Value) -> Result<Option<String>, ScimError> {
    match value {
        Value::Object(object) => match (member(object, "value"), member(object, "$ref")) {
            (Some(Value::Null), _) | (None, None) => Ok(None),
            (Some(value), _) | (None, Some(value)) => manager(value),
        },
        Value::Array(values) if values.len() == 1 => manager(&values[0]),
        _ => {
            let reference = text("manager", value)?;
            Ok(reference.map(|text| match text.rsplit_once("/Users/") {
                Some((_, id)) => id.to_owned(),
                None => text,
            }))
        }
    }
}

/// The work address among those that are sent, and whether it is called the primary one. A private address is nobody's
/// business, unless the source itself puts it first.
fn address(value: &Value) -> Result<(Option<String>, Option<bool>), ScimError> {
    let one = [value.clone()];
    let values = match value {
        Value::Null => &[],
        Value::Array(values) => values.as_slice(),
        _ => &one,
    };
    let mut best: Option<(u8, Option<String>, Option<bool>)> = None;
    for value in values {
        let (address, primary, kind) = match value {
            Value::Object(object) => (
                text("emails.value", member(object, "value").unwrap_or(&Value::Null))?,
                truth("emails.primary", member(object, "primary").unwrap_or(&Value::Null))?,
                member(object, "type").and_then(Value::as_str),
            ),
            _ => (text("emails", value)?, None, None),
        };
        let rank = match (primary, kind) {
            (Some(true), Some(kind)) if kind.eq_ignore_ascii_case("work") => 4,
            (Some(true), _) => 3,
            (_, Some(kind)) if kind.eq_ignore_ascii_case("work") => 2,
            (_, None) => 1,
            _ => 0,
        };
        if rank > best.as_ref().map_or(0, |best| best.0) && address.is_some() {
            best = Some((rank, address, primary));
        }
    }
    Ok(best.map_or((None, None), |(_, address, primary)| (address, primary)))
}

#[cfg(test)]
mod tests;
