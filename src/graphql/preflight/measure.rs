//! The size of what a document stands for, in work that grows with its text alone.

use std::{collections::HashMap, convert::Infallible};

use async_graphql::{
    Name, Positioned, Value as ConstValue, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet},
};

use super::{MAX_NESTING, QueryLimits, Reach, Size};
use crate::graphql::error::{ErrorCode, Fault};

/// What is known of an operation within its limits.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) root_fields: Vec<String>,
    pub(super) cost: usize,
}

/// Measures one document for one of its operations. Every fragment is walked once.
pub(super) struct Ruler<'a> {
    document: &'a ExecutableDocument,
    operation: &'a Positioned<OperationDefinition>,
    variables: &'a Variables,
    limits: &'a QueryLimits,
    fragments: HashMap<&'a Name, Progress>,
    aliases: HashMap<&'a Name, usize>,
    directives: usize,
    /// Selections walked: the work done, which no fan-out may multiply.
    pub(super) steps: usize,
}

#[derive(Clone, Copy)]
enum Progress {
    Begun,
    Done(Extent),
}

/// What a selection set stands for once its fragments are expanded.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    /// Selections.
    nodes: usize,
    /// Fields inside fields, introspection left out.
    depth: usize,
    /// Selection sets inside selection sets, fragments and introspection included.
    nesting: usize,
    /// Lists of the schema inside one another, anywhere below.
    lists: usize,
    /// The same, below a field of introspection only.
    introspection: usize,
    /// Objects that may have to be loaded.
    cost: usize,
    /// Whether it selects a connection's rows.
    rows: Rows,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rows {
    #[default]
    None,
    Some,
}

/// Arguments that say how many times the selection below them is loaded: a number of rows or weeks, or a list of ids.
const COUNTING: [&str; 4] = ["first", "last", "weeks", "ids"];

/// Fields for which a week is drawn, for everybody in the chart.
const DRAWING: [&str; 2] = ["preview", "whyNot"];

/// What that is worth, in objects loaded.
const A_DRAW: usize = 50;

/// Weeks of a `preview` that does not say how many.
const PREVIEW_WEEKS: usize = 4;

/// Fields of introspection that are lists of what has such lists again.
const SCHEMA_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// As deep as the reference implementation allows: what tools ask for needs one, a bomb needs many.
const MAX_SCHEMA_LISTS: usize = 2;

