//! All paths through the schema, some steps deep, as one document: whatever a field leads to is held to the oracle too.

use std::{collections::BTreeSet, fmt::Write as _};

use async_graphql::{
    Positioned,
    parser::types::{FieldDefinition, InputValueDefinition},
};

use crate::support::sdl::{Sdl, fields, named};

/// The objects that a path has come to: their type, and how many steps it goes on.
type Stop = (String, usize);

/// A query of every path from the root that takes `steps` steps from object to object. Lists show their first entry,
/// or the first two where they lead on from the root, of whose fields some are left out.
pub fn all(sdl: &Sdl, steps: usize, leaving_out: &[&str]) -> String {
    let mut text = String::from("{ ");
    let mut ahead = BTreeSet::new();
    let roots = fields(sdl.find("Query").unwrap());
    for field in roots
        .into_iter()
        .filter(|field| !leaving_out.contains(&field.name.node.as_str()))
    {
        ahead.extend(step(sdl, &mut text, field, (steps, 2)));
    }
    text.push('}');
    let mut written = BTreeSet::new();
    while let Some(stop) = ahead.pop_last() {
        let (name, left) = &stop;
        let own = fields(sdl.find(name).unwrap());
        let has = |field: &str| own.iter().any(|own| own.name.node == field);
        let known = ["id", "access"]
            .into_iter()
            .filter(|field| has(field))
            .collect::<Vec<_>>()
            .join(" ");
        let _ = write!(text, "\nfragment {name}{left} on {name} {{ __typename {known} ");
        for field in own.into_iter().filter(|_| *left > 0) {
            ahead.extend(step(sdl, &mut text, field, (*left, 1)));
        }
        text.push('}');
        written.insert(stop);
        ahead.retain(|stop| !written.contains(stop));
    }
    text
}

/// The field with what it leads to, where that is an object.
fn step(sdl: &Sdl, text: &mut String, field: &FieldDefinition, (left, first): (usize, usize)) -> Option<Stop> {
    let ty = named(&field.ty.node);
    let asks_nothing = |argument: &Positioned<InputValueDefinition>| {
        argument.node.ty.node.nullable || argument.node.default_value.is_some()
    };
    if !sdl.is_composite(ty) || !field.arguments.iter().all(asks_nothing) {
        return None;
    }
    let pages = field
        .arguments
        .iter()
        .any(|argument| argument.node.name.node == "first");
    let arguments = if pages {
        format!("(first: {first})")
    } else {
        String::new()
    };
    let left = left - 1;
    let field = &field.name.node;
    // Of a connection, what its nodes are, whatever it is called.
    let own = fields(sdl.find(ty).unwrap());
    let nodes = own
        .iter()
        .find(|own| ty.ends_with("Connection") && own.name.node == "nodes");
    let node = nodes.map_or(ty, |nodes| named(&nodes.ty.node));
    // The two ways into a connection take turns: both at every step would walk each path many times.
    let _ = match (node == ty, left % 2) {
        (true, _) => write!(text, "{field}{arguments} {{ ...{node}{left} }} "),
        (false, 0) => write!(text, "{field}{arguments} {{ nodes {{ ...{node}{left} }} }} "),
        (false, _) => write!(text, "{field}{arguments} {{ edges {{ node {{ ...{node}{left} }} }} }} "),
    };
    Some((node.to_owned(), left))
}
