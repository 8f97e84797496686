//! How much one request, one principal and all of them together may ask for.

use std::time::Duration;

use super::source::Source;

/// Limits of the server; what one of them refuses names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Bytes of the body of a request that syncs people.
    pub sync_body_bytes: usize,
    /// Rows that a request syncs.
    pub sync_rows: usize,
    /// People whom a source lets leave by SCIM within an hour ...
    pub scim_leavers: usize,
    /// ... or so many of a hundred of its people, if that is more.
    pub scim_leavers_percent: usize,
    /// Characters of a note.
    pub note_characters: usize,
    /// Bytes of a GraphQL document.
    pub query_bytes: usize,
    /// Fragments that a document defines.
    pub fragments: usize,
    /// Fields of a document once its fragments are written out.
    pub expanded_nodes: usize,
    /// Nested selections.
    pub depth: usize,
    /// Variables that an operation declares.
    pub variables: usize,
    /// Fields of an operation's root.
    pub root_fields: usize,
    /// Aliases of one field.
    pub aliases: usize,
    /// Directives of a document.
    pub directives: usize,
    /// Rows of one page: the highest `first` and `last`.
    pub page: usize,
    /// Ids given to one field.
    pub ids: usize,
    /// Complexity of an operation.
    pub complexity: usize,
    /// Time for a request, reading its body included.
    pub request: Duration,
    /// Time for a request that syncs people.
    pub sync: Duration,
    /// Time for one statement of the database.
    pub statement: Duration,
    /// Time to wait for a connection of the database.
    pub acquire: Duration,
    /// Requests of one principal at a time.
    pub in_flight_per_principal: usize,
    /// Requests of everybody at a time.
    pub in_flight: usize,
    /// Cost that one principal may ask for in a minute; 0 for no limit.
    pub cost_per_minute: u32,
}

impl Limits {
    /// Reads all of them; how many requests may be in flight follows the number of connections unless it is set.
    pub(super) fn read(source: &mut Source<'_>, connections: u32) -> Self {
        const MIB: u32 = 1024 * 1024;
        let mut count = |name, default, range| source.number(name, default, range) as usize;
        let body_bytes = count("SKIPLEVEL_LIMIT_BODY_BYTES", 64 * 1024, 1024..=64 * MIB);
        let sync_body_bytes = count("SKIPLEVEL_LIMIT_SYNC_BODY_BYTES", 8 * MIB, 1024..=256 * MIB);
        let sync_rows = count("SKIPLEVEL_LIMIT_SYNC_ROWS", 5000, 1..=1_000_000);
        let scim_leavers = count("SKIPLEVEL_LIMIT_SCIM_LEAVERS", 50, 0..=1_000_000);
        let scim_leavers_percent = count("SKIPLEVEL_LIMIT_SCIM_LEAVERS_PERCENT", 10, 0..=100);
        let note_characters = count("SKIPLEVEL_LIMIT_NOTE_CHARACTERS", 10_000, 1..=1_000_000);
        let query_bytes = count("SKIPLEVEL_LIMIT_QUERY_BYTES", 16 * 1024, 256..=MIB);
        let fragments = count("SKIPLEVEL_LIMIT_FRAGMENTS", 32, 0..=1000);
        let expanded_nodes = count("SKIPLEVEL_LIMIT_EXPANDED_NODES", 1000, 10..=100_000);
        let depth = count("SKIPLEVEL_LIMIT_DEPTH", 12, 1..=64);
        let variables = count("SKIPLEVEL_LIMIT_VARIABLES", 64, 0..=1000);
        let root_fields = count("SKIPLEVEL_LIMIT_ROOT_FIELDS", 20, 1..=1000);
        let aliases = count("SKIPLEVEL_LIMIT_ALIASES", 30, 0..=1000);
        let directives = count("SKIPLEVEL_LIMIT_DIRECTIVES", 32, 0..=1000);
        let page = count("SKIPLEVEL_LIMIT_PAGE", 100, 1..=1000);
        let ids = count("SKIPLEVEL_LIMIT_IDS", 100, 1..=1000);
        let complexity = count("SKIPLEVEL_LIMIT_COMPLEXITY", 2000, 10..=1_000_000);
        let mut seconds = |name, default| Duration::from_secs(source.number(name, default, 1..=3600).into());
        let request = seconds("SKIPLEVEL_LIMIT_REQUEST_SECONDS", 10);
        let sync = seconds("SKIPLEVEL_LIMIT_SYNC_SECONDS", 120);
        let statement = seconds("SKIPLEVEL_LIMIT_STATEMENT_SECONDS", 5);
        let acquire = seconds("SKIPLEVEL_LIMIT_ACQUIRE_SECONDS", 2);
        let mut count = |name, default| source.number(name, default, 1..=100_000) as usize;
        let in_flight_per_principal = count("SKIPLEVEL_LIMIT_IN_FLIGHT_PER_PRINCIPAL", 8);
        let in_flight = count("SKIPLEVEL_LIMIT_IN_FLIGHT", connections.saturating_mul(4));
        let cost_per_minute = source.number("SKIPLEVEL_LIMIT_COST_PER_MINUTE", 60_000, 0..=100_000_000);
        Self {
            body_bytes,
            sync_body_bytes,
            sync_rows,
            scim_leavers,
            scim_leavers_percent,
            note_characters,
            query_bytes,
            fragments,
            expanded_nodes,
            depth,
            variables,
            root_fields,
            aliases,
            directives,
            page,
            ids,
            complexity,
            request,
            sync,
            statement,
            acquire,
            in_flight_per_principal,
            in_flight,
            cost_per_minute,
        }
    }
}
