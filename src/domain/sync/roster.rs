//! What the database holds when a run is planned: loaded whole by the store, read by nobody else.

use std::collections::BTreeMap;

use uuid::Uuid;

pub use crate::domain::line::SolidLine;
use crate::domain::{
    Date,
    erasure::Erased,
    person::{Absence, PersonKey, Spell},
};

/// Everybody known, with the rows that a run may have to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Everybody, of all sources, in any order.
    pub people: Vec<RosterPerson>,
    /// The first key that nobody has; new people get it and those after it.
    pub next_key: i64,
    /// The day of each source's newest full snapshot that was applied.
    pub snapshots: BTreeMap<String, Date>,
    /// By what sources knew people who were erased.
    pub erased: Erased,
}

/// One person as the database has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterPerson {
    /// Their row in `person`.
    pub record: PersonRecord,
    /// Who they are to the sources that know them.
    pub identities: Vec<Identity>,
    /// Spells of employment, in any order, without overlap.
    pub spells: Vec<Stored<Spell>>,
    /// Absences, in any order.
    pub absences: Vec<Stored<Absence>>,
    /// SOLID reporting lines, in any order, without overlap.
    pub lines: Vec<Stored<SolidLine>>,
    /// Managers that sources named and nobody knows yet, at most one a source.
    pub pending: Vec<PendingManager>,
}

impl RosterPerson {
    /// The manager for whom `source` waits.
    pub fn pending_of(&self, source: &str) -> Option<&PendingManager> {
        self.pending.iter().find(|pending| pending.source == source)
    }
}

/// A manager that a source named before anybody knew them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PendingManager {
    /// The source that named them.
    pub source: String,
    /// What it named them by.
    pub reference: ManagerReference,
    /// From when on they are the manager.
    pub valid_from: Date,
}

/// What a row names a manager by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ManagerReference {
    /// Their id at the source.
    ExternalId(String),
    /// Their e-mail address.
    Email(String),
}

impl ManagerReference {
    /// The id or address.
    pub fn text(&self) -> &str {
        match self {
            Self::ExternalId(text) | Self::Email(text) => text,
        }
    }
}

/// The columns of a person that an import can set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonRecord {
    /// The person.
    pub key: PersonKey,
    /// Never blank.
    pub name: String,
    /// As written; compared without regard to case.
    pub email: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Place of work.
    pub location: Option<String>,
}

/// Who a person is to a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The source, e.g. `hris`.
    pub source: String,
    /// The person's id there; upper and lower case differ.
    pub external_id: String,
}

/// A row of the database with its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stored<T> {
    /// The row's id in its table.
    pub id: Uuid,
    /// What the row says.
    pub value: T,
}
