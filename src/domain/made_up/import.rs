//! A made-up organisation as the first import into an empty database.

use super::{MadeUpPerson, Organisation};
use crate::domain::{
    line::SolidLine,
    person::Spell,
    sync::{Edits, Identity, NewRow, PersonRecord, Writes},
};

impl Organisation {
    /// What there is to write when `source` tells of everybody at once.
    pub fn writes(&self, source: &str) -> Writes {
        let people = || self.people.iter();
        Writes {
            new_people: people().map(record).collect(),
            new_identities: people().map(|person| person.row(identity(person, source))).collect(),
            spells: inserts(people().map(|person| {
                person.row(Spell {
                    start: person.start,
                    end: None,
                })
            })),
            absences: inserts(people().flat_map(|person| person.absences.iter().map(|&absence| person.row(absence)))),
            lines: inserts(people().filter_map(|person| {
                person.manager.map(|manager| {
                    person.row(SolidLine {
                        manager,
                        valid_from: person.start,
                        valid_to: None,
                    })
                })
            })),
            ..Writes::default()
        }
    }
}

impl MadeUpPerson {
    fn row<T>(&self, value: T) -> NewRow<T> {
        NewRow {
            person: self.key,
            value,
        }
    }
}

fn record(person: &MadeUpPerson) -> PersonRecord {
    PersonRecord {
        key: person.key,
        name: person.name.clone(),
        email: Some(person.email.clone()),
        title: Some(person.title.clone()),
        department: Some(person.department.to_owned()),
        location: Some(person.location.to_owned()),
    }
}

fn identity(person: &MadeUpPerson, source: &str) -> Identity {
    Identity {
        source: source.to_owned(),
        external_id: person.external_id.clone(),
    }
}

fn inserts<T>(rows: impl Iterator<Item = NewRow<T>>) -> Edits<T> {
    Edits {
        inserted: rows.collect(),
        ..Edits::default()
    }
}
