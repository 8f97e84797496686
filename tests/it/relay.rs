//! The schema follows Relay: global ids, connections, pages, as the served SDL says it.

use std::collections::BTreeMap;

use async_graphql::parser::types::TypeKind;

use crate::support::sdl::{Sdl, fields};

#[test]
fn relay_finds_its_way() {
    let sdl = Sdl::served();
    let served = members(&sdl);
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
    for definition in sdl.types() {
        if let TypeKind::Object(object) = &definition.kind {
            let has_id = object.fields.iter().any(|field| field.node.name.node == "id");
            let is_node = object.implements.iter().any(|interface| interface.node == "Node");
            assert_eq!(has_id, is_node, "{}", definition.name.node);
        }
    }
}

/// Every type, field and argument by its name, with what it is.
fn members(sdl: &Sdl) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for definition in sdl.types() {
        let name = &definition.name.node;
        for field in fields(definition) {
            let at = format!("{name}.{}", field.name.node);
            for argument in &field.arguments {
                let at = format!("{at}({})", argument.node.name.node);
                members.insert(at, argument.node.ty.node.to_string());
            }
            members.insert(at, field.ty.node.to_string());
        }
        members.insert(name.to_string(), "type".to_owned());
    }
    members
}
