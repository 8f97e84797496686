//! Integration tests: the real server, the real databases, real HTTP.

mod changes;
mod chart;
mod cli;
mod cursors;
mod cycles;
mod draw;
mod http;
mod idempotency;
mod layering;
mod meetings;
mod migrations;
mod outlook;
mod participation;
mod peers;
mod policy;
mod pool;
mod relay;
mod replicas;
mod schema;
mod settings;
mod simulation;
mod statements;
mod story;
mod support;
mod sync;
mod walls;
