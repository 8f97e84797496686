//! The policy as one table: every field of every type for every relation, and every mutation for every role. Fields come
//! from the schema, so a new one stands in `policy.txt` before anybody has decided who sees it, and the test fails.

mod scene;

use std::fmt::Write as _;

use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind};
use serde_json::{Value, json};
use skiplevel::auth::token::Role;
use uuid::Uuid;

use self::scene::{Ids, NOW, ORGANISATION, arguments, entry, global, plant};
use crate::support::{
    TestDatabase, World, repair,
    sdl::{Sdl, fields, named},
};

/// What the viewer is to sue, by their name.
const RELATIONS: [(&str, &str, &[Role]); 10] = [
    ("self", "sue", &[]),
    ("manager", "mia", &[]),
    ("head", "hal", &[]),
    ("sideways", "sid", &[]),
    ("report", "dan", &[]),
    ("far below", "kim", &[]),
    ("met", "pat", &[]),
    ("HR admin", "hr-admin", &[Role::HrAdmin]),
    ("integration", "machine", &[Role::Integration]),
    ("leaver", "leo", &[]),
];

const ROLES: [(&str, &str, &[Role]); 5] = [
    ("person", "sue", &[]),
    ("HR admin", "hr-admin", &[Role::HrAdmin]),
    ("HR admin in the chart", "sue", &[Role::HrAdmin]),
    ("integration", "machine", &[Role::Integration]),
    ("leaver", "leo", &[]),
];

