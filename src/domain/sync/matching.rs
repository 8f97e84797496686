//! Whom a row is about: somebody known by its id, by the id they had before, or, where the run links, by their address.
//! Never by name.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    draft::Known,
    duplicates::Use,
    employment::has_left,
    entry::Entry,
    issue::{Code, SyncIssue},
    roster::RosterPerson,
    run::{LinkBy, Mode, OnTerminatedManager, Run},
    text::email_key,
};
use crate::domain::{
    Date,
    person::{PersonKey, PersonStatus},
};

/// Somebody stored whom a row is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match<'a> {
    pub(super) person: &'a RosterPerson,
    pub(super) by: By<'a>,
}

/// How a row found its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By<'a> {
    /// By its id at the source.
    Id,
    /// By this id, in whose place it has another one now.
    FormerId(&'a str),
    /// By the address of somebody whom the source does not know yet.
    Email,
}

/// Finds whom each entry is about; none for somebody new. Rows that cannot be told apart are no longer to be used.
pub(super) fn matches<'a>(
    known: &Known<'a>,
    run: &Run,
    entries: &'a [Entry],
    uses: &mut [Use],
) -> (Vec<Option<Match<'a>>>, Vec<(usize, SyncIssue)>) {
    let addresses = match run.link_by {
        LinkBy::None => HashMap::new(),
        LinkBy::Email => addresses(known, run.as_of),
    };
    let mut findings = Vec::new();
    let mut found = Vec::with_capacity(entries.len());
    for (row, entry) in entries.iter().enumerate() {
        let candidates = candidates(known, &addresses, entry);
        if let [first, second, ..] = candidates.as_slice() {
            let message = format!(
                "{} and {} have this address; the row is about one of them",
                known.label(first.person),
                known.label(second.person)
            );
            findings.push((row, SyncIssue::error(Code::AmbiguousLink, message).field("email")));
            uses[row] = Use::Not;
            found.push(None);
        } else {
            found.push(candidates.first().copied());
        }
    }
    findings.extend(claimed_twice(entries, &found, uses));
    (found, findings)
}

/// Rows in the place of people for whom none was sent, but about whom the others may say something: who is absent from a
/// full snapshot, who waits for a manager, and who reports to somebody who leaves.
pub(super) fn unsent(known: &Known<'_>, run: &Run, entries: &[Entry], found: &[Option<Match<'_>>]) -> Vec<Entry> {
    let key = |found: &Match<'_>| found.person.record.key;
    let mut named: HashSet<PersonKey> = found.iter().flatten().map(key).collect();
    let mut leavers: HashSet<PersonKey> = HashSet::new();
    if run.terminated_manager == OnTerminatedManager::SkipLevel {
        let rows = entries.iter().zip(found).filter(|(entry, _)| entry.is_exit(run.as_of));
        leavers.extend(rows.filter_map(|(_, found)| found.as_ref().map(key)));
    }
    let mut rows = Vec::new();
    if run.mode == Mode::Full {
        for person in absentees(known, run.as_of, entries, &named) {
            if run.terminated_manager == OnTerminatedManager::SkipLevel {
                leavers.insert(person.record.key);
            }
            rows.extend(known.own_id(person).map(|id| Entry::leaver(id.to_owned(), run.as_of)));
            named.insert(person.record.key);
        }
    }
    let reports = |person: &RosterPerson| {
        let lines = person.lines.iter().map(|line| line.value);
        lines
            .filter(|line| line.valid_to.is_none_or(|to| run.as_of < to))
            .any(|line| leavers.contains(&line.manager))
    };
    let concerned = |person: &&RosterPerson| {
        !named.contains(&person.record.key) && (person.pending_of(known.source).is_some() || reports(person))
    };
    let concerned = known.roster.people.iter().filter(concerned);
    rows.extend(concerned.filter_map(|person| Some(Entry::silent(known.own_id(person)?.to_owned()))));
    rows
}

