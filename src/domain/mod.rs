//! Arithmetic over people, chart, weeks and meetings. No I/O, no clock, no async, no ORM, no GraphQL:
//! every function is handed its facts, `today` and the seed, and gives the same answer for the same facts.

pub mod account;
pub mod audit;
pub mod calendar;
pub mod change;
pub mod chart;
pub mod coverage;
pub mod erasure;
pub mod inbox;
pub mod line;
pub mod load;
pub mod made_up;
pub mod meeting;
pub mod note;
pub mod outline;
pub mod participation;
pub mod peers;
pub mod person;
pub mod reach;
pub mod rotation;
pub mod settings;
pub mod simulation;
pub mod suggestion;
pub mod sync;
pub mod wait;
pub mod webhook;
pub mod week;

/// A calendar day in the organisation's time zone.
pub use chrono::NaiveDate as Date;
