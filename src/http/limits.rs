//! What one request may be and may take.

use std::time::Duration;

use crate::graphql::preflight::QueryLimits;

/// Limits of the door. Each is inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Bytes of a body with a mutation of [`bulk_fields`](Self::bulk_fields), for a token that may send one.
    pub bulk_body: usize,
    /// Time for a body to come, from its head on.
    pub body_deadline: Duration,
    /// Time for the head of a connection's first request; a connection that sends nothing ends then. At least a second: the
    /// library's clock ticks twice in one.
    pub head_deadline: Duration,
    /// Time for a session and its operation.
    pub request: Duration,
    /// The same for a mutation of [`bulk_fields`](Self::bulk_fields).
    pub bulk_request: Duration,
    /// Root fields of mutations that carry much at a time.
    pub bulk_fields: Vec<String>,
    /// Requests of one principal at a time.
    pub per_principal: usize,
    /// Requests of everybody at a time; four times the size of the database pool is a good measure.
    pub in_flight: usize,
    /// Cost that one principal may ask for in a minute, or all at once; 0 for no limit. A request costs 1 at least.
    pub cost_per_minute: u32,
    /// Connections of each worker thread.
    pub connections: usize,
    /// Limits on the document.
    pub query: QueryLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            bulk_body: 8 * 1024 * 1024,
            body_deadline: Duration::from_secs(10),
            head_deadline: Duration::from_secs(5),
            request: Duration::from_secs(10),
            bulk_request: Duration::from_mins(2),
            bulk_fields: ["syncPeople", "syncAbsences", "importMeetings"]
                .map(str::to_owned)
                .to_vec(),
            per_principal: 8,
            in_flight: 64,
            cost_per_minute: 60_000,
            connections: 1024,
            query: QueryLimits::default(),
        }
    }
}

/// What a request costs that is not GraphQL: a file, a calendar, an account.
pub(super) const FLAT_COST: usize = 10;

impl Limits {
    /// Whether an operation with these root fields is one that carries much: all of them have to be.
    pub fn is_bulk(&self, root_fields: &[String]) -> bool {
        !root_fields.is_empty() && root_fields.iter().all(|field| self.bulk_fields.contains(field))
    }
}
