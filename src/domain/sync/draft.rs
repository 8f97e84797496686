//! Drafts: each row for itself, before rows are looked at together.

use std::collections::HashMap;

use super::{
    duplicates::Use,
    employment::{Employment, Step, employment, has_left},
    entry::Entry,
    issue::{Code, SyncIssue},
    lines::{day_after, follow},
    matching::{By, Match},
    roster::{PendingManager, PersonRecord, Roster, RosterPerson, SolidLine},
    run::{Field, Naming},
    slot::{Slot, slots},
};
use crate::domain::{Date, person::PersonKey};

/// What a row on its own makes of a person.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) entry: &'a Entry,
    /// The person as stored; none for somebody new.
    pub(super) stored: Option<&'a RosterPerson>,
    /// How the row found them.
    pub(super) by: By<'a>,
    pub(super) record: PersonRecord,
    pub(super) employment: Employment,
    /// Lines that follow the employment; the row's manager comes later.
    pub(super) lines: Vec<Slot<SolidLine>>,
}

impl<'a> Draft<'a> {
    /// The person's key.
    pub(super) fn key(&self) -> PersonKey {
        self.record.key
    }

    /// The day after the employment that covers `day`.
    pub(super) fn employed_until(&self, day: Date) -> Option<Date> {
        let mut spells = self.employment.spells.iter().map(|slot| slot.value);
        spells.find(|spell| spell.covers(day)).and_then(day_after)
    }

    /// The manager for whom `source` waits.
    pub(super) fn pending(&self, source: &str) -> Option<&'a PendingManager> {
        self.stored?.pending_of(source)
    }

    /// Whether the person has left by the end of `as_of`.
    pub(super) fn has_left(&self, as_of: Date) -> bool {
        has_left(self.employment.spells.iter().map(|slot| &slot.value), as_of)
    }

    /// The day from which the row's manager holds, and the day after the employment then; none if the row comes too
    /// late to say anything of the manager. One who was waited for holds from the day for which they were named.
    pub(super) fn manager_day(&self, as_of: Date, waited_for: Option<Date>) -> Option<(Date, Option<Date>)> {
        let current = &self.employment.current;
        let begins = matches!(self.employment.step, Step::Hired | Step::Rehired);
        let usual = if begins {
            current.start
        } else {
            as_of.max(current.start)
        };
        let day = self.entry.effective.or(waited_for).unwrap_or(usual);
        let spells = self.employment.spells.iter().map(|slot| slot.value);
        let covering = spells.into_iter().find(|spell| spell.covers(day));
        match covering {
            Some(spell) => Some((day, day_after(spell))),
            None if day < current.start => Some((current.start, day_after(*current))),
            None => None,
        }
    }
}

/// What becomes of a row, seen alone.
#[derive(Clone, Debug)]
pub(super) enum Fate<'a> {
    /// It says something about a person.
    Drafted(Box<Draft<'a>>),
    /// It repeats another row, or is an unfilled post that nobody known held.
    Skipped,
    /// It has an error.
    Failed,
}

/// Rows as far as they have been judged: which are to be used, and whom they are about.
pub(super) struct Judged<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) uses: Vec<Use>,
    pub(super) matches: Vec<Option<Match<'a>>>,
}

/// People by what they are known as.
pub(super) struct Known<'a> {
    pub(super) roster: &'a Roster,
    pub(super) source: &'a str,
    pub(super) naming: Naming,
    by_external_id: HashMap<&'a str, &'a RosterPerson>,
}

impl<'a> Known<'a> {
    pub(super) fn new(roster: &'a Roster, source: &'a str, naming: Naming) -> Self {
        let of_source = |person: &'a RosterPerson| {
            let ids = person
                .identities
                .iter()
                .filter(move |identity| identity.source == source);
            ids.map(move |identity| (identity.external_id.as_str(), person))
        };
        Self {
            roster,
            source,
            naming,
            by_external_id: roster.people.iter().flat_map(of_source).collect(),
        }
    }

    /// Whom the source means by `external_id`.
    pub(super) fn person(&self, external_id: &str) -> Option<&'a RosterPerson> {
        self.by_external_id.get(external_id).copied()
    }

    /// Whom the source means by `external_id`, if only by their pseudonym.
    pub(super) fn key(&self, external_id: &str) -> Option<PersonKey> {
        let stored = self.person(external_id).map(|person| person.record.key);
        stored.or_else(|| self.roster.erased.find(self.source, external_id))
    }

    /// Whether a row is about somebody who was erased.
    pub(super) fn is_erased(&self, entry: &Entry) -> bool {
        let ids = entry.external_id.iter().chain(&entry.previous_id);
        ids.into_iter()
            .any(|id| self.person(id).is_none() && self.roster.erased.find(self.source, id).is_some())
    }

    /// The source's ids of everybody it knows.
    pub(super) fn external_ids(&self) -> impl Iterator<Item = &'a str> {
        self.by_external_id.keys().copied()
    }

    /// The id by which the source knows somebody; the first of several.
    pub(super) fn own_id<'p>(&self, person: &'p RosterPerson) -> Option<&'p str> {
        let own = person.identities.iter().filter(|id| id.source == self.source);
        own.map(|id| id.external_id.as_str()).min()
    }

    /// What to call somebody stored in a finding: their id at the source, or with the source's name at another one, which
    /// whoever speaks for one source alone is not told.
    pub(super) fn label(&self, person: &RosterPerson) -> String {
        let own = self.own_id(person).map(str::to_owned);
        let other = || {
            person
                .identities
                .iter()
                .map(|id| format!("{}:{}", id.source, id.external_id))
                .min()
        };
        match self.naming {
            Naming::Everybody => own.or_else(other).unwrap_or_else(|| format!("#{}", person.record.key)),
            Naming::OwnSource => own.unwrap_or_else(|| "somebody known to another source".to_owned()),
        }
    }
}

