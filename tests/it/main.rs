//! Integration tests: the real server, the real databases, real HTTP.

mod chart;
mod cli;
mod cycles;
mod draw;
mod http;
mod idempotency;
mod layering;
mod meetings;
mod migrations;
mod pool;
mod schema;
mod story;
mod support;
mod walls;
