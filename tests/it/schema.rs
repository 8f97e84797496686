//! The published schema: `schema.graphql` is what the program serves, it keeps the contract, everything in it is
//! described, and it follows Relay.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};

use crate::support::repair;

/// What clients rely on: every name in it exists with that type, whatever else there is.
const CONTRACT: &str = include_str!("contract.graphql");

#[test]
fn the_published_file_is_the_schema() {
    repair("schema.graphql", &skiplevel::graphql::sdl());
}

#[test]
fn the_contract_is_kept() {
    let served = members(&skiplevel::graphql::sdl());
    let broken = |(name, member): (String, String)| match served.get(&name) {
        Some(found) if *found == member => None,
        Some(found) => Some(format!("{name} is {found}, and should be {member}")),
        None => Some(format!("{name} is missing: {member}")),
    };
    let broken: Vec<_> = members(CONTRACT).into_iter().filter_map(broken).collect();
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn a_break_of_the_contract_is_seen() {
    let (one, other) = (
        members("type A { f(x: Int = 1): [B!]! }"),
        members("type A { f(x: Int = 2): [B!] }"),
    );
    assert_eq!(one["A.f"], "[B!]!");
    assert_eq!(one["A.f(x)"], "Int = 1");
    assert!(one["A.f"] != other["A.f"] && one["A.f(x)"] != other["A.f(x)"]);
}

#[test]
fn everything_is_described() {
    let mut bare = Vec::new();
    for definition in types(&skiplevel::graphql::sdl()) {
        let name = &definition.name.node;
        let mut note = |what: String, description: Option<&str>| {
            // The first sentence is one: it ends.
            if !description.is_some_and(|text| text.trim_end().ends_with(['.', '`', ')'])) {
                bare.push(what);
            }
        };
        note(
            name.to_string(),
            definition.description.as_ref().map(|text| text.node.as_str()),
        );
        match &definition.kind {
            TypeKind::Enum(kind) => kind.values.iter().for_each(|value| {
                let description = value.node.description.as_ref().map(|text| text.node.as_str());
                note(format!("{name}.{}", value.node.value.node), description);
            }),
            TypeKind::InputObject(kind) => kind.fields.iter().for_each(|field| {
                let description = field.node.description.as_ref().map(|text| text.node.as_str());
                note(format!("{name}.{}", field.node.name.node), description);
            }),
            kind => fields(kind).iter().for_each(|field| {
                note(
                    format!("{name}.{}", field.name.node),
                    field.description.as_ref().map(|text| text.node.as_str()),
                );
                field.arguments.iter().for_each(|argument| {
                    let description = argument.node.description.as_ref().map(|text| text.node.as_str());
                    note(
                        format!("{name}.{}({})", field.name.node, argument.node.name.node),
                        description,
                    );
                });
            }),
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn relay_finds_its_way() {
    let served = members(&skiplevel::graphql::sdl());
    let is = |name: &str, wanted: &str| assert_eq!(served.get(name).map(String::as_str), Some(wanted), "{name}");
    is("Query.node", "Node");
    is("Query.node(id)", "ID!");
    is("Query.nodes", "[Node]!");
    is("Query.nodes(ids)", "[ID!]!");
    is("Node.id", "ID!");
    is("PageInfo.hasNextPage", "Boolean!");
    is("PageInfo.hasPreviousPage", "Boolean!");
    is("PageInfo.startCursor", "String");
    is("PageInfo.endCursor", "String");
    let connections = served
        .keys()
        .filter_map(|name| name.strip_suffix("Connection").filter(|name| !name.contains('.')));
    let connections: Vec<_> = connections.collect();
    assert!(connections.len() >= 3, "{connections:?}");
    for node in connections {
        is(&format!("{node}Connection.edges"), &format!("[{node}Edge!]!"));
        is(&format!("{node}Connection.nodes"), &format!("[{node}!]!"));
        is(&format!("{node}Connection.pageInfo"), "PageInfo!");
        is(&format!("{node}Connection.totalCount"), "Int");
        is(&format!("{node}Edge.cursor"), "String!");
        is(&format!("{node}Edge.node"), &format!("{node}!"));
    }
    // A field that gives a connection pages forward, and both ways or not at all backward.
    for (field, _) in served
        .iter()
        .filter(|(name, kind)| !name.contains('(') && kind.ends_with("Connection!"))
    {
        is(&format!("{field}(first)"), "Int");
        is(&format!("{field}(after)"), "String");
        let backward = [format!("{field}(last)"), format!("{field}(before)")].map(|name| served.contains_key(&name));
        assert_eq!(backward[0], backward[1], "{field}");
    }
    // Whatever has a global id is a node.
    for definition in types(&skiplevel::graphql::sdl()) {
        if let TypeKind::Object(object) = &definition.kind {
            let has_id = object.fields.iter().any(|field| field.node.name.node == "id");
            let is_node = object.implements.iter().any(|interface| interface.node == "Node");
            assert_eq!(has_id, is_node, "{}", definition.name.node);
        }
    }
}

/// Every type, field, argument, input field and enum value by its name, with what it is.
fn members(sdl: &str) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for definition in types(sdl) {
        let name = &definition.name.node;
        let mut input = |at: String, value: &InputValueDefinition| {
            let default = value
                .default_value
                .as_ref()
                .map(|value| format!(" = {}", value.node))
                .unwrap_or_default();
            members.insert(at, format!("{}{default}", value.ty.node));
        };
        let kind = match &definition.kind {
            TypeKind::Scalar => "scalar".to_owned(),
            TypeKind::Object(_) => "type".to_owned(),
            TypeKind::Interface(_) => "interface".to_owned(),
            TypeKind::Union(_) => "union".to_owned(),
            TypeKind::Enum(_) => "enum".to_owned(),
            TypeKind::InputObject(kind) => {
                kind.fields
                    .iter()
                    .for_each(|field| input(format!("{name}.{}", field.node.name.node), &field.node));
                let one_of = definition
                    .directives
                    .iter()
                    .any(|directive| directive.node.name.node == "oneOf");
                if one_of { "input, one of" } else { "input" }.to_owned()
            }
        };
        for field in fields(&definition.kind) {
            let at = format!("{name}.{}", field.name.node);
            field
                .arguments
                .iter()
                .for_each(|argument| input(format!("{at}({})", argument.node.name.node), &argument.node));
            members.insert(at, field.ty.node.to_string());
        }
        if let TypeKind::Enum(values) = &definition.kind {
            members.extend(
                values
                    .values
                    .iter()
                    .map(|value| (format!("{name}.{}", value.node.value.node), "value".to_owned())),
            );
        }
        members.insert(name.to_string(), kind);
    }
    members
}

fn types(sdl: &str) -> Vec<TypeDefinition> {
    let document = parse_schema(sdl).unwrap();
    let types = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
    types.collect()
}

fn fields(kind: &TypeKind) -> Vec<&FieldDefinition> {
    match kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| &field.node).collect(),
        TypeKind::Interface(interface) => interface.fields.iter().map(|field| &field.node).collect(),
        _ => vec![],
    }
}
