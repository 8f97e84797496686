//! GraphQL: what a client may write, what it gets back, and how errors read.
//!
//! This room translates. A resolver reads its arguments, makes one call on the session and wraps the answer.

mod agenda;
mod audit;
mod batch;
mod calendar;
mod change;
mod coverage;
pub mod error;
pub mod extension;
mod fault;
mod hours;
mod id;
mod import;
mod inbox;
mod kudos;
mod meeting;
mod mutation;
mod node;
mod note;
mod own_data;
mod page;
mod participation;
mod payload;
mod peer;
mod person;
pub mod preflight;
mod query;
pub mod review;
mod scalar;
mod settings;
mod simulation;
mod suggestion;
mod sync;
mod tokens;
mod viewer;
mod webhook;
mod week;
mod words;

use async_graphql::{Context, EmptySubscription, Request, Schema, SchemaBuilder, ValidationMode};

use self::{
    batch::{Batches, Batching, Queue},
    error::{ErrorCode, Fault},
    extension::ErrorRules,
    mutation::Mutation,
    query::Query,
};
use crate::app::Session;

/// The schema of skiplevel.
pub type SkiplevelSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema, built once for a process.
pub fn schema() -> SkiplevelSchema {
    builder().extension(Batching).finish()
}

/// The schema in SDL, as published in `schema.graphql`.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .prefer_single_line_descriptions()
        .include_specified_by();
    schema().sdl_with_options(options)
}

/// `request` on behalf of `session`.
pub fn within(session: &Session, request: Request) -> Request {
    let queue = Queue::default();
    let loader = queue.loader(session.clone());
    request.data(session.clone()).data(loader).data(queue)
}

/// The public id in the global id of a meeting; none in any other text.
pub fn meeting_id(id: &str) -> Option<uuid::Uuid> {
    id::NodeKind::Meeting.read(&async_graphql::ID(id.to_owned()))
}

/// The public id in the global id of a person; none in any other text.
pub fn person_id(id: &str) -> Option<uuid::Uuid> {
    id::NodeKind::Person.read(&async_graphql::ID(id.to_owned()))
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .register_output_type::<node::Node>()
        .validation_mode(ValidationMode::Strict)
        .extension(ErrorRules)
}

/// The session of the request.
fn session<'a>(ctx: &Context<'a>) -> Result<&'a Session, Fault> {
    ctx.data::<Session>().map_err(|_| missing("a session"))
}

/// The loader of the request.
fn batches<'a>(ctx: &Context<'a>) -> Result<&'a Batches, Fault> {
    ctx.data::<Batches>().map_err(|_| missing("a loader"))
}

fn missing(what: &str) -> Fault {
    Fault::new(
        ErrorCode::InternalServerError,
        format!("the request came without {what}"),
    )
}
