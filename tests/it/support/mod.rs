//! What integration tests stand on: a database each, an organisation drawn as text, the real server over HTTP.

mod calls;
mod database;
mod repair;
pub mod sdl;
mod world;

pub use calls::{ADMIN, mutation_text, number, run};
pub use database::TestDatabase;
pub(crate) use database::both;
pub use repair::repair;
pub use world::{Change, Options, World, client, field, note_keys, rules};
