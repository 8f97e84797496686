//! The names of operations that are known when the server starts. Clients choose names freely, so every other is `other`.

use std::collections::HashSet;

use async_graphql::parser::parse_query;

/// What an operation is called whose name is not known, or that has none.
pub(super) const OTHER: &str = "other";

/// The documents of `docs/operations`, which clients are invited to copy.
const DOCUMENTED: [&str; 6] = [
    include_str!("../../../docs/operations/accept-suggestion.graphql"),
    include_str!("../../../docs/operations/coverage.graphql"),
    include_str!("../../../docs/operations/people.graphql"),
    include_str!("../../../docs/operations/record-meeting.graphql"),
    include_str!("../../../docs/operations/sync-people.graphql"),
    include_str!("../../../docs/operations/this-week.graphql"),
];

/// What tools ask to learn the schema.
const INTROSPECTION: &str = "IntrospectionQuery";

/// Names of operations.
#[derive(Debug)]
pub(in crate::http) struct Known(HashSet<String>);

impl Known {
    /// Those of `documents`, beside those of the documentation.
    pub(in crate::http) fn new<'a>(documents: impl IntoIterator<Item = &'a str>) -> Self {
        let documents = documents.into_iter().chain(DOCUMENTED);
        let mut names: HashSet<String> = documents.flat_map(names_of).collect();
        names.insert(INTROSPECTION.to_owned());
        Self(names)
    }

    /// The name that stands for `operation`.
    pub(in crate::http) fn name<'a>(&'a self, operation: Option<&str>) -> &'a str {
        let known = operation.and_then(|name| self.0.get(name));
        known.map_or(OTHER, String::as_str)
    }
}

fn names_of(document: &str) -> Vec<String> {
    let Ok(document) = parse_query(document) else {
        return Vec::new();
    };
    let operations = document.operations.iter();
    operations.filter_map(|(name, _)| Some(name?.to_string())).collect()
}
