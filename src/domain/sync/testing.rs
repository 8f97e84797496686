//! A roster that writes can be applied to in memory, and the rules that must hold of it whatever was applied.

use std::{collections::HashSet, fmt::Write};

use uuid::Uuid;

use super::{
    Allowances, Edits, Field, Plan, Roster, RosterPerson, Row, RowAction, Run, Stored, SyncStatus, Writes, plan,
};
use crate::domain::{Date, person::PersonKey};

/// The head of a small HR system: sends rows, has them applied, and sees that nothing is left to do.
#[derive(Default)]
pub(crate) struct Office {
    pub(crate) roster: Roster,
}

impl Office {
    /// Plans and applies a run, sees that the rules hold and that the same run again writes nothing, and describes it.
    pub(crate) fn send(&mut self, run: &Run) -> String {
        let plan = plan(&self.roster, run);
        apply(&mut self.roster, &plan.writes);
        check_rules(&self.roster, run.as_of);
        if plan.status == SyncStatus::Planned {
            let again = super::plan(
                &self.roster,
                &Run {
                    expected_plan_hash: None,
                    allow: Allowances::default(),
                    ..run.clone()
                },
            );
            assert_eq!(again.writes, Writes::default(), "the same run again");
        }
        describe(&plan)
    }

    /// Plans and applies rows drawn as text, see [`run`].
    pub(crate) fn rows(&mut self, as_of: &str, rows: &str) -> String {
        self.send(&run(as_of, rows))
    }

    /// Everybody with their spells, absences and lines.
    pub(crate) fn people(&self) -> String {
        let mut text = String::new();
        for person in &self.roster.people {
            let _ = write!(text, "{}", self.label(person.record.key));
            let mut spells: Vec<_> = person
                .spells
                .iter()
                .map(|row| (row.value.start, row.value.end))
                .collect();
            spells.sort_unstable();
            for (start, end) in spells {
                let _ = write!(
                    text,
                    " employed {start}..{}",
                    end.map_or(String::new(), |end| format!("={end}"))
                );
            }
            for row in &person.absences {
                let end = row.value.end.map_or(String::new(), |end| format!("={end}"));
                let _ = write!(text, " absent {}..{end}", row.value.start);
            }
            let mut lines: Vec<_> = person.lines.iter().map(|row| row.value).collect();
            lines.sort_unstable_by_key(|line| line.valid_from);
            for line in lines {
                let to = line.valid_to.map_or(String::new(), |to| to.to_string());
                let _ = write!(text, " under {} {}..{to}", self.label(line.manager), line.valid_from);
            }
            for pending in &person.pending {
                let _ = write!(text, " waits for {} {}", pending.reference.text(), pending.valid_from);
            }
            text.push('\n');
        }
        text
    }

    fn label(&self, key: PersonKey) -> &str {
        let person = self.roster.people.iter().find(|person| person.record.key == key);
        &person.expect("a known person").identities[0].external_id
    }
}

/// A run of the source `hris` drawn as text: a line a row, the id, then fields like `start=2020-01-06`; `title=` clears
/// one, `_` stands for a blank. Every row has a name, but for `name=`.
pub(crate) fn run(as_of: &str, rows: &str) -> Run {
    let lines = rows.lines().map(str::trim).filter(|line| !line.is_empty());
    Run {
        source: "hris".to_owned(),
        as_of: date(as_of),
        rows: lines.zip(1..).map(|(line, number)| row(line, number)).collect(),
        ..Run::default()
    }
}

/// A plan, a line a row that is not UNCHANGED or has findings.
pub(crate) fn describe(plan: &Plan) -> String {
    let mut text = String::new();
    for issue in plan.issues.iter().filter(|issue| issue.line.is_none()) {
        let _ = writeln!(text, "{} {}", issue.code, issue.message);
    }
    for row in plan
        .rows
        .iter()
        .filter(|row| row.action != RowAction::Unchanged || !row.issues.is_empty())
    {
        let _ = write!(
            text,
            "{} {}",
            row.external_id.as_deref().unwrap_or("?"),
            row.action.as_str()
        );
        for change in row.changes.iter().filter(|_| row.action != RowAction::Created) {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            let _ = write!(
                text,
                " {}: {} -> {}",
                change.field,
                before.unwrap_or("-"),
                after.unwrap_or("-")
            );
            let _ = change.effective_date.map(|day| write!(text, " from {day}"));
        }
        for issue in &row.issues {
            let kind = if issue.is_error() { "error" } else { "warning" };
            let _ = write!(text, "\n  {kind} {}: {}", issue.code, issue.message);
        }
        text.push('\n');
    }
    for block in &plan.blocked {
        let _ = writeln!(text, "{}: {}", block.code, block.message);
    }
    let _ = writeln!(text, "{:?}", plan.status);
    text
}

/// A day.
pub(crate) fn date(text: &str) -> Date {
    text.parse().expect("a day like 2026-01-31")
}