/// Drafts every entry that is to be used; findings are returned by the number of the entry.
pub(super) fn drafts<'a>(
    known: &Known<'a>,
    as_of: Date,
    judged: &Judged<'a>,
) -> (Vec<Fate<'a>>, Vec<(usize, SyncIssue)>) {
    let Judged { entries, uses, matches } = judged;
    let keys = new_keys(known, judged);
    let mut findings = Vec::new();
    let mut fate = |row: usize, entry: &'a Entry| {
        let (Use::Sole, Some(external_id)) = (uses[row], entry.external_id.as_deref()) else {
            return if uses[row] == Use::Repeats {
                Fate::Skipped
            } else {
                Fate::Failed
            };
        };
        let found = matches[row];
        if entry.is_vacancy() {
            let message = "the row is an unfilled post, not a person";
            findings.push((row, SyncIssue::warning(Code::Vacancy, message).field("status")));
            if found.is_none() {
                return Fate::Skipped;
            }
        }
        let key = found.map_or_else(|| keys[external_id], |found| found.person.record.key);
        match draft(found, entry, key, as_of) {
            Ok(draft) => {
                findings.extend(draft.employment.warnings.iter().map(|warning| (row, warning.clone())));
                Fate::Drafted(Box::new(draft))
            }
            Err(error) => {
                findings.push((row, error));
                Fate::Failed
            }
        }
    };
    let fates = entries
        .iter()
        .enumerate()
        .map(|(row, entry)| fate(row, entry))
        .collect();
    (fates, findings)
}

/// Keys of people to come, in the order of their ids, so that they do not depend on the order of the rows.
fn new_keys<'a>(known: &Known<'_>, judged: &Judged<'a>) -> HashMap<&'a str, PersonKey> {
    let rows = judged.entries.iter().enumerate();
    let new = rows.filter(|(row, _)| judged.uses[*row] == Use::Sole && judged.matches[*row].is_none());
    let people = new.filter(|(_, entry)| !entry.is_vacancy());
    let mut ids: Vec<&str> = people.filter_map(|(_, entry)| entry.external_id.as_deref()).collect();
    ids.sort_unstable();
    ids.into_iter()
        .zip(known.roster.next_key..)
        .map(|(id, key)| (id, PersonKey(key)))
        .collect()
}

fn draft<'a>(found: Option<Match<'a>>, entry: &'a Entry, key: PersonKey, as_of: Date) -> Result<Draft<'a>, SyncIssue> {
    let stored = found.map(|found| found.person);
    let employment = employment(stored, entry, as_of)?;
    let record = match stored {
        // What an unfilled post is called is not what the person was called who held it.
        Some(person) if entry.is_vacancy() => person.record.clone(),
        Some(person) => record(&person.record, entry),
        None => {
            let Field::Given(name) = &entry.name else {
                let message = "name is blank; a new person needs one";
                return Err(SyncIssue::error(Code::RequiredField, message).field("name"));
            };
            let blank = PersonRecord {
                key,
                name: name.clone(),
                email: None,
                title: None,
                department: None,
                location: None,
            };
            record(&blank, entry)
        }
    };
    let mut lines = stored.map_or_else(Vec::new, |person| slots(&person.lines));
    if let Some(person) = stored {
        let mut before = slots(&person.spells);
        before.sort_by_key(|slot| slot.value.start);
        if before != employment.spells {
            follow(&mut lines, &before, &employment.spells);
        }
    }
    Ok(Draft {
        entry,
        stored,
        by: found.map_or(By::Id, |found| found.by),
        record,
        employment,
        lines,
    })
}

fn record(stored: &PersonRecord, entry: &Entry) -> PersonRecord {
    let text = |field: &Field, stored: &Option<String>| match field {
        Field::Absent => stored.clone(),
        Field::Cleared => None,
        Field::Given(text) => Some(text.clone()),
    };
    PersonRecord {
        key: stored.key,
        name: entry.name.given().unwrap_or(&stored.name).clone(),
        email: text(&entry.email, &stored.email),
        title: text(&entry.title, &stored.title),
        department: text(&entry.department, &stored.department),
        location: text(&entry.location, &stored.location),
    }
}
