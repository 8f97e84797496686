//! What the database holds when a run is planned: loaded whole by the store, read by nobody else.

use crate::domain::{
    Date,
    person::{Absence, PersonKey, PersonStatus, Spell},
};

/// Everybody known, with the rows that a run may have to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Everybody, of all sources, in any order.
    pub people: Vec<RosterPerson>,
    /// The first key that nobody has; new people get it and those after it.
    pub next_key: i64,
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
}

impl RosterPerson {
    /// The status on `day`.
    pub fn status_on(&self, day: Date) -> PersonStatus {
        status_on(day, &self.spells, &self.absences)
    }
}

/// The status on `day` that follows from rows of spells and absences.
pub(super) fn status_on<S: AsRef<Spell>, A: AsRef<Absence>>(day: Date, spells: &[S], absences: &[A]) -> PersonStatus {
    let spells: Vec<Spell> = spells.iter().map(|spell| *spell.as_ref()).collect();
    let absences: Vec<Absence> = absences.iter().map(|absence| *absence.as_ref()).collect();
    PersonStatus::on(day, &spells, &absences)
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
    pub id: i64,
    /// What the row says.
    pub value: T,
}

impl<T> AsRef<T> for Stored<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

/// A SOLID reporting line of one person: `[valid_from, valid_to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SolidLine {
    /// The senior end.
    pub manager: PersonKey,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer holds; none means until further notice.
    pub valid_to: Option<Date>,
}

impl SolidLine {
    /// Whether it holds on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}
