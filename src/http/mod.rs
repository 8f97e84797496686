//! The HTTP door: GraphQL over HTTP, the GraphiQL page, SCIM, health. It translates and it protects; it decides nothing
//! about people. What is behind it is a [`Door`].
//!
//! A GraphQL request passes, in this order: method, `Accept`, `Content-Type` and length; token; places in flight; body,
//! within its limit and its deadline; [`preflight`](crate::graphql::preflight::preflight); what is left of the principal's
//! budget; session; execution.
//!
//! Sessions and resolvers run on the runtime that called [`serve`], in a task of their own: a panic there ends that
//! task only, and a mutation whose client went away goes on to its end. A query without a client is dropped.
//!
//! # What a proxy in front must do
//! A body must come within [`Limits::body_deadline`] and the head of a connection's first request within
//! [`Limits::head_deadline`].
//! The head of a later request on the same connection has no deadline of its own in the HTTP library, so a client can
//! hold a connection by sending it slowly; connections are capped, and a proxy should have a header time-out (10 s) and
//! an idle time-out shorter than [`KEEP_ALIVE`], limit heads to 32 KiB, and end TLS.

use std::{future::Future, sync::Arc, time::Duration};

use actix_web::web::ServiceConfig;
use async_graphql::{Executor, Request, parser::types::OperationType};
use chrono::{DateTime, Utc};

pub use self::{
    bearers::Bearers,
    clock::Clock,
    front::Front,
    limits::Limits,
    metrics::{Exposure, Metrics, Vitals},
    persisted::Others,
    server::{KEEP_ALIVE, serve, stop_signal},
    statements::{StatementCounter, statement_counter},
    trusted::{TrustedDocuments, TrustedDocumentsError},
};

mod accept;
mod assets;
mod bearers;
mod body;
mod budget;
mod calendar;
mod clock;
mod flight;
mod front;
mod graphiql;
mod graphql;
mod health;
pub mod jwks;
mod limits;
mod metrics;
pub mod outbound;
mod params;
mod persisted;
mod reading;
mod reply;
mod reports;
mod scim;
mod server;
mod statements;
mod task;
mod trusted;
mod visit;
pub mod webhook;

/// What the door opens to: tokens, sessions, a schema. The application has one, the tests have a toy.
pub trait Door: Send + Sync + 'static {
    /// A token that was checked.
    type Token: Send + 'static;
    /// The schema; with [`ErrorRules`](crate::graphql::extension::ErrorRules) among its extensions.
    type Schema: Executor;

    /// The schema, built once.
    fn schema(&self) -> &Self::Schema;

    /// Checks the request's `Authorization` headers, all of them, as they came. The reason for a refusal is for the
    /// log: the client always reads the same answer.
    fn authenticate(
        &self,
        authorization: &[&[u8]],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Self::Token, Refused>> + Send;

    /// Whom the token speaks for, as a key for the limit on requests in flight.
    fn principal(&self, token: &Self::Token) -> String;

    /// Opens the session of one request and puts it into the request's data.
    fn open(&self, entry: Entry<Self::Token>) -> impl Future<Output = Result<Request, OpenError>> + Send;

    /// Whether requests can be served now: the database answers, and tokens can be checked.
    fn ready(&self) -> impl Future<Output = Result<(), NotReady>> + Send;

    /// How what is behind the door is doing, the database aside.
    fn pulse(&self) -> Vitals {
        Vitals::default()
    }

    /// The same with what the database says.
    fn vitals(&self, _now: DateTime<Utc>) -> impl Future<Output = Vitals> + Send {
        std::future::ready(self.pulse())
    }

    /// Further routes of the application, beside those of this module.
    fn routes(self: Arc<Self>, _config: &mut ServiceConfig) {}

    /// The largest body this token may send with an operation of [`Limits::bulk_fields`]; by default no more than with
    /// any other.
    fn bulk_body(&self, _token: &Self::Token, limits: &Limits) -> usize {
        limits.body
    }
}

/// One request that is let in.
#[derive(Debug)]
pub struct Entry<T> {
    /// Who asks.
    pub token: T,
    /// The instant of the request: everything it does happens then.
    pub now: DateTime<Utc>,
    /// Query or mutation.
    pub kind: OperationType,
    /// The request, parsed and checked, without a session.
    pub request: Request,
}

/// Why nobody is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The token does not hold, or there is none.
    #[error("a valid bearer token is required")]
    Token,
    /// There is nothing to check the token with.
    #[error("tokens cannot be checked at the moment, try again later")]
    Unjudged,
}

/// Why no session was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The token holds, but speaks for nobody who may ask.
    #[error("the token speaks for nobody who may ask")]
    Unauthenticated,
    /// The database cannot answer now; the cause goes to the log.
    #[error("the database cannot answer now")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else; the cause goes to the log.
    #[error("the session could not be opened")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why the server cannot serve at the moment, in words for whoever runs it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotReady(pub String);

/// How the door is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What one request may be and may take.
    pub limits: Limits,
    /// Which documents are answered.
    pub documents: Documents,
    /// What time it is.
    pub clock: Clock,
    /// The GraphiQL page.
    pub graphiql: GraphiQl,
    /// How long requests in flight may go on after a signal to stop.
    pub grace: Duration,
    /// The numbers of this server; a handle on them.
    pub metrics: Metrics,
    /// Where they are shown.
    pub exposure: Exposure,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            documents: Documents::default(),
            clock: Clock::System,
            graphiql: GraphiQl::default(),
            grace: Duration::from_secs(10),
            metrics: Metrics::default(),
            exposure: Exposure::Here,
        }
    }
}

/// Which documents are answered, and which of them are known by their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// Those that are known from the start, beside those of this module's own pages.
    pub trusted: TrustedDocuments,
    /// What becomes of all others.
    pub others: Others,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            trusted: TrustedDocuments::default(),
            others: Others::Answered { remembered: 0 },
        }
    }
}

/// Whether a browser at `/graphql` gets the GraphiQL page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphiQl {
    /// No: 406 as for any other kind of answer that is not there.
    Off,
    /// Yes.
    On {
        /// What stands in the editor when nothing else does.
        query: String,
    },
}

impl Default for GraphiQl {
    fn default() -> Self {
        Self::On {
            query: "{\n  __typename\n}\n".to_owned(),
        }
    }
}
