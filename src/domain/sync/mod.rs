//! Imports from an HR system: rows of a source and what the database holds, in; a plan, out (sync.md).
//!
//! A run is judged on the state it leads to, never on the order of its rows. Whatever is wrong is a finding in the
//! plan, so that a dry run and an applied run say the same, and a client sees all findings at once. Nothing here
//! reads a clock or a database: the store loads a [`Roster`], [`plan()`] thinks, the store applies [`Writes`].
//!
//! The way of a row: `entry` reads it, `duplicates` compares it with its like, `matching` finds whom it is about, `draft` says what it makes of a person
//! (`employment`, `lines`), `settle` looks at all rows together (`emails`, `managers`, `exits`, `cycles`), `plan` writes down what
//! is left. What the whole amounts to is weighed by `guard`.

mod absences;
mod changes;
mod cycles;
mod draft;
mod duplicates;
mod emails;
mod employment;
mod entry;
mod exits;
mod export;
mod guard;
mod hash;
mod import;
mod issue;
mod limits;
mod lines;
mod managers;
mod matching;
mod meetings;
mod notices;
mod outcome;
mod plan;
mod press;
mod reassign;
mod ring;
mod roster;
mod run;
mod settle;
mod slot;
mod text;

pub use absences::{AbsenceRow, AbsenceWrite, StoredAbsence, ToldAbsence, plan_absences};
pub use export::export;
pub use import::{Directory, Import, ImportAction, ImportedRow, PersonReference};
pub use issue::{Code, Severity, SyncIssue};
pub use limits::{Limits, NotThresholds, Thresholds};
pub use meetings::{
    KnownBy, KnownMeeting, MeetingChange, MeetingRow, MeetingState, ReadMeeting, ToldMeeting, fail, judge_meeting,
    read_meetings, warn,
};
pub use outcome::{Edits, FieldChange, NewRow, Plan, PlannedRow, RowAction, SyncBlock, SyncCounts, SyncStatus, Writes};
pub use plan::plan;
pub use reassign::{Reassignment, reassign};
pub use roster::{Identity, ManagerReference, PendingManager, PersonRecord, Roster, RosterPerson, SolidLine, Stored};
pub use run::{
    Allowances, Dialect, Field, LinkBy, Mode, Naming, OnError, OnTerminatedManager, OnUnknownManager, Row, Run,
    StatusWord, is_source,
};
pub use text::{is_email, kept_text};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