impl<'a> Ruler<'a> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        operation: &'a Positioned<OperationDefinition>,
        variables: &'a Variables,
        limits: &'a QueryLimits,
    ) -> Self {
        Self {
            document,
            operation,
            variables,
            limits,
            fragments: HashMap::new(),
            aliases: HashMap::new(),
            directives: 0,
            steps: 0,
        }
    }

    /// Holds the document against all limits but its length.
    pub(super) fn measure(&mut self) -> Result<Measured, Fault> {
        let (document, limits) = (self.document, self.limits);
        Size::Operations.check(document.operations.iter().count(), limits.operations)?;
        Size::Fragments.check(document.fragments.len(), limits.fragments)?;
        for (name, fragment) in &document.fragments {
            self.directives += fragment.node.directives.len();
            self.fragment(name)?;
        }
        let (mut nodes, mut chosen) = (0_usize, Extent::default());
        for (_, operation) in document.operations.iter() {
            Size::Variables.check(operation.node.variable_definitions.len(), limits.variables)?;
            self.directives += operation.node.directives.len();
            self.directives += operation
                .node
                .variable_definitions
                .iter()
                .map(|definition| definition.node.directives.len())
                .sum::<usize>();
            let extent = self.selection_set(&operation.node.selection_set.node)?;
            Reach::Nesting.check(extent.nesting, MAX_NESTING)?;
            Reach::Depth.check(extent.depth, limits.depth)?;
            Reach::Introspection.check(extent.introspection, MAX_SCHEMA_LISTS)?;
            nodes = nodes.saturating_add(extent.nodes);
            if std::ptr::eq(operation, self.operation) {
                chosen = extent;
            }
        }
        Size::Directives.check(self.directives, limits.directives)?;
        Size::Aliases.check(self.aliases.values().copied().max().unwrap_or(0), limits.aliases)?;
        Reach::Nodes.check(nodes, limits.nodes)?;
        Reach::Cost.check(chosen.cost, limits.cost)?;
        let mut roots = Vec::new();
        self.collect_roots(&self.operation.node.selection_set.node, &mut roots)?;
        if self.operation.node.ty == OperationType::Mutation {
            refuse_repeated_keys(&roots)?;
        }
        let root_fields = roots.iter().map(|field| field.name.node.to_string()).collect();
        Ok(Measured {
            root_fields,
            cost: chosen.cost,
        })
    }

    /// The extent of a fragment; nothing for one that does not exist, which validation will say.
    fn fragment(&mut self, name: &'a Name) -> Result<Extent, Fault> {
        match self.fragments.get(name) {
            Some(Progress::Done(extent)) => return Ok(*extent),
            Some(Progress::Begun) => {
                let message = format!("the fragment `{name}` contains itself");
                return Err(Fault::new(ErrorCode::GraphqlValidationFailed, message));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Extent::default());
        };
        self.fragments.insert(name, Progress::Begun);
        let extent = self.selection_set(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Progress::Done(extent));
        Ok(extent)
    }

    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Extent, Fault> {
        let mut total = Extent::default();
        for selection in &set.items {
            self.steps += 1;
            self.directives += selection.node.directives().len();
            let extent = match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?.nested(),
                Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set.node)?.nested(),
            };
            total = total.beside(extent);
        }
        Ok(total)
    }

    fn field(&mut self, field: &'a Field) -> Result<Extent, Fault> {
        if field.alias.is_some() {
            *self.aliases.entry(&field.name.node).or_default() += 1;
        }
        let name = field.name.node.as_str();
        let below = self.selection_set(&field.selection_set.node)?;
        let leaf = field.selection_set.node.items.is_empty();
        let lists = below.lists + usize::from(SCHEMA_LISTS.contains(&name));
        let of_introspection = matches!(name, "__schema" | "__type");
        let itself = usize::from(!leaf && !matches!(name, "edges" | "pageInfo"));
        let draws = if DRAWING.contains(&name) { A_DRAW } else { 0 };
        let objects = below
            .cost
            .saturating_add(draws)
            .saturating_mul(self.times(field, below.rows));
        Ok(Extent {
            nodes: below.nodes.saturating_add(1),
            depth: if of_introspection { 1 } else { below.depth + 1 },
            nesting: below.nesting + usize::from(!leaf),
            lists,
            introspection: if of_introspection { lists } else { below.introspection },
            cost: if of_introspection {
                1
            } else {
                objects.saturating_add(itself)
            },
            rows: if matches!(name, "edges" | "nodes") {
                Rows::Some
            } else {
                Rows::None
            },
        })
    }

    /// How often what is below a field may be loaded for one time the field is.
    fn times(&self, field: &Field, rows: Rows) -> usize {
        let counting = field
            .arguments
            .iter()
            .filter(|(name, _)| COUNTING.contains(&name.node.as_str()));
        let asked = counting.filter_map(|(_, value)| {
            // A variable's value may be long: it is looked at where it is, not copied into the argument.
            let mut variable = None;
            let literal = value.node.clone().into_const_with(|name| {
                variable = Some(name);
                Ok::<_, Infallible>(ConstValue::Null)
            });
            match (literal, variable) {
                (Ok(ConstValue::Null), Some(name)) => self.count(self.given(&name)?),
                (Ok(literal), _) => self.count(&literal),
            }
        });
        asked.max().unwrap_or(match (field.name.node.as_str(), rows) {
            ("preview", _) => PREVIEW_WEEKS,
            (_, Rows::Some) => self.limits.default_page,
            (_, Rows::None) => 1,
        })
    }

    fn count(&self, value: &ConstValue) -> Option<usize> {
        match value {
            ConstValue::Number(number) => {
                // What is no whole number is refused by its type later; until then it is worth the largest page.
                let asked = number.as_i64().and_then(|number| usize::try_from(number.max(1)).ok());
                Some(asked.unwrap_or(usize::MAX).min(self.limits.largest_page))
            }
            ConstValue::List(items) => Some(items.len().max(1)),
            _ => None,
        }
    }

    fn given(&self, name: &Name) -> Option<&ConstValue> {
        self.variables.get(name).or_else(|| {
            let definitions = &self.operation.node.variable_definitions;
            let definition = definitions
                .iter()
                .find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|value| &value.node)
        })
    }

    /// The fields at the root, fragments expanded: the only expansion there is, and it ends at its limit.
    fn collect_roots(&self, set: &'a SelectionSet, roots: &mut Vec<&'a Field>) -> Result<(), Fault> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    roots.push(&field.node);
                    Size::RootFields.check(roots.len(), self.limits.root_fields)?;
                }
                Selection::InlineFragment(fragment) => self.collect_roots(&fragment.node.selection_set.node, roots)?,
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.collect_roots(&fragment.node.selection_set.node, roots)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Extent {
    fn beside(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            lists: self.lists.max(other.lists),
            introspection: self.introspection.max(other.introspection),
            cost: self.cost.saturating_add(other.cost),
            rows: if other.rows == Rows::Some {
                Rows::Some
            } else {
                self.rows
            },
        }
    }

    /// The extent of a fragment, where it is spread: the spread itself is a node too.
    fn nested(self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(1),
            nesting: self.nesting + 1,
            ..self
        }
    }
}

/// The library runs a field as often as its key is written, where GraphQL merges the two: a change made twice.
fn refuse_repeated_keys(roots: &[&Field]) -> Result<(), Fault> {
    for (index, field) in roots.iter().enumerate() {
        let key = field.response_key();
        if roots[..index]
            .iter()
            .any(|earlier| earlier.response_key().node == key.node)
        {
            let message = format!("a mutation names `{}` twice, give one of them an alias", key.node);
            return Err(Fault::new(ErrorCode::GraphqlValidationFailed, message).at(key.pos));
        }
    }
    Ok(())
}
