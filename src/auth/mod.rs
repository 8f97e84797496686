//! Who asks: a token becomes a checked identity here, and nowhere else.
//!
//! Pure: no I/O and no clock. Keys come as text, `now` comes as an argument.

pub mod audit;
pub mod calendar;
pub mod keys;
pub mod policy;
pub mod scim;
pub mod scope;
pub mod sealing;
pub mod subject;
pub mod token;
pub mod viewer;

mod json;
