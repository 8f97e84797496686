//! The hash of a plan: equal exactly if the plan does the same to people who are stored the same.

use sha2::{Digest, Sha256};

use super::{
    outcome::{FieldChange, PlannedRow},
    roster::{RosterPerson, Stored},
};
use crate::domain::Date;

/// Hashes planned rows, whatever their order, with what is stored of the people they touch.
pub(super) fn plan_hash<'a>(rows: impl Iterator<Item = (&'a PlannedRow, Option<&'a RosterPerson>)>) -> String {
    let mut hashes: Vec<[u8; 32]> = rows.map(|(row, stored)| row_hash(row, stored)).collect();
    hashes.sort_unstable();
    let mut whole = Sha256::new_with_prefix("skiplevel plan 1\n");
    for hash in &hashes {
        whole.update(hash);
    }
    let mut hex = String::with_capacity(64);
    for byte in whole.finalize() {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
    hex
}

fn row_hash(row: &PlannedRow, stored: Option<&RosterPerson>) -> [u8; 32] {
    let mut hash = Canonical(Sha256::new());
    hash.text(row.external_id.as_deref());
    hash.text(Some(row.action.as_str()));
    hash.number(row.changes.len());
    for FieldChange { field, before, after, effective_date } in &row.changes {
        hash.text(Some(field));
        hash.text(before.as_deref());
        hash.text(after.as_deref());
        hash.day(*effective_date);
    }
    if let Some(person) = stored.filter(|_| !row.changes.is_empty()) {
        hash.person(person);
    }
    hash.0.finalize().into()
}

/// Feeds values so that different ones never look the same.
struct Canonical(Sha256);

impl Canonical {
    fn person(&mut self, person: &RosterPerson) {
        let record = &person.record;
        let texts = [&record.email, &record.title, &record.department, &record.location];
        self.text(Some(&record.name));
        for text in texts {
            self.text(text.as_deref());
        }
        self.rows(&person.spells, |spell| (0, spell.start, spell.end));
        self.rows(&person.absences, |absence| (0, absence.start, absence.end));
        self.rows(&person.lines, |line| (line.manager.0, line.valid_from, line.valid_to));
    }

    fn rows<T: Copy>(&mut self, rows: &[Stored<T>], parts: impl Fn(T) -> (i64, Date, Option<Date>)) {
        let mut rows: Vec<_> = rows.iter().map(|row| parts(row.value)).collect();
        rows.sort_unstable();
        self.number(rows.len());
        for (key, from, to) in rows {
            self.0.update(key.to_be_bytes());
            self.day(Some(from));
            self.day(to);
        }
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            None => self.0.update([0]),
            Some(text) => {
                self.0.update([1]);
                self.number(text.len());
                self.0.update(text);
            }
        }
    }

    fn day(&mut self, day: Option<Date>) {
        use chrono::Datelike;
        let days = day.map_or(i32::MIN, |day| day.num_days_from_ce());
        self.0.update(days.to_be_bytes());
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_be_bytes());
    }
}
