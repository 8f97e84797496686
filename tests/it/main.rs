//! Integration tests: the real server, the real databases, real HTTP.

mod http;
mod layering;
mod story;
mod support;
mod walls;
