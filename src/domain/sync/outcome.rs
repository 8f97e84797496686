//! What a run would do: the answer to a dry run and, word for word, the instructions of an applied one.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    issue::{Code, SyncIssue},
    roster::{Identity, PendingManager, PersonRecord, SolidLine, Stored},
};
use crate::domain::{
    Date,
    person::{Absence, PersonKey, Spell},
};

/// What a run would do, and whether it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// PLANNED when it may be applied, else REJECTED or BLOCKED.
    pub status: SyncStatus,
    /// Lower case hex; equal for the same rows in any order over the same stored people.
    pub plan_hash: String,
    /// How many of what.
    pub counts: SyncCounts,
    /// Why it is BLOCKED; empty otherwise.
    pub blocked: Vec<SyncBlock>,
    /// Every finding: those about the run first, then by line.
    pub issues: Vec<SyncIssue>,
    /// What becomes of each row, by line.
    pub rows: Vec<PlannedRow>,
    /// Names of the people that manager changes speak of, by the id used there.
    pub names: BTreeMap<String, String>,
    /// What the store has to write; empty unless PLANNED.
    pub writes: Writes,
}

impl Plan {
    /// The status once its writes are in the database.
    pub fn applied_status(&self) -> SyncStatus {
        match self.status {
            SyncStatus::Planned if self.counts.failed > 0 => SyncStatus::AppliedWithErrors,
            SyncStatus::Planned => SyncStatus::Applied,
            refused => refused,
        }
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SyncStatus {
    /// May be applied.
    Planned,
    /// Was applied.
    Applied,
    /// Was applied without the rows that had errors.
    AppliedWithErrors,
    /// Rows have errors; nothing was written.
    Rejected,
    /// Somebody has to look first; nothing was written.
    Blocked,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowAction {
    /// A new person.
    Created,
    /// Something about a known person changes.
    Updated,
    /// Everything stands already.
    Unchanged,
    /// The person leaves.
    Terminated,
    /// The person comes back.
    Rehired,
    /// Somebody of another source, found by their address, is of this one too.
    Linked,
    /// Not a person, or a repetition.
    Skipped,
    /// Has an error.
    Failed,
}

impl RowAction {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Unchanged => "UNCHANGED",
            Self::Terminated => "TERMINATED",
            Self::Rehired => "REHIRED",
            Self::Linked => "LINKED",
            Self::Skipped => "SKIPPED",
            Self::Failed => "FAILED",
        }
    }
}

/// How many rows, of each action, and how many changes of manager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncCounts {
    /// Rows sent. Those who leave because a snapshot does not name them are beside these.
    pub rows: usize,
    /// New people.
    pub created: usize,
    /// Changed people.
    pub updated: usize,
    /// People for whom everything stands already.
    pub unchanged: usize,
    /// People who leave.
    pub terminated: usize,
    /// People who come back.
    pub rehired: usize,
    /// People of other sources who are of this one too.
    pub linked: usize,
    /// Vacancies and repetitions.
    pub skipped: usize,
    /// Rows with an error.
    pub failed: usize,
    /// Known people whose manager becomes another one.
    pub manager_changes: usize,
    /// Known people who lose their manager.
    pub manager_clears: usize,
    /// Findings that are warnings.
    pub warnings: usize,
}

/// Why a run is blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncBlock {
    /// `TERMINATION_THRESHOLD`, `MANAGER_CLEAR_THRESHOLD`, `OVERRIDE_MISMATCH`, `STALE_SNAPSHOT` or `PLAN_CHANGED`.
    pub code: Code,
    /// The same for people.
    pub message: String,
    /// How many people it concerns.
    pub count: Option<usize>,
    /// How many would have been let through.
    pub limit: Option<usize>,
    /// The first 20 of them.
    pub names: Vec<String>,
}

/// What becomes of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRow {
    /// The line on which it starts; 0 if the row is not one that was sent but stands for what follows from the others.
    pub line: u64,
    /// The person's id at the source; none when the row has none.
    pub external_id: Option<String>,
    /// The person's name, as it will be.
    pub name: Option<String>,
    /// The person, who may be about to be created; none for a failed row of nobody known.
    #[serde(skip)]
    pub person: Option<PersonKey>,
    /// What becomes of it.
    pub action: RowAction,
    /// What changes.
    pub changes: Vec<FieldChange>,
    /// What there is to say about it.
    pub issues: Vec<SyncIssue>,
}

/// One change of one field, in the API's names and words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// The field.
    pub field: Cow<'static, str>,
    /// What is stored.
    pub before: Option<String>,
    /// What will be.
    pub after: Option<String>,
    /// From when on, for a manager or a status.
    pub effective_date: Option<Date>,
}

/// Everything the store has to write, in this order, in one transaction.
///
/// The order keeps every constraint quiet: people before what points at them, rows deleted and shortened before new
/// ones take their days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// People to insert, keys allocated.
    pub new_people: Vec<PersonRecord>,
    /// People to update, all columns.
    pub people: Vec<PersonRecord>,
    /// Identities to delete, because the source has given the person another id.
    pub gone_identities: Vec<Identity>,
    /// Identities to insert.
    pub new_identities: Vec<NewRow<Identity>>,
    /// What happens to spells of employment.
    pub spells: Edits<Spell>,
    /// What happens to absences.
    pub absences: Edits<Absence>,
    /// What happens to SOLID lines; an update never changes the manager.
    pub lines: Edits<SolidLine>,
    /// People for whose manager the source of the run waits no longer.
    pub gone_pending: Vec<PersonKey>,
    /// People for whose manager it waits from now on.
    pub new_pending: Vec<NewRow<PendingManager>>,
}

impl Writes {
    /// How many rows of people, identities, spells, absences and lines are written anew or changed.
    pub fn rows(&self) -> usize {
        let edits = [self.spells.rows(), self.absences.rows(), self.lines.rows()];
        self.new_people.len() + self.people.len() + self.new_identities.len() + edits.iter().sum::<usize>()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What happens to the rows of a table: delete, then update, then insert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edits<T> {
    /// Ids of rows to delete.
    pub deleted: Vec<Uuid>,
    /// Rows to update, all columns.
    pub updated: Vec<Stored<T>>,
    /// Rows to insert.
    pub inserted: Vec<NewRow<T>>,
}

impl<T> Edits<T> {
    fn rows(&self) -> usize {
        self.updated.len() + self.inserted.len()
    }
}

impl<T> Default for Edits<T> {
    fn default() -> Self {
        Self {
            deleted: Vec::new(),
            updated: Vec::new(),
            inserted: Vec::new(),
        }
    }
}

/// A row to insert for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow<T> {
    /// Whose it is.
    pub person: PersonKey,
    /// What it says.
    pub value: T,
}
