//! The published schema: current, described in full, and with every name that clients rely on.

use serde_json::{Value, json};

use crate::support::{TestDatabase, World, repair};

/// The contract: names and types that may not change without a deprecation, a field a line.
const CONTRACT: &str = include_str!("schema/contract.txt");

#[test]
fn schema_graphql_is_current() {
    repair("schema.graphql", &skiplevel::graphql::sdl());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_described_and_nothing_promised_is_missing() {
    let world = World::empty(TestDatabase::sqlite(), "2026-01-05T09:00:00Z").await;
    let shape = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let query = format!(
        "{{ __schema {{ types {{ kind name description
            fields(includeDeprecated: true) {{ name description type {{ {shape} }} args {{ name description defaultValue type {{ {shape} }} }} }}
            inputFields {{ name description defaultValue type {{ {shape} }} }}
            enumValues(includeDeprecated: true) {{ name description }} }} }} }}"
    );
    let data = world.admin(&query, json!({})).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    // ID is GraphQL's own.
    let own = types
        .iter()
        .filter(|kind| !text(kind, "name").starts_with("__") && kind["name"] != "ID");
    let mut undescribed = Vec::new();
    let mut lines = Vec::new();
    for kind in own {
        let name = text(kind, "name");
        let mut described = |what: String, item: &Value| {
            if item["description"].as_str().is_none_or(|words| words.trim().is_empty()) {
                undescribed.push(what);
            }
        };
        described(name.to_owned(), kind);
        for field in list(kind, "fields") {
            let here = format!("{name}.{}", text(field, "name"));
            described(here.clone(), field);
            for argument in list(field, "args") {
                described(format!("{here}({})", text(argument, "name")), argument);
                lines.push(format!("{here}({}): {}", text(argument, "name"), typed(argument)));
            }
            lines.push(format!("{here}: {}", typed(field)));
        }
        for field in list(kind, "inputFields") {
            let here = format!("{name}.{}", text(field, "name"));
            described(here.clone(), field);
            lines.push(format!("{here}: {}", typed(field)));
        }
        for value in list(kind, "enumValues") {
            let here = format!("{name}.{}", text(value, "name"));
            described(here.clone(), value);
            lines.push(here);
        }
    }
    assert_eq!(undescribed, [""; 0], "these have no description");
    let promised = CONTRACT
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: Vec<_> = promised
        .filter(|line| !lines.iter().any(|known| known == line))
        .collect();
    assert_eq!(missing, [""; 0], "clients rely on these");
}

fn list<'a>(item: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    item[name].as_array().into_iter().flatten()
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap()
}

/// The type as SDL writes it, with the default where there is one.
fn typed(item: &Value) -> String {
    fn written(kind: &Value) -> String {
        match kind["kind"].as_str() {
            Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
            Some("LIST") => format!("[{}]", written(&kind["ofType"])),
            _ => text(kind, "name").to_owned(),
        }
    }
    let default = item["defaultValue"]
        .as_str()
        .map(|value| format!(" = {value}"))
        .unwrap_or_default();
    written(&item["type"]) + &default
}
