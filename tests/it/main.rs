//! Integration tests: the real server, the real databases, real HTTP.

mod cursors;
mod http;
mod layering;
mod policy;
mod schema;
mod statements;
mod story;
mod support;
mod walls;
