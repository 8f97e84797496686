//! What a document may ask for, decided before the library looks at it.
//!
//! The library expands fragments while it validates and executes, exponentially if they name one another, and its own
//! limits come after that. So a document is measured here first, in work that grows with its text and not with what
//! the text stands for: the [`measure`] of each fragment is taken once and every sum saturates.
//!
//! A document may hold several named operations, as GraphQL over HTTP wants it; one of them is executed. Limits on
//! parts of the text (operations, fragments, aliases, directives) and on nodes are totals of the document, because all
//! of it is validated. Depth, root fields, variables and cost are those of the operation that is executed.
//!
//! **Cost** counts the objects that may have to be loaded: 1 for each field with a selection of its own, times the
//! page sizes of the connections around it. `edges` and `pageInfo` are part of their connection and free; so are
//! leaves, which come with their object. The library's own `#[graphql(complexity)]` is not used: its sums wrap, and an
//! expression over an argument refuses the query when the argument's optional variable is omitted.

use async_graphql::{
    Name, Pos, Positioned, Value, Variables,
    parser::{
        Error as ParseError, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};

use self::{measure::Ruler, nesting::deepest_bracket};
use super::error::{ErrorCode, Fault, one_line};

mod measure;
mod nesting;

/// The most that one document may hold or ask for. Each is inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// Length of the document in bytes.
    pub bytes: usize,
    /// Named operations in the document, of which one is executed.
    pub operations: usize,
    /// Fragment definitions.
    pub fragments: usize,
    /// Selections after all fragments were expanded, of all operations together.
    pub nodes: usize,
    /// Fields inside fields; introspection has a rule of its own.
    pub depth: usize,
    /// Variable definitions of the operation.
    pub variables: usize,
    /// Fields at the root of the operation, after expansion.
    pub root_fields: usize,
    /// Aliases of fields of one name, as written.
    pub aliases: usize,
    /// Directives, as written, wherever they stand.
    pub directives: usize,
    /// Objects that may have to be loaded.
    pub cost: usize,
    /// Page size where neither `first` nor `last` is given, for the cost.
    pub default_page: usize,
    /// The largest page there is: a larger one is refused by the field itself, and costs no more than this.
    pub largest_page: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024,
            operations: 10,
            fragments: 32,
            nodes: 1_000,
            depth: 12,
            variables: 64,
            root_fields: 20,
            aliases: 30,
            directives: 50,
            cost: 2_000,
            default_page: 20,
            largest_page: 100,
        }
    }
}

/// What a client sent, before anybody looked at it.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The document's text.
    pub query: &'a str,
    /// Which of its operations; empty is as good as absent.
    pub operation_name: Option<&'a str>,
    /// The values of its variables.
    pub variables: &'a Variables,
}

/// A document within all limits.
#[derive(Debug)]
pub struct Checked {
    /// The document: hand it on with `set_parsed_query`, so that it is parsed once.
    pub document: ExecutableDocument,
    /// The name of the operation that is executed, if it has one.
    pub operation_name: Option<String>,
    /// Its kind.
    pub kind: OperationType,
    /// The names of its fields at the root.
    pub root_fields: Vec<String>,
    /// The objects it may load.
    pub cost: usize,
}

/// Parses a document and holds it against the limits; the fault names the first limit it passes.
pub fn preflight(question: Question<'_>, limits: &QueryLimits) -> Result<Checked, Fault> {
    let document = parsed(question.query, limits)?;
    let (operation_name, kind, root_fields, cost) = {
        let (name, operation) = chosen(&document.operations, question.operation_name)?;
        require_variables(&operation.node, question.variables)?;
        let measured = Ruler::new(&document, operation, question.variables, limits).measure()?;
        (
            name.map(ToString::to_string),
            operation.node.ty,
            measured.root_fields,
            measured.cost,
        )
    };
    Ok(Checked {
        document,
        operation_name,
        kind,
        root_fields,
        cost,
    })
}

/// The same for a document that nobody asks yet, and whichever of its operations will be asked. Variables that say how
/// much is asked for count one each, the least they can: what they cost is held against its limit with each request.
pub fn preflight_unasked(query: &str, limits: &QueryLimits) -> Result<ExecutableDocument, Fault> {
    let document = parsed(query, limits)?;
    for (_, operation) in document.operations.iter() {
        let mut least = Variables::default();
        for definition in &operation.node.variable_definitions {
            least.insert(definition.node.name.node.clone(), Value::from(1));
        }
        Ruler::new(&document, operation, &least, limits).measure()?;
    }
    Ok(document)
}

/// A parser's complaint, which may come as a drawing over several lines, in one line.
pub fn syntax_fault(message: &str, location: Option<Pos>) -> Fault {
    let reason = one_line(message.rsplit_once(" = ").map_or(message, |(_, reason)| reason));
    match location {
        Some(at) => {
            let message = format!("syntax error at {}:{}: {reason}", at.line, at.column);
            Fault::new(ErrorCode::GraphqlParseFailed, message).at(at)
        }
        None => Fault::new(ErrorCode::GraphqlParseFailed, format!("syntax error: {reason}")),
    }
}

