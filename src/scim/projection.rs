//! Which attributes an answer has: `attributes`, `excludedAttributes`.

use scim_v2::schema_urns::{ENTERPRISE_USER, USER};
use serde_json::Value;

/// What is always there.
const ALWAYS: [&str; 2] = ["schemas", "id"];

/// Which attributes to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Projection {
    only: Vec<Path>,
    except: Vec<Path>,
}

/// Names from the outside in, in lower case.
type Path = Vec<String>;

impl Projection {
    /// Shows `only` these attributes, all if there are none, `except` those.
    pub(super) fn new<'a>(only: impl Iterator<Item = &'a str>, except: impl Iterator<Item = &'a str>) -> Self {
        let always = |path: &Path| matches!(path.as_slice(), [name] if ALWAYS.contains(&name.as_str()));
        Self {
            only: only.filter_map(path).collect(),
            except: except.filter_map(path).filter(|path| !always(path)).collect(),
        }
    }

    /// A resource with the attributes that are to be shown.
    pub(super) fn of(&self, mut resource: Value) -> Value {
        if !self.only.is_empty() {
            let mut only = self.only.clone();
            only.extend(ALWAYS.map(|name| vec![name.to_owned()]));
            keep(&mut resource, &only);
        }
        drop_paths(&mut resource, &self.except);
        resource
    }
}

fn path(text: &str) -> Option<Path> {
    let text = text.trim().to_ascii_lowercase();
    let (user, extension) = (USER.to_ascii_lowercase(), ENTERPRISE_USER.to_ascii_lowercase());
    let (mut path, names) = match (text.strip_prefix(&extension), text.strip_prefix(&user)) {
        (Some(rest), _) => (vec![extension], rest.trim_start_matches(':')),
        (_, Some(rest)) => (vec![], rest.trim_start_matches(':')),
        _ => (vec![], text.as_str()),
    };
    path.extend(names.split('.').filter(|name| !name.is_empty()).map(str::to_owned));
    (!path.is_empty()).then_some(path)
}

/// The rests of those paths that begin with `key`.
fn below(paths: &[Path], key: &str) -> Vec<Path> {
    let key = key.to_ascii_lowercase();
    let inside = paths.iter().filter(|path| path.first() == Some(&key));
    inside.map(|path| path[1..].to_vec()).collect()
}

fn keep(value: &mut Value, paths: &[Path]) {
    match value {
        Value::Object(object) => object.retain(|key, value| {
            let rests = below(paths, key);
            if !rests.iter().any(Vec::is_empty) {
                keep(value, &rests);
            }
            !rests.is_empty()
        }),
        Value::Array(values) => values.iter_mut().for_each(|value| keep(value, paths)),
        _ => {}
    }
}

fn drop_paths(value: &mut Value, paths: &[Path]) {
    match value {
        Value::Object(object) => object.retain(|key, value| {
            let rests = below(paths, key);
            drop_paths(value, &rests);
            !rests.iter().any(Vec::is_empty)
        }),
        Value::Array(values) => values.iter_mut().for_each(|value| drop_paths(value, paths)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(only: &str, except: &str) -> Value {
        let list = |text: &'static str| text.split(',');
        let (only, except) = (only.to_owned().leak(), except.to_owned().leak());
        Projection::new(list(only), list(except)).of(json!({
            "schemas": [USER],
            "id": "1",
            "userName": "ada",
            "name": { "givenName": "Ada", "familyName": "Example" },
            "emails": [{ "value": "ada@example.org", "type": "work" }],
            ENTERPRISE_USER: { "department": "All", "manager": { "value": "2" } },
        }))
    }

    #[test]
    fn only_what_is_named_and_what_is_always_there() {
        assert_eq!(
            shown("USERNAME", ""),
            json!({ "schemas": [USER], "id": "1", "userName": "ada" })
        );
        assert_eq!(
            shown("name.givenName,emails.type", ""),
            json!({
                "schemas": [USER], "id": "1", "name": { "givenName": "Ada" }, "emails": [{ "type": "work" }],
            })
        );
        assert_eq!(
            shown(&format!("{ENTERPRISE_USER}:department,{USER}:userName"), ""),
            json!({ "schemas": [USER], "id": "1", "userName": "ada", ENTERPRISE_USER: { "department": "All" } })
        );
    }

    #[test]
    fn all_but_what_is_named() {
        assert_eq!(
            shown("", &format!("id,emails,name.familyName,{ENTERPRISE_USER}")),
            json!({ "schemas": [USER], "id": "1", "userName": "ada", "name": { "givenName": "Ada" } })
        );
    }
}
