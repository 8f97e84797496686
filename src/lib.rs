//! `skiplevel` picks whom each leader should meet next, from the reporting line.
//!
//! Rooms in a row, each knowing only those before it (see ARCHITECTURE.md):
//! `domain` <- `auth` <- `store` <- `app` <- `graphql`, `scim`, `report` <- `http` <- `cli`.

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod report;
pub mod scim;
pub mod store;