/// Brackets inside brackets, of any kind: selections, arguments and input values together.
const MAX_BRACKETS: usize = 64;

/// Selection sets inside selection sets, fragments included: the library refuses more than this by itself, in words
/// of its own.
const MAX_NESTING: usize = 32;

/// A limit on what is written.
#[derive(Clone, Copy, Debug)]
enum Size {
    Bytes,
    Operations,
    Fragments,
    Variables,
    RootFields,
    Aliases,
    Directives,
}

impl Size {
    fn check(self, actual: usize, limit: usize) -> Result<(), Fault> {
        let (name, noun) = match self {
            Self::Bytes => ("bytes", "bytes"),
            Self::Operations => ("operations", "operations"),
            Self::Fragments => ("fragments", "fragments"),
            Self::Variables => ("variables", "variables"),
            Self::RootFields => ("rootFields", "fields at the root"),
            Self::Aliases => ("aliases", "aliases of one field"),
            Self::Directives => ("directives", "directives"),
        };
        if actual <= limit {
            return Ok(());
        }
        let message = format!("the document has {actual} {noun}, at most {limit} are allowed");
        Err(Fault::new(ErrorCode::QueryTooLarge, message)
            .with("limitName", name)
            .with("limit", limit)
            .with("actual", actual))
    }
}

/// A limit on what is asked for.
#[derive(Clone, Copy, Debug)]
enum Reach {
    Nesting,
    Nodes,
    Depth,
    Introspection,
    Cost,
}

impl Reach {
    fn check(self, actual: usize, limit: usize) -> Result<(), Fault> {
        let (name, message, measured) = match self {
            Self::Nesting => ("nesting", "the query is nested too deeply", "actual"),
            Self::Nodes => (
                "nodes",
                "the query selects too much once its fragments are expanded",
                "actual",
            ),
            Self::Depth => ("depth", "the query is too deep", "actual"),
            Self::Introspection => (
                "introspection",
                "the query follows the schema's lists too deeply",
                "actual",
            ),
            Self::Cost => (
                "cost",
                "the query may load too many objects, ask for smaller pages",
                "cost",
            ),
        };
        if actual <= limit {
            return Ok(());
        }
        // A saturated sum is a sum nobody needs to read exactly, and JSON's readers lose it beyond 2^53.
        let shown = actual.min(1 << 53);
        Err(Fault::new(
            ErrorCode::QueryTooComplex,
            format!("{message}: {shown} of at most {limit}"),
        )
        .with("limitName", name)
        .with("limit", limit)
        .with(measured, shown))
    }
}

fn parsed(query: &str, limits: &QueryLimits) -> Result<ExecutableDocument, Fault> {
    Size::Bytes.check(query.len(), limits.bytes)?;
    // The parser recurses with the brackets, so they are counted before it sees them.
    Reach::Nesting.check(deepest_bracket(query), MAX_BRACKETS)?;
    parse_query(query).map_err(|error| refused_by_parser(&error))
}

fn refused_by_parser(error: &ParseError) -> Fault {
    match error {
        ParseError::RecursionLimitExceeded => Reach::Nesting
            .check(MAX_BRACKETS + 1, MAX_BRACKETS)
            .err()
            .unwrap_or_else(|| syntax_fault("", None)),
        other => syntax_fault(&other.to_string(), other.positions().next()),
    }
}

type Chosen<'a> = (Option<&'a Name>, &'a Positioned<OperationDefinition>);

fn chosen<'a>(operations: &'a DocumentOperations, name: Option<&str>) -> Result<Chosen<'a>, Fault> {
    let unresolved = |message: String| Fault::new(ErrorCode::OperationResolutionFailure, message);
    match (name.filter(|name| !name.is_empty()), operations) {
        (Some(name), _) => operations
            .iter()
            .find(|(found, _)| found.is_some_and(|found| found == name))
            .ok_or_else(|| unresolved(format!("the document has no operation named `{}`", shortened(name)))),
        (None, operations) => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(only),
                _ => Err(unresolved(
                    "the document has several operations: `operationName` must name one".to_owned(),
                )),
            }
        }
    }
}

/// The library would find out only at the field that reads the variable, while others have been carried out already.
fn require_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Fault> {
    for Positioned { node: definition, pos } in &operation.variable_definitions {
        let (name, of_type) = (&definition.name.node, &definition.var_type.node);
        let missing = match variables.get(name) {
            Some(value) => *value == Value::Null,
            None => definition.default_value.is_none(),
        };
        if missing && !of_type.nullable {
            let message = format!("the variable `${name}` of type `{of_type}` needs a value");
            return Err(Fault::new(ErrorCode::BadUserInput, message).at(*pos));
        }
    }
    Ok(())
}

/// A name of the client's in a message of ours.
fn shortened(name: &str) -> String {
    name.chars().filter(|char| !char.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests;
