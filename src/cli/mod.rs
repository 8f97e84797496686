//! The command line: reads arguments and files, calls the application, prints what comes back.

pub mod csv;
pub mod import;
