//! Lists: what a query asks for, and pages of it.

use scim_v2::schema_urns::LIST_RESPONSE;
use serde_json::{Map, Value, json};

use super::{ScimError, filter::Test, projection::Projection, resource::member};

/// Users on a page unless the query says how many.
const USUAL: u64 = 100;

/// Most users on a page.
pub(super) const MOST: u64 = 200;

/// What a query asks for. Sorting is not offered, and asking for it changes nothing.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) filter: Option<Test>,
    /// How many to pass over.
    pub(super) offset: u64,
    /// How many to show at most.
    pub(super) count: u64,
    pub(super) projection: Projection,
}

impl Query {
    /// Reads the parameters of an address.
    pub(super) fn of_parameters(parameters: &[(String, String)]) -> Result<Self, ScimError> {
        let find = |name: &str| {
            let same = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
            parameters.iter().find(same).map(|(_, value)| value.as_str())
        };
        let number = |name: &str| {
            find(name)
                .map(|text| text.trim().parse().map_err(|_| whole(name)))
                .transpose()
        };
        Ok(Self {
            filter: find("filter").map(Test::read).transpose()?,
            offset: offset(number("startIndex")?),
            count: count(number("count")?),
            projection: projection(parameters),
        })
    }

    /// Reads a body.
    pub(super) fn of_body(body: &Map<String, Value>) -> Result<Self, ScimError> {
        let number = |name: &str| match member(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| whole(name)),
        };
        let names = |name: &str| match member(body, name) {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(names)) => names.split(',').collect(),
            _ => Vec::new(),
        };
        let filter = match member(body, "filter") {
            None | Some(Value::Null) => None,
            Some(Value::String(filter)) => Some(Test::read(filter)?),
            Some(_) => return Err(ScimError::filter("filter should be a text")),
        };
        Ok(Self {
            filter,
            offset: offset(number("startIndex")?),
            count: count(number("count")?),
            projection: Projection::new(names("attributes").into_iter(), names("excludedAttributes").into_iter()),
        })
    }
}

/// The projection that the parameters of an address ask for.
pub(super) fn projection(parameters: &[(String, String)]) -> Projection {
    let names = |name: &'static str| {
        let same = move |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        parameters.iter().filter(same).flat_map(|(_, value)| value.split(','))
    };
    Projection::new(names("attributes"), names("excludedAttributes"))
}

/// A page of a list.
pub(super) fn page(total: u64, offset: u64, resources: &[Value]) -> Value {
    json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "startIndex": offset.saturating_add(1),
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

fn offset(start: Option<i64>) -> u64 {
    start.and_then(|start| u64::try_from(start).ok()).unwrap_or(1).max(1) - 1
}

fn count(count: Option<i64>) -> u64 {
    count.map_or(USUAL, |count| u64::try_from(count).unwrap_or(0)).min(MOST)
}

fn whole(name: &str) -> ScimError {
    ScimError::value(format!("{name} should be a whole number"))
}
