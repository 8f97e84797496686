//! GraphQL: what a client may write, what it gets back, and how errors read.
//!
//! This room translates. A resolver reads its arguments, makes one call on the session and wraps the answer.

pub mod error;
pub mod extension;
pub mod preflight;