/// Words that are shown as they are: what somebody is to the viewer.
const ACCESS: [&str; 5] = ["SELF", "BELOW", "ABOVE", "CARD", "ADMIN"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_and_mutation_is_in_the_table() {
    let world = World::of(TestDatabase::sqlite(), ORGANISATION, NOW).await;
    let line = plant(&world).await;
    let ids = Ids {
        sue: world.id("sue").await,
        line,
    };
    let sdl = Sdl::served();
    let mut text = String::from(
        "What each relation to sue gets: a value, null, an empty list, an error's code, or - where the object that holds\n\
         the field is out of reach. The suggestion is hal's to meet sue, the meeting is that of the two. Written by the tests.\n",
    );
    for (name, definition) in sdl.objects().filter(|(name, _)| *name != "Mutation") {
        let mut rows = Vec::new();
        for field in fields(definition) {
            let document = asked(&sdl, &ids, name, field);
            let mut cells = Vec::new();
            for (_, subject, roles) in RELATIONS {
                cells.push(outcome(
                    &world.ask_as(&world.token(subject, roles), &document, json!({})).await,
                ));
            }
            rows.push((field.name.node.to_string(), cells));
        }
        table(&mut text, name, &RELATIONS.map(|(relation, ..)| relation), &rows);
    }
    text += "\nWhat each role gets that names nothing in reach: NOT_FOUND where it may do this at all.\n";
    let mut rows = Vec::new();
    for field in fields(sdl.find("Mutation").unwrap()) {
        let document = attempted(&sdl, field);
        let mut cells = Vec::new();
        for (_, subject, roles) in ROLES {
            cells.push(done(
                &world.ask_as(&world.token(subject, roles), &document, json!({})).await,
            ));
        }
        rows.push((field.name.node.to_string(), cells));
    }
    table(&mut text, "Mutation", &ROLES.map(|(role, ..)| role), &rows);
    repair("tests/it/policy.txt", &text);
}

/// A document that asks for one field of a type, as `probe`.
fn asked(sdl: &Sdl, ids: &Ids, name: &str, field: &FieldDefinition) -> String {
    let arguments = if name == "Query" || ["whyNot", "meetingTimes"].contains(&field.name.node.as_str()) {
        arguments(&field.name.node, ids)
    } else {
        String::new()
    };
    let ty = named(&field.ty.node);
    let selection = match sdl.is_composite(ty) {
        true if ty.ends_with("Connection") => " { nodes { __typename } }",
        true => " { __typename }",
        false => "",
    };
    let probe = format!("probe: {}{arguments}{selection}", field.name.node);
    let entry = entry(name, ids).replace('@', &probe);
    match entry.strip_prefix("mutation ") {
        Some(entry) => format!("mutation {{ {entry} }}"),
        None => format!("{{ {entry} }}"),
    }
}

/// What became of the probe, in one word.
fn outcome(answer: &Value) -> String {
    if let Some(error) = answer["errors"].get(0) {
        return error["extensions"]["code"].as_str().unwrap().to_owned();
    }
    let Some(value) = find(&answer["data"], "probe") else {
        return "-".to_owned();
    };
    let value = value.get("nodes").unwrap_or(value);
    match value {
        Value::Null => "null",
        Value::Array(items) if items.is_empty() => "[]",
        Value::Array(items) if items.iter().all(Value::is_null) => "[null]",
        Value::String(text) if ACCESS.contains(&text.as_str()) => text,
        _ => "value",
    }
    .to_owned()
}

/// The first value under `key`, however deep.
fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields
            .get(key)
            .or_else(|| fields.values().find_map(|value| find(value, key))),
        Value::Array(items) => items.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

/// A document that does what names nothing that is there.
fn attempted(sdl: &Sdl, field: &FieldDefinition) -> String {
    let argument = |argument: &async_graphql::Positioned<async_graphql::parser::types::InputValueDefinition>| {
        format!("{}: {}", argument.node.name.node, sample(sdl, &argument.node.ty.node))
    };
    let arguments: Vec<_> = field.arguments.iter().map(argument).collect();
    let arguments = match arguments.as_slice() {
        [] => String::new(),
        some => format!("({})", some.join(", ")),
    };
    format!(
        "mutation {{ done: {}{arguments} {{ userErrors {{ code }} }} }}",
        field.name.node
    )
}

/// What became of it, in one word.
fn done(answer: &Value) -> String {
    if let Some(error) = answer["errors"].get(0) {
        return error["extensions"]["code"].as_str().unwrap().to_owned();
    }
    let mistakes = answer["data"]["done"]["userErrors"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"));
    mistakes
        .first()
        .map_or("done", |mistake| mistake["code"].as_str().unwrap())
        .to_owned()
}

/// A value of this type that names nothing there is; what is optional is left out.
fn sample(sdl: &Sdl, ty: &Type) -> String {
    if let BaseType::List(_) = ty.base {
        return "[]".to_owned();
    }
    let name = named(ty);
    if let Some(input) = sdl.input(name) {
        let needed = input.fields.iter().map(|field| &field.node);
        // Left out, whose they are would be said by who asks: nobody else could be asked afterwards.
        let is_said = |field: &&InputValueDefinition| name == "RevokeTokensInput" && field.name.node == "personId";
        let needed = needed.filter(|field| is_said(field) || !field.ty.node.nullable && field.default_value.is_none());
        let fields = needed.map(|field| format!("{}: {}", field.name.node, sample(sdl, &field.ty.node)));
        return format!("{{{}}}", fields.collect::<Vec<_>>().join(", "));
    }
    match name {
        "ID" => format!("\"{}\"", global('p', Uuid::from_u128(99))),
        "String" => "\"text\"".to_owned(),
        "Int" => "30".to_owned(),
        "Boolean" => "true".to_owned(),
        "DateTime" => format!("\"{NOW}\""),
        "Date" => "\"2026-06-10\"".to_owned(),
        "IsoWeek" => "\"2026-W26\"".to_owned(),
        _ => match sdl.find(name).map(|definition| &definition.kind) {
            Some(TypeKind::Enum(values)) => values.values[0].node.value.node.to_string(),
            _ => panic!("{name} is a new scalar: say here what a value looks like"),
        },
    }
}

fn table(text: &mut String, title: &str, columns: &[&str], rows: &[(String, Vec<String>)]) {
    let width = |(column, name): (usize, &&str)| {
        rows.iter()
            .map(|(_, cells)| cells[column].len())
            .chain([name.len()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = columns.iter().enumerate().map(width).collect();
    let mut line = |first: &str, cells: &mut dyn Iterator<Item = &str>| {
        let mut line = format!("{first:22}");
        for (cell, width) in cells.zip(&widths) {
            let _ = write!(line, "  {cell:width$}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    };
    line("", &mut std::iter::empty());
    line(title, &mut columns.iter().copied());
    for (name, cells) in rows {
        line(&format!("  {name}"), &mut cells.iter().map(String::as_str));
    }
}
