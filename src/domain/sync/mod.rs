//! Imports from an HR system: rows of a source and what the database holds, in; a plan, out (sync.md).
//!
//! A run is judged on the state it leads to, never on the order of its rows. Whatever is wrong is a finding in the
//! plan, so that a dry run and an applied run say the same, and a client sees all findings at once. Nothing here
//! reads a clock or a database: the store loads a [`Roster`], `plan` thinks, the store applies [`Writes`].

mod issue;
mod outcome;
mod roster;
mod run;

pub use issue::{Code, Severity, SyncIssue};
pub use outcome::{Edits, FieldChange, NewRow, Plan, PlannedRow, RowAction, SyncBlock, SyncCounts, SyncStatus, Writes};
pub use roster::{Identity, PersonRecord, Roster, RosterPerson, SolidLine, Stored};
pub use run::{Allowances, Dialect, Field, Limits, OnError, Row, Run, StatusWord};