fn row(line: &str, number: u64) -> Row {
    let mut words = line.split_whitespace();
    let external_id = words.next().unwrap_or_default().to_owned();
    let name = Field::Given(format!("Person {external_id}"));
    let mut row = Row {
        line: number,
        external_id,
        name,
        ..Row::default()
    };
    for word in words {
        let (field, value) = word.split_once('=').expect("a field like title=Engineer");
        let slot = match field {
            "name" => &mut row.name,
            "email" => &mut row.email,
            "title" => &mut row.title,
            "department" => &mut row.department,
            "location" => &mut row.location,
            "manager" => &mut row.manager_external_id,
            "manager_email" => &mut row.manager_email,
            "start" => &mut row.start_date,
            "end" => &mut row.end_date,
            "previous" => &mut row.previous_external_id,
            "status" => &mut row.status,
            "effective" => &mut row.effective_date,
            other => panic!("no field {other}"),
        };
        *slot = if value.is_empty() {
            Field::Cleared
        } else {
            Field::Given(value.replace('_', " "))
        };
    }
    row
}

/// Does what the store does, without a database.
pub(crate) fn apply(roster: &mut Roster, writes: &Writes) {
    for record in &writes.new_people {
        assert!(record.key.0 >= roster.next_key, "key {} was given before", record.key);
        roster.people.push(RosterPerson {
            record: record.clone(),
            identities: Vec::new(),
            spells: Vec::new(),
            absences: Vec::new(),
            lines: Vec::new(),
            pending: Vec::new(),
        });
    }
    let keys = writes.new_people.iter().map(|record| record.key.0 + 1);
    roster.next_key = keys.max().unwrap_or(0).max(roster.next_key);
    for record in &writes.people {
        person(roster, record.key).record = record.clone();
    }
    for gone in &writes.gone_identities {
        roster
            .people
            .iter_mut()
            .for_each(|person| person.identities.retain(|identity| identity != gone));
    }
    for row in &writes.new_identities {
        person(roster, row.person).identities.push(row.value.clone());
    }
    for key in &writes.gone_pending {
        person(roster, *key).pending.clear();
    }
    for row in &writes.new_pending {
        person(roster, row.person).pending.push(row.value.clone());
    }
    edit(roster, &writes.spells, |person| &mut person.spells);
    edit(roster, &writes.absences, |person| &mut person.absences);
    edit(roster, &writes.lines, |person| &mut person.lines);
}

/// Fails if lines or spells overlap, a line holds on a day that is not worked, people report in a ring on any day, or
/// two people share an id, or an address while neither has left.
pub(crate) fn check_rules(roster: &Roster, as_of: Date) {
    let mut ids = HashSet::new();
    let mut addresses = HashSet::new();
    for person in &roster.people {
        let name = &person.record.name;
        assert!(
            person.identities.iter().all(|identity| ids.insert(identity)),
            "{name} shares an id"
        );
        let spells: Vec<_> = person.spells.iter().map(|row| row.value).collect();
        if spells.iter().any(|spell| spell.end.is_none_or(|end| end > as_of)) {
            let address = person.record.email.as_ref().map(|email| email.to_lowercase());
            assert!(
                address.is_none_or(|address| addresses.insert(address)),
                "{name} shares an address"
            );
        }
        for day in days(roster) {
            let worked = spells.iter().filter(|spell| spell.covers(day)).count();
            let lines: Vec<_> = person
                .lines
                .iter()
                .map(|row| row.value)
                .filter(|line| line.covers(day))
                .collect();
            assert!(worked <= 1, "{name} is employed twice on {day}");
            assert!(
                lines.len() <= worked,
                "{name} has {} lines and {worked} spells on {day}",
                lines.len()
            );
            let mut here = person.record.key;
            for _ in 0..=roster.people.len() {
                let Some(manager) = manager(roster, here, day) else {
                    break;
                };
                assert_ne!(manager, person.record.key, "{name} is above themselves on {day}");
                here = manager;
            }
        }
    }
}

fn days(roster: &Roster) -> HashSet<Date> {
    let spells = roster
        .people
        .iter()
        .flat_map(|person| &person.spells)
        .map(|row| row.value);
    let spells = spells.flat_map(|spell| [Some(spell.start), spell.end]);
    let lines = roster
        .people
        .iter()
        .flat_map(|person| &person.lines)
        .map(|row| row.value);
    let lines = lines.flat_map(|line| [Some(line.valid_from), line.valid_to]);
    spells.chain(lines).flatten().collect()
}

fn manager(roster: &Roster, person: PersonKey, day: Date) -> Option<PersonKey> {
    let person = roster.people.iter().find(|other| other.record.key == person)?;
    person
        .lines
        .iter()
        .find(|row| row.value.covers(day))
        .map(|row| row.value.manager)
}

fn person(roster: &mut Roster, key: PersonKey) -> &mut RosterPerson {
    let found = roster.people.iter_mut().find(|person| person.record.key == key);
    found.expect("a person that writes speak of")
}

fn edit<T: Copy>(roster: &mut Roster, edits: &Edits<T>, rows: fn(&mut RosterPerson) -> &mut Vec<Stored<T>>) {
    for deleted in &edits.deleted {
        roster
            .people
            .iter_mut()
            .for_each(|person| rows(person).retain(|row| row.id != *deleted));
    }
    for updated in &edits.updated {
        let stored = roster.people.iter_mut().flat_map(rows).find(|row| row.id == updated.id);
        stored.expect("a row that writes speak of").value = updated.value;
    }
    for new in &edits.inserted {
        rows(person(roster, new.person)).push(Stored {
            id: Uuid::new_v4(),
            value: new.value,
        });
    }
}
