//! The plan of a run, put together.

use std::collections::{BTreeMap, HashMap};

use super::{
    changes::{changes, present},
    draft::{Draft, Fate, Judged, Known, drafts},
    duplicates::{Use, duplicates, near_duplicates},
    employment::Step,
    entry::Entry,
    guard::{Weight, blocks},
    hash::plan_hash,
    issue::{Code, Severity, SyncIssue},
    managers::Move,
    matching::{By, matches, unsent},
    notices::{managers_gone, roots},
    outcome::{NewRow, Plan, PlannedRow, RowAction, SyncCounts, SyncStatus, Writes},
    roster::{Identity, PendingManager, Roster},
    run::{Mode, OnError, Run},
    settle::{End, Scene, Settled, lines_of, settle},
    slot::compare,
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

/// Turns settled rows into planned rows, and into what has to be written for them.
struct Press<'s, 'a, 'r> {
    scene: &'s Scene<'a, 'r>,
    waits: &'s HashMap<usize, PendingManager>,
    writes: Writes,
    counts: SyncCounts,
    weight: Weight,
}

impl Press<'_, '_, '_> {
    /// What becomes of a row; nothing if nobody sent it and nothing is to be said of it.
    fn row(&mut self, row: usize, change: Option<&Move>, issues: Vec<SyncIssue>) -> Option<PlannedRow> {
        let scene = self.scene;
        let entry = &scene.entries[row];
        let mut planned = PlannedRow {
            line: entry.line,
            external_id: entry.external_id.clone(),
            name: entry.name.given().cloned(),
            person: None,
            action: RowAction::Skipped,
            changes: Vec::new(),
            issues,
        };
        match &scene.fates[row] {
            Fate::Skipped => {}
            Fate::Failed => {
                planned.action = RowAction::Failed;
                planned.person = scene.matches[row].map(|found| found.person.record.key);
            }
            Fate::Drafted(draft) => {
                planned.name = Some(draft.record.name.clone());
                planned.person = Some(draft.key());
                let waits = self.waits.get(&row);
                planned.changes = changes(scene, draft, change, waits);
                planned.action = self.draft(draft, change, waits);
            }
        }
        if !entry.was_sent() && planned.action == RowAction::Unchanged && planned.issues.is_empty() {
            return None;
        }
        self.count(planned.action);
        self.counts.rows += usize::from(entry.was_sent());
        Some(planned)
    }

    /// The row on this line is about somebody who was erased. Nothing of it is kept.
    fn erased(&mut self, line: u64) -> PlannedRow {
        let message =
            "the row is about somebody who was erased, and is not used; if they work here again, send them by a new id";
        self.count(RowAction::Skipped);
        self.counts.rows += 1;
        PlannedRow {
            line,
            external_id: None,
            name: None,
            person: None,
            action: RowAction::Skipped,
            changes: Vec::new(),
            issues: vec![SyncIssue::warning(Code::Erased, message).field("externalId").line(line)],
        }
    }

    fn draft(&mut self, draft: &Draft<'_>, change: Option<&Move>, waits: Option<&PendingManager>) -> RowAction {
        let changed = self.write(draft, change) | self.wait(draft, waits);
        if let (Some(_), Some(change)) = (draft.stored, change) {
            if change.after.is_some() {
                self.counts.manager_changes += 1;
            } else {
                self.counts.manager_clears += 1;
                self.weight.manager_clears.push(draft.record.name.clone());
            }
        }
        match draft.employment.step {
            Step::Hired if draft.stored.is_none() => RowAction::Created,
            Step::Rehired => RowAction::Rehired,
            Step::Left => {
                self.weight.terminations.push(draft.record.name.clone());
                RowAction::Terminated
            }
            Step::Hired | Step::Kept if draft.by == By::Email => RowAction::Linked,
            Step::Hired | Step::Kept if changed => RowAction::Updated,
            Step::Hired | Step::Kept => RowAction::Unchanged,
        }
    }

    /// Adds what has to be written for a draft; says whether there is anything.
    fn write(&mut self, draft: &Draft<'_>, change: Option<&Move>) -> bool {
        let writes = &mut self.writes;
        let key = draft.key();
        let mut changed = match draft.stored {
            None => {
                writes.new_people.push(draft.record.clone());
                true
            }
            Some(person) if person.record != draft.record => {
                writes.people.push(draft.record.clone());
                true
            }
            Some(_) => false,
        };
        let identity = |external_id: &str| Identity {
            source: self.scene.known.source.to_owned(),
            external_id: external_id.to_owned(),
        };
        if let By::FormerId(former) = draft.by {
            writes.gone_identities.push(identity(former));
        }
        if draft.stored.is_none() || draft.by != By::Id {
            let value = identity(draft.entry.external_id.as_deref().unwrap_or_default());
            writes.new_identities.push(NewRow { person: key, value });
            changed = true;
        }
        let lines = lines_of(draft, change);
        let spells = draft.stored.map_or(&[][..], |person| &person.spells);
        changed |= compare(key, spells, &draft.employment.spells, &mut writes.spells);
        let absences = draft.stored.map_or(&[][..], |person| &person.absences);
        changed |= compare(key, absences, &draft.employment.absences, &mut writes.absences);
        let stored = draft.stored.map_or(&[][..], |person| &person.lines);
        changed |= compare(key, stored, lines, &mut writes.lines);
        changed
    }

    /// Adds what has to be written for the manager who is waited for; says whether there is anything.
    fn wait(&mut self, draft: &Draft<'_>, waits: Option<&PendingManager>) -> bool {
        let stored = draft.pending(self.scene.known.source);
        if stored == waits {
            return false;
        }
        let person = draft.key();
        self.writes.gone_pending.extend(stored.map(|_| person));
        self.writes.new_pending.extend(waits.map(|pending| NewRow {
            person,
            value: pending.clone(),
        }));
        true
    }

    fn count(&mut self, action: RowAction) {
        let counter = match action {
            RowAction::Created => &mut self.counts.created,
            RowAction::Updated => &mut self.counts.updated,
            RowAction::Unchanged => &mut self.counts.unchanged,
            RowAction::Terminated => &mut self.counts.terminated,
            RowAction::Rehired => &mut self.counts.rehired,
            RowAction::Linked => &mut self.counts.linked,
            RowAction::Skipped => &mut self.counts.skipped,
            RowAction::Failed => &mut self.counts.failed,
        };
        *counter += 1;
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