/// People whom a full snapshot does not name.
///
/// Whoever another source knows as well is not this source's to dismiss. A row whose id cannot be read may be anybody's,
/// so that beside one nobody counts as absent.
fn absentees<'a>(
    known: &Known<'a>,
    as_of: Date,
    entries: &[Entry],
    named: &HashSet<PersonKey>,
) -> Vec<&'a RosterPerson> {
    if entries.iter().any(|entry| entry.external_id.is_none()) {
        return Vec::new();
    }
    let people = known.roster.people.iter();
    let absent = people.filter(|person| {
        let of_source = person.identities.iter().all(|id| id.source == known.source) && !person.identities.is_empty();
        of_source && !named.contains(&person.record.key) && is_present(person, as_of)
    });
    absent.collect()
}

/// Whether somebody stored is in the chart of `day`.
pub(super) fn is_present(person: &RosterPerson, day: Date) -> bool {
    let spells: Vec<_> = person.spells.iter().map(|row| row.value).collect();
    let absences: Vec<_> = person.absences.iter().map(|row| row.value).collect();
    PersonStatus::on(day, &spells, &absences).is_present()
}

fn candidates<'a>(
    known: &Known<'a>,
    addresses: &HashMap<String, Vec<&'a RosterPerson>>,
    entry: &'a Entry,
) -> Vec<Match<'a>> {
    let Some(id) = entry.external_id.as_deref() else {
        return Vec::new();
    };
    if let Some(person) = known.person(id) {
        return vec![Match { person, by: By::Id }];
    }
    let former = entry.previous_id.as_deref();
    if let Some((former, person)) = former.and_then(|former| Some((former, known.person(former)?))) {
        let by = By::FormerId(former);
        return vec![Match { person, by }];
    }
    let holders = entry.email.given().and_then(|email| addresses.get(&email_key(email)));
    let linked = |person: &&'a RosterPerson| Match { person, by: By::Email };
    holders.into_iter().flatten().map(linked).collect()
}

/// Who, of those whom the source does not know and who have not left, has which address. An address that somebody had
/// who has left is often given to somebody else.
fn addresses<'a>(known: &Known<'a>, as_of: Date) -> HashMap<String, Vec<&'a RosterPerson>> {
    let mut addresses: HashMap<String, Vec<&RosterPerson>> = HashMap::new();
    let mut people: Vec<&RosterPerson> = known.roster.people.iter().collect();
    people.sort_unstable_by_key(|person| person.record.key);
    for person in people {
        let unknown = person.identities.iter().all(|id| id.source != known.source);
        let here = !has_left(person.spells.iter().map(|row| &row.value), as_of);
        if let Some(email) = person.record.email.as_deref().filter(|_| unknown && here) {
            addresses.entry(email_key(email)).or_default().push(person);
        }
    }
    addresses
}

/// Rows of different ids that are about one person.
fn claimed_twice(entries: &[Entry], found: &[Option<Match<'_>>], uses: &mut [Use]) -> Vec<(usize, SyncIssue)> {
    let mut claims: BTreeMap<PersonKey, Vec<usize>> = BTreeMap::new();
    for (row, found) in found.iter().enumerate().filter(|(row, _)| uses[*row] == Use::Sole) {
        if let Some(found) = found {
            claims.entry(found.person.record.key).or_default().push(row);
        }
    }
    let mut findings = Vec::new();
    for rows in claims.values().filter(|rows| rows.len() > 1) {
        for row in rows {
            uses[*row] = Use::Not;
            let others = rows.iter().filter(|other| *other != row);
            let related = others.map(|other| entries[*other].line).collect();
            let message = "other rows mean the same person by another id; none of them is used";
            let issue = SyncIssue::error(Code::DuplicateExternalId, message).field("externalId");
            findings.push((*row, issue.related(related)));
        }
    }
    findings
}
