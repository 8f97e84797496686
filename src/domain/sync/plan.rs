//! The plan of a run, put together.

use std::collections::BTreeMap;

use super::{
    changes::present,
    draft::{Judged, Known, drafts},
    duplicates::{Use, duplicates, near_duplicates},
    entry::Entry,
    guard::{Weight, blocks},
    hash::plan_hash,
    issue::{Code, Severity, SyncIssue},
    managers::Move,
    matching::{matches, unsent},
    notices::{managers_gone, roots},
    outcome::{Plan, SyncCounts, SyncStatus, Writes},
    press::Press,
    roster::Roster,
    run::{Mode, OnError, Run},
    settle::{End, Scene, Settled, settle},
};
use crate::domain::person::PersonKey;

/// What `run` would do to the people of `roster`.
///
/// The order of rows, and of what is in the roster, never matters. The writes are those of a PLANNED run; a run that
/// is REJECTED or BLOCKED has none.
pub fn plan(roster: &Roster, run: &Run) -> Plan {
    let known = Known::new(roster, &run.source, run.naming);
    let read = run.rows.iter().map(|row| (row, Entry::read(row, &run.dialect)));
    let (erased, read): (Vec<_>, Vec<_>) = read.partition(|(_, entry)| known.is_erased(entry));
    let (sent, mut entries): (Vec<_>, Vec<Entry>) = read.into_iter().unzip();
    let (mut uses, mut findings) = duplicates(&sent, &entries);
    findings.extend(near_duplicates(&known, &entries, &uses));
    if !run.rows.is_empty() {
        // Once to learn who is named; the rows of those who are not have to stand among the others then.
        let (found, _) = matches(&known, run, &entries, &mut uses.clone());
        let unsent = unsent(&known, run, &entries, &found);
        uses.extend(unsent.iter().map(|_| Use::Sole));
        entries.extend(unsent);
    }
    let (matches, matched) = matches(&known, run, &entries, &mut uses);
    findings.extend(matched);
    let judged = Judged {
        entries: &entries,
        uses,
        matches,
    };
    let (fates, drafted) = drafts(&known, run.as_of, &judged);
    findings.extend(drafted);

    let mut scene = Scene::new(&known, run, judged, fates);
    let Settled {
        moves,
        waits,
        findings: settled,
        end,
    } = settle(&mut scene);
    findings.extend(settled);
    findings.extend(managers_gone(&scene, &moves));

    let mut about_rows: Vec<Vec<SyncIssue>> = entries.iter().map(|entry| entry.issues.clone()).collect();
    for (row, issue) in findings {
        about_rows[row].push(issue);
    }
    let mut press = Press {
        scene: &scene,
        waits: &waits,
        writes: Writes::default(),
        counts: SyncCounts::default(),
        weight: Weight {
            newest_snapshot: roster.snapshots.get(&run.source).copied(),
            ..Weight::default()
        },
    };
    let mut rows = Vec::with_capacity(entries.len());
    for (row, mut issues) in about_rows.into_iter().enumerate() {
        place(&mut issues, &entries[row], roster, run);
        rows.extend(press.row(row, moves.get(&row), issues));
    }
    rows.extend(erased.into_iter().map(|(row, _)| press.erased(row.line)));
    let hash = plan_hash(
        rows.iter()
            .map(|row| (row, row.person.and_then(|person| scene.stored(person)))),
    );

    rows.sort_by(|a, b| (a.line == 0, a.line, &a.external_id).cmp(&(b.line == 0, b.line, &b.external_id)));
    let mut issues: Vec<SyncIssue> = run.issues.clone();
    issues.extend(empty_snapshot(run));
    issues.extend(roots(&scene, &moves));
    issues.extend(rows.iter().flat_map(|row| row.issues.iter().cloned()));
    let Press {
        mut writes,
        mut counts,
        mut weight,
        ..
    } = press;
    counts.warnings = issues
        .iter()
        .filter(|issue| issue.severity == Severity::Warning)
        .count();
    weight.present = present(&scene);

    let empty = issues.iter().any(|issue| issue.code == Code::EmptySnapshot);
    let rejected = empty || (run.on_error == OnError::Abort && counts.failed > 0) || end == End::GivenUp;
    let blocked = if rejected {
        Vec::new()
    } else {
        blocks(run, &hash, weight)
    };
    let status = match (rejected, blocked.is_empty()) {
        (true, _) => SyncStatus::Rejected,
        (false, false) => SyncStatus::Blocked,
        (false, true) => SyncStatus::Planned,
    };
    if status != SyncStatus::Planned {
        writes = Writes::default();
    }
    let names = names(&scene, moves.values());
    Plan {
        status,
        plan_hash: hash,
        counts,
        blocked,
        issues,
        rows,
        names,
        writes,
    }
}

/// Says on which line findings are. Whoever still reports to somebody who was erased must not bring their id back.
fn place(issues: &mut [SyncIssue], entry: &Entry, roster: &Roster, run: &Run) {
    for issue in issues {
        issue.line = Some(entry.line).filter(|_| entry.was_sent());
        issue.value = issue
            .value
            .take()
            .filter(|value| roster.erased.find(&run.source, value).is_none());
    }
}

/// A full snapshot without rows is a broken export, and no number that somebody allows makes it anything else.
fn empty_snapshot(run: &Run) -> Option<SyncIssue> {
    let message = "a full snapshot without rows never means that everybody has left; nothing is written";
    (run.mode == Mode::Full && run.rows.is_empty()).then(|| SyncIssue::error(Code::EmptySnapshot, message))
}

/// The names of people that changes of manager speak of, by label.
fn names<'m>(scene: &Scene<'_, '_>, moves: impl Iterator<Item = &'m Move>) -> BTreeMap<String, String> {
    let name = |person: PersonKey| match scene.draft_of(person) {
        Some((_, draft)) => Some(draft.record.name.clone()),
        None => scene.stored(person).map(|stored| stored.record.name.clone()),
    };
    let people = moves.flat_map(|change| change.before.into_iter().chain(change.after));
    people
        .filter_map(|person| Some((scene.label(person), name(person)?)))
        .collect()
}
